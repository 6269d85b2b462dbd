//! Errors, by what the caller does next.

use std::time::Duration;

use thiserror::Error;
use url::Url;

/// Why a URL brought nothing. Each variant is another thing to do for the caller; the message names the URL and the
/// deepest cause that says something to a person.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FetchError {
    /// It may work another time: time-out, reset, 5xx, 429, a body that broke off, no address, an open circuit
    /// breaker. Nothing is known about the page; ask again when it is due, and not before `retry_after`.
    #[error("{url} could not be fetched: {why}{}", wait(.retry_after))]
    Later {
        /// What was asked for.
        url: Box<Url>,
        /// The cause, for people.
        why: String,
        /// How long the host wants to be left alone, at most an hour.
        retry_after: Option<Duration>,
    },
    /// The page is not there (404) or is said to be gone for good (410).
    #[error("{url} is gone: the server answered {status}")]
    Gone {
        /// What was asked for.
        url: Box<Url>,
        /// 404 or 410.
        status: u16,
    },
    /// It must not be fetched: robots.txt, an address or port that is off limits, a redirect to such a place, another
    /// 4xx, a scheme that is not HTTP. Asking again changes nothing until the portal or the configuration changes.
    #[error("{url} must not be fetched: {why}")]
    Refused {
        /// What was asked for.
        url: Box<Url>,
        /// The cause, for people.
        why: String,
    },
    /// It came and is of no use: too large, another kind of content, a coding that cannot be undone.
    #[error("{url} cannot be read: {why}")]
    Unreadable {
        /// What was asked for.
        url: Box<Url>,
        /// The cause, for people.
        why: String,
    },
}

impl FetchError {
    /// The URL that was asked for.
    pub fn url(&self) -> &Url {
        match self {
            Self::Later { url, .. }
            | Self::Gone { url, .. }
            | Self::Refused { url, .. }
            | Self::Unreadable { url, .. } => url,
        }
    }

    /// The cause alone, for people, where the address is said in another place.
    pub fn cause(&self) -> String {
        match self {
            Self::Later { why, retry_after, .. } => format!("{why}{}", wait(retry_after)),
            Self::Gone { status, .. } => format!("the server answered {status}"),
            Self::Refused { why, .. } | Self::Unreadable { why, .. } => why.clone(),
        }
    }
}

fn wait(retry_after: &Option<Duration>) -> String {
    retry_after.map(|time| format!("; ask again in {} s", time.as_secs().max(1))).unwrap_or_default()
}

/// Why no [`Fetcher`](super::Fetcher) could be built.
#[derive(Debug, Error)]
pub enum SetupError {
    /// The configured User-Agent cannot stand in a header.
    #[error("fetch.user_agent {value:?} cannot be sent; use visible ASCII characters only")]
    UserAgent {
        /// The value from the configuration.
        value: String,
    },
    /// Neither the system's certificates nor the ones inside the binary made a client.
    #[error(
        "the HTTP client could not be set up: {why}; install the system's CA certificates (ca-certificates)"
    )]
    Client {
        /// The deepest cause.
        why: String,
    },
}

/// Longest reason, in characters.
const MAX_WHY: usize = 600;

/// What the caller of [`Fetcher`](super::Fetcher) is to do, before it is known which URL to say it of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Later,
    Gone(u16),
    Refused,
    Unreadable,
}

/// A failure inside this module: the verdict, and what pace and retry have to know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    verdict: Verdict,
    why: String,
    retry_after: Option<Duration>,
    /// Whether it speaks against the host and not just the page, so that the breaker counts it.
    pub(super) host_failed: bool,
    /// Whether asking again within seconds is likely to help.
    pub(super) again: bool,
}

impl Trouble {
    fn new(verdict: Verdict, why: impl Into<String>) -> Self {
        Self { verdict, why: why.into(), retry_after: None, host_failed: false, again: false }
    }

    pub(super) fn later(why: impl Into<String>) -> Self {
        Self::new(Verdict::Later, why)
    }

    pub(super) fn gone(status: u16) -> Self {
        Self::new(Verdict::Gone(status), format!("the server answered {status}"))
    }

    pub(super) fn refused(why: impl Into<String>) -> Self {
        Self::new(Verdict::Refused, why)
    }

    pub(super) fn unreadable(why: impl Into<String>) -> Self {
        Self::new(Verdict::Unreadable, why)
    }

    pub(super) fn after(mut self, retry_after: Option<Duration>) -> Self {
        self.retry_after = retry_after;
        self
    }

    pub(super) fn host_failed(mut self) -> Self {
        self.host_failed = true;
        self
    }

    pub(super) fn again(mut self) -> Self {
        self.again = true;
        self
    }

    pub(super) fn why(&self) -> &str {
        &self.why
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether nothing has been decided about the resource itself.
    pub(super) fn is_later(&self) -> bool {
        self.verdict == Verdict::Later
    }

    /// Says it of the URL that was asked for; `at` is where redirects had led by then.
    pub(super) fn of(self, asked: &Url, at: &Url) -> FetchError {
        let url = Box::new(asked.clone());
        let mut why = if at == asked { self.why } else { format!("redirected to {at}: {}", self.why) };
        // A server chooses part of the text, such as where it redirects to.
        if let Some((end, _)) = why.char_indices().nth(MAX_WHY) {
            why.truncate(end);
            why.push('…');
        }
        match self.verdict {
            Verdict::Later => FetchError::Later { url, why, retry_after: self.retry_after },
            Verdict::Gone(status) => FetchError::Gone { url, status },
            Verdict::Refused => FetchError::Refused { url, why },
            Verdict::Unreadable => FetchError::Unreadable { url, why },
        }
    }
}
