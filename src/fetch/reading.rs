//! From an answer to the value the caller wants. Pure.

use jiff::Timestamp;

use super::body::{check_page, unzipped};
use super::charset;
use super::client::Arrival;
use super::headers;
use super::request::{NotModified, Request};
use super::trouble::Trouble;
use crate::model::{Cause, Document, Page, Validators};

/// Reads an answer as a page for people.
pub(super) fn page(request: &Request, arrival: Arrival, now: Timestamp) -> Result<Page, Trouble> {
    let Arrival { url, answer } = arrival;
    not_empty(&answer.body)?;
    let content_type = headers::content_type(&answer.headers);
    check_page(&content_type, &answer.body)?;
    let decoded = charset::decode(&answer.body, headers::charset(&content_type), url.host_str());
    Ok(Page {
        requested: request.url.clone(),
        fetched: now,
        said: headers::date(&answer.headers, now),
        validators: headers::validators(&answer.headers),
        links: headers::links(&answer.headers, &url),
        url,
        html: decoded.text,
    })
}

/// Reads an answer as a document of at most `max` bytes, unpacked.
pub(super) fn document(
    request: &Request,
    arrival: Arrival,
    now: Timestamp,
    max: usize,
) -> Result<Document, Trouble> {
    let Arrival { url, answer } = arrival;
    not_empty(&answer.body)?;
    Ok(Document {
        requested: request.url.clone(),
        url,
        fetched: now,
        validators: headers::validators(&answer.headers),
        content_type: headers::content_type(&answer.headers),
        total_pages: headers::total_pages(&answer.headers),
        max_age: headers::max_age(&answer.headers),
        bytes: unzipped(answer.body, max)?,
    })
}

/// What a 304 leaves to say.
pub(super) fn not_modified(request: &Request, arrival: Arrival, now: Timestamp) -> NotModified {
    let new = headers::validators(&arrival.answer.headers);
    let old = request.validators.clone();
    NotModified {
        max_age: headers::max_age(&arrival.answer.headers),
        url: arrival.url,
        fetched: now,
        validators: Validators {
            etag: new.etag.or(old.etag),
            last_modified: new.last_modified.or(old.last_modified),
        },
    }
}

/// A server that sends an empty page with status 200 has failed on the way; the page is still there.
fn not_empty(body: &[u8]) -> Result<(), Trouble> {
    if body.iter().all(u8::is_ascii_whitespace) {
        Err(Trouble::later(Cause::Broken, "the answer is empty"))
    } else {
        Ok(())
    }
}
