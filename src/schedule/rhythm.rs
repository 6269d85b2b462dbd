//! When to visit a source again (pure): often when its portal publishes, seldom when it sleeps.
//!
//! The rhythm is read off the publication times that the store holds anyway, so there is nothing to keep and nothing
//! to lose: articles are counted by hour of the week in the source's own zone, and the next visit falls where a
//! quarter of an article is to be expected. This is the idea of adaptive crawling by change rate (Cho and
//! Garcia-Molina 2003, "Effective page refresh policies for web crawlers") with the week as the period.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{RoundMode, SignedDuration, Timestamp, TimestampRound, Unit};

use crate::config::Every;
use crate::health::{hour_of_week, weekly_rates};

/// Articles that may be expected to wait at the portal when we come.
const EXPECTED: f64 = 0.25;
/// The step in which the future is searched.
const STEP: Duration = Duration::from_secs(60);
/// The pause before anything is learned.
const UNLEARNED: Duration = Duration::from_secs(15 * 60);
/// Share by which a pause is stretched or shortened at random, so that many sources do not march in step.
const JITTER: f64 = 0.1;

/// What the next visit depends on.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The end of the last visit.
    pub now: Timestamp,
    /// The operator's bounds.
    pub every: Every,
    /// The source's zone: its week is what repeats.
    pub zone: &'a TimeZone,
    /// When its latest articles were published, in any order.
    pub publications: &'a [Timestamp],
    /// Visits that failed in a row.
    pub failures: u32,
    /// How long the portal asked us to wait (`Retry-After`, feed TTL, `max-age`), if it did.
    pub asked: Option<Duration>,
    /// From 0 to 1, by chance.
    pub chance: f64,
}

/// The time of the next visit: never sooner than `every.min`, never later than `every.max`, save where the portal asks
/// for more patience, which is heeded up to a day. In whole seconds, as the store keeps it, rounded up: after a restart it
/// is not a moment too soon.
pub fn next_visit(situation: &Situation<'_>) -> Timestamp {
    let every = situation.every;
    let pause = if situation.failures > 0 {
        // A failing portal is left in peace for twice as long each time.
        every.min.saturating_mul(1 << situation.failures.min(16))
    } else {
        expected_pause(situation)
    };
    let asked = situation.asked.unwrap_or_default().min(Duration::from_secs(24 * 3600));
    let chance = situation.chance.clamp(0.0, 1.0);
    // A failing portal is not asked sooner than that: a look back too early tells an accident from an outage less well.
    let jitter = 1.0 + JITTER * if situation.failures > 0 { chance } else { 2.0 * chance - 1.0 };
    let pause = pause.clamp(every.min, every.max).mul_f64(jitter).clamp(every.min, every.max).max(asked);
    let next = situation.now.checked_add(SignedDuration::try_from(pause).unwrap_or(SignedDuration::MAX));
    let up = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Ceil);
    next.and_then(|next| next.round(up)).unwrap_or(Timestamp::MAX)
}

fn expected_pause(situation: &Situation<'_>) -> Duration {
    let Some(rates) = weekly_rates(situation.now, situation.zone, situation.publications) else {
        return UNLEARNED;
    };
    let mut expected = 0.0;
    let mut pause = Duration::ZERO;
    while expected < EXPECTED && pause < situation.every.max {
        let then = situation
            .now
            .checked_add(SignedDuration::try_from(pause).unwrap_or_default())
            .unwrap_or(situation.now);
        expected += rates[hour_of_week(then, situation.zone)] * STEP.as_secs_f64() / 3600.0;
        pause += STEP;
    }
    pause
}
