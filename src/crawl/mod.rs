//! Asking the discovery methods of a source: WordPress JSON, feeds, sitemaps and listings, one file each.
//!
//! An [`Asker`] makes one request to one address and reads the answer; `learn` and [`probe()`] need no more. A visit makes a
//! [`Discovery`]: the first goes through everything that the backfill asks for. Later ones ask the cheap methods (API with
//! `modified_after`, feeds with validators) and the listings that the operator named; the sitemaps are compared with what
//! is known once a day. A feed of which nothing is known is a gap: then the deeper methods are asked as well.

mod ask;
mod autodiscovery;
mod feeds;
mod listings;
mod probe;
mod report;
mod sitemaps;
mod state;
mod wp_json;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use url::Url;

pub use ask::{Answer, AskError, Asker, WpJsonError};
pub use probe::{Probe, probe};
pub use report::{Asked, CrawlReport};
pub use state::DiscoveryState;

use crate::config::{Backfill, Source};
use crate::discover::merge;
use crate::fetch::{FetchError, Fetcher};
use crate::model::{Candidate, DiscoveryMethod, Offered, Page, Validators};

/// How long what a front page advertises is believed while the methods answer.
const AUTODISCOVERY_INTERVAL: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How often everything known is compared with the sitemaps.
const SITEMAP_INTERVAL: SignedDuration = SignedDuration::from_hours(24);
/// How often a first discovery that broke off is begun anew; after that, a method that never answers is done without.
const MAX_FIRST_ATTEMPTS: u32 = 5;
/// The longest pause that a feed's `ttl` or `max-age` may ask for: news is wanted within the hour.
const MAX_TTL_SECONDS: u64 = 3600;
/// Feeds of one portal that are followed without having been named.
const MAX_FEEDS: usize = 5;
/// Usual addresses of a feed that are tried where a portal advertises none.
const MAX_GUESSED_FEEDS: usize = 3;

/// Where the candidates of a source go, and what is known of its listings.
pub trait Frontier: Sync {
    type Error;
    /// What an address of a discovery method gave for asking conditionally.
    fn validators(&self, url: &Url) -> impl Future<Output = Reply<Validators, Self>> + Send;
    /// Enters candidates: of those that are not known only the `room` newest are to be read.
    fn offer(&self, named: Vec<Candidate>, room: usize) -> impl Future<Output = Reply<Offered, Self>> + Send;
}

/// What a frontier answers.
pub type Reply<T, F> = Result<T, <F as Frontier>::Error>;

/// What a discovery brings home besides the candidates it offered.
pub struct Discovered {
    pub report: CrawlReport,
    /// Addresses that answered, with what the next visit asks them conditionally by, and when they answered. Empty for a
    /// discovery that broke off: a validator kept too early would hide what it left unread.
    pub answered: Vec<(Url, Validators, Timestamp)>,
}

/// How a discovery method answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Not asked, or without success.
    Nothing,
    /// With the newest articles.
    Newest,
    /// With everything the portal has, or all that the backfill asks for.
    Everything,
}

/// Asks the discovery methods of a source at one visit.
pub struct Discovery<'a, F> {
    asker: Asker<'a>,
    source: &'a Source,
    frontier: F,
    state: &'a mut DiscoveryState,
    report: CrawlReport,
    /// When it began.
    now: Timestamp,
    /// Whether it goes through everything.
    is_first: bool,
    /// Whether the backfill limits what is offered: at the first discovery, and when the sitemaps are read for the first
    /// time.
    is_limited: bool,
    /// Whether a method showed that something was missed.
    has_gap: bool,
    /// Whether something failed that may work another time.
    is_broken_off: bool,
    /// The front page, if it was fetched for autodiscovery and may serve as a listing.
    front: Option<Page>,
    answered: Vec<(Url, Validators, Timestamp)>,
    /// Articles so far that the backfill counts.
    found: u64,
}

impl<'a, F: Frontier> Discovery<'a, F> {
    /// A discovery that begins `now` and goes on from `state`, with so many articles `known`.
    pub fn new(
        fetcher: &'a Fetcher,
        source: &'a Source,
        frontier: F,
        state: &'a mut DiscoveryState,
        (now, known): (Timestamp, u64),
    ) -> Self {
        if state.is_for_another(source.backfill) {
            (state.complete, state.reconciled) = (None, None);
        }
        state.backfill = Some(state::in_words(source.backfill));
        let is_first = state.complete.is_none();
        Self {
            asker: Asker::of(fetcher, source),
            source,
            frontier,
            state,
            report: CrawlReport::default(),
            now,
            is_first,
            is_limited: is_first,
            has_gap: false,
            is_broken_off: false,
            front: None,
            answered: Vec::new(),
            found: if is_first { 0 } else { known },
        }
    }

    /// Asks what is to be asked, and offers what it names to the frontier. `is_ailing` says that the last visit failed:
    /// then the front page is asked again for what it advertises.
    ///
    /// # Errors
    /// Only the frontier's.
    pub async fn run(mut self, is_ailing: bool, stop: &CancellationToken) -> Result<Discovered, F::Error> {
        self.asker.fetcher.preload(std::mem::take(&mut self.state.robots));
        let is_stale = self.state.looked.is_none_or(|looked| looked + AUTODISCOVERY_INTERVAL < self.now);
        if is_stale || is_ailing {
            self.autodiscover().await;
        }
        let api = self.ask_wp_json(stop).await?;
        let feeds = self.ask_feeds(stop).await?;
        let has_cheap = api != Reach::Nothing || feeds != Reach::Nothing;
        let is_deep = self.is_first || self.has_gap || !has_cheap;
        let is_due = self.state.reconciled.is_none_or(|at| at + SITEMAP_INTERVAL < self.now);
        self.is_limited |= self.state.reconciled.is_none() && !self.has_gap;
        let sitemaps = if is_deep || is_due { self.ask_sitemaps(stop).await? } else { Reach::Nothing };
        self.is_limited = self.is_first;
        let is_whole = api == Reach::Everything || sitemaps == Reach::Everything;
        self.ask_listings(is_deep && !is_whole, has_cheap, stop).await?;
        Ok(self.conclude(stop))
    }

    /// Remembers what was found out, if the discovery went through.
    fn conclude(mut self, stop: &CancellationToken) -> Discovered {
        let host = self.source.home.host_str().unwrap_or_default();
        let robots = self.asker.fetcher.robots_snapshot();
        self.state.robots = robots.into_iter().filter(|entry| entry.origin.contains(host)).collect();
        self.report.requests = self.asker.requests();
        let has_answer = self.report.asked.iter().any(|asked| asked.trouble.is_none());
        let mut is_through = has_answer && !stop.is_cancelled();
        if is_through && self.is_first && self.is_broken_off && self.state.attempts < MAX_FIRST_ATTEMPTS {
            self.state.attempts += 1;
            is_through = false;
        }
        if !is_through {
            return Discovered { report: self.report, answered: Vec::new() };
        }
        self.state.resume = None;
        self.state.complete.get_or_insert(self.now);
        Discovered { report: self.report, answered: self.answered }
    }

    /// What to ask an address conditionally by. At the first discovery everything is wanted, whatever an earlier one that
    /// was interrupted has seen.
    async fn validators(&self, url: &Url) -> Result<Validators, F::Error> {
        if self.is_first { Ok(Validators::default()) } else { self.frontier.validators(url).await }
    }

    /// Offers candidates to the frontier, as far as the backfill reaches.
    async fn offer(&mut self, candidates: Vec<Candidate>) -> Result<Offered, F::Error> {
        let mut candidates = merge::merge(candidates);
        candidates.retain(|candidate| self.reaches(candidate.published));
        let room = self.room();
        // What came out after the first discovery is news, whatever the backfill has room for.
        let since = self.state.complete;
        let is_news =
            |it: &Candidate| room == usize::MAX || since.is_some() && it.published.or(it.updated) > since;
        let (news, others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(is_news);
        let mut offered = self.frontier.offer(news, usize::MAX).await?;
        if !others.is_empty() {
            offered += self.frontier.offer(others, room).await?;
        }
        self.found = self.found.saturating_add(offered.new as u64);
        self.report.found += offered.new;
        Ok(offered)
    }

    fn reaches(&self, published: Option<Timestamp>) -> bool {
        let Backfill::Within(span) = self.source.backfill else { return true };
        let horizon = self.now - SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
        published.is_none_or(|at| at >= horizon)
    }

    /// How many more articles may be entered.
    fn room(&self) -> usize {
        match self.source.backfill {
            Backfill::Articles(limit) if self.is_limited => {
                usize::try_from(u64::from(limit).saturating_sub(self.found)).unwrap_or(usize::MAX)
            }
            _ => usize::MAX,
        }
    }

    /// Whether a first discovery has all it wants: the articles asked for, or a page that lies wholly before the horizon.
    fn is_full(&self, page: &[Candidate]) -> bool {
        self.is_first
            && (self.room() == 0
                || (!page.is_empty() && page.iter().all(|candidate| !self.reaches(candidate.published))))
    }

    /// Notes a failure. That of an address which nobody named is no failure of the visit.
    fn failed(&mut self, method: DiscoveryMethod, url: &Url, error: &AskError, wanted: bool) {
        if let AskError::Fetch(FetchError::Later { retry_after, .. }) = error {
            self.is_broken_off = true;
            self.report.pause(*retry_after);
        }
        if matches!(error, AskError::Content(..)) {
            // It must be sent again: that it has not changed would hide that it is of no use.
            self.answered.retain(|(known, ..)| known != url);
        }
        let (_, why) = error.told(url);
        tracing::debug!(source = %self.source.id, %method, %url, why, wanted, "a listing gave nothing");
        self.report.failed(method, url, error, wanted);
    }

    /// Heeds how long an answer says that it stays fresh.
    fn fresh_for(&mut self, seconds: Option<u64>) {
        self.report.pause(seconds.map(|seconds| Duration::from_secs(seconds.min(MAX_TTL_SECONDS))));
    }
}
