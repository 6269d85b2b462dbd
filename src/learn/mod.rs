//! Learning a portal: from its address alone to a complete source file.
//!
//! [`learn`] fetches what there is to learn from ([`gather`], the only part with effects), bounded by number and through
//! the polite [`Fetcher`]; what follows are pure functions over the pages: where the portal is ([`locale`]), what it is
//! called ([`name`]), how its addresses are made ([`pattern`]), what its articles read as and how well ([`sample`]), where
//! an unmarked title stands ([`title`]), and the file with its evidence ([`mod@write`]). [`fn@mend`] holds an existing source
//! against its portal in the same way.
//!
//! A method counts as there only if it named articles. No rules for article pages are written where the extractor finds the same
//! without them, as it goes on to do after a redesign.

mod error;
mod gather;
mod infer;
mod locale;
mod mend;
mod name;
mod pattern;
mod portal_sample;
mod sample;
#[cfg(test)]
mod tests;
mod title;
mod write;

use url::Url;

pub use error::LearnError;
pub use gather::Watch;
pub use mend::{Difference, Mended, Relearned, mend, relearn};
pub use portal_sample::Tried;
pub use sample::{Check, Sample};

use crate::config::Source;
use crate::fetch::Fetcher;

/// What to do where no article was found.
const ADVICE: &str = "open the portal in a browser and give the address of a section that lists articles; a page that shows \
                      nothing without JavaScript cannot be read, but its feed or sitemap may be named by hand under [discover]";

/// What was learned of a portal.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The source, as the file reads.
    pub source: Source,
    /// The source file, with the evidence in comments.
    pub toml: String,
    /// Every page that reads as an article, in the order they were fetched.
    pub samples: Vec<Sample>,
    /// Pages that were fetched and read as no article, each with the reason.
    pub others: Vec<Tried>,
    /// Points of a hundred over all pages; a page that reads as no article counts as zero.
    pub score: u32,
}

/// Learns the portal at `asked`, whose front page or section it should be, from at most `pages` article pages. `watch`
/// hears each address before it is asked for.
///
/// # Errors
/// [`LearnError`]: not to be reached, forbidden, not HTML, or no article found, each with what was tried and what to do.
pub async fn learn(
    fetcher: &Fetcher,
    asked: &Url,
    pages: usize,
    watch: Watch<'_>,
) -> Result<Learned, LearnError> {
    let portal = gather::gather(fetcher, asked, pages, watch).await?;
    infer::infer(&portal)
}
