//! The part of the facade that is for ops: explaining, keeping, forgetting, copying.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use super::error::{Result, StoreError};
use super::values::{Explained, FrontierEntry};
use super::{FILE, Store, due, explain, pages, sources, upkeep, visits};
use crate::article::SourceId;

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
    /// Forgets raw pages fetched before `before`; answers how many.
    pub async fn forget_raw_pages(&self, before: Timestamp) -> Result<usize> {
        self.actor.write(move |conn, _| upkeep::forget_raw_pages(conn, before)).await
    }
    /// Forgets earlier texts that were replaced before `before`; answers how many.
    pub async fn forget_revisions(&self, before: Timestamp) -> Result<usize> {
        self.actor.write(move |conn, _| upkeep::forget_revisions(conn, before)).await
    }
    /// Forgets articles published before `before`, oldest first, at most `limit`; answers how many. They are not read
    /// again, even if a listing still names them.
    pub async fn forget_articles(&self, before: Timestamp, limit: usize) -> Result<usize> {
        self.actor.write(move |conn, tools| upkeep::forget_articles(conn, tools, before, limit)).await
    }
    /// Puts a backup in the place of the database in `folder`. No store may be open there.
    ///
    /// # Errors
    /// [`StoreError::Open`] or [`StoreError::Newer`] if the backup cannot be used; the database is as it was then.
    pub async fn restore(backup: &Path, folder: &Path) -> Result<()> {
        let (backup, file) = (backup.to_owned(), folder.join(FILE));
        let work = move || upkeep::restore(&backup, &file);
        tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Sql(error.to_string()))?
    }
    /// Writes a consistent copy of the database while everything runs.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        let to = to.to_owned();
        match self.file.clone() {
            Some(file) => {
                let work = move || upkeep::backup(&file, &to);
                tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Sql(error.to_string()))?
            }
            None => self.actor.read(move |conn, _| upkeep::copy(conn, &to)).await,
        }
    }
    /// Whether a query would answer within `patience`.
    pub async fn healthy(&self, patience: Duration) -> bool {
        let question = self.actor.read(|conn, _| sources::next_due(conn));
        matches!(tokio::time::timeout(patience, question).await, Ok(Ok(_)))
    }
}
