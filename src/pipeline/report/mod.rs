//! The report of one visit to one source: what was asked, what was found, what became of it, in numbers and names.

mod show;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::crawl::{Asked, CrawlReport};
use crate::identity::Verdict;
use crate::model::{Cause, DiscoveryMethod, NotArticle, Shape, SourceId, short_text};

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every listing that was asked answered, and every page could be read or was rightly held back.
    Ok,
    /// Something failed, and something else went well.
    Partial,
    /// Nothing of the source could be read.
    Failed,
}

impl Outcome {
    /// One word, for metrics and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }
}

/// A page that was not published, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotPublished {
    /// Its address.
    pub url: String,
    /// The reason, for people, without the address.
    pub why: String,
    /// Why it is no article, if it came.
    #[serde(skip)]
    pub not_article: Option<NotArticle>,
    /// Why it did not come.
    pub cause: Option<Cause>,
    /// Whether nothing was ever read at this address.
    #[serde(skip)]
    pub is_new: bool,
    /// Whether it was named by something that names articles alone: a feed, the API.
    #[serde(skip)]
    pub is_certain: bool,
    /// Whether it is the first time in a row that it gives nothing.
    #[serde(skip)]
    pub is_first: bool,
    /// Its place among the pages of the visit.
    #[serde(skip)]
    pub place: usize,
}

/// So many pages that cannot be fetched, and none that can, are a failure of the visit.
const MIN_FAILED_PAGES: usize = 3;
/// What is said of a portal whose pages name no article.
const NAMES_NO_ARTICLE: &str = "it names no article; is it a notice, or filled by scripts? name a feed or another listing in the source file";

/// The report of one visit to one source.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The source.
    pub source: String,
    /// When the visit began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// Listings, feeds, sitemaps and API addresses, in the order they were asked.
    pub asked: Vec<Asked>,
    /// Candidates that were not known before.
    pub found: usize,
    /// New articles.
    pub new: usize,
    /// Articles whose words changed.
    pub edited: usize,
    /// Articles read again with the same words, or not modified.
    pub same: usize,
    /// Texts that joined another article.
    pub joined: usize,
    /// Articles whose kept page reads otherwise by the template as it is now; no edits.
    pub reprocessed: usize,
    /// Articles that were taken down.
    pub removed: usize,
    /// Pages that are no articles, and were held back.
    pub held: Vec<NotPublished>,
    /// Pages that could not be fetched.
    pub failed: Vec<NotPublished>,
    /// What deserves a word but is no failure: a rule that found nothing, links to other hosts.
    pub notes: Vec<String>,
    /// Article pages that still wait to be read.
    pub waiting: u64,
    /// Requests this visit made.
    pub requests: u64,
    /// Whether any published byte can have changed.
    pub changed: bool,
    /// Held pages of which the portal says itself that they are gone.
    #[serde(skip)]
    pub gone: usize,
    /// What the new articles have, each with its place among the pages of the visit.
    #[serde(skip)]
    pub shapes: Vec<(usize, Shape)>,
    /// Pages that were settled, whatever became of them.
    #[serde(skip)]
    pub settled: usize,
    /// Other sources of which an entry changed too, since it is now linked with one of this source.
    #[serde(skip)]
    pub also_changed: BTreeSet<SourceId>,
    /// How long the portal asked us to wait before the next visit.
    #[serde(skip)]
    pub asked_pause: Option<Duration>,
}

impl Report {
    /// An empty report of a visit that begins now.
    pub fn begin(source: &SourceId, started: Timestamp) -> Self {
        Self {
            source: source.to_string(),
            started,
            finished: started,
            outcome: Outcome::Ok,
            asked: Vec::new(),
            found: 0,
            new: 0,
            edited: 0,
            same: 0,
            joined: 0,
            reprocessed: 0,
            removed: 0,
            held: Vec::new(),
            failed: Vec::new(),
            notes: Vec::new(),
            waiting: 0,
            requests: 0,
            changed: false,
            gone: 0,
            shapes: Vec::new(),
            settled: 0,
            also_changed: BTreeSet::new(),
            asked_pause: None,
        }
    }

    /// Takes over what asking the discovery methods gave.
    pub fn take_crawl(&mut self, crawl: CrawlReport) {
        self.asked.extend(crawl.asked);
        self.notes.extend(crawl.notes);
        self.found += crawl.found;
        self.requests += crawl.requests;
        self.asked_pause = self.asked_pause.max(crawl.asked_pause);
    }

    /// Counts what a committed page was found to be.
    pub fn count(&mut self, verdict: &Verdict, changed: bool) {
        match verdict {
            Verdict::New => self.new += 1,
            Verdict::Same => self.same += 1,
            Verdict::Edit => self.edited += 1,
            Verdict::Duplicate { .. } => self.joined += 1,
        }
        self.changed |= changed;
    }

    /// Settles the outcome from what was noted.
    pub fn finish(mut self, finished: Timestamp) -> Self {
        self.finished = finished;
        let answered = self.asked.iter().any(|asked| asked.trouble.is_none());
        let refused = self.asked.iter().any(|asked| asked.wanted && asked.trouble.is_some());
        let names_no_article = self.names_no_article();
        // One page that cannot be had says nothing about the portal.
        let left_alone = self.failed.iter().any(|page| page.cause == Some(Cause::LeftAlone));
        let unreadable = self.read() == 0 && (self.failed.len() >= MIN_FAILED_PAGES || left_alone);
        self.outcome = if !answered || unreadable || names_no_article.is_some() {
            Outcome::Failed
        } else if refused || !self.failed.is_empty() || self.is_all_held() {
            Outcome::Partial
        } else {
            Outcome::Ok
        };
        self.notes.extend(names_no_article);
        self
    }

    /// Whether the next visit may follow at once: pages wait that were never tried, and those before them could be read.
    pub fn goes_on(&self) -> bool {
        self.waiting > 0 && self.outcome != Outcome::Failed && self.read() > 0
    }

    /// How many pages were read as articles.
    fn read(&self) -> usize {
        self.new + self.edited + self.same + self.joined
    }

    /// What to say if web pages were all that answered and none of them names an article: a notice, a wall, or lists
    /// that only scripts fill.
    fn names_no_article(&self) -> Option<String> {
        let mut answered = self.asked.iter().filter(|asked| asked.trouble.is_none());
        let is_bare = |asked: &Asked| asked.named == Some(0) && asked.method == DiscoveryMethod::Listing;
        let first = answered.clone().all(is_bare).then(|| answered.next()).flatten()?;
        Some(told(NAMES_NO_ARTICLE, &first.url))
    }

    /// Whether pages were read, and every one of them was held back though the portal does not say that it is gone.
    fn is_all_held(&self) -> bool {
        self.read() == 0 && self.held.len() > self.gone + 1
    }

    /// The first reason for which the visit is not `Ok`, for people: cause first, then the address, short.
    pub fn trouble(&self) -> Option<String> {
        let listing = self.asked.iter().find(|asked| asked.wanted && asked.trouble.is_some());
        let listing = listing.and_then(|asked| asked.trouble.as_ref().map(|why| told(why, &asked.url)));
        let held = self.held.first().filter(|_| self.is_all_held());
        let page = self.failed.first().or(held);
        self.names_no_article().or(listing).or_else(|| page.map(|page| told(&page.why, &page.url)))
    }
}

fn told(why: &str, url: &str) -> String {
    format!("{why} ({})", short_text(url))
}
