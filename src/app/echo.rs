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
        clock: Clock,
    ) -> (Self, Option<Speaker>) {
        let (topics, changes) = mpsc::channel(WAITING);
        let hubs = config.publish.hubs.clone();
        let announcer = (!hubs.is_empty())
            .then(|| (Announcer::new(fetcher.clone(), store.clone(), hubs, clock.clone()), changes));
        let (config, site, copied) = (Arc::clone(config), Arc::clone(site), Mutex::default());
        (Self { config, store: store.clone(), site, topics, clock, copied }, announcer)
    }

    /// Tells hubs of the feeds of a source as they are now, and renews its part of the static copy.
    pub(super) async fn changed(&self, source: &SourceId) {
        self.announce(source).await;
        if let Some(folder) = &self.config.publish.export {
            let mut copied = self.copied.lock().await;
            // Of a source that was never copied everything is news.
            let followed =
                copied.entry(source.clone()).or_insert_with(|| Followed::since(Timestamp::UNIX_EPOCH));
            match export::source(&self.config, &self.store, folder, source, followed).await {
                Ok(done) => tracing::debug!(%source, written = done.written, "the static copy is up to date"),
                Err(fault) => tracing::error!(%source, %fault, "the static copy could not be renewed"),
            }
        }
    }

    /// At the start: what hubs have not heard before the last stop, and a copy that is whole.
    pub(super) async fn begin(&self) {
        for source in &self.config.sources {
            self.announce(&source.id).await;
        }
        if let Some(folder) = self.config.publish.export.clone() {
            self.copy(folder).await;
        }
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

    async fn copy(&self, folder: PathBuf) {
        let mut copied = self.copied.lock().await;
        let begun = self.clock.now();
        if let Err(fault) = export::all(&self.config, &self.store, &folder).await {
            tracing::error!(%fault, folder = %folder.display(), "the static copy could not be made");
            return;
        }
        let sources = self.config.sources.iter();
        copied.extend(sources.map(|source| (source.id.clone(), Followed::since(begun))));
    }
}
