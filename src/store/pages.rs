//! Kept pages. Those of a source have their layout in common, so each is packed with an earlier one, its base, for a
//! dictionary (RFC 8878 section 5): a page of the portal takes 2.5 kB so, and 6.7 kB by itself.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use url::Url;
use zstd::bulk::Compressor;

use super::actor::Tools;
use super::codec::{self, Codec};
use super::convert::{address, moment};
use super::error::{Result, StoreError};
use super::values::Commit;

/// Lengths of a base in bytes: less says nothing of others, and more takes longer to look through than it saves.
const BASE_BYTES: RangeInclusive<usize> = 2_000..=256_000;
/// A page has little in common with its base if with it more is left of the page than this part of what is left of the
/// base by itself.
const POOR_FIT_SHARE: f64 = 0.7;
/// New bases of a source in a day: a redesign needs one, and pages that have nothing in common are not kept twice.
const MAX_BASES_PER_DAY: i64 = 4;
const DAY_SECONDS: i64 = 86_400;

/// The base that was packed with last, ready to be packed with again.
#[derive(Default)]
pub(super) struct PageBase(Option<LoadedBase>);

struct LoadedBase {
    row: i64,
    packer: Compressor<'static>,
    /// What is left of it by itself, as a part of its length.
    left: f64,
}

impl PageBase {
    /// Forgets it: the transaction that may have made it is undone, and its row may become another's.
    pub(super) fn clear(&mut self) {
        self.0 = None;
    }

    fn ready(&mut self, conn: &Connection, codec: &mut Codec, row: i64) -> Result<&mut LoadedBase> {
        let ready = match self.0.take() {
            Some(ready) if ready.row == row => ready,
            _ => {
                let mut select = conn.prepare_cached("SELECT html FROM page_base WHERE row = ?1")?;
                let packed: Vec<u8> = select.query_row([row], |row| row.get(0))?;
                let html = codec.unpack(&packed)?;
                LoadedBase { row, packer: codec::packer(&html)?, left: part(packed.len(), html.len()) }
            }
        };
        Ok(self.0.insert(ready))
    }
}

fn part(packed: usize, whole: usize) -> f64 {
    packed as f64 / whole.max(1) as f64
}

/// Keeps the page of a commit, if it has one, in the place of an earlier one of the same address.
pub(super) fn keep(conn: &Connection, tools: &mut Tools, source: i64, commit: &Commit) -> Result<()> {
    let Some(html) = &commit.raw_html else { return Ok(()) };
    let mut newest = conn.prepare_cached("SELECT max(row) FROM page_base WHERE source = ?1")?;
    let mut base: Option<i64> = newest.query_row([source], |row| row.get(0))?;
    let (mut packed, mut is_poor) = pack(conn, tools, base, html)?;
    is_poor &= BASE_BYTES.contains(&html.len());
    if is_poor && may_make(conn, source, commit.fetched)? {
        base = Some(make(conn, tools, source, commit.fetched, html)?);
        (packed, _) = pack(conn, tools, base, html)?;
    }
    conn.prepare_cached(
        "INSERT INTO raw_page (frontier, url, fetched, html, base, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET url = ?2, fetched = ?3, html = ?4, base = ?5, source = ?6",
    )?
    .execute(params![
        commit.frontier,
        commit.article.url.as_str(),
        commit.fetched.as_second(),
        packed,
        base,
        source,
    ])?;
    Ok(())
}

/// Packs a page with a base, if there is one, and answers whether that was of little use.
fn pack(conn: &Connection, tools: &mut Tools, base: Option<i64>, html: &str) -> Result<(Vec<u8>, bool)> {
    let Some(base) = base else { return Ok((tools.codec.pack_text(html)?, true)) };
    let ready = tools.base.ready(conn, &mut tools.codec, base);
    let base = match ready {
        // Another base is made then.
        Err(StoreError::Damaged(_)) => return Ok((tools.codec.pack_text(html)?, true)),
        ready => ready?,
    };
    let packed = codec::pack(&mut base.packer, html.as_bytes())?;
    let is_poor = part(packed.len(), html.len()) > POOR_FIT_SHARE * base.left;
    Ok((packed, is_poor))
}

fn may_make(conn: &Connection, source: i64, now: Timestamp) -> Result<bool> {
    let mut count =
        conn.prepare_cached("SELECT count(*) < ?3 FROM page_base WHERE source = ?1 AND made > ?2")?;
    Ok(count.query_row([source, now.as_second() - DAY_SECONDS, MAX_BASES_PER_DAY], |row| row.get(0))?)
}

/// Makes a page the base of those to come. Earlier ones go once no page is packed with them.
fn make(conn: &Connection, tools: &mut Tools, source: i64, now: Timestamp, html: &str) -> Result<i64> {
    conn.prepare_cached(
        "DELETE FROM page_base
         WHERE source = ?1 AND NOT EXISTS (SELECT 1 FROM raw_page WHERE raw_page.base = page_base.row)",
    )?
    .execute([source])?;
    // A row that went may come again.
    tools.base.clear();
    conn.prepare_cached("INSERT INTO page_base (source, made, html) VALUES (?1, ?2, ?3)")?
        .execute(params![source, now.as_second(), tools.codec.pack_text(html)?])?;
    Ok(conn.last_insert_rowid())
}

/// The kept page of a frontier entry: its address, what it said, when it was fetched. One that is damaged is as good as
/// none.
pub(super) fn read(
    conn: &Connection,
    codec: &mut Codec,
    frontier: i64,
) -> Result<Option<(Url, String, Timestamp)>> {
    let page = read_whole(conn, codec, frontier);
    Ok(codec.pass_over(page)?.flatten())
}

/// The same; an error if it is damaged.
pub(super) fn read_whole(
    conn: &Connection,
    codec: &mut Codec,
    frontier: i64,
) -> Result<Option<(Url, String, Timestamp)>> {
    let mut select = conn.prepare_cached(
        "SELECT p.url, p.html, p.fetched, b.html FROM raw_page AS p LEFT JOIN page_base AS b ON b.row = p.base
         WHERE p.frontier = ?1",
    )?;
    let found = select.query_row([frontier], |row| {
        Ok((address(row, 0)?, row.get::<_, Vec<u8>>(1)?, moment(row, 2)?, row.get::<_, Option<Vec<u8>>>(3)?))
    });
    let Some((url, packed, fetched, base)) = found.optional()? else { return Ok(None) };
    let page = match base {
        Some(base) => codec::unpack(&mut codec::unpacker(&codec.unpack(&base)?)?, &packed)?,
        None => codec.unpack(&packed)?,
    };
    Ok(Some((url, codec::text(page)?, fetched)))
}
