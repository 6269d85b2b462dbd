//! Whether a source is silent for longer than it ever is.
//!
//! Silence is measured in what should have come: the hours since the newest article, each weighed with how many articles
//! the source usually publishes in that hour of its week. A portal that sleeps at night and at weekends is not late in
//! the morning, whether it publishes forty articles a day or one a month.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::holidays::is_holiday;
use super::week::{hour_of_week, weekly_rates};

/// When a source published.
#[derive(Clone, Copy, Debug)]
pub struct Rhythm<'a> {
    /// The source's zone: its week is what repeats.
    pub zone: &'a TimeZone,
    /// When its latest articles were published, in any order.
    pub publications: &'a [Timestamp],
}

/// What a silence is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Silence {
    /// Since when nothing came.
    pub since: Timestamp,
    /// A long pause of this source as it usually is, in hours.
    pub usual_hours: f64,
}

/// Articles that came out within so many seconds of each other are one event: offices publish by the batch.
const BATCH: i64 = 3600;
/// No silence is remarkable before it lasted this many hours.
const MIN_SILENCE_HOURS: f64 = 24.0;
/// A history shorter than this many hours has not shown enough weekends; one of a busy portal never reaches as far …
const YOUNG_HOURS: f64 = 21.0 * 24.0;
/// … so that a silence must be longer than this there, weekends and days off counted as little as they are expected to be
/// busy.
const YOUNG_SILENCE_HOURS: f64 = 48.0;
/// Gaps from which a rhythm can be told; below that only the longest of them is known.
const MIN_GAPS: usize = 8;
/// Where few gaps are known: a silence is remarkable after so many hours, and so many times the longest gap.
const FEW_GAPS: (usize, f64, f64) = (3, 7.0 * 24.0, 3.0);
/// Of the gaps, weighed by what should have come, this share is no longer than a usual long pause.
const LONG_PAUSE: f64 = 0.95;
/// Of the gaps in hours, this share is no longer than the longest pause that is usual: weekends are among them, an outage
/// of ours or a holiday is not. A silence half as long again is remarkable.
const LONGEST_PAUSE: (f64, f64) = (0.98, 1.5);
/// A silence is remarkable at so many usual long pauses …
const TIMES: f64 = 3.0;
/// … and, where articles come by chance, when its chance is less than one in a million: for events that come by chance
/// (exponential gaps of mean 1) median and 95 % quantile lie 2.3 apart, and a gap of 14 has the chance 8e-7.
const BY_CHANCE: (f64, f64) = (13.0, 2.3);
/// An hour of a day off counts this much: nobody is missed then.
const HOLIDAY: f64 = 0.02;
/// An hour of Saturday or Sunday counts this much, also where the portal is usually busy then.
const WEEKEND: f64 = 0.25;
/// The longest silence that is measured, in hours: beyond it more makes no difference.
const MAX_HOURS: i64 = 366 * 24;

impl Rhythm<'_> {
    /// Says of a source that was last heard of at `heard` (a new article was read) whether it is late at `now`.
    pub(super) fn silence(&self, heard: Option<Timestamp>, now: Timestamp) -> Option<Silence> {
        let events = events(self.publications, now);
        let newest = *events.last()?;
        let since = heard.map_or(newest, |heard| heard.max(newest)).min(now);
        let silent = hours(since, now);
        if silent < MIN_SILENCE_HOURS {
            return None;
        }
        let is_usual = |pair: &&[Timestamp]| !self.has_holiday(pair[0], pair[1]);
        let gaps: Vec<f64> = events.windows(2).filter(is_usual).map(|pair| hours(pair[0], pair[1])).collect();
        let (share, factor) = LONGEST_PAUSE;
        let usual_hours = quantile(&gaps, share)?;
        let is_late = if gaps.len() < MIN_GAPS {
            let (few, least, times) = FEW_GAPS;
            let longest = gaps.iter().copied().fold(0.0, f64::max);
            gaps.len() >= few && silent > least && silent > times * longest
        } else {
            let span = hours(*events.first()?, now);
            silent > factor * usual_hours
                && (span >= YOUNG_HOURS || sum(since, now, |at| self.weight(at)) >= YOUNG_SILENCE_HOURS)
                && self.is_remarkable(&events, since, now)
        };
        is_late.then_some(Silence { since, usual_hours })
    }

    /// How many articles should have come between two times, as the source usually publishes; `None` if that is not known.
    pub(super) fn expected(&self, since: Timestamp, now: Timestamp) -> Option<f64> {
        let rates = weekly_rates(since, self.zone, self.publications)?;
        Some(sum(since, now, |at| rates[hour_of_week(at, self.zone)] * self.weight(at)))
    }

    /// How many articles came out between two times.
    pub(super) fn came(&self, since: Timestamp, until: Timestamp) -> usize {
        self.publications.iter().filter(|at| since < **at && **at <= until).count()
    }

    fn is_remarkable(&self, events: &[Timestamp], since: Timestamp, now: Timestamp) -> bool {
        let newest = events.last().copied().unwrap_or(now);
        // Only the time in which the source was heard of says how often that is.
        let Some(rates) = weekly_rates(newest, self.zone, events) else { return false };
        let rate = |at: Timestamp| rates[hour_of_week(at, self.zone)];
        let gaps: Vec<f64> = events.windows(2).map(|pair| sum(pair[0], pair[1], rate)).collect();
        let (Some(median), Some(long)) = (quantile(&gaps, 0.5), quantile(&gaps, LONG_PAUSE)) else {
            return false;
        };
        let (spread, unit) = BY_CHANCE;
        let bound = (TIMES * long).max(1.0 + spread * (long - median) / unit);
        sum(since, now, |at| rate(at) * self.weight(at)) > bound
    }

    /// Whether a pause of days may be owed to a day off in it.
    fn has_holiday(&self, from: Timestamp, to: Timestamp) -> bool {
        let days = to.duration_since(from).as_hours() / 24;
        let day = |n: i64| from.checked_add(SignedDuration::from_hours(24 * n)).unwrap_or(to);
        // A gap of a month has one of them nearly always: it is the rule there.
        (1..10).contains(&days) && (0..=days).any(|n| is_holiday(day(n), self.zone))
    }

    fn weight(&self, at: Timestamp) -> f64 {
        let is_weekend = self.zone.to_datetime(at).weekday().to_monday_zero_offset() >= 5;
        match (is_holiday(at, self.zone), is_weekend) {
            (true, _) => HOLIDAY,
            (false, true) => WEEKEND,
            (false, false) => 1.0,
        }
    }
}

/// Publication times up to `now`, oldest first, those of a batch as one.
fn events(publications: &[Timestamp], now: Timestamp) -> Vec<Timestamp> {
    let mut times: Vec<Timestamp> = publications.iter().copied().filter(|at| *at <= now).collect();
    times.sort_unstable();
    times.dedup_by(|later, earlier| later.as_second() - earlier.as_second() < BATCH);
    times
}

fn hours(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 3600.0
}

/// The sum of `rate` over the hours between two times.
fn sum(from: Timestamp, to: Timestamp, rate: impl Fn(Timestamp) -> f64) -> f64 {
    let whole = to.duration_since(from).as_hours().clamp(0, MAX_HOURS);
    let part = (hours(from, to) - whole as f64).clamp(0.0, 1.0);
    let at = |hour: i64| from.checked_add(SignedDuration::from_hours(hour)).unwrap_or(to);
    (0..whole).map(|hour| rate(at(hour))).sum::<f64>() + part * rate(at(whole))
}

/// The value that a `share` of the values do not exceed; `None` of none.
fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let index = (share * (sorted.len().saturating_sub(1)) as f64).round();
    sorted.get(index as usize).copied()
}
