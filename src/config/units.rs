//! Durations and sizes: a number with a unit, read and written.

use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::SpanRelativeTo;
use toml::de::DeValue;

use super::checked::Keep;
use super::value_error::{Value, ValueError, expected};
use super::values::text;

const DAY: u64 = 24 * 60 * 60;

/// A duration within bounds.
pub(super) fn duration(
    bounds: RangeInclusive<Duration>,
) -> impl Fn(&Value<'_>) -> Result<Duration, ValueError> {
    move |value| {
        let found = parse_duration(&duration_text(value)?)?;
        if bounds.contains(&found) {
            return Ok(found);
        }
        let (min, max) = (write_duration(*bounds.start()), write_duration(*bounds.end()));
        let how = if found < *bounds.start() { "short" } else { "long" };
        Err(ValueError::new(format!("is too {how}: {}", write_duration(found)))
            .hint(format!("write a duration from {min} to {max}")))
    }
}

fn duration_text(value: &Value<'_>) -> Result<String, ValueError> {
    match value.get_ref() {
        DeValue::Integer(number) => Err(expected("a duration with its unit", value)
            .hint(format!("write \"{number}s\" for seconds or \"{number}m\" for minutes, in quotes"))),
        _ => text(value),
    }
}

/// Reads `90s`, `1h30m`, `30d`. A day has 24 hours and a week 7 days.
fn parse_duration(text: &str) -> Result<Duration, ValueError> {
    let read = text.parse::<jiff::Span>().ok().and_then(|span| {
        let exact = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
        Duration::try_from(exact).ok()
    });
    let wrong = || ValueError::new(format!("is not a duration: {text:?}"));
    match read {
        // One spelling for each unit: jiff knows many more, and "5 M" or "5mo" should not be guessed at.
        Some(found) if text.chars().all(|c| c.is_ascii_digit() || "smhdw".contains(c)) => Ok(found),
        Some(found) => Err(wrong().hint(format!("write \"{}\"", write_duration(found)))),
        None => {
            Err(wrong().hint("write a number and a unit: ms, s, m, h, d or w, such as \"30s\" or \"1h30m\""))
        }
    }
}

/// Writes a duration as [`duration`] reads it, in the largest unit that is exact.
pub(super) fn write_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if duration.subsec_nanos() != 0 || seconds == 0 {
        return match duration.as_millis() {
            0 => "0s".to_owned(),
            millis => format!("{millis}ms"),
        };
    }
    let (length, unit) = [(DAY, "d"), (60 * 60, "h"), (60, "m")]
        .into_iter()
        .find(|(length, _)| seconds.is_multiple_of(*length))
        .unwrap_or((1, "s"));
    format!("{}{unit}", seconds / length)
}

/// What is kept: `"all"` or a duration of at least an hour.
pub(super) fn keep(value: &Value<'_>) -> Result<Keep, ValueError> {
    if value.get_ref().as_str() == Some("all") {
        return Ok(Keep::All);
    }
    let bounds = Duration::from_secs(60 * 60)..=Duration::from_secs(100 * 365 * DAY);
    duration(bounds)(value).map(Keep::For).map_err(|wrong| {
        let hint = wrong.hint.clone().unwrap_or_default();
        wrong.hint(format!("{hint}, or \"all\" to keep for ever"))
    })
}

const UNITS: [(&str, u64); 7] = [
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
];

/// A size in bytes, within bounds: a number and a unit.
pub(super) fn size(bounds: RangeInclusive<u64>) -> impl Fn(&Value<'_>) -> Result<u64, ValueError> {
    move |value| {
        let text = match value.get_ref() {
            DeValue::Integer(number) => format!("{number}B"),
            _ => text(value)?,
        };
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let unit = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim()));
        let bytes = unit.zip(number.parse::<u64>().ok()).and_then(|((_, unit), n)| n.checked_mul(*unit));
        let Some(bytes) = bytes else {
            return Err(ValueError::new(format!("is not a size: {text:?}"))
                .hint("write a number and a unit: KiB, MiB or GiB, such as \"8MiB\""));
        };
        if bounds.contains(&bytes) {
            return Ok(bytes);
        }
        let (min, max) = (write_size(*bounds.start()), write_size(*bounds.end()));
        let how = if bytes < *bounds.start() { "small" } else { "large" };
        Err(ValueError::new(format!("is too {how}: {text}"))
            .hint(format!("write a size from {min} to {max}")))
    }
}

/// Writes a size as [`size`] reads it, in the largest binary unit that is exact.
pub(super) fn write_size(bytes: u64) -> String {
    let (name, unit) = UNITS[..4]
        .iter()
        .rev()
        .find(|(_, unit)| bytes > 0 && bytes.is_multiple_of(*unit))
        .unwrap_or(&UNITS[0]);
    format!("{}{name}", bytes / unit)
}
