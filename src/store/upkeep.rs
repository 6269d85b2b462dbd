//! For ops: kept pages, what is forgotten, backups.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::actor::Tools;
use super::codec::Codec;
use super::error::{Result, StoreError};
use super::open::open_reader;
use super::values::FrontierEntry;
use super::{entry, frontier, reposts, sources};
use crate::article::SourceId;
use crate::dedup::Fingerprint;

/// Frontier entries of a source whose page is kept, by row, after a row.
pub(super) fn kept(
    conn: &Connection,
    codec: &mut Codec,
    source: &SourceId,
    after: i64,
    limit: usize,
) -> Result<Vec<FrontierEntry>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    let mut select = conn.prepare_cached(
        "SELECT f.row FROM frontier AS f JOIN raw_page AS p ON p.frontier = f.row
         WHERE f.source = ?1 AND f.row > ?2 ORDER BY f.row LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = select.query_map(params![source, after, limit], |row| row.get(0))?;
    let rows = rows.collect::<rusqlite::Result<Vec<i64>>>()?;
    let entries = rows.into_iter().map(|row| frontier::entry(conn, codec, row));
    Ok(entries.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Forgets raw pages fetched before a time.
pub(super) fn forget_raw_pages(conn: &Connection, before: Timestamp) -> Result<usize> {
    Ok(conn.prepare_cached("DELETE FROM raw_page WHERE fetched < ?1")?.execute([before.as_second()])?)
}

/// Forgets earlier texts that were replaced before a time.
pub(super) fn forget_revisions(conn: &Connection, before: Timestamp) -> Result<usize> {
    let before = before.as_second();
    conn.prepare_cached(
        "UPDATE article SET revisions = revisions - n.gone FROM
            (SELECT article, count(*) AS gone FROM revision WHERE replaced < ?1 GROUP BY article) AS n
         WHERE n.article = article.row",
    )?
    .execute([before])?;
    Ok(conn.prepare_cached("DELETE FROM revision WHERE replaced < ?1")?.execute([before])?)
}

/// Forgets entries published before a time, oldest first, at most `limit`; answers how many. The addresses they were read
/// at stay at the frontier, never due, so that a listing which still names them brings nothing back.
pub(super) fn forget_articles(
    conn: &Connection,
    tools: &mut Tools,
    before: Timestamp,
    limit: usize,
) -> Result<usize> {
    let mut select = conn.prepare_cached(
        "SELECT row FROM article WHERE gone IS NULL AND published < ?1 ORDER BY published, row LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let old = select.query_map([before.as_second(), limit], |row| row.get(0))?;
    let old = old.collect::<rusqlite::Result<Vec<i64>>>()?;
    for article in &old {
        leave_index(conn, &mut tools.codec, *article)?;
        leave_search(conn, tools, *article)?;
        forget_article(conn, *article)?;
    }
    Ok(old.len())
}

/// Takes the members of an entry out of the index of near-duplicates.
fn leave_index(conn: &Connection, codec: &mut Codec, article: i64) -> Result<()> {
    let mut select = conn.prepare_cached("SELECT row, source FROM member WHERE article = ?1")?;
    let members = select.query_map([article], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (member, source) in members.collect::<rusqlite::Result<Vec<(i64, i64)>>>()? {
        let content = entry::content(conn, codec, member)?;
        reposts::forget(conn, source, member, &Fingerprint::of(&content.title, &content.text))?;
    }
    Ok(())
}

/// Takes an entry out of the full-text index.
fn leave_search(conn: &Connection, tools: &mut Tools, article: i64) -> Result<()> {
    let mut select = conn.prepare_cached("SELECT rank FROM article WHERE row = ?1")?;
    let rank: Option<i64> = select.query_row([article], |row| row.get(0))?;
    if let Some(rank) = rank {
        tools.unindexed.take_out(rank);
    }
    Ok(())
}

fn forget_article(conn: &Connection, article: i64) -> Result<()> {
    for sql in [
        "DELETE FROM in_category WHERE article = ?1",
        "DELETE FROM related WHERE article = ?1",
        "DELETE FROM related WHERE other = ?1",
        "DELETE FROM revision WHERE article = ?1",
        "DELETE FROM raw_page WHERE frontier IN
            (SELECT row FROM frontier WHERE member IN (SELECT row FROM member WHERE article = ?1))",
        "UPDATE frontier SET member = NULL, due = NULL, forgotten = 1
            WHERE member IN (SELECT row FROM member WHERE article = ?1)",
        "DELETE FROM alias WHERE member IN (SELECT row FROM member WHERE article = ?1)",
        "DELETE FROM member WHERE article = ?1",
        "DELETE FROM article WHERE row = ?1",
    ] {
        conn.prepare_cached(sql)?.execute([article])?;
    }
    Ok(())
}

/// Puts a copy in the place of the database in `folder`, after looking whether it is one that this program can use.
/// The store must not be open.
pub(super) fn restore(copy: &Path, file: &Path) -> Result<()> {
    let fault = |error: std::io::Error| StoreError::Write(format!("{}: {error}", file.display()));
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    std::fs::copy(copy, &part)
        .map_err(|error| StoreError::Open { path: copy.display().to_string(), why: error.to_string() })?;
    super::open::check(Path::new(&part), copy)?;
    for tail in ["-wal", "-shm"] {
        let mut beside = file.as_os_str().to_owned();
        beside.push(tail);
        match std::fs::remove_file(&beside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fault(error)),
            _ => {}
        }
    }
    std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(fault)?;
    std::fs::rename(&part, file).map_err(fault)
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
    let refused = |why: String| StoreError::Copy { file: to.display().to_string(), why };
    let fault = |error: std::io::Error| refused(error.to_string());
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fault(error)),
        _ => {}
    }
    let name = part.to_str().ok_or_else(|| refused("its name is not UTF-8".to_owned()))?;
    conn.execute("VACUUM INTO ?1", [name]).map_err(|error| {
        let why = error.to_string();
        match StoreError::from(error) {
            StoreError::Write(_) | StoreError::Sql(_) => refused(why),
            other => other,
        }
    })?;
    std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(fault)?;
    std::fs::rename(&part, to).map_err(fault)
}
