//! Errors, by what the caller does next.

use std::fmt;
use std::time::Duration;

use thiserror::Error;
use url::{Position, Url};

use crate::model::{Cause, short_url};

/// Why a URL brought nothing. Each variant is another thing to do for the caller; [`FetchError::cause`] says who can
/// mend it, [`FetchError::why`] says it to a person, and the whole message names the address, too, once and short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// It may work another time: time-out, reset, 5xx, 429, a body that broke off, no address, an open circuit
    /// breaker. Nothing is known about the page; ask again when it is due, and not before `retry_after`.
    Later {
        url: Box<Url>,
        /// What failed: the same, or where redirects had led.
        at: Box<Url>,
        cause: Cause,
        /// The same for people, without an address.
        why: String,
        /// How long the host wants to be left alone, at most an hour.
        retry_after: Option<Duration>,
    },
    /// The page is not there (404) or is said to be gone for good (410).
    Gone {
        url: Box<Url>,
        /// What is not there: the same, or where redirects had led.
        at: Box<Url>,
        /// 404 or 410.
        status: u16,
    },
    /// It must not be fetched: robots.txt, an address or port that is off limits, a redirect to such a place, another
    /// 4xx, a scheme that is not HTTP. Asking again changes nothing until the portal or the configuration changes.
    Refused {
        url: Box<Url>,
        /// What is refused: the same, or where redirects had led.
        at: Box<Url>,
        cause: Cause,
        /// The same for people, without an address.
        why: String,
    },
    /// It came and is of no use: too large, another kind of content, a coding that cannot be undone.
    Unreadable {
        url: Box<Url>,
        /// What is of no use: the same, or where redirects had led.
        at: Box<Url>,
        cause: Cause,
        /// The same for people, without an address.
        why: String,
    },
}

impl FetchError {
    /// A [`FetchError::Later`] of what was asked for, without a pause.
    pub fn later(url: &Url, cause: Cause, why: String) -> Self {
        let (url, at) = (Box::new(url.clone()), Box::new(url.clone()));
        Self::Later { url, at, cause, why, retry_after: None }
    }

    /// A [`FetchError::Refused`] of what was asked for.
    pub fn refused(url: &Url, cause: Cause, why: String) -> Self {
        let (url, at) = (Box::new(url.clone()), Box::new(url.clone()));
        Self::Refused { url, at, cause, why }
    }

    pub fn url(&self) -> &Url {
        match self {
            Self::Later { url, .. }
            | Self::Gone { url, .. }
            | Self::Refused { url, .. }
            | Self::Unreadable { url, .. } => url,
        }
    }

    /// The URL that failed: the one that was asked for, or where redirects had led.
    pub fn at(&self) -> &Url {
        match self {
            Self::Later { at, .. }
            | Self::Gone { at, .. }
            | Self::Refused { at, .. }
            | Self::Unreadable { at, .. } => at,
        }
    }

    /// What kept the URL from giving its content, by who can mend it.
    pub fn cause(&self) -> Cause {
        match self {
            Self::Gone { .. } => Cause::Missing,
            Self::Later { cause, .. } | Self::Refused { cause, .. } | Self::Unreadable { cause, .. } => {
                *cause
            }
        }
    }

    /// What kept it, for people who know already what was asked for: the message without that address.
    pub fn why(&self) -> String {
        if self.is_redirected() {
            format!("redirected to {}: {}", short_url(self.at()), self.bare_why())
        } else {
            self.bare_why()
        }
    }

    /// The same for people who know that `asked` was asked for: where this is of another address, such as the second
    /// page of an article, that is named.
    pub fn why_of(&self, asked: &Url) -> String {
        if is_same_resource(self.url(), asked) { self.why() } else { self.to_string() }
    }

    fn bare_why(&self) -> String {
        match self {
            Self::Gone { status, .. } => format!("the server answered {status}"),
            Self::Later { why, retry_after: Some(pause), .. } => {
                format!("{why}; to be asked again in {}", in_words(*pause))
            }
            Self::Later { why, .. } | Self::Refused { why, .. } | Self::Unreadable { why, .. } => why.clone(),
        }
    }

    fn is_redirected(&self) -> bool {
        !is_same_resource(self.url(), self.at())
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (asked, why) = (short_url(self.url()), self.bare_why());
        if self.is_redirected() {
            write!(f, "redirected from {asked} to {}: {why}", short_url(self.at()))
        } else {
            write!(f, "{why} ({asked})")
        }
    }
}

impl std::error::Error for FetchError {}

/// Whether two URLs are one to a server: a fragment is not sent.
pub(super) fn is_same_resource(one: &Url, other: &Url) -> bool {
    one[..Position::AfterQuery] == other[..Position::AfterQuery]
}

fn in_words(pause: Duration) -> String {
    match pause.as_secs() {
        seconds @ 0..120 => format!("{} s", seconds.max(1)),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}

/// Why no [`Fetcher`](super::Fetcher) could be built.
#[derive(Debug, Error)]
pub enum SetupError {
    /// The configured User-Agent cannot stand in a header.
    #[error("fetch.user_agent {value:?} cannot be sent; use visible ASCII characters only")]
    UserAgent { value: String },
    /// Neither the system's certificates nor the ones inside the binary made a client.
    #[error(
        "the HTTP client could not be set up: {why}; install the system's CA certificates (ca-certificates)"
    )]
    Client {
        /// The deepest cause.
        why: String,
    },
}
