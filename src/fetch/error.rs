//! Errors, by what the caller does next.

use std::time::Duration;

use thiserror::Error;
use url::Url;

use crate::article::Cause;

/// Why a URL brought nothing. Each variant is another thing to do for the caller; [`FetchError::cause`] says who can
/// mend it, [`FetchError::why`] says it to a person, and the whole message names the address, too, once and short.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FetchError {
    /// It may work another time: time-out, reset, 5xx, 429, a body that broke off, no address, an open circuit
    /// breaker. Nothing is known about the page; ask again when it is due, and not before `retry_after`.
    #[error("{url} could not be fetched: {why}{}", wait(.retry_after))]
    Later {
        /// What was asked for.
        url: Box<Url>,
        /// What kept it.
        cause: Cause,
        /// The same for people.
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
        /// What kept it.
        cause: Cause,
        /// The same for people.
        why: String,
    },
    /// It came and is of no use: too large, another kind of content, a coding that cannot be undone.
    #[error("{url} cannot be read: {why}")]
    Unreadable {
        /// What was asked for.
        url: Box<Url>,
        /// What kept it.
        cause: Cause,
        /// The same for people.
        why: String,
    },
}

impl FetchError {
    /// stub
    pub fn why(&self) -> String { self.to_string() }
    /// The URL that was asked for.
    pub fn url(&self) -> &Url {
        match self {
            Self::Later { url, .. }
            | Self::Gone { url, .. }
            | Self::Refused { url, .. }
            | Self::Unreadable { url, .. } => url,
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
