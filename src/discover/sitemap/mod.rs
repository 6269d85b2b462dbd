//! Sitemaps (<https://www.sitemaps.org/protocol.html>) → candidates and further sitemaps.
//!
//! An index or a list of URLs, as XML or plain text, gzip or not, with the news extension
//! (<https://www.google.com/schemas/sitemap-news/0.9>). Limits are the protocol's own: 50,000 URLs and 50 MiB a file.

mod kind;
#[cfg(test)]
mod tests;
mod unpack;
mod xml;

use std::collections::HashMap;

use jiff::Timestamp;
use url::Url;

use super::{Context, DiscoverError, feed, hints, site, text};
use crate::dates;
use crate::model::{Candidate, DiscoveryMethod, Document, UrlKey};
pub use kind::can_hold_articles;
use xml::Entry;

/// Most URLs of one file that are looked at; the protocol allows no more.
pub const MAX_URLS: usize = 50_000;
/// Largest sitemap after unpacking, in bytes; the protocol allows no more.
pub const MAX_BYTES: u64 = 52_428_800;
const EXPECTED: &str = "a sitemap";

/// What a sitemap named.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sitemap {
    /// Further sitemaps on the site that may hold articles, with the time of their last change. Never this one itself;
    /// a circle of several is for the caller to see.
    pub children: Vec<(Url, Option<Timestamp>)>,
    /// Further sitemaps that by their names hold no articles: of categories, tags, authors, pages, pictures.
    pub passed_over: Vec<Url>,
    /// Places on the site that may be articles, in the file's order.
    pub urls: Vec<Candidate>,
    /// How many entries were dropped because they leave the site.
    pub off_site: usize,
    /// How many entries were dropped because they are no addresses, or of files, lists and the like.
    pub others: usize,
    /// Whether there was more than the limits allow, which was left.
    pub over_limit: bool,
    /// Why the file could not be read to its end; what came before stands.
    pub broken: Option<String>,
}

/// Reads a sitemap.
///
/// # Errors
/// If the document is empty, a web page, or no sitemap at all, or its compression is broken from the start.
pub fn read(document: &Document, context: &Context<'_>) -> Result<Sitemap, DiscoverError> {
    let url = || Box::new(document.url.clone());
    let unpacked = unpack::unpack(&document.bytes, MAX_BYTES).map_err(|fault| DiscoverError::Malformed {
        url: url(),
        expected: EXPECTED,
        reason: fault.to_string(),
    })?;
    let bytes = unpacked.bytes.as_ref();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(DiscoverError::Empty { url: url(), expected: EXPECTED });
    }
    if feed::looks_like_web_page(bytes) {
        return Err(DiscoverError::WebPage { url: url(), expected: EXPECTED });
    }
    let parsed = if is_xml(bytes) { xml::read(bytes, MAX_URLS) } else { plain(bytes) };
    let parsed =
        parsed.map_err(|reason| DiscoverError::Malformed { url: url(), expected: EXPECTED, reason })?;
    let mut sitemap = Sitemap {
        over_limit: parsed.over_limit || unpacked.cut,
        broken: unpacked.broken.or(parsed.broken.filter(|_| !unpacked.cut)),
        ..Sitemap::default()
    };
    for entry in &parsed.urls {
        sitemap.take_url(entry, document, context);
    }
    for entry in &parsed.children {
        sitemap.take_child(entry, document, context);
    }
    sitemap.drop_folders();
    // Names are hints: where they leave nothing, they are not believed.
    if sitemap.children.is_empty() && sitemap.urls.is_empty() {
        sitemap.children = sitemap.passed_over.drain(..).map(|url| (url, None)).collect();
    }
    Ok(sitemap)
}

/// An address with at least so many others below it is a section. Fewer may be the pages of one article.
const MIN_PAGES_BELOW: usize = 3;

impl Sitemap {
    fn take_url(&mut self, entry: &Entry, document: &Document, context: &Context<'_>) {
        let Some(url) = self.placed(&entry.loc, document, context) else { return };
        let is_front = UrlKey::of(&url) == UrlKey::of(context.home);
        let is_list = hints::is_list_like(&url) && !hints::ends_as_articles_do(&url);
        if is_front || is_list || hints::is_file(&url) || hints::is_never_article(&url) {
            self.others += 1;
            return;
        }
        let mut candidate = Candidate::new(url, DiscoveryMethod::Sitemap, document.url.clone());
        candidate.post_id = site::post_id(&candidate.url);
        candidate.updated = moment(entry.lastmod.as_deref(), document, context);
        candidate.published = moment(entry.published.as_deref(), document, context);
        candidate.title = entry.title.as_deref().and_then(text::title);
        candidate.categories = context.categories();
        self.urls.push(candidate);
    }

    /// Drops the addresses below which others of the same file stand: `/tin-tuc` is a section where there are
    /// `/tin-tuc/bai-1` and its like.
    fn drop_folders(&mut self) {
        let mut below: HashMap<String, usize> = HashMap::new();
        for candidate in &self.urls {
            let path = UrlKey::path_of(&candidate.url);
            let path = path.split('?').next().unwrap_or_default();
            for (at, _) in path.match_indices('/').filter(|(at, _)| *at > 0) {
                *below.entry(path[..at].to_owned()).or_default() += 1;
            }
        }
        let before = self.urls.len();
        let is_folder = |candidate: &Candidate| {
            below.get(&UrlKey::path_of(&candidate.url)).is_some_and(|n| *n >= MIN_PAGES_BELOW)
        };
        self.urls.retain(|candidate| !is_folder(candidate));
        self.others += before - self.urls.len();
    }

    fn take_child(&mut self, entry: &Entry, document: &Document, context: &Context<'_>) {
        let Some(url) = self.placed(&entry.loc, document, context) else { return };
        let known = |other: &Url| UrlKey::of(other) == UrlKey::of(&url);
        if known(&document.url) || known(&document.requested) {
            return;
        }
        let changed = moment(entry.lastmod.as_deref(), document, context);
        if can_hold_articles(&url) {
            self.children.push((url, changed));
        } else {
            self.passed_over.push(url);
        }
    }

    /// An address on the site, in the spelling that answers; what is none is counted.
    fn placed(&mut self, loc: &str, document: &Document, context: &Context<'_>) -> Option<Url> {
        let placed = context.within(loc, &document.url, &document.url);
        if placed.is_none() {
            let is_address = document.url.join(loc.trim()).is_ok_and(|url| site::is_web(&url));
            self.off_site += usize::from(is_address);
            self.others += usize::from(!is_address);
        }
        placed
    }
}

/// The moment that a sitemap gives. The protocol asks for the W3C profile of ISO 8601.
fn moment(text: Option<&str>, document: &Document, context: &Context<'_>) -> Option<Timestamp> {
    dates::read_w3c(text?, &context.dates(document.fetched)).map(|read| read.at)
}

fn is_xml(bytes: &[u8]) -> bool {
    let start =
        bytes.iter().position(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf));
    start.is_some_and(|start| bytes[start] == b'<' || bytes[start] == 0xfe || bytes[start] == 0xff)
}

/// A sitemap as plain text: one address a line.
fn plain(bytes: &[u8]) -> Result<xml::Parsed, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text
        .lines()
        .map(|line| line.trim_matches(['\u{feff}', ' ', '\t', '\r']))
        .filter(|line| !line.is_empty());
    let mut parsed = xml::Parsed::default();
    for line in lines.by_ref().take(MAX_URLS) {
        if !line.starts_with("http://") && !line.starts_with("https://") {
            return Err(format!("“{}” is no address", line.chars().take(60).collect::<String>()));
        }
        parsed.urls.push(Entry { loc: line.to_owned(), ..Entry::default() });
    }
    parsed.over_limit = lines.next().is_some();
    Ok(parsed)
}
