//! Editions and messages → responses.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};
use bytes::Bytes;
use http_body_util::Full;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::negotiate;
use super::sendfile::{FileBody, MIN_SENDFILE_BYTES};
use crate::publish::{Body, Coding, Edition, media};

/// How long shared and private caches may use what we send (RFC 9111, RFC 5861). Feeds: five minutes fresh, an hour
/// while we are asked again, a week when we are gone.
pub const FEED_CACHE: &str = "public, max-age=300, stale-while-revalidate=3600, stale-if-error=604800";
/// Archives of months that are over: a day, since only an edit or a removal changes them.
pub const ARCHIVE_CACHE: &str = "public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800";
/// Pages for people: a minute, since they show health and search.
pub const PAGE_CACHE: &str = "public, max-age=60, stale-while-revalidate=600, stale-if-error=604800";
/// Stylesheet and icons: their names do not change with their content, so a day.
pub const STATIC_CACHE: &str = "public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800";
/// The feed of notices: asked again each time, so that a trouble is seen at once; with its ETag that costs next to nothing.
pub const NOTICES_CACHE: &str = "no-cache";
/// Health and metrics: never.
pub const NO_STORE: &str = "no-store";

/// Everything a page may load: our own stylesheet, pictures of the portals, frames of videos. No script at all.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' https: http:; media-src https: http:; \
     frame-src https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// A feed loads nothing.
const FEED_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// An edition with the headers of every answer it can give, made once.
pub struct Prepared {
    edition: Edition,
    /// Headers of 200, in the order of the edition's bodies; those of 304 are the same without the body's own.
    full: Vec<HeaderMap>,
    unchanged: Vec<HeaderMap>,
    /// The large bodies as they stand in a file, in the order of the edition's; empty where there is none.
    file_bodies: Vec<Option<FileBody>>,
    /// Whether it was asked for since the cache last looked.
    touched: AtomicBool,
}

impl Prepared {
    /// Prepares the headers. `cache` is the Cache-Control, `vary` what the choice of this resource hangs on.
    pub fn new(edition: Edition, cache: &'static str, vary: &'static str) -> Self {
        let mut shared = HeaderMap::with_capacity(12);
        shared.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        shared.insert(header::VARY, HeaderValue::from_static(vary));
        if let Some(date) = edition.last_modified.and_then(http_date) {
            shared.insert(header::LAST_MODIFIED, date);
        }
        let mut full = Vec::with_capacity(edition.bodies.len());
        let mut unchanged = Vec::with_capacity(edition.bodies.len());
        for body in &edition.bodies {
            let mut headers = shared.clone();
            insert(&mut headers, header::ETAG, &body.etag);
            unchanged.push(headers.clone());
            insert(&mut headers, header::CONTENT_TYPE, &edition.content_type);
            if !edition.link.is_empty() {
                insert(&mut headers, header::LINK, &edition.link);
            }
            if body.coding != Coding::Identity {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(body.coding.name()));
            }
            guard(&mut headers, &edition.content_type);
            full.push(headers);
        }
        Self { edition, full, unchanged, file_bodies: Vec::new(), touched: AtomicBool::new(true) }
    }

    /// The same, with the file that ends with the bodies; only large ones are sent from it.
    pub fn with_file(mut self, file: File) -> Self {
        let bodies = &self.edition.bodies;
        let length = file.metadata().map_or(0, |data| data.len());
        let Some(mut offset) = length.checked_sub(self.edition.weight() as u64) else { return self };
        if bodies.iter().any(|body| body.bytes.len() >= MIN_SENDFILE_BYTES) {
            let file = Arc::new(file);
            let place = |body: &Body| {
                let start = offset;
                offset += body.bytes.len() as u64;
                let is_large = body.bytes.len() >= MIN_SENDFILE_BYTES;
                is_large.then(|| FileBody::new(body.bytes.clone(), Arc::clone(&file), start))
            };
            self.file_bodies = bodies.iter().map(place).collect();
        }
        self
    }

    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// The answer to a GET or HEAD with these headers: 200 or 304. The server drops the body of a HEAD.
    pub fn answer(&self, request: &HeaderMap) -> Response<Full<Bytes>> {
        self.answer_from(request).0
    }

    /// The same, with its body as it stands in a file, if it does.
    pub fn answer_from(&self, request: &HeaderMap) -> (Response<Full<Bytes>>, Option<&FileBody>) {
        if !self.touched.load(Ordering::Relaxed) {
            self.touched.store(true, Ordering::Relaxed);
        }
        let text = |name| request.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let body = negotiate::choose(&self.edition, text(header::ACCEPT_ENCODING));
        let place = self.edition.bodies.iter().position(|one| one.coding == body.coding).unwrap_or_default();
        let current = negotiate::is_current(
            &body.etag,
            self.edition.last_modified,
            text(header::IF_NONE_MATCH),
            text(header::IF_MODIFIED_SINCE),
        );
        let (status, headers, bytes) = if current {
            (StatusCode::NOT_MODIFIED, &self.unchanged[place], Bytes::new())
        } else {
            (StatusCode::OK, &self.full[place], body.bytes.clone())
        };
        let mut response = Response::new(Full::new(bytes));
        *response.status_mut() = status;
        *response.headers_mut() = headers.clone();
        (response, self.file_bodies.get(place).and_then(Option::as_ref))
    }

    /// Whether it was asked for since this was last called.
    pub fn take_touched(&self) -> bool {
        self.touched.swap(false, Ordering::Relaxed)
    }
}

/// What a browser may do with a resource of this type.
fn guard(headers: &mut HeaderMap, content_type: &str) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let is_page = content_type == media::HTML;
    let policy = if is_page { PAGE_POLICY } else { FEED_POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if is_page {
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    } else {
        // Feeds are public, and readers that live in a browser can only read them with this.
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
}

/// A short message in plain text, never cached.
pub fn message(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    made(status, media::TEXT, format!("{text}\n").into())
}

/// A permanent redirect to a path of ours.
pub fn moved(to: &str) -> Response<Full<Bytes>> {
    let mut response = message(StatusCode::PERMANENT_REDIRECT, to);
    insert(response.headers_mut(), header::LOCATION, to);
    response
}

/// A body that was made for this one request, never cached.
pub fn made(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    guard(headers, content_type);
    response
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    // What cannot stand in a header (it came from configuration, percent-encoded) is left out rather than cut.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A time as HTTP writes it (RFC 9110 section 5.6.7); `None` outside the years 0 to 9999.
fn http_date(at: Timestamp) -> Option<HeaderValue> {
    let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()?;
    HeaderValue::from_str(&text).ok()
}
