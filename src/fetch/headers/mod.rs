//! What an answer's headers say. Pure.

mod link;

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{
    AGE, CACHE_CONTROL, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, RETRY_AFTER,
};

use crate::model::Validators;
pub(super) use link::links;

/// Longest `Retry-After` that is believed. A longer one is more often a mistake than a wish, and an hour later the
/// schedule decides anew.
pub(super) const MAX_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// How far a server's clock may be off, or its cache behind: a day, as dates ahead are believed by default.
const MAX_CLOCK_ERROR: SignedDuration = SignedDuration::from_hours(24);

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).filter(|value| !value.is_empty())
}

/// `ETag` and `Last-Modified` as sent.
pub(super) fn validators(headers: &HeaderMap) -> Validators {
    Validators {
        etag: text(headers, &ETAG).map(str::to_owned),
        last_modified: text(headers, &LAST_MODIFIED).map(str::to_owned),
    }
}

/// `Content-Type`, lower case, parameters included; empty if there is none.
pub(super) fn content_type(headers: &HeaderMap) -> String {
    text(headers, &CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase()
}

/// The part of a content type before its parameters.
pub(super) fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// The `charset` parameter of a content type, unquoted.
pub(super) fn charset(content_type: &str) -> Option<&str> {
    content_type
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim() == "charset")
        .map(|(_, value)| value.trim().trim_matches(['"', '\'']))
        .filter(|value| !value.is_empty())
}

/// How long the answer stays fresh, in seconds: `max-age` less the `Age` it has spent in caches (RFC 9111 section
/// 4.2). `None` if the server says nothing or wants to be asked each time.
pub(super) fn max_age(headers: &HeaderMap) -> Option<u32> {
    let mut age_limit = None;
    for value in headers.get_all(CACHE_CONTROL) {
        for directive in value.to_str().ok()?.split(',') {
            let (name, argument) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "no-store" | "no-cache" => return None,
                "max-age" => age_limit = argument.trim().trim_matches('"').parse::<u32>().ok(),
                _ => {}
            }
        }
    }
    let age = text(headers, &AGE).and_then(|age| age.parse::<u32>().ok()).unwrap_or(0);
    age_limit.map(|limit| limit.saturating_sub(age))
}

/// When the server says that it made the answer (`Date`, RFC 9110 section 6.6.1), which for one out of a cache is when
/// it went in. A clock that is off by more than [`MAX_CLOCK_ERROR`] is not believed: then it is `now`.
pub(super) fn date(headers: &HeaderMap, now: Timestamp) -> Timestamp {
    let said = text(headers, &DATE).and_then(|value| httpdate::parse_http_date(value).ok());
    let said = said.and_then(|moment| Timestamp::try_from(moment).ok());
    said.filter(|said| said.duration_since(now).abs() <= MAX_CLOCK_ERROR).unwrap_or(now)
}

/// `X-WP-TotalPages` of the WordPress API.
pub(super) fn total_pages(headers: &HeaderMap) -> Option<u32> {
    text(headers, &HeaderName::from_static("x-wp-totalpages"))?.parse().ok()
}

/// `Retry-After` in either form (RFC 9110 section 10.2.3), at most [`MAX_RETRY_AFTER`]; a date that has passed is zero.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = text(headers, &RETRY_AFTER)?;
    let wait = match value.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let moment = Timestamp::try_from(httpdate::parse_http_date(value).ok()?).ok()?;
            Duration::try_from(moment.duration_since(now)).unwrap_or(Duration::ZERO)
        }
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

/// Whether a firewall answered with a browser check instead of the page: Cloudflare marks those with
/// `cf-mitigated: challenge` (developers.cloudflare.com, "detecting a challenge page response"), whatever the status.
pub(super) fn is_challenge(headers: &HeaderMap) -> bool {
    text(headers, &HeaderName::from_static("cf-mitigated")) == Some("challenge")
}
