//! What a request prefers and what it already has: RFC 9110 sections 12 and 13, as pure functions of header text.

use jiff::Timestamp;

use crate::publish::{Body, Coding, Edition};

/// Media types by which a program says that it came for a feed. `application/xml` and `*/*` are there because
/// programs send them alone, while browsers give them less weight than `text/html`.
const FEED_TYPES: &[&str] = &[
    "application/atom+xml",
    "application/rss+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
    "*/*",
];

/// The elements of a list header with their weights in thousandths (RFC 9110 section 12.4.2); a weight that cannot be
/// read counts as 1.
fn weighted(header: &str) -> impl Iterator<Item = (&str, u16)> {
    header.split(',').filter_map(|element| {
        let mut parts = element.split(';');
        let name = parts.next().unwrap_or_default().trim();
        let weight = parts
            .filter_map(|parameter| parameter.trim().split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(1000, |(_, value)| thousandths(value.trim()));
        (!name.is_empty()).then_some((name, weight))
    })
}

fn thousandths(value: &str) -> u16 {
    match value.parse::<f32>() {
        // In range after the clamp; a NaN becomes 0.
        Ok(weight) => (weight.clamp(0.0, 1.0) * 1000.0) as u16,
        Err(_) => 1000,
    }
}

/// Whether the sender would rather have a page for people than a feed: `text/html` named, with more weight than any
/// feed type. At a tie the feed wins, since feed readers list `text/html` too (they look for autodiscovery links).
pub fn prefers_page(accept: &str) -> bool {
    let mut page = 0;
    let mut feed = 0;
    for (name, weight) in weighted(accept) {
        if name.eq_ignore_ascii_case("text/html") {
            page = page.max(weight);
        } else if FEED_TYPES.iter().any(|kind| name.eq_ignore_ascii_case(kind)) {
            feed = feed.max(weight);
        }
    }
    page > feed
}

/// The body to send: the acceptable coding of most weight, our own order at a tie. Without the header, and when nothing
/// that is acceptable is there, the body goes out as it is (RFC 9110 section 12.5.3).
pub fn choose<'a>(edition: &'a Edition, accept_encoding: Option<&str>) -> &'a Body {
    let Some(header) = accept_encoding else { return edition.identity() };
    let mut best = None;
    for body in &edition.bodies {
        let weight = weight_of(body.coding, header);
        if weight > 0 && best.is_none_or(|(_, most)| weight > most) {
            best = Some((body, weight));
        }
    }
    best.map_or(edition.identity(), |(body, _)| body)
}

fn weight_of(coding: Coding, header: &str) -> u16 {
    let alias = if coding == Coding::Gzip { "x-gzip" } else { coding.name() };
    let mut wildcard = None;
    for (name, weight) in weighted(header) {
        if name.eq_ignore_ascii_case(coding.name()) || name.eq_ignore_ascii_case(alias) {
            return weight;
        }
        if name == "*" {
            wildcard = Some(weight);
        }
    }
    // Identity is acceptable unless ruled out, but never preferred to a coding that was asked for.
    wildcard.unwrap_or(if coding == Coding::Identity { 1 } else { 0 })
}

/// Whether the sender's copy is current (RFC 9110 section 13.2.2): `If-None-Match` decides alone where it is there.
pub fn is_current(
    etag: &str,
    last_modified: Option<Timestamp>,
    if_none_match: Option<&str>,
    if_modified_since: Option<&str>,
) -> bool {
    if let Some(list) = if_none_match {
        return names_etag(list, etag);
    }
    let (Some(changed), Some(since)) = (last_modified, if_modified_since) else { return false };
    let Ok(since) = httpdate::parse_http_date(since.trim()) else { return false };
    Timestamp::try_from(since).is_ok_and(|since| changed.as_second() <= since.as_second())
}

/// Weak comparison (RFC 9110 section 8.8.3.2) of a validator with a list. Our own validators hold no comma.
fn names_etag(list: &str, etag: &str) -> bool {
    list.split(',')
        .map(str::trim)
        .any(|given| given == "*" || given.strip_prefix("W/").unwrap_or(given) == etag)
}

/// A language that pages for people are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Vietnamese: the portal's, and so the default.
    Vietnamese,
    English,
}

impl Language {
    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    /// The one that the sender of `Accept-Language` would rather read. Vietnamese wins a tie; somebody who reads
    /// neither gets English.
    pub fn of(accept_language: &str) -> Self {
        let mut vietnamese = 0;
        let mut english = 0;
        let mut wildcard = accept_language.trim().is_empty();
        for (range, weight) in weighted(accept_language) {
            let primary = range.split('-').next().unwrap_or_default();
            if primary.eq_ignore_ascii_case("vi") {
                vietnamese = vietnamese.max(weight);
            } else if primary.eq_ignore_ascii_case("en") {
                english = english.max(weight);
            } else if primary == "*" && weight > 0 {
                wildcard = true;
            }
        }
        match (vietnamese, english) {
            (0, 0) if wildcard => Self::Vietnamese,
            (vietnamese, english) if vietnamese > 0 && vietnamese >= english => Self::Vietnamese,
            _ => Self::English,
        }
    }
}
