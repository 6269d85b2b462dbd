//! Why a listing could not be read.

use std::fmt;

use url::Url;

use crate::model::{Cause, short_url};

/// Why a listing could not be read. Nothing was taken from it; what was known before stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiscoverError {
    /// Nothing but white space came: the portal is ill, try again at the next visit.
    Empty {
        /// Where.
        url: Box<Url>,
        /// What should have come: `a feed`.
        expected: &'static str,
    },
    /// A web page came instead: an error page with a good status, a login or a bot check, or the address has moved.
    WebPage {
        /// Where.
        url: Box<Url>,
        /// What should have come.
        expected: &'static str,
    },
    /// Broken beyond what can be mended, or of another kind.
    Malformed {
        /// Where.
        url: Box<Url>,
        /// What should have come.
        expected: &'static str,
        /// What the reader stumbled over.
        reason: String,
    },
    /// Larger or deeper than is believed.
    Beyond {
        /// Where.
        url: Box<Url>,
        /// What there is too much of: `nesting`.
        what: &'static str,
        /// The bound.
        limit: u64,
    },
}

impl DiscoverError {
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

    /// Why, for people who know already which document it is: the message without the address.
    pub fn why(&self) -> String {
        match self {
            Self::Empty { expected, .. } => format!("nothing came where {expected} was expected"),
            Self::WebPage { expected, .. } => format!(
                "a web page came where {expected} was expected: check the address, or whether the portal blocks us"
            ),
            Self::Malformed { expected, reason, .. } => format!("not {expected}: {reason}"),
            Self::Beyond { what, limit, .. } => format!("not read: {what} exceeds {limit}"),
        }
    }
}

impl fmt::Display for DiscoverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.why(), short_url(self.url()))
    }
}

impl std::error::Error for DiscoverError {}
