//! Forgetting what the operator does not want kept: a little after each visit, so that no visit waits long for it.

use jiff::{SignedDuration, Timestamp};

use crate::article::SourceId;
use crate::config::{Config, Keep, KeepConfig};
use crate::store::{Result, Store};

/// Pages or earlier texts forgotten in one transaction.
const ROWS: usize = 500;
/// Articles forgotten in one transaction: each has to leave the indexes too.
const ARTICLES: usize = 50;
/// Transactions of a kind after one visit. More comes to a source seldom; what is left is forgotten after the next visits.
const STEPS: usize = 10;

/// Forgets what is older than it is to be kept, of a source that was visited and of those that are followed no more. What
/// cannot be forgotten now is forgotten after a later visit.
pub(super) async fn forget_old(config: &Config, source: &SourceId, store: &Store, now: Timestamp) {
    if let Err(fault) = forget(config, source, store, now).await {
        tracing::warn!(%fault, "what is old could not be forgotten");
    }
}

async fn forget(config: &Config, visited: &SourceId, store: &Store, now: Timestamp) -> Result<()> {
    for known in store.known_sources().await? {
        let followed = config.sources.iter().find(|source| source.id == known);
        let keep = match followed {
            Some(source) if known == *visited => source.keep.over(&config.keep),
            Some(_) => continue,
            None => config.keep.clone(),
        };
        forget_of(&keep, &known, store, now).await?;
    }
    Ok(())
}

async fn forget_of(keep: &KeepConfig, source: &SourceId, store: &Store, now: Timestamp) -> Result<()> {
    if let Some(before) = horizon(keep.raw_pages, now) {
        in_steps(ROWS, || store.forget_raw_pages(source, before, ROWS)).await?;
    }
    if let Some(before) = horizon(keep.revisions, now) {
        in_steps(ROWS, || store.forget_revisions(source, before, ROWS)).await?;
    }
    if let Some(before) = horizon(keep.articles, now) {
        in_steps(ARTICLES, || store.forget_articles(source, before, ARTICLES)).await?;
    }
    Ok(())
}

/// Does a step until one finds less than a whole one to do, but no more than [`STEPS`].
async fn in_steps<F: Future<Output = Result<usize>>>(
    whole: usize,
    mut step: impl FnMut() -> F,
) -> Result<()> {
    for _ in 0..STEPS {
        if step().await? < whole {
            break;
        }
    }
    Ok(())
}

fn horizon(keep: Keep, now: Timestamp) -> Option<Timestamp> {
    match keep {
        Keep::All => None,
        Keep::For(span) => now.checked_sub(SignedDuration::try_from(span).ok()?).ok(),
    }
}
