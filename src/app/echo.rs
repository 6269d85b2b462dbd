//! What follows a change of the feeds: hubs are told, and the static copy is brought up to date.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Mutex, mpsc};

use crate::announce::{Announcer, Topic};
use crate::article::{Clock, SourceId};
use crate::config::Config;
use crate::export::{self, Followed};
use crate::fetch::Fetcher;
use crate::health::DaemonHealth;
use crate::serve::{FeedVersion, Site};
use crate::store::Store;

/// Changes that may wait for the announcer. What is over that is heard with the next change, since only the newest
/// version of a feed counts.
const WAITING: usize = 256;

/// The announcer, and what it hears from.
pub(super) type Speaker = (Announcer, mpsc::Receiver<Vec<Topic>>);

/// Tells of changes.
pub(super) struct Echo {
    config: Arc<Config>,
    store: Store,
    site: Arc<Site>,
    topics: mpsc::Sender<Vec<Topic>>,
    clock: Clock,
    /// How far the static copy has followed each source. Held while it is written, since there is one.
    copied: Mutex<HashMap<SourceId, Followed>>,
}

impl Echo {
    /// An echo, and the announcer and queue that [`Announcer::run`] takes; without hubs there is none.
    pub(super) fn new(
        config: &Arc<Config>,
        store: &Store,
        site: &Arc<Site>,
        fetcher: &Fetcher,
        (clock, health): (Clock, &Arc<DaemonHealth>),
    ) -> (Self, Option<Speaker>) {
        let (topics, changes) = mpsc::channel(WAITING);
        let hubs = config.publish.hubs.clone();
        let announcer = (!hubs.is_empty()).then(|| {
            let announcer = Announcer::new(fetcher.clone(), store.clone(), hubs, clock.clone());
            (announcer.with_health(Arc::clone(health)), changes)
        });
        let (config, site, copied) = (Arc::clone(config), Arc::clone(site), Mutex::default());
        (Self { config, store: store.clone(), site, topics, clock, copied }, announcer)
    }

    /// Tells hubs of the feeds of a source as they are now, and renews its part of the static copy. Answers how that went,
    /// if there is a copy.
    pub(super) async fn changed(&self, source: &SourceId) -> Option<Result<(), String>> {
        self.announce(source).await;
        let folder = self.config.publish.export.as_ref()?;
        let mut copied = self.copied.lock().await;
        // Of a source that was never copied everything is news.
        let followed = copied.entry(source.clone()).or_insert_with(|| Followed::since(Timestamp::UNIX_EPOCH));
        let done = export::source(&self.config, &self.store, folder, source, followed).await;
        Some(done.map(drop).map_err(|fault| fault.to_string()))
    }

    /// At the start: what hubs have not heard before the last stop, and a copy that is whole; answers how that went.
    pub(super) async fn begin(&self) -> Option<Result<(), String>> {
        for source in &self.config.sources {
            self.announce(&source.id).await;
        }
        let folder = self.config.publish.export.clone()?;
        Some(self.copy(folder).await)
    }

    async fn announce(&self, source: &SourceId) {
        if self.config.publish.hubs.is_empty() {
            return;
        }
        let versions = self.site.versions(source).await;
        let topic = |feed: FeedVersion| {
            Some(Topic { url: feed.url.parse().ok()?, version: feed.version, keeper: feed.source })
        };
        if self.topics.try_send(versions.into_iter().filter_map(topic).collect()).is_err() {
            tracing::warn!(%source, "hubs are told of this change with the next one");
        }
    }

    async fn copy(&self, folder: PathBuf) -> Result<(), String> {
        let mut copied = self.copied.lock().await;
        let begun = self.clock.now();
        export::all(&self.config, &self.store, &folder).await.map_err(|fault| fault.to_string())?;
        let sources = self.config.sources.iter();
        copied.extend(sources.map(|source| (source.id.clone(), Followed::since(begun))));
        Ok(())
    }
}
