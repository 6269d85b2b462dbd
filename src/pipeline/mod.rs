//! One source, start to end: ask its discovery methods, enter what they name in the frontier, read what is due, commit,
//! report.
//!
//! One bad listing or article never stops the rest; only a store that cannot be written ends a visit early.

mod assemble;
mod canonical;
mod fetch_article;
mod frontier;
mod held;
mod outcome;
pub mod pages;
mod pending_commits;
mod plausibility;
mod preview;
mod process;
mod recheck;
mod report;
mod reprocess;
mod template_state;

#[cfg(test)]
mod tests;

use tokio_util::sync::CancellationToken;

pub use crate::crawl::Asked;
pub use preview::Preview;
pub use report::{NotPublished, Outcome, Report};
pub use reprocess::Reprocessed;

use crate::config::{Keep, KeepConfig, Source};
use crate::crawl::{CrawlReport, Discovered, Discovery, DiscoveryState};
use crate::fetch::Fetcher;
use crate::model::{Clock, SourceId};
use crate::store::{ListingState, SourceState, Store, StoreError};

/// What every visit needs of the world. Cheap to clone.
#[derive(Clone)]
pub struct Pipeline {
    /// Where articles go.
    pub store: Store,
    /// How pages come.
    pub fetcher: Fetcher,
    /// What time it is.
    pub clock: Clock,
    /// Whether fetched pages are kept.
    pub keep: KeepConfig,
    /// Pages that are fetched and extracted at the same time, ahead of the one that is committed.
    pub ahead: usize,
}

/// Hears how a visit goes on.
pub trait Progress: Send + Sync {
    /// So many pages of a source are read, so many known ones wait.
    fn read(&self, _source: &SourceId, _done: u64, _waiting: u64) {}
    /// Articles were committed and can be published, though the visit goes on.
    fn committed(&self, _source: &SourceId) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

/// Listens to nothing.
pub struct Silent;

impl Progress for Silent {}

/// How far a visit goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Until nothing is due: the backfill is through.
    Everything,
    /// At most this many article pages; the rest stays due, so that the daemon looks for news between two slices of a
    /// long backfill.
    Pages(usize),
}

impl Pipeline {
    /// Visits a source.
    ///
    /// # Errors
    /// Only the store's: everything that goes wrong at the portal is told in the report.
    pub async fn visit<P: Progress>(
        &self,
        source: &Source,
        extent: Extent,
        progress: &P,
        stop: &CancellationToken,
    ) -> Result<Report, StoreError> {
        let mut report = Report::begin(&source.id, self.clock.now());
        let mut state = self.store.source_state(&source.id).await?;
        let mut discovery = DiscoveryState::from_text(state.memory.as_deref());
        report.take_crawl(self.discover(source, &mut discovery, &state, stop).await?);
        process::ArticleProcessor::new(self, source, &mut report)
            .await?
            .read_due(extent, progress, stop)
            .await?;
        state = self.store.source_state(&source.id).await?;
        report.waiting = state.waiting;
        let report = report.finish(self.clock.now());
        state.memory = discovery.to_text();
        state.visited = Some(report.finished);
        if stop.is_cancelled() {
            // A visit that was broken off says nothing of what it did not ask.
        } else if report.outcome == Outcome::Failed {
            state.failures += 1;
        } else {
            state.failures = 0;
            state.succeeded = Some(report.finished);
        }
        state.trouble = report.trouble();
        self.store.save_source_state(&source.id, state).await?;
        Ok(report)
    }

    /// Asks the discovery methods, and enters what they name in the frontier.
    async fn discover(
        &self,
        source: &Source,
        discovery: &mut DiscoveryState,
        state: &SourceState,
        stop: &CancellationToken,
    ) -> Result<CrawlReport, StoreError> {
        if discovery.is_for_another(source.backfill) {
            self.store.reconsider(&source.id).await?;
        }
        let now = self.clock.now();
        let frontier = frontier::StoredFrontier { store: &self.store, source: &source.id, now };
        let known = state.articles + state.waiting;
        let Discovered { report, answered } =
            Discovery::new(&self.fetcher, source, frontier, discovery, (now, known))
                .run(state.failures > 0, stop)
                .await?;
        // All are under way at once, so that the hundreds of files of a large sitemap share a transaction.
        let saves: Vec<_> = answered
            .into_iter()
            .map(|(url, validators, at)| {
                let state = ListingState { validators, answered: Some(at), ..ListingState::default() };
                self.store.save_listing_state(&source.id, &url, state)
            })
            .collect();
        for saved in saves {
            saved.await?;
        }
        Ok(report)
    }

    fn keeps_pages(&self) -> bool {
        self.keep.raw_pages != Keep::For(std::time::Duration::ZERO)
    }
}
