//! Pictures, players and frames of the content.

use super::Room;
use super::files::links_document;
use crate::extract::body::arena::NONE;
use crate::extract::body::hints as h;
use crate::extract::body::tag::Tag;

/// Names of elements whose pictures are nobody's content.
pub(super) const FOREIGN: h::Hints = h::NAV
    | h::FOOTER
    | h::SIDE
    | h::COMMENT
    | h::SHARE
    | h::RELATED
    | h::PROMO
    | h::AD
    | h::AUTHOR
    | h::CONSENT
    | h::HIDDEN;

/// Keeps the media that stand in the element around the content, between its first and last block or right beside
/// them.
pub(super) fn take_in(room: &mut Room<'_>) {
    let Some(around) = around(room) else { return };
    let node = &room.arena.nodes[around as usize];
    let (from, to) = (around, node.end);
    let inherited = node.all & FOREIGN;
    let first = room.kept().next();
    let last = room.kept().next_back();
    for (index, media) in room.arena.media.iter().enumerate() {
        let inside = media.node >= from && media.node < to;
        let native = room.arena.nodes[media.node as usize].all & FOREIGN & !inherited == 0;
        let block = media.block as usize;
        // Between two blocks of text that were both dropped stands what belongs to neither.
        let beside =
            first.is_none_or(|first| block + 1 >= first) && last.is_none_or(|last| block <= last + 2);
        room.keep.media[index] = inside && native && beside && block <= room.keep.end;
    }
}

/// A body of files, pictures or players alone has no block that reads like content: then all of the element whose name
/// says that it is the body is kept.
pub(super) fn rescue(room: &mut Room<'_>) {
    if room.kept().next().is_some() {
        return;
    }
    let Some(body) = named_body(room) else { return };
    let inherited = room.arena.nodes[body as usize].all;
    for block in room.arena.blocks_in(body as usize) {
        let owner = &room.arena.nodes[room.arena.blocks[block].owner as usize];
        room.keep.blocks[block] = owner.all & FOREIGN & !inherited == 0;
    }
}

/// The smallest element around all kept blocks; for a body of pictures or files alone, the one whose name says that it
/// is the body.
fn around(room: &Room<'_>) -> Option<u32> {
    let first = room.kept().next();
    let Some((first, last)) = first.zip(room.kept().next_back()) else { return named_body(room) };
    let last = room.arena.blocks[last].last;
    let start = room.arena.blocks[first].owner;
    let spans = |index: &u32| room.arena.nodes[*index as usize].end >= last;
    let mut found =
        std::iter::once(start).chain(room.arena.ancestors(start).map(|at| at as u32)).find(spans)?;
    // A lone paragraph is not all of the body: its pictures stand beside it.
    while room.arena.nodes[found as usize].tag != Tag::Body
        && is_paragraph(room.arena.nodes[found as usize].tag)
    {
        found = room.arena.nodes[found as usize].parent;
        if found == NONE {
            return None;
        }
    }
    Some(found)
}

fn is_paragraph(tag: Tag) -> bool {
    matches!(tag, Tag::P | Tag::Blockquote | Tag::Pre | Tag::Li) || tag.is_heading()
}

fn named_body(room: &Room<'_>) -> Option<u32> {
    let named = |index: &usize| {
        let node = &room.arena.nodes[*index];
        let holds =
            room.arena.media.iter().any(|media| media.node as usize >= *index && media.node < node.end);
        node.own & h::BODY != 0
            && (holds || room.arena.blocks_in(*index).any(|block| links_document(room, block)))
    };
    let found = (0..room.arena.nodes.len()).rev().find(named)?;
    u32::try_from(found).ok()
}
