//! What a feed holds: articles with what only the store knows, and the marks of those that are gone.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use super::xml;
use crate::model::Article;

/// Characters of text that stand in for a title that is missing, and that make up a summary.
const TITLE_CHARS: usize = 80;

/// An article on its way into a feed.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The article.
    pub article: &'a Article,
    /// When anything of it that is published last changed.
    pub changed: Timestamp,
    /// The same release at other sources.
    pub related: &'a [Url],
}

/// An article that the portal has taken down (RFC 6721).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    pub id: String,
    /// When that was confirmed.
    pub at: Timestamp,
    pub zone: TimeZone,
}

/// The title as feeds and pages show it: never empty, on one line. An article without one is known by its first words,
/// else by its address.
pub fn title_of(article: &Article) -> String {
    let title = xml::line(&article.title);
    if !title.is_empty() {
        return title;
    }
    let words = lead_text(article, TITLE_CHARS);
    if words.is_empty() { article.url.to_string() } else { words }
}

/// Categories and tags as feeds show them, each once.
pub(super) fn labels(article: &Article) -> impl Iterator<Item = String> {
    let mut seen = HashSet::new();
    let names = article.categories.iter().chain(&article.tags).map(|name| xml::line(name));
    names.filter(move |name| !name.is_empty() && seen.insert(name.clone()))
}

/// Who wrote it, else whom it is credited to, if anybody.
pub(super) fn writers(article: &Article) -> Vec<String> {
    let named = |names: &[String]| -> Vec<String> {
        names.iter().map(|name| xml::line(name)).filter(|name| !name.is_empty()).collect()
    };
    let authors = named(&article.authors);
    if authors.is_empty() { named(article.credit.as_slice()) } else { authors }
}

/// The first words of the text, at most `limit` characters, cut between words and marked so.
pub fn lead_text(article: &Article, limit: usize) -> String {
    let mut lead = String::new();
    let mut length = 0;
    // Word by word, since a text may be a megabyte long and all of it clean or not.
    for word in article.text.split_whitespace().map(xml::safe).filter(|word| !word.is_empty()) {
        length += word.chars().count() + 1;
        if length > limit && !lead.is_empty() {
            lead.truncate(lead.trim_end_matches(['.', ',', ';', ':']).len());
            lead.push('…');
            break;
        }
        if !lead.is_empty() {
            lead.push(' ');
        }
        lead.push_str(&word);
    }
    lead
}

/// The media type that a picture's address promises, where it promises one.
pub fn mime_of_image(url: &Url) -> Option<&'static str> {
    let (_, extension) = url.path().rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" | "jfif" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        "bmp" => "image/bmp",
        _ => return None,
    })
}
