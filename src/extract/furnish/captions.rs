//! Captions: told from text by where they stand and how they look, since many pages mark them by nothing else.

use super::Room;
use crate::extract::body::arena::{Media, NONE};
use crate::extract::body::hints as h;
use crate::extract::body::stats::Ending;
use crate::extract::body::tag::Tag;

/// A caption that is set apart (centred, in italics, in a cell) has at most so many words.
const APART_WORDS: u32 = 90;
/// One that nothing sets apart has at most so many, and no more than this share of a usual paragraph.
const PLAIN_WORDS: u32 = 32;
const PLAIN_SHARE: f32 = 0.6;
/// Above this a block reads too much like text to be a caption that nothing sets apart.
const PLAIN_LIKELY: f32 = 0.97;

/// Marks the block after each kept picture that is its caption, and wraps both as a figure.
pub(super) fn mark(room: &mut Room<'_>) {
    for block in 0..room.arena.blocks.len() {
        if in_caption_element(room, block) {
            room.keep.captions[block] = true;
        }
    }
    let usual = usual_words(room);
    let media: Vec<Media> = room
        .arena
        .media
        .iter()
        .zip(&room.keep.media)
        .filter(|(_, kept)| **kept)
        .map(|(media, _)| *media)
        .collect();
    for (index, medium) in media.iter().enumerate() {
        let block = medium.block as usize;
        // Of several pictures in a row the last one has the caption.
        let is_last = media.get(index + 1).is_none_or(|next| next.block != medium.block);
        if is_last
            && block < room.arena.blocks.len()
            && !room.keep.captions[block]
            && is_caption(room, *medium, block, usual)
        {
            wrap(room, *medium, block);
        }
    }
    // A caption belongs to its picture: it stays with it and goes with it.
    for block in 0..room.arena.blocks.len() {
        if room.keep.captions[block] {
            room.keep.blocks[block] = has_picture(room, block);
        }
    }
}

fn in_caption_element(room: &Room<'_>, block: usize) -> bool {
    let owner = room.arena.blocks[block].owner;
    let marked = |index: usize| {
        let node = &room.arena.nodes[index];
        node.tag == Tag::Figcaption || (node.own & h::CAPTION != 0 && room.arena.blocks_in(index).len() <= 2)
    };
    std::iter::once(owner as usize).chain(room.arena.ancestors(owner).take(2)).any(marked)
}

/// Words of a usual paragraph: the median of the kept blocks.
fn usual_words(room: &Room<'_>) -> f32 {
    let mut words: Vec<u32> =
        room.kept().map(|block| room.arena.blocks[block].stats.words).filter(|words| *words > 8).collect();
    words.sort_unstable();
    words.get(words.len() / 2).map_or(0.0, |words| *words as f32)
}

fn is_caption(room: &Room<'_>, medium: Media, block: usize, usual: f32) -> bool {
    let stats = &room.arena.blocks[block].stats;
    let owner = &room.arena.nodes[room.arena.blocks[block].owner as usize];
    if block >= room.keep.end
        || owner.tag.is_heading()
        || matches!(owner.tag, Tag::Li | Tag::Blockquote)
        || stats.links > 2
    {
        return false;
    }
    if room.arena.nodes[medium.node as usize].tag == Tag::Player || !is_near(room, medium, block) {
        return false;
    }
    let apart = room.is_aligned(room.arena.blocks[block].owner)
        || room.emphasis(block) > 0.9
        || shares_cell(room, medium, block);
    if apart {
        return stats.words <= APART_WORDS && stats.sentences <= 4;
    }
    let one_sentence = stats.sentences <= 1 && !matches!(stats.ending, Ending::Colon | Ending::Comma);
    let followed = room.kept().any(|later| later > block);
    one_sentence
        && followed
        && stats.words <= PLAIN_WORDS
        && (stats.words as f32) < PLAIN_SHARE * usual
        && room.likely[block] < PLAIN_LIKELY
}

/// Whether the block begins in the element around the picture or in the one right after it.
fn is_near(room: &Room<'_>, medium: Media, block: usize) -> bool {
    let first = room.arena.blocks[block].first;
    let around = room.arena.ancestors(medium.node).take(6);
    around.into_iter().any(|index| {
        let node = &room.arena.nodes[index];
        node.end > first && room.arena.blocks_in(index).start >= block
    }) || follows(room, medium, first)
}

/// Whether no other element with a picture or text of its own stands between the picture and a text.
fn follows(room: &Room<'_>, medium: Media, first: u32) -> bool {
    let mut at = medium.node;
    // Up to the outermost element that holds the picture alone.
    while let Some(parent) = room.arena.nodes.get(room.arena.nodes[at as usize].parent as usize) {
        if parent.end > first || room.arena.nodes[at as usize].parent == NONE {
            break;
        }
        at = room.arena.nodes[at as usize].parent;
    }
    room.arena.nodes[at as usize].end <= first
}

/// Whether picture and text share a cell or a table of at most two rows of one cell.
fn shares_cell(room: &Room<'_>, medium: Media, block: usize) -> bool {
    let table =
        room.arena.ancestors(medium.node).take(6).find(|index| room.arena.nodes[*index].tag == Tag::Table);
    table.is_some_and(|index| room.arena.blocks_in(index) == (block..block + 1))
}

/// Wraps picture and caption as a figure. The elements that hold only one of them are not written.
fn wrap(room: &mut Room<'_>, medium: Media, block: usize) {
    let first = room.arena.blocks[block].first;
    let nodes = &room.arena.nodes;
    let common = room.arena.ancestors(medium.node).find(|index| nodes[*index].end > first);
    let inner: Vec<usize> =
        room.arena.ancestors(medium.node).take_while(|index| nodes[*index].end <= first).collect();
    let outer = inner.iter().rev().find(|index| nodes[**index].tag != Tag::A).copied();
    room.keep.captions[block] = true;
    room.keep.blocks[block] = true;
    for index in inner.iter().filter(|index| nodes[**index].tag.is_block()) {
        room.keep.names.insert(*index as u32, ("", ""));
    }
    let owner = room.arena.blocks[block].owner;
    match outer {
        Some(outer) => {
            room.keep.names.insert(outer as u32, ("<figure>", ""));
            room.keep.names.insert(owner, ("<figcaption>", "</figcaption></figure>"));
        }
        // Picture and caption are in one element.
        None => {
            room.keep.names.insert(owner, ("<figure>", "</figcaption></figure>"));
            room.keep.after.insert(medium.node, "<figcaption>");
        }
    }
    unwrap_table(room, common, block);
}

/// A table that holds nothing but a picture and its caption is layout.
fn unwrap_table(room: &mut Room<'_>, common: Option<usize>, block: usize) {
    let layout = |index: &usize| room.arena.blocks_in(*index) == (block..block + 1);
    let tags = [Tag::Table, Tag::Tr, Tag::Td, Tag::Th, Tag::Rows];
    let owner = room.arena.blocks[block].owner;
    let start = common.into_iter().chain(room.arena.ancestors(owner));
    let tables: Vec<u32> = start
        .filter(layout)
        .filter(|index| tags.contains(&room.arena.nodes[*index].tag))
        .map(|index| index as u32)
        .collect();
    for index in tables {
        room.keep.names.entry(index).or_insert(("", ""));
    }
}

/// Whether a kept picture stands with a caption: in the figure or element around it.
fn has_picture(room: &Room<'_>, block: usize) -> bool {
    let beside = |medium: &Media| medium.block as usize == block || medium.block as usize == block + 1;
    room.arena.media.iter().zip(&room.keep.media).any(|(medium, kept)| *kept && beside(medium))
}
