//! What follows a change of the feeds: hubs are told, and the static copy is brought up to date. Both are done beside the
//! visits, which wait for neither a hub nor the disk of the copy.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::faults::FaultLog;
use crate::announce::{Announcer, Topic};
use crate::config::Config;
use crate::export::{self, ExportError, Followed};
use crate::fetch::Fetcher;
use crate::health::Fault;
use crate::model::SourceId;
use crate::serve::{FeedVersion, Site};
use crate::store::Store;

/// Messages that may wait for the announcer; what is over that waits here.
const QUEUE: usize = 16;
/// When a copy that could not be written is tried again, unless something changes before.
const COPY_RETRY: Duration = Duration::from_secs(30);

/// Whose turn it is to write the static copy: there is one folder, whatever is reloaded.
pub(super) type CopyTurns = Arc<AsyncMutex<()>>;

/// Sources that changed since somebody looked.
#[derive(Default)]
struct Changed {
    sources: Mutex<BTreeSet<SourceId>>,
    came: Notify,
}

impl Changed {
    fn add(&self, source: &SourceId) {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).insert(source.clone());
        self.came.notify_one();
    }

    /// Waits until there are any, and takes them.
    async fn take(&self) -> BTreeSet<SourceId> {
        loop {
            let taken = std::mem::take(&mut *self.sources.lock().unwrap_or_else(PoisonError::into_inner));
            if !taken.is_empty() {
                return taken;
            }
            self.came.notified().await;
        }
    }
}

/// Tells of changes.
pub(super) struct ChangeNotifier {
    config: Arc<Config>,
    store: Store,
    site: Arc<Site>,
    fetcher: Fetcher,
    faults: FaultLog,
    /// What hubs have to hear.
    untold: Changed,
    /// What the static copy lacks.
    uncopied: Changed,
    turns: CopyTurns,
}

impl ChangeNotifier {
    pub(super) fn new(
        config: &Arc<Config>,
        (store, site, fetcher): (&Store, &Arc<Site>, &Fetcher),
        faults: FaultLog,
        turns: CopyTurns,
    ) -> Self {
        Self {
            config: Arc::clone(config),
            store: store.clone(),
            site: Arc::clone(site),
            fetcher: fetcher.clone(),
            faults,
            untold: Changed::default(),
            uncopied: Changed::default(),
            turns,
        }
    }

    /// The feeds of a source have changed. What follows is done by [`ChangeNotifier::follow`].
    pub(super) fn changed(&self, source: &SourceId) {
        self.untold.add(source);
        self.uncopied.add(source);
    }

    /// Tells hubs what they have not heard, makes the static copy whole, and then follows changes until `stop` is cancelled.
    /// Dropping it at any point breaks nothing: what hubs have heard is in the store, and files of the copy are written
    /// whole.
    pub(super) async fn follow(&self, stop: CancellationToken) {
        let work = async { tokio::join!(self.tell_hubs(&stop), self.keep_copy()) };
        tokio::select! {
            () = stop.cancelled() => {}
            _ = work => {}
        }
    }

    async fn tell_hubs(&self, stop: &CancellationToken) {
        let hubs = self.config.publish.hubs.clone();
        if hubs.is_empty() {
            return;
        }
        let FaultLog { clock, health, .. } = self.faults.clone();
        let announcer = Announcer::new(self.fetcher.clone(), self.store.clone(), hubs, clock);
        let (tell, changes) = mpsc::channel(QUEUE);
        let news = async {
            let mut sources: BTreeSet<SourceId> =
                self.config.sources.iter().map(|source| source.id.clone()).collect();
            // The announcer hears until it ends.
            while tell.send(self.topics(&sources).await).await.is_ok() {
                sources = self.untold.take().await;
            }
        };
        let told = async {
            if let Err(fault) = announcer.with_health(health).run(changes, stop.clone()).await {
                tracing::error!(%fault, "hubs are not told of changes until the next start");
            }
        };
        tokio::join!(news, told);
    }

    async fn topics(&self, sources: &BTreeSet<SourceId>) -> Vec<Topic> {
        let topic = |feed: FeedVersion| {
            Some(Topic { url: feed.url.parse().ok()?, version: feed.version, keeper: feed.source })
        };
        self.site.versions(sources).await.into_iter().filter_map(topic).collect()
    }

    async fn keep_copy(&self) {
        let Some(folder) = &self.config.publish.export else { return };
        let mut copy = StaticCopy::default();
        loop {
            let turn = self.turns.lock().await;
            let done = self.bring_up(folder, &mut copy).await;
            drop(turn);
            let has_failed = done.is_err();
            self.faults.note(Fault::ExportFailing, "export", done.err().map(|fault| fault.to_string()));
            tokio::select! {
                changed = self.uncopied.take() => copy.waiting.extend(changed),
                () = self.faults.clock.sleep(COPY_RETRY), if has_failed => {}
            }
        }
    }

    /// Makes the copy whole, and then only what has changed of it.
    async fn bring_up(&self, folder: &Path, copy: &mut StaticCopy) -> Result<(), ExportError> {
        if !copy.is_whole {
            let begun = self.faults.clock.now();
            export::all(&self.config, &self.store, folder).await?;
            let sources = self.config.sources.iter();
            copy.followed.extend(sources.map(|source| (source.id.clone(), Followed::since(begun))));
            copy.is_whole = true;
        }
        while let Some(source) = copy.waiting.first().cloned() {
            // Of a source that was never copied everything is news.
            let never = || Followed::since(Timestamp::UNIX_EPOCH);
            let followed = copy.followed.entry(source.clone()).or_insert_with(never);
            export::source(&self.config, &self.store, folder, &source, followed).await?;
            copy.waiting.remove(&source);
        }
        Ok(())
    }
}

/// How far the static copy has come.
#[derive(Default)]
struct StaticCopy {
    is_whole: bool,
    followed: HashMap<SourceId, Followed>,
    waiting: BTreeSet<SourceId>,
}
