//! The part of the facade that is for ops: explaining, keeping, forgetting, copying.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use url::Url;

use super::copies::Copied;
use super::error::Result;
use super::replace::Restored;
use super::trouble::Trouble;
use super::values::{Explained, FrontierEntry};
use super::{
    FILE, Store, blocking, copies, due, explain, inspect, open, pages, replace, sources, upkeep, visits,
};
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
        self.actor.read(move |conn, codec| upkeep::kept(conn, codec, &source, after, limit)).await
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
        self.actor.write_with_others(move |conn, _| visits::read_by(conn, row, pages))
    }
    /// Forgets raw pages of a source fetched before `before`, at most `limit`; answers how many.
    pub async fn forget_raw_pages(
        &self,
        source: &SourceId,
        before: Timestamp,
        limit: usize,
    ) -> Result<usize> {
        let source = source.clone();
        self.actor.write(move |conn, _| upkeep::forget_raw_pages(conn, &source, before, limit)).await
    }
    /// Forgets earlier texts of a source that were replaced before `before`, at most `limit`; answers how many.
    pub async fn forget_revisions(
        &self,
        source: &SourceId,
        before: Timestamp,
        limit: usize,
    ) -> Result<usize> {
        let source = source.clone();
        self.actor.write(move |conn, _| upkeep::forget_revisions(conn, &source, before, limit)).await
    }
    /// Forgets articles of a source published before `before`, oldest first, at most `limit`; answers how many. They are
    /// not read again, even if a listing still names them.
    pub async fn forget_articles(&self, source: &SourceId, before: Timestamp, limit: usize) -> Result<usize> {
        let source = source.clone();
        self.actor
            .write(move |conn, tools| upkeep::forget_articles(conn, tools, &source, before, limit))
            .await
    }
    /// Every source that the database knows, also those that are followed no more.
    pub async fn known_sources(&self) -> Result<Vec<SourceId>> {
        self.actor.read(|conn, _| upkeep::known_sources(conn)).await
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
    let side = opened.map_err(|error| open::at_start(error, file))?;
    side.conn.pragma_update(None, "query_only", false)?;
    write(&side.conn)
}
