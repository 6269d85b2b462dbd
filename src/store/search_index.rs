//! The full-text index: folded words under a rowid that grows with the publication time, so that a search walks from
//! the newest article on and stops as soon as it has enough.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::actor::Tools;
use super::entry;
use super::error::Result;
use crate::text::strip_diacritics;

/// Rowids for one minute: articles that were published in the same minute take the next free one.
const RANKS_PER_MINUTE: i64 = 256;

/// What a transaction has still to write into the index. It is written at the end, in the order of the rowids: the index
/// gathers what it is given and writes it down as soon as a rowid is lower than the one before, or another statement
/// begins that may have to be undone.
#[derive(Default)]
pub(super) struct PendingIndex(BTreeMap<i64, Change>);

#[derive(Default)]
struct Change {
    /// Whether the rowid is taken until now.
    delete: bool,
    /// Words and scope that are to stand there.
    insert: Option<(String, String)>,
}

impl PendingIndex {
    /// Takes a rowid out of the index.
    pub(super) fn take_out(&mut self, rank: i64) {
        let known = self.0.entry(rank).or_insert(Change { delete: true, insert: None });
        known.insert = None;
    }

    /// Enters words and scope under a rowid that is free.
    pub(super) fn put(&mut self, rank: i64, words: String, scope: String) {
        self.0.entry(rank).or_default().insert = Some((words, scope));
    }

    pub(super) fn write(&mut self, conn: &Connection) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut delete = conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?;
        let mut insert =
            conn.prepare_cached("INSERT INTO search (rowid, words, scope) VALUES (?1, ?2, ?3)")?;
        let changes = std::mem::take(&mut self.0);
        for (rank, _) in changes.iter().filter(|(_, change)| change.delete) {
            delete.execute([rank])?;
        }
        for (rank, change) in &changes {
            if let Some((words, scope)) = &change.insert {
                insert.execute(params![rank, words, scope])?;
            }
        }
        Ok(())
    }

    /// Forgets it: the transaction is undone.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

struct Indexed {
    source: i64,
    published: i64,
    shows: i64,
    rank: Option<i64>,
    gone: bool,
}

/// What the index has to know of an entry.
fn indexed(conn: &Connection, article: i64) -> Result<Indexed> {
    let mut select = conn.prepare_cached(
        "SELECT source, published, shows, rank, gone IS NOT NULL FROM entry WHERE row = ?1",
    )?;
    let read = select.query_row([article], |row| {
        Ok(Indexed {
            source: row.get(0)?,
            published: row.get(1)?,
            shows: row.get(2)?,
            rank: row.get(3)?,
            gone: row.get(4)?,
        })
    });
    Ok(read?)
}

/// Brings the index up to date with an entry: its words, its scope, its place in time. `shown` is its title and
/// text, if they are at hand.
pub(super) fn reindex(
    conn: &Connection,
    tools: &mut Tools,
    article: i64,
    shown: Option<(&str, &str)>,
) -> Result<()> {
    let entry = indexed(conn, article)?;
    if let Some(rank) = entry.rank {
        tools.pending_index.take_out(rank);
    }
    let rank = match entry.rank {
        _ if entry.gone => None,
        Some(rank) if rank.div_euclid(RANKS_PER_MINUTE) == entry.published.div_euclid(60) => Some(rank),
        _ => Some(free_rank(conn, entry.published)?),
    };
    if rank != entry.rank {
        conn.prepare_cached("UPDATE entry SET rank = ?2 WHERE row = ?1")?.execute(params![article, rank])?;
    }
    let Some(rank) = rank else { return Ok(()) };
    let words = match shown {
        Some((title, text)) => searchable(title, text),
        None => {
            let content = entry::content_if_whole(conn, &mut tools.codec, entry.shows)?;
            content.map(|content| searchable(&content.title, &content.text)).unwrap_or_default()
        }
    };
    let mut select = conn.prepare_cached("SELECT category FROM in_category WHERE entry = ?1")?;
    let categories =
        select.query_map([article], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    tools.pending_index.put(rank, words, scope(entry.source, categories));
    Ok(())
}

/// The words of an article as the index keeps them.
pub(super) fn searchable(title: &str, text: &str) -> String {
    strip_diacritics(&format!("{title}\n{text}"))
}

/// The first free rowid of the minute, or of the next minute that has one.
pub(super) fn free_rank(conn: &Connection, published: i64) -> Result<i64> {
    let mut last = conn
        .prepare_cached("SELECT rank FROM entry WHERE rank >= ?1 AND rank < ?2 ORDER BY rank DESC LIMIT 1")?;
    let mut first = published.div_euclid(60) * RANKS_PER_MINUTE;
    loop {
        let taken: Option<i64> =
            last.query_row([first, first + RANKS_PER_MINUTE], |row| row.get(0)).optional()?;
        match taken {
            None => return Ok(first),
            Some(taken) if taken + 1 < first + RANKS_PER_MINUTE => return Ok(taken + 1),
            Some(_) => first += RANKS_PER_MINUTE,
        }
    }
}

/// The words that stand for the source and the categories of an entry, so that a search in one is a search for one
/// more word.
pub(super) fn scope(source: i64, categories: Vec<i64>) -> String {
    let mut scope = source_word(source);
    for category in categories {
        scope.push(' ');
        scope.push_str(&category_word(category));
    }
    scope
}

pub(super) fn source_word(source: i64) -> String {
    format!("s{source}")
}

pub(super) fn category_word(category: i64) -> String {
    format!("c{category}")
}
