//! A damaged database at the start: it is set aside, never deleted, and the newest good copy takes its place, or an empty
//! one. What the copy lacks is fetched again, and gets the same ids.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::copies;
use super::error::{Result, StoreError};
use super::open::beside;
use super::{replace, trouble};

/// Sets a damaged database aside and puts the newest good copy in its place, if there is one. Answers what was done, in
/// words. Where the disk does not let that be done, nothing is.
pub(super) fn recover(database: &Path, why: &str) -> Result<String> {
    let fault = |error: std::io::Error| StoreError::Write(format!("{}: {error}", database.display()));
    // First what takes its place: on a full disk the damaged database may still be read in parts.
    let replacement = newest_good(database)?;
    let aside = beside(database, &format!(".damaged-{}", copies::stamp(Timestamp::now())));
    replace::set_aside(database, &aside).map_err(fault)?;
    let (how, done) = match &replacement {
        Some((copy, part)) => {
            let how =
                format!("the backup {} took its place, and what came since is fetched again", copy.display());
            (how, fs::rename(part, database))
        }
        None => {
            ("there is no backup, so that everything is fetched again".to_owned(), copies::remove(database))
        }
    };
    done.map_err(fault)?;
    trouble::clear_suspect(database);
    Ok(format!("the database was damaged ({why}): it is kept as {}; {how}", aside.display()))
}

/// The newest automatic copy that is whole, and the name under which it lies unpacked beside the database.
fn newest_good(database: &Path) -> Result<Option<(PathBuf, PathBuf)>> {
    for copy in copies::automatic(database) {
        match replace::ready(&copy, database) {
            Ok(part) => return Ok(Some((copy, part))),
            Err(error @ StoreError::Write(_)) => return Err(error),
            Err(error) => tracing::warn!(%error, copy = %copy.display(), "this backup is of no use"),
        }
    }
    Ok(None)
}
