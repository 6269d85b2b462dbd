//! When an article is read again, so that edits are found (pure).

use jiff::{SignedDuration, Timestamp};

/// Ages at which an article is read again, in minutes after its publication: 5 minutes, half an hour, 2 hours, a day,
/// a week. Corrections cluster in the first hours; each further read costs the portal a request.
const AGES_MINUTES: [i64; 5] = [5, 30, 2 * 60, 24 * 60, 7 * 24 * 60];

/// Pauses after a page could not be fetched, in minutes: within the hour, within the day, then daily for two weeks. A
/// page that fails alone for so long does not come back, and asking for ever costs the portal a request a day for each.
const FAILED_PAUSES_MINUTES: [i64; 18] = {
    let mut pauses = [24 * 60; 18];
    (pauses[0], pauses[1], pauses[2], pauses[3], pauses[4]) = (5, 15, 60, 4 * 60, 12 * 60);
    pauses
};

/// Pauses after the portal said that a page is not there, in minutes. A portal that is being moved says so for hours or
/// days, and the address that is asked for a last time after a month has been gone for good.
const GONE_PAUSES_MINUTES: [i64; 8] = [5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 7 * 24 * 60, 30 * 24 * 60];

/// Pauses after reads that gave no article, in minutes; after the last one nobody asks again.
const HELD_PAUSES_MINUTES: [i64; 4] = [10, 60, 24 * 60, 7 * 24 * 60];

/// When an article published at `published` and read at `now` is due again; `None` once it is older than the last age.
pub fn after_reading(published: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let published = published.min(now);
    AGES_MINUTES.iter().map(|age| published + SignedDuration::from_mins(*age)).find(|due| *due > now)
}

/// When a page that could not be fetched is tried again, after `failures` failures in a row including this one; `None`
/// once it is given up.
pub fn after_failure(failures: u32, now: Timestamp) -> Option<Timestamp> {
    after(&FAILED_PAUSES_MINUTES, failures, now)
}

/// When a page that is not there is looked for again.
pub fn after_gone(failures: u32, now: Timestamp) -> Option<Timestamp> {
    after(&GONE_PAUSES_MINUTES, failures, now)
}

/// When a page that was no article is looked at again: it may have been an empty shell, a notice or a half page.
pub fn after_holding(failures: u32, now: Timestamp) -> Option<Timestamp> {
    after(&HELD_PAUSES_MINUTES, failures, now)
}

fn after(pauses: &[i64], failures: u32, now: Timestamp) -> Option<Timestamp> {
    let index = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
    pauses.get(index).map(|pause| now + SignedDuration::from_mins(*pause))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(from: Timestamp, to: Option<Timestamp>) -> Option<i64> {
        to.map(|to| to.duration_since(from).as_mins())
    }

    #[test]
    fn reads_grow_apart_with_age() {
        let published: Timestamp = "2024-07-03T09:55:00Z".parse().expect("a timestamp");
        let after = |age: i64| {
            minutes(published, after_reading(published, published + SignedDuration::from_mins(age)))
        };
        assert_eq!(after(0), Some(5));
        assert_eq!(after(5), Some(30));
        assert_eq!(after(29), Some(30));
        assert_eq!(after(31), Some(120));
        assert_eq!(after(60 * 24), Some(7 * 24 * 60));
        assert_eq!(after(60 * 24 * 8), None);
        assert_eq!(after(-600), Some(-595), "a date ahead counts as now");
    }

    #[test]
    fn what_gives_nothing_is_given_up_in_the_end() {
        let now: Timestamp = "2024-07-03T09:55:00Z".parse().expect("a timestamp");
        assert_eq!(minutes(now, after_failure(1, now)), Some(5));
        assert_eq!(minutes(now, after_failure(18, now)), Some(24 * 60));
        assert_eq!(after_failure(19, now), None);
        assert_eq!(minutes(now, after_gone(8, now)), Some(30 * 24 * 60));
        assert_eq!(after_gone(9, now), None);
        assert_eq!(minutes(now, after_holding(1, now)), Some(10));
        assert_eq!(after_holding(5, now), None);
    }
}
