//! Near-duplicates: candidates by an index, judged by `dedup`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::codec::Codec;
use super::error::Result;
use super::values::Commit;
use crate::article::SourceId;
use crate::dedup::Fingerprint;

/// What a new article's text was found to be like.
pub(super) struct Found {
    /// The entry of its own source that it joins, with the reason.
    pub(super) repost_of: Option<(i64, String)>,
    /// Entries of other sources with the same release.
    pub(super) elsewhere: Vec<i64>,
}

/// Looks for the text of a commit among what is stored.
pub(super) fn find(conn: &Connection, _codec: &mut Codec, source: i64, commit: &Commit) -> Result<Found> {
    let mut select = conn.prepare_cached(
        "SELECT m.article FROM band AS b JOIN member AS m ON m.row = b.member
         WHERE b.hash = ?1 AND b.source = ?2 AND m.words = ?3 LIMIT 1",
    )?;
    let mut repost_of = None;
    if commit.article.text.split_whitespace().nth(30).is_some() {
        let hash = commit.fingerprint.bands.first();
        let found = select
            .query_row(params![hash, source, &commit.fingerprint.words[..]], |row| row.get(0))
            .optional()?;
        repost_of = found.map(|article| (article, "the same words".to_owned()));
    }
    Ok(Found { repost_of, elsewhere: Vec::new() })
}

/// Enters a member into the index.
pub(super) fn index(conn: &Connection, source: i64, member: i64, fingerprint: &Fingerprint) -> Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO band (hash, source, member) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    for band in &fingerprint.bands {
        insert.execute(params![band, source, member])?;
    }
    Ok(())
}

/// Takes a member out of the index.
pub(super) fn forget(conn: &Connection, source: i64, member: i64, fingerprint: &Fingerprint) -> Result<()> {
    let mut delete =
        conn.prepare_cached("DELETE FROM band WHERE hash = ?1 AND source = ?2 AND member = ?3")?;
    for band in &fingerprint.bands {
        delete.execute(params![band, source, member])?;
    }
    Ok(())
}

/// Links an entry with entries of other sources, both ways. Answers the other sources that changed by it, and whether
/// the entry itself did.
pub(super) fn relate(
    conn: &Connection,
    article: i64,
    now: Timestamp,
    elsewhere: &[i64],
) -> Result<(Vec<SourceId>, bool)> {
    let mut changed = Vec::new();
    for other in elsewhere {
        let mut link = conn.prepare_cached(
            "INSERT INTO related (article, other) VALUES (?1, ?2), (?2, ?1) ON CONFLICT DO NOTHING",
        )?;
        if link.execute(params![article, other])? > 0 {
            let mut touch = conn.prepare_cached(
                "UPDATE article SET changed = ?2 WHERE row = ?1
                 RETURNING (SELECT name FROM source WHERE row = article.source)",
            )?;
            let name: String = touch.query_row(params![other, now.as_second()], |row| row.get(0))?;
            changed.push(SourceId::new(&name));
        }
    }
    let linked = !changed.is_empty();
    Ok((changed, linked))
}
