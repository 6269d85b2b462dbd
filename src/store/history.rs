//! What became of entries: taken down, changed, and their earlier texts.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::codec::Codec;
use super::convert::moment;
use super::error::Result;
use super::sources;
use super::values::{Change, Month, Revision, Tombstone};
use crate::model::{Key, SourceId};

/// Entries of a source that were taken down since a time, newest first.
pub(super) fn tombstones(
    conn: &Connection,
    source: &SourceId,
    since: Timestamp,
    limit: usize,
) -> Result<Vec<Tombstone>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    let mut select = conn.prepare_cached(
        "SELECT id, gone FROM entry WHERE source = ?1 AND gone IS NOT NULL AND gone >= ?2
         ORDER BY gone DESC LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = select.query_map(params![source, since.as_second(), limit], |row| {
        Ok(Tombstone { id: row.get(0)?, at: moment(row, 1)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Entries of a source by when anything of them that is published last changed, from a time and row on.
pub(super) fn changes(
    conn: &Connection,
    source: &SourceId,
    since: Timestamp,
    after: i64,
    limit: usize,
) -> Result<Vec<Change>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    let mut select = conn.prepare_cached(
        "SELECT row, changed, key, month FROM entry
         WHERE source = ?1 AND (changed, row) > (?2, ?3) ORDER BY changed, row LIMIT ?4",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = select.query_map(params![source, since.as_second(), after, limit], |row| {
        Ok(Change {
            row: row.get(0)?,
            at: moment(row, 1)?,
            slug: Key::from_text(&row.get::<_, String>(2)?).slug(),
            month: Month::from_number(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn revisions(conn: &Connection, codec: &mut Codec, row: i64) -> Result<Vec<Revision>> {
    let mut select =
        conn.prepare_cached("SELECT replaced, title, html FROM revision WHERE entry = ?1 ORDER BY row DESC")?;
    let rows = select
        .query_map([row], |row| Ok((moment(row, 0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?)))?;
    let mut revisions = Vec::new();
    for row in rows {
        let (replaced, title, html) = row?;
        let html = codec.unpack_text(&html);
        revisions.extend(codec.pass_over(html)?.map(|html| Revision { replaced, title, html }));
    }
    Ok(revisions)
}
