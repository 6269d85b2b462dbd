//! Text that an XML 1.0 document may hold.

use std::borrow::Cow;

/// Whether XML 1.0 (section 2.2, `Char`) allows a character and does not advise against it (its control characters of
/// the C1 block and the noncharacters of every plane).
fn is_welcome(c: char) -> bool {
    let noncharacter = matches!(u32::from(c), 0xFDD0..=0xFDEF) || u32::from(c) & 0xFFFE == 0xFFFE;
    matches!(c, '\t' | '\n' | '\u{20}'..='\u{7E}' | '\u{A0}'..) && !noncharacter
}

/// The text without what XML cannot hold. A carriage return becomes a line feed, as an XML parser would make it.
/// The writer passes control characters through as they are, and one of them makes the whole feed unreadable.
pub(super) fn safe(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_welcome) {
        return Cow::Borrowed(text);
    }
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(unified.chars().filter(|c| is_welcome(*c)).collect())
}

/// The same, on one line: for titles, names and labels.
pub(super) fn line(text: &str) -> String {
    safe(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
