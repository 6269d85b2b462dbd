//! Forgetting what the operator does not want kept, and copies of the database.

use std::path::Path;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};

use super::state_dir;
use crate::config::{Config, Keep, KeepConfig};
use crate::store::{Store, StoreError};

/// Articles forgotten at a time, so that no visit waits long for it.
const ARTICLES: usize = 500;

/// Forgets what is older than it is to be kept. What cannot be forgotten now is forgotten after the next visit.
pub(super) async fn forget_old(keep: &KeepConfig, store: &Store, now: Timestamp) {
    if let Err(fault) = forget(keep, store, now).await {
        tracing::warn!(%fault, "what is old could not be forgotten");
    }
}

async fn forget(keep: &KeepConfig, store: &Store, now: Timestamp) -> Result<(), StoreError> {
    if let Some(before) = horizon(keep.raw_pages, now) {
        store.forget_raw_pages(before).await?;
    }
    if let Some(before) = horizon(keep.revisions, now) {
        store.forget_revisions(before).await?;
    }
    if let Some(before) = horizon(keep.articles, now) {
        store.forget_articles(before, ARTICLES).await?;
    }
    Ok(())
}

fn horizon(keep: Keep, now: Timestamp) -> Option<Timestamp> {
    match keep {
        Keep::All => None,
        Keep::For(span) => now.checked_sub(SignedDuration::try_from(span).ok()?).ok(),
    }
}

/// Writes a consistent copy of the database, also while the daemon runs.
///
/// # Errors
/// If the database cannot be read or the file cannot be written.
pub async fn backup(config: Config, file: &Path) -> anyhow::Result<()> {
    let store = Store::open(&config.state_dir).await?;
    let done = store.backup(file).await.with_context(|| format!("cannot write {}", file.display()));
    store.close().await?;
    done
}

/// Puts a copy in place of the database. No tinsach may be using the state folder.
///
/// # Errors
/// If the folder is in use, or the file is no copy of a database.
pub async fn restore(config: Config, file: &Path) -> anyhow::Result<()> {
    let _lock = state_dir::claim(&config.state_dir)?;
    Store::restore(file, &config.state_dir)
        .await
        .with_context(|| format!("cannot restore {}", file.display()))
}
