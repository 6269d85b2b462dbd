//! For ops: kept pages, and what is forgotten. That goes a little at a time: a transaction of seconds would keep visits
//! waiting.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::actor::Tools;
use super::codec::Codec;
use super::error::Result;
use super::values::FrontierEntry;
use super::{entry, frontier, reposts, sources};
use crate::dedup::Fingerprint;
use crate::model::SourceId;

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

/// The rows of a source, named by `sql` with source, time and limit, the oldest first.
fn oldest(
    conn: &Connection,
    sql: &str,
    source: &SourceId,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<i64>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![source, before.as_second(), limit], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) const OLDEST_PAGES: &str =
    "SELECT frontier FROM raw_page WHERE source = ?1 AND fetched < ?2 ORDER BY fetched LIMIT ?3";
pub(super) const OLDEST_REVISIONS: &str =
    "SELECT row FROM revision WHERE source = ?1 AND replaced < ?2 ORDER BY replaced LIMIT ?3";
pub(super) const OLDEST_ARTICLES: &str = "SELECT row FROM article
    WHERE source = ?1 AND gone IS NULL AND published < ?2 ORDER BY published, row LIMIT ?3";

/// Forgets raw pages of a source fetched before a time, at most `limit`; answers how many.
pub(super) fn forget_raw_pages(
    conn: &Connection,
    source: &SourceId,
    before: Timestamp,
    limit: usize,
) -> Result<usize> {
    let old = oldest(conn, OLDEST_PAGES, source, before, limit)?;
    let mut delete = conn.prepare_cached("DELETE FROM raw_page WHERE frontier = ?1")?;
    for page in &old {
        delete.execute([page])?;
    }
    Ok(old.len())
}

/// Forgets earlier texts of a source that were replaced before a time, at most `limit`; answers how many.
pub(super) fn forget_revisions(
    conn: &Connection,
    source: &SourceId,
    before: Timestamp,
    limit: usize,
) -> Result<usize> {
    let old = oldest(conn, OLDEST_REVISIONS, source, before, limit)?;
    let mut count = conn.prepare_cached(
        "UPDATE article SET revisions = revisions - 1 WHERE row = (SELECT article FROM revision WHERE row = ?1)",
    )?;
    let mut delete = conn.prepare_cached("DELETE FROM revision WHERE row = ?1")?;
    for revision in &old {
        count.execute([revision])?;
        delete.execute([revision])?;
    }
    Ok(old.len())
}

/// Forgets entries of a source published before a time, oldest first, at most `limit`; answers how many. The addresses
/// they were read at stay at the frontier, never due, so that a listing which still names them brings nothing back.
pub(super) fn forget_articles(
    conn: &Connection,
    tools: &mut Tools,
    source: &SourceId,
    before: Timestamp,
    limit: usize,
) -> Result<usize> {
    let old = oldest(conn, OLDEST_ARTICLES, source, before, limit)?;
    for article in &old {
        leave_index(conn, &mut tools.codec, *article)?;
        leave_search(conn, tools, *article)?;
        forget_article(conn, *article)?;
    }
    Ok(old.len())
}

/// Every source that the database knows.
pub(super) fn known_sources(conn: &Connection) -> Result<Vec<SourceId>> {
    let mut select = conn.prepare_cached("SELECT name FROM source ORDER BY row")?;
    let names = select.query_map([], |row| Ok(SourceId::new(&row.get::<_, String>(0)?)))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// Takes the members of an entry out of the index of near-duplicates.
fn leave_index(conn: &Connection, codec: &mut Codec, article: i64) -> Result<()> {
    let mut select = conn.prepare_cached("SELECT row, source FROM member WHERE article = ?1")?;
    let members = select.query_map([article], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (member, source) in members.collect::<rusqlite::Result<Vec<(i64, i64)>>>()? {
        let content = entry::content_if_whole(conn, codec, member)?;
        let fingerprint = content.map(|content| Fingerprint::of(&content.title, &content.text));
        reposts::forget(conn, source, member, fingerprint.as_ref())?;
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
