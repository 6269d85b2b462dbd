//! Why an answer of the API brought no posts.

use std::fmt;

use url::Url;

use crate::discover::DiscoverError;
use crate::model::short_url;

/// Why an answer brought no posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// The page asked for comes after the last one. The walk is at its end; nothing is wrong.
    PastEnd {
        /// What was asked.
        url: Box<Url>,
    },
    /// The API is switched off, hidden or asks for a login: this method does not exist here.
    Closed {
        /// What was asked.
        url: Box<Url>,
        /// WordPress' name of the error: `rest_no_route`.
        code: String,
        /// Its words.
        message: String,
    },
    /// The API refused this request: a parameter it does not know, an error inside.
    Refused {
        /// What was asked.
        url: Box<Url>,
        /// WordPress' name of the error: `rest_invalid_param`.
        code: String,
        /// Its words.
        message: String,
    },
    /// No answer of the API at all.
    Unreadable(DiscoverError),
}

impl ApiError {
    /// What was asked.
    pub fn url(&self) -> &Url {
        match self {
            Self::PastEnd { url } | Self::Closed { url, .. } | Self::Refused { url, .. } => url,
            Self::Unreadable(fault) => fault.url(),
        }
    }

    /// Why, for people who know already what was asked: the message without the address.
    pub fn why(&self) -> String {
        match self {
            Self::PastEnd { .. } => "there are no more pages".to_owned(),
            Self::Closed { code, message, .. } => format!(
                "the API is closed ({code}: {message}); the other methods are used, or set wp_json = false"
            ),
            Self::Refused { code, message, .. } => format!("the API refused the request ({code}: {message})"),
            Self::Unreadable(fault) => fault.why(),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.why(), short_url(self.url()))
    }
}

impl std::error::Error for ApiError {}

impl From<DiscoverError> for ApiError {
    fn from(fault: DiscoverError) -> Self {
        Self::Unreadable(fault)
    }
}
