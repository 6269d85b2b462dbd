//! How long a portal may be silent.

use jiff::{SignedDuration, Timestamp};

use super::*;

/// Publication times from `from` on for some days: on each day those hours (of Viet Nam) at which `hours` says so.
pub(super) fn published(
    from: Timestamp,
    days: i64,
    hours: impl Fn(i64, i8) -> &'static [i64],
) -> Vec<Timestamp> {
    let zone = zone();
    let day = |n: i64| {
        let midnight = from + SignedDuration::from_hours(24 * n);
        let weekday = zone.to_datetime(midnight).weekday().to_monday_zero_offset();
        hours(n, weekday)
            .iter()
            .map(move |hour| midnight + SignedDuration::from_hours(*hour))
            .collect::<Vec<_>>()
    };
    (0..days).flat_map(day).collect()
}

fn late_after(publications: &[Timestamp], hours: i64) -> bool {
    let zone = zone();
    let newest = *publications.last().expect("some");
    let rhythm = Rhythm { zone: &zone, publications };
    rhythm.silence(None, newest + SignedDuration::from_hours(hours)).is_some()
}

#[test]
fn silence_is_measured_by_the_hours_in_which_a_portal_publishes() {
    // Midnight in Viet Nam, a Monday.
    let from = at("2024-05-05T17:00:00Z");
    let office = published(from, 54, |_, weekday| if weekday < 5 { &[8, 10, 14, 16] } else { &[] });
    // It ends on a Friday at 16 h.
    assert!(!late_after(&office, 24 * 3 - 7), "a weekend");
    assert!(!late_after(&office, 24 * 3 + 3), "the Monday after");
    assert!(late_after(&office, 24 * 7), "the Friday after");
    let daily = published(from, 60, |_, _| &[9]);
    assert!(!late_after(&daily, 40));
    assert!(late_after(&daily, 24 * 6));
    let monthly = published(at("2023-05-05T17:00:00Z"), 400, |day, _| if day % 30 == 0 { &[9] } else { &[] });
    assert!(!late_after(&monthly, 24 * 45));
    assert!(late_after(&monthly, 24 * 180));
    let busy = published(from, 54, |_, _| &[6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 19]);
    assert!(!late_after(&busy, 20));
    assert!(late_after(&busy, 24 * 4));
}

#[test]
fn holidays_and_young_sources_are_silent_without_alarm() {
    let from = at("2024-11-30T17:00:00Z");
    let before_new_year = published(from, 55, |_, weekday| if weekday < 5 { &[8, 10, 14, 16] } else { &[] });
    // The last is of 24 January 2025, the new year of 29 January.
    assert!(!late_after(&before_new_year, 24 * 12), "the week of Tết");
    assert!(late_after(&before_new_year, 24 * 21));
    let young = published(at("2024-06-30T17:00:00Z"), 5, |_, _| &[8, 9, 10, 11, 14, 15, 16]);
    assert!(!late_after(&young, 24 * 3), "its first weekend");
    assert!(late_after(&young, 24 * 9));
    assert!(late_after(&young, 24 * 5), "the Friday after");
    assert!(!late_after(&young[..3], 24 * 5), "three articles say nothing");
}

#[test]
fn a_silent_source_is_told_unless_something_else_explains_it() {
    let mut followed = Followed::usual();
    followed.record.heard = None;
    followed.publications = published(at("2024-04-30T17:00:00Z"), 50, |_, _| &[8, 10, 14, 16]);
    followed.visit(usual_answers(), []);
    assert_eq!(followed.kinds(), [Kind::Late]);
    for _ in 0..2 {
        followed.visit(vec![failing(HOME, Cause::Tls), failing(FEED, Cause::Tls)], []);
    }
    assert_eq!(followed.kinds(), [Kind::Tls]);
}
