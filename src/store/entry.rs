//! Entries: what readers see under one id, composed by [`crate::identity::entry`] of the articles that were joined into
//! one.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::actor::Tools;
use super::codec::{Codec, to_json};
use super::content::ArticleContent;
use super::error::{Result, StoreError};
use super::values::Commit;
use super::{categories, search_index};
use crate::identity::{ArticleRow, EntryRow, entry};
use crate::model::{Article, Key, SourceId};

/// Enters the entry of an article that joins no other as [`compose`] would leave it, but without the way over an empty
/// one. `article` is the one that it is going to have. Answers its row.
pub(super) fn enter(
    conn: &Connection,
    tools: &mut Tools,
    source: i64,
    commit: &Commit,
    article: &ArticleRow,
) -> Result<i64> {
    let fresh = &commit.article;
    let new = EntryRow::of_one(article, &fresh.source, &fresh.categories);
    let rank = search_index::free_rank(conn, new.published)?;
    conn.prepare_cached(
        "INSERT INTO entry (source, id, key, url, published, origin, month, updated, changed, categories, shows,
                              words, digest, rank)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        source,
        new.id,
        article.key.to_text(),
        new.url,
        new.published,
        article.origin,
        new.month,
        new.updated,
        commit.fetched.as_second(),
        to_json(&new.categories)?,
        new.shows,
        new.words,
        new.digest,
        rank,
    ])?;
    let row = conn.last_insert_rowid();
    let categories = categories::add(conn, source, row, new.published, &new.categories)?;
    let scope = search_index::scope(source, categories);
    tools.pending_index.put(rank, search_index::searchable(&fresh.title, &fresh.text), scope);
    Ok(row)
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

/// What happened to an article, for [`compose`].
pub(super) struct Touched<'a> {
    /// The row of the article.
    pub(super) row: i64,
    /// The article as read just now, so that it need not be unpacked again.
    pub(super) fresh: Option<&'a Article>,
    /// Its content until now, if its words were edited.
    pub(super) before: Option<ArticleContent<'static>>,
    pub(super) at: Timestamp,
    /// Whether other words are our reading and no edit.
    pub(super) is_ours: bool,
}

/// The entry of an article: its row, and row and name of its source.
fn entry_of(conn: &Connection, article: i64) -> Result<(i64, i64, SourceId)> {
    let mut select = conn.prepare_cached(
        "SELECT e.row, e.source, s.name FROM article AS a JOIN entry AS e ON e.row = a.entry
         JOIN source AS s ON s.row = e.source WHERE a.row = ?1",
    )?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, SourceId::new(&row.get::<_, String>(2)?)));
    Ok(select.query_row([article], read)?)
}

/// The articles of an entry, the primary one first.
fn article_rows(conn: &Connection, entry: i64) -> Result<Vec<ArticleRow>> {
    let mut select = conn.prepare_cached(
        "SELECT row, key, url, published, origin, month, updated, words, digest, gone IS NOT NULL
         FROM article WHERE entry = ?1",
    )?;
    let read = |row: &Row<'_>| {
        Ok(ArticleRow {
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
    let mut articles = select.query_map([entry], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    if articles.len() > 1 {
        for article in &mut articles {
            article.named = first_named(conn, article.row)?;
        }
    }
    entry::sort_articles(&mut articles);
    Ok(articles)
}

/// When an article was first named: the same for all that one visit names. One that nobody names (any more) comes last.
fn first_named(conn: &Connection, article: i64) -> Result<i64> {
    let mut select =
        conn.prepare_cached("SELECT ifnull(min(first_seen), ?2) FROM frontier WHERE article = ?1")?;
    Ok(select.query_row(params![article, i64::MAX], |row| row.get(0))?)
}

fn entry_row(conn: &Connection, entry: i64) -> Result<EntryRow> {
    let mut select = conn.prepare_cached(
        "SELECT id, url, published, month, updated, categories, shows, words, digest, gone FROM entry WHERE row = ?1",
    )?;
    let read = |row: &Row<'_>| {
        Ok(EntryRow {
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
    Ok(select.query_row([entry], read)?)
}

/// Composes the entry of an article anew. Answers its row and whether a published byte can have changed.
pub(super) fn compose(conn: &Connection, tools: &mut Tools, touched: Touched<'_>) -> Result<(i64, bool)> {
    let (row, source, name) = entry_of(conn, touched.row)?;
    let (articles, old) = (article_rows(conn, row)?, entry_row(conn, row)?);
    let (now, is_ours) = (touched.at.as_second(), touched.is_ours);
    let categories = categories_of(conn, &mut tools.codec, &articles, &old, &touched)?;
    let Some(new) = entry::compose(&name, &articles, categories, &old, now, is_ours) else {
        return Ok((row, false));
    };
    if new == old {
        return Ok((row, false));
    }
    let Touched { row: article, fresh, before, at, .. } = touched;
    if new.replaces_text_of(&old, is_ours) {
        let text = match before {
            Some(text) if article == old.shows => Some(text),
            _ => content_if_whole(conn, &mut tools.codec, old.shows)?,
        };
        if let Some(text) = text {
            keep_revision(conn, &mut tools.codec, (source, row), &text, at)?;
        }
    }
    write(conn, row, &new, &articles, at)?;
    let is_moved = new.list_position() != old.list_position();
    if is_moved {
        let names = if new.gone.is_none() { new.categories.as_slice() } else { &[] };
        categories::set(conn, source, row, new.published, names)?;
    }
    if is_moved || new.words != old.words {
        let shown = fresh.filter(|_| new.shows == article);
        let shown = shown.map(|article| (article.title.as_str(), article.text.as_str()));
        search_index::reindex(conn, tools, row, shown)?;
    }
    Ok((row, true))
}

/// The categories of an entry, read where they may be others than before.
fn categories_of(
    conn: &Connection,
    codec: &mut Codec,
    articles: &[ArticleRow],
    old: &EntryRow,
    touched: &Touched<'_>,
) -> Result<Vec<String>> {
    let Some(categorised) = entry::categorised(articles, old) else { return Ok(old.categories.clone()) };
    let mut lists = Vec::with_capacity(categorised.len());
    for article in categorised {
        match touched.fresh.filter(|_| article.row == touched.row) {
            Some(fresh) => lists.push(fresh.categories.clone()),
            None => {
                let content = content_if_whole(conn, codec, article.row)?;
                lists.extend(content.map(|content| content.categories.into_owned()));
            }
        }
    }
    Ok(entry::union(lists.iter().map(Vec::as_slice)))
}

/// The content of an article, or nothing where it is damaged: what is written then heals it, or goes on without it.
pub(super) fn content_if_whole(
    conn: &Connection,
    codec: &mut Codec,
    article: i64,
) -> Result<Option<ArticleContent<'static>>> {
    let mut select = conn.prepare_cached("SELECT content FROM article WHERE row = ?1")?;
    let blob = select.query_row([article], |row| row.get::<_, Vec<u8>>(0));
    let content = blob.map_err(StoreError::from).and_then(|blob| ArticleContent::unpack(codec, &blob));
    codec.pass_over(content)
}

fn write(conn: &Connection, row: i64, new: &EntryRow, articles: &[ArticleRow], now: Timestamp) -> Result<()> {
    let Some(primary) = articles.first() else { return Ok(()) };
    conn.prepare_cached(
        "UPDATE entry SET id = ?2, key = ?3, url = ?4, published = ?5, origin = ?6, month = ?7, updated = ?8,
            changed = ?9, categories = ?10, shows = ?11, words = ?12, digest = ?13, gone = ?14 WHERE row = ?1",
    )?
    .execute(params![
        row,
        new.id,
        primary.key.to_text(),
        new.url,
        new.published,
        primary.origin,
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
    (source, entry): (i64, i64),
    text: &ArticleContent<'_>,
    now: Timestamp,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO revision (entry, source, replaced, title, html) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![entry, source, now.as_second(), text.title, codec.pack_text(&text.html)?])?;
    conn.prepare_cached("UPDATE entry SET revisions = revisions + 1 WHERE row = ?1")?.execute([entry])?;
    Ok(())
}
