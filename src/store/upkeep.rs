//! For ops: kept pages, what is forgotten, backups.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use url::Url;

use super::codec::Codec;
use super::convert::{address, moment};
use super::error::{Result, StoreError};
use super::open::open_reader;

/// The kept page of a frontier entry.
pub(super) fn raw_page(
    conn: &Connection,
    codec: &mut Codec,
    frontier: i64,
) -> Result<Option<(Url, String, Timestamp)>> {
    let mut select = conn.prepare_cached("SELECT url, html, fetched FROM raw_page WHERE frontier = ?1")?;
    let found = select
        .query_row([frontier], |row| Ok((address(row, 0)?, row.get::<_, Vec<u8>>(1)?, moment(row, 2)?)))
        .optional()?;
    found.map(|(url, html, fetched)| Ok((url, codec.unpack_text(&html)?, fetched))).transpose()
}

/// Forgets raw pages fetched before a time.
pub(super) fn forget_raw_pages(conn: &Connection, before: Timestamp) -> Result<usize> {
    Ok(conn.prepare_cached("DELETE FROM raw_page WHERE fetched < ?1")?.execute([before.as_second()])?)
}

/// Writes a consistent copy of a database file while everything runs: one read transaction, whatever is committed
/// meanwhile, and the copy has its name only when it is whole.
pub(super) fn backup(file: &Path, to: &Path) -> Result<()> {
    let side = open_reader(file)?;
    side.conn.pragma_update(None, "query_only", false)?;
    copy(&side.conn, to)
}

/// The same from a connection.
pub(super) fn copy(conn: &Connection, to: &Path) -> Result<()> {
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let fault = |error: std::io::Error| StoreError::Write(format!("{}: {error}", to.display()));
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fault(error)),
        _ => {}
    }
    let name = part.to_str().ok_or_else(|| StoreError::Write(format!("{}: not UTF-8", to.display())))?;
    conn.execute("VACUUM INTO ?1", [name])?;
    std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(fault)?;
    std::fs::rename(&part, to).map_err(fault)
}
