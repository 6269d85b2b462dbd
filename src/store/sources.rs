//! What is remembered of a source: its state, its listings, its template.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use url::Url;

use super::codec::Codec;
use super::convert::{moment, moment_opt, seconds_opt};
use super::error::Result;
use super::values::{ListingState, SourceState};
use crate::model::{SourceId, Template, Validators};

/// The row of a source, if the store knows it.
pub(super) fn find(conn: &Connection, source: &SourceId) -> Result<Option<i64>> {
    let mut select = conn.prepare_cached("SELECT row FROM source WHERE name = ?1")?;
    Ok(select.query_row([source.as_str()], |row| row.get(0)).optional()?)
}

/// The row of a source; one that is new is entered.
pub(super) fn enter(conn: &Connection, source: &SourceId) -> Result<i64> {
    if let Some(row) = find(conn, source)? {
        return Ok(row);
    }
    conn.prepare_cached("INSERT INTO source (name) VALUES (?1)")?.execute([source.as_str()])?;
    Ok(conn.last_insert_rowid())
}

const STATE: &str = "SELECT due, visited, succeeded, failures, trouble, entries, waiting, memory, health,
        (SELECT published FROM entry WHERE source = source.row AND gone IS NULL
         ORDER BY published DESC LIMIT 1), name, held
    FROM source";

fn read_state(row: &Row<'_>) -> rusqlite::Result<SourceState> {
    Ok(SourceState {
        due: moment_opt(row, 0)?,
        visited: moment_opt(row, 1)?,
        succeeded: moment_opt(row, 2)?,
        failures: row.get(3)?,
        trouble: row.get(4)?,
        articles: row.get::<_, i64>(5)?.unsigned_abs(),
        waiting: row.get::<_, i64>(6)?.unsigned_abs(),
        memory: row.get(7)?,
        health: row.get(8)?,
        newest: moment_opt(row, 9)?,
        held: row.get::<_, i64>(11)?.unsigned_abs(),
    })
}

pub(super) fn state(conn: &Connection, source: &SourceId) -> Result<SourceState> {
    let mut select = conn.prepare_cached(&format!("{STATE} WHERE name = ?1"))?;
    Ok(select.query_row([source.as_str()], read_state).optional()?.unwrap_or_default())
}

/// How every source stands that is known.
pub(super) fn states(conn: &Connection) -> Result<HashMap<SourceId, SourceState>> {
    let mut select = conn.prepare_cached(STATE)?;
    let read = |row: &Row<'_>| Ok((SourceId::new(&row.get::<_, String>(10)?), read_state(row)?));
    Ok(select.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
}

/// When every source is due that is known.
pub(super) fn due_times(conn: &Connection) -> Result<HashMap<SourceId, Timestamp>> {
    let mut select = conn.prepare_cached("SELECT name, due FROM source WHERE due IS NOT NULL")?;
    let read = |row: &Row<'_>| Ok((SourceId::new(&row.get::<_, String>(0)?), moment(row, 1)?));
    Ok(select.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
}

/// Saves what the schedule and discovery know of a source; the counts stay the store's own.
pub(super) fn save_state(conn: &Connection, source: &SourceId, state: &SourceState) -> Result<()> {
    let row = enter(conn, source)?;
    conn.prepare_cached(
        "UPDATE source SET due = ?2, visited = ?3, succeeded = ?4, failures = ?5, trouble = ?6, memory = ?7,
            health = ?8
         WHERE row = ?1",
    )?
    .execute(params![
        row,
        seconds_opt(state.due),
        seconds_opt(state.visited),
        seconds_opt(state.succeeded),
        state.failures,
        state.trouble,
        state.memory,
        state.health,
    ])?;
    Ok(())
}

/// When the newest articles of a source were published, newest first.
pub(super) fn publications(conn: &Connection, source: &SourceId, limit: usize) -> Result<Vec<Timestamp>> {
    let Some(row) = find(conn, source)? else { return Ok(Vec::new()) };
    let mut select = conn.prepare_cached(
        "SELECT published FROM entry WHERE source = ?1 AND gone IS NULL ORDER BY published DESC LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let times = select.query_map(params![row, limit], |row| moment(row, 0))?;
    Ok(times.collect::<rusqlite::Result<_>>()?)
}

pub(super) const NEXT_DUE: &str = "SELECT name, due FROM source WHERE due IS NOT NULL ORDER BY due LIMIT 1";

/// The source whose visit is due first.
pub(super) fn next_due(conn: &Connection) -> Result<Option<(SourceId, Timestamp)>> {
    let mut select = conn.prepare_cached(NEXT_DUE)?;
    let read = |row: &Row<'_>| Ok((SourceId::new(&row.get::<_, String>(0)?), moment(row, 1)?));
    Ok(select.query_row([], read).optional()?)
}

/// What is remembered of a listing.
pub(super) fn listing(conn: &Connection, source: &SourceId, url: &Url) -> Result<ListingState> {
    let mut select = conn.prepare_cached(
        "SELECT etag, last_modified, digest, answered, failures FROM listing
         WHERE source = (SELECT row FROM source WHERE name = ?1) AND url = ?2",
    )?;
    let read = |row: &Row<'_>| {
        Ok(ListingState {
            validators: Validators { etag: row.get(0)?, last_modified: row.get(1)? },
            digest: row.get(2)?,
            answered: moment_opt(row, 3)?,
            failures: row.get(4)?,
        })
    };
    Ok(select.query_row([source.as_str(), url.as_str()], read).optional()?.unwrap_or_default())
}

pub(super) fn save_listing(
    conn: &Connection,
    source: &SourceId,
    url: &Url,
    state: &ListingState,
) -> Result<()> {
    let row = enter(conn, source)?;
    conn.prepare_cached(
        "INSERT INTO listing (source, url, etag, last_modified, digest, answered, failures)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET etag = ?3, last_modified = ?4, digest = ?5, answered = ?6, failures = ?7",
    )?
    .execute(params![
        row,
        url.as_str(),
        state.validators.etag,
        state.validators.last_modified,
        state.digest,
        seconds_opt(state.answered),
        state.failures,
    ])?;
    Ok(())
}

/// The learned template of a source; an empty one if nothing was learned.
pub(super) fn template(conn: &Connection, codec: &mut Codec, source: &SourceId) -> Result<Template> {
    let mut select = conn.prepare_cached(
        "SELECT data FROM template WHERE source = (SELECT row FROM source WHERE name = ?1)",
    )?;
    let blob: Option<Vec<u8>> = select.query_row([source.as_str()], |row| row.get(0)).optional()?;
    let Some(blob) = blob else { return Ok(Template::default()) };
    // What is damaged is learned anew.
    let template = codec.unpack_json(&blob);
    Ok(codec.pass_over(template)?.unwrap_or_default())
}

/// Remembers the template of a source.
pub(super) fn save_template(
    conn: &Connection,
    codec: &mut Codec,
    source: &SourceId,
    template: &Template,
) -> Result<()> {
    let row = enter(conn, source)?;
    conn.prepare_cached(
        "INSERT INTO template (source, data) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET data = ?2",
    )?
    .execute(params![row, codec.pack_json(template)?])?;
    Ok(())
}
