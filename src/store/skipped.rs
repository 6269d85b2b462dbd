//! Addresses beyond the backfill: known, and not read.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::codec::Codec;
use super::error::Result;
use super::{frontier, sources};
use crate::model::{Candidate, Offered, SourceId, UrlKey};

/// Enters what listings named, but of what is not known at most `room`, the newest: candidates come oldest first.
pub(super) fn offer_within(
    conn: &Connection,
    codec: &mut Codec,
    source: &SourceId,
    candidates: &[Candidate],
    (mut room, now): (usize, Timestamp),
) -> Result<Offered> {
    let row = sources::enter(conn, source)?;
    let mut within = Vec::with_capacity(candidates.len());
    for candidate in candidates.iter().rev() {
        let known = frontier::find(conn, row, candidate)?.is_some();
        if !known && room == 0 {
            skip(conn, row, candidate, now)?;
            continue;
        }
        room -= usize::from(!known);
        within.push(candidate);
    }
    within.reverse();
    frontier::offer(conn, codec, source, within, now)
}

/// Enters what lies beyond the backfill, so that it is known and not taken for news when it is named again. It is not
/// read until [`reconsider`]; what is known already stays as it is.
fn skip(conn: &Connection, source: i64, candidate: &Candidate, now: Timestamp) -> Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO frontier (source, address, url, method, listing, authors, categories, first_seen, sort, forgotten,
                               verdict)
         VALUES (?1, ?2, ?3, ?4, ?5, '[]', '[]', ?6, ?6, 1, 'not read: it lies beyond the backfill')
         ON CONFLICT DO NOTHING",
    )?;
    insert.execute(params![
        source,
        UrlKey::of(&candidate.url).as_str(),
        candidate.url.as_str(),
        candidate.method.name(),
        candidate.listing.as_str(),
        now.as_second(),
    ])?;
    Ok(())
}

/// Strikes out what [`skip`] entered: another backfill may reach it.
pub(super) fn reconsider(conn: &Connection, source: &SourceId) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM frontier WHERE source = (SELECT row FROM source WHERE name = ?1)
         AND forgotten = 1 AND visits = 0 AND due IS NULL",
    )?
    .execute([source.as_str()])?;
    Ok(())
}
