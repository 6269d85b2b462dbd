//! The table of dates, round trips and refusals.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{DateContext, Precision, ReadDate, find_all, find_in, read};

const TABLE: &str = include_str!("../../tests/data/date/table.tsv");
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

fn hanoi() -> TimeZone {
    TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone of the table")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

#[test]
fn a_date_is_found_with_its_place() {
    let zone = hanoi();
    let fetched = at("2024-07-05T03:00:00Z");
    let context = DateContext { zone: &zone, fetched, language: "vi", max_future: DAYS };
    let line = "Print Thứ Tư, 03/07/2024 16:55 Gốc";
    let (read, place) = find_in(line, &context).expect("a date");
    assert_eq!(read.at, at("2024-07-03T09:55:00Z"));
    assert_eq!(read.weekday_agrees, Some(true));
    assert!(read.has_time() && !read.had_zone);
    assert_eq!(&line[place], "03/07/2024 16:55");
    let both = "Đăng 03/07/2024 16:55 - Cập nhật 04/07/2024 08:00";
    let all: Vec<Timestamp> = find_all(both, &context).into_iter().map(|(read, _)| read.at).collect();
    assert_eq!(all, [at("2024-07-03T09:55:00Z"), at("2024-07-04T01:00:00Z")]);
    // Of several the first with a time.
    let (read, _) = find_in("Số 12 ngày 01/07/2024, đăng 03/07/2024 16:55", &context).expect("a date");
    assert_eq!(read.at, at("2024-07-03T09:55:00Z"));
}

#[test]
fn the_weekday_and_the_zone_are_told() {
    let zone = hanoi();
    let context =
        DateContext { zone: &zone, fetched: at("2024-07-05T03:00:00Z"), language: "vi", max_future: DAYS };
    let read = |text: &str| read(text, &context).expect("a date");
    assert_eq!(read("Thứ Hai, 03/07/2024 16:55").weekday_agrees, Some(false));
    assert_eq!(read("03/07/2024 16:55").weekday_agrees, None);
    assert!(read("03/07/2024 16:55 (GMT+7)").had_zone);
}

#[test]
fn the_future_is_bounded_by_the_caller() {
    let zone = hanoi();
    let mut context =
        DateContext { zone: &zone, fetched: at("2024-07-05T03:00:00Z"), language: "vi", max_future: DAYS };
    assert!(read("06/07/2024 09:59", &context).is_some());
    assert!(read("06/07/2024 10:01", &context).is_none());
    context.max_future = 3 * DAYS;
    assert!(read("06/07/2024 10:01", &context).is_some());
}

#[test]
fn no_text_breaks_the_reader() {
    let zone = hanoi();
    let context =
        DateContext { zone: &zone, fetched: at("2024-07-05T03:00:00Z"), language: "vi", max_future: DAYS };
    let long = "1/".repeat(5_000);
    for text in
        ["", " ", "0", "/", "99999999999999999999999", "１", "т", "T", "th", "(((", "12:", ":12", "年", &long]
    {
        assert_eq!(read(text, &context), None, "{text:.20}");
    }
}

/// Ways to write a moment to the minute that have to be read back as that moment.
const FORMATS: &[&str] = &[
    "%Y-%m-%dT%H:%M:00%:z",
    "%Y-%m-%d %H:%M:00 %z",
    "%Y/%m/%d %H:%M",
    "%Y%m%dT%H%M00",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y - %H:%M",
    "%d/%m/%Y | %H:%M",
    "%H:%M, %d/%m/%Y",
    "%H:%M - %d.%m.%Y",
    "%Hh%M ngày %d-%m-%Y",
    "%H giờ %M phút ngày %d tháng %m năm %Y",
    "%d tháng %m, %Y %H:%M",
    "%a, %d %b %Y %H:%M:00 %z",
    "%A, %B %d, %Y at %I:%M %p",
    "%b. %e, %Y, %l:%M %p",
    "%e %B %Y %H:%M",
    "%Y年%m月%d日 %H时%M分",
    "%d/%m/%Y %I:%M:00 %p",
    "%a %b %e %H:%M:00 %Y",
];

proptest::proptest! {
    #[test]
    fn what_is_written_is_read_back(minutes in 10_520_000i64..28_600_000, format in 0..FORMATS.len()) {
        let zone = hanoi();
        let moment = Timestamp::from_second(minutes * 60).expect("between 1990 and 2024");
        let text = moment.to_zoned_datetime(zone.clone()).strftime(FORMATS[format]).to_string();
        let fetched = at("2024-07-05T03:00:00Z");
        let context = DateContext { zone: &zone, fetched, language: "vi", max_future: DAYS };
        let found = read(&text, &context);
        proptest::prop_assert_eq!(found.map(|read| read.at), Some(moment), "{}", text);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "[0-9a-zà-ỹ/.:, T+()年月日-]{0,60}") {
        let zone = hanoi();
        let fetched = at("2024-07-05T03:00:00Z");
        let context = DateContext { zone: &zone, fetched, language: "vi", max_future: DAYS };
        for (read, place) in find_all(&text, &context) {
            proptest::prop_assert!(text.get(place).is_some());
            proptest::prop_assert!(read.at <= at("2024-07-06T03:00:00Z"));
        }
    }
}
