//! What people read in an element, as one line of text in normal form.

use std::borrow::Cow;

use scraper::node::Element;
use scraper::{ElementRef, Node};

use crate::html::hidden;
pub use crate::text::{is_letter_or_digit, normalize, strip_diacritics};

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
/// left out, and so is what is hidden, unless nothing else is there.
pub fn visible(element: ElementRef<'_>) -> String {
    visible_within(element, usize::MAX)
}

/// As [`visible`], but stops once `limit` bytes are reached: enough to see that something is too long to be a line.
pub fn visible_within(element: ElementRef<'_>, limit: usize) -> String {
    let seen = read_within(element, limit, |found| hidden::is_hidden(found.attrs()));
    if seen.is_empty() { read_within(element, limit, |_| false) } else { seen }
}

/// As [`visible_within`], with the words that only screen readers are given: the labels of dates and names are among them.
pub fn labelled_within(element: ElementRef<'_>, limit: usize) -> String {
    let told = read_within(element, limit, |found| found.attrs().any(hidden::is_off_page));
    if told.is_empty() { read_within(element, limit, |_| false) } else { told }
}

fn read_within(element: ElementRef<'_>, limit: usize, is_left_out: impl Fn(&Element) -> bool) -> String {
    use ego_tree::iter::Edge;
    let mut raw = String::new();
    // The open elements that are left out, outermost first.
    let mut left_out = Vec::new();
    for edge in element.traverse() {
        let (node, opens) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Element(_) if !opens && left_out.last() == Some(&node.id()) => drop(left_out.pop()),
            Node::Element(found)
                if opens
                    && (hidden::is_unread(found.name())
                        || matches!(found.name(), "noscript" | "head")
                        || (node.id() != element.id() && is_left_out(found))) =>
            {
                left_out.push(node.id());
            }
            Node::Element(found) if !INLINE.contains(&found.name()) => raw.push(' '),
            Node::Text(text) if opens && left_out.is_empty() => raw.push_str(text),
            _ => {}
        }
        if raw.len() > limit {
            break;
        }
    }
    normalize(&raw)
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

    #[test]
    fn labels_for_screen_readers_are_kept_where_they_are_asked_for() {
        let html = scraper::Html::parse_fragment(
            "<p><b class=sr-only>Cập nhật:</b> 03/7 <i hidden>x</i></p><p hidden>chỉ có thế</p>",
        );
        let lines: Vec<ElementRef<'_>> = html.root_element().child_elements().collect();
        assert_eq!(visible(lines[0]), "03/7");
        assert_eq!(labelled_within(lines[0], 100), "Cập nhật: 03/7");
        assert_eq!(visible(lines[1]), "chỉ có thế");
    }
}
