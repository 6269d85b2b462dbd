//! Titles and texts out of markup: entities decoded once, tags gone, in normal form.

use super::dom;
use crate::text::normalize;

/// Longest title that is kept, in characters; the longest seen on a portal has about 250.
const MAX_TITLE: usize = 1_000;

/// A title that is a piece of HTML, such as WordPress' `title.rendered` or the title of an RSS item once its XML is
/// read: entities decoded once, tags gone. `None` if nothing is left.
pub(super) fn title_from_html(html: &str) -> Option<String> {
    let text = if html.contains(['<', '&']) { dom::fragment_text(html) } else { html.to_owned() };
    title(&text)
}

/// A title that is text already. `None` if nothing is left.
pub(super) fn title(text: &str) -> Option<String> {
    let plain: String = normalize(text).chars().take(MAX_TITLE).collect();
    (!plain.is_empty()).then_some(plain)
}

/// How many words a text has: pieces between blanks that hold a letter. Vietnamese writes syllables apart, so a title
/// has about ten. Scripts that write without blanks count two signs as a word.
pub(super) fn words(text: &str) -> usize {
    let dense =
        text.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')).count();
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count() + dense / 2
}

/// Text as content: one paragraph for each block between blank lines, escaped.
pub(super) fn to_html(text: &str) -> String {
    let escape = |block: &str| block.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let normal = text.replace("\r\n", "\n");
    let blocks = normal.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    blocks.map(|block| format!("<p>{}</p>\n", escape(block).replace('\n', "<br>"))).collect()
}
