//! Forgetting what the operator does not want kept: a little after each visit, so that no visit waits long for it.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use crate::config::{Config, Keep, KeepConfig};
use crate::model::SourceId;
use crate::store::{Result, Store};

/// Pages or earlier texts forgotten in one transaction.
const PRUNED_ROWS_PER_STEP: usize = 500;
/// Articles forgotten in one transaction: each has to leave the indexes too.
const PRUNED_ARTICLES_PER_STEP: usize = 50;
/// Transactions of a kind after one visit. More comes to a source seldom; what is left is forgotten after the next visits.
const MAX_STEPS: usize = 10;

/// Forgets what is older than it is to be kept, of a source that was visited and of those that are followed no more. What
/// cannot be forgotten now is forgotten after a later visit.
pub(super) async fn forget_old(config: &Config, source: &SourceId, store: &Store, now: Timestamp) {
    if let Err(fault) = forget(config, source, store, now).await {
        tracing::warn!(%fault, "what is old could not be forgotten");
    }
}

async fn forget(config: &Config, visited: &SourceId, store: &Store, now: Timestamp) -> Result<()> {
    if let Some(source) = config.sources.iter().find(|source| source.id == *visited) {
        forget_of(&source.keep.over(&config.keep), visited, store, now).await?;
    }
    let followed: HashSet<&SourceId> = config.sources.iter().map(|source| &source.id).collect();
    for known in store.known_sources().await?.iter().filter(|known| !followed.contains(known)) {
        forget_of(&config.keep, known, store, now).await?;
    }
    Ok(())
}

async fn forget_of(keep: &KeepConfig, source: &SourceId, store: &Store, now: Timestamp) -> Result<()> {
    if let Some(before) = horizon(keep.raw_pages, now) {
        in_steps(PRUNED_ROWS_PER_STEP, |rows| store.forget_raw_pages(source, before, rows)).await?;
    }
    if let Some(before) = horizon(keep.revisions, now) {
        in_steps(PRUNED_ROWS_PER_STEP, |rows| store.forget_revisions(source, before, rows)).await?;
    }
    if let Some(before) = horizon(keep.articles, now) {
        in_steps(PRUNED_ARTICLES_PER_STEP, |rows| store.forget_articles(source, before, rows)).await?;
    }
    Ok(())
}

/// Does a step until one finds less than a whole one to do, but no more than [`MAX_STEPS`].
async fn in_steps<F: Future<Output = Result<usize>>>(
    whole: usize,
    mut step: impl FnMut(usize) -> F,
) -> Result<()> {
    for _ in 0..MAX_STEPS {
        if step(whole).await? < whole {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::publish::tests::{at, config};
    use crate::serve::tests::{commit, several};
    use crate::store::Scope;

    #[tokio::test]
    async fn each_source_is_forgotten_by_its_own_rule_a_little_at_a_time_and_to_the_end() {
        let store = Store::in_memory().await.expect("a store");
        let a_visit = u64::try_from(MAX_STEPS * PRUNED_ARTICLES_PER_STEP).expect("a number");
        for (source, count) in [("haiphong", a_visit + 20), ("khac", 3), ("removed", 3)] {
            for article in several(source, 1..count + 1) {
                commit(&store, article).await;
            }
        }
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = config("http://tin.example/", folder.path());
        config.sources[0].keep.articles = Some(Keep::For(Duration::from_secs(3600)));
        let now = at("2030-01-01T00:00:00Z");
        let left = async |source: &str| {
            let scope = Scope::Source(SourceId::new(source));
            store.newest(&scope, 9_999).await.expect("newest").len()
        };
        let haiphong = SourceId::new("haiphong");
        forget_old(&config, &haiphong, &store, now).await;
        assert_eq!(left("haiphong").await, 20);
        forget_old(&config, &haiphong, &store, now).await;
        assert_eq!((left("haiphong").await, left("khac").await, left("removed").await), (0, 3, 3));
        // The rule of all is that of those that have none, and of what is followed no more.
        config.keep.articles = Keep::For(Duration::from_secs(3600));
        config.sources[0].keep.articles = Some(Keep::All);
        forget_old(&config, &haiphong, &store, now).await;
        assert_eq!((left("khac").await, left("removed").await), (3, 0), "another source was visited");
        forget_old(&config, &SourceId::new("khac"), &store, now).await;
        assert_eq!(left("khac").await, 0);
        assert_eq!(store.inspect().await.expect("looked"), Vec::<String>::new());
    }
}
