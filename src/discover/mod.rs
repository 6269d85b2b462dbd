//! Discovery: a listing page, an upstream feed, a sitemap or an answer of the WordPress API in, candidates out (pure).
//!
//! Each discovery method is a file or folder with one verb: [`feed::read`], [`wp_json::posts`], [`sitemap::read`],
//! [`listing::read`]. [`autodiscovery::find`] says which methods a portal advertises, [`merge::merge`] joins what several methods
//! said of the same articles. A link off the portal is never a candidate, and everything here is bounded: by the
//! number of tags, links, items and bytes that are looked at, never by recursion.

pub mod autodiscovery;
mod dom;
mod error;
pub mod feed;
mod hints;
pub mod listing;
pub mod merge;
pub mod site;
pub mod sitemap;
mod text;
pub mod wp_json;

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

pub use error::DiscoverError;

use crate::dates::DateContext;
use crate::text::normalize;

/// What a method may know besides the bytes it reads.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The portal's front page: a link that leaves its site ([`site::is_within`]) is no candidate.
    pub home: &'a Url,
    /// The zone that dates without an offset are read in.
    pub time_zone: &'a TimeZone,
    /// BCP 47 tag of the portal's language: it decides the order of day and month where nothing else does.
    pub language: &'a str,
    /// How far ahead of the fetch a date may lie.
    pub max_future: Duration,
    /// The category that every article of this listing belongs to, as for people; `None` for a mixed listing.
    pub category: Option<&'a str>,
}

impl Context<'_> {
    /// What the dates of a document are read with.
    fn dates(&self, fetched: Timestamp) -> DateContext<'_> {
        DateContext { zone: self.time_zone, fetched, language: self.language, max_future: self.max_future }
    }

    /// A URL as it stands in a document, made absolute, without fragment and trackers, with the scheme and host that
    /// answered (those of `home` where the document itself came from elsewhere); `None` if it is no web address or
    /// leaves the site.
    fn within(&self, href: &str, base: &Url, answered: &Url) -> Option<Url> {
        let url = base.join(href.trim()).ok()?;
        let answered = if site::is_within(answered, self.home) { answered } else { self.home };
        site::is_within(&url, self.home).then(|| site::settle(&url, answered))
    }

    /// The listing's category as the list a candidate carries.
    fn categories(&self) -> Vec<String> {
        self.category.map(normalize).filter(|name| !name.is_empty()).into_iter().collect()
    }
}
