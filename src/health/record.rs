//! What is remembered of a source's visits: folded anew with each, bounded, kept by the store as JSON.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::finding::{Finding, Status};
use super::judge;
use super::run::MAX_SHAPES;
use super::silence::Rhythm;
use super::visit::{Answer, Failure, PageRead, Visit};
use crate::article::{Cause, NotArticle, Shape};

/// Listings that are remembered.
const MAX_LISTINGS: usize = 64;
/// A listing that was not asked for this long is forgotten: it is not followed any more. Sitemaps are asked daily.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(8 * 24);
/// Findings that have ended and are still told.
const MAX_ENDED: usize = 10;
/// How much the latest answer weighs in what a listing usually names.
const WEIGHT: f32 = 0.2;
/// A page that names this many times fewer articles than usual names hardly any.
const HARDLY_ANY: f32 = 5.0;
/// Longest text of a reason, in characters.
const MAX_WHY: usize = 300;

/// Something that came several times in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Streak<T> {
    /// The first time.
    pub since: Timestamp,
    /// How often.
    pub count: u32,
    /// What came last.
    pub last: T,
}

/// What is remembered of a listing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Listing {
    /// When it was last asked.
    pub asked: Timestamp,
    /// How many articles it usually names.
    #[serde(default)]
    pub typical: Option<f32>,
    /// Answers that named no article, or hardly any of as many as usual, in a row; and how many the last one did.
    #[serde(default)]
    pub empty: Option<Streak<usize>>,
    /// Failures in a row.
    #[serde(default)]
    pub failing: Option<Streak<Failure>>,
    /// Answers from elsewhere, in a row, and from where.
    #[serde(default)]
    pub moved: Option<Streak<String>>,
    /// Whether it is a page, which cannot rightly be empty.
    #[serde(default)]
    pub is_page: bool,
    /// Whether it was last asked at a visit of which nothing could be read.
    #[serde(default)]
    pub in_outage: bool,
}

/// Pages that gave nothing, in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pages<T> {
    /// When the first did.
    pub since: Timestamp,
    /// Different pages.
    pub pages: u32,
    /// Visits at which any did.
    pub visits: u32,
    /// The address of the last.
    pub url: String,
    /// Why it did.
    pub why: T,
}

/// Pages of one sort that gave nothing since one of that sort was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Unread {
    /// Held back.
    pub held: Option<Pages<NotArticle>>,
    /// Not fetched.
    pub failed: Option<Pages<Failure>>,
}

/// What is remembered of a source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    pub(super) listings: BTreeMap<String, Listing>,
    /// Visits in a row of which nothing could be read.
    pub(super) failed_visits: u32,
    /// New pages that gave nothing since a new one was read.
    pub(super) new: Unread,
    /// Known pages that gave nothing since any page was read.
    pub(super) known: Unread,
    /// When a new article was last read.
    pub(super) heard: Option<Timestamp>,
    /// What the last new articles had, oldest first.
    pub(super) shapes: VecDeque<Shape>,
    /// What is wrong now, gravest first.
    pub findings: Vec<Finding>,
    /// What was wrong and is over, newest first.
    pub ended: VecDeque<Finding>,
}

/// A finding that began or ended with a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is told for the first time.
    Began(Finding),
    /// It is over.
    Ended(Finding),
}

impl Record {
    /// Reads what [`Record::to_text`] wrote. What cannot be read is forgotten: it is learned anew within days.
    pub fn from_text(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// The text the store keeps.
    pub fn to_text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// Takes in a visit and says what began and what ended with it.
    pub fn take_in(&mut self, visit: &Visit, rhythm: Rhythm<'_>) -> Vec<Change> {
        self.failed_visits = if visit.is_failed { self.failed_visits + 1 } else { 0 };
        for answer in &visit.answers {
            self.answered(answer, visit.at);
        }
        for listing in self.listings.values_mut() {
            listing.after(visit);
        }
        self.listings.retain(|_, listing| listing.asked + FORGOTTEN > visit.at);
        while self.listings.len() > MAX_LISTINGS {
            self.listings.pop_last();
        }
        self.pages_read(visit);
        let found = judge::findings(self, visit.at, rhythm);
        self.settle(found, visit.at)
    }

    /// How the source stands at `now`; one that was never visited is not this record's affair.
    pub fn status(&self, now: Timestamp) -> Status {
        self.findings.iter().map(|finding| finding.status(now)).max().unwrap_or(Status::Ok)
    }

    fn answered(&mut self, answer: &Answer, at: Timestamp) {
        if !answer.is_wanted && !self.listings.contains_key(&answer.url) && answer.failure.is_some() {
            return;
        }
        let listing = self.listings.entry(answer.url.clone()).or_insert_with(|| Listing::new(at));
        listing.asked = at;
        listing.is_page = answer.is_page;
        if let Some(failure) = &answer.failure {
            listing.fail(failure, at);
            return;
        }
        listing.failing = None;
        match &answer.moved_to {
            Some(to) => listing.moved = Some(again(listing.moved.take(), at, to.clone())),
            None => listing.moved = None,
        }
        match (answer.named, &listing.empty) {
            (Some(named), _) => listing.named(named, at),
            // It has not changed, so it is as empty as it was.
            (None, Some(empty)) => listing.named(empty.last, at),
            (None, None) => {}
        }
    }

    fn pages_read(&mut self, visit: &Visit) {
        let mut touched = [false; 4];
        for page in &visit.pages {
            match page {
                PageRead::Read { new } => {
                    self.known = Unread::default();
                    if let Some(shape) = new {
                        self.new = Unread::default();
                        self.heard = Some(visit.at);
                        self.shapes.push_back(*shape);
                    }
                }
                PageRead::Held { url, why, is_new, is_first, .. } if counts(page) => {
                    touched[usize::from(*is_new)] = true;
                    let unread = if *is_new { &mut self.new } else { &mut self.known };
                    unread.held = Some(one_more(unread.held.take(), visit.at, url, *why, *is_first));
                }
                PageRead::Held { .. } => {}
                PageRead::Failed { url, failure, is_new } => {
                    touched[2 + usize::from(*is_new)] = true;
                    let unread = if *is_new { &mut self.new } else { &mut self.known };
                    let is_other = unread.failed.as_ref().is_none_or(|pages| pages.url != *url);
                    unread.failed =
                        Some(one_more(unread.failed.take(), visit.at, url, bounded(failure), is_other));
                }
            }
        }
        let visits = [
            self.known.held.as_mut().map(|pages| &mut pages.visits),
            self.new.held.as_mut().map(|pages| &mut pages.visits),
            self.known.failed.as_mut().map(|pages| &mut pages.visits),
            self.new.failed.as_mut().map(|pages| &mut pages.visits),
        ];
        for (visits, _) in visits.into_iter().zip(touched).filter(|(_, touched)| *touched) {
            if let Some(visits) = visits {
                *visits = visits.saturating_add(1);
            }
        }
        self.shapes.drain(..self.shapes.len().saturating_sub(MAX_SHAPES));
    }

    /// Puts what was found in the place of what was known: a finding that lasts keeps its beginning.
    fn settle(&mut self, mut found: Vec<Finding>, at: Timestamp) -> Vec<Change> {
        let before = std::mem::take(&mut self.findings);
        let mut changes = Vec::new();
        for finding in &mut found {
            match before.iter().find(|known| known.kind == finding.kind) {
                Some(known) => finding.since = known.since,
                None => changes.push(Change::Began(finding.clone())),
            }
        }
        for known in before {
            if found.iter().all(|finding| finding.kind != known.kind) {
                let ended = Finding { seen: at, ..known };
                self.ended.push_front(ended.clone());
                changes.push(Change::Ended(ended));
            }
        }
        self.ended.truncate(MAX_ENDED);
        self.findings = found;
        changes
    }
}

impl Listing {
    fn new(asked: Timestamp) -> Self {
        Self {
            asked,
            typical: None,
            empty: None,
            failing: None,
            moved: None,
            is_page: false,
            in_outage: false,
        }
    }

    /// After every answer of a visit was noted. What is asked only when all else fails is not asked again once that is well:
    /// its failures were those of the whole portal, and are over with them.
    fn after(&mut self, visit: &Visit) {
        if self.asked == visit.at {
            self.in_outage = visit.is_failed;
        } else if self.in_outage && !visit.is_failed {
            (self.failing, self.empty, self.moved, self.in_outage) = (None, None, None, false);
        }
    }

    /// Notes how many articles it named. A page that names a handful where it named dozens shows its menu alone; a feed
    /// may hold as few as it likes.
    fn named(&mut self, named: usize, at: Timestamp) {
        let count = named as f32;
        let is_hardly_any = |typical: f32| self.is_page && count * HARDLY_ANY <= typical;
        if named == 0 || self.typical.is_some_and(is_hardly_any) {
            self.empty = Some(again(self.empty.take(), at, named));
            return;
        }
        self.empty = None;
        self.typical = Some(self.typical.map_or(count, |typical| typical + WEIGHT * (count - typical)));
    }

    /// Notes a failure. That we did not even ask, since the host has failed too often or asked for a pause, says no more
    /// than what was known before.
    fn fail(&mut self, failure: &Failure, at: Timestamp) {
        let was_asked = !matches!(failure.cause, Cause::LeftAlone | Cause::Stopping);
        let before = self.failing.take();
        let last = match &before {
            Some(streak) if !was_asked => streak.last.clone(),
            _ => bounded(failure),
        };
        self.failing = (was_asked || before.is_some()).then(|| again(before, at, last));
    }
}

/// Whether a new page that was held says that articles cannot be read. What a list names may be no article at all: a
/// section, a page of its menu.
fn counts(page: &PageRead) -> bool {
    match page {
        PageRead::Held { why: NotArticle::Listing | NotArticle::Empty, is_certain, .. } => *is_certain,
        PageRead::Held { .. } => true,
        _ => false,
    }
}

/// One page more that gave nothing; one that did so before is the same page, unless it is all that is known.
fn one_more<T>(before: Option<Pages<T>>, at: Timestamp, url: &str, why: T, is_other: bool) -> Pages<T> {
    let (since, pages, visits) = before.map_or((at, 0, 0), |pages| (pages.since, pages.pages, pages.visits));
    let pages = if is_other { pages.saturating_add(1) } else { pages.max(1) };
    Pages { since, pages, visits, url: url.to_owned(), why }
}

fn again<T>(before: Option<Streak<T>>, at: Timestamp, last: T) -> Streak<T> {
    let (since, count) = before.map_or((at, 0), |streak| (streak.since, streak.count));
    Streak { since, count: count.saturating_add(1), last }
}

fn bounded(failure: &Failure) -> Failure {
    let why = failure.why.chars().take(MAX_WHY).collect();
    Failure { cause: failure.cause, why }
}
