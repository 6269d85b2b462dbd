//! Climbing the discovery ladder: which listings, feeds, sitemaps and API addresses are asked at a visit, and how far
//! each is followed.

mod feeds;
mod listings;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::memory::Memory;
use super::{Pipeline, Report};
use crate::article::{Candidate, Rung};
use crate::config::{Backfill, Source};
use crate::discover::Context;
use crate::extract::date;
use crate::store::{ListingState, StoreError};

/// Listing pages that are followed at one visit, whatever the portal's pager says.
const MAX_LISTING_PAGES: usize = 2_000;

/// One climb.
pub(super) struct Ladder<'a> {
    pipeline: &'a Pipeline,
    source: &'a Source,
    memory: &'a mut Memory,
    report: &'a mut Report,
    /// Saved when the climb is through: a validator kept too early would hide what an interrupted climb left unread.
    states: Vec<(Url, ListingState)>,
    /// Candidates entered so far at this climb.
    offered: u32,
}

impl<'a> Ladder<'a> {
    pub fn new(pipeline: &'a Pipeline, source: &'a Source, memory: &'a mut Memory, report: &'a mut Report) -> Self {
        Self { pipeline, source, memory, report, states: Vec::new(), offered: 0 }
    }

    /// Asks what is to be asked, and enters what it names in the frontier.
    pub async fn climb(mut self, stop: &CancellationToken) -> Result<(), StoreError> {
        self.climb_feeds(stop).await?;
        self.climb_listings(stop).await?;
        if !stop.is_cancelled() {
            for (url, state) in std::mem::take(&mut self.states) {
                self.pipeline.store.save_listing_state(&self.source.id, &url, state).await?;
            }
            self.memory.complete.get_or_insert((self.pipeline.clock)());
        }
        Ok(())
    }

    /// Enters candidates in the frontier, as far as the backfill reaches; gives how many were new.
    async fn offer(&mut self, mut candidates: Vec<Candidate>) -> Result<usize, StoreError> {
        let now = (self.pipeline.clock)();
        if self.memory.complete.is_none() {
            candidates.retain(|candidate| self.reaches(candidate.published, now));
            if let Backfill::Articles(limit) = self.source.backfill {
                let room = usize::try_from(limit.saturating_sub(self.offered)).unwrap_or(usize::MAX);
                candidates.truncate(room);
            }
        }
        let offered = self.pipeline.store.offer(&self.source.id, candidates, now).await?;
        self.offered = self.offered.saturating_add(u32::try_from(offered.new).unwrap_or(u32::MAX));
        self.report.found += offered.new;
        Ok(offered.new)
    }

    fn reaches(&self, published: Option<Timestamp>, now: Timestamp) -> bool {
        let Backfill::Within(span) = self.source.backfill else { return true };
        let horizon = now - SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
        published.is_none_or(|at| at >= horizon)
    }

    /// Whether the backfill has all it wants.
    fn is_full(&self) -> bool {
        matches!(self.source.backfill, Backfill::Articles(limit) if self.memory.complete.is_none() && self.offered >= limit)
    }

    fn failed(&mut self, rung: Rung, url: &Url, why: String, wanted: bool) {
        tracing::warn!(source = %self.source.id, %rung, %url, why, "a listing gave nothing");
        self.report.refused(rung, url, why, wanted);
    }
}

/// Reads dates in listings as extraction reads them in pages.
fn date_reader(source: &Source) -> impl Fn(&str, Timestamp) -> Option<Timestamp> + Sync + '_ {
    |text, fetched| {
        let context = date::DateContext {
            zone: &source.time_zone,
            fetched,
            language: &source.language,
            max_future: source.article.max_future,
        };
        date::read(text, &context).map(|read| read.at)
    }
}

fn context<'a>(
    source: &'a Source,
    category: Option<&'a str>,
    read_date: &'a (dyn Fn(&str, Timestamp) -> Option<Timestamp> + Sync),
) -> Context<'a> {
    Context { home: &source.home, time_zone: &source.time_zone, read_date, category }
}
