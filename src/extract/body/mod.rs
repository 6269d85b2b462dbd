//! Main content from one parse of the page.

pub mod arena;
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
    let mut keep = Keep {
        blocks: first.iter().map(|p| *p > 0.47).collect(),
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
pub fn times(docs: &[&Html]) {
    use std::time::{Duration, Instant};
    let mut t = [Duration::ZERO; 9];
    for d in docs {
        let mut s = Instant::now();
        let mut lap = |i: usize| {
            t[i] += s.elapsed();
            s = Instant::now();
        };
        let arena = Arena::of(d, &mut h::Memo::new(&READER));
        lap(0);
        let sums = Sums::of(&arena);
        lap(1);
        let region = Region::find(&arena, &sums);
        lap(2);
        let facts = Facts::of(d, &arena);
        lap(3);
        let witness = Witness::new(&arena, &sums, &region, &facts);
        lap(4);
        let rows: Vec<_> = (0..arena.blocks.len()).map(|index| witness.row(index)).collect();
        lap(5);
        let first: Vec<f32> = rows.iter().map(|row| FIRST.probability(row)).collect();
        lap(6);
        let keep = Keep {
            blocks: first.iter().map(|p| *p > 0.47).collect(),
            captions: vec![false; arena.blocks.len()],
            media: vec![false; arena.media.len()],
        };
        std::hint::black_box(render::render(d, &arena, &keep));
        lap(8);
    }
    for (n, t) in
        ["arena", "sums", "region", "facts", "witness", "rows", "first", "-", "render"].iter().zip(t)
    {
        println!("{n} {:?}", t / docs.len() as u32);
    }
}
