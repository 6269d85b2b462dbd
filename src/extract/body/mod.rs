//! Main content from one parse of the page.

pub mod arena;
pub mod hints;
pub mod region;
pub mod render;
pub mod stats;
pub mod sums;
pub mod tag;

use std::sync::LazyLock;

use scraper::Html;

use self::arena::Arena;
use self::hints as h;
use self::region::Region;
use self::render::Keep;
use self::sums::Sums;

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
    let mut keep = Keep {
        blocks: region.inside.clone(),
        captions: vec![false; arena.blocks.len()],
        media: vec![false; arena.media.len()],
    };
    for (block, kept) in arena.blocks.iter().zip(&mut keep.blocks) {
        let owner = &arena.nodes[block.owner as usize];
        if block.stats.link_density() > 0.5
            || owner.all & (h::NAV | h::SHARE | h::COMMENT | h::RELATED) != 0 && owner.all & h::BODY == 0
        {
            *kept = false;
        }
    }
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
