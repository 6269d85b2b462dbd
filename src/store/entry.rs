//! Entries: what feeds publish, composed from the members that were joined into one.
//!
//! An entry is a function of its members, whatever the order they were met in: id, key and `published` are those of the
//! member published first (then the one that was named at an earlier visit, so that an article which moves keeps its id;
//! then the lower key), the words those of the one published last that is still there, the categories are the union.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::categories;
use super::codec::{Codec, to_json};
use super::content::Content;
use super::error::Result;
use super::values::Commit;
use super::words;
use crate::article::{Article, ArticleId, Key, SourceId};

struct Face {
    row: i64,
    key: Key,
    url: String,
    published: i64,
    origin: String,
    month: i64,
    updated: i64,
    words: Vec<u8>,
    digest: Vec<u8>,
    gone: bool,
    named: i64,
}

/// The row of an entry as it stands.
#[derive(PartialEq)]
struct Standing {
    id: String,
    url: String,
    published: i64,
    month: i64,
    updated: i64,
    categories: Vec<String>,
    shows: i64,
    words: Vec<u8>,
    digest: Vec<u8>,
    gone: Option<i64>,
}

/// Enters an empty entry for a commit; it counts for nothing until [`compose`] has filled it.
pub(super) fn reserve(conn: &Connection, source: i64, commit: &Commit) -> Result<i64> {
    conn.prepare_cached(
        "INSERT INTO article (source, id, key, url, published, origin, month, updated, changed, categories, shows,
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
        "SELECT a.row, a.source, s.name FROM member AS m JOIN article AS a ON a.row = m.article
         JOIN source AS s ON s.row = a.source WHERE m.row = ?1",
    )?;
    Ok(select.query_row([member], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}

/// Composes the entry of a member anew. Answers its row and whether a published byte can have changed.
pub(super) fn compose(conn: &Connection, codec: &mut Codec, touched: Touched<'_>) -> Result<(i64, bool)> {
    let Touched { member, fresh, before, at: now, reread } = touched;
    let (row, source, name) = entry_of(conn, member)?;
    let faces = faces(conn, row)?;
    let old = standing(conn, row)?;
    let Some(new) = composed(conn, codec, &SourceId::new(&name), &faces, &old, (member, fresh, now), reread)?
    else {
        return Ok((row, false));
    };
    if new == old {
        return Ok((row, false));
    }
    if !reread && !old.words.is_empty() && new.words != old.words {
        let text = match before {
            Some(text) if member == old.shows => text,
            _ => content(conn, codec, old.shows)?,
        };
        keep_revision(conn, codec, row, &text, now)?;
    }
    write(conn, row, &new, &faces, now)?;
    let moved = place(&new) != place(&old);
    if moved {
        let names = if new.gone.is_none() { new.categories.as_slice() } else { &[] };
        categories::set(conn, source, row, new.published, names)?;
    }
    if moved || new.words != old.words {
        let shown = fresh.filter(|_| new.shows == member);
        words::reindex(
            conn,
            codec,
            row,
            shown.map(|article| (article.title.as_str(), article.text.as_str())),
        )?;
    }
    Ok((row, true))
}

/// Where lists show an entry, and whether they do.
fn place(entry: &Standing) -> (i64, Option<i64>, &[String]) {
    (entry.published, entry.gone, &entry.categories)
}

fn faces(conn: &Connection, article: i64) -> Result<Vec<Face>> {
    let mut select = conn.prepare_cached(
        "SELECT row, key, url, published, origin, month, updated, words, digest, gone IS NOT NULL
         FROM member WHERE article = ?1",
    )?;
    let read = |row: &Row<'_>| {
        Ok(Face {
            row: row.get(0)?,
            key: Key::from_text(&row.get::<_, String>(1)?),
            url: row.get(2)?,
            published: row.get(3)?,
            origin: row.get(4)?,
            month: row.get(5)?,
            updated: row.get(6)?,
            words: row.get(7)?,
            digest: row.get(8)?,
            gone: row.get(9)?,
            named: 0,
        })
    };
    let mut faces = select.query_map([article], read)?.collect::<rusqlite::Result<Vec<Face>>>()?;
    if faces.len() > 1 {
        for face in &mut faces {
            face.named = named(conn, face.row)?;
        }
    }
    faces.sort_by(|a, b| (a.published, a.named, &a.key).cmp(&(b.published, b.named, &b.key)));
    Ok(faces)
}

/// When a member was first named: the same for all that one visit names. A member that nobody names (any more) comes last.
fn named(conn: &Connection, member: i64) -> Result<i64> {
    let mut select =
        conn.prepare_cached("SELECT ifnull(min(first_seen), ?2) FROM frontier WHERE member = ?1")?;
    Ok(select.query_row(params![member, i64::MAX], |row| row.get(0))?)
}

fn standing(conn: &Connection, article: i64) -> Result<Standing> {
    let mut select = conn.prepare_cached(
        "SELECT id, url, published, month, updated, categories, shows, words, digest, gone FROM article WHERE row = ?1",
    )?;
    let read = |row: &Row<'_>| {
        Ok(Standing {
            id: row.get(0)?,
            url: row.get(1)?,
            published: row.get(2)?,
            month: row.get(3)?,
            updated: row.get(4)?,
            categories: super::convert::json(row, 5)?,
            shows: row.get(6)?,
            words: row.get(7)?,
            digest: row.get(8)?,
            gone: row.get(9)?,
        })
    };
    Ok(select.query_row([article], read)?)
}

fn composed(
    conn: &Connection,
    codec: &mut Codec,
    source: &SourceId,
    faces: &[Face],
    old: &Standing,
    (member, fresh, now): (i64, Option<&Article>, Timestamp),
    reread: bool,
) -> Result<Option<Standing>> {
    let Some(first) = faces.first() else { return Ok(None) };
    let alive = || faces.iter().filter(|face| !face.gone);
    let shown = alive().next_back().or(faces.last()).unwrap_or(first);
    let linked = alive().next().unwrap_or(first);
    let gone = if alive().next().is_some() { None } else { old.gone.or(Some(now.as_second())) };
    let id = ArticleId::mint(source, &first.key).as_str().to_owned();
    let same_words = id == old.id && (shown.words == old.words || (reread && !old.words.is_empty()));
    Ok(Some(Standing {
        url: linked.url.clone(),
        published: first.published,
        month: first.month,
        updated: if same_words { old.updated } else { said_updated(faces, first, shown) },
        categories: union(conn, codec, faces, shown, old, fresh.map(|article| (member, article)))?,
        shows: shown.row,
        words: shown.words.clone(),
        digest: shown.digest.clone(),
        gone,
        id,
    }))
}

/// When the shown words came to be: at their own edit, else when they were first published in this form.
fn said_updated(faces: &[Face], first: &Face, shown: &Face) -> i64 {
    if shown.updated > shown.published {
        return shown.updated;
    }
    let origin = faces.iter().find(|face| face.words == shown.words).unwrap_or(shown);
    origin.updated.max(first.published)
}

/// The categories of all members, in the order the members were published.
fn union(
    conn: &Connection,
    codec: &mut Codec,
    faces: &[Face],
    shown: &Face,
    old: &Standing,
    fresh: Option<(i64, &Article)>,
) -> Result<Vec<String>> {
    if let [only] = faces
        && only.row == old.shows
        && only.digest == old.digest
    {
        return Ok(old.categories.clone());
    }
    let mut union: Vec<String> = Vec::new();
    let alone = |face: &&Face| !face.gone || face.row == shown.row;
    for face in faces.iter().filter(alone) {
        let categories = match fresh {
            Some((member, article)) if member == face.row => article.categories.clone(),
            _ => content(conn, codec, face.row)?.categories.into_owned(),
        };
        for category in categories {
            if !union.contains(&category) {
                union.push(category);
            }
        }
    }
    Ok(union)
}

/// The content of a member.
pub(super) fn content(conn: &Connection, codec: &mut Codec, member: i64) -> Result<Content<'static>> {
    let mut select = conn.prepare_cached("SELECT content FROM member WHERE row = ?1")?;
    let blob: Vec<u8> = select.query_row([member], |row| row.get(0))?;
    Content::unpack(codec, &blob)
}

fn write(conn: &Connection, row: i64, new: &Standing, faces: &[Face], now: Timestamp) -> Result<()> {
    let Some(first) = faces.first() else { return Ok(()) };
    conn.prepare_cached(
        "UPDATE article SET id = ?2, key = ?3, url = ?4, published = ?5, origin = ?6, month = ?7, updated = ?8,
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
    article: i64,
    text: &Content<'_>,
    now: Timestamp,
) -> Result<()> {
    conn.prepare_cached("INSERT INTO revision (article, replaced, title, html) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![article, now.as_second(), text.title, codec.pack_text(&text.html)?])?;
    conn.prepare_cached("UPDATE article SET revisions = revisions + 1 WHERE row = ?1")?.execute([article])?;
    Ok(())
}
