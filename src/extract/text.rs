//! Text as people see it: NFC, entities already decoded by the parser, white space folded.
//!
//! Vietnamese reaches us composed and decomposed ("dựng sẵn" and "tổ hợp"), windows-1258 even half and half, and both
//! look alike; everything that is compared or published passes through here first.

use std::borrow::Cow;

use scraper::{ElementRef, Node};

pub use crate::text::{is_letter_or_digit, nfc, normalize as fold, strip_diacritics as bare};

/// Elements whose text nobody reads.
const UNSEEN: &[&str] = &[
    "script", "style", "template", "noscript", "svg", "math", "select", "textarea", "iframe", "object",
    "head",
];

/// Elements that stand within a line, so that no space is due at their edges (HTML 4.01 section 7.5.3).
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "time", "u", "wbr",
];

/// Decodes the character references of a text that is no HTML but was escaped as if it were (titles in JSON, feeds),
/// once: `&amp;#8211;` becomes `&#8211;`. Tags are text here and stay.
pub fn decoded(text: &str) -> Cow<'_, str> {
    let escaped = text.find('&').is_some_and(|at| text[at..].contains(';'));
    if !escaped || text.contains("</") {
        return Cow::Borrowed(text);
    }
    // Within <title> the HTML standard decodes references and nothing else.
    let html = scraper::Html::parse_document(&format!("<title>{text}</title>"));
    let decoded: String = html.root_element().text().collect();
    if decoded.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(decoded) }
}

/// What people read in an element, folded to one line: blocks and line breaks part words, scripts and the like are
/// left out.
pub fn visible(element: ElementRef<'_>) -> String {
    visible_within(element, usize::MAX)
}

/// As [`visible`], but stops once `limit` bytes are reached: enough to see that something is too long to be a line.
pub fn visible_within(element: ElementRef<'_>, limit: usize) -> String {
    use ego_tree::iter::Edge;
    let mut raw = String::new();
    let mut skipped = 0usize;
    for edge in element.traverse() {
        let (node, opens) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Element(found) if UNSEEN.contains(&found.name()) => {
                skipped = if opens { skipped + 1 } else { skipped.saturating_sub(1) };
            }
            Node::Element(found) if !INLINE.contains(&found.name()) => raw.push(' '),
            Node::Text(text) if opens && skipped == 0 => raw.push_str(text),
            _ => {}
        }
        if raw.len() > limit {
            break;
        }
    }
    fold(&raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_part_words_and_scripts_are_not_read() {
        let html = scraper::Html::parse_fragment(
            "<div>Thứ <b>T</b>ư<p>ba</p><script>x</script><ul><li>a</li><li>b</li></ul></div>",
        );
        assert_eq!(visible(html.root_element()), "Thứ Tư ba a b");
    }
}
