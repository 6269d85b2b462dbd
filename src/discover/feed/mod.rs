//! The portal's own RSS, Atom or JSON Feed → candidates.
//!
//! `feed-rs` reads the formats. What is ours: dates that follow no standard, the post id in a WordPress `guid`, telling
//! whole articles from excerpts, items that name no place of the portal, and mending the two faults that feeds really
//! have, a bare `&` and a cut end.

mod item;
mod mend;
#[cfg(test)]
mod tests;

use std::time::Duration;

use chrono::{DateTime, Utc};
use feed_rs::model::{Feed, FeedType};
use feed_rs::parser;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::{Context, DiscoverError, site};
use crate::dates::{self, DateContext};
use crate::model::{Candidate, Document};
pub use mend::Mended;

/// Most items of one feed that are looked at. The largest feeds seen hold some thousand.
pub const MAX_ITEMS: usize = 10_000;
const EXPECTED: &str = "a feed";

/// What a feed named.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedRead {
    /// The items that name a place of the portal, in the feed's order, each place once.
    pub candidates: Vec<Candidate>,
    /// Where older items are (RFC 5005: `next` of a paged feed, `prev-archive` of an archived one; `next_url` of a JSON
    /// Feed).
    pub next: Option<Url>,
    /// How long the feed asks to be left alone (`ttl` of RSS). Not `sy:updatePeriod`, which WordPress always sends.
    pub ttl: Option<Duration>,
    /// What was wrong with the feed and could be mended.
    pub mended: Option<Mended>,
    /// The items that were left out, each with the reason, for the report.
    pub skipped: Vec<String>,
}

/// Reads a feed.
///
/// # Errors
/// If the document is empty, a web page, or no feed of any format.
pub fn read(document: &Document, context: &Context<'_>) -> Result<FeedRead, DiscoverError> {
    let bytes = trimmed(&document.bytes);
    refuse_other_kinds(bytes, &document.url)?;
    let (feed, mended) = parse(bytes, document, context)?;
    let next = next_of(&feed, bytes, &document.url).filter(|next| *next != document.url);
    // A feed may live elsewhere than its portal, but its pages live together.
    let next =
        next.filter(|next| site::is_within(next, &document.url) || site::is_within(next, context.home));
    let ttl =
        feed.ttl.filter(|minutes| *minutes > 0).map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    let items = item::Items::read(&feed, document, context);
    Ok(FeedRead { candidates: items.candidates, next, ttl, mended, skipped: items.skipped })
}

/// The document from its first `<` or `{`: byte order marks, blank lines and the notices of a badly kept server go.
fn trimmed(bytes: &[u8]) -> &[u8] {
    // Two-byte encodings keep their mark, without which they cannot be told.
    if bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(&[0xff, 0xfe]) {
        return bytes;
    }
    let head = &bytes[..bytes.len().min(4_096)];
    let declared = head.windows(5).position(|window| window == b"<?xml");
    let start = declared.or_else(|| bytes.iter().position(|byte| matches!(byte, b'<' | b'{')));
    &bytes[start.unwrap_or(bytes.len())..]
}

fn refuse_other_kinds(bytes: &[u8], url: &Url) -> Result<(), DiscoverError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(DiscoverError::Empty { url: Box::new(url.clone()), expected: EXPECTED });
    }
    if looks_like_web_page(bytes) {
        return Err(DiscoverError::WebPage { url: Box::new(url.clone()), expected: EXPECTED });
    }
    Ok(())
}

/// Whether a document begins as HTML does.
pub(super) fn looks_like_web_page(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1_024)]).to_ascii_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let at = |mark: &str| head.find(mark).unwrap_or(usize::MAX);
    let html = at("<!doctype html").min(at("<html")).min(at("<head")).min(at("<body"));
    head.starts_with('<')
        && html != usize::MAX
        && html < at("<rss").min(at("<feed")).min(at("<rdf")).min(at("<urlset")).min(at("<sitemapindex"))
}

fn parse(
    bytes: &[u8],
    document: &Document,
    context: &Context<'_>,
) -> Result<(Feed, Option<Mended>), DiscoverError> {
    let fault = match parse_once(bytes, document, context) {
        Ok(feed) => return Ok((feed, None)),
        Err(fault) => fault,
    };
    for (bytes, mended) in mend::attempts(bytes) {
        if let Ok(feed) = parse_once(&bytes, document, context) {
            return Ok((feed, Some(mended)));
        }
    }
    Err(DiscoverError::Malformed {
        url: Box::new(document.url.clone()),
        expected: EXPECTED,
        reason: fault.to_string(),
    })
}

fn parse_once(
    bytes: &[u8],
    document: &Document,
    context: &Context<'_>,
) -> Result<Feed, parser::ParseFeedError> {
    // `feed-rs` wants a date reader that owns all it needs.
    let (zone, language) = (context.time_zone.clone(), context.language.to_owned());
    let (fetched, max_future) = (document.fetched, context.max_future);
    parser::Builder::new()
        .base_uri(Some(document.url.as_str()))
        .timestamp_parser(move |text| {
            read_date(text, &DateContext { zone: &zone, fetched, language: &language, max_future })
        })
        .build()
        .parse(bytes)
}

/// Reads a date of a feed in the type of `feed-rs`. That crate's own reader would take every unknown zone name for UTC.
fn read_date(text: &str, context: &DateContext<'_>) -> Option<DateTime<Utc>> {
    let at = dates::read_w3c(text, context)?.at;
    DateTime::from_timestamp(at.as_second(), at.subsec_nanosecond().unsigned_abs())
}

/// A moment in the type of `feed-rs` → one in ours.
fn moment(at: DateTime<Utc>) -> Option<Timestamp> {
    Timestamp::new(at.timestamp(), i32::try_from(at.timestamp_subsec_nanos()).ok()?).ok()
}

fn next_of(feed: &Feed, bytes: &[u8], base: &Url) -> Option<Url> {
    if feed.feed_type == FeedType::JSON {
        #[derive(Deserialize)]
        struct Paged {
            next_url: Option<String>,
        }
        let paged: Paged = serde_json::from_slice(bytes).ok()?;
        return base.join(paged.next_url?.trim()).ok();
    }
    let rel = |rel: &str| feed.links.iter().find(|link| link.rel.as_deref() == Some(rel));
    let link = rel("next").or_else(|| rel("prev-archive"))?;
    base.join(link.href.trim()).ok()
}
