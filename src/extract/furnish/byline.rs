//! The byline at the end of a body: taken out of it, into the draft.

use super::Room;
use crate::extract::byline::{self, Byline, Hints};

/// Short blocks at the end that are looked at: a source line may follow the name.
const TAIL: usize = 3;

/// Takes byline and source line out of the end of the body.
pub(super) fn take_out(room: &mut Room<'_>) -> Byline {
    let mut taken = Byline::default();
    let Some(last) = room.kept().filter(|block| !room.keep.captions[*block]).next_back() else { return taken };
    let mut last_block = true;
    for block in tail(room, last) {
        let hints = Hints {
            last_block,
            aligned_end: room.is_aligned(room.arena.blocks[block].owner),
            emphasised: room.emphasis(block) > 0.9,
        };
        match byline::read(room.text(block), hints) {
            Some(found) if taken.authors.is_empty() || found.authors.is_empty() => {
                room.keep.blocks[block] = false;
                taken.authors.extend(found.authors);
                taken.credit = taken.credit.or(found.credit);
            }
            _ if room.keep.blocks[block] => break,
            _ => {}
        }
        last_block &= !room.keep.blocks[block];
    }
    taken
}

/// The last blocks of the body, last first: those kept, and those right behind the last one in the same element, which
/// may be a byline that did not read like content.
fn tail(room: &Room<'_>, last: usize) -> Vec<usize> {
    let owner = room.arena.blocks[last].owner;
    let around = room.arena.nodes[owner as usize].parent;
    let within = room.arena.nodes.get(around as usize).map_or(last..last + 1, |_| room.arena.blocks_in(around as usize));
    let behind = (last + 1..within.end.min(last + 1 + TAIL).min(room.keep.end)).rev();
    let before = room.kept().rev().filter(|block| *block <= last && !room.keep.captions[*block]).take(TAIL);
    behind.chain(before).collect()
}
