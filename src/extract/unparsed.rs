//! The title tag and the first text of a page, read in one pass without building a tree. For pages that are held back
//! because they are nested too deeply or too large, and for those that lead elsewhere.

use super::text;
use crate::html::hidden::is_unread;

/// Where title tags are looked for: this many bytes from the beginning.
const MAX_HEAD_BYTES: usize = 256 * 1024;
/// Longest title tag that is looked at, in bytes.
const MAX_TITLE_BYTES: usize = 4 * 1024;

/// What the title tag says, as one line; `None` if there is none, or nothing in it.
pub fn title(html: &str) -> Option<String> {
    let head = &html[..html.floor_char_boundary(MAX_HEAD_BYTES)];
    let start = head.match_indices('<').map(|(at, _)| at + 1).find(|at| name_at(head, *at) == "title")?;
    let rest = &html[start..];
    let from = rest.find('>')? + 1;
    let rest = &rest[from..];
    let rest = &rest[..rest.floor_char_boundary(MAX_TITLE_BYTES)];
    let said = text::normalize(&text::decoded(&rest[..rest.find("</").unwrap_or(rest.len())]));
    (!said.is_empty()).then_some(said)
}

/// The text that stands first on the page, as one line of at most `limit` characters.
pub fn text(html: &str, limit: usize) -> String {
    let mut seen = String::new();
    let (mut rest, mut left) = (html, limit);
    while left > 0 && !rest.is_empty() {
        let open = rest.find('<').unwrap_or(rest.len());
        left = push_words(&mut seen, &rest[..open], left);
        rest = behind_tag(&rest[open..]);
        // A word may end at a tag. Parting a word that is only partly emphasised is better than joining two.
        seen.push(' ');
    }
    let folded = text::normalize(&text::decoded(&seen));
    folded.chars().take(limit).collect()
}

/// Adds the words of a piece of text, and answers how many characters may still be added.
fn push_words(seen: &mut String, piece: &str, mut left: usize) -> usize {
    for word in piece.split_whitespace() {
        if left == 0 {
            break;
        }
        seen.extend(word.chars().take(left));
        seen.push(' ');
        left = left.saturating_sub(word.chars().count() + 1);
    }
    left
}

/// What follows the tag, comment or unseen element that `html` begins with.
fn behind_tag(html: &str) -> &str {
    let behind = |mark: &str| html.find(mark).map_or("", |at| &html[at + mark.len()..]);
    if html.starts_with("<!--") {
        return behind("-->");
    }
    let name = name_at(html, 1);
    // The title is told beside the text.
    if !is_unread(&name) && !matches!(&*name, "title" | "noscript") {
        return behind(">");
    }
    let is_end = |at: &usize| name_at(html, at + 2) == name;
    let end = html.match_indices("</").map(|(at, _)| at).find(is_end);
    end.map_or("", |at| html[at..].find('>').map_or("", |close| &html[at + close + 1..]))
}

/// The name of the element whose tag has it at this place, lower case.
fn name_at(html: &str, at: usize) -> String {
    let name = html.as_bytes().get(at..).unwrap_or_default();
    let name = name.iter().take(12).take_while(|byte| byte.is_ascii_alphanumeric());
    name.map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_and_first_words_are_seen_and_scripts_are_not() {
        let html = "<!doctype html><html><head><TITLE lang=vi> Thông&nbsp;báo &amp; tin </TITLE>\
            <style>p > a { }</style><!-- <p>no</p> --></head><body><script>if (a < b) x('</p>')</script>\
            <h1>Bảo\n trì</h1><p>hệ thống <b>máy</b> chủ</p></body>";
        assert_eq!(title(html).as_deref(), Some("Thông báo & tin"));
        assert_eq!(text(html, 100), "Bảo trì hệ thống máy chủ");
        assert_eq!(text(html, 5), "Bảo t");
    }

    #[test]
    fn broken_and_deep_pages_are_seen_as_far_as_they_go() {
        assert_eq!(title("<title>Tin"), Some("Tin".to_owned()));
        assert_eq!(title("<title></title><p>x"), None);
        assert_eq!(text("Chữ <script>không bao giờ hết", 50), "Chữ");
        assert_eq!(text("a <!-- không hết", 50), "a");
        assert_eq!(text(&format!("{}sâu", "<div>".repeat(300_000)), 50), "sâu");
        assert_eq!(text("<", 50), "");
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_is_one_short_line(html in "([<>/!-]|title|script|ế|&amp;| |\n){0,60}") {
            proptest::prop_assert!(text(&html, 7).chars().count() <= 7);
            proptest::prop_assert!(!title(&html).unwrap_or_default().contains('\n'));
        }
    }
}
