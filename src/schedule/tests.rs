use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::rhythm::{Situation, next_visit};
use crate::config::Every;

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;

fn every() -> Every {
    Every { min: Duration::from_secs(5 * MINUTE), max: Duration::from_secs(6 * HOUR) }
}

fn zone() -> TimeZone {
    TimeZone::get("Asia/Ho_Chi_Minh").expect("bundled")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

/// Four weeks of a portal that publishes four articles an hour from 8 to 17 on working days.
fn office_hours(until: Timestamp) -> Vec<Timestamp> {
    let start = until - SignedDuration::from_hours(28 * 24);
    let quarter = |n: i64| start + SignedDuration::from_mins(15 * n);
    let open = |at: &Timestamp| {
        let local = zone().to_datetime(*at);
        (8..17).contains(&local.hour()) && local.weekday().to_monday_zero_offset() < 5
    };
    (0..28 * 96).map(quarter).filter(open).collect()
}

fn pause(
    now: Timestamp,
    publications: &[Timestamp],
    failures: u32,
    asked: Option<Duration>,
    chance: f64,
) -> Duration {
    let zone = zone();
    let situation = Situation { now, every: every(), zone: &zone, publications, failures, asked, chance };
    next_visit(&situation).duration_since(now).try_into().expect("never in the past")
}

#[test]
fn a_busy_hour_is_visited_often_and_the_night_seldom() {
    let wednesday_noon = at("2024-07-03T05:00:00Z");
    let publications = office_hours(wednesday_noon);
    assert_eq!(pause(wednesday_noon, &publications, 0, None, 0.5), Duration::from_secs(5 * MINUTE));
    let wednesday_night = at("2024-07-03T15:00:00Z");
    let at_night = pause(wednesday_night, &publications, 0, None, 0.5);
    assert!(at_night > Duration::from_secs(HOUR), "{at_night:?}");
}

#[test]
fn the_next_visit_is_in_whole_seconds_and_never_too_soon() {
    for now in ["2024-07-03T05:00:00Z", "2024-07-03T05:00:00.7Z", "2024-07-03T05:00:00.000000001Z"].map(at) {
        let next =
            now + SignedDuration::try_from(pause(now, &office_hours(now), 0, None, 0.0)).expect("a pause");
        assert_eq!(next.subsec_nanosecond(), 0, "{now}: the store keeps whole seconds");
        assert!(next.duration_since(now) >= SignedDuration::from_mins(5), "{now}: {next}");
    }
}

#[test]
fn the_first_office_hour_is_not_slept_through() {
    let five_in_the_morning = at("2024-07-02T22:00:00Z");
    let publications = office_hours(five_in_the_morning);
    let until = five_in_the_morning
        + SignedDuration::try_from(pause(five_in_the_morning, &publications, 0, None, 0.5)).expect("small");
    let local = zone().to_datetime(until);
    assert!(local.hour() <= 8, "{local}");
}

#[test]
fn bounds_hold_whatever_chance_says() {
    let now = at("2024-07-03T05:00:00Z");
    for chance in [0.0, 0.3, 1.0] {
        for publications in [Vec::new(), office_hours(now)] {
            let pause = pause(now, &publications, 0, None, chance);
            assert!(pause >= every().min && pause <= every().max, "{pause:?}");
        }
    }
}

#[test]
fn failures_double_the_pause_up_to_the_longest() {
    let now = at("2024-07-03T05:00:00Z");
    let minutes = |failures, chance| pause(now, &[], failures, None, chance).as_secs() / MINUTE;
    let pauses = |chance| [minutes(1, chance), minutes(2, chance), minutes(3, chance), minutes(40, chance)];
    assert_eq!(pauses(0.0), [10, 20, 40, 360], "never sooner");
    assert_eq!(pauses(1.0), [11, 22, 44, 360]);
}

#[test]
fn a_portal_that_asks_for_patience_gets_it() {
    let now = at("2024-07-03T05:00:00Z");
    let asked = Duration::from_secs(8 * HOUR);
    assert_eq!(pause(now, &[], 0, Some(asked), 0.5), asked);
    let rude = Duration::from_secs(400 * HOUR);
    assert_eq!(pause(now, &[], 0, Some(rude), 0.5), Duration::from_secs(24 * HOUR));
}
