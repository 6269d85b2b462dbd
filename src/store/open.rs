//! Opening connections: the file, its settings, and what to say when that fails.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::actor::Session;
use super::error::{Result, StoreError};
use super::{copies, owner, schema, trouble};

/// How long a connection waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Page cache of the writer in KiB. With the readers', it keeps an idle daemon small whatever the archive's size.
const WRITER_CACHE_KIB: i64 = 6 * 1024;
/// Page cache of each reader in KiB.
const READER_CACHE_KIB: i64 = 2 * 1024;
/// The WAL is folded into the file when it has this many pages (of 4 KiB): a page that many transactions change is then
/// copied once.
const WAL_CHECKPOINT_PAGES: i64 = 4_000;
/// The WAL is cut back to this size after a checkpoint, in bytes.
const MAX_WAL_BYTES: i64 = 16 << 20;
/// Prepared statements kept by a connection.
const MAX_CACHED_STATEMENTS: usize = 96;
/// A database up to this size, in bytes, is looked through before it is used; a larger one behind it, since that takes
/// seconds for each gigabyte even if the system has all of it in memory.
pub(super) const MAX_BYTES_CHECKED_AT_OPEN: u64 = 64 << 20;

pub(super) fn in_memory() -> Result<Session> {
    let mut session = Session::new(Connection::open_in_memory()?)?;
    settle(&session.conn, WRITER_CACHE_KIB)?;
    schema::migrate(&mut session.conn, ":memory:", |_, _| Ok(()))?;
    Ok(session)
}

/// Opens or creates the database for writing and brings its schema up to date.
///
/// # Errors
/// [`StoreError::Newer`]; [`StoreError::Unreleased`]; [`StoreError::Corrupt`] if the file is damaged; [`StoreError::Write`] for what may pass: a full
/// or read-only disk, a lock.
pub(super) fn open_writer(file: &Path) -> Result<Session> {
    let path = file.display().to_string();
    let is_new = std::fs::metadata(file).is_ok_and(|data| data.len() == 0) || !file.exists();
    let mut conn = Connection::open_with_flags(file, flags() | OpenFlags::SQLITE_OPEN_CREATE)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    // Before anything is changed, WAL mode included.
    schema::refuse_unknown(&conn, &path)?;
    // SQLite opens what it may not write for reading, and its BEGIN does not say so.
    if conn.is_readonly("main")? {
        return Err(StoreError::Write("it may only be read; the state folder must be writable".to_owned()));
    }
    look_through(&conn, file)?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0))?;
    if is_new {
        hand_over(file);
    }
    settle(&conn, WRITER_CACHE_KIB)?;
    schema::migrate(&mut conn, &path, |conn, found| copies::before_migration(conn, file, found))?;
    // An empty write transaction finds out now whether the file can be written at all.
    conn.execute_batch("BEGIN IMMEDIATE; PRAGMA user_version; COMMIT")?;
    Session::new(conn)
}

/// A new database that root makes belongs to whom the folder does. Those that SQLite makes beside it follow it by
/// themselves.
fn hand_over(file: &Path) {
    if let Err(fault) = owner::give_by_name(folder_of(file), file) {
        tracing::warn!(%fault, file = %file.display(), "the database stays with root");
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("."))
}

fn look_through(conn: &Connection, file: &Path) -> Result<()> {
    let size = std::fs::metadata(file).map_or(0, |data| data.len());
    if size > MAX_BYTES_CHECKED_AT_OPEN && !trouble::is_suspect(file) {
        return Ok(());
    }
    quick_check(conn)?;
    trouble::clear_suspect(file);
    Ok(())
}

/// Looks through the whole file.
///
/// # Errors
/// [`StoreError::Corrupt`] with the first thing that is wrong.
pub(super) fn quick_check(conn: &Connection) -> Result<()> {
    let said: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(StoreError::Corrupt(said.replace('\n', " "))) }
}

/// Opens one more connection to a database that [`open_writer`] has opened: it can only read.
pub(super) fn open_reader(file: &Path) -> Result<Session> {
    let conn = Connection::open_with_flags(file, flags())?;
    reading(conn, &file.display().to_string())
}

/// Opens a connection that never writes to the database, beside whoever else uses it. What SQLite has to make beside the
/// file belongs to whom the file does.
///
/// # Errors
/// As [`open_writer`], and [`StoreError::Older`].
pub(super) fn open_only_reader(file: &Path) -> Result<Session> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    reading(Connection::open_with_flags(file, flags)?, &file.display().to_string())
}

/// Opens a connection to a database where nothing can be written, not even what readers share: nobody may be writing to
/// it, and this must be closed before anybody does.
///
/// The shared index of the WAL is made in memory then. That asks for an exclusive lock, which a file that can only be read
/// does not give: hence the VFS without locks. Without a WAL there is nothing to index, and the file is taken as it is.
pub(super) fn open_frozen(file: &Path) -> Result<Session> {
    let wal = beside(file, "-wal");
    let has_wal = std::fs::metadata(&wal).is_ok_and(|data| data.len() > 0);
    let how = if has_wal { "mode=ro&vfs=unix-none" } else { "immutable=1" };
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(format!("file:{}?{how}", uri_path(file)?), flags)?;
    if has_wal {
        conn.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
    }
    reading(conn, &file.display().to_string())
}

/// The path of a file as it stands in a URI.
fn uri_path(file: &Path) -> Result<String> {
    let file = std::path::absolute(file).map_err(|error| StoreError::Write(error.to_string()))?;
    let path = file.to_str().ok_or_else(|| StoreError::Write("its name is not UTF-8".to_owned()))?;
    Ok(path.replace('%', "%25").replace('?', "%3f").replace('#', "%23"))
}

pub(super) fn beside(file: &Path, tail: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}

fn reading(conn: Connection, path: &str) -> Result<Session> {
    settle(&conn, READER_CACHE_KIB)?;
    conn.pragma_update(None, "query_only", true)?;
    schema::refuse_unknown(&conn, path)?;
    Session::new(conn)
}

/// Refuses a database whose tables are not those that this program asks for.
///
/// # Errors
/// [`StoreError::Older`].
pub(super) fn refuse_older(conn: &Connection, file: &Path) -> Result<()> {
    let (found, known) = (schema::version(conn)?, schema::known());
    let path = || file.display().to_string();
    if found < known { Err(StoreError::Older { path: path(), found, known }) } else { Ok(()) }
}

/// Looks whether a file is a whole database that this program can use; `name` is what people know it by.
pub(super) fn check(file: &Path, name: &Path) -> Result<()> {
    let name = name.display().to_string();
    let checked = || -> Result<()> {
        let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        if schema::version(&conn)? == 0 || conn.prepare("SELECT name FROM source").is_err() {
            return Err(StoreError::Corrupt("it is no backup of tinsach".to_owned()));
        }
        schema::refuse_unknown(&conn, &name)?;
        quick_check(&conn)
    };
    checked().map_err(|error| match error {
        StoreError::Newer { .. } | StoreError::Unreleased { .. } => error,
        StoreError::Corrupt(why) => StoreError::Open { path: name.clone(), why },
        other => StoreError::Open { path: name.clone(), why: other.to_string() },
    })
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn settle(conn: &Connection, cache_kib: i64) -> Result<()> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(MAX_CACHED_STATEMENTS);
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // Else a value that is bound anew has the statement prepared anew wherever it might decide about a partial index.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "cache_size", -cache_kib)?;
    // Pages that are mapped count as ours; the system's cache serves as well.
    conn.query_row("PRAGMA mmap_size = 0", [], |_| Ok(())).or_else(none_is_fine)?;
    conn.query_row(&format!("PRAGMA wal_autocheckpoint = {WAL_CHECKPOINT_PAGES}"), [], |_| Ok(()))?;
    conn.query_row(&format!("PRAGMA journal_size_limit = {MAX_WAL_BYTES}"), [], |_| Ok(()))?;
    Ok(())
}

/// `PRAGMA mmap_size` answers nothing for a database in memory.
fn none_is_fine(error: rusqlite::Error) -> rusqlite::Result<()> {
    if error == rusqlite::Error::QueryReturnedNoRows { Ok(()) } else { Err(error) }
}

/// What to say of an error that stops the start.
pub(super) fn at_start(error: StoreError, file: &Path) -> StoreError {
    let open = |why: String| StoreError::Open { path: file.display().to_string(), why };
    match error {
        StoreError::Newer { .. }
        | StoreError::Older { .. }
        | StoreError::Unreleased { .. }
        | StoreError::Open { .. } => error,
        StoreError::Corrupt(said) => open(format!(
            "{said}; the next start of tinsach sets it aside and takes the newest backup, `tinsach restore FILE` takes another"
        )),
        StoreError::Write(said) => open(format!(
            "{said}; state_dir must be a folder that this user may write to, on a disk with room"
        )),
        other => open(other.to_string()),
    }
}
