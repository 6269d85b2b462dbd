//! For ops: explaining, keeping, forgetting, copying. What is forgotten goes a little at a time: a transaction of seconds
//! would keep visits waiting.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use url::Url;

use super::actor::Tools;
use super::codec::Codec;
use super::copies::Copied;
use super::error::Result;
use super::replace::Restored;
use super::trouble::Trouble;
use super::values::{Explained, FrontierEntry};
use super::{
    FILE, Store, blocking, copies, due, entry, explain, fetch_results, frontier, inspect, open, pages,
    replace, reposts, sources,
};
use crate::identity::Fingerprint;
use crate::model::SourceId;

impl Store {
    /// What is known of an address.
    pub async fn explain(&self, url: &Url) -> Result<Option<Explained>> {
        let url = url.clone();
        self.actor.read(move |conn, codec| explain::explain(conn, codec, &url)).await
    }
    /// The kept page of a frontier entry, with the time it was fetched.
    pub async fn raw_page(&self, frontier: i64) -> Result<Option<(Url, String, Timestamp)>> {
        self.actor.read(move |conn, codec| pages::read(conn, codec, frontier)).await
    }
    /// Frontier entries of a source whose page is kept, in a fixed order, those after the row `after`.
    pub async fn kept(&self, source: &SourceId, after: i64, limit: usize) -> Result<Vec<FrontierEntry>> {
        let source = source.clone();
        self.actor.read(move |conn, codec| kept(conn, codec, &source, after, limit)).await
    }
    /// Articles of a source that were read by a template of so many pages, at most `limit`: found by an index.
    pub async fn read_by(
        &self,
        source: &SourceId,
        pages: Range<u32>,
        limit: usize,
    ) -> Result<Vec<FrontierEntry>> {
        let source = source.clone();
        self.actor.read(move |conn, codec| due::read_by(conn, codec, &source, &pages, limit)).await
    }
    /// Notes that the kept page of an entry was read again by a template of so many pages, and gave nothing to commit. It
    /// may share a transaction like [`Store::commit`].
    pub fn note_read_by(&self, row: i64, pages: u32) -> impl Future<Output = Result<()>> + Send + use<> {
        self.actor.write(move |conn, _| fetch_results::read_by(conn, row, pages))
    }
    /// Forgets raw pages of a source fetched before `before`, at most `limit`; answers how many.
    pub async fn forget_raw_pages(
        &self,
        source: &SourceId,
        before: Timestamp,
        limit: usize,
    ) -> Result<usize> {
        let source = source.clone();
        self.actor.write(move |conn, _| forget_raw_pages(conn, &source, before, limit)).await
    }
    /// Forgets earlier texts of a source that were replaced before `before`, at most `limit`; answers how many.
    pub async fn forget_revisions(
        &self,
        source: &SourceId,
        before: Timestamp,
        limit: usize,
    ) -> Result<usize> {
        let source = source.clone();
        self.actor.write(move |conn, _| forget_revisions(conn, &source, before, limit)).await
    }
    /// Forgets articles of a source published before `before`, oldest first, at most `limit`; answers how many. They are
    /// not read again, even if a listing still names them.
    pub async fn forget_articles(&self, source: &SourceId, before: Timestamp, limit: usize) -> Result<usize> {
        let source = source.clone();
        self.actor.write(move |conn, tools| forget_articles(conn, tools, &source, before, limit)).await
    }
    /// Every source that the database knows, also those that are followed no more.
    pub async fn known_sources(&self) -> Result<Vec<SourceId>> {
        self.actor.read(|conn, _| known_sources(conn)).await
    }
    /// Puts a backup, packed or plain, in the place of the database in `folder`. No store may be open there. The database
    /// of before is kept beside it, and what the new one is made of belongs to whom the old one did.
    ///
    /// # Errors
    /// [`super::StoreError::Open`] or [`super::StoreError::Newer`] if the backup cannot be used, [`super::StoreError::Write`] if the folder
    /// cannot be written; the database is as it was then.
    pub async fn restore(backup: &Path, folder: &Path) -> Result<Restored> {
        let (backup, file) = (backup.to_owned(), folder.join(FILE));
        blocking(move || replace::restore(&backup, &file)).await
    }
    /// Writes a consistent copy of the database while everything runs, packed if the name ends in `.zst`.
    pub async fn backup(&self, to: &Path) -> Result<Copied> {
        let to = to.to_owned();
        match self.file.clone() {
            Some(file) => blocking(move || copy_of(&file, |conn| copies::write(conn, &to))).await,
            None => self.actor.read(move |conn, _| copies::write(conn, &to)).await,
        }
    }
    /// The same of the database in `folder`, whoever uses it and whichever version wrote it.
    pub async fn backup_of(folder: &Path, to: &Path) -> Result<Copied> {
        let (file, to) = (folder.join(FILE), to.to_owned());
        blocking(move || copy_of(&file, |conn| copies::write(conn, &to))).await
    }
    /// The same under a name with the time in the folder `to`, of which the `keep` newest stay.
    pub async fn dated_backup_of(folder: &Path, to: &Path, keep: usize, now: Timestamp) -> Result<Copied> {
        let (file, to) = (folder.join(FILE), to.to_owned());
        blocking(move || copy_of(&file, |conn| copies::write_dated(conn, &to, keep, now))).await
    }
    /// Looks at everything that is stored; answers what is wrong, in words.
    pub async fn inspect(&self) -> Result<Vec<String>> {
        self.actor.read(inspect::inspect).await
    }
    /// Since when the database cannot be written, and why: `None` once a write has gone well again.
    pub fn write_trouble(&self) -> Option<Trouble> {
        self.actor.troubles.write()
    }
    /// Damage that was seen since the start: of the file, or of single values that were passed over. It stays until the
    /// next start.
    pub fn damage(&self) -> Option<Trouble> {
        self.actor.troubles.damage()
    }
    /// What was done at the start with a database that was damaged, in words.
    pub fn notice(&self) -> Option<&str> {
        self.actor.notice.as_deref()
    }
    /// Whether a query would answer within `patience`.
    pub async fn healthy(&self, patience: Duration) -> bool {
        let question = self.actor.read(|conn, _| sources::next_due(conn));
        matches!(tokio::time::timeout(patience, question).await, Ok(Ok(_)))
    }
}

/// Copies from a connection of its own: that takes seconds, and readers do not wait for it.
fn copy_of(file: &Path, write: impl FnOnce(&Connection) -> Result<Copied>) -> Result<Copied> {
    let opened = open::open_only_reader(file).or_else(|error| open::open_frozen(file).map_err(|_| error));
    let session = opened.map_err(|error| open::at_start(error, file))?;
    session.conn.pragma_update(None, "query_only", false)?;
    write(&session.conn)
}

/// Frontier entries of a source whose page is kept, by row, after a row.
pub(super) fn kept(
    conn: &Connection,
    codec: &mut Codec,
    source: &SourceId,
    after: i64,
    limit: usize,
) -> Result<Vec<FrontierEntry>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    let mut select = conn.prepare_cached(
        "SELECT f.row FROM frontier AS f JOIN raw_page AS p ON p.frontier = f.row
         WHERE f.source = ?1 AND f.row > ?2 ORDER BY f.row LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = select.query_map(params![source, after, limit], |row| row.get(0))?;
    let rows = rows.collect::<rusqlite::Result<Vec<i64>>>()?;
    let entries = rows.into_iter().map(|row| frontier::entry(conn, codec, row));
    Ok(entries.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// The rows of a source, named by `sql` with source, time and limit, the oldest first.
fn oldest(
    conn: &Connection,
    sql: &str,
    source: &SourceId,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<i64>> {
    let Some(source) = sources::find(conn, source)? else { return Ok(Vec::new()) };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![source, before.as_second(), limit], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) const OLDEST_PAGES: &str =
    "SELECT frontier FROM raw_page WHERE source = ?1 AND fetched < ?2 ORDER BY fetched LIMIT ?3";
pub(super) const OLDEST_REVISIONS: &str =
    "SELECT row FROM revision WHERE source = ?1 AND replaced < ?2 ORDER BY replaced LIMIT ?3";
pub(super) const OLDEST_ARTICLES: &str = "SELECT row FROM entry
    WHERE source = ?1 AND gone IS NULL AND published < ?2 ORDER BY published, row LIMIT ?3";

/// Forgets raw pages of a source fetched before a time, at most `limit`; answers how many.
pub(super) fn forget_raw_pages(
    conn: &Connection,
    source: &SourceId,
    before: Timestamp,
    limit: usize,
) -> Result<usize> {
    let old = oldest(conn, OLDEST_PAGES, source, before, limit)?;
    let mut delete = conn.prepare_cached("DELETE FROM raw_page WHERE frontier = ?1")?;
    for page in &old {
        delete.execute([page])?;
    }
    Ok(old.len())
}

/// Forgets earlier texts of a source that were replaced before a time, at most `limit`; answers how many.
pub(super) fn forget_revisions(
    conn: &Connection,
    source: &SourceId,
    before: Timestamp,
    limit: usize,
) -> Result<usize> {
    let old = oldest(conn, OLDEST_REVISIONS, source, before, limit)?;
    let mut count = conn.prepare_cached(
        "UPDATE entry SET revisions = revisions - 1 WHERE row = (SELECT entry FROM revision WHERE row = ?1)",
    )?;
    let mut delete = conn.prepare_cached("DELETE FROM revision WHERE row = ?1")?;
    for revision in &old {
        count.execute([revision])?;
        delete.execute([revision])?;
    }
    Ok(old.len())
}

/// Forgets entries of a source published before a time, oldest first, at most `limit`; answers how many. The addresses
/// they were read at stay at the frontier, never due, so that a listing which still names them brings nothing back.
pub(super) fn forget_articles(
    conn: &Connection,
    tools: &mut Tools,
    source: &SourceId,
    before: Timestamp,
    limit: usize,
) -> Result<usize> {
    let old = oldest(conn, OLDEST_ARTICLES, source, before, limit)?;
    for entry in &old {
        leave_index(conn, &mut tools.codec, *entry)?;
        leave_search(conn, tools, *entry)?;
        forget_entry(conn, *entry)?;
    }
    Ok(old.len())
}

pub(super) fn known_sources(conn: &Connection) -> Result<Vec<SourceId>> {
    let mut select = conn.prepare_cached("SELECT name FROM source ORDER BY row")?;
    let names = select.query_map([], |row| Ok(SourceId::new(&row.get::<_, String>(0)?)))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// Takes the articles of an entry out of the index of near-duplicates.
fn leave_index(conn: &Connection, codec: &mut Codec, entry: i64) -> Result<()> {
    let mut select = conn.prepare_cached("SELECT row, source FROM article WHERE entry = ?1")?;
    let articles = select.query_map([entry], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (article, source) in articles.collect::<rusqlite::Result<Vec<(i64, i64)>>>()? {
        let content = entry::content_if_whole(conn, codec, article)?;
        let fingerprint = content.map(|content| Fingerprint::of(&content.title, &content.text));
        reposts::forget(conn, source, article, fingerprint.as_ref())?;
    }
    Ok(())
}

fn leave_search(conn: &Connection, tools: &mut Tools, entry: i64) -> Result<()> {
    let mut select = conn.prepare_cached("SELECT rank FROM entry WHERE row = ?1")?;
    let rank: Option<i64> = select.query_row([entry], |row| row.get(0))?;
    if let Some(rank) = rank {
        tools.pending_index.take_out(rank);
    }
    Ok(())
}

fn forget_entry(conn: &Connection, entry: i64) -> Result<()> {
    for sql in [
        "DELETE FROM in_category WHERE entry = ?1",
        "DELETE FROM related WHERE entry = ?1",
        "DELETE FROM related WHERE other = ?1",
        "DELETE FROM revision WHERE entry = ?1",
        "DELETE FROM raw_page WHERE frontier IN
            (SELECT row FROM frontier WHERE article IN (SELECT row FROM article WHERE entry = ?1))",
        "UPDATE frontier SET article = NULL, due = NULL, forgotten = 1
            WHERE article IN (SELECT row FROM article WHERE entry = ?1)",
        "DELETE FROM alias WHERE article IN (SELECT row FROM article WHERE entry = ?1)",
        "DELETE FROM article WHERE entry = ?1",
        "DELETE FROM entry WHERE row = ?1",
    ] {
        conn.prepare_cached(sql)?.execute([entry])?;
    }
    Ok(())
}
