//! What is remembered of a source's doors between visits: which rungs answered, and how far the last one reached.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// What discovery remembers of a source. The store keeps it as the text of its JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The API's address, once it answered.
    pub wp_api: Option<Url>,
    /// Feeds that answered.
    pub feeds: Vec<Url>,
    /// Sitemaps that answered.
    pub sitemaps: Vec<Url>,
    /// Listing pages that answered.
    pub listings: Vec<Url>,
    /// When the doors were last looked for.
    pub looked: Option<Timestamp>,
    /// When everything the portal has was last gone through.
    pub complete: Option<Timestamp>,
    /// The newest modification time the API told of: where `modified_after` goes on.
    pub modified: Option<Timestamp>,
}

impl Memory {
    /// Reads what [`Memory::to_text`] wrote. What cannot be read is forgotten: the doors are looked for again.
    pub fn from_text(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// The text the store keeps.
    pub fn to_text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}
