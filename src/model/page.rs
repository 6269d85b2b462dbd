//! What one fetch brought.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// What a server gave to ask again conditionally (RFC 9110 section 8.8), kept as the bytes it sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`, quotes and weakness mark included.
    pub etag: Option<String>,
    /// `Last-Modified`, unparsed: WordPress compares the text.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether a conditional request can be made at all.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// An HTML page as fetched and decoded.
#[derive(Clone, Debug)]
pub struct Page {
    pub(crate) requested: Url,
    /// The URL that answered, after redirects.
    pub url: Url,
    /// When the answer came, by our clock.
    pub(crate) fetched: Timestamp,
    /// When the portal says that it made the answer: what relative dates ("2 giờ trước") count from.
    pub(crate) said: Timestamp,
    /// For the next conditional request.
    pub(crate) validators: Validators,
    /// Targets of `Link` headers with their `rel`, resolved: `("shortlink", https://…/?p=7301)`.
    pub(crate) links: Vec<(String, Url)>,
    /// The text, decoded to UTF-8 from whatever it came in; not yet NFC.
    pub html: String,
}

impl Page {
    /// A page that did not come from the network: a file, a stored copy, a test.
    pub fn offline(url: Url, html: String, fetched: Timestamp) -> Self {
        Self {
            requested: url.clone(),
            url,
            fetched,
            said: fetched,
            validators: Validators::default(),
            links: Vec::new(),
            html,
        }
    }
}

/// A feed, sitemap or API answer: bytes whose own format says how they are encoded.
#[derive(Clone, Debug)]
pub struct Document {
    pub requested: Url,
    /// The URL that answered, after redirects.
    pub url: Url,
    pub fetched: Timestamp,
    /// For the next conditional request.
    pub validators: Validators,
    /// `Content-Type` as sent, lower case, parameters included; empty if none.
    pub content_type: String,
    /// How many pages of answers the API says there are (`X-WP-TotalPages`).
    pub total_pages: Option<u32>,
    /// How long the server says the answer stays fresh (`Cache-Control: max-age`), in seconds.
    pub max_age: Option<u32>,
    /// The body, transfer and content codings undone.
    pub bytes: Vec<u8>,
}
