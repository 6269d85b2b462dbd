//! Categories: names as for people, slugs unique within a source, and who is in them.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::error::Result;
use super::sources;
use super::values::Category;
use crate::model::SourceId;
use crate::text::{lowercase_nfc, strip_diacritics};

/// Longest slug in letters; names may be sentences.
const MAX_SLUG_CHARS: usize = 64;

/// Puts an entry into exactly these categories; none if it is not published.
pub(super) fn set(
    conn: &Connection,
    source: i64,
    article: i64,
    published: i64,
    names: &[String],
) -> Result<()> {
    conn.prepare_cached("DELETE FROM in_category WHERE entry = ?1")?.execute([article])?;
    add(conn, source, article, published, names).map(drop)
}

/// Puts an entry that is in no category into these. Answers their rows.
pub(super) fn add(
    conn: &Connection,
    source: i64,
    article: i64,
    published: i64,
    names: &[String],
) -> Result<Vec<i64>> {
    let mut rows = Vec::with_capacity(names.len());
    for name in names {
        let category = enter(conn, source, name)?;
        if !rows.contains(&category) {
            conn.prepare_cached("INSERT INTO in_category (category, published, entry) VALUES (?1, ?2, ?3)")?
                .execute(params![category, published, article])?;
            rows.push(category);
        }
    }
    Ok(rows)
}

/// The row of a category; names that differ only in letter case, white space or normal form are one.
fn enter(conn: &Connection, source: i64, name: &str) -> Result<i64> {
    let folded = lowercase_nfc(name);
    let mut select = conn.prepare_cached("SELECT row FROM category WHERE source = ?1 AND folded = ?2")?;
    if let Some(row) = select.query_row(params![source, folded], |row| row.get(0)).optional()? {
        return Ok(row);
    }
    let slug = free_slug(conn, source, &folded)?;
    conn.prepare_cached("INSERT INTO category (source, folded, name, slug) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![source, folded, name.trim(), slug])?;
    Ok(conn.last_insert_rowid())
}

/// `y-te`; where another name has that ("Y Tế" and "Ý tế"), or nothing is left of it ("///"), with a few digits of the
/// name's hash, so that it does not depend on how many came before.
fn free_slug(conn: &Connection, source: i64, folded: &str) -> Result<String> {
    let plain = plain_slug(folded);
    let taken = |slug: &str| -> Result<bool> {
        let mut select = conn.prepare_cached("SELECT 1 FROM category WHERE source = ?1 AND slug = ?2")?;
        Ok(select.exists(params![source, slug])?)
    };
    if !plain.is_empty() && !taken(&plain)? {
        return Ok(plain);
    }
    let hash: String = Sha256::digest(folded.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    for digits in [4, 8, 16, 32] {
        let slug = [plain.as_str(), &hash[..digits]].join(if plain.is_empty() { "c-" } else { "-" });
        if !taken(&slug)? {
            return Ok(slug);
        }
    }
    Ok(hash)
}

fn plain_slug(folded: &str) -> String {
    let mut slug = String::new();
    for letter in strip_diacritics(folded).chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() == MAX_SLUG_CHARS {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// The categories of a source that hold articles, most articles first.
pub(super) fn of_source(conn: &Connection, source: &SourceId) -> Result<Vec<Category>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    let mut select = conn.prepare_cached(
        "SELECT name, slug, entries FROM category WHERE source = ?1 AND entries > 0
         ORDER BY entries DESC, row",
    )?;
    let rows = select.query_map([source], |row| {
        let articles: i64 = row.get(2)?;
        Ok(Category { name: row.get(0)?, slug: row.get(1)?, articles: articles.unsigned_abs() })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
