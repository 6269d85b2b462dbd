//! Days on which the offices of a country are closed, so that their silence is no trouble.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Zones of Viet Nam, as the time zone database names them.
const VIETNAMESE_ZONES: [&str; 3] = ["Asia/Ho_Chi_Minh", "Asia/Saigon", "Asia/Hanoi"];
/// The first day of the lunar year in Viet Nam, month and day, from 2024 on. Computed by new moons and solar terms at
/// UTC+7 (Ho Ngoc Duc, "Computing the Vietnamese lunar calendar", 2004).
const LUNAR_NEW_YEARS: [(i8, i8); 27] = [
    (2, 10),
    (1, 29),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 2),
    (1, 23),
    (2, 11),
    (1, 31),
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 15),
    (2, 4),
    (1, 24),
    (2, 12),
    (2, 1),
    (1, 22),
    (2, 10),
    (1, 30),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 14),
    (2, 2),
    (1, 23),
];
const FIRST_YEAR: i16 = 2024;
/// Days before and after the first of the lunar year on which hardly anybody works: the government's list of holidays
/// names seven to nine days, and offices stand still for some days more.
const LUNAR_NEW_YEAR_DAYS: std::ops::RangeInclusive<i32> = -4..=9;

/// Whether little or nothing is published on the day of `at` in `zone`, whatever the day of the week.
pub(super) fn is_holiday(at: Timestamp, zone: &TimeZone) -> bool {
    let date = zone.to_datetime(at).date();
    let (month, day) = (date.month(), date.day());
    let year_ends = (month == 12 && day >= 24) || (month == 1 && day <= 2);
    let is_vietnamese = zone.iana_name().is_some_and(|name| VIETNAMESE_ZONES.contains(&name));
    // Reunification and Labour Day, and the National Day, each with the days beside it that are given as bridges.
    let vietnamese = (month == 4 && day >= 29)
        || (month == 5 && day <= 3)
        || ((month, day) >= (8, 31) && (month, day) <= (9, 3))
        || is_lunar_new_year(date);
    year_ends || (is_vietnamese && vietnamese)
}

fn is_lunar_new_year(date: Date) -> bool {
    let Ok(index) = usize::try_from(date.year() - FIRST_YEAR) else { return false };
    let Some((month, day)) = LUNAR_NEW_YEARS.get(index) else { return false };
    let Ok(first) = Date::new(date.year(), *month, *day) else { return false };
    LUNAR_NEW_YEAR_DAYS.contains(&first.until(date).map_or(i32::MAX, |span| span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn the_lunar_new_year_is_kept_in_viet_nam_alone() {
        let vietnam = TimeZone::get("Asia/Ho_Chi_Minh").expect("bundled");
        let berlin = TimeZone::get("Europe/Berlin").expect("bundled");
        for day in ["2025-01-27T05:00:00Z", "2026-02-17T05:00:00Z", "2030-02-08T05:00:00Z"] {
            assert!(is_holiday(at(day), &vietnam), "{day}");
            assert!(!is_holiday(at(day), &berlin), "{day}");
        }
        assert!(!is_holiday(at("2025-02-20T05:00:00Z"), &vietnam));
        assert!(!is_holiday(at("2025-11-20T05:00:00Z"), &vietnam));
    }

    #[test]
    fn the_turn_of_the_year_is_quiet_everywhere() {
        let berlin = TimeZone::get("Europe/Berlin").expect("bundled");
        assert!(is_holiday(at("2025-12-25T12:00:00Z"), &berlin));
        assert!(is_holiday(at("2026-01-01T12:00:00Z"), &berlin));
        assert!(!is_holiday(at("2026-01-05T12:00:00Z"), &berlin));
    }
}
