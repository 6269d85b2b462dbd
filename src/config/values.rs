//! What may stand behind a key: texts, numbers, addresses, names, each read with its bounds.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use icu_locale_core::LanguageIdentifier;
use ipnet::IpNet;
use jiff::tz::TimeZone;
use toml::de::DeValue;

use super::checked::Listen;
use super::value_error::{Value, ValueError, expected, nearest};
use crate::model::SourceId;

/// Names that our own URLs use where a source's name would stand.
const RESERVED: [&str; 5] = ["all", "health", "metrics", "sources", "static"];

/// A text, which may be empty.
pub(super) fn any_text(value: &Value<'_>) -> Result<String, ValueError> {
    value.get_ref().as_str().map(str::to_owned).ok_or_else(|| {
        let hint = match value.get_ref() {
            DeValue::Integer(number) => format!("put it in quotes: \"{number}\""),
            _ => "write it in quotes, such as \"text\"".to_owned(),
        };
        expected("a text", value).hint(hint)
    })
}

/// A text that says something, without space around it; it may have several lines.
pub(super) fn lines(value: &Value<'_>) -> Result<String, ValueError> {
    let text = any_text(value)?.trim().to_owned();
    if text.is_empty() {
        return Err(ValueError::new("must not be empty").hint("write what is meant, or take it out"));
    }
    Ok(text)
}

/// A text of one line that says something, without space around it.
pub(super) fn text(value: &Value<'_>) -> Result<String, ValueError> {
    let text = lines(value)?;
    if text.contains(char::is_control) {
        return Err(ValueError::new(format!("must be one line without control characters: {text:?}"))
            .hint("take line breaks and tabs out"));
    }
    Ok(text)
}

/// A text that can stand in an HTTP header (RFC 9110 section 5.5): visible ASCII and space.
pub(super) fn header(value: &Value<'_>) -> Result<String, ValueError> {
    let text = text(value)?;
    match text.chars().find(|c| !matches!(c, ' '..='~')) {
        None => Ok(text),
        Some(c) => Err(ValueError::new(format!("must be plain ASCII, and holds {c:?}"))
            .hint("it goes into an HTTP header; write it without diacritics")),
    }
}

/// A whole number within bounds.
pub(super) fn number<T: TryFrom<u64>>(
    bounds: RangeInclusive<u64>,
) -> impl Fn(&Value<'_>) -> Result<T, ValueError> {
    move |value| {
        let hint = format!("write a whole number from {} to {}", bounds.start(), bounds.end());
        let Some(number) = value.get_ref().as_integer() else {
            return Err(expected("a whole number", value).hint(hint));
        };
        let within = u64::from_str_radix(number.as_str(), number.radix()).ok().filter(|n| bounds.contains(n));
        within
            .and_then(|n| T::try_from(n).ok())
            .ok_or_else(|| ValueError::new(format!("is out of bounds: {number}")).hint(hint))
    }
}

/// The longest path of a Unix socket, in bytes: the system keeps one more for its end (unix(7)).
const MAX_SOCKET_PATH_BYTES: usize = 107;

/// An address with a port, or the path of a Unix socket after `unix:`.
pub(super) fn listen(value: &Value<'_>) -> Result<Listen, ValueError> {
    let text = text(value)?;
    let Some(path) = text.strip_prefix("unix:") else {
        return text.parse().map(Listen::Tcp).map_err(|_| {
            ValueError::new(format!("is not an address with a port: {text:?}")).hint(
                "write an IP address and a port, such as \"127.0.0.1:8480\" or \"[::]:8480\", or a socket's path: \"unix:/run/tinsach/http.sock\"",
            )
        });
    };
    let wrong = |why: &str| ValueError::new(format!("{why}: {text:?}"));
    if !path.starts_with('/') || path.ends_with('/') {
        return Err(wrong("names no file for a socket")
            .hint("write the path in full after unix:, such as \"unix:/run/tinsach/http.sock\""));
    }
    if path.len() > MAX_SOCKET_PATH_BYTES {
        return Err(wrong("is too long for the path of a socket").hint(format!(
            "the system takes {MAX_SOCKET_PATH_BYTES} bytes; choose a shorter one under /run"
        )));
    }
    Ok(Listen::Unix(PathBuf::from(path)))
}

/// A network, such as `127.0.0.0/8`; a single address is a network of one.
pub(super) fn network(value: &Value<'_>) -> Result<IpNet, ValueError> {
    let text = text(value)?;
    let single = || text.parse::<IpAddr>().map(IpNet::from).ok();
    text.parse().ok().or_else(single).map(|network: IpNet| network.trunc()).ok_or_else(|| {
        ValueError::new(format!("is not a network: {text:?}"))
            .hint("write an address and the bits that count, such as \"127.0.0.0/8\" or \"fd00::/8\"")
    })
}

/// A language tag, in the spelling of BCP 47.
pub(super) fn language(value: &Value<'_>) -> Result<String, ValueError> {
    let text = text(value)?;
    LanguageIdentifier::try_from_str(&text)
        .ok()
        // The grammar would let "vietname" pass; no language has a registered code longer than three letters.
        .filter(|tag| !tag.language.is_unknown() && tag.language.as_str().len() <= 3)
        .map(|tag| tag.to_string())
        .ok_or_else(|| {
            let hint = match LanguageIdentifier::try_from_str(&text.replace('_', "-")) {
                Ok(tag) if text.contains('_') => format!("write \"{tag}\""),
                _ => "write the two or three letters of ISO 639, such as \"vi\" or \"en-GB\"".to_owned(),
            };
            ValueError::new(format!("is not a language tag: {text:?}")).hint(hint)
        })
}

pub(super) fn time_zone(value: &Value<'_>) -> Result<TimeZone, ValueError> {
    let text = text(value)?;
    if let Some(zone) = TimeZone::get(&text).ok().filter(|zone| zone.iana_name().is_some()) {
        return Ok(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    // People misspell the city, or leave the continent out.
    let city = |name: &'_ str| name.rsplit_once('/').map_or(name, |(_, city)| city).to_owned();
    let cities: Vec<String> = names.iter().map(|name| city(name)).collect();
    let mut near = nearest(&text, names.iter().map(String::as_str));
    for found in nearest(&city(&text), cities.iter().map(String::as_str)) {
        near.extend(names.iter().map(String::as_str).filter(|name| city(name) == found));
    }
    let mut seen = BTreeSet::new();
    near.retain(|name| seen.insert(*name));
    let hint = match near.as_slice() {
        [] => "write a name of the time zone database, such as \"Asia/Ho_Chi_Minh\"".to_owned(),
        [one] => format!("did you mean \"{one}\"?"),
        many => format!("did you mean \"{}\"?", many[..many.len().min(3)].join("\", \"")),
    };
    Err(ValueError::new(format!("is not a time zone: {text:?}")).hint(hint))
}

/// The short name of a source.
pub(super) fn source_id(value: &Value<'_>) -> Result<SourceId, ValueError> {
    let text = text(value)?;
    if RESERVED.contains(&text.as_str()) {
        return Err(ValueError::new(format!(
            "must not be {text:?}: tinsach needs the name for its own pages"
        ))
        .hint(format!("taken are {}", RESERVED.join(", "))));
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.len() > 40 || !text.chars().all(plain) {
        return Err(ValueError::new(format!("is not a name for addresses: {text:?}"))
            .hint("write 1 to 40 small letters a-z, digits and hyphens, such as \"hai-phong\""));
    }
    Ok(SourceId::new(&text))
}
