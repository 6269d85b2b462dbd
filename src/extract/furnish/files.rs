//! Attachments: a line that is nothing but a link to a document reads like a menu, and is content all the same.

use super::Room;
use super::media::FOREIGN;
use crate::extract::body::tag::Tag;

/// Endings of documents that portals attach, as data.
const DOCUMENTS: &[&str] = &[
    ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp", ".rtf", ".zip",
    ".rar", ".7z", ".mp3", ".m4a",
];
/// Blocks behind the last content that are looked at.
const REACH: usize = 12;

/// Keeps the blocks that link documents, between the first block of the content and a little behind its last, as long
/// as nothing says that they stand in a foreign part of the page.
pub(super) fn take_in(room: &mut Room<'_>) {
    let Some((first, last)) = room.kept().next().zip(room.kept().next_back()) else { return };
    let inherited = room.names_around(last);
    for block in first..room.arena.blocks.len().min(last + 1 + REACH).min(room.keep.end) {
        let owner = &room.arena.nodes[room.arena.blocks[block].owner as usize];
        let native = owner.all & FOREIGN & !inherited == 0;
        if !room.keep.blocks[block] && native && links_document(room, block) {
            room.keep.blocks[block] = true;
        }
    }
}

/// Whether a block holds a link to a document.
pub(super) fn links_document(room: &Room<'_>, block: usize) -> bool {
    let entry = &room.arena.blocks[block];
    if entry.stats.links == 0 {
        return false;
    }
    let texts = entry.first..entry.last;
    texts.filter(|index| room.arena.nodes[*index as usize].tag == Tag::Text).any(|text| {
        let link = room.arena.ancestors(text).take(4).find(|index| room.arena.nodes[*index].tag == Tag::A);
        link.and_then(|index| room.attribute(index, "href")).is_some_and(is_document)
    })
}

fn is_document(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    DOCUMENTS.iter().any(|ending| path.ends_with(ending))
}
