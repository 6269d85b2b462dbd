//! Search: the newest entries of a scope that hold all words and "phrases" of a query.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, params};

use super::codec::Codec;
use super::error::{Result, StoreError};
use super::values::{Scope, Stored};
use super::{articles, search_index, sources};
use crate::text::{normalize, strip_diacritics};

/// Longest query in letters.
const MAX_QUERY_CHARS: usize = 200;
/// Most words and phrases in a query.
const MAX_QUERY_TERMS: usize = 12;

/// How far a search walks back, in looks of [`STEPS_PER_PROGRESS_CALL`]: articles older than that are not found. In a hundred thousand
/// articles what people search for takes a hundred looks, three common syllables in a row take 500, five that stand
/// nowhere 800; 250 are 12 ms. It is no time, so that a busy machine finds what an idle one does: a feed of a search
/// must not lose entries for a while.
const MAX_PROGRESS_CALLS: u32 = 250;
/// Steps of SQLite's machine between two looks. It makes a few for every page of the index that it reads, and none
/// between two matches: hence so few.
const STEPS_PER_PROGRESS_CALL: i32 = 8;
/// How long a search may take at all.
const SEARCH_TIMEOUT: Duration = Duration::from_millis(500);

/// The newest entries that match, newest publication first.
pub(super) fn search(
    conn: &mut Connection,
    codec: &mut Codec,
    scope: &Scope,
    query: &str,
    limit: usize,
) -> Result<Vec<Stored>> {
    let wanted = expression(query)?;
    let Some(matching) = matching(conn, scope, &wanted)? else { return Ok(Vec::new()) };
    let ranks = walk(conn, &matching, limit)?;
    articles::ranked(conn, codec, &ranks)
}

/// What the index is asked for: the words, within a scope. `None` if the scope is not known.
fn matching(conn: &Connection, scope: &Scope, wanted: &str) -> Result<Option<String>> {
    let scope_word = match scope {
        Scope::All => return Ok(Some(format!("words : ({wanted})"))),
        Scope::Without(others) => {
            let rows = others.iter().map(|source| sources::find(conn, source)).collect::<Result<Vec<_>>>()?;
            let others: Vec<String> = rows.into_iter().flatten().map(search_index::source_word).collect();
            return Ok(Some(match others.is_empty() {
                true => format!("words : ({wanted})"),
                false => format!("words : ({wanted}) NOT scope : ({})", others.join(" OR ")),
            }));
        }
        Scope::Source(source) => sources::find(conn, source)?.map(search_index::source_word),
        Scope::Category(source, slug) => {
            articles::category(conn, source, slug)?.map(search_index::category_word)
        }
    };
    Ok(scope_word.map(|word| format!("scope : {word} AND words : ({wanted})")))
}

/// Walks the full-text index from its end, the newest article, until there are enough places or it was walked far
/// enough: what was found by then is the newest there is.
fn walk(conn: &mut Connection, expression: &str, limit: usize) -> Result<Vec<i64>> {
    let (began, mut looks) = (Instant::now(), 0);
    let is_over = move || {
        looks += 1;
        looks > MAX_PROGRESS_CALLS || began.elapsed() > SEARCH_TIMEOUT
    };
    conn.progress_handler(STEPS_PER_PROGRESS_CALL, Some(is_over))?;
    let mut found = Vec::new();
    let walked = gather(conn, expression, limit, &mut found);
    conn.progress_handler(0, None::<fn() -> bool>)?;
    match walked {
        Err(fault) if fault.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            tracing::debug!(expression, found = found.len(), "a search went far enough back and was ended");
        }
        walked => walked?,
    }
    Ok(found)
}

fn gather(conn: &Connection, expression: &str, limit: usize, found: &mut Vec<i64>) -> rusqlite::Result<()> {
    let mut select =
        conn.prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    for rank in select.query_map(params![expression, limit], |row| row.get(0))? {
        found.push(rank?);
    }
    Ok(())
}

/// The query in FTS5's language: every term quoted, so that nothing of it is an operator.
fn expression(query: &str) -> Result<String> {
    if query.chars().count() > MAX_QUERY_CHARS {
        return Err(StoreError::Query(format!("a search may be {MAX_QUERY_CHARS} letters long")));
    }
    let mut terms = Vec::new();
    for (place, part) in strip_diacritics(&normalize(query)).split('"').enumerate() {
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
    if terms.len() > MAX_QUERY_TERMS {
        return Err(StoreError::Query(format!("a search may have {MAX_QUERY_TERMS} words or phrases")));
    }
    let quoted: Vec<String> = terms.iter().map(|term| format!("\"{term}\"")).collect();
    Ok(quoted.join(" AND "))
}
