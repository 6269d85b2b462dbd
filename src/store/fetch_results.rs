//! What became of a frontier entry that brought no article: not modified, failed, gone.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::actor::Tools;
use super::convert::seconds_opt;
use super::entry::{self, Touched};
use super::error::Result;
use super::held;
use super::sources;
use super::values::FetchFailure;
use crate::identity::entry::is_gone;
use crate::model::SourceId;

/// The article stands, and is due again.
pub(super) fn unchanged(conn: &Connection, row: i64, now: Timestamp, due: Option<Timestamp>) -> Result<()> {
    conn.prepare_cached(
        "UPDATE frontier SET visits = visits + 1, failures = 0, visited = ?2, due = ?3, gone_visits = 0,
            gone_since = NULL, trouble = NULL WHERE row = ?1",
    )?
    .execute(params![row, now.as_second(), seconds_opt(due)])?;
    Ok(())
}

/// Notes by how much of a template an address was read.
pub(super) fn read_by(conn: &Connection, row: i64, pages: u32) -> Result<()> {
    conn.prepare_cached("UPDATE frontier SET read_by = ?2 WHERE row = ?1")?.execute(params![row, pages])?;
    Ok(())
}

/// Notes a failed read; answers the row of the entry if this made a tombstone of it.
pub(super) fn record_failure(
    conn: &Connection,
    tools: &mut Tools,
    row: i64,
    failure: &FetchFailure,
    now: Timestamp,
    due: Option<Timestamp>,
) -> Result<Option<i64>> {
    let gone = matches!(failure, FetchFailure::Gone);
    conn.prepare_cached(
        "UPDATE frontier SET failures = failures + 1, visited = ?2, due = ?3, trouble = ?4,
            gone_visits = gone_visits + ?5, gone_since = iif(?5, ifnull(gone_since, ?2), gone_since)
         WHERE row = ?1",
    )?
    .execute(params![row, now.as_second(), seconds_opt(due), in_words(failure), gone])?;
    held::note(conn, &mut tools.codec, row, failure, now)?;
    if !gone {
        return Ok(None);
    }
    conn.prepare_cached(
        "UPDATE frontier SET due = ?2
         WHERE article = (SELECT article FROM frontier WHERE row = ?1) AND row <> ?1 AND due IS NULL AND gone_visits = 0",
    )?
    .execute(params![row, now.as_second()])?;
    take_down(conn, tools, row, now)
}

/// Has what was given up without ever having been read tried once more: what stood in the way is gone. Answers how many
/// addresses that are. What the portal says is not there stays so.
pub(super) fn try_again(conn: &Connection, source: &SourceId, now: Timestamp) -> Result<usize> {
    let Some(source) = sources::find(conn, source)? else { return Ok(0) };
    let mut update = conn.prepare_cached(
        "UPDATE frontier SET due = ?2
         WHERE source = ?1 AND visits = 0 AND failures > 0 AND due IS NULL AND forgotten = 0 AND gone_visits = 0",
    )?;
    Ok(update.execute(params![source, now.as_second()])?)
}

pub(super) const HOME: &str =
    "SELECT row FROM frontier WHERE article = ?1 AND visits > 0 AND gone_visits = 0 ORDER BY row LIMIT 1";

/// The address that an article is read again at: the first that was, as long as it is not gone.
pub(super) fn home(conn: &Connection, article: i64) -> Result<Option<i64>> {
    let mut select = conn.prepare_cached(HOME)?;
    Ok(select.query_row([article], |row| row.get(0)).optional()?)
}

fn in_words(failure: &FetchFailure) -> String {
    match failure {
        FetchFailure::Later { why } | FetchFailure::Refused { why } | FetchFailure::Unreadable { why } => {
            why.clone()
        }
        FetchFailure::Gone => "the portal says that the article is gone".to_owned(),
        FetchFailure::NotArticle(why, _) => why.to_string(),
    }
}

/// Takes an article down if it is gone for long enough, and no other of its addresses may still answer.
fn take_down(conn: &Connection, tools: &mut Tools, row: i64, now: Timestamp) -> Result<Option<i64>> {
    let mut select = conn.prepare_cached(
        "SELECT a.row, f.gone_visits, f.gone_since FROM frontier AS f JOIN article AS a ON a.row = f.article
         WHERE f.row = ?1 AND f.gone_since IS NOT NULL AND a.gone IS NULL
           AND NOT EXISTS (SELECT 1 FROM frontier AS o WHERE o.article = f.article AND o.row <> f.row
                           AND o.gone_visits = 0 AND o.due IS NOT NULL)",
    )?;
    let found = select.query_row([row], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((article, visits, since)) = found else { return Ok(None) };
    if !is_gone(visits, since, now.as_second()) {
        return Ok(None);
    }
    conn.prepare_cached("UPDATE article SET gone = ?2 WHERE row = ?1")?
        .execute(params![article, now.as_second()])?;
    let touched = Touched { row: article, fresh: None, before: None, at: now, is_ours: false };
    let (entry, _) = entry::compose(conn, tools, touched)?;
    let gone: bool = conn
        .prepare_cached("SELECT gone IS NOT NULL FROM entry WHERE row = ?1")?
        .query_row([entry], |row| row.get(0))?;
    Ok(gone.then_some(entry))
}
