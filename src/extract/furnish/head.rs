//! What stands at the head of an article and lives in the draft: its title, its date line, its author line.

use super::Room;
use crate::extract::byline::{self, Hints};
use crate::extract::date;

/// Blocks at the beginning that may belong to the head.
const HEAD: usize = 6;
/// A head line has fewer words; a lead has more.
const HEAD_WORDS: u32 = 30;

/// Takes the title, the date line and the author line out of the body.
pub(super) fn clear(room: &mut Room<'_>) {
    let first: Vec<usize> = room.kept().take(HEAD).collect();
    for block in first {
        let words = room.arena.blocks[block].stats.words;
        if is_title(room, block)
            || (words <= HEAD_WORDS && (is_dateline(room, block) || is_author_line(room, block)))
        {
            room.keep.blocks[block] = false;
        }
    }
}

fn is_title(room: &Room<'_>, block: usize) -> bool {
    let Some(title) = &room.meta.title else { return false };
    letters(room.text(block)).eq(letters(&title.value))
}

/// Letters and digits, case folded: what two spellings of one title have in common.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// A line that holds the date which the metadata settled on, and little else.
fn is_dateline(room: &Room<'_>, block: usize) -> bool {
    let within = |dom| room.blocks_of(dom).is_some_and(|range| range.contains(&block));
    let text = room.text(block);
    room.meta.places.published.is_some_and(within) && date::may_hold_date(text) && !text.ends_with('.')
}

fn is_author_line(room: &Room<'_>, block: usize) -> bool {
    let within = |dom| room.blocks_of(dom).is_some_and(|range| range.contains(&block));
    let named = room.meta.places.author.is_some_and(within);
    named && byline::read(room.text(block), Hints { emphasised: true, ..Hints::default() }).is_some()
}
