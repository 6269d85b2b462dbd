//! Dates that only machines write: Unix time, ISO 8601 compact or without a day, ASP.NET's JSON.

use jiff::Timestamp;

use super::grammar::{Day, Line, WrittenDate};
use super::lex::Kind;
use super::resolve;
use super::{DateContext, Precision, ReadDate};

/// Reads a string that is one number, with what may stand around it, or a moment of ISO 8601: `1719999999`, `1719999999123`,
/// `/Date(1719999999123+0700)/`, `20240703`, `20240703T165500Z`, `20240703165500`.
pub(super) fn read(text: &str, context: &DateContext<'_>) -> Option<ReadDate> {
    let inner = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"));
    if let Some(inner) = inner {
        let digits = inner.split(['+', '-']).next().unwrap_or_default();
        return unix(digits, context);
    }
    let first = text.bytes().take_while(u8::is_ascii_digit).count();
    match first {
        4 => iso_moment(text, context),
        8 => compact(text, 8, context),
        14 if text.len() == 14 => compact(&format!("{}T{}", &text[..8], &text[8..]), 8, context),
        12 if text.len() == 12 && (text.starts_with("20") || text.starts_with("19")) => {
            compact(&format!("{}T{}", &text[..8], &text[8..]), 8, context).or_else(|| unix(text, context))
        }
        9..=13 => unix(text, context),
        _ => None,
    }
}

/// `2024-07-03T16:55:00+07:00`, as nearly all feeds and sitemaps have it. The grammar reads it as well, but a sitemap may
/// hold 50,000 of them.
fn iso_moment(text: &str, context: &DateContext<'_>) -> Option<ReadDate> {
    resolve::instant(text.parse().ok()?, Precision::Exact, context)
}

/// `2024` and `2024-07`, which stand for their first day.
pub(super) fn read_year_or_month(text: &str, context: &DateContext<'_>) -> Option<ReadDate> {
    let (year, month) = match text.split_once('-') {
        None => (text, 1),
        Some((year, month)) => (year, month.parse().ok().filter(|_| month.len() == 2)?),
    };
    let year = year.parse().ok().filter(|_| year.len() == 4)?;
    let day = Day::Civil { year, short_year: false, month, day: 1, swappable: false };
    resolve::resolve(
        &WrittenDate { day, clock: None, offset: None, weekday: None, span: (0, text.len()) },
        context,
    )
}

/// Seconds up to eleven digits, milliseconds from twelve on; a fraction is dropped.
fn unix(text: &str, context: &DateContext<'_>) -> Option<ReadDate> {
    let whole = text.split('.').next().unwrap_or_default();
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) || text.len() > whole.len() + 10 {
        return None;
    }
    let value: i64 = whole.parse().ok()?;
    let at =
        if whole.len() >= 12 { Timestamp::from_millisecond(value) } else { Timestamp::from_second(value) };
    resolve::instant(at.ok()?, Precision::Exact, context)
}

/// `20240703`, with or without a time behind it.
fn compact(text: &str, digits: usize, context: &DateContext<'_>) -> Option<ReadDate> {
    let (date, rest) = text.split_at(digits);
    let part = |from: usize, to: usize| date.get(from..to).and_then(|part| part.parse::<i8>().ok());
    let year = date.get(..4)?.parse().ok()?;
    let (month, day) = (part(4, 6)?, part(6, 8)?);
    let line = Line::new(rest);
    let at = usize::from(line.kind(0) == Kind::T);
    let clock = line.clock_at(at);
    if !rest.is_empty() && clock.is_none() {
        return None;
    }
    let (offset, _) = clock.map_or((None, 0), |(_, after)| line.offset_at(after, true));
    let day = Day::Civil { year, short_year: false, month, day, swappable: false };
    let clock = clock.map(|(clock, _)| clock);
    resolve::resolve(&WrittenDate { day, clock, offset, weekday: None, span: (0, text.len()) }, context)
}
