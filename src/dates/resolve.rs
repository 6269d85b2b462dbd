//! What a date says → the moment it means, in the source's zone.

use jiff::civil::{self, Weekday};
use jiff::tz::{Offset as FixedOffset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};

use super::grammar::{Clock, Day, Offset, WrittenDate};
use super::lex::Unit;
use super::words;
use super::{DateContext, Precision, ReadDate};

/// Nothing on the web was published earlier.
const FIRST_YEAR: i16 = 1990;

/// Turns words into a moment, or refuses: no such day, before 1990, further ahead than the context allows.
pub(super) fn resolve(written_date: &WrittenDate, context: &DateContext<'_>) -> Option<ReadDate> {
    let today = context.zone.to_datetime(context.fetched).date();
    let (date, weekday_agrees) = match written_date.day {
        Day::Now => return instant(context.fetched, Precision::Approximate, context),
        Day::Ago(count, unit) => return ago(count, unit, context),
        Day::Relative(days) => (today.checked_add(Span::new().try_days(days).ok()?).ok()?, None),
        Day::Civil { year, short_year, month, day, swappable } => {
            let year = full_year(year, short_year, today.year())?;
            let written = civil::Date::new(year, month, day).ok();
            let swapped = if swappable { civil::Date::new(year, day, month).ok() } else { None };
            order(written, swapped, written_date, context)?
        }
    };
    let at = to_instant(date, written_date.clock, written_date.offset, context.zone)?;
    let precision = if written_date.clock.is_some() { Precision::Exact } else { Precision::Day };
    let read = ReadDate { at, precision, had_zone: written_date.offset.is_some(), weekday_agrees };
    within(read, date, context)
}

/// Decides the order of day and month. A weekday that fits only the other order repairs it; else day first, but month
/// first for readers of American English, and for English without a region when the zone is an American one.
fn order(
    written: Option<civil::Date>,
    swapped: Option<civil::Date>,
    written_date: &WrittenDate,
    context: &DateContext<'_>,
) -> Option<(civil::Date, Option<bool>)> {
    let fits =
        |date: Option<civil::Date>, weekday: Weekday| date.is_some_and(|date| date.weekday() == weekday);
    if let Some(weekday) = written_date.weekday {
        if fits(written, weekday) {
            return Some((written?, Some(true)));
        }
        if fits(swapped, weekday) {
            return Some((swapped?, Some(true)));
        }
    }
    let disagrees = written_date.weekday.map(|_| false);
    let american = month_first(context);
    let (first, second) = if american && swapped.is_some() { (swapped, written) } else { (written, swapped) };
    let first = first.or(second)?;
    // In English either order is in use, so a date that would lie ahead is more likely the other one.
    let english = context.language.starts_with("en");
    match second {
        Some(second) if english && is_ahead(first, context) && !is_ahead(second, context) => {
            Some((second, disagrees))
        }
        _ => Some((first, disagrees)),
    }
}

fn month_first(context: &DateContext<'_>) -> bool {
    let language = context.language.to_ascii_lowercase();
    match language.as_str() {
        "en-us" | "en_us" | "en-ph" | "en_ph" => true,
        "en" => context.zone.iana_name().is_some_and(|name| name.starts_with("America/")),
        _ => false,
    }
}

fn is_ahead(date: civil::Date, context: &DateContext<'_>) -> bool {
    context.zone.to_timestamp(date.to_datetime(civil::Time::midnight())).is_ok_and(|at| at > latest(context))
}

fn latest(context: &DateContext<'_>) -> Timestamp {
    let ahead = SignedDuration::try_from(context.max_future).unwrap_or(SignedDuration::ZERO);
    context.fetched.checked_add(ahead).unwrap_or(Timestamp::MAX)
}

/// Two digits mean this century up to next year, the last one beyond.
fn full_year(year: u64, short: bool, this_year: i16) -> Option<i16> {
    let year = i16::try_from(year).ok()?;
    if !short {
        return Some(year);
    }
    let century = this_year - this_year % 100;
    Some(if year <= this_year % 100 + 1 { century + year } else { century - 100 + year })
}

fn to_instant(
    date: civil::Date,
    clock: Option<Clock>,
    offset: Option<Offset>,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let clock = clock.unwrap_or(Clock { hour: 0, minute: 0, second: 0, nanosecond: 0 });
    // ISO 8601 lets a day end at 24:00. 24:10 comes of a clock that counts its hours from 1 to 24, such as Java's `kk`.
    let (date, hour) = match (clock.hour, clock.minute) {
        (24, 0) => (date.tomorrow().ok()?, 0),
        (24, _) => (date, 0),
        (hour, _) => (date, hour),
    };
    let time = civil::Time::new(hour, clock.minute, clock.second, clock.nanosecond).ok()?;
    let local = date.to_datetime(time);
    match offset {
        None => zone.to_timestamp(local).ok(),
        Some(Offset::Fixed(seconds)) => FixedOffset::from_seconds(seconds).ok()?.to_timestamp(local).ok(),
        Some(Offset::Season(index)) => TimeZone::posix(words::season(index)?).ok()?.to_timestamp(local).ok(),
    }
}

fn ago(count: u64, unit: Unit, context: &DateContext<'_>) -> Option<ReadDate> {
    let count = i64::try_from(count).ok()?;
    let exact = match unit {
        Unit::Second => Some(SignedDuration::from_secs(count)),
        Unit::Minute => Some(SignedDuration::from_mins(count)),
        Unit::Hour => Some(SignedDuration::from_hours(count)),
        _ => None,
    };
    if let Some(back) = exact {
        return instant(context.fetched.checked_sub(back).ok()?, Precision::Approximate, context);
    }
    let span = match unit {
        Unit::Day => Span::new().try_days(count),
        Unit::Week => Span::new().try_weeks(count),
        Unit::Month => Span::new().try_months(count),
        _ => Span::new().try_years(count),
    };
    let date = context.zone.to_datetime(context.fetched).date().checked_sub(span.ok()?).ok()?;
    let at = to_instant(date, None, None, context.zone)?;
    within(ReadDate { at, precision: Precision::Day, had_zone: false, weekday_agrees: None }, date, context)
}

/// A moment that needs no placing.
pub(super) fn instant(at: Timestamp, precision: Precision, context: &DateContext<'_>) -> Option<ReadDate> {
    let date = context.zone.to_datetime(at).date();
    let had_zone = precision == Precision::Exact;
    within(ReadDate { at, precision, had_zone, weekday_agrees: None }, date, context)
}

fn within(read: ReadDate, date: civil::Date, context: &DateContext<'_>) -> Option<ReadDate> {
    (date.year() >= FIRST_YEAR && read.at <= latest(context)).then_some(read)
}
