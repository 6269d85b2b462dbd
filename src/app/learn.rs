//! Learning a portal with the configuration's manners.

use url::Url;

use crate::config::Config;
use crate::discover::site;
use crate::fetch::Fetcher;
use crate::learn::{self, Watch};

pub use crate::learn::{LearnError, Learned, Sample};

/// Learns the portal at `address` from at most `pages` article pages; if that cannot be reached, the one at `instead`.
///
/// # Errors
/// If no client can be made, or as [`LearnError`] says.
pub async fn learn(
    config: &Config,
    address: &Url,
    instead: Option<&Url>,
    pages: usize,
    watch: Watch<'_>,
) -> anyhow::Result<Learned> {
    let fetcher = Fetcher::new(&config.fetch)?;
    match (learn::learn(&fetcher, address, pages, watch).await, instead) {
        (Err(LearnError::NotReached(_)), Some(instead)) => {
            Ok(learn::learn(&fetcher, instead, pages, watch).await?)
        }
        (learned, _) => Ok(learned?),
    }
}

/// The sources of the configuration that follow the learned portal already, or have its name.
pub fn rivals<'a>(config: &'a Config, learned: &Learned) -> Vec<&'a str> {
    let is_rival = |source: &&crate::config::Source| {
        source.id == learned.source.id || site::is_within(&source.home, &learned.source.home)
    };
    config.sources.iter().filter(is_rival).map(|source| source.id.as_str()).collect()
}
