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

/// What was found of a page's content.
#[derive(Debug)]
pub struct Finding {
    /// The page, flat.
    pub arena: Arena,
    /// For each block, how much it reads like content, 0 to 1.
    pub likely: Vec<f32>,
    /// What stays.
    pub keep: Keep,
}

/// Finds the content.
pub fn find(document: &Html) -> Finding {
    let arena = Arena::of(document, &mut h::Memo::new(&READER));
    let sums = Sums::of(&arena);
    let region = Region::find(&arena, &sums);
    let facts = Facts::of(document, &arena);
    let witness = Witness::new(&arena, &sums, &region, &facts);
    let rows: Vec<_> = (0..arena.blocks.len()).map(|index| witness.row(index)).collect();
    let first: Vec<f32> = rows.iter().map(|row| FIRST.probability(row)).collect();
    let verdicts = Verdicts::new(&arena, &witness, &first);
    let likely: Vec<f32> =
        rows.iter().enumerate().map(|(index, row)| SECOND.probability(&verdicts.row(index, row))).collect();
    let keep = Keep {
        blocks: likely.iter().map(|p| *p > 0.47).collect(),
        captions: vec![false; arena.blocks.len()],
        media: vec![false; arena.media.len()],
        end: arena.blocks.len(),
        ..Keep::default()
    };
    Finding { arena, likely, keep }
}

/// The kept blocks as text, captions left out, a blank line between.
pub fn text(arena: &Arena, keep: &Keep) -> String {
    let mut text = String::new();
    for (index, block) in arena.blocks.iter().enumerate() {
        if keep.blocks[index] && !keep.captions[index] {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(arena.text_of(block));
        }
    }
    text
}
