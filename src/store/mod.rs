//! The store: SQLite behind an async facade. SQL stands nowhere else.
//!
//! One writer thread owns the writing connection; a few reading connections serve readers, so that a page for people
//! never waits for a commit (WAL). Every method is one transaction. A commit is one article, whole.

mod values;

pub use values::{
    Category, Commit, Committed, Explained, FrontierEntry, ListingState, Miss, Month, Offered, Revision,
    Scope, SourceState, Stored, Tombstone,
};

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::article::{Candidate, SourceId, Template};

/// Why the store could not do what it was asked, by what the caller does next.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database was written by a newer version: the start stops.
    #[error(
        "{path} was written by a newer tinsach (schema {found}, this one knows {known}); run that version, or restore an older backup"
    )]
    Newer {
        /// The file.
        path: String,
        /// Its schema version.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// The folder or file cannot be written: the start stops.
    #[error("cannot open the database {path}: {why}")]
    Open {
        /// The file.
        path: String,
        /// What SQLite or the system said, and what to do.
        why: String,
    },
    /// The disk is full or failing: the visit ends, the daemon goes on serving.
    #[error("the database cannot be written: {0}")]
    Write(String),
    /// Anything else SQLite said: a fault of ours.
    #[error("database: {0}")]
    Sql(String),
    /// The store was closed while the call was under way.
    #[error("the store is closed")]
    Closed,
}

/// A handle to the store; clones share it.
#[derive(Clone)]
pub struct Store {}

/// What a store method returns.
pub type Result<T> = std::result::Result<T, StoreError>;

#[allow(missing_docs, unused_variables, clippy::todo)]
impl Store {
    /// Opens or creates the database in `folder` and brings its schema up to date.
    pub async fn open(folder: &Path) -> Result<Self> {
        todo!()
    }
    /// An empty store in memory, for tests.
    pub async fn in_memory() -> Result<Self> {
        todo!()
    }
    /// Ends both sides in order: pending commits are done, the WAL is folded in.
    pub async fn close(self) -> Result<()> {
        todo!()
    }

    // --- frontier
    /// Enters what listings named. New entries are due at once.
    pub async fn offer(
        &self,
        source: &SourceId,
        candidates: Vec<Candidate>,
        now: Timestamp,
    ) -> Result<Offered> {
        todo!()
    }
    /// Entries of a source that are due at `now`, oldest publication first among the never read, at most `limit`.
    pub async fn due(&self, source: &SourceId, now: Timestamp, limit: usize) -> Result<Vec<FrontierEntry>> {
        todo!()
    }
    /// Notes a conditional answer "not modified": the article stands, and is due again.
    pub async fn unchanged(&self, row: i64, now: Timestamp, due: Option<Timestamp>) -> Result<()> {
        todo!()
    }
    /// Notes a failed read. Answers with the tombstoned article if this made one (404/410 at three visits over a day).
    pub async fn missed(
        &self,
        row: i64,
        miss: Miss,
        now: Timestamp,
        due: Option<Timestamp>,
    ) -> Result<Option<i64>> {
        todo!()
    }

    // --- articles
    /// Judges an article against what is known and stores it: one transaction.
    pub async fn commit(&self, commit: Commit) -> Result<Committed> {
        todo!()
    }
    /// The newest articles of a scope, newest publication first, row as tie-break.
    pub async fn newest(&self, scope: &Scope, limit: usize) -> Result<Vec<Stored>> {
        todo!()
    }
    /// The same for those that match a query (words or "phrases", diacritics folded).
    pub async fn search(&self, scope: &Scope, query: &str, limit: usize) -> Result<Vec<Stored>> {
        todo!()
    }
    /// One article by source and slug (post id, else short hash).
    pub async fn article(&self, source: &SourceId, slug: &str) -> Result<Option<Stored>> {
        todo!()
    }
    /// Months of a source that have articles, newest first, in the calendar of `zone`.
    pub async fn months(&self, source: &SourceId) -> Result<Vec<Month>> {
        todo!()
    }
    /// Articles of a month, newest first.
    pub async fn month(&self, source: &SourceId, month: Month) -> Result<Vec<Stored>> {
        todo!()
    }
    /// Categories of a source, most articles first.
    pub async fn categories(&self, source: &SourceId) -> Result<Vec<Category>> {
        todo!()
    }
    /// Tombstones of a source since a time, newest first.
    pub async fn tombstones(
        &self,
        source: &SourceId,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Tombstone>> {
        todo!()
    }
    /// Earlier texts of an article, newest first.
    pub async fn revisions(&self, row: i64) -> Result<Vec<Revision>> {
        todo!()
    }

    // --- what is remembered of a source
    pub async fn source_state(&self, source: &SourceId) -> Result<SourceState> {
        todo!()
    }
    /// Saves `due`, `visited`, `succeeded`, `failures`, `trouble`, `memory`; the counts are the store's own.
    pub async fn save_source_state(&self, source: &SourceId, state: SourceState) -> Result<()> {
        todo!()
    }
    /// The source whose visit is due first, with its time: found by an index.
    pub async fn next_due(&self) -> Result<Option<(SourceId, Timestamp)>> {
        todo!()
    }
    pub async fn listing_state(&self, source: &SourceId, listing: &Url) -> Result<ListingState> {
        todo!()
    }
    pub async fn save_listing_state(
        &self,
        source: &SourceId,
        listing: &Url,
        state: ListingState,
    ) -> Result<()> {
        todo!()
    }
    pub async fn template(&self, source: &SourceId) -> Result<Template> {
        todo!()
    }
    pub async fn save_template(&self, source: &SourceId, template: Template) -> Result<()> {
        todo!()
    }

    // --- for ops
    /// What is known of an address.
    pub async fn explain(&self, url: &Url) -> Result<Option<Explained>> {
        todo!()
    }
    /// The kept page of a frontier entry, with the time it was fetched.
    pub async fn raw_page(&self, frontier: i64) -> Result<Option<(Url, String, Timestamp)>> {
        todo!()
    }
    /// Forgets raw pages fetched before `before`; answers how many.
    pub async fn forget_raw_pages(&self, before: Timestamp) -> Result<usize> {
        todo!()
    }
    /// Writes a consistent copy of the database while everything runs.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        todo!()
    }
    /// Whether a query would answer within `patience`.
    pub async fn healthy(&self, patience: Duration) -> bool {
        todo!()
    }
}
