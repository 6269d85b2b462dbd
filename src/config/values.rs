//! What may stand behind a key: text, numbers, durations, sizes, URLs, selectors, names, each read with its bounds.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use icu_locale_core::LanguageIdentifier;
use ipnet::IpNet;
use jiff::SpanRelativeTo;
use jiff::tz::TimeZone;
use toml::de::DeValue;
use url::Url;

use super::checked::{Css, Keep};
use super::raw::{Value, Wrong, expected, nearest};
use crate::article::SourceId;

/// Names that our own URLs use where a source's name would stand.
const RESERVED: [&str; 5] = ["all", "health", "metrics", "sources", "static"];

const DAY: u64 = 24 * 60 * 60;

/// A text, which may be empty.
pub(super) fn any_text(value: &Value<'_>) -> Result<String, Wrong> {
    value.get_ref().as_str().map(str::to_owned).ok_or_else(|| expected("a text in quotes", value))
}

/// A text that says something, without space around it.
pub(super) fn text(value: &Value<'_>) -> Result<String, Wrong> {
    let text = any_text(value)?.trim().to_owned();
    if text.is_empty() {
        return Err(Wrong::new("must not be empty").hint("leave the key out if there is nothing to say"));
    }
    Ok(text)
}

/// A text that can stand in an HTTP header (RFC 9110 section 5.5): visible ASCII and space.
pub(super) fn header(value: &Value<'_>) -> Result<String, Wrong> {
    let text = text(value)?;
    match text.chars().find(|c| !matches!(c, ' '..='~')) {
        None => Ok(text),
        Some(c) => Err(Wrong::new(format!("must be plain ASCII, not {c:?}"))),
    }
}

/// A whole number within bounds.
pub(super) fn number(bounds: RangeInclusive<u64>) -> impl Fn(&Value<'_>) -> Result<u64, Wrong> {
    move |value| {
        let Some(number) = value.get_ref().as_integer() else {
            return Err(expected("a whole number", value));
        };
        let within = u64::from_str_radix(number.as_str(), number.radix()).ok().filter(|n| bounds.contains(n));
        within.ok_or_else(|| {
            Wrong::new(format!("must be {} to {}, not {number}", bounds.start(), bounds.end()))
        })
    }
}

/// An address with a port.
pub(super) fn socket(value: &Value<'_>) -> Result<SocketAddr, Wrong> {
    let text = text(value)?;
    text.parse().map_err(|_| {
        Wrong::new(format!("is not an address with a port: {text:?}"))
            .hint("write an IP address and a port, such as \"127.0.0.1:8480\" or \"[::]:8480\"")
    })
}

/// A network, such as `127.0.0.0/8`; a single address is a network of one.
pub(super) fn network(value: &Value<'_>) -> Result<IpNet, Wrong> {
    let text = text(value)?;
    let single = || text.parse::<IpAddr>().map(IpNet::from).ok();
    text.parse().ok().or_else(single).map(|network: IpNet| network.trunc()).ok_or_else(|| {
        Wrong::new(format!("is not a network: {text:?}"))
            .hint("write an address and the bits that count, such as \"127.0.0.0/8\" or \"fd00::/8\"")
    })
}

/// A duration within bounds.
pub(super) fn duration(bounds: RangeInclusive<Duration>) -> impl Fn(&Value<'_>) -> Result<Duration, Wrong> {
    move |value| {
        let found = parse_duration(&duration_text(value)?)?;
        if bounds.contains(&found) {
            return Ok(found);
        }
        let (min, max) = (write_duration(*bounds.start()), write_duration(*bounds.end()));
        Err(Wrong::new(format!("must be {min} to {max}, not {}", write_duration(found))))
    }
}

fn duration_text(value: &Value<'_>) -> Result<String, Wrong> {
    match value.get_ref() {
        DeValue::Integer(number) => Err(expected("a duration in quotes", value)
            .hint(format!("write the unit as well, such as \"{number}s\" or \"{number}m\""))),
        _ => text(value),
    }
}

/// Reads `90s`, `1h30m`, `30d`. A day has 24 hours and a week 7 days.
fn parse_duration(text: &str) -> Result<Duration, Wrong> {
    let read = text.parse::<jiff::Span>().ok().and_then(|span| {
        let exact = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
        Duration::try_from(exact).ok()
    });
    let wrong = || Wrong::new(format!("is not a duration: {text:?}"));
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
        .find(|(length, _)| seconds % length == 0)
        .unwrap_or((1, "s"));
    format!("{}{unit}", seconds / length)
}

/// What is kept: `"all"` or a duration of at least an hour.
pub(super) fn keep(value: &Value<'_>) -> Result<Keep, Wrong> {
    if value.get_ref().as_str() == Some("all") {
        return Ok(Keep::All);
    }
    let bounds = Duration::from_secs(60 * 60)..=Duration::from_secs(100 * 366 * DAY);
    duration(bounds)(value).map(Keep::For).map_err(|wrong| match wrong.hint {
        None => wrong.hint("\"all\" keeps for ever"),
        Some(_) => wrong,
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
pub(super) fn size(bounds: RangeInclusive<u64>) -> impl Fn(&Value<'_>) -> Result<u64, Wrong> {
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
            return Err(Wrong::new(format!("is not a size: {text:?}"))
                .hint("write a number and a unit: KiB, MiB or GiB, such as \"8MiB\""));
        };
        if bounds.contains(&bytes) {
            return Ok(bytes);
        }
        let (min, max) = (write_size(*bounds.start()), write_size(*bounds.end()));
        Err(Wrong::new(format!("must be {min} to {max}, not {text}")))
    }
}

/// Writes a size as [`size`] reads it, in the largest binary unit that is exact.
pub(super) fn write_size(bytes: u64) -> String {
    let (name, unit) =
        UNITS[..4].iter().rev().find(|(_, unit)| bytes > 0 && bytes % unit == 0).unwrap_or(&UNITS[0]);
    format!("{}{name}", bytes / unit)
}

/// A complete http or https URL.
pub(super) fn http_url(value: &Value<'_>) -> Result<Url, Wrong> {
    let text = text(value)?;
    let url = Url::parse(&text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => Wrong::new(format!("is not a complete URL: {text:?}"))
            .hint(format!("write it with scheme and host, such as \"https://{}\"", host_guess(&text))),
        error => Wrong::new(format!("is not a URL: {error}: {text:?}")),
    })?;
    check_url(url)
}

/// An http or https URL that stands for a place below which others are: neither query nor fragment.
pub(super) fn base_url(value: &Value<'_>) -> Result<Url, Wrong> {
    let url = http_url(value)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Wrong::new("must have neither a query (?) nor a fragment (#)"));
    }
    Ok(url)
}

/// An http or https URL, relative to `home`.
pub(super) fn url_below(home: &Url) -> impl Fn(&Value<'_>) -> Result<Url, Wrong> {
    let home = home.clone();
    move |value| {
        let text = text(value)?;
        let url = home.join(&text).map_err(|error| Wrong::new(format!("is not a URL: {error}: {text:?}")))?;
        check_url(url)
    }
}

fn check_url(url: Url) -> Result<Url, Wrong> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Wrong::new(format!("must begin with http:// or https://, not {}:", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Wrong::new("must not hold a name or a password")
            .hint("they would show in feeds and reports; take out what stands before the @"));
    }
    Ok(url)
}

fn host_guess(text: &str) -> String {
    let rest = text.trim_start_matches('/');
    if rest.contains('.') { rest.to_owned() } else { "portal.example/".to_owned() }
}

/// A CSS selector.
pub(super) fn css(value: &Value<'_>) -> Result<Css, Wrong> {
    let text = text(value)?;
    match scraper::Selector::parse(&text) {
        Ok(selector) => Ok(Css { text, selector }),
        Err(error) => Err(Wrong::new(format!("is not a CSS selector: {error}")).hint(
            "write it as in a style sheet, such as \"h1\", \".entry-content\" or \"div[id=main] > p\"",
        )),
    }
}

/// A language tag, in the spelling of BCP 47.
pub(super) fn language(value: &Value<'_>) -> Result<String, Wrong> {
    let text = text(value)?;
    LanguageIdentifier::try_from_str(&text)
        .ok()
        // The grammar would let "vietname" pass; no language has a registered code longer than three letters.
        .filter(|tag| !tag.language.is_unknown() && tag.language.as_str().len() <= 3)
        .map(|tag| tag.to_string())
        .ok_or_else(|| {
            Wrong::new(format!("is not a language tag: {text:?}"))
                .hint("write the two or three letters of ISO 639, such as \"vi\" or \"en-GB\"")
        })
}

/// A time zone by its name.
pub(super) fn time_zone(value: &Value<'_>) -> Result<TimeZone, Wrong> {
    let text = text(value)?;
    if let Some(zone) = TimeZone::get(&text).ok().filter(|zone| zone.iana_name().is_some()) {
        return Ok(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    // People misspell the city, or leave the continent out.
    let city = |name: &str| name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let mut near: Vec<&str> = nearest(&text, names.iter().map(String::as_str));
    near.sort_by_key(|name| city(name) != city(&text));
    near.extend(names.iter().map(String::as_str).filter(|name| city(name) == city(&text)));
    let hint = match near.as_slice() {
        [] => "write a name of the time zone database, such as \"Asia/Ho_Chi_Minh\"".to_owned(),
        [one] => format!("did you mean \"{one}\"?"),
        many => format!("did you mean \"{}\"?", many[..many.len().min(3)].join("\", \"")),
    };
    Err(Wrong::new(format!("is not a time zone: {text:?}")).hint(hint))
}

/// The short name of a source.
pub(super) fn source_id(value: &Value<'_>) -> Result<SourceId, Wrong> {
    let text = text(value)?;
    if RESERVED.contains(&text.as_str()) {
        return Err(Wrong::new(format!("must not be {text:?}: tinsach needs the name for its own pages"))
            .hint(format!("taken are {}", RESERVED.join(", "))));
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.len() > 40 || !text.chars().all(plain) {
        return Err(Wrong::new(format!("must be 1 to 40 of a-z, 0-9 and hyphen, not {text:?}")));
    }
    Ok(SourceId::new(&text))
}
