//! What is remembered of a source's visits: folded anew with each, bounded, kept by the store as JSON.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::finding::{Finding, Kind, Status};
use super::judge;
use super::listing::Listing;
use super::pages::Unread;
use super::run::{self, Sample};
use super::silence::Rhythm;
use super::visit::{Answer, PageRead, Visit};

/// Listings that are remembered.
const MAX_LISTINGS: usize = 64;
/// A listing that was not asked for this long is forgotten: it is not followed any more. Sitemaps are asked daily.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(8 * 24);
/// What new articles lack is told for this long; then it is how the portal is.
const ACCEPTED: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Findings that have ended and are still told.
const MAX_ENDED: usize = 10;
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
    pub(super) shapes: VecDeque<Sample>,
    /// What is wrong now, gravest first.
    pub findings: Vec<Finding>,
    /// What was wrong and is over, newest first.
    pub(crate) ended: VecDeque<Finding>,
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
    pub(crate) fn to_text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// Takes in a visit and says what began and what ended with it.
    pub(crate) fn take_in(&mut self, visit: &Visit, rhythm: Rhythm<'_>) -> Vec<Change> {
        self.failed_visits = if visit.is_failed { self.failed_visits.saturating_add(1) } else { 0 };
        // The front page may be asked as a listing and for what it advertises: one visit is one answer, the last.
        let mut noted = HashSet::new();
        for answer in visit.answers.iter().rev().filter(|answer| noted.insert(answer.url.as_str())) {
            self.answered(answer, visit.is_failed, visit.at);
        }
        for (url, listing) in &mut self.listings {
            listing.after(url, visit);
        }
        self.listings.retain(|_, listing| listing.asked + FORGOTTEN > visit.at);
        self.forget_listings();
        self.pages_read(visit);
        let found = judge::findings(self, visit.at, rhythm);
        self.settle(found, visit.at)
    }

    /// Keeps to the bound: what is well goes before what is not, then what was not asked for long, then what was met last. The
    /// files of a large sitemap are asked once a day, all at a time.
    fn forget_listings(&mut self) {
        while self.listings.len() > MAX_LISTINGS {
            let worth =
                |listing: &Listing| (listing.is_in_trouble(), listing.asked, Reverse(listing.first_named));
            let least = self.listings.iter().min_by_key(|(_, listing)| worth(listing));
            let Some(url) = least.map(|(url, _)| url.clone()) else { return };
            self.listings.remove(&url);
        }
    }

    /// How the source stands at `now`; one that was never visited is not this record's affair.
    pub(crate) fn status(&self, now: Timestamp) -> Status {
        self.findings.iter().map(|finding| finding.status(now)).max().unwrap_or(Status::Ok)
    }

    /// Whether a listing failed for the first time: the next visit shows whether that was an accident.
    pub fn is_in_doubt(&self) -> bool {
        self.listings.values().any(|listing| listing.failing.as_ref().is_some_and(|it| !it.is_confirmed()))
    }

    fn answered(&mut self, answer: &Answer, is_failed: bool, at: Timestamp) {
        if !answer.is_wanted && answer.failure.is_some() && !is_failed {
            // It is done without. Only where nothing else answers it is missed.
            self.listings.remove(&answer.url);
            return;
        }
        let is_guess = !answer.is_wanted && !self.listings.contains_key(&answer.url);
        if !(is_guess && answer.failure.is_some()) {
            self.listings.entry(answer.url.clone()).or_insert_with(|| Listing::new(at)).answered(answer, at);
        }
    }

    fn pages_read(&mut self, visit: &Visit) {
        let mut shapes = Vec::new();
        let nothing_answers =
            !visit.answers.is_empty() && visit.answers.iter().all(|answer| answer.failure.is_some());
        for page in &visit.pages {
            match page {
                PageRead::Read { new } => {
                    self.known.read();
                    if let Some(shape) = new {
                        self.new.read();
                        self.heard = Some(visit.at);
                        shapes.push(Sample { read_at: visit.at, shape: *shape });
                    }
                }
                // Where no listing answers, pages give nothing for the same reason: it is no trouble of theirs.
                _ if nothing_answers => {}
                PageRead::Held { is_new: true, .. } | PageRead::Failed { is_new: true, .. } => {
                    self.new.missed(page, visit.at);
                }
                PageRead::Held { .. } | PageRead::Failed { .. } => self.known.missed(page, visit.at),
            }
        }
        let is_lacking = |finding: &Finding| {
            matches!(finding.kind, Kind::FieldsLost | Kind::TextCollapsed)
                && finding.since + ACCEPTED > visit.at
        };
        run::remember(&mut self.shapes, &shapes, self.findings.iter().any(is_lacking));
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
