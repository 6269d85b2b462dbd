//! Dates of feeds, sitemaps and APIs: the standards first, then what portals make of them.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use regex::Regex;

use super::Context;

/// A weekday in front, in whatever language: it says nothing that the date does not say.
static WEEKDAY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*[^\d,]{2,20},\s*").expect("a constant pattern"));
/// English month names, short or long.
static MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?")
        .expect("a constant pattern")
});
/// `GMT+7`, `UTC +07:00`.
static NAMED_OFFSET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\(?\b(?:GMT|UTC|UT)\s*([+-])(\d{1,2})(?::?(\d{2}))?\)?\s*$").expect("a constant pattern")
});
/// An hour of one digit, which RFC 2822 does not know.
static SHORT_HOUR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r" (\d):").expect("a constant pattern"));

/// Reads a date of a feed: RFC 3339, RFC 2822 and ISO 8601 as they are and with their usual faults (a wrong weekday,
/// long month names, `UTC`, `GMT+7`, no seconds, no zone: then it is local), else whatever the context's reader knows.
pub(super) fn read(text: &str, context: &Context<'_>, fetched: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > 200 {
        return None;
    }
    standard(text, context.time_zone).or_else(|| (context.read_date)(text, fetched))
}

/// The standards and their usual faults, without the context's reader.
pub(super) fn standard(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    w3c(text, zone).or_else(|| rfc2822(text)).or_else(|| mended(text, zone))
}

/// A date of the W3C profile of ISO 8601 (<https://www.w3.org/TR/NOTE-datetime>), as sitemaps have it: a year, a month,
/// a day or a moment. What is less than a day or has no offset is local, and stands for its beginning.
pub(super) fn w3c(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return zone.to_timestamp(local).ok();
    }
    // No seconds before an offset: "2024-07-03T16:55+07:00" is W3C, though not RFC 3339.
    for format in ["%Y-%m-%dT%H:%M%:z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z"] {
        if let Ok(moment) = Timestamp::strptime(format, text) {
            return Some(moment);
        }
    }
    let minute = text.strip_suffix('Z').and_then(|bare| DateTime::strptime("%Y-%m-%dT%H:%M", bare).ok());
    if let Some(minute) = minute {
        return TimeZone::UTC.to_timestamp(minute).ok();
    }
    let (year, month) = match text.split_once('-') {
        Some((year, month)) if month.len() == 2 => (year, month.parse().ok()?),
        None => (text, 1),
        Some(_) => return None,
    };
    let year = (year.len() == 4).then(|| year.parse::<i16>().ok()).flatten()?;
    zone.to_timestamp(civil::Date::new(year, month, 1).ok()?.at(0, 0, 0, 0)).ok()
}

fn rfc2822(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok()
}

/// RFC 2822 as portals write it.
fn mended(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = WEEKDAY.replace(text, "");
    let text = MONTH.replace(&text, "$1");
    let text = NAMED_OFFSET.replace(&text, |found: &regex::Captures<'_>| {
        let minutes = found.get(3).map_or("00", |minutes| minutes.as_str());
        format!(" {}{:0>2}{minutes}", &found[1], &found[2])
    });
    let text = SHORT_HOUR.replace(&text, " 0${1}:").replace(" 24:", " 00:");
    let text = match text.trim().strip_suffix("UTC").or_else(|| text.trim().strip_suffix(" Z")) {
        Some(bare) => format!("{} +0000", bare.trim()),
        None => text.trim().to_owned(),
    };
    if let Some(moment) = w3c(&text, zone).or_else(|| rfc2822(&text)) {
        return Some(moment);
    }
    let formats = [
        "%b %d %Y %H:%M:%S",
        "%b %d, %Y %H:%M:%S",
        "%b %d, %Y",
        "%d %b %Y",
        "%d %b %Y %H:%M:%S",
        "%d %b %Y %H:%M",
    ];
    formats.iter().find_map(|format| {
        let offset = format!("{format} %z");
        if let Ok(moment) = Timestamp::strptime(offset, &text) {
            return Some(moment);
        }
        let local = DateTime::strptime(format, &text)
            .or_else(|_| civil::Date::strptime(format, &text).map(|day| day.at(0, 0, 0, 0)))
            .ok()?;
        zone.to_timestamp(local).ok()
    })
}
