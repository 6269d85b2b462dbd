//! Another database in the place of the one at hand: what is there is kept under another name, and the new one has the
//! place, the owner and the mode of the old one only when it is whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::copies::{self, remove};
use super::error::{Result, StoreError};
use super::open::{self, beside};
use super::owner;

/// What a replaced database is called after its own name.
const REPLACED_SUFFIX: &str = ".before-restore";
/// What it is called until the new one was opened.
const ASIDE_SUFFIX: &str = ".aside";
/// What a new database is called until it is known to be whole.
const PART_SUFFIX: &str = ".restore";

/// A database that was put in the place of another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Entries in it, without those that were taken down.
    pub articles: u64,
    /// Sources that it knows.
    pub sources: u64,
    /// Where the one before is kept; the next restore replaces it.
    pub before: Option<PathBuf>,
}

/// Puts a copy in the place of a database, after looking whether it is one that this program can use. The store must not
/// be open. What fails leaves everything as it was.
pub(super) fn restore(copy: &Path, database: &Path) -> Result<Restored> {
    let fault = |error: io::Error| StoreError::Write(format!("{}: {error}", database.display()));
    let part = ready(copy, database)?;
    let aside = set_aside(database, &beside(database, ASIDE_SUFFIX)).map_err(fault);
    let placed = aside.and_then(|aside| match fs::rename(&part, database) {
        Ok(()) => Ok(aside),
        Err(error) => Err(undo(database, aside.as_deref(), fault(error))),
    });
    let aside = placed.inspect_err(|_| forget(&part))?;
    let (articles, sources) =
        try_out(database).map_err(|error| undo(database, aside.as_deref(), open::at_start(error, copy)))?;
    let before =
        aside.map(|aside| keep(&aside, &beside(database, REPLACED_SUFFIX))).transpose().map_err(fault)?;
    Ok(Restored { articles, sources, before })
}

/// Puts a database back that was set aside by a restore which was cut off, where the file system did not let it keep its
/// name meanwhile.
pub(super) fn mend_cut_off(database: &Path) {
    let aside = beside(database, ASIDE_SUFFIX);
    if !database.exists() && aside.exists() {
        undo(database, Some(&aside), StoreError::Closed);
    }
}

/// Unpacks a copy beside a database and looks through it. Answers its name.
pub(super) fn ready(copy: &Path, database: &Path) -> Result<PathBuf> {
    let part = beside(database, PART_SUFFIX);
    let made = unpack(copy, database, &part).and_then(|()| open::check(&part, copy));
    // Looking at it may have left these.
    for tail in ["-wal", "-shm"] {
        forget(&beside(&part, tail));
    }
    made.map(|()| part.clone()).inspect_err(|_| forget(&part))
}

fn unpack(copy: &Path, database: &Path, part: &Path) -> Result<()> {
    let unreadable =
        |error: io::Error| StoreError::Open { path: copy.display().to_string(), why: error.to_string() };
    let unwritable = |error: io::Error| StoreError::Write(format!("{}: {error}", part.display()));
    File::open(copy).map_err(unreadable)?;
    remove(part).map_err(unwritable)?;
    copies::unpack(copy, part).map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull
        | io::ErrorKind::QuotaExceeded
        | io::ErrorKind::PermissionDenied
        | io::ErrorKind::ReadOnlyFilesystem => unwritable(error),
        _ => unreadable(error),
    })?;
    let file = File::open(part).map_err(unwritable)?;
    let folder = database.parent().unwrap_or(Path::new("."));
    let model = fs::metadata(database).or_else(|_| fs::metadata(folder)).map_err(unwritable)?;
    owner::like(&file, &model).map_err(unwritable)
}

fn forget(file: &Path) {
    if let Err(fault) = remove(file) {
        tracing::warn!(%fault, file = %file.display(), "a half database stays");
    }
}

/// Gives a database another name, with what it has not yet folded in. Answers the name if there was a database. Until the
/// last step the database has its own name as well, where the file system lets a file have two.
pub(super) fn set_aside(database: &Path, aside: &Path) -> io::Result<Option<PathBuf>> {
    if !database.try_exists()? {
        return Ok(None);
    }
    fold(database);
    for tail in ["", "-wal", "-shm"] {
        remove(&beside(aside, tail))?;
    }
    let wal = beside(database, "-wal");
    if wal.try_exists()? {
        fs::rename(&wal, beside(aside, "-wal"))?;
    }
    remove(&beside(database, "-shm"))?;
    if fs::hard_link(database, aside).is_err() {
        fs::rename(database, aside)?;
    }
    Ok(Some(aside.to_owned()))
}

/// Folds the WAL in, if that can be done: a damaged database keeps it beside itself.
fn fold(database: &Path) {
    let folded =
        Connection::open_with_flags(database, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|conn| {
            conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))?;
            conn.close().map_err(|(_, error)| error)
        });
    if let Err(error) = folded {
        tracing::debug!(%error, "the database before keeps its WAL");
    }
}

/// Puts the database that was set aside back, and answers with the error that made that necessary.
fn undo(database: &Path, aside: Option<&Path>, error: StoreError) -> StoreError {
    let back = || -> io::Result<()> {
        for tail in ["-wal", "-shm"] {
            remove(&beside(database, tail))?;
        }
        let Some(aside) = aside else { return remove(database) };
        fs::rename(aside, database)?;
        // Two names of one file: to rename one to the other does nothing.
        remove(aside)?;
        let wal = beside(aside, "-wal");
        if wal.try_exists()? { fs::rename(wal, beside(database, "-wal")) } else { Ok(()) }
    };
    match (back(), aside) {
        (Err(fault), Some(aside)) => StoreError::Write(format!(
            "{error}; and the database before could not be put back ({fault}): it is {}",
            aside.display()
        )),
        _ => error,
    }
}

/// Opens the new database as the daemon will, and closes it. Answers how many articles of how many sources it holds.
fn try_out(database: &Path) -> Result<(u64, u64)> {
    let session = open::open_writer(database)?;
    let counts = copies::counts(&session.conn)?;
    session.conn.close().map_err(|(_, error)| StoreError::from(error))?;
    Ok(counts)
}

/// Gives a database that was set aside its lasting name.
fn keep(aside: &Path, before: &Path) -> io::Result<PathBuf> {
    for tail in ["-wal", ""] {
        let (from, to) = (beside(aside, tail), beside(before, tail));
        remove(&to)?;
        if from.try_exists()? {
            fs::rename(from, to)?;
        }
    }
    Ok(before.to_owned())
}
