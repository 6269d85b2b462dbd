//! What is held back, and what it would have published. Rows leave by themselves (triggers of the schema): when the address
//! is read as an article, gone, or forgotten.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Store;
use super::codec::{Codec, to_json};
use super::convert::{address, json, moment, moment_opt, seconds_opt};
use super::error::Result;
use super::values::FetchFailure;
use crate::model::held::{NOT_A_PAGE, REFUSED};
use crate::model::{Held, HeldPage, SourceId};

/// Pages of a source of which title and text are kept, the newest. Of older ones the reason stays.
const MAX_KEPT_TEXTS: i64 = 1_000;

impl Store {
    /// What is held back, the newest first, at most `limit`: of one source, or of all.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn held(&self, source: Option<&SourceId>, limit: usize) -> Result<Vec<Held>> {
        let source = source.cloned();
        self.actor.read(move |conn, codec| newest(conn, codec, source.as_ref(), limit)).await
    }

    /// How many addresses of a source are held back: a number that is kept, not counted.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub async fn held_count(&self, source: &SourceId) -> Result<u64> {
        let source = source.clone();
        self.actor.read(move |conn, _| count(conn, &source)).await
    }
}

/// Notes what a failed read holds back. What may pass, and what is gone, is not held back.
pub(super) fn note(
    conn: &Connection,
    codec: &mut Codec,
    frontier: i64,
    failure: &FetchFailure,
    now: Timestamp,
) -> Result<()> {
    let (code, why, page) = match failure {
        FetchFailure::Later { .. } | FetchFailure::Gone => return Ok(()),
        FetchFailure::NotArticle(why, page) => (why.code(), why.to_string(), page.as_deref()),
        FetchFailure::Unreadable { why } => (NOT_A_PAGE, why.clone(), None),
        FetchFailure::Refused { why } => (REFUSED, why.clone(), None),
    };
    let text = page.map(|page| codec.pack_text(&page.text)).transpose()?;
    let none = HeldPage::default();
    let said = page.unwrap_or(&none);
    conn.prepare_cached(
        "INSERT INTO held (frontier, source, code, why, since, last, shown, title, published, authors, text, pictures)
         SELECT row, source, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM frontier WHERE row = ?1
         ON CONFLICT DO UPDATE SET code = ?2, why = ?3, last = ?4, times = times + 1, shown = ?5, title = ?6,
            published = ?7, authors = ?8, text = ?9, pictures = ?10",
    )?
    .execute(params![
        frontier,
        code,
        why,
        now.as_second(),
        page.map(|page| page.is_draft),
        said.title,
        seconds_opt(said.published),
        to_json(&said.authors)?,
        text,
        i64::try_from(said.pictures).unwrap_or(i64::MAX),
    ])?;
    if page.is_some() { drop_old_texts(conn, frontier) } else { Ok(()) }
}

pub(super) const DROP_OLD_TEXTS: &str =
    "UPDATE held SET shown = NULL, title = NULL, published = NULL, authors = '[]', text = NULL,
        pictures = 0
     WHERE frontier IN (SELECT frontier FROM held WHERE source = (SELECT source FROM held WHERE frontier = ?1)
                        AND shown IS NOT NULL ORDER BY last DESC, frontier DESC LIMIT -1 OFFSET ?2)";

/// Lets go what the oldest pages of a source would have published, where there are too many.
fn drop_old_texts(conn: &Connection, frontier: i64) -> Result<()> {
    conn.prepare_cached(DROP_OLD_TEXTS)?.execute([frontier, MAX_KEPT_TEXTS])?;
    Ok(())
}

const HELD: &str = "SELECT s.name, f.url, h.code, h.why, h.since, h.last, h.times, f.due,
        EXISTS (SELECT 1 FROM article AS a WHERE a.row = f.article AND a.gone IS NULL),
        h.shown, h.title, h.published, h.authors, h.pictures, h.text
    FROM held AS h JOIN frontier AS f ON f.row = h.frontier JOIN source AS s ON s.row = h.source";

const NEWEST: &str = "ORDER BY h.last DESC, h.frontier DESC LIMIT ?1";

pub(super) fn of_source_sql() -> String {
    format!("{HELD} WHERE h.source = (SELECT row FROM source WHERE name = ?2) {NEWEST}")
}

fn read(row: &Row<'_>) -> rusqlite::Result<(Held, Option<Vec<u8>>)> {
    let shown: Option<bool> = row.get(9)?;
    let page = match shown {
        None => None,
        Some(is_draft) => Some(HeldPage {
            title: row.get(10)?,
            published: moment_opt(row, 11)?,
            authors: json(row, 12)?,
            text: String::new(),
            pictures: usize::try_from(row.get::<_, i64>(13)?).unwrap_or_default(),
            is_draft,
        }),
    };
    let held = Held {
        source: row.get(0)?,
        url: address(row, 1)?,
        code: row.get(2)?,
        why: row.get(3)?,
        since: moment(row, 4)?,
        last: moment(row, 5)?,
        times: row.get(6)?,
        due: moment_opt(row, 7)?,
        is_published: row.get(8)?,
        page,
    };
    Ok((held, row.get(14)?))
}

fn unpack(codec: &mut Codec, (mut held, text): (Held, Option<Vec<u8>>)) -> Result<Held> {
    if let (Some(page), Some(text)) = (&mut held.page, text) {
        page.text = codec.unpack_text(&text)?;
    }
    Ok(held)
}

/// What is held back of a source, or of all, the newest first.
fn newest(
    conn: &Connection,
    codec: &mut Codec,
    source: Option<&SourceId>,
    limit: usize,
) -> Result<Vec<Held>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = match source {
        Some(source) => {
            let mut select = conn.prepare_cached(&of_source_sql())?;
            select.query_map(params![limit, source.as_str()], read)?.collect::<rusqlite::Result<Vec<_>>>()
        }
        None => {
            let mut select = conn.prepare_cached(&format!("{HELD} {NEWEST}"))?;
            select.query_map([limit], read)?.collect::<rusqlite::Result<Vec<_>>>()
        }
    };
    rows?.into_iter().map(|row| unpack(codec, row)).collect()
}

/// Why an address is held back, if it is.
pub(super) fn of(conn: &Connection, codec: &mut Codec, frontier: i64) -> Result<Option<Held>> {
    let mut select = conn.prepare_cached(&format!("{HELD} WHERE h.frontier = ?1"))?;
    let found = select.query_row([frontier], read).optional()?;
    found.map(|found| unpack(codec, found)).transpose()
}

fn count(conn: &Connection, source: &SourceId) -> Result<u64> {
    let mut select = conn.prepare_cached("SELECT held FROM source WHERE name = ?1")?;
    let count: Option<i64> = select.query_row([source.as_str()], |row| row.get(0)).optional()?;
    Ok(count.unwrap_or_default().unsigned_abs())
}
