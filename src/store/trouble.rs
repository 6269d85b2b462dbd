//! What keeps the store from working, since when, for whoever watches over it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::error::StoreError;

/// Stands beside a database in which damage was seen while it was in use: the next start looks at all of it.
const SUSPECT_FILE: &str = "tinsach.db.suspect";

/// What keeps the store from working.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The last failure of this kind, in words.
    pub error: StoreError,
    /// When the first failure of the row was seen.
    pub since: Timestamp,
    /// How often it was seen.
    pub times: u64,
}

/// The troubles of one store.
#[derive(Default)]
pub(super) struct Troubles {
    /// The database, if damage is to be remembered for the next start.
    database: Option<PathBuf>,
    write: Mutex<Option<Trouble>>,
    damage: Mutex<Option<Trouble>>,
}

impl Troubles {
    /// Those of a database whose damage the next start has to know of.
    pub(super) fn of(database: &Path) -> Self {
        Self { database: Some(database.to_owned()), ..Self::default() }
    }

    pub(super) fn written(&self) {
        if lock(&self.write).take().is_some() {
            tracing::debug!("the database can be written again");
        }
    }

    /// Notes a failure, if it is one of the disk or of the file. Answers whether it is.
    pub(super) fn note(&self, error: &StoreError) -> bool {
        let place = match error {
            StoreError::Write(_) => &self.write,
            StoreError::Corrupt(_) | StoreError::Damaged(_) => &self.damage,
            _ => return false,
        };
        if let (StoreError::Corrupt(_), Some(database)) = (error, &self.database) {
            suspect(database);
        }
        let mut known = lock(place);
        match known.as_mut() {
            Some(known) => {
                known.error = error.clone();
                known.times += 1;
            }
            None => {
                tracing::debug!(%error, "the store is in trouble");
                *known = Some(Trouble { error: error.clone(), since: Timestamp::now(), times: 1 });
            }
        }
        true
    }

    /// Notes what a read found: a read that fails says nothing of writing.
    pub(super) fn note_read(&self, error: &StoreError) {
        if matches!(error, StoreError::Corrupt(_) | StoreError::Damaged(_)) {
            self.note(error);
        }
    }

    pub(super) fn write(&self) -> Option<Trouble> {
        lock(&self.write).clone()
    }

    pub(super) fn damage(&self) -> Option<Trouble> {
        lock(&self.damage).clone()
    }
}

fn lock(place: &Mutex<Option<Trouble>>) -> MutexGuard<'_, Option<Trouble>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers for the next start that damage was seen. If that cannot be written, the next start looks as it always does.
fn suspect(database: &Path) {
    let mark = database.with_file_name(SUSPECT_FILE);
    if !mark.exists()
        && let Err(fault) =
            std::fs::write(&mark, "Damage was seen; the next start looks at the whole database.\n")
    {
        tracing::warn!(%fault, "the next start cannot be told to look at the whole database");
    }
}

pub(super) fn is_suspect(database: &Path) -> bool {
    database.with_file_name(SUSPECT_FILE).exists()
}

pub(super) fn clear_suspect(database: &Path) {
    match std::fs::remove_file(database.with_file_name(SUSPECT_FILE)) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
            tracing::debug!(%fault, "the mark of damage stays")
        }
        _ => {}
    }
}
