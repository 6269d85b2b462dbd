//! Features of a block's own text: length, letters, links, how it ends.

use super::{Column, PageFeatures, Row};
use crate::extract::body::tag::Tag;

/// Texts of more bytes are not searched for dates: they are prose.
const MAX_DATED_BYTES: usize = 200;

impl PageFeatures<'_> {
    pub(super) fn fill_text(&self, row: &mut Row, index: usize) {
        let block = &self.arena.blocks[index];
        let owner = &self.arena.nodes[block.owner as usize];
        let parent = self.arena.nodes.get(owner.parent as usize).map_or(Tag::Html, |node| node.tag);
        let stats = &block.stats;
        let text = self.arena.text_of(block);
        let (bytes, chars, words) =
            (stats.bytes.max(1) as f32, stats.chars.max(1) as f32, stats.words.max(1) as f32);
        row.set(Column::OwnerTag, owner.tag as u8 as f32);
        row.set(Column::ParentTag, parent as u8 as f32);
        row.set(Column::Chars, chars);
        row.set(Column::Words, words);
        row.set(Column::WordLength, chars / words);
        row.set(Column::LinkDensity, stats.link_density());
        row.set(Column::Links, f32::from(stats.links));
        row.set(Column::BoldShare, stats.bold as f32 / bytes);
        row.set(Column::ItalicShare, stats.italic as f32 / bytes);
        row.set(Column::CapitalisedShare, stats.capitals as f32 / words);
        row.set(Column::UpperCaseShare, stats.uppers as f32 / chars);
        row.set(Column::DigitShare, stats.digits as f32 / chars);
        row.set(Column::CommasPerWord, stats.commas as f32 / words);
        row.set(Column::Sentences, stats.sentences as f32);
        row.set(Column::BarsPerWord, stats.bars as f32 / words);
        row.set(Column::Ending, stats.ending as u8 as f32);
        row.set_flag(Column::IsAligned, owner.aligned > 0);
        row.set_flag(Column::StartsUpper, text.starts_with(char::is_uppercase));
        let (year, time) = year_and_time(text);
        row.set_flag(Column::NamesYear, year);
        row.set_flag(Column::NamesTime, time);
    }
}

/// Whether a short text names a year, and a time of day.
fn year_and_time(text: &str) -> (bool, bool) {
    if text.len() > MAX_DATED_BYTES {
        return (false, false);
    }
    let bytes = text.as_bytes();
    let (mut year, mut time) = (false, false);
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = bytes[at..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |n| at + n);
        year |= end - at == 4 && (bytes[at..].starts_with(b"19") || bytes[at..].starts_with(b"20"));
        time |= end - at <= 2
            && matches!(bytes.get(end), Some(b':' | b'h' | b'.'))
            && bytes.get(end + 1..end + 3).is_some_and(|minutes| minutes.iter().all(u8::is_ascii_digit))
            && !bytes.get(end + 3).is_some_and(u8::is_ascii_digit);
        at = end;
    }
    (year, time)
}
