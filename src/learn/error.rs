//! Why a portal could not be learned, each with what was tried and what to do.

use url::Url;

use super::portal_sample::Tried;
use crate::fetch::FetchError;
use crate::model::Cause;

/// Why no source file could be written for an address.
#[derive(Debug, thiserror::Error)]
pub enum LearnError {
    /// The portal does not answer.
    #[error(
        "{0}\nopen the address in a browser: if it works there, try again later; if not, it is misspelt or the portal is down"
    )]
    NotReached(FetchError),
    /// There is nothing at the address.
    #[error("{0}\ngive the address of the portal's front page, or of a section that lists its articles")]
    NotThere(FetchError),
    /// The portal's robots.txt keeps programs out.
    #[error(
        "{0}\ntinsach keeps to that; ask whoever runs the portal \
         for leave, or give the address of a section that is not forbidden"
    )]
    Robots(FetchError),
    /// It must not be fetched for another reason: a private address, a status that refuses.
    #[error(
        "{0}\na portal on a private network needs its network in `fetch.allow_private` of the configuration (-c FILE); a \
         portal that refuses programs has to be asked for leave"
    )]
    Refused(FetchError),
    /// Something other than a web page is at the address.
    #[error("{0}\ngive the address of a web page: tinsach finds feeds, API and sitemap from there")]
    NotHtml(FetchError),
    /// The front page is a page, and yet nothing that any discovery method leads to reads as an article.
    #[error("no article was found at {home}\ntried:\n{}\n{advice}", lines(tried))]
    NoArticle {
        /// The front page.
        home: Box<Url>,
        /// What was tried, each with what came of it.
        tried: Vec<Tried>,
        /// What to do about it.
        advice: &'static str,
    },
    /// The file that was written does not load: a fault of this program, told rather than handed on.
    #[error("the source file written for {home} does not load; please report it: {why}")]
    Unloadable {
        /// The front page.
        home: Box<Url>,
        /// What the configuration's reader says.
        why: String,
    },
}

impl LearnError {
    /// Why the front page could not be had.
    pub(super) fn of_front(error: FetchError) -> Self {
        match error {
            FetchError::Refused { cause: Cause::Robots, .. } => Self::Robots(error),
            FetchError::Refused { .. } => Self::Refused(error),
            FetchError::Later { .. } => Self::NotReached(error),
            FetchError::Gone { .. } => Self::NotThere(error),
            FetchError::Unreadable { .. } => Self::NotHtml(error),
        }
    }
}

fn lines(tried: &[Tried]) -> String {
    let line = |tried: &Tried| format!("  {}: {}", tried.url, tried.outcome);
    tried.iter().map(line).collect::<Vec<_>>().join("\n")
}
