//! Where a redirect leads, and whether it is followed (RFC 9110 section 15.4). Pure.
//!
//! Other hosts are allowed, since portals move; every hop goes through guard, robots.txt and pace like a first request.
//! From https to http it goes only within one host: a portal that serves some sections in the clear is not ours to
//! mend, but no other site gets to take the encryption off.

use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use url::Url;

use super::trouble::Trouble;
use crate::model::{Cause, short_url};

/// Most hops of one request; browsers give up after 20, and a portal's own chains (http, www, slash, slug) have four.
pub(super) const MAX_HOPS: usize = 10;

/// The next URL, or `None` if the answer is not a redirect. `trail` is every URL asked so far, the last one answered.
pub(super) fn next(
    trail: &[Url],
    status: u16,
    headers: &HeaderMap,
    max: usize,
) -> Result<Option<Url>, Trouble> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(here) = trail.last() else { return Ok(None) };
    let location = location(headers)
        .ok_or_else(|| Trouble::later(Cause::Redirect, format!("a {status} without a Location")))?;
    let mut next = here.join(&location).map_err(|error| {
        Trouble::refused(Cause::Redirect, format!("redirected to {location:?}, which is no URL: {error}"))
    })?;
    next.set_fragment(None);
    if let Some(why) = refusal(here, &next) {
        return Err(Trouble::refused(Cause::Redirect, why));
    }
    // A circle may be broken tomorrow, and says nothing about the page that was wanted.
    if trail.contains(&next) {
        let hint = if headers.contains_key(SET_COOKIE) { ", perhaps for want of a cookie" } else { "" };
        let why = format!("redirected in a circle, back to {}{hint}", short_url(&next));
        return Err(Trouble::later(Cause::Redirect, why));
    }
    if trail.len() > max {
        let why = format!("redirected more than {max} times, last to {}", short_url(&next));
        return Err(Trouble::later(Cause::Redirect, why));
    }
    Ok(Some(next))
}

/// Why a redirect between these two is never followed.
fn refusal(here: &Url, next: &Url) -> Option<String> {
    if !matches!(next.scheme(), "http" | "https") {
        let scheme = next.scheme();
        return Some(format!("redirected to an address of {scheme}:, and only http and https are followed"));
    }
    let is_unencrypted =
        here.scheme() == "https" && next.scheme() == "http" && bare_host(here) != bare_host(next);
    is_unencrypted
        .then(|| format!("redirected from https to {} on another host, unencrypted", short_url(next)))
}

/// `Location` as text. Servers send paths with raw UTF-8 in them, which is outside the grammar and meant all the same;
/// what is not UTF-8 is read as Latin-1, as browsers do.
fn location(headers: &HeaderMap) -> Option<String> {
    let bytes = headers.get(LOCATION)?.as_bytes();
    let text = std::str::from_utf8(bytes).map(str::to_owned);
    Some(text.unwrap_or_else(|_| bytes.iter().map(|&byte| char::from(byte)).collect()).trim().to_owned())
}

fn bare_host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}
