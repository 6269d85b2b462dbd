//! Word of a long visit: a line each half minute, so that a first visit of an hour is not an hour of silence.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a visit goes on before it is told of, and from one line to the next.
const LINE_INTERVAL: Duration = Duration::from_secs(30);
/// Without word for so long, what comes next belongs to another visit.
const VISIT_TIMEOUT: Duration = Duration::from_secs(300);

/// How far a source's visit has come.
#[derive(Clone, Copy)]
struct Visit {
    read: u64,
    heard: Instant,
    told: Instant,
}

/// Lets one word on each source pass every half minute. A visit that is shorter passes without one.
#[derive(Default)]
pub struct EveryHalfMinute {
    visits: Mutex<HashMap<String, Visit>>,
}

impl EveryHalfMinute {
    /// Takes what a visit says of itself (pages read so far, known pages that wait), and gives the line to log if it is
    /// time for one. `now` is of a clock that never goes back.
    pub fn line(&self, source: &str, read: u64, waiting: u64, now: Instant) -> Option<String> {
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = Visit { read, heard: now, told: now };
        let visit = visits.entry(source.to_owned()).or_insert(begun);
        if read < visit.read || now.duration_since(visit.heard) >= VISIT_TIMEOUT {
            *visit = begun;
        }
        (visit.read, visit.heard) = (read, now);
        if now.duration_since(visit.told) < LINE_INTERVAL || waiting == 0 {
            return None;
        }
        visit.told = now;
        Some(format!("{source}: {read} pages read so far, {waiting} still wait"))
    }

    /// Forgets a visit that has ended.
    pub fn ended(&self, source: &str) {
        self.visits.lock().unwrap_or_else(PoisonError::into_inner).remove(source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seconds at which a line came, of a visit that says something at each of `seconds`.
    fn lines(seconds: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let (told, start) = (EveryHalfMinute::default(), Instant::now());
        let is_told = |second: &u64| {
            told.line("haiphong", *second, 500, start + Duration::from_secs(*second)).is_some()
        };
        seconds.into_iter().filter(is_told).collect()
    }

    #[test]
    fn a_long_visit_says_a_line_each_half_minute() {
        assert_eq!(lines(0..100), [30, 60, 90]);
    }

    #[test]
    fn a_short_visit_says_nothing() {
        assert!(lines(0..30).is_empty());
    }

    #[test]
    fn a_slow_visit_is_told_of_when_it_says_something() {
        assert_eq!(lines([0, 10, 59, 61, 95]), [59, 95]);
    }

    #[test]
    fn each_visit_and_each_source_begins_anew() {
        let (told, start) = (EveryHalfMinute::default(), Instant::now());
        let at = |source: &str, read, second| told.line(source, read, 7, start + Duration::from_secs(second));
        assert_eq!(at("a", 0, 0), None);
        assert_eq!(at("b", 0, 29), None);
        assert_eq!(at("b", 1, 30), None);
        assert_eq!(at("a", 5, 31).as_deref(), Some("a: 5 pages read so far, 7 still wait"));
        assert_eq!(at("a", 1, 62), None, "fewer pages than before: another visit");
        assert_eq!(at("a", 2, 700), None, "minutes of silence: another visit");
        told.ended("a");
        assert_eq!(at("a", 9, 740), None, "a visit that ended is not gone on with");
    }

    #[test]
    fn the_end_is_left_to_the_report() {
        let (told, start) = (EveryHalfMinute::default(), Instant::now());
        assert_eq!(told.line("a", 0, 9, start), None);
        assert_eq!(told.line("a", 9, 0, start + Duration::from_secs(40)), None);
    }
}
