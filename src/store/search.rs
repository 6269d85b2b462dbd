//! Search: the newest entries of a scope that hold all words and "phrases" of a query.

use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, params};

use super::codec::Codec;
use super::error::{Result, StoreError};
use super::values::{Scope, Stored};
use super::{articles, sources, words};
use crate::dedup::fold;

/// Longest query in letters.
const LONGEST: usize = 200;
/// Most words and phrases in a query.
const TERMS: usize = 12;

/// How long a search walks back in time; articles older than that are not found. What people search for takes a tenth
/// of it in a hundred thousand articles.
const LONGEST_WALK: Duration = Duration::from_millis(10);
/// Articles in the first step of a walk: they cost at most two milliseconds.
const FIRST_STEP: i64 = 1000;
/// How much longer than the last a step may be.
const GROWTH: i64 = 8;
/// How much shorter.
const SHRINK: i64 = 8;

/// The newest entries that match, newest publication first.
pub(super) fn search(
    conn: &mut Connection,
    codec: &mut Codec,
    scope: &Scope,
    query: &str,
    limit: usize,
) -> Result<Vec<Stored>> {
    let wanted = expression(query)?;
    let scope_word = match scope {
        Scope::All => None,
        Scope::Source(source) => match sources::find(conn, source)? {
            Some(row) => Some(words::source_word(row)),
            None => return Ok(Vec::new()),
        },
        Scope::Category(source, slug) => match articles::category(conn, source, slug)? {
            Some(row) => Some(words::category_word(row)),
            None => return Ok(Vec::new()),
        },
    };
    let matching = match scope_word {
        Some(word) => format!("scope : {word} AND words : ({wanted})"),
        None => format!("words : ({wanted})"),
    };
    let ranks = walk(conn, &matching, limit)?;
    articles::ranked(conn, codec, &ranks)
}

/// Walks the full-text index from its end, the newest article, until there are enough places or the time is over. It
/// goes in steps back in time, because nothing can interrupt SQLite while it looks for the next match: what five common
/// syllables in a row cost is only seen afterwards. Steps grow as long as they are cheap.
fn walk(conn: &Connection, expression: &str, limit: usize) -> Result<Vec<i64>> {
    let begun = Instant::now();
    let mut select = conn.prepare_cached(
        "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4",
    )?;
    let Some(Ends { oldest, newest, mut step }) = ends(conn)? else { return Ok(Vec::new()) };
    let (mut found, mut last) = (Vec::new(), newest);
    loop {
        let began = Instant::now();
        let first = last.saturating_sub(step).max(oldest);
        let left = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
        let ranks = select.query_map(params![expression, first, last, left], |row| row.get(0))?;
        found.extend(ranks.collect::<rusqlite::Result<Vec<i64>>>()?);
        let (took, spent) = (began.elapsed(), begun.elapsed());
        if found.len() >= limit || first == oldest || spent > LONGEST_WALK {
            return Ok(found);
        }
        last = first - 1;
        step = next_step(step, took, LONGEST_WALK.saturating_sub(spent));
    }
}

/// The ends of the full-text index, and a first step back from the newest.
struct Ends {
    oldest: i64,
    newest: i64,
    step: i64,
}

fn ends(conn: &Connection) -> Result<Option<Ends>> {
    let at = |sql: &str, offset: i64| -> Result<Option<i64>> {
        Ok(conn.prepare_cached(sql)?.query_row([offset], |row| row.get(0)).optional()?)
    };
    const OLDEST: &str = "SELECT rank FROM article WHERE rank IS NOT NULL ORDER BY rank LIMIT 1 OFFSET ?1";
    const NEWEST: &str =
        "SELECT rank FROM article WHERE rank IS NOT NULL ORDER BY rank DESC LIMIT 1 OFFSET ?1";
    let (Some(oldest), Some(newest)) = (at(OLDEST, 0)?, at(NEWEST, 0)?) else { return Ok(None) };
    let first = at(NEWEST, FIRST_STEP)?.unwrap_or(oldest);
    Ok(Some(Ends { oldest, newest, step: (newest - first).max(1) }))
}

/// As long a step as there is time for at the pace of the one before, within bounds.
fn next_step(step: i64, took: Duration, left: Duration) -> i64 {
    let affordable = left.as_nanos().saturating_mul(step.unsigned_abs().into()) / took.as_nanos().max(1);
    i64::try_from(affordable).unwrap_or(i64::MAX).clamp(step / SHRINK, step.saturating_mul(GROWTH)).max(1)
}

/// The query in FTS5's language: every term quoted, so that nothing of it is an operator.
fn expression(query: &str) -> Result<String> {
    if query.chars().count() > LONGEST {
        return Err(StoreError::Query(format!("a search may be {LONGEST} letters long")));
    }
    let mut terms = Vec::new();
    for (place, part) in fold::searchable(query).split('"').enumerate() {
        // Odd parts stand between quotes.
        if place % 2 == 1 {
            terms.push(part.to_owned());
        } else {
            terms.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    terms.retain(|term| term.chars().any(char::is_alphanumeric));
    if terms.is_empty() {
        return Err(StoreError::Query("a search needs at least one word".to_owned()));
    }
    if terms.len() > TERMS {
        return Err(StoreError::Query(format!("a search may have {TERMS} words or phrases")));
    }
    let quoted: Vec<String> = terms.iter().map(|term| format!("\"{term}\"")).collect();
    Ok(quoted.join(" AND "))
}
