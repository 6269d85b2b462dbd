//! Dates for people, in the source's zone and the reader's language.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::words::Words;

/// A time as people and programs read it.
pub struct When {
    /// For people.
    pub text: String,
    /// For the `datetime` attribute: RFC 3339 with the zone's offset.
    pub machine: String,
}

impl When {
    /// Day and time: "Thứ Tư, 03/07/2024, 16:55".
    pub fn full(at: Timestamp, zone: &TimeZone, words: &Words) -> Self {
        let zoned = at.to_zoned_datetime(zone.clone());
        let (day, hour, minute) = (day(zoned.date(), words), zoned.hour(), zoned.minute());
        Self { text: format!("{day}, {hour:02}:{minute:02}"), machine: machine(at, zone) }
    }

    /// The time of day alone: "16:55".
    pub fn time(at: Timestamp, zone: &TimeZone) -> Self {
        let zoned = at.to_zoned_datetime(zone.clone());
        let (hour, minute) = (zoned.hour(), zoned.minute());
        Self { text: format!("{hour:02}:{minute:02}"), machine: machine(at, zone) }
    }
}

pub fn date(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned_datetime(zone.clone()).date()
}

/// "Thứ Tư, 03/07/2024" or "Wednesday, 3 July 2024".
pub fn day(date: Date, words: &Words) -> String {
    let weekday = words.weekdays[date.weekday().to_monday_zero_offset() as usize];
    let (day, month, year) = (date.day(), date.month(), date.year());
    match words.month_names[month as usize - 1] {
        "" => format!("{weekday}, {day:02}/{month:02}/{year}"),
        name => format!("{weekday}, {day} {name} {year}"),
    }
}

/// "Tháng 7/2024" or "July 2024".
pub fn month(year: i16, month: i8, words: &Words) -> String {
    match words.month_names.get(month as usize - 1).copied() {
        None | Some("") => format!("Tháng {month}/{year}"),
        Some(name) => format!("{name} {year}"),
    }
}

fn machine(at: Timestamp, zone: &TimeZone) -> String {
    let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
    whole.display_with_offset(zone.to_offset(at)).to_string()
}
