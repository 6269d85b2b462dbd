//! Addresses in messages: short enough to be read, and still to be recognised.

use url::Url;

/// The longest address in a message, in characters.
const MAX_URL_CHARS: usize = 100;

/// An address of at most 100 characters: host, beginning and end stay, the middle becomes `…`.
pub fn short_url(url: &str) -> String {
    let chars = url.chars().count();
    if chars <= MAX_URL_CHARS {
        return url.to_owned();
    }
    let host = url.find("://").map_or(0, |scheme| {
        let rest = &url[scheme + 3..];
        url[..scheme + 3].chars().count() + rest.split(['/', '?', '#']).next().unwrap_or(rest).chars().count()
    });
    // Two thirds for the beginning, more if the host needs it, but never so much that nothing is left for the end.
    let head = (host + 1).clamp(MAX_URL_CHARS * 2 / 3, MAX_URL_CHARS - 20);
    let tail = MAX_URL_CHARS - 1 - head;
    let beginning: String = url.chars().take(head).collect();
    let end: String = url.chars().skip(chars - tail).collect();
    format!("{beginning}…{end}")
}

/// The address that a text begins with, however often it does ("address: address could not be fetched"), and the text
/// behind it, which tells what is the matter.
pub(super) fn split_leading_url(text: &str) -> (Option<&str>, &str) {
    let (mut first, mut rest) = (None, text);
    while next_url(rest) == Some(0) {
        let url = url_at(rest);
        let behind = rest[url.len()..].trim_start_matches([':', ' ']);
        if behind.is_empty() || first.is_some_and(|first| first != url) {
            break;
        }
        (first, rest) = (Some(url), behind);
    }
    (first, rest)
}

/// A text in which every web address is short.
pub(super) fn shorten_urls(text: &str) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(rest.len());
    while let Some(start) = next_url(rest) {
        let url = url_at(&rest[start..]);
        out.push_str(&rest[..start]);
        out.push_str(&short_url(url));
        rest = &rest[start + url.len()..];
    }
    out.push_str(rest);
    out
}

/// Whether a text speaks of an address already, be it in the short form that messages have.
pub(super) fn mentions(text: &str, url: &str) -> bool {
    urls(text).any(|named| named == url)
        || Url::parse(url).is_ok_and(|url| text.contains(&crate::model::short_url(&url)))
}

fn urls(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = next_url(rest)?;
        let url = url_at(&rest[start..]);
        rest = &rest[start + url.len()..];
        Some(url)
    })
}

fn next_url(text: &str) -> Option<usize> {
    text.match_indices("://").find_map(|(at, _)| {
        let is_web = |scheme: &&str| text[..at].ends_with(scheme);
        ["https", "http"].iter().find(|scheme| is_web(scheme)).map(|scheme| at - scheme.len())
    })
}

/// The address that a text begins with, without the punctuation of the sentence around it.
fn url_at(text: &str) -> &str {
    let end =
        text.find(|c: char| c.is_whitespace() || c == '"' || c == '<' || c == '>').unwrap_or(text.len());
    let url = text[..end].trim_end_matches([',', ';', ':', '.', '!', '?', '\'']);
    // A bracket belongs to the address only where the address opened it.
    if url.ends_with(')') && !url.contains('(') { url.trim_end_matches(')') } else { url }
}
