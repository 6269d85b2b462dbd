//! The values that go into the store and come out of it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use crate::identity::{Fingerprint, Verdict};
use crate::model::{
    Article, Candidate, DiscoveryMethod, Held, HeldPage, NotArticle, SourceId, UrlKey, Validators,
};

/// What is known of one article URL and when it is due again.
#[derive(Clone, Debug)]
pub struct FrontierEntry {
    /// The row, to name it by in later calls.
    pub row: i64,
    /// What the listing said, merged over all listings that named it.
    pub candidate: Candidate,
    /// For a conditional request.
    pub validators: Validators,
    /// Fetches that failed in a row.
    pub failures: u32,
    /// How often it was read with success.
    pub visits: u32,
    /// When it was first named.
    pub first_seen: Timestamp,
    /// The stored article it turned out to be, if it was read.
    pub article: Option<i64>,
    /// When its article was published, if it was read.
    pub published: Option<Timestamp>,
}

/// Everything one read page leads to: committed whole or not at all.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The frontier row that was read.
    pub frontier: i64,
    /// The clean article, as if it were new: id and key are its own, even if the store knows it under another.
    pub article: Article,
    /// Its words, folded and hashed.
    pub fingerprint: Fingerprint,
    /// The month of its publication in the source's own calendar.
    pub month: Month,
    /// Every address it answers to: requested, final, canonical, shortlink.
    pub aliases: Vec<Url>,
    /// Which discovery method found it, for `explain`.
    pub method: DiscoveryMethod,
    /// For the next conditional request.
    pub validators: Validators,
    /// The page as fetched, for `replay`; `None` keeps nothing.
    pub raw_html: Option<String>,
    /// When it was fetched.
    pub fetched: Timestamp,
    /// When it is due again; `None` for never.
    pub due: Option<Timestamp>,
    /// How the page came to be read.
    pub occasion: Occasion,
    /// [`crate::model::Template::pages`] of the template that it was read by.
    pub read_by: u32,
}

impl Commit {
    /// The commit of an article that was fetched at `fetched` from a source whose calendar is that of `zone`. It answers
    /// to no other address, nothing of its page is kept, and it is never due again.
    pub fn of(
        frontier: i64,
        article: Article,
        method: DiscoveryMethod,
        fetched: Timestamp,
        zone: &TimeZone,
    ) -> Self {
        Self {
            frontier,
            fingerprint: Fingerprint::of(&article.title, &article.text),
            month: Month::of(article.published, zone),
            aliases: Vec::new(),
            method,
            validators: Validators::default(),
            raw_html: None,
            fetched,
            due: None,
            occasion: Occasion::Fetched,
            read_by: 0,
            article,
        }
    }
}

/// How a page came to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It was fetched: other words than before are an edit.
    Fetched,
    /// It was fetched and says what it said before; only we read it otherwise now: a better extractor, a rule, a learned
    /// template. Then other words are no edit: no revision, and `updated` stays.
    Alike,
    /// It was kept, and is read again: no edit either. Nothing was heard of the portal, so the frontier stands as it
    /// stood, and an article that was taken down stays down.
    Kept,
}

impl Occasion {
    /// Whether other words are our reading and no edit.
    pub fn is_ours(self) -> bool {
        self != Self::Fetched
    }
}

/// How a commit ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// The article's row.
    pub row: i64,
    /// What it was found to be, with the reason.
    pub verdict: Verdict,
    /// Whether any published byte can have changed.
    pub changed: bool,
    /// Other sources of which an entry changed too, since it is now linked with this one.
    pub also_changed: Vec<SourceId>,
}

/// Why a frontier entry could not be read this time.
#[derive(Clone, Debug, PartialEq)]
pub enum FetchFailure {
    /// May pass: try again at `due`.
    Later {
        /// The message for people.
        why: String,
    },
    /// 404 or 410: counts towards a tombstone.
    Gone,
    /// Read, and no article; what it would have published.
    NotArticle(NotArticle, Option<Box<HeldPage>>),
    /// Fetched, and no page: too large, another kind of content, a coding that cannot be undone.
    Unreadable {
        /// The message for people.
        why: String,
    },
    /// Will not be fetched: robots.txt, another host, an address that is refused.
    Refused {
        /// The message for people.
        why: String,
    },
}

/// What the store remembers of a listing, feed, sitemap or API address.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListingState {
    /// For a conditional request.
    pub validators: Validators,
    /// SHA-256 of the last body, where the portal gives no validators.
    pub digest: Option<String>,
    /// When it last answered.
    pub answered: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
}

/// Which articles a feed or page holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Every source.
    All,
    /// Every source but these.
    Without(Vec<SourceId>),
    /// One source.
    Source(SourceId),
    /// One category of a source, by its slug.
    Category(SourceId, String),
}

/// An article with what only the store knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its row.
    pub row: i64,
    /// The article.
    pub article: Article,
    /// When anything of it that is published last changed: the feed's `Last-Modified`.
    pub changed: Timestamp,
    /// How many earlier texts are kept.
    pub revisions: u32,
    /// Atom ids and URLs of the same release at other sources.
    pub related: Vec<Url>,
}

/// An article that the portal has taken down (RFC 6721).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Its Atom id.
    pub id: String,
    /// When that was confirmed.
    pub at: Timestamp,
}

/// An article of which something that is published changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its row.
    pub row: i64,
    /// When it changed.
    pub at: Timestamp,
    /// What it is called in URLs.
    pub slug: String,
    /// The month it is archived under.
    pub month: Month,
}

/// An earlier text of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// When it was replaced.
    pub replaced: Timestamp,
    /// Its title.
    pub title: String,
    /// Its body.
    pub html: String,
}

/// A category of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// As for people: "Y tế".
    pub name: String,
    /// As in URLs: `y-te`; unique within its source.
    pub slug: String,
    /// How many articles it holds.
    pub articles: u64,
}

/// A month that has articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// Year of the source's calendar.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl Month {
    /// The month that a time lies in, by the calendar of a zone.
    pub fn of(time: Timestamp, zone: &TimeZone) -> Self {
        let there = zone.to_datetime(time);
        Self { year: there.year(), month: there.month() }
    }

    /// Months since the year 0: what the database sorts by.
    pub(super) fn number(self) -> i64 {
        i64::from(self.year) * 12 + i64::from(self.month) - 1
    }

    /// Reads what [`Month::number`] gave.
    pub(super) fn from_number(number: i64) -> Self {
        let year = i16::try_from(number.div_euclid(12)).unwrap_or(i16::MAX);
        Self { year, month: i8::try_from(number.rem_euclid(12)).unwrap_or(0) + 1 }
    }
}

/// How a source stands, for schedule, health and the front page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceState {
    /// When the next visit is due; `None` before the first.
    pub due: Option<Timestamp>,
    /// When the last visit ended.
    pub visited: Option<Timestamp>,
    /// When a visit last succeeded.
    pub succeeded: Option<Timestamp>,
    /// Visits that failed in a row.
    pub failures: u32,
    /// The last failure, for people.
    pub trouble: Option<String>,
    /// Stored articles, tombstones not counted.
    pub articles: u64,
    /// Addresses that were never tried and are to be: the backfill that is left. All are due now.
    pub waiting: u64,
    /// Addresses that are held back.
    pub held: u64,
    /// The newest article's publication time.
    pub newest: Option<Timestamp>,
    /// Anything the discovery and schedule code wants to remember, as JSON of its own making.
    pub memory: Option<String>,
    /// What health remembers of the source, as JSON of its own making.
    pub health: Option<String>,
}

/// What is known of an address, for `tinsach explain`.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The frontier entry.
    pub entry: FrontierEntry,
    /// When it is due again.
    pub due: Option<Timestamp>,
    /// The article, if it became one.
    pub article: Option<Stored>,
    /// Every address it answers to.
    pub aliases: Vec<UrlKey>,
    /// The verdict of its last commit and the reason, for people.
    pub verdict: Option<String>,
    /// Its last failure, for people.
    pub trouble: Option<String>,
    /// Why it is held back, if it is.
    pub held: Option<Held>,
}
