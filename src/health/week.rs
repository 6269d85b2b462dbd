//! The week of a source: how many articles it publishes in each hour, in its own time zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

const HOURS_PER_WEEK: usize = 168;
/// Below so many publications nothing can be learned.
const MIN_PUBLICATIONS: usize = 8;

/// Articles an hour for every hour of the week, Monday 0:00 first, smoothed over the hours beside it. Publications after
/// `now` do not count. `None` if too few are known.
pub fn weekly_rates(
    now: Timestamp,
    zone: &TimeZone,
    publications: &[Timestamp],
) -> Option<[f64; HOURS_PER_WEEK]> {
    let times: Vec<Timestamp> = publications.iter().copied().filter(|at| *at <= now).collect();
    let oldest = *times.iter().min()?;
    if times.len() < MIN_PUBLICATIONS {
        return None;
    }
    let span = now.duration_since(oldest).as_secs_f64() / 3600.0;
    // Less than a week of history covers each of its hours at most once.
    let weeks = (span / HOURS_PER_WEEK as f64).max(1.0);
    let mut counts = [0.0; HOURS_PER_WEEK];
    for at in &times {
        counts[hour_of_week(*at, zone)] += 1.0;
    }
    // An hour in which nothing was seen yet is not an hour in which nothing ever happens.
    let floor = 0.1 * times.len() as f64 / span.max(1.0);
    let smooth = |hour: usize| {
        (counts[(hour + HOURS_PER_WEEK - 1) % HOURS_PER_WEEK]
            + 2.0 * counts[hour]
            + counts[(hour + 1) % HOURS_PER_WEEK])
            / 4.0
    };
    Some(std::array::from_fn(|hour| (smooth(hour) / weeks).max(floor)))
}

/// The hour of the week in `zone`, 0 to 167; 0 is the first of Monday.
pub fn hour_of_week(at: Timestamp, zone: &TimeZone) -> usize {
    let local = zone.to_datetime(at);
    let day = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or_default();
    let hour = usize::try_from(local.hour()).unwrap_or_default();
    (day * 24 + hour) % HOURS_PER_WEEK
}
