//! Climbing the discovery ladder: which API, feeds, sitemaps and listings are asked at a visit, and how far each is
//! followed.
//!
//! The first climb goes through everything that the backfill asks for. Later ones ask the cheap methods (API with
//! `modified_after`, feeds with validators) and the listings that the operator named; the sitemaps are held against
//! the store once a day. A feed of which nothing is known is a gap: then the deeper methods are asked as well.

mod autodiscovery;
mod feeds;
mod listings;
mod sitemaps;
mod wp_json;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::discovery_state::DiscoveryState;
use super::{Pipeline, Report};
use crate::config::{Backfill, Source};
use crate::discover::{Context, ReadDate, merge};
use crate::extract::{date, sanity};
use crate::fetch::FetchError;
use crate::model::{Candidate, Cause, DiscoveryMethod, NotArticle, Page};
use crate::store::{ListingState, Offered, StoreError};

/// How long what was found out about a portal's doors is believed while they answer.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How often everything is held against the sitemaps.
const RECONCILE: SignedDuration = SignedDuration::from_hours(24);
/// So often a first climb that broke off is begun anew; then a method that never answers is done without.
const ATTEMPTS: u32 = 5;
/// The longest pause that a feed's `ttl` or `max-age` may ask for: news is wanted within the hour.
const LONGEST_TTL_SECONDS: u64 = 3600;

/// How a method answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answered {
    /// Not asked, or without success.
    Nothing,
    /// With the newest articles.
    Newest,
    /// With everything the portal has, or all that the backfill asks for.
    Everything,
}

/// One climb.
pub(super) struct Ladder<'a> {
    pipeline: &'a Pipeline,
    source: &'a Source,
    memory: &'a mut DiscoveryState,
    report: &'a mut Report,
    /// When the climb began.
    now: Timestamp,
    /// Whether this climb goes through everything.
    first: bool,
    /// Whether the backfill limits what is entered: at the first climb, and at the first walk over the sitemaps.
    limited: bool,
    /// Whether a method showed that something was missed.
    gap: bool,
    /// Whether something failed that may work another time.
    broken_off: bool,
    /// The front page, if it was fetched to look for doors and may serve as a listing.
    front: Option<Page>,
    /// Saved when the climb is through: a validator kept too early would hide what an interrupted climb left unread.
    states: Vec<(Url, ListingState)>,
    /// Articles so far that the backfill counts.
    found: u64,
}

impl<'a> Ladder<'a> {
    pub fn new(
        pipeline: &'a Pipeline,
        source: &'a Source,
        memory: &'a mut DiscoveryState,
        report: &'a mut Report,
        known: u64,
    ) -> Self {
        let now = pipeline.clock.now();
        let first = memory.complete.is_none() || is_another(source.backfill, memory);
        Self {
            pipeline,
            source,
            memory,
            report,
            now,
            first,
            limited: first,
            gap: false,
            broken_off: false,
            front: None,
            states: Vec::new(),
            found: if first { 0 } else { known },
        }
    }

    /// Asks what is to be asked, and enters what it names in the frontier. `ailing` says that the last visit failed:
    /// then the doors are looked for again.
    pub async fn climb(mut self, ailing: bool, stop: &CancellationToken) -> Result<(), StoreError> {
        if is_another(self.source.backfill, self.memory) {
            self.pipeline.store.reconsider(&self.source.id).await?;
            (self.memory.complete, self.memory.reconciled) = (None, None);
        }
        self.memory.backfill = Some(in_words(self.source.backfill));
        self.pipeline.fetcher.preload(std::mem::take(&mut self.memory.robots));
        let looked_long_ago = self.memory.looked.is_none_or(|looked| looked + LOOK_AGAIN < self.now);
        if looked_long_ago || ailing {
            self.autodiscover().await;
        }
        let api = self.climb_wp_json(stop).await?;
        let feeds = self.climb_feeds(stop).await?;
        let cheap = api != Answered::Nothing || feeds != Answered::Nothing;
        let deep = self.first || self.gap || !cheap;
        let reconcile = self.memory.reconciled.is_none_or(|at| at + RECONCILE < self.now);
        self.limited |= self.memory.reconciled.is_none() && !self.gap;
        let sitemaps = if deep || reconcile { self.climb_sitemaps(stop).await? } else { Answered::Nothing };
        self.limited = self.first;
        let whole = api == Answered::Everything || sitemaps == Answered::Everything;
        self.climb_listings(deep && !whole, cheap, stop).await?;
        self.conclude(stop).await
    }

    /// Keeps what the climb learned, if it went through.
    async fn conclude(mut self, stop: &CancellationToken) -> Result<(), StoreError> {
        let host = self.source.home.host_str().unwrap_or_default();
        let robots = self.pipeline.fetcher.robots_snapshot();
        self.memory.robots = robots.into_iter().filter(|entry| entry.origin.contains(host)).collect();
        let answered = self.report.asked.iter().any(|asked| asked.trouble.is_none());
        if stop.is_cancelled() || !answered {
            return Ok(());
        }
        if self.first && self.broken_off && self.memory.attempts < ATTEMPTS {
            self.memory.attempts += 1;
            return Ok(());
        }
        for (url, state) in std::mem::take(&mut self.states) {
            self.pipeline.store.save_listing_state(&self.source.id, &url, state).await?;
        }
        self.memory.resume = None;
        self.memory.complete.get_or_insert(self.now);
        Ok(())
    }

    /// Enters candidates in the frontier, as far as the backfill reaches.
    async fn offer(&mut self, candidates: Vec<Candidate>) -> Result<Offered, StoreError> {
        let mut candidates = merge::merge(candidates);
        candidates.retain(|candidate| self.reaches(candidate.published));
        let (store, id, now) = (&self.pipeline.store, &self.source.id, self.now);
        let room = self.room();
        let offered = if room == usize::MAX {
            store.offer(id, candidates, now).await?
        } else {
            // What came out after the first climb is news, whatever the backfill has room for.
            let since = self.memory.complete;
            let is_news = |it: &Candidate| since.is_some() && it.published.or(it.updated) > since;
            let (news, others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(is_news);
            let news = store.offer(id, news, now).await?;
            let others = store.offer_within(id, others, room, now).await?;
            Offered {
                new: news.new + others.new,
                known: news.known + others.known,
                changed: news.changed + others.changed,
            }
        };
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
            Backfill::Articles(limit) if self.limited => {
                usize::try_from(u64::from(limit).saturating_sub(self.found)).unwrap_or(usize::MAX)
            }
            _ => usize::MAX,
        }
    }

    /// Whether a first climb has all it wants: the articles asked for, or a page that lies wholly before the horizon.
    fn is_full(&self, page: &[Candidate]) -> bool {
        self.first
            && (self.room() == 0
                || (!page.is_empty() && page.iter().all(|candidate| !self.reaches(candidate.published))))
    }

    /// Notes a failure. That of an address that was only guessed is no failure of the visit.
    fn failed(&mut self, method: DiscoveryMethod, url: &Url, error: &FetchError, named: bool) {
        self.refused(method, url, (error.cause(), error.why_of(url)), named);
        self.broken_off |= matches!(error, FetchError::Later { .. });
        if let FetchError::Later { retry_after: Some(pause), .. } = error {
            self.report.asked_pause = self.report.asked_pause.max(Some(*pause));
        }
    }

    fn refused(&mut self, method: DiscoveryMethod, url: &Url, (cause, why): (Cause, String), wanted: bool) {
        tracing::debug!(source = %self.source.id, %method, %url, why, wanted, "a listing gave nothing");
        self.report.refused(method, url, (cause, why), wanted);
    }

    /// Heeds how long an answer says that it stays fresh.
    fn fresh_for(&mut self, seconds: Option<u64>) {
        let pause = seconds.map(|seconds| std::time::Duration::from_secs(seconds.min(LONGEST_TTL_SECONDS)));
        self.report.asked_pause = self.report.asked_pause.max(pause);
    }
}

/// What came in the place of a list, if it says so itself, and by who can mend that.
fn in_place(html: &str) -> Option<(Cause, String)> {
    let what = sanity::in_place_of_a_list(html)?;
    let cause = match what {
        NotArticle::Challenge | NotArticle::LoginWall => Cause::Blocked,
        _ => Cause::ServerError,
    };
    Some((cause, format!("{what}, with a good status")))
}

/// A backfill as it is remembered.
fn in_words(backfill: Backfill) -> String {
    match backfill {
        Backfill::All => "all".to_owned(),
        Backfill::Articles(limit) => format!("{limit} articles"),
        Backfill::Within(span) => format!("{} s", span.as_secs()),
    }
}

/// Whether the last whole climb was for another backfill.
fn is_another(backfill: Backfill, memory: &DiscoveryState) -> bool {
    memory.complete.is_some() && memory.backfill.as_ref().is_some_and(|then| *then != in_words(backfill))
}

/// Reads dates in listings as extraction reads them in pages.
pub(super) fn date_reader(source: &Source) -> impl Fn(&str, Timestamp) -> Option<Timestamp> + Sync + '_ {
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

pub(super) fn context<'a>(
    source: &'a Source,
    category: Option<&'a str>,
    read_date: ReadDate<'a>,
) -> Context<'a> {
    Context { home: &source.home, time_zone: &source.time_zone, read_date, category }
}
