//! Copies of the database: written while the daemon runs, and put back.

use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;

use super::state_dir;
use crate::config::Config;
use crate::store::{BACKUPS, Store};

pub use crate::store::{Copied, Restored};

/// Copies that a folder keeps where nobody says how many: a week of daily ones.
pub const KEPT: usize = 7;

/// Writes a consistent copy of the database, also while the daemon runs; packed if the name ends in `.zst`.
///
/// # Errors
/// If the database cannot be read or the file cannot be written.
pub async fn to_file(config: &Config, file: &Path) -> anyhow::Result<Copied> {
    let done = Store::backup_of(&config.state_dir, file).await;
    done.with_context(|| format!("cannot write {}", file.display()))
}

/// Writes a copy under a name with the time into a folder, and removes the oldest of such names beyond `keep`.
///
/// # Errors
/// As [`to_file`].
pub async fn into_folder(
    config: &Config,
    folder: &Path,
    keep: usize,
    now: Timestamp,
) -> anyhow::Result<Copied> {
    let done = Store::dated_backup_of(&config.state_dir, folder, keep, now).await;
    done.with_context(|| format!("cannot write into {}", folder.display()))
}

/// The same into the folder that a start looks into if it finds the database damaged.
///
/// # Errors
/// As [`to_file`].
pub async fn automatic(config: &Config, keep: usize, now: Timestamp) -> anyhow::Result<Copied> {
    into_folder(config, &config.state_dir.join(BACKUPS), keep, now).await
}

/// Puts a copy in place of the database, which is kept beside it. No tinsach may be using the state folder.
///
/// # Errors
/// If the folder is in use, or the file is no copy of a database; everything is as it was then.
pub async fn restore(config: &Config, file: &Path) -> anyhow::Result<Restored> {
    let _lock = state_dir::claim(&config.state_dir)?;
    let done = Store::restore(file, &config.state_dir).await;
    done.with_context(|| format!("cannot restore {}", file.display()))
}
