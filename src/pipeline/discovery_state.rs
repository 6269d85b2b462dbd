//! What is remembered of a source's doors between visits: which methods answered, and how far the last climb reached.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::fetch::RobotsEntry;

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
    /// When the doors were last looked for.
    pub looked: Option<Timestamp>,
    /// When a climb first went through everything the backfill asks for.
    pub complete: Option<Timestamp>,
    /// What backfill that climb was for. Another one is a reason to climb anew.
    pub backfill: Option<String>,
    /// First climbs so far that something broke off.
    pub attempts: u32,
    /// When everything known was last held against the sitemaps.
    pub reconciled: Option<Timestamp>,
    /// The latest modification that the API told of: where `modified_after` goes on.
    pub modified: Option<Timestamp>,
    /// The page of the API or listing at which a long first climb was interrupted.
    pub resume: Option<u32>,
    /// robots.txt as it was last read, so that an outage or a restart does not lose it.
    pub robots: Vec<RobotsEntry>,
}

impl DiscoveryState {
    /// Reads what [`DiscoveryState::to_text`] wrote. What cannot be read is forgotten: the doors are looked for again.
    pub fn from_text(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// The text the store keeps.
    pub fn to_text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}
