//! Reading articles: newest of a scope, by month, by slug. Every query walks an index and stops at its limit.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use url::Url;

use super::codec::Codec;
use super::content::ArticleContent;
use super::convert::{address, json, moment};
use super::error::{Result, StoreError};
use super::sources;
use super::values::{Month, Scope, Stored};
use crate::model::{Article, ArticleId, DateOrigin, Key, SourceId};

pub(super) const STORED: &str =
    "SELECT e.row, s.name, e.id, e.key, e.url, e.published, e.origin, e.updated, e.changed,
        e.categories, e.revisions, a.content
    FROM entry AS e CROSS JOIN source AS s ON s.row = e.source CROSS JOIN article AS a ON a.row = e.shows";

struct PackedArticle {
    row: i64,
    source: String,
    id: String,
    key: String,
    url: Url,
    published: Timestamp,
    origin: DateOrigin,
    updated: Timestamp,
    changed: Timestamp,
    categories: Vec<String>,
    revisions: u32,
    content: Vec<u8>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<PackedArticle> {
    Ok(PackedArticle {
        row: row.get(0)?,
        source: row.get(1)?,
        id: row.get(2)?,
        key: row.get(3)?,
        url: address(row, 4)?,
        published: moment(row, 5)?,
        origin: json(row, 6)?,
        updated: moment(row, 7)?,
        changed: moment(row, 8)?,
        categories: json(row, 9)?,
        revisions: row.get(10)?,
        content: row.get(11)?,
    })
}

fn unpack(conn: &Connection, codec: &mut Codec, packed: PackedArticle) -> Result<Stored> {
    let (row, changed, revisions) = (packed.row, packed.changed, packed.revisions);
    let mut article = packed.article(codec)?;
    if article.authors.is_empty() {
        article.authors = named_before(conn, codec, row)?;
    }
    Ok(Stored { row, article, changed, revisions, related: related(conn, row)? })
}

impl PackedArticle {
    fn article(self, codec: &mut Codec) -> Result<Article> {
        let content = ArticleContent::unpack(codec, &self.content)?;
        Ok(Article {
            id: ArticleId::from_stored(self.id),
            source: SourceId::new(&self.source),
            key: Key::from_text(&self.key),
            url: self.url,
            title: content.title.into_owned(),
            published: self.published,
            published_origin: self.origin,
            updated: self.updated,
            authors: content.authors.into_owned(),
            credit: content.credit.map(std::borrow::Cow::into_owned),
            categories: self.categories,
            tags: content.tags.into_owned(),
            language: content.language.into_owned(),
            html: content.html.into_owned(),
            text: content.text.into_owned(),
            images: content.images.into_owned(),
            attachments: content.attachments.into_owned(),
        })
    }
}

/// The names on an earlier text of an entry: a repost that names nobody does not take them away from who wrote it.
fn named_before(conn: &Connection, codec: &mut Codec, entry: i64) -> Result<Vec<String>> {
    let mut select = conn.prepare_cached(
        "SELECT a.content FROM entry AS e JOIN article AS a ON a.entry = e.row
         WHERE e.row = ?1 AND a.row <> e.shows ORDER BY a.published DESC, a.row DESC",
    )?;
    let texts =
        select.query_map([entry], |row| row.get::<_, Vec<u8>>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    for text in texts {
        let earlier = ArticleContent::unpack(codec, &text);
        let Some(earlier) = codec.pass_over(earlier)? else { continue };
        let authors = earlier.authors;
        if !authors.is_empty() {
            return Ok(authors.into_owned());
        }
    }
    Ok(Vec::new())
}

fn related(conn: &Connection, row: i64) -> Result<Vec<Url>> {
    let mut select = conn.prepare_cached(
        "SELECT e.url FROM related AS r JOIN entry AS e ON e.row = r.other
         WHERE r.entry = ?1 AND e.gone IS NULL ORDER BY e.published, e.row",
    )?;
    let urls = select.query_map([row], |row| address(row, 0))?;
    Ok(urls.collect::<rusqlite::Result<_>>()?)
}

/// The entries of a list. One that is damaged is passed over: the others are shown without it.
fn list<P: Params + Clone>(
    conn: &Connection,
    codec: &mut Codec,
    part: &str,
    params: P,
) -> Result<Vec<Stored>> {
    let mut select = conn.prepare_cached(&format!("{STORED} {part}"))?;
    let mut all = Vec::new();
    for packed in select.query_map(params.clone(), read)? {
        let packed = match packed.map_err(StoreError::from) {
            // Where the file itself is damaged the statement does not go on behind it.
            Err(StoreError::Corrupt(_)) => return one_by_one(conn, codec, part, params),
            packed => codec.pass_over(packed)?,
        };
        all.extend(packed);
    }
    unpack_all(conn, codec, all)
}

fn unpack_all(conn: &Connection, codec: &mut Codec, packed: Vec<PackedArticle>) -> Result<Vec<Stored>> {
    let mut all = Vec::with_capacity(packed.len());
    for packed in packed {
        let stored = unpack(conn, codec, packed);
        all.extend(codec.pass_over(stored)?);
    }
    Ok(all)
}

fn one_by_one(conn: &Connection, codec: &mut Codec, part: &str, params: impl Params) -> Result<Vec<Stored>> {
    let mut select = conn.prepare_cached(&format!("SELECT e.row FROM entry AS e {part}"))?;
    let rows = select.query_map(params, |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    let mut all = Vec::new();
    for row in rows {
        let one = by_row(conn, codec, row);
        all.extend(codec.pass_over(one)?.flatten());
    }
    Ok(all)
}

fn one(conn: &Connection, codec: &mut Codec, part: &str, row: i64) -> Result<Option<Stored>> {
    let mut select = conn.prepare_cached(&format!("{STORED} {part}"))?;
    let packed = select.query_row([row], read).optional()?;
    packed.map(|packed| unpack(conn, codec, packed)).transpose()
}

pub(super) fn by_row(conn: &Connection, codec: &mut Codec, row: i64) -> Result<Option<Stored>> {
    one(conn, codec, "WHERE e.row = ?1", row)
}

/// The article as it was last read at an address of the frontier, if it was: of those that were joined the one that stands
/// there, whatever their entry shows.
pub(super) fn read_at(conn: &Connection, codec: &mut Codec, frontier: i64) -> Result<Option<Article>> {
    let mut select = conn.prepare_cached(
        "SELECT e.row, s.name, e.id, a.key, a.url, a.published, a.origin, a.updated, e.changed,
            e.categories, e.revisions, a.content
         FROM frontier AS f JOIN article AS a ON a.row = f.article JOIN entry AS e ON e.row = a.entry
            JOIN source AS s ON s.row = a.source WHERE f.row = ?1",
    )?;
    let packed = select.query_row([frontier], read).optional().map_err(StoreError::from);
    let article = packed.and_then(|packed| packed.map(|packed| packed.article(codec)).transpose());
    // One that is damaged is as good as not read.
    Ok(codec.pass_over(article)?.flatten())
}

pub(super) const NEWEST: &str = "WHERE e.gone IS NULL ORDER BY e.published DESC, e.row DESC LIMIT ?1";
pub(super) const NEWEST_WITHOUT: &str = "WHERE e.gone IS NULL AND e.source NOT IN
        (SELECT row FROM source WHERE name IN (SELECT value FROM json_each(?2)))
    ORDER BY e.published DESC, e.row DESC LIMIT ?1";
pub(super) const NEWEST_OF_SOURCE: &str =
    "WHERE e.source = ?1 AND e.gone IS NULL ORDER BY e.published DESC, e.row DESC LIMIT ?2";
pub(super) const NEWEST_OF_CATEGORY: &str = "WHERE e.row IN (SELECT entry FROM in_category
    WHERE category = ?1 ORDER BY published DESC, entry DESC LIMIT ?2) ORDER BY e.published DESC, e.row DESC";

/// The newest entries of a scope.
pub(super) fn newest(
    conn: &Connection,
    codec: &mut Codec,
    scope: &Scope,
    limit: usize,
) -> Result<Vec<Stored>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    match scope {
        Scope::All => list(conn, codec, NEWEST, [limit]),
        Scope::Without(others) => list(conn, codec, NEWEST_WITHOUT, params![limit, names(others)]),
        Scope::Source(source) => match sources::find(conn, source)? {
            Some(source) => list(conn, codec, NEWEST_OF_SOURCE, [source, limit]),
            None => Ok(Vec::new()),
        },
        Scope::Category(source, slug) => match category(conn, source, slug)? {
            Some(category) => list(conn, codec, NEWEST_OF_CATEGORY, [category, limit]),
            None => Ok(Vec::new()),
        },
    }
}

/// Sources as a list that a statement takes as one parameter.
fn names(sources: &[SourceId]) -> String {
    serde_json::Value::from_iter(sources.iter().map(SourceId::as_str)).to_string()
}

pub(super) fn category(conn: &Connection, source: &SourceId, slug: &str) -> Result<Option<i64>> {
    let mut select = conn.prepare_cached(
        "SELECT row FROM category WHERE source = (SELECT row FROM source WHERE name = ?1) AND slug = ?2",
    )?;
    Ok(select.query_row([source.as_str(), slug], |row| row.get(0)).optional()?)
}

/// One entry by source and slug: its own, or that of an article that was joined to it.
pub(super) fn by_slug(
    conn: &Connection,
    codec: &mut Codec,
    source: &SourceId,
    slug: &str,
) -> Result<Option<Stored>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(None) };
    let mut by_slug = conn
        .prepare_cached("SELECT entry FROM article WHERE source = ?1 AND slug = ?2 ORDER BY row LIMIT 1")?;
    let mut found: Option<i64> = by_slug.query_row(params![source, slug], |row| row.get(0)).optional()?;
    if found.is_none()
        && let Ok(post) = slug.parse()
    {
        let mut by_post = conn.prepare_cached(
            "SELECT a.entry FROM alias AS n JOIN article AS a ON a.row = n.article
             WHERE n.address = ?1 AND n.source = ?2",
        )?;
        let name = Key::Post(post).to_text();
        found = by_post.query_row(params![name, source], |row| row.get(0)).optional()?;
    }
    let Some(row) = found else { return Ok(None) };
    one(conn, codec, "WHERE e.row = ?1 AND e.gone IS NULL", row)
}

/// Months of a source that have articles, newest first.
pub(super) fn months(conn: &Connection, source: &SourceId) -> Result<Vec<Month>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    let mut select =
        conn.prepare_cached("SELECT month FROM month WHERE source = ?1 AND entries > 0 ORDER BY month DESC")?;
    let months = select.query_map([source], |row| Ok(Month::from_number(row.get(0)?)))?;
    Ok(months.collect::<rusqlite::Result<_>>()?)
}

pub(super) const OF_MONTH: &str = "WHERE e.source = ?1 AND e.month = ?2 AND e.gone IS NULL
    ORDER BY e.published DESC, e.row DESC";

/// Entries of a month, newest first.
pub(super) fn month(
    conn: &Connection,
    codec: &mut Codec,
    source: &SourceId,
    month: Month,
) -> Result<Vec<Stored>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    list(conn, codec, OF_MONTH, [source, month.number()])
}

/// Entries by their places in the full-text index, put in order exactly, since those of one minute stand there as they
/// came.
pub(super) fn ranked(conn: &Connection, codec: &mut Codec, ranks: &[i64]) -> Result<Vec<Stored>> {
    let mut select = conn.prepare_cached(&format!("{STORED} WHERE e.rank = ?1"))?;
    let mut packed = Vec::with_capacity(ranks.len());
    for rank in ranks {
        let found = select.query_row([rank], read).optional().map_err(StoreError::from);
        packed.extend(codec.pass_over(found)?.flatten());
    }
    packed.sort_by_key(|one| std::cmp::Reverse((one.published, one.row)));
    unpack_all(conn, codec, packed)
}
