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
mod moment;
pub mod site;
pub mod sitemap;
mod text;
pub mod wp_json;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

pub use error::DiscoverError;

/// Reads a date as people write it ("03/07/2024 16:55", "2 giờ trước"): the text, and the moment that relative dates
/// count from, give the moment meant, or `None` if the text is no date.
pub type ReadDate<'a> = &'a (dyn Fn(&str, Timestamp) -> Option<Timestamp> + Sync);

/// What a method may know besides the bytes it reads.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The portal's front page: a link that leaves its site ([`site::is_within`]) is no candidate.
    pub home: &'a Url,
    /// The zone that dates without an offset are read in.
    pub time_zone: &'a TimeZone,
    /// Reads the dates that follow no standard.
    pub read_date: ReadDate<'a>,
    /// The category that every article of this listing belongs to, as for people; `None` for a mixed listing.
    pub category: Option<&'a str>,
}

impl Context<'_> {
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
        self.category.map(text::plain).filter(|name| !name.is_empty()).into_iter().collect()
    }
}
