//! What is remembered of one address that lists articles.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::finding::Kind;
use super::visit::{Answer, Failure, Visit};
use crate::model::Cause;

/// What is seen at so many visits in a row is no accident: after a failure the pause is at least twice `every.min`, in which
/// a restart, an update or a full cache is over.
pub(super) const CONFIRMED: u32 = 2;
/// How much the latest answer weighs in what a listing usually names.
const WEIGHT: f32 = 0.2;
/// How much it weighs in what a listing names at the least: a feed that holds its newest articles grows when it is young.
const SLOW_WEIGHT: f32 = 0.02;
/// A page that names this many times fewer articles than usual names hardly any.
const HARDLY_ANY: f32 = 5.0;
/// A listing that names hardly any this many times in a row means to.
const ACCEPTED: u32 = 40;
/// Longest text of a reason, in characters.
const MAX_WHY: usize = 300;

/// Something that came several times in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Streak<T> {
    pub since: Timestamp,
    pub count: u32,
    pub last: T,
}

/// Failures in a row. One visit that meets something else does not give them another name: an accident may come before an
/// outage or in the midst of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failing {
    pub since: Timestamp,
    /// Visits that failed, whatever the reason.
    pub count: u32,
    /// What it is called by, as it was last seen.
    pub last: Failure,
    /// Another reason, if the last visits met one, and how many did.
    #[serde(default)]
    pub other: Option<(Failure, u32)>,
}

impl Failing {
    fn new(failure: Failure, at: Timestamp) -> Self {
        Self { since: at, count: 1, last: failure, other: None }
    }

    fn again(&mut self, failure: Failure) {
        self.count = self.count.saturating_add(1);
        if Kind::of(failure.cause) == Kind::of(self.last.cause) {
            (self.last, self.other) = (failure, None);
            return;
        }
        let is_same = |(other, _): &(Failure, u32)| Kind::of(other.cause) == Kind::of(failure.cause);
        let met = self.other.take().filter(is_same).map_or(1, |(_, met)| met + 1);
        if met < CONFIRMED {
            self.other = Some((failure, met));
        } else {
            self.last = failure;
        }
    }

    /// Whether it is no accident: the same at several visits, or one visit more than that whatever it was.
    pub fn is_confirmed(&self) -> bool {
        self.count > CONFIRMED || (self.count == CONFIRMED && self.other.is_none())
    }
}

/// What is remembered of a listing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Listing {
    pub asked: Timestamp,
    /// How many articles it usually names.
    #[serde(default)]
    pub typical: Option<f32>,
    /// Answers that named no article, or hardly any of as many as usual, in a row; and how many the last one did.
    #[serde(default)]
    pub empty: Option<Streak<usize>>,
    #[serde(default)]
    pub failing: Option<Failing>,
    /// Answers from elsewhere, in a row, and from where.
    #[serde(default)]
    pub moved: Option<Streak<String>>,
    /// Whether it is a page, which cannot rightly be empty.
    #[serde(default)]
    pub is_page: bool,
    /// The fewest articles that it names, but for none; what it named long ago is slowly forgotten.
    #[serde(default)]
    pub least: Option<f32>,
    /// When it first named articles.
    #[serde(default)]
    pub first_named: Option<Timestamp>,
    /// Whether it was last asked at a visit of which nothing could be read, or something else failed.
    #[serde(default)]
    pub in_outage: bool,
}

impl Listing {
    pub fn new(asked: Timestamp) -> Self {
        Self {
            asked,
            typical: None,
            empty: None,
            failing: None,
            moved: None,
            is_page: false,
            least: None,
            first_named: None,
            in_outage: false,
        }
    }

    /// Whether it gave nothing, or something else, when it was last asked.
    pub fn is_in_trouble(&self) -> bool {
        self.failing.is_some() || self.empty.is_some() || self.moved.is_some()
    }

    /// After every answer of a visit was noted. What is asked only when something else fails is not asked again once that
    /// is well: its failures were of the same outage, and are over with it.
    pub fn after(&mut self, url: &str, visit: &Visit) {
        let fails_too = |other: &Answer| other.failure.is_some() && other.url != url;
        let is_outage = visit.is_failed || visit.answers.iter().any(fails_too);
        if self.asked == visit.at {
            self.in_outage = is_outage;
        } else if self.in_outage && !is_outage {
            (self.failing, self.empty, self.moved, self.in_outage) = (None, None, None, false);
        }
    }

    /// Notes how many articles it named. A page that names a handful where it named dozens shows its menu alone; a feed
    /// may hold as few as it likes.
    fn named(&mut self, named: usize, at: Timestamp) {
        let count = named as f32;
        let is_hardly_any = |typical: f32| self.is_page && count * HARDLY_ANY <= typical;
        let accepted = self.empty.as_ref().is_some_and(|empty| empty.count >= ACCEPTED && named > 0);
        if !accepted && (named == 0 || self.typical.is_some_and(is_hardly_any)) {
            self.empty = Some(again(self.empty.take(), at, named));
            return;
        }
        if accepted {
            self.typical = Some(count);
        }
        self.empty = None;
        self.first_named.get_or_insert(at);
        self.least = Some(self.least.map_or(count, |least| count.min(least + SLOW_WEIGHT * (count - least))));
        self.typical = Some(self.typical.map_or(count, |typical| typical + WEIGHT * (count - typical)));
    }

    /// Notes a failure. That we did not even ask, since the host has failed too often or asked for a pause, says no more
    /// than what was known before.
    fn fail(&mut self, failure: &Failure, at: Timestamp) {
        let was_asked = !matches!(failure.cause, Cause::LeftAlone | Cause::Stopping);
        match &mut self.failing {
            Some(failing) if was_asked => failing.again(bounded(failure)),
            Some(failing) => failing.again(failing.last.clone()),
            None => self.failing = was_asked.then(|| Failing::new(bounded(failure), at)),
        }
    }

    /// Takes in what it answered.
    pub fn answered(&mut self, answer: &Answer, at: Timestamp) {
        self.asked = at;
        self.is_page = answer.is_page;
        if let Some(failure) = &answer.failure {
            self.fail(failure, at);
            return;
        }
        self.failing = None;
        match &answer.moved_to {
            Some(to) => self.moved = Some(again(self.moved.take(), at, to.clone())),
            None => self.moved = None,
        }
        match (answer.named, &self.empty) {
            (Some(named), _) => self.named(named, at),
            // It has not changed, so it is as empty as it was.
            (None, Some(empty)) => self.named(empty.last, at),
            (None, None) => {}
        }
    }
}

fn again<T>(before: Option<Streak<T>>, at: Timestamp, last: T) -> Streak<T> {
    let (since, count) = before.map_or((at, 0), |streak| (streak.since, streak.count));
    Streak { since, count: count.saturating_add(1), last }
}

/// A failure whose reason is not too long to keep.
pub(super) fn bounded(failure: &Failure) -> Failure {
    let why = failure.why.chars().take(MAX_WHY).collect();
    Failure { cause: failure.cause, why }
}
