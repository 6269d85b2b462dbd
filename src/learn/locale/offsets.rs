//! Offsets from UTC that a portal's dates show: written after a time, told by the API's two dates, or the difference of
//! what a page and a feed say of one article.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use serde_json::Value;

/// Dates of one text that are looked at.
const MAX_DATES: usize = 60;

static ISO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?[+-]\d\d:?\d\d\b")
        .expect("a constant pattern")
});
static RFC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b\d{1,2} [A-Z][a-z]{2} (?:19|20)\d\d \d\d:\d\d:\d\d [+-]\d{4}\b")
        .expect("a constant pattern")
});

/// An offset, when it held, and where it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::learn) struct ObservedOffset {
    pub offset: Offset,
    pub at: Timestamp,
    pub place: &'static str,
}

/// The offsets in the dates of a page or feed. Those of zero are left out: WordPress writes every feed in UTC.
pub(in crate::learn) fn in_text(text: &str, place: &'static str) -> Vec<ObservedOffset> {
    let iso = ISO.find_iter(text).take(MAX_DATES).filter_map(|found| iso(found.as_str()));
    let rfc = RFC.find_iter(text).take(MAX_DATES).filter_map(|found| {
        let found = found.as_str();
        Some((Timestamp::strptime("%d %b %Y %H:%M:%S %z", found).ok()?, &found[found.len() - 5..]))
    });
    iso.chain(rfc)
        .filter_map(|(at, tail)| Some(ObservedOffset { offset: offset(tail)?, at, place }))
        .filter(|seen| seen.offset != Offset::UTC)
        .collect()
}

fn iso(text: &str) -> Option<(Timestamp, &str)> {
    let sign = text.rfind(['+', '-'])?;
    let formats =
        ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M%:z"];
    let at = formats.iter().find_map(|format| Timestamp::strptime(format, text).ok())?;
    Some((at, &text[sign..]))
}

/// `+0700`, `+07:00`.
fn offset(text: &str) -> Option<Offset> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = (digits.get(..2)?.parse::<i32>().ok()?, digits.get(2..)?.parse::<i32>().ok()?);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

/// The offsets between `date`, which is local, and `date_gmt` of the API's posts
/// (<https://developer.wordpress.org/rest-api/reference/posts/#schema>).
pub(in crate::learn) fn of_api(answer: &[u8]) -> Vec<ObservedOffset> {
    let Ok(Value::Array(posts)) = serde_json::from_slice(answer) else { return Vec::new() };
    let moment = |post: &Value, key: &str| post.get(key)?.as_str()?.parse::<DateTime>().ok();
    let seen = |post: &Value| {
        let (local, utc) = (moment(post, "date")?, moment(post, "date_gmt")?);
        observed(
            local.duration_since(utc),
            jiff::tz::TimeZone::UTC.to_timestamp(utc).ok()?,
            "the API's two dates",
        )
    };
    posts.iter().take(MAX_DATES).filter_map(seen).collect()
}

/// The offset between a local time that a page shows and the moment that a feed or the API gives for the same article.
pub(in crate::learn) fn between(local: DateTime, moment: Timestamp) -> Option<ObservedOffset> {
    let utc = jiff::tz::TimeZone::UTC.to_datetime(moment);
    observed(local.duration_since(utc), moment, "pages against feed")
}

/// A difference as an offset: zones keep to quarters of an hour. Seconds are forgiven, which pages do not show.
fn observed(difference: SignedDuration, at: Timestamp, place: &'static str) -> Option<ObservedOffset> {
    let minutes = (difference.as_secs_f64() / 60.0).ceil() as i32;
    let quarter = minutes % 15 == 0 && (-12 * 60..=14 * 60).contains(&minutes) && minutes != 0;
    quarter.then(|| Offset::from_seconds(minutes * 60).ok()).flatten().map(|offset| ObservedOffset {
        offset,
        at,
        place,
    })
}
