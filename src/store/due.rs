//! What is due, to be fetched or to be read again: found by an index, never by a scan.

use std::ops::Range;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::codec::Codec;
use super::error::Result;
use super::frontier::{FRONTIER_ENTRY, read_entry, unpack};
use super::sources;
use super::values::FrontierEntry;
use crate::model::SourceId;

/// Entries that are due: first the news of the last two days, which must not wait for a long backfill, then the rest of
/// the never read, each oldest publication first, then those to be read again by when they fell due.
pub(super) fn due(
    conn: &Connection,
    codec: &mut Codec,
    source: &SourceId,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<FrontierEntry>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    let mut entries = Vec::new();
    for part in [NEWS, FRESH, AGAIN] {
        let mut select = conn.prepare_cached(&format!("{FRONTIER_ENTRY} {part}"))?;
        let left = i64::try_from(limit - entries.len()).unwrap_or(i64::MAX);
        let rows = select.query_map(params![source, now.as_second(), left], read_entry)?;
        for row in rows {
            entries.push(unpack(codec, row?)?);
        }
    }
    Ok(entries)
}

/// Articles that were read by a template which knew so many pages, in the order they were read.
pub(super) fn read_by(
    conn: &Connection,
    codec: &mut Codec,
    source: &SourceId,
    pages: &Range<u32>,
    limit: usize,
) -> Result<Vec<FrontierEntry>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    let mut select = conn.prepare_cached(&format!("{FRONTIER_ENTRY} {READ_BY}"))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = select.query_map(params![source, pages.start, pages.end, limit], read_entry)?;
    rows.map(|row| unpack(codec, row?)).collect()
}

pub(super) const READ_BY: &str =
    "WHERE f.source = ?1 AND f.read_by >= ?2 AND f.read_by < ?3 ORDER BY f.read_by, f.row LIMIT ?4";

/// Never read and never failed: all due since they were named. 172800 is two days in seconds.
pub(super) const NEWS: &str =
    "WHERE f.source = ?1 AND f.due IS NOT NULL AND f.visits = 0 AND f.failures = 0 AND f.due <= ?2
    AND f.sort BETWEEN ?2 - 172800 AND ?2 ORDER BY f.sort, f.row LIMIT ?3";
pub(super) const FRESH: &str =
    "WHERE f.source = ?1 AND f.due IS NOT NULL AND f.visits = 0 AND f.failures = 0 AND f.due <= ?2
    AND f.sort NOT BETWEEN ?2 - 172800 AND ?2 ORDER BY f.sort, f.row LIMIT ?3";
pub(super) const AGAIN: &str =
    "WHERE f.source = ?1 AND f.due IS NOT NULL AND (f.visits > 0 OR f.failures > 0) AND f.due <= ?2
    ORDER BY f.due, f.row LIMIT ?3";
