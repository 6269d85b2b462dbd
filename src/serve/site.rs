//! The site: what the server is handed, its whole world.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Mutex, Semaphore};

use super::cache::{Cache, CacheKey};
use super::editions::Editions;
use super::feeds::Trouble;
use super::respond::Prepared;
use super::stored;
use crate::config::Config;
use crate::health::DaemonHealth;
use crate::model::{Clock, SourceId};
use crate::ops::metrics::Metrics;
use crate::publish::{Entry, FeedName, FeedSettings, Gone};
use crate::store::{Scope, Store, StoreError, Stored};

/// Things made on demand at the same time: rendering and compressing take a core each, and the machine has others to do.
const MAX_CONCURRENT_RENDERS: usize = 2;
/// Memory for what is made on demand.
const ON_DEMAND_CACHE_BYTES: usize = 6 * 1024 * 1024;
/// How long a request waits for the store before it is told to come back.
pub const STORE_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// Something else stands where the folder of editions belongs: the start stops.
    #[error("cannot use {folder} for editions: {fault}; move it away")]
    Folder { folder: String, fault: io::Error },
}

/// What the server is handed: configuration, store, editions.
pub struct Site {
    pub(super) config: Arc<Config>,
    pub(super) feed_settings: Arc<FeedSettings>,
    pub(super) store: Store,
    pub(super) editions: Arc<Editions>,
    /// What is made when it is first asked for: feeds of categories, filtered feeds, pages. It is apart from the
    /// finished feeds, so that whoever asks for many of these drives out none of those.
    pub(super) on_demand: Cache,
    pub(super) metrics: Option<Arc<Metrics>>,
    pub(super) daemon: Arc<DaemonHealth>,
    pub(super) clock: Clock,
    /// Counts the configurations: what an earlier one makes never takes the place of what a later one made.
    pub(super) generation: u64,
    /// Held by whoever refreshes, so that a later refresh, which has read a newer store, also writes later.
    pub(super) refreshing: Arc<Mutex<HashMap<FeedName, Begun>>>,
    pub(super) refreshes: Arc<AtomicU64>,
    /// Feeds whose last refresh failed: they are tried again.
    pub(super) behind: Arc<std::sync::Mutex<HashSet<FeedName>>>,
    /// Whether this is rendered into files, where nothing can be searched.
    pub(super) is_copy: bool,
    pub(super) makers: Semaphore,
}

/// When the last refresh of a feed began.
#[derive(Clone, Copy)]
pub(super) struct Begun {
    /// Under which configuration.
    pub(super) generation: u64,
    /// Counted in refreshes asked for.
    pub(super) turn: u64,
}

impl Site {
    /// A site over a store; its editions are under the state folder.
    ///
    /// # Errors
    /// If something else stands where the folder of editions belongs.
    pub fn new(config: Arc<Config>, store: Store) -> Result<Self, SiteError> {
        let folder = folder_of(&config.state_dir);
        let editions = Editions::open(&folder)
            .map_err(|fault| SiteError::Folder { folder: folder.display().to_string(), fault })?;
        Ok(Self {
            feed_settings: Arc::new(FeedSettings::new(&config)),
            config,
            store,
            editions: Arc::new(editions),
            on_demand: Cache::new(ON_DEMAND_CACHE_BYTES),
            metrics: None,
            daemon: Arc::default(),
            clock: Clock::system(),
            generation: 0,
            refreshing: Arc::default(),
            refreshes: Arc::default(),
            behind: Arc::default(),
            is_copy: false,
            makers: Semaphore::new(MAX_CONCURRENT_RENDERS),
        })
    }

    /// The same site under another configuration, over the same store and editions: what is finished stays up.
    #[must_use]
    pub(crate) fn under(&self, config: Arc<Config>) -> Self {
        Self {
            feed_settings: Arc::new(FeedSettings::new(&config)),
            config,
            store: self.store.clone(),
            editions: Arc::clone(&self.editions),
            on_demand: Cache::new(ON_DEMAND_CACHE_BYTES),
            metrics: self.metrics.clone(),
            daemon: Arc::clone(&self.daemon),
            clock: self.clock.clone(),
            generation: self.generation + 1,
            refreshing: Arc::clone(&self.refreshing),
            refreshes: Arc::clone(&self.refreshes),
            behind: Arc::clone(&self.behind),
            is_copy: self.is_copy,
            makers: Semaphore::new(MAX_CONCURRENT_RENDERS),
        }
    }

    /// What was made on demand under a name, else what `make` gives: made once, however many ask for it, and by few at a
    /// time.
    pub(super) async fn get_or_make(
        &self,
        cache_key: CacheKey<'_>,
        make: impl Future<Output = Result<Prepared, Trouble>>,
    ) -> Result<Arc<Prepared>, Trouble> {
        if let Some(prepared) = self.on_demand.get(&cache_key.key) {
            return Ok(prepared);
        }
        let permit = tokio::time::timeout(STORE_TIMEOUT, self.makers.acquire()).await;
        let Ok(Ok(permit)) = permit else { return Err(Trouble::Slow) };
        // Whoever held the permit before may have made just this.
        if let Some(prepared) = self.on_demand.get(&cache_key.key) {
            return Ok(prepared);
        }
        let version = self.on_demand.version();
        let prepared = Arc::new(make.await?);
        drop(permit);
        if prepared.edition().weight() <= ON_DEMAND_CACHE_BYTES / 2 {
            self.on_demand.insert(cache_key, Arc::clone(&prepared), version);
        }
        Ok(prepared)
    }

    /// Which stored articles a feed holds. The store keeps those of sources that are followed no more; no feed shows them.
    pub(super) async fn scope_of(&self, name: &FeedName) -> Result<Scope, StoreError> {
        Ok(match name {
            FeedName::All => {
                let mut others = self.store.known_sources().await?;
                others.retain(|known| self.feed_settings.source(known).is_none());
                if others.is_empty() { Scope::All } else { Scope::Without(others) }
            }
            FeedName::Source(source) => Scope::Source(source.clone()),
            FeedName::Category(source, slug) => Scope::Category(source.clone(), slug.clone()),
        })
    }

    /// The newest tombstones of a feed since a time, as feeds take them: those of its source, or of every source.
    pub(super) async fn gone(
        &self,
        name: &FeedName,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<Gone>, StoreError> {
        let mut gone = Vec::new();
        for source in self.feed_settings.sources().filter(|one| name.source().is_none_or(|of| one.id == *of))
        {
            let stones = self.store.tombstones(&source.id, since, limit).await?;
            let zone = &source.time_zone;
            gone.extend(stones.into_iter().map(|stone| Gone {
                id: stone.id,
                at: stone.at,
                zone: zone.clone(),
            }));
        }
        gone.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.id.cmp(&b.id)));
        gone.truncate(limit);
        Ok(gone)
    }

    /// Whether a source is one of this configuration.
    pub(crate) fn follows(&self, source: &SourceId) -> bool {
        self.feed_settings.source(source).is_some()
    }

    /// Lets go of the finished feeds of sources that this configuration does not have.
    pub(crate) fn forget_others(&self) {
        self.editions.retain(|name| self.has_feed(name));
    }

    /// Whether a finished feed, by its name with extension, is one of this configuration.
    pub(super) fn has_feed(&self, name: &str) -> bool {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        self.feed_settings.source(&SourceId::new(stem)).is_some() || stem == FeedName::All.path()
    }

    /// Lets go of memory that nobody had use for since this was last called.
    pub(super) fn evict_idle(&self) {
        self.editions.evict_idle();
        self.on_demand.evict_idle();
    }

    /// The same site for a copy in files: without what only a server can do, such as searching.
    #[must_use]
    pub(crate) fn into_copy(mut self) -> Self {
        self.is_copy = true;
        self
    }

    /// The same site with what is wrong with the daemon, and a clock of the caller's.
    #[must_use]
    pub(crate) fn with_health(mut self, daemon: Arc<DaemonHealth>, clock: Clock) -> Self {
        self.daemon = daemon;
        self.clock = clock;
        self
    }

    /// The same site with something to say at `/metrics`.
    #[must_use]
    pub(crate) fn with_metrics(mut self, metrics: Arc<Metrics>) -> Self {
        self.metrics = Some(metrics);
        self
    }
}

/// The folder of editions in a state folder.
fn folder_of(state_dir: &Path) -> PathBuf {
    state_dir.join("editions")
}

/// The finished feeds of a state folder that cannot be read, by name, with the reason.
pub fn unreadable_editions(state_dir: &Path) -> Vec<(String, io::Error)> {
    stored::unreadable(&folder_of(state_dir))
}

/// Stored articles as feeds take them.
pub(super) fn entries(stored: &[Stored]) -> Vec<Entry<'_>> {
    stored
        .iter()
        .map(|one| Entry { article: &one.article, changed: one.changed, related: &one.related })
        .collect()
}
