//! What an entry is: a function of its members, whatever the order they were met in. Its id, key and `published` are
//! those of the member published first (then the one that was named at an earlier visit, so that an article which moves
//! keeps its id; then the lower key), its words those of the one published last that is still there, its categories the
//! union.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::codec::Codec;
use super::entry::content_if_whole;
use super::error::Result;
use crate::model::{Article, ArticleId, Key, SourceId};

/// What of a member its entry is made of.
pub(super) struct Face {
    pub(super) row: i64,
    pub(super) key: Key,
    pub(super) url: String,
    pub(super) published: i64,
    pub(super) origin: String,
    pub(super) month: i64,
    pub(super) updated: i64,
    pub(super) words: Vec<u8>,
    pub(super) digest: Vec<u8>,
    pub(super) gone: bool,
    /// When it was first named; it counts only where there are several.
    pub(super) named: i64,
}

/// The row of an entry as it stands.
#[derive(PartialEq)]
pub(super) struct Standing {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) published: i64,
    pub(super) month: i64,
    pub(super) updated: i64,
    pub(super) categories: Vec<String>,
    pub(super) shows: i64,
    pub(super) words: Vec<u8>,
    pub(super) digest: Vec<u8>,
    pub(super) gone: Option<i64>,
}

impl Standing {
    /// The entry of an article that joins no other: what [`composed`] makes of its one member.
    pub(super) fn alone(face: &Face, article: &Article) -> Self {
        let mut categories = Vec::new();
        join(&mut categories, &article.categories);
        Self {
            id: ArticleId::mint(&article.source, &face.key).as_str().to_owned(),
            url: face.url.clone(),
            published: face.published,
            month: face.month,
            updated: face.updated.max(face.published),
            categories,
            shows: face.row,
            words: face.words.clone(),
            digest: face.digest.clone(),
            gone: None,
        }
    }

    /// Where lists show an entry, and whether they do.
    pub(super) fn place(&self) -> (i64, Option<i64>, &[String]) {
        (self.published, self.gone, &self.categories)
    }
}

/// The members of an entry, the one that names it first.
pub(super) fn faces(conn: &Connection, article: i64) -> Result<Vec<Face>> {
    let mut select = conn.prepare_cached(
        "SELECT row, key, url, published, origin, month, updated, words, digest, gone IS NOT NULL
         FROM article WHERE entry = ?1",
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
        conn.prepare_cached("SELECT ifnull(min(first_seen), ?2) FROM frontier WHERE article = ?1")?;
    Ok(select.query_row(params![member, i64::MAX], |row| row.get(0))?)
}

/// An entry as it stands in the database.
pub(super) fn standing(conn: &Connection, article: i64) -> Result<Standing> {
    let mut select = conn.prepare_cached(
        "SELECT id, url, published, month, updated, categories, shows, words, digest, gone FROM entry WHERE row = ?1",
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

/// An entry as its members have it now; `old` is how it stands, `fresh` the article of a member that was just read.
pub(super) fn composed(
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
        match fresh {
            Some((member, article)) if member == face.row => join(&mut union, &article.categories),
            _ => {
                if let Some(content) = content_if_whole(conn, codec, face.row)? {
                    join(&mut union, &content.categories);
                }
            }
        }
    }
    Ok(union)
}

fn join(union: &mut Vec<String>, more: &[String]) {
    for category in more {
        if !union.contains(category) {
            union.push(category.clone());
        }
    }
}
