//! Which known article a read page is: by the portal's own key, else by an address it answers to.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::Result;
use crate::identity::{ArticleNames, ArticleState, has_other_post_id};
use crate::model::Key;

/// An article as it stands in the database.
pub(super) struct KnownArticle {
    pub(super) row: i64,
    pub(super) words: Vec<u8>,
    pub(super) gone: bool,
    pub(super) url: String,
    digest: Vec<u8>,
    published: i64,
    updated: i64,
}

impl KnownArticle {
    pub(super) fn state(&self) -> ArticleState<'_> {
        ArticleState {
            words: &self.words,
            digest: &self.digest,
            url: &self.url,
            published: self.published,
            updated: self.updated,
        }
    }
}

fn by_name(conn: &Connection, source: i64, name: &str) -> Result<Option<KnownArticle>> {
    let mut select = conn.prepare_cached(
        "SELECT row, published, updated, words, digest, gone IS NOT NULL, url FROM article
         WHERE row = (SELECT article FROM alias WHERE address = ?1 AND source = ?2)",
    )?;
    let found = select.query_row(params![name, source], |row| {
        Ok(KnownArticle {
            row: row.get(0)?,
            published: row.get(1)?,
            updated: row.get(2)?,
            words: row.get(3)?,
            digest: row.get(4)?,
            gone: row.get(5)?,
            url: row.get(6)?,
        })
    });
    Ok(found.optional()?)
}

/// The article that a page is, if it is one: by the key, else by the first name that leads to an article whose own post
/// id does not say otherwise. A portal reuses a slug: another post id with other words is another article.
pub(super) fn find(
    conn: &Connection,
    source: i64,
    names: &ArticleNames,
    key: &Key,
    words: &[u8],
) -> Result<Option<KnownArticle>> {
    for name in names.iter() {
        let Some(article) = by_name(conn, source, name)? else { continue };
        let is_certain = name == key.to_text() || article.words == words;
        if is_certain || !has_other_post_id(key, names_of(conn, article.row)?.iter().map(String::as_str)) {
            return Ok(Some(article));
        }
    }
    Ok(None)
}

/// The names of an article, in order.
pub(super) fn names_of(conn: &Connection, article: i64) -> Result<Vec<String>> {
    let mut select = conn.prepare_cached("SELECT address FROM alias WHERE article = ?1 ORDER BY address")?;
    Ok(select.query_map([article], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// Writes the names of an article. Its own it takes from whoever had them; the others stay where they lead.
pub(super) fn enter(conn: &Connection, source: i64, article: i64, names: &ArticleNames) -> Result<()> {
    let mut take = conn.prepare_cached(
        "INSERT INTO alias (address, source, article) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET article = ?3 WHERE article <> ?3",
    )?;
    for name in &names.own {
        take.execute(params![name, source, article])?;
    }
    let mut keep = conn.prepare_cached(
        "INSERT INTO alias (address, source, article) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    for name in &names.other {
        keep.execute(params![name, source, article])?;
    }
    Ok(())
}
