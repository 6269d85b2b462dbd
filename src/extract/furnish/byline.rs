//! The byline at the end of a body: taken out of it, into the draft.

use super::Room;
use super::media::FOREIGN;
use crate::extract::body::hints as h;
use crate::extract::byline::{self, Byline, Hints};

/// Short blocks at the end that are looked at: a source line may follow the name.
const TAIL: usize = 3;

/// Takes byline and source line out of the end of the body.
pub(super) fn take_out(room: &mut Room<'_>) -> Byline {
    let mut taken = Byline::default();
    let Some(last) = room.kept().filter(|block| !room.keep.captions[*block]).next_back() else {
        return taken;
    };
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

/// The last blocks of the body, last first: those kept, and those right behind the last one that no name marks as
/// foreign, which may be a byline that did not read like content.
fn tail(room: &Room<'_>, last: usize) -> Vec<usize> {
    let inherited = room.names_around(last);
    let native = |block: &usize| room.names_around(*block) & (FOREIGN & !h::AUTHOR) & !inherited == 0;
    let reach = room.arena.blocks.len().min(last + 1 + TAIL).min(room.keep.end);
    let behind: Vec<usize> = (last + 1..reach).take_while(native).collect();
    let before = room.kept().rev().filter(|block| *block <= last && !room.keep.captions[*block]).take(TAIL);
    behind.into_iter().rev().chain(before).collect()
}
