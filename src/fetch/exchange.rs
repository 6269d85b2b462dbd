//! One exchange with a server, and what a status means.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
};
use reqwest::{Client, Response};
use url::Url;

use super::body::{Limit, read};
use super::failure::broken;
use super::headers;
use super::trouble::Trouble;
use crate::model::{Cause, Validators};

/// How much of an unwanted body (an error page, a redirect's text) is read so that the connection can be used again.
const MAX_DRAINED_BYTES: usize = 16 * 1024;
/// And for how long: it was sent in one go or is not worth a wait.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(20);

pub(super) struct Ask<'a> {
    pub(super) url: &'a Url,
    pub(super) accept: &'static str,
    pub(super) validators: &'a Validators,
    pub(super) limit: Limit,
}

/// What a server said: a success, a redirect or a 304; every other status is a [`Trouble`].
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Sends one request and reads its answer. The caller sets the deadline.
pub(super) async fn exchange(client: &Client, ask: &Ask<'_>, now: Timestamp) -> Result<Answer, Trouble> {
    let mut request = client.get(ask.url.clone()).header(ACCEPT, ask.accept);
    for (name, value) in conditions(ask.validators) {
        request = request.header(name, value);
    }
    let mut response = request.send().await.map_err(|error| broken(&error))?;
    let status = response.status().as_u16();
    if let Err(trouble) = judge(status, response.headers(), ask.validators, now) {
        drain(&mut response).await;
        return Err(trouble);
    }
    let body = if matches!(status, 200 | 203) {
        read(&mut response, ask.limit).await?
    } else {
        drain(&mut response).await;
        Vec::new()
    };
    Ok(Answer { status, headers: std::mem::take(response.headers_mut()), body })
}

/// Sends a form; any answer of the 2xx class is a success, and its body of no interest.
pub(super) async fn post(client: &Client, url: &Url, form: String, now: Timestamp) -> Result<(), Trouble> {
    let request =
        client.post(url.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
    let mut response = request.send().await.map_err(|error| broken(&error))?;
    let status = response.status();
    drain(&mut response).await;
    if status.is_success() {
        return Ok(());
    }
    let why = format!("the server answered {}", status.as_u16());
    Err(Trouble::later(Cause::of_status(status.as_u16()), why)
        .after(headers::retry_after(response.headers(), now)))
}

/// Both conditions, as sent to us: WordPress wants both to match where it gave both.
fn conditions(validators: &Validators) -> Vec<(HeaderName, HeaderValue)> {
    let pairs = [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)];
    pairs
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(value.as_deref()?).ok()?)))
        .collect()
}

/// What a status means for the caller. Fine are content, redirects, and a 304 that was asked for.
fn judge(status: u16, headers: &HeaderMap, sent: &Validators, now: Timestamp) -> Result<(), Trouble> {
    let wait = headers::retry_after(headers, now);
    if headers::is_challenge(headers) {
        let why = format!("a firewall wants a browser check: Cloudflare challenge, status {status}");
        return Err(Trouble::later(Cause::Blocked, why).after(wait).host_failed());
    }
    let cause = Cause::of_status(status);
    let answered = format!("the server answered {status}");
    match status {
        200 | 203 => check_coding(headers),
        301 | 302 | 303 | 307 | 308 => Ok(()),
        304 if !sent.is_empty() => Ok(()),
        304 => Err(Trouble::later(cause, answered + " to a request without conditions")),
        204 | 205 => Err(Trouble::later(cause, answered + ", which has no content")),
        404 | 410 => Err(Trouble::gone(status)),
        408 | 425 | 429 => Err(Trouble::later(cause, answered).after(wait).host_failed()),
        400..=499 => Err(Trouble::refused(cause, answered)),
        502..=504 => Err(Trouble::later(cause, answered).after(wait).host_failed().again()),
        500..=599 => Err(Trouble::later(cause, answered).after(wait).host_failed()),
        _ => Err(Trouble::later(cause, answered + ", which is no page")),
    }
}

/// The client removes the codings it undoes; one that is left was applied twice or is unknown.
fn check_coding(headers: &HeaderMap) -> Result<(), Trouble> {
    let left =
        headers.get(CONTENT_ENCODING).map(|coding| String::from_utf8_lossy(coding.as_bytes()).into_owned());
    match left {
        Some(coding) if !coding.trim().is_empty() && !coding.trim().eq_ignore_ascii_case("identity") => {
            Err(Trouble::unreadable(Cause::Broken, format!("the content coding {coding:?} cannot be undone")))
        }
        _ => Ok(()),
    }
}

/// Reads on for a little, so that the connection is free for the next request. Nothing depends on it: if it fails or
/// takes long the connection is closed, and what the status said stands.
async fn drain(response: &mut Response) {
    let rest = async {
        let mut left = MAX_DRAINED_BYTES;
        while let Ok(Some(chunk)) = response.chunk().await {
            if chunk.len() >= left {
                return;
            }
            left -= chunk.len();
        }
    };
    if tokio::time::timeout(DRAIN_TIMEOUT, rest).await.is_err() {
        tracing::trace!("the rest of an unwanted body was not waited for");
    }
}
