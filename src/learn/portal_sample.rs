//! What was fetched of a portal: everything that inference looks at, and nothing else.

use jiff::tz::TimeZone;
use url::Url;

use crate::discover::autodiscovery::Advertised;
use crate::model::{Candidate, Document, Page};

/// An address that was asked, and what came of it, for the report and for comments in the source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What was asked.
    pub url: Url,
    /// What came of it, a few words.
    pub outcome: String,
}

/// A page that lists articles.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name in the menu; `None` for the front page, which mixes categories.
    pub name: Option<String>,
    /// Its first page.
    pub url: Url,
    /// The articles that are its own: not those which stand beside every page of the portal.
    pub own: Vec<Candidate>,
    /// The second page, if there is one and it brought articles which the first does not have.
    pub next: Option<Url>,
}

/// A feed, sitemap or API that answered.
#[derive(Clone, Debug)]
pub struct MethodSample {
    /// What answered, as it would be asked again.
    pub url: Url,
    /// What came.
    pub document: Document,
    /// The articles that it names.
    pub candidates: Vec<Candidate>,
    /// Answers of that kind there are in all, where it says so.
    pub total_pages: Option<u32>,
}

/// A page that should be an article's, with what the listings say of it.
#[derive(Clone, Debug)]
pub struct PageSample {
    /// The page.
    pub page: Page,
    /// What API, feed and listings said.
    pub candidate: Candidate,
}

/// Everything that was fetched.
#[derive(Clone, Debug)]
pub struct PortalSample {
    /// What was asked for.
    pub asked: Url,
    /// The address that the portal will be followed by.
    pub home: Url,
    /// The zone in which dates of listings that name none were read.
    pub zone: TimeZone,
    /// The front page.
    pub front: Page,
    /// What it advertises.
    pub advertised: Advertised,
    /// The WordPress API.
    pub api: Option<MethodSample>,
    /// The feeds.
    pub feeds: Vec<MethodSample>,
    /// The sitemaps that were read: roots, and of an index some of the files below.
    pub sitemaps: Vec<MethodSample>,
    /// The listings, the front page first.
    pub sections: Vec<Section>,
    /// The article pages.
    pub page_samples: Vec<PageSample>,
    /// Everything that was asked, in order.
    pub tried: Vec<Tried>,
}

impl PortalSample {
    /// What was tried without success.
    pub fn failures<'a>(&'a self, of: &'a [Url]) -> impl Iterator<Item = &'a Tried> {
        self.tried.iter().filter(move |tried| of.contains(&tried.url))
    }
}
