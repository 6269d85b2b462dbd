//! Dates as machines and people write them → moments, in the source's zone: the one reader for pages, listings, feeds,
//! sitemaps and APIs.
//!
//! The lexer (`lex`) takes a text apart into tokens, a small grammar (`grammar`, `days`, `clock`) reads a date as it is
//! written, and jiff places it in time (`resolve`); words are data (`words`, `phrases`). Nothing is looked up on the
//! machine: neither its clock, nor its zone, nor its locale.
//!
//! These rules hold for every text:
//! - The day stands before the month unless that cannot be; a weekday in the text can correct the order.
//! - A date without a zone, or with one that no table knows, is in the zone of the source. "GMT+7" is seven hours east.
//! - Relative dates count from the fetch.
//! - A text that gives no date gives none, never "now".
//! - No date lies before 1990 or further ahead than the caller allows.

mod clock;
mod days;
mod grammar;
mod lex;
mod machine;
mod phrases;
mod resolve;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use grammar::Line;

/// What has to be known to read a date.
#[derive(Clone, Copy, Debug)]
pub struct DateContext<'a> {
    /// The zone of dates that name none.
    pub zone: &'a TimeZone,
    /// When the page was fetched: what relative dates count from.
    pub fetched: Timestamp,
    /// BCP 47 tag of the page: it decides the order of day and month where nothing else does.
    pub language: &'a str,
    /// How far ahead of the fetch a date may lie.
    pub max_future: Duration,
}

/// How much of a moment a text gave, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The day; the moment is its midnight in the source's zone.
    Day,
    /// A moment counted back from the fetch: "2 giờ trước".
    Approximate,
    /// Day and clock time.
    Exact,
}

/// A date that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadDate {
    /// The moment.
    pub at: Timestamp,
    /// How much of it the text gave.
    pub precision: Precision,
    /// Whether the text named a zone or offset.
    pub had_zone: bool,
    /// Whether the weekday in the text is that of the date; `None` if the text has none.
    pub weekday_agrees: Option<bool>,
}

impl ReadDate {
    /// Whether the text gave a clock time.
    pub fn has_time(&self) -> bool {
        self.precision == Precision::Exact
    }
}

/// Longer texts, in bytes, are no date lines.
const MAX_DATE_LINE_BYTES: usize = 400;

/// Reads a string that is a date, machine's or people's, perhaps with a label before it: the `content` of a meta tag,
/// a `datetime` attribute, a `<time>`'s text. Besides what [`find_in`] knows these may be Unix time (seconds or
/// milliseconds) and ISO 8601 without separators.
pub fn read(text: &str, context: &DateContext<'_>) -> Option<ReadDate> {
    let text = text.trim();
    if text.len() > MAX_DATE_LINE_BYTES {
        return None;
    }
    machine::read(text, context).or_else(|| find_in(text, context).map(|(read, _)| read))
}

/// Reads a date of a feed or sitemap: besides what [`read`] knows these may be a year or a month alone, as the W3C's
/// profile of ISO 8601 allows (<https://www.w3.org/TR/NOTE-datetime>).
pub fn read_w3c(text: &str, context: &DateContext<'_>) -> Option<ReadDate> {
    let text = text.trim();
    machine::read_year_or_month(text, context).or_else(|| read(text, context))
}

/// Finds the date in a visible line, such as "Print Thứ Tư, 03/07/2024 16:55 Gốc", and where it stands (bytes). Of
/// several the first with a clock time is taken, else the first.
pub fn find_in(text: &str, context: &DateContext<'_>) -> Option<(ReadDate, Range<usize>)> {
    let all = find_all(text, context);
    let timed = all.iter().position(|(read, _)| read.has_time());
    all.into_iter().nth(timed.unwrap_or(0))
}

/// All dates in a visible line with their places (bytes), in the order of the text.
pub fn find_all(text: &str, context: &DateContext<'_>) -> Vec<(ReadDate, Range<usize>)> {
    if !may_hold_date(text) {
        return Vec::new();
    }
    let line = Line::new(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.tokens.len() {
        let Some(written_date) = line.date_at(at) else {
            at += 1;
            continue;
        };
        let (start, end) = written_date.span;
        match resolve::resolve(&written_date, context) {
            Some(read) => {
                found.push((read, start..end));
                at = line.tokens.iter().position(|token| token.start >= end).unwrap_or(line.tokens.len());
            }
            None => at += 1,
        }
    }
    found
}

/// Whether a text is worth a closer look: short enough, and with the digits of a date or short enough to be "Hôm qua".
/// Most texts of a page are not, so this looks at bytes alone.
pub fn may_hold_date(text: &str) -> bool {
    const WORDS_ALONE: usize = 48;
    if text.len() > MAX_DATE_LINE_BYTES || text.len() < 3 {
        return false;
    }
    text.len() <= WORDS_ALONE
        || text.bytes().filter(u8::is_ascii_digit).take(3).count() == 3
        || text.contains('０')
}
