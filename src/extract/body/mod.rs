//! Main content from one parse of the page.

pub mod arena;
pub mod context;
pub mod evidence;
pub mod facts;
pub mod forest;
pub mod hints;
pub mod phrases;
pub mod region;
pub mod render;
pub mod stats;
pub mod study;
pub mod sums;
pub mod tag;

use std::sync::LazyLock;

use scraper::Html;

use self::arena::Arena;
use self::context::Verdicts;
use self::evidence::Witness;
use self::facts::Facts;
use self::forest::Forest;
use self::hints as h;
use self::region::Region;
use self::render::Keep;
use self::sums::Sums;

static FIRST: LazyLock<Forest> = LazyLock::new(|| {
    Forest::read(include_str!("table/first.txt")).expect("the table in the source is well formed")
});
static SECOND: LazyLock<Forest> = LazyLock::new(|| {
    Forest::read(include_str!("table/second.txt")).expect("the table in the source is well formed")
});

static READER: LazyLock<hints::Reader> = LazyLock::new(hints::Reader::new);

/// The content of a page.
#[derive(Debug)]
pub struct Body {
    /// An HTML fragment.
    pub html: String,
    /// Text blocks without captions, a blank line between.
    pub text: String,
}

/// Finds the content.
pub fn find(document: &Html) -> Body {
    let arena = Arena::of(document, &mut h::Memo::new(&READER));
    let sums = Sums::of(&arena);
    let region = Region::find(&arena, &sums);
    let facts = Facts::of(document, &arena);
    let witness = Witness::new(&arena, &sums, &region, &facts);
    let rows: Vec<_> = (0..arena.blocks.len()).map(|index| witness.row(index)).collect();
    let first: Vec<f32> = rows.iter().map(|row| FIRST.probability(row)).collect();
    let verdicts = Verdicts::new(&arena, &witness, &first);
    let second: Vec<f32> =
        rows.iter().enumerate().map(|(index, row)| SECOND.probability(&verdicts.row(index, row))).collect();
    let mut keep = Keep {
        blocks: second.iter().map(|p| *p > 0.47).collect(),
        captions: vec![false; arena.blocks.len()],
        media: vec![false; arena.media.len()],
    };
    for (media, kept) in arena.media.iter().zip(&mut keep.media) {
        let at = media.block as usize;
        *kept = at > 0 && at < arena.blocks.len() && keep.blocks[at - 1] && keep.blocks[at];
    }
    let mut text = String::new();
    for (block, kept) in arena.blocks.iter().zip(&keep.blocks) {
        if *kept {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(arena.text_of(block));
        }
    }
    Body { html: render::render(document, &arena, &keep), text }
}
