//! What is remembered of a source's discovery methods between visits: which of them answered, and how far the last
//! discovery reached.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::Backfill;
use crate::fetch::RobotsEntry;

/// So often a later page of a listing is asked for again: some pagers lead to a page that is never there.
const MAX_UNREAD_ATTEMPTS: u32 = 5;
/// Listings of which a page is still to be read, at most.
const MAX_UNREAD_PAGES: usize = 64;

/// What discovery remembers of a source. The store keeps it as the text of its JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DiscoveryState {
    /// The root of the WordPress API, once it answered.
    pub wp_api: Option<Url>,
    /// Whether the front page names WordPress as its software.
    pub wordpress: bool,
    /// Feeds that were found and answered.
    pub feeds: Vec<Url>,
    /// Sitemaps that were found and answered.
    pub sitemaps: Vec<Url>,
    /// Sections that the portal's menu names.
    pub sections: Vec<(String, Url)>,
    /// When the front page was last asked for what it advertises.
    pub looked: Option<Timestamp>,
    /// When a discovery first went through everything the backfill asks for.
    pub complete: Option<Timestamp>,
    /// What backfill that discovery was for. Another one is a reason to begin anew.
    pub backfill: Option<String>,
    /// First discoveries so far that something broke off.
    pub attempts: u32,
    /// When everything known was last compared with the sitemaps.
    pub reconciled: Option<Timestamp>,
    /// The latest modification that the API told of: where `modified_after` goes on.
    pub modified: Option<Timestamp>,
    /// The page of the API at which a long first discovery was interrupted.
    pub resume: Option<u32>,
    /// Pages of listings at which a look for news was broken off, with the listing: news may stand there that no visit saw.
    pub unread_pages: Vec<UnreadPage>,
    /// robots.txt as it was last read, so that an outage or a restart does not lose it.
    pub robots: Vec<RobotsEntry>,
}

/// A later page of a listing that could not be had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnreadPage {
    /// The listing's first page.
    pub listing: Url,
    /// The page.
    pub page: Url,
    /// How often the look for news was broken off.
    pub attempts: u32,
}

impl DiscoveryState {
    /// Takes out the page at which the last look at a listing was broken off.
    pub fn take_unread(&mut self, listing: &Url) -> Option<UnreadPage> {
        let place = self.unread_pages.iter().position(|unread| unread.listing == *listing)?;
        Some(self.unread_pages.swap_remove(place))
    }

    /// Notes at which page the look at a listing was broken off, unless that was so too often.
    pub fn note_unread(&mut self, listing: &Url, page: Url, attempts: u32) {
        if attempts <= MAX_UNREAD_ATTEMPTS && self.unread_pages.len() < MAX_UNREAD_PAGES {
            self.unread_pages.push(UnreadPage { listing: listing.clone(), page, attempts });
        }
    }

    /// Reads what [`DiscoveryState::to_text`] wrote. What cannot be read is forgotten, and found out again.
    pub fn from_text(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// The text the store keeps.
    pub fn to_text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// Whether the last whole discovery was for another backfill: then what it declined is to be considered again.
    pub fn is_for_another(&self, backfill: Backfill) -> bool {
        self.complete.is_some() && self.backfill.as_ref().is_some_and(|then| *then != in_words(backfill))
    }
}

/// A backfill as it is remembered.
pub(super) fn in_words(backfill: Backfill) -> String {
    match backfill {
        Backfill::All => "all".to_owned(),
        Backfill::Articles(limit) => format!("{limit} articles"),
        Backfill::Within(span) => format!("{} s", span.as_secs()),
    }
}
