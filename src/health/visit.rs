//! What a visit brought, as health needs it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Cause, NotArticle, Shape};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// By who can mend it.
    pub cause: Cause,
    pub why: String,
}

/// What a listing, feed, sitemap or API address answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub url: String,
    /// Articles it named; `None` if it had not changed or failed.
    pub named: Option<usize>,
    /// Whether the operator asked for it, or it answered before: a guess that fails is no trouble.
    pub is_wanted: bool,
    /// Whether it is a page that lists articles, and not a feed, sitemap or API that may rightly be empty.
    pub is_page: bool,
    /// Why it gave nothing.
    pub failure: Option<Failure>,
    /// Where it led, if that is no longer part of the portal.
    pub moved_to: Option<String>,
}

/// What became of an article's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageRead {
    Read {
        /// What a new article has; `None` for one that was known.
        new: Option<Shape>,
    },
    Held {
        url: String,
        why: NotArticle,
        /// Whether nothing was ever read at this address.
        is_new: bool,
        /// Whether it was named by something that names articles alone: a feed, the API.
        is_certain: bool,
        /// Whether it was held for the first time in a row.
        is_first: bool,
    },
    Failed {
        url: String,
        failure: Failure,
        /// Whether nothing was ever read at this address.
        is_new: bool,
        /// Whether it failed for the first time in a row.
        is_first: bool,
    },
}

/// What a visit to a source brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// When it ended.
    pub at: Timestamp,
    /// What was asked, in order.
    pub answers: Vec<Answer>,
    /// Pages that were read, held or could not be fetched, in order.
    pub pages: Vec<PageRead>,
    /// Whether nothing of the source could be read.
    pub is_failed: bool,
}
