//! Article pages that gave nothing since one was read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::listing::bounded;
use super::visit::{Failure, PageRead};
use crate::model::NotArticle;

/// How fast it is forgotten how many pages gave nothing: the weight of a page after each one that follows it. Fifty
/// pages are remembered, more or less.
const MEMORY: f64 = 0.98;

/// Pages that gave nothing, in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pages<T> {
    pub since: Timestamp,
    pub pages: u32,
    /// Visits at which any did.
    pub visits: u32,
    /// The address of the last.
    pub url: String,
    pub why: T,
    /// The visit that was counted last.
    pub at: Timestamp,
}

/// Pages of one sort that gave nothing since one of that sort was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Unread {
    pub held: Option<Pages<NotArticle>>,
    /// Held back as lists or without content, though nothing says that they are articles: what a list names may be a
    /// section, a page of its menu. Each page counts once, and only visits that met another one.
    pub doubtful: Option<Pages<NotArticle>>,
    pub failed: Option<Pages<Failure>>,
    /// Pages that were read, and pages that gave nothing, the older the less.
    pub past: (f64, f64),
    /// Pages that gave nothing since one was read.
    missed: u32,
}

impl Unread {
    /// A page was read: what gave nothing before it belongs to the past.
    pub fn read(&mut self) {
        let (read, missed) = self.past;
        let kept = MEMORY.powi(1 + i32::try_from(self.missed.min(1_000)).unwrap_or_default());
        *self = Self { past: (kept * read + 1.0, kept * missed + f64::from(self.missed)), ..Self::default() };
    }

    /// A page gave nothing at the visit `at`.
    pub fn missed(&mut self, page: &PageRead, at: Timestamp) {
        match page {
            PageRead::Held { url, why, is_first, .. } if counts(page) => {
                self.missed = self.missed.saturating_add(u32::from(*is_first));
                one_more(&mut self.held, (at, url), *why, *is_first);
            }
            PageRead::Held { url, why, is_first: true, is_new: true, .. } => {
                one_more(&mut self.doubtful, (at, url), *why, true);
            }
            PageRead::Failed { url, failure, is_first, .. } => {
                self.missed = self.missed.saturating_add(u32::from(*is_first));
                one_more(&mut self.failed, (at, url), bounded(failure), *is_first);
            }
            PageRead::Held { .. } | PageRead::Read { .. } => {}
        }
    }

    /// The chance that a page gives nothing, by the past (the rule of succession, halved: Jeffreys).
    pub fn share_missed(&self) -> f64 {
        let (read, missed) = self.past;
        (missed + 0.5) / (read + missed + 1.0)
    }
}

/// Whether a page that was held says by itself that articles cannot be read.
fn counts(page: &PageRead) -> bool {
    match page {
        PageRead::Held { why: NotArticle::Listing | NotArticle::Empty, is_certain, is_new, .. } => {
            *is_certain || !*is_new
        }
        PageRead::Held { .. } => true,
        _ => false,
    }
}

/// One page more that gave nothing; one that did so before is the same page, unless it is all that is known.
fn one_more<T>(pages: &mut Option<Pages<T>>, (at, url): (Timestamp, &str), why: T, is_other: bool) {
    let before = pages.take();
    let (since, count, visits) =
        before.as_ref().map_or((at, 0, 0), |pages| (pages.since, pages.pages, pages.visits));
    let is_another_visit = before.is_none_or(|pages| pages.at != at);
    let count = if is_other { count.saturating_add(1) } else { count.max(1) };
    let visits = visits.saturating_add(u32::from(is_another_visit));
    *pages = Some(Pages { since, pages: count, visits, url: url.to_owned(), why, at });
}
