//! What kept an address from giving its content, told apart by who can mend it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kept an address from giving its content.
///
/// The variants differ in who can mend it (the portal's operator, the network's, whoever wrote the source file) and
/// say nothing about what to do next with the address: that is for the error that carries the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The DNS says that there is no such name.
    HostUnknown,
    /// No connection: refused, reset, no route, or the DNS does not answer for now.
    Unreachable,
    /// No connection, or no whole answer, in the time given.
    Timeout,
    /// The certificate is not trusted, or the TLS handshake failed otherwise.
    Tls,
    /// The server keeps us out: 401, 403, 451, or a check that only a browser passes.
    Blocked,
    /// The server says that we ask too often: 429.
    RateLimited,
    /// The server failed: 5xx.
    ServerError,
    /// The robots.txt forbids it.
    Robots,
    /// The server answers, but not with its robots.txt, and until that is known nothing may be fetched. Where the
    /// whole host is at fault (no name, no connection, a block, a pause) that cause is given and not this one.
    RobotsUnreachable,
    /// The server says that it is not there: 404 or 410.
    Missing,
    /// Another status that brings no content.
    OtherStatus,
    /// We do not ask there: a private address, a port of another protocol, a scheme that is not HTTP.
    Forbidden,
    /// A redirect that is not followed: in a circle, too many, to a forbidden place, or out of the portal.
    Redirect,
    /// The body is larger than allowed.
    TooLarge,
    /// The content is of another type than the one that was asked for.
    WrongType,
    /// The body is empty, broke off, or is coded in a way that cannot be undone.
    Broken,
    /// We did not ask: the host failed too often just now, or wants to be left alone for a while.
    LeftAlone,
    /// We did not ask, or did not wait for the answer: the program is stopping.
    Stopping,
}

impl Cause {
    /// One word for logs, metrics and reports; what serde writes, too.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::HostUnknown => "host-unknown",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Blocked => "blocked",
            Self::RateLimited => "rate-limited",
            Self::ServerError => "server-error",
            Self::Robots => "robots",
            Self::RobotsUnreachable => "robots-unreachable",
            Self::Missing => "missing",
            Self::OtherStatus => "other-status",
            Self::Forbidden => "forbidden",
            Self::Redirect => "redirect",
            Self::TooLarge => "too-large",
            Self::WrongType => "wrong-type",
            Self::Broken => "broken",
            Self::LeftAlone => "left-alone",
            Self::Stopping => "stopping",
        }
    }

    /// What an HTTP status that brings no content is a case of.
    pub(crate) fn of_status(status: u16) -> Self {
        match status {
            401 | 403 | 451 => Self::Blocked,
            404 | 410 => Self::Missing,
            429 => Self::RateLimited,
            500..=599 => Self::ServerError,
            _ => Self::OtherStatus,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAUSES: [Cause; 18] = [
        Cause::HostUnknown,
        Cause::Unreachable,
        Cause::Timeout,
        Cause::Tls,
        Cause::Blocked,
        Cause::RateLimited,
        Cause::ServerError,
        Cause::Robots,
        Cause::RobotsUnreachable,
        Cause::Missing,
        Cause::OtherStatus,
        Cause::Forbidden,
        Cause::Redirect,
        Cause::TooLarge,
        Cause::WrongType,
        Cause::Broken,
        Cause::LeftAlone,
        Cause::Stopping,
    ];

    #[test]
    fn a_cause_has_one_name_in_words_and_in_json() {
        for (index, cause) in CAUSES.into_iter().enumerate() {
            let json = serde_json::to_string(&cause).expect("a name");
            assert_eq!(json, format!("\"{cause}\""));
            assert_eq!(serde_json::from_str::<Cause>(&json).expect("a cause"), cause);
            assert_eq!(cause as usize, index, "{cause} is in its place");
        }
    }
}
