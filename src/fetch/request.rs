//! What is asked for, and what comes back.

use jiff::Timestamp;
use url::Url;

use crate::model::Validators;

/// One thing to fetch.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where; a fragment is not sent.
    pub(crate) url: Url,
    /// What an earlier answer gave for asking conditionally; empty for a plain GET.
    pub(crate) validators: Validators,
    pub(crate) accept: Accept,
}

impl Request {
    /// An unconditional request.
    pub fn new(url: Url, accept: Accept) -> Self {
        Self { url, validators: Validators::default(), accept }
    }

    /// A request for an HTML page.
    pub fn page(url: Url) -> Self {
        Self::new(url, Accept::Html)
    }

    /// The same request, made conditional.
    pub(crate) fn if_changed(mut self, validators: Validators) -> Self {
        self.validators = validators;
        self
    }
}

/// What kind of content is wanted: it chooses the `Accept` header, nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// A page for people.
    Html,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// An XML sitemap, perhaps gzipped.
    Sitemap,
    /// An answer of an API.
    Json,
}

impl Accept {
    /// The header's value. `*/*` stays in with a low weight, since servers that label their answers wrongly would else
    /// answer 406.
    pub(super) fn header(self) -> &'static str {
        match self {
            Self::Html => "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
            Self::Feed => {
                "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,\
                 text/xml;q=0.9,*/*;q=0.1"
            }
            Self::Sitemap => "application/xml,text/xml;q=0.9,*/*;q=0.1",
            Self::Json => "application/json,*/*;q=0.1",
        }
    }
}

#[derive(Clone, Debug)]
pub enum Fetched<T> {
    New(T),
    /// The content is what the validators came with.
    NotModified(NotModified),
}

impl<T> Fetched<T> {
    /// The content, unless it has not changed.
    pub fn into_new(self) -> Option<T> {
        match self {
            Self::New(content) => Some(content),
            Self::NotModified(_) => None,
        }
    }
}

/// A 304 answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotModified {
    /// The URL that answered, after redirects.
    pub url: Url,
    pub fetched: Timestamp,
    /// For the next request: those sent, replaced by those the answer brought (RFC 9111 section 4.3.4).
    pub validators: Validators,
    /// How long the server says the content stays fresh, in seconds.
    pub max_age: Option<u32>,
}
