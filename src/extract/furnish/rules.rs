//! The rules of the source file: what it names wins over what was found.

use super::Room;
use crate::config::{ArticleRules, Css};

/// Applies `body`, `remove` and `cut_at`. A rule that finds nothing is noted, and the finding stands.
pub(super) fn apply(room: &mut Room<'_>, rules: &ArticleRules) {
    if let Some(body) = &rules.body {
        keep_only(room, body);
    }
    for remove in &rules.remove {
        for range in matches(room, remove) {
            room.keep.blocks[range].fill(false);
        }
    }
    for end in &rules.cut_at {
        cut_at(room, end);
    }
}

fn matches(room: &Room<'_>, css: &Css) -> Vec<std::ops::Range<usize>> {
    room.document.select(&css.selector).filter_map(|element| room.blocks_of(element.id())).collect()
}

fn keep_only(room: &mut Room<'_>, body: &Css) {
    let ranges = matches(room, body);
    if ranges.iter().all(|range| range.is_empty()) {
        room.notes.push(format!("article.body {:?} finds nothing here; the extractor took over", body.text));
        return;
    }
    room.keep.blocks.fill(false);
    for range in ranges {
        room.keep.blocks[range].fill(true);
    }
}

/// From the block that reads so to the end goes. The block counts only behind the first content, since a menu may read
/// the same.
fn cut_at(room: &mut Room<'_>, end: &str) {
    let Some(first) = room.kept().next() else { return };
    let folded = end.trim().to_lowercase();
    let reads_so = |block: &usize| room.text(*block).to_lowercase().starts_with(&folded);
    if let Some(at) = (first..room.arena.blocks.len()).find(reads_so) {
        room.keep.blocks[at..].fill(false);
        room.keep.end = room.keep.end.min(at);
    }
}
