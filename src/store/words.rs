//! The full-text index: folded words under a rowid that grows with the publication time, so that a search walks from
//! the newest article on and stops as soon as it has enough.

use rusqlite::{Connection, OptionalExtension, params};

use super::codec::Codec;
use super::entry;
use super::error::Result;
use crate::dedup::fold;

/// Rowids for one minute: articles that were published in the same minute take the next free one.
const SLOTS: i64 = 256;

struct Indexed {
    source: i64,
    published: i64,
    shows: i64,
    rank: Option<i64>,
    gone: bool,
}

/// Brings the index up to date with an entry: its words, its scope, its place in time. `shown` is its title and
/// text, if they are at hand.
pub(super) fn reindex(
    conn: &Connection,
    codec: &mut Codec,
    article: i64,
    shown: Option<(&str, &str)>,
) -> Result<()> {
    let mut select = conn.prepare_cached(
        "SELECT source, published, shows, rank, gone IS NOT NULL FROM article WHERE row = ?1",
    )?;
    let entry = select.query_row([article], |row| {
        Ok(Indexed {
            source: row.get(0)?,
            published: row.get(1)?,
            shows: row.get(2)?,
            rank: row.get(3)?,
            gone: row.get(4)?,
        })
    })?;
    if let Some(rank) = entry.rank {
        conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([rank])?;
    }
    let rank = match entry.rank {
        _ if entry.gone => None,
        Some(rank) if rank.div_euclid(SLOTS) == entry.published.div_euclid(60) => Some(rank),
        _ => Some(free_rank(conn, entry.published)?),
    };
    conn.prepare_cached("UPDATE article SET rank = ?2 WHERE row = ?1")?.execute(params![article, rank])?;
    let Some(rank) = rank else { return Ok(()) };
    let words = match shown {
        Some((title, text)) => fold::searchable(&format!("{title}\n{text}")),
        None => {
            let content = entry::content(conn, codec, entry.shows)?;
            fold::searchable(&format!("{}\n{}", content.title, content.text))
        }
    };
    let scope = scope(conn, entry.source, article)?;
    conn.prepare_cached("INSERT INTO search (rowid, words, scope) VALUES (?1, ?2, ?3)")?
        .execute(params![rank, words, scope])?;
    Ok(())
}

/// The first free rowid of the minute, or of the next minute that has one.
fn free_rank(conn: &Connection, published: i64) -> Result<i64> {
    let mut last = conn.prepare_cached(
        "SELECT rank FROM article WHERE rank >= ?1 AND rank < ?2 ORDER BY rank DESC LIMIT 1",
    )?;
    let mut first = published.div_euclid(60) * SLOTS;
    loop {
        let taken: Option<i64> = last.query_row([first, first + SLOTS], |row| row.get(0)).optional()?;
        match taken {
            None => return Ok(first),
            Some(taken) if taken + 1 < first + SLOTS => return Ok(taken + 1),
            Some(_) => first += SLOTS,
        }
    }
}

/// The words that stand for the source and the categories of an entry, so that a search in one is a search for one
/// more word.
fn scope(conn: &Connection, source: i64, article: i64) -> Result<String> {
    let mut scope = source_word(source);
    let mut select = conn.prepare_cached("SELECT category FROM in_category WHERE article = ?1")?;
    for category in select.query_map([article], |row| row.get::<_, i64>(0))? {
        scope.push(' ');
        scope.push_str(&category_word(category?));
    }
    Ok(scope)
}

/// What stands for a source.
pub(super) fn source_word(source: i64) -> String {
    format!("s{source}")
}

/// What stands for a category.
pub(super) fn category_word(category: i64) -> String {
    format!("c{category}")
}
