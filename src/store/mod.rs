//! The store: SQLite behind an async facade. SQL stands nowhere else.
//!
//! One writer thread owns the writing connection; a few reading connections serve readers, so that a page for people
//! never waits for a commit (WAL). Every method is done whole or not at all. A commit is one article, whole.

mod actor;
mod aliases;
mod articles;
mod categories;
mod codec;
mod commit;
mod content;
mod convert;
mod copies;
mod damage;
mod due;
mod entry;
mod error;
mod explain;
mod fetch_results;
mod frontier;
mod held;
mod history;
mod inspect;
mod maintenance;
mod open;
pub mod owner;
mod pages;
mod phase;
mod replace;
mod reposts;
mod schema;
mod search;
mod search_index;
mod skipped;
mod sources;
mod start;
#[cfg(test)]
pub(crate) mod tests;
mod trouble;
mod values;
mod write_queue;
mod writer;

pub use copies::{BACKUP_FOLDER as BACKUPS, Copied};
pub use error::{Result, StoreError};
pub use replace::Restored;
pub use trouble::Trouble;
pub use values::{
    Category, Change, Commit, Committed, Explained, FetchFailure, FrontierEntry, ListingState, Month,
    Occasion, Revision, Scope, SourceState, Stored, Tombstone,
};

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use crate::model::{Article, Candidate, Offered, SourceId, Template};
use actor::Actor;
use start::blocking;

/// The name of the database in the state folder.
pub const FILE: &str = "tinsach.db";

/// A handle to the store; clones share it.
#[derive(Clone)]
pub struct Store {
    actor: Arc<Actor>,
    file: Option<PathBuf>,
}

impl Store {
    // --- frontier
    /// Enters what listings named. New entries are due at once.
    pub async fn offer(
        &self,
        source: &SourceId,
        candidates: Vec<Candidate>,
        now: Timestamp,
    ) -> Result<Offered> {
        let source = source.clone();
        self.actor
            .write(move |conn, tools| frontier::offer(conn, &mut tools.codec, &source, &candidates, now))
            .await
    }
    /// The same, but of what is not known only the `room` newest; the rest is known from now on, and not read.
    pub async fn offer_within(
        &self,
        source: &SourceId,
        candidates: Vec<Candidate>,
        room: usize,
        now: Timestamp,
    ) -> Result<Offered> {
        let source = source.clone();
        self.actor
            .write(move |conn, tools| {
                skipped::offer_within(conn, &mut tools.codec, &source, &candidates, (room, now))
            })
            .await
    }
    /// Strikes out what was skipped: the backfill has changed.
    pub async fn reconsider(&self, source: &SourceId) -> Result<()> {
        let source = source.clone();
        self.actor.write(move |conn, _| skipped::reconsider(conn, &source)).await
    }
    /// Entries of a source that are due at `now`, oldest publication first among the never read, at most `limit`.
    pub async fn due(&self, source: &SourceId, now: Timestamp, limit: usize) -> Result<Vec<FrontierEntry>> {
        let source = source.clone();
        self.actor.read(move |conn, codec| due::due(conn, codec, &source, now, limit)).await
    }
    /// Notes a conditional answer "not modified": the article stands, and is due again.
    pub async fn unchanged(&self, row: i64, now: Timestamp, due: Option<Timestamp>) -> Result<()> {
        self.actor.write(move |conn, _| fetch_results::unchanged(conn, row, now, due)).await
    }
    /// Notes a failed read. Answers with the tombstoned article if this made one (404/410 at three visits over a day).
    pub async fn record_failure(
        &self,
        row: i64,
        failure: FetchFailure,
        now: Timestamp,
        due: Option<Timestamp>,
    ) -> Result<Option<i64>> {
        self.actor
            .write(move |conn, tools| fetch_results::record_failure(conn, tools, row, &failure, now, due))
            .await
    }

    /// Has every address of a source that was given up without ever having been read tried once more; answers how many.
    pub async fn try_again(&self, source: &SourceId, now: Timestamp) -> Result<usize> {
        let source = source.clone();
        self.actor.write(move |conn, _| fetch_results::try_again(conn, &source, now)).await
    }

    // --- articles
    /// Judges an article against what is known and stores it, whole or not at all. Commits are done in the order of the
    /// calls: the future is the answer alone, so that several can be under way and share a transaction.
    pub fn commit(&self, commit: Commit) -> impl Future<Output = Result<Committed>> + Send + use<> {
        self.actor.write(move |conn, tools| commit::commit(conn, tools, &commit))
    }
    /// The newest articles of a scope, newest publication first, row as tie-break.
    pub async fn newest(&self, scope: &Scope, limit: usize) -> Result<Vec<Stored>> {
        let scope = scope.clone();
        self.actor.read(move |conn, codec| articles::newest(conn, codec, &scope, limit)).await
    }
    /// The same for those that match a query (words or "phrases", diacritics folded).
    pub async fn search(&self, scope: &Scope, query: &str, limit: usize) -> Result<Vec<Stored>> {
        let scope = scope.clone();
        let query = query.to_owned();
        self.actor.read(move |conn, codec| search::search(conn, codec, &scope, &query, limit)).await
    }
    /// One article by source and slug (post id, else short hash).
    pub async fn article(&self, source: &SourceId, slug: &str) -> Result<Option<Stored>> {
        let source = source.clone();
        let slug = slug.to_owned();
        self.actor.read(move |conn, codec| articles::by_slug(conn, codec, &source, &slug)).await
    }
    /// The article as it was last read at an address of the frontier, if it was. Where several were joined into one entry
    /// it is the one that stands at this address; its id is that of the entry.
    pub async fn read_at(&self, frontier: i64) -> Result<Option<Article>> {
        self.actor.read(move |conn, codec| articles::read_at(conn, codec, frontier)).await
    }
    /// Months of a source that have articles, newest first, in the calendar of `zone`.
    pub async fn months(&self, source: &SourceId) -> Result<Vec<Month>> {
        let source = source.clone();
        self.actor.read(move |conn, _| articles::months(conn, &source)).await
    }
    /// Articles of a month, newest first.
    pub async fn month(&self, source: &SourceId, month: Month) -> Result<Vec<Stored>> {
        let source = source.clone();
        self.actor.read(move |conn, codec| articles::month(conn, codec, &source, month)).await
    }
    /// Categories of a source, most articles first.
    pub async fn categories(&self, source: &SourceId) -> Result<Vec<Category>> {
        let source = source.clone();
        self.actor.read(move |conn, _| categories::of_source(conn, &source)).await
    }
    /// Tombstones of a source since a time, newest first.
    pub async fn tombstones(
        &self,
        source: &SourceId,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Tombstone>> {
        let source = source.clone();
        self.actor.read(move |conn, _| history::tombstones(conn, &source, since, limit)).await
    }
    /// Articles of a source, those taken down too, of which something that is published changed at `since` or later,
    /// in the order they did; those after the row `after` where the time is `since` itself.
    pub async fn changes(
        &self,
        source: &SourceId,
        since: Timestamp,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Change>> {
        let source = source.clone();
        self.actor.read(move |conn, _| history::changes(conn, &source, since, after, limit)).await
    }
    /// Earlier texts of an article, newest first.
    pub async fn revisions(&self, row: i64) -> Result<Vec<Revision>> {
        self.actor.read(move |conn, codec| history::revisions(conn, codec, row)).await
    }

    // --- what is remembered of a source
    /// How a source stands; the default if the store does not know it.
    pub async fn source_state(&self, source: &SourceId) -> Result<SourceState> {
        let source = source.clone();
        self.actor.read(move |conn, _| sources::state(conn, &source)).await
    }
    /// How every source stands that the store knows, in one query.
    pub async fn source_states(&self) -> Result<HashMap<SourceId, SourceState>> {
        self.actor.read(|conn, _| sources::states(conn)).await
    }
    /// When every source is due that the store knows and that was given a time, in one query.
    pub async fn due_times(&self) -> Result<HashMap<SourceId, Timestamp>> {
        self.actor.read(|conn, _| sources::due_times(conn)).await
    }
    /// Saves `due`, `visited`, `succeeded`, `failures`, `trouble`, `memory`, `health`; the counts are the store's own.
    pub async fn save_source_state(&self, source: &SourceId, state: SourceState) -> Result<()> {
        let source = source.clone();
        self.actor.write(move |conn, _| sources::save_state(conn, &source, &state)).await
    }
    /// When the newest articles of a source were published, newest first.
    pub async fn publications(&self, source: &SourceId, limit: usize) -> Result<Vec<Timestamp>> {
        let source = source.clone();
        self.actor.read(move |conn, _| sources::publications(conn, &source, limit)).await
    }
    /// What is remembered of a listing, feed, sitemap or API address.
    pub async fn listing_state(&self, source: &SourceId, listing: &Url) -> Result<ListingState> {
        let source = source.clone();
        let listing = listing.clone();
        self.actor.read(move |conn, _| sources::listing(conn, &source, &listing)).await
    }
    /// Remembers a listing, feed, sitemap or API address. The future is the answer alone, as that of [`Store::commit`].
    pub fn save_listing_state(
        &self,
        source: &SourceId,
        listing: &Url,
        state: ListingState,
    ) -> impl Future<Output = Result<()>> + Send + use<> {
        let source = source.clone();
        let listing = listing.clone();
        self.actor.write(move |conn, _| sources::save_listing(conn, &source, &listing, &state))
    }
    /// The learned template of a source; an empty one before the first.
    pub async fn template(&self, source: &SourceId) -> Result<Template> {
        let source = source.clone();
        self.actor.read(move |conn, codec| sources::template(conn, codec, &source)).await
    }
    /// Remembers the template of a source.
    pub async fn save_template(&self, source: &SourceId, template: Arc<Template>) -> Result<()> {
        let source = source.clone();
        self.actor
            .write(move |conn, tools| sources::save_template(conn, &mut tools.codec, &source, &template))
            .await
    }
}
