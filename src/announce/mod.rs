//! Hub pings (W3C WebSub, section 7): after a change every hub is told which feed changed, until it has heard.
//!
//! What a hub has heard is kept in the store beside the source's listings, so a ping that failed is tried again after a
//! restart, and one that succeeded is not sent twice. Only the newest version of a feed counts: ten changes while a hub
//! is down are one ping when it is back.

mod state;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::fetch::{FetchError, Fetcher};
use crate::health::{DaemonHealth, Fault};
use crate::model::{Clock, SourceId, short_url};
use crate::store::{Store, StoreError};
use state::Heard;

/// So many failures in a row are no accident.
const FAILURES_TO_REPORT: u32 = 2;

/// When it is tried again after the store failed.
const STORE_RETRY: Duration = Duration::from_secs(60);

/// A feed that hubs are told about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Where the feed is served: what `rel="self"` says.
    pub url: Url,
    /// Its version: an ETag, or whatever else changes when the feed does.
    pub version: String,
    /// The source under which the store keeps what hubs have heard of it.
    pub keeper: SourceId,
}

pub struct Announcer {
    fetcher: Fetcher,
    store: Store,
    hubs: Vec<Url>,
    clock: Clock,
    /// Where it is shown that a hub cannot be told.
    health: Arc<DaemonHealth>,
    /// The newest version of every feed that was said to have changed.
    topics: BTreeMap<Url, Topic>,
}

impl Announcer {
    pub fn new(fetcher: Fetcher, store: Store, hubs: Vec<Url>, clock: Clock) -> Self {
        Self { fetcher, store, hubs, clock, health: Arc::default(), topics: BTreeMap::new() }
    }

    /// The same, showing there that a hub cannot be told.
    #[must_use]
    pub fn with_health(mut self, health: Arc<DaemonHealth>) -> Self {
        self.health = health;
        self
    }

    /// Pings as changes come in and as failed pings are due again, until `stop` is cancelled or nobody is left to send
    /// changes. Send every feed once at the start: what was not heard before the last stop is then pinged.
    ///
    /// # Errors
    /// If the store is closed. What hubs answer is logged and tried again, and so is what the store could not do.
    pub async fn run(
        mut self,
        mut changes: mpsc::Receiver<Vec<Topic>>,
        stop: CancellationToken,
    ) -> Result<(), StoreError> {
        let mut wait = None;
        loop {
            let change = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = sleep(wait), if wait.is_some() => Vec::new(),
                change = changes.recv() => match change {
                    Some(topics) => topics,
                    None => return Ok(()),
                },
            };
            self.topics.extend(change.into_iter().map(|topic| (topic.url.clone(), topic)));
            wait = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                next = self.pass() => match next {
                    Err(StoreError::Closed) => return Err(StoreError::Closed),
                    // Shown by whoever keeps the store; a hub is rather told twice than never.
                    Err(fault) => {
                        tracing::debug!(%fault, "what hubs have heard cannot be read or noted; tried again");
                        Some(STORE_RETRY)
                    }
                    Ok(next) => next,
                },
            };
        }
    }

    /// Pings every hub that is due to hear of a feed, and answers how long it is until the next is; `None` if every hub
    /// has heard everything.
    ///
    /// # Errors
    /// As [`Announcer::run`].
    pub async fn pass(&mut self) -> Result<Option<Duration>, StoreError> {
        let mut next: Option<Duration> = None;
        let mut heard_by_all = Vec::new();
        for topic in self.topics.values() {
            let mut open = false;
            for hub in &self.hubs {
                if let Some(wait) = self.tell(hub, topic).await? {
                    open = true;
                    next = Some(next.map_or(wait, |next| next.min(wait)));
                }
            }
            if !open {
                heard_by_all.push(topic.url.clone());
            }
        }
        for url in heard_by_all {
            self.topics.remove(&url);
        }
        if next.is_none() && self.health.ended(Fault::HubFailing, self.clock.now()).is_some() {
            tracing::info!("over: every hub has been told");
        }
        Ok(next)
    }

    /// Notes that a hub cannot be told, once it is no accident; said in the log when that begins.
    fn note_failure(&self, hub: &Url, cause: &str, failures: u32) {
        let why = format!("{cause} ({})", short_url(hub));
        if failures >= FAILURES_TO_REPORT && self.health.began(Fault::HubFailing, &why, self.clock.now()) {
            let advice = Fault::HubFailing.advice();
            tracing::warn!(%hub, cause, "a hub cannot be told of news and is asked again. {advice}");
        }
    }

    /// Tells one hub of one feed if it has not heard and is due; answers how long to wait if it still has not.
    async fn tell(&self, hub: &Url, topic: &Topic) -> Result<Option<Duration>, StoreError> {
        let key = state::key(hub, &topic.url);
        let heard = Heard::from_stored(self.store.listing_state(&topic.keeper, &key).await?);
        if heard.has_heard(&topic.version) {
            return Ok(None);
        }
        let wait = heard.wait(self.clock.now());
        if !wait.is_zero() {
            return Ok(Some(wait));
        }
        let url = topic.url.as_str();
        // `hub.url` is what hubs have understood since PubSubHubbub 0.3, `hub.topic` what newer ones look for.
        let fields = [("hub.mode", "publish"), ("hub.url", url), ("hub.topic", url)];
        let outcome = self.fetcher.post(hub, &fields).await;
        let now = self.clock.now();
        let next = match &outcome {
            Ok(()) => {
                tracing::debug!(%hub, topic = url, "the hub was told of a change");
                heard.told(&topic.version, now)
            }
            Err(fault) => {
                let cause = fault.why();
                tracing::debug!(%hub, cause, topic = url, "the hub was not told of a change and is asked again");
                self.note_failure(hub, &cause, heard.failures + 1);
                heard.failed(now, retry_after(fault))
            }
        };
        let wait = outcome.is_err().then(|| next.wait(now));
        self.store.save_listing_state(&topic.keeper, &key, next.into_stored()).await?;
        Ok(wait)
    }
}

/// How long the hub wants to be left alone.
fn retry_after(fault: &FetchError) -> Option<Duration> {
    match fault {
        FetchError::Later { retry_after, .. } => *retry_after,
        _ => None,
    }
}

async fn sleep(wait: Option<Duration>) {
    if let Some(wait) = wait {
        tokio::time::sleep(wait).await;
    }
}
