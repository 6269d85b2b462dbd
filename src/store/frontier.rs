//! The frontier: every article URL that a listing named, and when it is due.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::codec::{Codec, to_json};
use super::convert::{address, json, moment, moment_opt, seconds_opt};
use super::error::Result;
use super::sources;
use super::values::FrontierEntry;
use crate::model::{Candidate, DiscoveryMethod, Offered, SourceId, UrlKey, Validators};

/// A taken-down article that a listing names again is looked at once in this many seconds: it may be back, and a
/// sitemap that never forgets must not cost a request at every visit.
const GONE_RECHECK_SECONDS: i64 = 86_400;

/// What a frontier row must be known by to take in a candidate.
pub(super) struct FrontierRow {
    row: i64,
    url: String,
    method: DiscoveryMethod,
    title: Option<String>,
    published: Option<i64>,
    updated: Option<i64>,
    post_id: Option<i64>,
    bare: bool,
    visits: u32,
    visited: Option<i64>,
    due: Option<i64>,
    gone: bool,
    forgotten: bool,
}

pub(super) const FRONTIER_ROW: &str = "SELECT f.row, f.url, f.method, f.title, f.published, f.updated, f.post_id,
        f.authors = '[]' AND f.categories = '[]', f.visits, f.visited, f.due,
        EXISTS (SELECT 1 FROM article INDEXED BY article_gone WHERE row = f.article AND gone IS NOT NULL), f.forgotten
    FROM frontier AS f";

fn read_row(row: &Row<'_>) -> rusqlite::Result<FrontierRow> {
    Ok(FrontierRow {
        row: row.get(0)?,
        url: row.get(1)?,
        method: DiscoveryMethod::from_name(&row.get::<_, String>(2)?).unwrap_or(DiscoveryMethod::Listing),
        title: row.get(3)?,
        published: row.get(4)?,
        updated: row.get(5)?,
        post_id: row.get(6)?,
        bare: row.get(7)?,
        visits: row.get(8)?,
        visited: row.get(9)?,
        due: row.get(10)?,
        gone: row.get(11)?,
        forgotten: row.get(12)?,
    })
}

pub(super) fn offer<'a>(
    conn: &Connection,
    codec: &mut Codec,
    source: &SourceId,
    candidates: impl IntoIterator<Item = &'a Candidate>,
    now: Timestamp,
) -> Result<Offered> {
    let source = sources::enter(conn, source)?;
    let mut offered = Offered::default();
    for candidate in candidates {
        match find(conn, source, candidate)? {
            Some(known) => {
                offered.known += 1;
                offered.changed += usize::from(merge(conn, codec, &known, candidate, now)?);
            }
            None => {
                insert(conn, codec, source, candidate, now)?;
                offered.new += 1;
            }
        }
    }
    Ok(offered)
}

/// The row of a candidate: by its address, by an alias of an article, by a post id that is the address.
pub(super) fn find(conn: &Connection, source: i64, candidate: &Candidate) -> Result<Option<FrontierRow>> {
    let key = UrlKey::of(&candidate.url);
    let mut by_address =
        conn.prepare_cached(&format!("{FRONTIER_ROW} WHERE f.address = ?1 AND f.source = ?2"))?;
    let found = by_address.query_row(params![key.as_str(), source], read_row).optional()?;
    if found.is_some() {
        return Ok(found);
    }
    let mut by_alias = conn.prepare_cached(&format!(
        "{FRONTIER_ROW} WHERE f.article = (SELECT article FROM alias WHERE address = ?1 AND source = ?2)
         ORDER BY f.due IS NULL, f.row LIMIT 1"
    ))?;
    let found = by_alias.query_row(params![key.as_str(), source], read_row).optional()?;
    if found.is_some() {
        return Ok(found);
    }
    find_by_post_id(conn, source, candidate)
}

/// `/?p=77` and the article of which the API says that its id is 77 are one. Two pretty URLs with one post id are left
/// alone until they are read: a feed may give every item the same guid.
fn find_by_post_id(conn: &Connection, source: i64, candidate: &Candidate) -> Result<Option<FrontierRow>> {
    let Some(post_id) = candidate.post_id.and_then(|id| i64::try_from(id).ok()) else { return Ok(None) };
    let mut select = conn.prepare_cached(&format!(
        "{FRONTIER_ROW} WHERE f.source = ?1 AND f.post_id = ?2 ORDER BY f.row LIMIT 2"
    ))?;
    let mut found = select
        .query_map(params![source, post_id], read_row)?
        .collect::<rusqlite::Result<Vec<FrontierRow>>>()?;
    let names_itself = |url: &str| url.contains(&format!("?p={post_id}"));
    found.retain(|known| names_itself(&known.url) || names_itself(candidate.url.as_str()));
    Ok(if found.len() == 1 { found.pop() } else { None })
}

fn insert(
    conn: &Connection,
    codec: &mut Codec,
    source: i64,
    candidate: &Candidate,
    now: Timestamp,
) -> Result<()> {
    let content = candidate.content.as_deref().map(|html| codec.pack_text(html)).transpose()?;
    let published = seconds_opt(candidate.published);
    conn.prepare_cached(
        "INSERT INTO frontier (source, address, url, method, listing, post_id, title, published, updated, authors,
                               categories, content, first_seen, sort, due)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?13)",
    )?
    .execute(params![
        source,
        UrlKey::of(&candidate.url).as_str(),
        candidate.url.as_str(),
        candidate.method.name(),
        candidate.listing.as_str(),
        candidate.post_id.and_then(|id| i64::try_from(id).ok()),
        candidate.title,
        published,
        seconds_opt(candidate.updated),
        to_json(&candidate.authors)?,
        to_json(&candidate.categories)?,
        content,
        now.as_second(),
        published.unwrap_or(now.as_second()),
    ])?;
    Ok(())
}

/// Takes in what a listing says of a URL that is known. Answers whether it has to be read again; writes only if
/// something is new, so that a visit with nothing new writes nothing.
fn merge(
    conn: &Connection,
    codec: &mut Codec,
    known: &FrontierRow,
    candidate: &Candidate,
    now: Timestamp,
) -> Result<bool> {
    if known.forgotten {
        return Ok(false);
    }
    let updated = seconds_opt(candidate.updated);
    // What was given up without ever having been read gets another chance when its listing says that it changed.
    let moved = (known.visits > 0 || known.due.is_none())
        && match (updated, known.updated) {
            (Some(new), Some(old)) => new > old,
            (Some(new), None) => known.visited.is_some_and(|visited| new > visited),
            (None, _) => false,
        };
    let back = known.gone && known.due.is_none();
    let due = if moved {
        Some(now.as_second())
    } else if back {
        Some(now.as_second().max(known.visited.unwrap_or_default() + GONE_RECHECK_SECONDS))
    } else {
        known.due
    };
    if due != known.due || updated > known.updated {
        conn.prepare_cached(
            "UPDATE frontier SET due = ?2, updated = max(ifnull(updated, ?3), ?3) WHERE row = ?1",
        )?
        .execute(params![known.row, due, updated.or(known.updated)])?;
    }
    if known.visits == 0 && tells_more(known, candidate) {
        enrich(conn, codec, known, candidate)?;
    }
    Ok(moved)
}

fn tells_more(known: &FrontierRow, candidate: &Candidate) -> bool {
    candidate.method < known.method
        || (known.title.is_none() && candidate.title.is_some())
        || (known.published.is_none() && candidate.published.is_some())
        || (known.post_id.is_none() && candidate.post_id.is_some())
        || (known.bare && !(candidate.authors.is_empty() && candidate.categories.is_empty()))
}

/// Fills what is missing; a better informed method replaces what a lesser one said.
fn enrich(conn: &Connection, codec: &mut Codec, known: &FrontierRow, candidate: &Candidate) -> Result<()> {
    let content = candidate.content.as_deref().map(|html| codec.pack_text(html)).transpose()?;
    let list = |values: &[String]| if values.is_empty() { Ok(None) } else { to_json(&values).map(Some) };
    conn.prepare_cached(
        "UPDATE frontier SET
            url        = iif(?2, ?3, url),
            method     = iif(?2, ?4, method),
            listing    = iif(?2, ?5, listing),
            post_id    = iif(?2, ifnull(?6, post_id), ifnull(post_id, ?6)),
            title      = iif(?2, ifnull(?7, title), ifnull(title, ?7)),
            published  = iif(?2, ifnull(?8, published), ifnull(published, ?8)),
            authors    = iif(?2 OR authors = '[]', ifnull(?9, authors), authors),
            categories = iif(?2 OR categories = '[]', ifnull(?10, categories), categories),
            content    = iif(?2, ifnull(?11, content), ifnull(content, ?11)),
            sort       = iif(?2, ifnull(?8, sort), ifnull(published, ifnull(?8, sort)))
         WHERE row = ?1",
    )?
    .execute(params![
        known.row,
        candidate.method < known.method,
        candidate.url.as_str(),
        candidate.method.name(),
        candidate.listing.as_str(),
        candidate.post_id.and_then(|id| i64::try_from(id).ok()),
        candidate.title,
        seconds_opt(candidate.published),
        list(&candidate.authors)?,
        list(&candidate.categories)?,
        content,
    ])?;
    Ok(())
}

pub(super) const FRONTIER_ENTRY: &str = "SELECT f.row, f.url, f.method, f.listing, f.post_id, f.title, f.published, f.updated, f.authors,
        f.categories, f.content, f.etag, f.last_modified, f.failures, f.visits, f.first_seen, a.entry, a.published
    FROM frontier AS f LEFT JOIN article AS a ON a.row = f.article";

pub(super) fn read_entry(row: &Row<'_>) -> rusqlite::Result<(FrontierEntry, Option<Vec<u8>>)> {
    let candidate = Candidate {
        url: address(row, 1)?,
        method: DiscoveryMethod::from_name(&row.get::<_, String>(2)?).unwrap_or(DiscoveryMethod::Listing),
        listing: address(row, 3)?,
        post_id: row.get::<_, Option<i64>>(4)?.map(i64::unsigned_abs),
        title: row.get(5)?,
        published: moment_opt(row, 6)?,
        updated: moment_opt(row, 7)?,
        authors: json(row, 8)?,
        categories: json(row, 9)?,
        content: None,
    };
    let entry = FrontierEntry {
        row: row.get(0)?,
        candidate,
        validators: Validators { etag: row.get(11)?, last_modified: row.get(12)? },
        failures: row.get(13)?,
        visits: row.get(14)?,
        first_seen: moment(row, 15)?,
        article: row.get(16)?,
        published: moment_opt(row, 17)?,
    };
    Ok((entry, row.get(10)?))
}

pub(super) fn unpack(
    codec: &mut Codec,
    (mut entry, content): (FrontierEntry, Option<Vec<u8>>),
) -> Result<FrontierEntry> {
    if let Some(blob) = content {
        // Without it the page is fetched.
        let text = codec.unpack_text(&blob);
        entry.candidate.content = codec.pass_over(text)?;
    }
    Ok(entry)
}

pub(super) fn entry(conn: &Connection, codec: &mut Codec, row: i64) -> Result<Option<FrontierEntry>> {
    let mut select = conn.prepare_cached(&format!("{FRONTIER_ENTRY} WHERE f.row = ?1"))?;
    let found = select.query_row([row], read_entry).optional()?;
    found.map(|found| unpack(codec, found)).transpose()
}
