//! A candidate: an article URL that a listing named, with what it said of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::AddAssign;
use url::Url;

/// The discovery method that named a candidate, best informed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiscoveryMethod {
    /// The WordPress REST API.
    WpJson,
    /// The portal's own RSS, Atom or JSON feed.
    Feed,
    /// An XML sitemap.
    Sitemap,
    /// A listing page for people.
    Listing,
}

impl DiscoveryMethod {
    /// The name used in configuration, reports and the database.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WpJson => "wp-json",
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Listing => "listing",
        }
    }

    /// Whether what it names are articles, and never sections or other pages.
    pub(crate) fn names_only_articles(self) -> bool {
        matches!(self, Self::WpJson | Self::Feed)
    }

    /// Reads what [`DiscoveryMethod::name`] wrote.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::WpJson, Self::Feed, Self::Sitemap, Self::Listing]
            .into_iter()
            .find(|method| method.name() == name)
    }
}

impl fmt::Display for DiscoveryMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// An article URL that a listing named, with what the listing said of it. Everything but `url` and `method` may be
/// missing, and nothing of it is believed over the article's own page.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Absolute, as the listing gave it, without fragment and tracking parameters.
    pub url: Url,
    /// Which discovery method named it.
    pub(crate) method: DiscoveryMethod,
    /// The listing, feed or sitemap it stood in.
    pub(crate) listing: Url,
    /// The portal's post id, from the API, a `?p=` guid or a class.
    pub(crate) post_id: Option<u64>,
    /// Title, entities decoded once, NFC.
    pub(crate) title: Option<String>,
    /// When the listing says it was published.
    pub(crate) published: Option<Timestamp>,
    /// When the listing says it was last changed (`modified_gmt`, `atom:updated`, `lastmod`).
    pub(crate) updated: Option<Timestamp>,
    /// Authors as the feed names them; a CMS account rather than the byline, so the weakest of origins.
    pub(crate) authors: Vec<String>,
    /// Names of categories, as for people ("Y tế").
    pub(crate) categories: Vec<String>,
    /// The article's HTML where the method carries it whole (`content.rendered`, `content:encoded`).
    pub(crate) content: Option<String>,
}

/// What became of offered candidates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// Candidates the frontier did not know.
    pub new: usize,
    /// Candidates it knew.
    pub known: usize,
    /// Known candidates whose `updated` has moved since they were last read: due at once.
    pub changed: usize,
}

impl AddAssign for Offered {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.known += other.known;
        self.changed += other.changed;
    }
}

impl Candidate {
    /// A candidate of which only the address is known.
    pub fn new(url: Url, method: DiscoveryMethod, listing: Url) -> Self {
        Self {
            url,
            method,
            listing,
            post_id: None,
            title: None,
            published: None,
            updated: None,
            authors: Vec::new(),
            categories: Vec::new(),
            content: None,
        }
    }
}
