//! Text as people see it: NFC, entities already decoded by the parser, white space folded.
//!
//! Vietnamese reaches us composed and decomposed ("dựng sẵn" and "tổ hợp"), windows-1258 even half and half, and both
//! look alike; everything that is compared or published passes through here first.

use std::borrow::Cow;
use std::sync::LazyLock;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use scraper::node::Element;
use scraper::{ElementRef, Node};

use crate::html::hidden;

/// Elements that stand within a line, so that no space is due at their edges (HTML 4.01 section 7.5.3).
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "time", "u", "wbr",
];

/// NFC without a copy where the text is ASCII or composed already.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Visible text as one line: NFC, every run of white space and control characters one space, none at the ends; soft
/// hyphens, zero-width spaces and byte order marks gone. Typographic marks stay as they are.
pub fn fold(text: &str) -> String {
    let composed = nfc(text);
    let mut out = String::with_capacity(composed.len());
    let mut space = false;
    for c in composed.chars() {
        match c {
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            c if c.is_whitespace() || c.is_control() => space = true,
            c => {
                if space && !out.is_empty() {
                    out.push(' ');
                }
                space = false;
                out.push(c);
            }
        }
    }
    out
}

/// As [`char::is_alphanumeric`], quickly for Latin letters: it is asked for every letter of a page.
pub fn is_letter_or_digit(c: char) -> bool {
    match c {
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        '×' | '÷' => false,
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => true,
        _ => c.is_alphanumeric(),
    }
}

/// For comparing only: lower case, without diacritics, `đ` as `d`. Scripts without case or marks come back as they are.
pub fn bare(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            // Dashes, quotation marks and the like.
            '\u{2010}'..='\u{2027}' => out.push(c),
            _ => match LATIN.bare(c) {
                Some(bare) => out.push(bare),
                None => return bare_by_unicode(text),
            },
        }
    }
    out
}

/// What [`bare`] says, by the definition.
fn bare_by_unicode(text: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    let mut out = String::with_capacity(text.len());
    for c in decomposed.chars().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')) {
        match c {
            'đ' | 'Đ' => out.push('d'),
            'ß' => out.push_str("ss"),
            c => out.extend(c.to_lowercase()),
        }
    }
    // Hangul comes apart in NFD as well and has to be put together again.
    match ComposingNormalizerBorrowed::new_nfc().normalize(&out) {
        Cow::Borrowed(_) => out,
        Cow::Owned(composed) => composed,
    }
}

/// Latin letters that are one letter without their diacritics: looked up, since titles are compared many times.
struct Latin(Vec<Option<char>>);

static LATIN: LazyLock<Latin> = LazyLock::new(|| {
    let bare = |c: char| {
        let bare = bare_by_unicode(c.encode_utf8(&mut [0; 4]));
        let mut letters = bare.chars();
        letters.next().filter(|_| letters.next().is_none())
    };
    Latin(('\0'..='\u{24f}').chain('\u{1e00}'..='\u{1eff}').map(bare).collect())
});

impl Latin {
    fn bare(&self, c: char) -> Option<char> {
        let at = match c {
            '\0'..='\u{24f}' => c as usize,
            '\u{1e00}'..='\u{1eff}' => c as usize - 0x1e00 + 0x250,
            _ => return None,
        };
        self.0[at]
    }
}

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
    let mut skipped = 0usize;
    for edge in element.traverse() {
        let (node, opens) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Element(found)
                if hidden::is_unread(found.name())
                    || matches!(found.name(), "noscript" | "head")
                    || (node.id() != element.id() && is_left_out(found)) =>
            {
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
    fn both_ways_to_write_vietnamese_are_one() {
        assert_eq!(fold("  Tha\u{300}nh\u{a0}phô\u{301}\n Hải Phòng\u{200b} "), "Thành phố Hải Phòng");
        assert_eq!(bare("Thứ Bảy, Đường"), "thu bay, duong");
        assert_eq!(bare("수요일"), "수요일");
    }

    proptest::proptest! {
        #[test]
        fn bare_is_what_its_definition_says(text in "[ -~À-ỹ\\u{300}-\\u{36f}‐-‧ß수요일я\\u{5b0}]{0,20}") {
            proptest::prop_assert_eq!(bare(&text), bare_by_unicode(&text));
        }
    }

    #[test]
    fn the_quick_look_at_a_letter_says_what_unicode_says() {
        for c in char::MIN..=char::MAX {
            assert_eq!(is_letter_or_digit(c), c.is_alphanumeric(), "{c:?}");
        }
    }

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
