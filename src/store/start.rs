//! The part of the facade that opens and closes.

use std::path::Path;
use std::sync::Arc;

use super::actor::{self, Access, Actor};
use super::error::{Result, StoreError};
use super::{FILE, Store, open, owner, replace};

impl Store {
    /// Opens or creates the database in `folder` and brings its schema up to date. No other process may have it open for
    /// writing.
    ///
    /// What stands in the way of writing does not stand in the way of reading: on a full or read-only disk the store opens
    /// what is there, and its writes answer [`StoreError::Write`] until one goes well ([`Store::write_trouble`]). Where
    /// there are finished feeds, it opens even if it can read nothing yet. A damaged database is set aside, and the newest
    /// good automatic backup takes its place, or an empty one ([`Store::notice`]).
    ///
    /// # Errors
    /// [`StoreError::Newer`] if a newer program wrote it, [`StoreError::Open`] with what to do if the folder cannot be
    /// used at all.
    pub async fn open(folder: &Path) -> Result<Self> {
        let folder = folder.to_owned();
        blocking(move || {
            let file = folder.join(FILE);
            owner::make_folder(&folder).map_err(|error| StoreError::Open {
                path: file.display().to_string(),
                why: format!("{error}; state_dir must be a folder that this user may write to"),
            })?;
            replace::mend_cut_off(&file);
            let has_editions =
                std::fs::read_dir(folder.join("editions")).is_ok_and(|mut all| all.next().is_some());
            let actor = Arc::new(Actor::start(&file, Access::Own, has_editions)?);
            look_behind(&actor, &file)?;
            Ok(Self { actor, file: Some(file) })
        })
        .await
    }

    /// Opens the database in `folder` for reading only, beside a daemon that may be running. Nothing is created.
    ///
    /// # Errors
    /// [`StoreError::Open`] if there is none or this user may not read it, [`StoreError::Newer`], [`StoreError::Older`].
    pub async fn look(folder: &Path) -> Result<Self> {
        let file = folder.join(FILE);
        blocking(move || {
            owner::may_read(&file).map_err(|error| StoreError::Open {
                path: file.display().to_string(),
                why: format!("{error}; it is read by the user that tinsach runs as, and by root"),
            })?;
            Ok(Self { actor: Arc::new(Actor::start(&file, Access::Look, false)?), file: Some(file) })
        })
        .await
    }

    /// An empty store in memory, for tests.
    pub async fn in_memory() -> Result<Self> {
        Ok(Self { actor: Arc::new(Actor::in_memory()?), file: None })
    }

    /// Ends both sides in order: pending commits are done, the WAL is folded in. Clones find the store closed.
    pub async fn close(self) -> Result<()> {
        self.actor.close().await
    }
}

/// Runs work that blocks beside the runtime.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Sql(error.to_string()))?
}

/// Looks through a database that is too large for that to be done before it is used.
fn look_behind(actor: &Arc<Actor>, file: &Path) -> Result<()> {
    let size = std::fs::metadata(file).map_or(0, |data| data.len());
    if size <= open::MAX_BYTES_CHECKED_AT_OPEN || actor.troubles.write().is_some() {
        return Ok(());
    }
    let (troubles, file) = (Arc::clone(&actor.troubles), file.to_owned());
    actor::spawn("store-check", move || {
        let looked = open::open_only_reader(&file).and_then(|session| open::quick_check(&session.conn));
        match looked {
            Err(error @ StoreError::Corrupt(_)) => drop(troubles.note(&error)),
            looked => tracing::debug!(?looked, "looked through the database"),
        }
    })
    .map(drop)
}
