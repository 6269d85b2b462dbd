//! Entries: what feeds publish, composed from the members that were joined into one.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::actor::Tools;
use super::codec::{Codec, to_json};
use super::content::Content;
use super::error::Result;
use super::standing::{Face, Standing, composed, faces, standing};
use super::values::Commit;
use super::{categories, search_index};
use crate::model::{Article, SourceId};

/// Enters the entry of an article that joins no other as [`compose`] would leave it, but without the way over an empty
/// one. `face` is the member that it is going to have. Answers its row.
pub(super) fn enter(
    conn: &Connection,
    tools: &mut Tools,
    source: i64,
    commit: &Commit,
    face: &Face,
) -> Result<i64> {
    let fresh = &commit.article;
    let new = Standing::alone(face, fresh);
    let rank = search_index::free_rank(conn, new.published)?;
    conn.prepare_cached(
        "INSERT INTO entry (source, id, key, url, published, origin, month, updated, changed, categories, shows,
                              words, digest, rank)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        source,
        new.id,
        face.key.to_text(),
        new.url,
        new.published,
        face.origin,
        new.month,
        new.updated,
        commit.fetched.as_second(),
        to_json(&new.categories)?,
        new.shows,
        new.words,
        new.digest,
        rank,
    ])?;
    let article = conn.last_insert_rowid();
    let categories = categories::add(conn, source, article, new.published, &new.categories)?;
    let scope = search_index::scope(source, categories);
    tools.pending_index.put(rank, search_index::searchable(&fresh.title, &fresh.text), scope);
    Ok(article)
}

/// Enters an empty entry for a commit; it counts for nothing until [`compose`] has filled it.
pub(super) fn reserve(conn: &Connection, source: i64, commit: &Commit) -> Result<i64> {
    conn.prepare_cached(
        "INSERT INTO entry (source, id, key, url, published, origin, month, updated, changed, categories, shows,
                              words, digest, gone)
         VALUES (?1, '', '', '', ?2, '', 0, ?2, ?2, '[]', 0, x'', x'', ?2)",
    )?
    .execute(params![source, commit.fetched.as_second()])?;
    Ok(conn.last_insert_rowid())
}

/// What happened to a member, for [`compose`].
pub(super) struct Touched<'a> {
    /// The member.
    pub(super) member: i64,
    /// Its article as read just now, so that it need not be unpacked again.
    pub(super) fresh: Option<&'a Article>,
    /// Its content until now, if its words were edited.
    pub(super) before: Option<Content<'static>>,
    /// When.
    pub(super) at: Timestamp,
    /// Whether other words are our reading and no edit.
    pub(super) reread: bool,
}

/// The entry of a member: its row, and row and name of its source.
fn entry_of(conn: &Connection, member: i64) -> Result<(i64, i64, String)> {
    let mut select = conn.prepare_cached(
        "SELECT e.row, e.source, s.name FROM article AS a JOIN entry AS e ON e.row = a.entry
         JOIN source AS s ON s.row = e.source WHERE a.row = ?1",
    )?;
    Ok(select.query_row([member], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}

/// Composes the entry of a member anew. Answers its row and whether a published byte can have changed.
pub(super) fn compose(conn: &Connection, tools: &mut Tools, touched: Touched<'_>) -> Result<(i64, bool)> {
    let Touched { member, fresh, before, at: now, reread } = touched;
    let (row, source, name) = entry_of(conn, member)?;
    let faces = faces(conn, row)?;
    let old = standing(conn, row)?;
    let (codec, source_id) = (&mut tools.codec, SourceId::new(&name));
    let composed = composed(conn, codec, &source_id, &faces, &old, (member, fresh, now), reread)?;
    let Some(new) = composed else { return Ok((row, false)) };
    if new == old {
        return Ok((row, false));
    }
    if !reread && !old.words.is_empty() && new.words != old.words {
        let text = match before {
            Some(text) if member == old.shows => Some(text),
            _ => content_if_whole(conn, codec, old.shows)?,
        };
        if let Some(text) = text {
            keep_revision(conn, codec, (source, row), &text, now)?;
        }
    }
    write(conn, row, &new, &faces, now)?;
    let moved = new.place() != old.place();
    if moved {
        let names = if new.gone.is_none() { new.categories.as_slice() } else { &[] };
        categories::set(conn, source, row, new.published, names)?;
    }
    if moved || new.words != old.words {
        let shown = fresh.filter(|_| new.shows == member);
        let shown = shown.map(|article| (article.title.as_str(), article.text.as_str()));
        search_index::reindex(conn, tools, row, shown)?;
    }
    Ok((row, true))
}

/// The content of a member.
pub(super) fn content(conn: &Connection, codec: &mut Codec, member: i64) -> Result<Content<'static>> {
    let mut select = conn.prepare_cached("SELECT content FROM article WHERE row = ?1")?;
    let blob: Vec<u8> = select.query_row([member], |row| row.get(0))?;
    Content::unpack(codec, &blob)
}

/// The same, or nothing where it is damaged: what is written then heals it, or goes on without it.
pub(super) fn content_if_whole(
    conn: &Connection,
    codec: &mut Codec,
    member: i64,
) -> Result<Option<Content<'static>>> {
    let content = content(conn, codec, member);
    codec.pass_over(content)
}

fn write(conn: &Connection, row: i64, new: &Standing, faces: &[Face], now: Timestamp) -> Result<()> {
    let Some(first) = faces.first() else { return Ok(()) };
    conn.prepare_cached(
        "UPDATE entry SET id = ?2, key = ?3, url = ?4, published = ?5, origin = ?6, month = ?7, updated = ?8,
            changed = ?9, categories = ?10, shows = ?11, words = ?12, digest = ?13, gone = ?14 WHERE row = ?1",
    )?
    .execute(params![
        row,
        new.id,
        first.key.to_text(),
        new.url,
        new.published,
        first.origin,
        new.month,
        new.updated,
        now.as_second(),
        to_json(&new.categories)?,
        new.shows,
        new.words,
        new.digest,
        new.gone,
    ])?;
    Ok(())
}

/// Keeps the text that an entry showed until now.
fn keep_revision(
    conn: &Connection,
    codec: &mut Codec,
    (source, article): (i64, i64),
    text: &Content<'_>,
    now: Timestamp,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO revision (entry, source, replaced, title, html) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![article, source, now.as_second(), text.title, codec.pack_text(&text.html)?])?;
    conn.prepare_cached("UPDATE entry SET revisions = revisions + 1 WHERE row = ?1")?.execute([article])?;
    Ok(())
}
