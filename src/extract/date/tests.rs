//! The table of dates, round trips and refusals.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{DateContext, Precision, ReadDate, find_all, find_in, read};

const TABLE: &str = include_str!("../../../tests/data/date/table.tsv");
const DAYS: Duration = Duration::from_secs(86_400);

/// One line of the table; what is left out is as in the line above it that begins with `#!`.
struct Row<'t> {
    line: usize,
    text: &'t str,
    expected: &'t str,
    fetched: &'t str,
    zone: &'t str,
    language: &'t str,
}

fn rows() -> Vec<Row<'static>> {
    let (mut fetched, mut zone, mut language) = ("", "", "");
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(TABLE.lines()) {
        if let Some(setting) = text.strip_prefix("#! ") {
            let parts: Vec<&str> = setting.split_whitespace().collect();
            [fetched, zone, language] = parts.try_into().expect("fetched, zone, language");
        } else if !text.starts_with('#') && !text.is_empty() {
            let (expected, text) = text.split_once('\t').expect("expected, tab, text");
            rows.push(Row { line, text, expected, fetched, zone, language });
        }
    }
    rows
}

/// A moment as the table has it: `2024-07-03T16:55:00+07:00`, `2024-07-03` for a day, `~…` for an approximate one, `-`
/// for none.
fn written(read: Option<ReadDate>, zone: &TimeZone) -> String {
    let Some(read) = read else { return "-".to_owned() };
    let local = read.at.to_zoned_datetime(zone.clone());
    match read.precision {
        Precision::Day => local.strftime("%Y-%m-%d").to_string(),
        Precision::Approximate => local.strftime("~%Y-%m-%dT%H:%M:%S").to_string(),
        Precision::Exact => local.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
    }
}

#[test]
fn every_form_of_the_table_is_read() {
    let rows = rows();
    let mut wrong = Vec::new();
    for row in &rows {
        let zone = TimeZone::get(row.zone).expect("a zone of the table");
        let fetched: Timestamp = row.fetched.parse().expect("a moment of the table");
        let context = DateContext { zone: &zone, fetched, language: row.language, max_future: DAYS };
        let found = written(read(row.text, &context), &zone);
        if found != row.expected {
            wrong.push(format!("line {}: {:?} gave {found}, expected {}", row.line, row.text, row.expected));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows are wrong:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    assert!(rows.len() >= 250, "the table has {} rows", rows.len());
}
