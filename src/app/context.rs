//! The context of a process that follows portals: configuration, store, fetcher, site, metrics, health.

use std::sync::Arc;

use anyhow::Context;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::change_notifier::{ChangeNotifier, CopyTurns};
use super::faults::FaultLog;
use super::state_dir::{self, Lock};
use crate::config::Config;
use crate::fetch::Fetcher;
use crate::health::{DaemonHealth, Fault};
use crate::model::{Clock, SourceId};
use crate::ops::metrics::Metrics;
use crate::pipeline::Pipeline;
use crate::serve::Site;
use crate::store::Store;

/// Everything that lives as long as a configuration is in force.
pub struct AppContext {
    pub config: Arc<Config>,
    pub pipeline: Pipeline,
    pub site: Arc<Site>,
    pub health: Arc<DaemonHealth>,
    pub metrics: Arc<Metrics>,
    change_notifier: Arc<ChangeNotifier>,
    faults: FaultLog,
    copy_turns: CopyTurns,
    lock: Option<Arc<Lock>>,
}

impl AppContext {
    /// Opens the state folder and builds everything on it.
    ///
    /// # Errors
    /// Whatever would make the process useless, with what to do about it.
    pub async fn open(config: Config) -> anyhow::Result<Arc<Self>> {
        let lock = state_dir::claim(&config.state_dir)?;
        let store = Store::open(&config.state_dir).await?;
        Self::build(config, store, Some(lock)).await
    }

    /// The same beside a daemon that may be running: for commands that only read.
    ///
    /// # Errors
    /// As [`AppContext::open`].
    pub async fn beside(config: Config) -> anyhow::Result<Arc<Self>> {
        let store = Store::look(&config.state_dir).await?;
        Self::build(config, store, None).await
    }

    async fn build(config: Config, store: Store, lock: Option<Lock>) -> anyhow::Result<Arc<Self>> {
        let config = Arc::new(config);
        let fetcher = Fetcher::new(&config.fetch)?;
        let metrics = Arc::new(Metrics::default());
        let health = Arc::new(DaemonHealth::default());
        let clock = Clock::system();
        let site = Site::new(Arc::clone(&config), store.clone())?
            .with_metrics(Arc::clone(&metrics))
            .with_health(Arc::clone(&health), clock.clone());
        let faults = FaultLog { health, metrics, clock };
        let parts =
            Parts { store, fetcher, site, faults, turns: CopyTurns::default(), lock: lock.map(Arc::new) };
        Ok(Arc::new(Self::of(config, parts)))
    }

    /// The context under another configuration, over the same state folder. What both have goes on: the store, finished
    /// feeds, figures, and the fetcher with its pace, unless the manners of fetching changed.
    ///
    /// # Errors
    /// If no HTTP client can be made of the new configuration.
    pub fn under(&self, config: Config) -> anyhow::Result<Arc<Self>> {
        let config = Arc::new(config);
        let fetcher = match self.config.fetch == config.fetch {
            true => self.pipeline.fetcher.clone(),
            false => self.pipeline.fetcher.under(&config.fetch)?,
        };
        let parts = Parts {
            store: self.pipeline.store.clone(),
            fetcher,
            site: self.site.under(Arc::clone(&config)),
            faults: self.faults.clone(),
            turns: Arc::clone(&self.copy_turns),
            lock: self.lock.clone(),
        };
        Ok(Arc::new(Self::of(config, parts)))
    }

    fn of(config: Arc<Config>, parts: Parts) -> Self {
        let Parts { store, fetcher, site, faults, turns: copy_turns, lock } = parts;
        let site = Arc::new(site);
        let change_notifier =
            ChangeNotifier::new(&config, (&store, &site, &fetcher), faults.clone(), Arc::clone(&copy_turns));
        let change_notifier = Arc::new(change_notifier);
        let FaultLog { health, metrics, clock } = faults.clone();
        // While some pages come, others are extracted; the fetcher sees to it that no host has more connections.
        let ahead =
            config.fetch.per_host + std::thread::available_parallelism().map_or(1, usize::from).min(4);
        let pipeline = Pipeline { store, fetcher, clock, keep: config.keep.clone(), ahead };
        Self { config, pipeline, site, health, metrics, change_notifier, faults, copy_turns, lock }
    }

    /// Closes the store; nothing may be written after this.
    ///
    /// # Errors
    /// If the store cannot be closed in order.
    pub async fn close(&self) -> anyhow::Result<()> {
        self.pipeline.store.clone().close().await.context("the database could not be closed in order")
    }

    /// Starts what follows changes of the feeds, beside everything else; the task ends when `stop` is cancelled.
    pub fn follow_changes(&self, stop: CancellationToken) -> JoinHandle<()> {
        let change_notifier = Arc::clone(&self.change_notifier);
        tokio::spawn(async move { change_notifier.follow(stop).await })
    }

    /// Brings the feeds of a source up to date; hubs and the static copy follow beside.
    pub async fn publish(&self, source: &SourceId) {
        let renewed = self.site.refresh(source).await;
        match &renewed {
            // Another feed may still be behind.
            Ok(_) if self.site.is_behind() => {}
            renewed => {
                let why = renewed.as_ref().err().map(ToString::to_string);
                self.note(Fault::FeedsNotRenewed, "editions", why);
            }
        }
        if renewed.unwrap_or(false) && self.follows(source) {
            self.change_notifier.changed(source);
        }
    }

    /// Notes that something cannot be written, with the reason, or that it can: told once when it begins and once when it
    /// is over.
    pub fn note(&self, fault: Fault, what: &'static str, why: Option<String>) {
        self.faults.note(fault, what, why);
    }

    /// Ends the faults of what another configuration does not ask for any more: of other hubs and of another folder.
    pub fn forget_faults_of(&self, before: &Config) {
        if self.config.publish.hubs != before.publish.hubs {
            self.faults.over(Fault::HubFailing);
        }
        if self.config.publish.export != before.publish.export {
            self.faults.over(Fault::ExportFailing);
        }
    }

    pub fn follows(&self, source: &SourceId) -> bool {
        self.site.follows(source)
    }
}

struct Parts {
    store: Store,
    fetcher: Fetcher,
    site: Site,
    faults: FaultLog,
    turns: CopyTurns,
    lock: Option<Arc<Lock>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::tests::config;

    #[tokio::test]
    async fn what_another_configuration_does_not_ask_for_is_no_fault_any_more() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut with_both = config("http://tin.example/", folder.path());
        with_both.publish.hubs = vec!["https://hub.example/".parse().expect("a URL")];
        with_both.publish.export = Some(folder.path().join("copy"));
        let context = AppContext::open(with_both.clone()).await.expect("a context");
        let faults = [Fault::HubFailing, Fault::ExportFailing, Fault::DiskFull];
        for fault in faults {
            context.note(fault, "hub", Some("it does not answer".to_owned()));
        }
        let open = |context: &AppContext| context.health.open().len();
        let same = context.under(with_both.clone()).expect("a context");
        same.forget_faults_of(&context.config);
        assert_eq!(open(&same), 3, "they last");
        let none = Config {
            publish: crate::config::PublishConfig {
                hubs: Vec::new(),
                export: None,
                ..with_both.publish.clone()
            },
            ..with_both
        };
        let next = same.under(none).expect("a context");
        next.forget_faults_of(&same.config);
        assert_eq!(open(&next), 1, "{:?}", next.health.open());
        context.close().await.expect("closed");
    }
}
