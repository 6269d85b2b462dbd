//! Why a listing could not be read.

use url::Url;

use crate::article::Cause;

/// Why a listing could not be read. Nothing was taken from it; what was known before stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing but white space came: the portal is ill, try again at the next visit.
    #[error("{url} is empty; expected {expected}")]
    Empty {
        /// Where.
        url: Box<Url>,
        /// What should have come: `a feed`.
        expected: &'static str,
    },
    /// A web page came instead: an error page with a good status, a login or a bot check, or the address has moved.
    #[error("{url} is a web page; expected {expected}: check the address, or whether the portal blocks us")]
    WebPage {
        /// Where.
        url: Box<Url>,
        /// What should have come.
        expected: &'static str,
    },
    /// Broken beyond what can be mended, or of another kind.
    #[error("{url} is not {expected}: {reason}")]
    Malformed {
        /// Where.
        url: Box<Url>,
        /// What should have come.
        expected: &'static str,
        /// What the reader stumbled over.
        reason: String,
    },
    /// Larger or deeper than is believed.
    #[error("{url} was not read: {what} exceeds {limit}")]
    Beyond {
        /// Where.
        url: Box<Url>,
        /// What there is too much of: `nesting`.
        what: &'static str,
        /// The bound.
        limit: u64,
    },
}

impl Unreadable {
    /// The document that could not be read.
    pub fn url(&self) -> &Url {
        match self {
            Self::Empty { url, .. }
            | Self::WebPage { url, .. }
            | Self::Malformed { url, .. }
            | Self::Beyond { url, .. } => url,
        }
    }

    /// By who can mend it.
    pub fn cause(&self) -> Cause {
        match self {
            Self::Empty { .. } | Self::Malformed { .. } => Cause::Broken,
            Self::WebPage { .. } => Cause::WrongType,
            Self::Beyond { .. } => Cause::TooLarge,
        }
    }

    /// The reason alone, without the address.
    pub fn why(&self) -> String {
        match self {
            Self::Empty { expected, .. } => format!("it is empty; expected {expected}"),
            Self::WebPage { expected, .. } => format!(
                "a web page came in place of {expected}: check the address, or whether the portal blocks us"
            ),
            Self::Malformed { expected, reason, .. } => format!("it is not {expected}: {reason}"),
            Self::Beyond { what, limit, .. } => format!("it was not read: its {what} exceeds {limit}"),
        }
    }
}
