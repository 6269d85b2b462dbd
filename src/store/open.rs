//! Opening connections: the file, its settings, and what to say when that fails.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::actor::Side;
use super::error::{Result, StoreError};
use super::schema;

/// How long a connection waits for a lock that another process holds.
const PATIENCE: Duration = Duration::from_secs(10);
/// Page cache of the writer in KiB. With the readers', it keeps an idle daemon small whatever the archive's size.
const WRITER_CACHE: i64 = 6 * 1024;
/// Page cache of each reader in KiB.
const READER_CACHE: i64 = 2 * 1024;
/// The WAL is folded into the file when it has this many pages (of 4 KiB): a page that many transactions change is then
/// copied once.
const WAL_PAGES: i64 = 4_000;
/// The WAL is cut back to this size after a checkpoint, in bytes.
const WAL_LIMIT: i64 = 16 << 20;
/// Prepared statements kept by a connection.
const STATEMENTS: usize = 96;

/// Opens or creates the database for writing and brings its schema up to date; without a file, one in memory.
///
/// # Errors
/// [`StoreError::Newer`], or [`StoreError::Open`] with what to do.
pub(super) fn open_writer(file: Option<&Path>) -> Result<Side> {
    let Some(file) = file else {
        let mut side = Side::new(Connection::open_in_memory()?)?;
        settle(&side.conn, WRITER_CACHE)?;
        schema::migrate(&mut side.conn, ":memory:")?;
        return Ok(side);
    };
    let path = file.display().to_string();
    let opened = || -> Result<Side> {
        let mut conn = Connection::open_with_flags(file, flags() | OpenFlags::SQLITE_OPEN_CREATE)?;
        conn.busy_timeout(PATIENCE)?;
        refuse_newer(&conn, &path)?;
        conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0))?;
        settle(&conn, WRITER_CACHE)?;
        schema::migrate(&mut conn, &path)?;
        // An empty write transaction finds out now whether the file can be written at all.
        conn.execute_batch("BEGIN IMMEDIATE; PRAGMA user_version; COMMIT")?;
        Side::new(conn)
    };
    opened().map_err(|error| at_start(error, &path))
}

/// Opens one more connection to a database that [`open_writer`] has opened: it can only read.
pub(super) fn open_reader(file: &Path) -> Result<Side> {
    let path = file.display().to_string();
    let opened = || -> Result<Side> {
        let conn = Connection::open_with_flags(file, flags())?;
        settle(&conn, READER_CACHE)?;
        conn.pragma_update(None, "query_only", true)?;
        Side::new(conn)
    };
    opened().map_err(|error| at_start(error, &path))
}

/// Looks whether a file is a whole database that this program can use; `name` is what people know it by.
pub(super) fn check(file: &Path, name: &Path) -> Result<()> {
    let name = name.display().to_string();
    let checked = || -> Result<()> {
        let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        refuse_newer(&conn, &name)?;
        let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let said: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        match (version, said.as_str()) {
            (0, _) => Err(StoreError::Corrupt("it is no backup of tinsach".to_owned())),
            (_, "ok") => Ok(()),
            _ => Err(StoreError::Corrupt(said)),
        }
    };
    checked().map_err(|error| match error {
        StoreError::Newer { .. } => error,
        StoreError::Corrupt(why) => StoreError::Open { path: name.clone(), why },
        other => StoreError::Open { path: name.clone(), why: other.to_string() },
    })
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Before anything is changed, WAL mode included.
fn refuse_newer(conn: &Connection, path: &str) -> Result<()> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = schema::known();
    if found > known { Err(StoreError::Newer { path: path.to_owned(), found, known }) } else { Ok(()) }
}

fn settle(conn: &Connection, cache_kib: i64) -> Result<()> {
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // Else a value that is bound anew has the statement prepared anew wherever it might decide about a partial index.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "cache_size", -cache_kib)?;
    // Pages that are mapped count as ours; the system's cache serves as well.
    conn.query_row("PRAGMA mmap_size = 0", [], |_| Ok(())).or_else(none_is_fine)?;
    conn.query_row(&format!("PRAGMA wal_autocheckpoint = {WAL_PAGES}"), [], |_| Ok(()))?;
    conn.query_row(&format!("PRAGMA journal_size_limit = {WAL_LIMIT}"), [], |_| Ok(()))?;
    Ok(())
}

/// `PRAGMA mmap_size` answers nothing for a database in memory.
fn none_is_fine(error: rusqlite::Error) -> rusqlite::Result<()> {
    if error == rusqlite::Error::QueryReturnedNoRows { Ok(()) } else { Err(error) }
}

fn at_start(error: StoreError, path: &str) -> StoreError {
    let open = |why: String| StoreError::Open { path: path.to_owned(), why };
    match error {
        StoreError::Newer { .. } | StoreError::Open { .. } => error,
        StoreError::Corrupt(said) => open(format!(
            "{said}; move the file away to start afresh, or restore a backup (tinsach restore FILE)"
        )),
        StoreError::Write(said) => open(format!(
            "{said}; state_dir must be a folder that this user may write to, on a disk with room"
        )),
        other => open(other.to_string()),
    }
}
