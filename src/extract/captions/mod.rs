//! Pictures, players and their captions: what of them belongs to the article, and which lines are captions although no
//! markup says so.
//!
//! A caption is known by where it stands rather than by how it reads: in a `figcaption` or a caption class; in the row
//! under a picture; right after a picture and centred, or in italics; or as a short line after a picture where the
//! page's paragraphs are long.

mod layout;

use self::layout::Layout;
use super::body::arena::Arena;
use super::body::class_hints as h;
use super::body::content_root::named_root;
use super::body::prefix_sums::PrefixSums;
use super::body::tag::Tag;

/// Which media and captions stay.
#[derive(Debug, Default)]
pub struct MediaPlan {
    /// For each medium, whether it stays.
    pub media: Vec<bool>,
    /// For each block, whether it is a caption of a medium that stays.
    pub captions: Vec<bool>,
    /// Figures that the page had no markup for: the element that is written as one, and its captions.
    pub figures: Vec<(u32, Vec<usize>)>,
}

/// Names of elements whose pictures belong to something else than the article.
const FOREIGN_NAMES: h::ClassHints =
    h::RELATED | h::AD | h::PROMO | h::SHARE | h::AUTHOR | h::NAV | h::COMMENT | h::FOOTER;

/// How many levels up a picture's table is looked for.
const MAX_TABLE_LEVELS: usize = 12;

/// Agencies write captions of up to five sentences.
const MAX_CAPTION_WORDS: u32 = 90;

/// Decides on media and captions, given which blocks are content.
/// `root` is the element whose media are the article where there is no text to go by.
pub fn plan(
    arena: &Arena,
    sums: &PrefixSums,
    probabilities: &[f32],
    keep: &[bool],
    root: Option<u32>,
) -> MediaPlan {
    let strict = strict_captions(arena, keep);
    let content: Vec<bool> = keep.iter().zip(&strict).map(|(kept, caption)| *kept && !*caption).collect();
    let root = root.or_else(|| if content.contains(&true) { None } else { named_root(arena, probabilities) });
    let layout = Layout::new(arena, sums, &content, root);
    let mut plan = MediaPlan {
        media: (0..arena.media.len()).map(|index| layout.belongs(index)).collect(),
        captions: vec![false; keep.len()],
        figures: Vec::new(),
    };
    for (index, medium) in arena.media.iter().enumerate() {
        if !plan.media[index] || medium.twin {
            continue;
        }
        let frame = layout.frame(medium.node);
        let is_free = |block: &usize| !plan.captions[*block];
        let may_be_caption = |block: &usize| !content[*block] && (strict[*block] || layout.is_legend(*block));
        let inside = layout.texts_in(frame).filter(|block| is_free(block) && may_be_caption(block));
        let mut captions: Vec<usize> = inside.collect();
        let next = block_after(arena, frame);
        let after = (next..next + 2).take_while(|block| strict.get(*block) == Some(&true));
        captions.extend(after.filter(|block| layout.is_nearest(frame, *block) && is_free(block)));
        captions.sort_unstable();
        captions.dedup();
        for block in &captions {
            plan.captions[*block] = true;
        }
        let native = captions.iter().all(|block| layout.in_figcaption(frame, *block));
        if !captions.is_empty() && !native {
            plan.figures.push((frame, captions));
        }
    }
    plan
}

/// The blocks that were taken for content and are captions. Where most of the text would be captions the page tells its
/// story in pictures, and only what is marked as caption is one.
fn strict_captions(arena: &Arena, keep: &[bool]) -> Vec<bool> {
    let middle = middle_length(arena, keep);
    let strict: Vec<bool> =
        (0..keep.len()).map(|index| keep[index] && is_caption(arena, middle, index)).collect();
    if arena.chars(&strict) * 2 <= arena.chars(keep) {
        return strict;
    }
    let is_marked = |index: usize| is_in_figcaption(arena, arena.blocks[index].owner);
    strict.into_iter().enumerate().map(|(index, caption)| caption && is_marked(index)).collect()
}

/// The first block after an element's last.
fn block_after(arena: &Arena, node: u32) -> usize {
    let end = arena.nodes[node as usize].end as usize;
    arena.nodes.get(end).map_or(arena.blocks.len(), |after| after.block as usize)
}

/// Whether a block that was taken for content is a caption.
fn is_caption(arena: &Arena, middle: u32, index: usize) -> bool {
    let block = &arena.blocks[index];
    let owner = &arena.nodes[block.owner as usize];
    if block.stats.words > MAX_CAPTION_WORDS || owner.tag.is_heading() {
        return false;
    }
    if is_in_figcaption(arena, block.owner) {
        return true;
    }
    let Some(picture) = picture_before(arena, index) else { return false };
    if in_list_beside(arena, block.owner, picture) {
        return false;
    }
    if under_picture(arena, block.owner, picture) {
        return true;
    }
    let named = owner.near & h::CAPTION != 0 && owner.near & h::BODY == 0;
    if (owner.aligned > 0 || block.stats.is_italic() || named) && block.stats.sentences <= 3 {
        return true;
    }
    is_bare_caption(arena, middle, index)
}

fn is_in_figcaption(arena: &Arena, owner: u32) -> bool {
    arena.self_and_ancestors(owner).take(4).any(|at| arena.nodes[at].tag == Tag::Figcaption)
}

/// Whether a text is an item of a list that the picture is no part of.
fn in_list_beside(arena: &Arena, owner: u32, picture: u32) -> bool {
    let around = arena.self_and_ancestors(owner).take(4);
    let list = around.into_iter().find(|at| matches!(arena.nodes[*at].tag, Tag::Ul | Tag::Ol | Tag::Dl));
    list.is_some_and(|at| !(at as u32 <= picture && picture < arena.nodes[at].end))
}

/// The picture that stands between a block and the one before it, or in the same paragraph before it.
fn picture_before(arena: &Arena, index: usize) -> Option<u32> {
    let at = arena.media.partition_point(|medium| (medium.block as usize) <= index);
    let last = arena.media.get(at.checked_sub(1)?)?;
    (last.block as usize == index && last.node < arena.blocks[index].first).then_some(last.node)
}

/// Whether a text stands in the table row under a picture's.
fn under_picture(arena: &Arena, owner: u32, picture: u32) -> bool {
    let table_of = |node: u32| {
        arena.ancestors(node).take(MAX_TABLE_LEVELS).find(|at| arena.nodes[*at].tag == Tag::Table)
    };
    let row_of =
        |node: u32| arena.ancestors(node).take(MAX_TABLE_LEVELS).find(|at| arena.nodes[*at].tag == Tag::Tr);
    let in_cell = arena.self_and_ancestors(owner).take(4).any(|at| arena.nodes[at].tag == Tag::Td);
    if !in_cell {
        return false;
    }
    let table = table_of(owner);
    table == table_of(picture)
        && row_of(owner) != row_of(picture)
        && table.is_some_and(|table| arena.blocks_in(table).len() <= 4)
}

/// The median length of the kept blocks with a sentence, in characters.
fn middle_length(arena: &Arena, keep: &[bool]) -> u32 {
    let mut lengths: Vec<u32> = arena
        .blocks
        .iter()
        .zip(keep)
        .filter(|(block, kept)| **kept && block.stats.sentences > 0)
        .map(|(block, _)| block.stats.chars)
        .collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}

/// Whether a line is a caption by nothing but its length: at most 30 words in one sentence after a picture, where the
/// next paragraph and the text's paragraphs on the whole are several times as long.
fn is_bare_caption(arena: &Arena, middle: u32, index: usize) -> bool {
    let stats = &arena.blocks[index].stats;
    if stats.words > 30 || stats.sentences > 1 || stats.link_density() > 0.2 {
        return false;
    }
    middle > 4 * stats.chars
}
