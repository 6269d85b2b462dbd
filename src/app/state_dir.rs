//! The state folder: made if need be, writable, and ours alone.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use anyhow::{Context, bail};

/// Held for as long as the process uses the folder; the system lets go of it even after `kill -9`.
pub(super) struct Lock {
    _file: File,
}

/// Makes and locks the folder.
///
/// # Errors
/// If it cannot be written or another tinsach uses it, with what to do about it.
pub(super) fn claim(folder: &Path) -> anyhow::Result<Lock> {
    let shown = folder.display();
    let mend = "make it writable for this user, or change `state_dir` in tinsach.toml";
    fs::create_dir_all(folder).with_context(|| format!("cannot make the state folder {shown}; {mend}"))?;
    let file = File::options().create(true).truncate(false).write(true).open(folder.join("lock"));
    let file = file.with_context(|| format!("cannot write into the state folder {shown}; {mend}"))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => {
            bail!(
                "another tinsach uses the state folder {shown}; stop it first, or give this one a `state_dir` of its own"
            )
        }
        Err(TryLockError::Error(fault)) => {
            Err(fault).with_context(|| format!("cannot lock the state folder {shown}"))
        }
    }
}
