//! A failure on its way out of this module: what the caller is to do, what kept the address, and what pace and retry
//! have to know.

use std::time::Duration;

use url::Url;

use super::error::{FetchError, is_same_resource};
use crate::model::Cause;

/// Longest reason, in characters.
const MAX_WHY_CHARS: usize = 300;

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
    cause: Cause,
    why: String,
    retry_after: Option<Duration>,
    /// Whether it speaks against the host and not just the page, so that the breaker counts it.
    pub(super) host_failed: bool,
    /// Whether asking again within seconds is likely to help.
    pub(super) again: bool,
}

impl Trouble {
    fn new(verdict: Verdict, cause: Cause, why: impl Into<String>) -> Self {
        Self { verdict, cause, why: why.into(), retry_after: None, host_failed: false, again: false }
    }

    pub(super) fn later(cause: Cause, why: impl Into<String>) -> Self {
        Self::new(Verdict::Later, cause, why)
    }

    pub(super) fn gone(status: u16) -> Self {
        Self::new(Verdict::Gone(status), Cause::Missing, format!("the server answered {status}"))
    }

    pub(super) fn refused(cause: Cause, why: impl Into<String>) -> Self {
        Self::new(Verdict::Refused, cause, why)
    }

    pub(super) fn unreadable(cause: Cause, why: impl Into<String>) -> Self {
        Self::new(Verdict::Unreadable, cause, why)
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

    pub(super) fn cause(&self) -> Cause {
        self.cause
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
        // Whoever redirects to a place that is off limits has to mend it, not whoever keeps the place off limits.
        let is_led_astray = self.cause == Cause::Forbidden && !is_same_resource(asked, at);
        let cause = if is_led_astray { Cause::Redirect } else { self.cause };
        let (url, at, mut why) = (Box::new(asked.clone()), Box::new(at.clone()), self.why);
        // A server chooses part of the text, such as the content type that it gives.
        if let Some((end, _)) = why.char_indices().nth(MAX_WHY_CHARS) {
            why.truncate(end);
            why.push('…');
        }
        match self.verdict {
            Verdict::Later => FetchError::Later { url, at, cause, why, retry_after: self.retry_after },
            Verdict::Gone(status) => FetchError::Gone { url, at, status },
            Verdict::Refused => FetchError::Refused { url, at, cause, why },
            Verdict::Unreadable => FetchError::Unreadable { url, at, cause, why },
        }
    }
}
