//! The world of a process that follows portals: configuration, store, fetcher, site, metrics.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::echo::{Echo, Speaker};
use super::state_dir::{self, Lock};
use super::upkeep;
use crate::announce::Clock;
use crate::article::SourceId;
use crate::config::Config;
use crate::fetch::Fetcher;
use crate::ops::metrics::{ByOutcome, BySource, Metrics};
use crate::ops::{heap, systemd};
use crate::pipeline::{Outcome, Pipeline, Progress, Report};
use crate::schedule::Keeper;
use crate::serve::Site;
use crate::store::Store;

/// Everything that lives as long as the process.
pub struct World {
    /// The configuration in force.
    pub config: Arc<Config>,
    /// What visits sources.
    pub pipeline: Pipeline,
    /// What is served.
    pub site: Arc<Site>,
    echo: Echo,
    announcer: Mutex<Option<Speaker>>,
    metrics: Arc<Metrics>,
    _lock: Option<Lock>,
}

impl World {
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
    /// As [`World::open`].
    pub async fn beside(config: Config) -> anyhow::Result<Arc<Self>> {
        let store = Store::look(&config.state_dir).await?;
        Self::build(config, store, None).await
    }

    async fn build(config: Config, store: Store, lock: Option<Lock>) -> anyhow::Result<Arc<Self>> {
        let config = Arc::new(config);
        let fetcher = Fetcher::new(&config.fetch)?;
        let metrics = Arc::new(Metrics::default());
        let shown = Arc::clone(&metrics);
        let site =
            Site::new(Arc::clone(&config), store.clone())?.with_metrics(Box::new(move || shown.render()));
        let site = Arc::new(site);
        let clock: Clock = Arc::new(Timestamp::now);
        let (echo, announcer) = Echo::new(&config, &store, &site, &fetcher, Arc::clone(&clock));
        // While some pages come, others are extracted; the fetcher sees to it that no host has more connections.
        let ahead =
            config.fetch.per_host + std::thread::available_parallelism().map_or(1, usize::from).min(4);
        let pipeline = Pipeline { store, fetcher, clock, keep: config.keep.clone(), ahead };
        let announcer = Mutex::new(announcer);
        Ok(Arc::new(Self { config, pipeline, site, echo, announcer, metrics, _lock: lock }))
    }

    /// Closes the store; nothing may be written after this.
    ///
    /// # Errors
    /// If the store cannot be closed in order.
    pub async fn close(&self) -> anyhow::Result<()> {
        self.pipeline.store.clone().close().await.context("the database could not be closed in order")
    }

    /// Starts what follows changes of the feeds; the task ends when `stop` is cancelled.
    pub async fn announce_until(&self, stop: CancellationToken) -> JoinHandle<()> {
        self.echo.begin().await;
        let announcer = self.announcer.lock().unwrap_or_else(PoisonError::into_inner).take();
        tokio::spawn(async move {
            let Some((announcer, changes)) = announcer else { return };
            if let Err(fault) = announcer.run(changes, stop).await {
                tracing::error!(%fault, "hubs are not told of changes until the next start");
            }
        })
    }

    fn count(&self, report: &Report) {
        let by_source = BySource { source: report.source.clone() };
        let outcome = |word: &str| ByOutcome { source: report.source.clone(), outcome: word.to_owned() };
        let counter = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        let gauge = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.metrics.visits.get_or_create(&outcome(report.outcome.name())).inc();
        self.metrics.requests.get_or_create(&by_source).inc_by(report.requests);
        self.metrics.waiting.get_or_create(&by_source).set(gauge(report.waiting));
        let held = report.held.len();
        let counts = [
            ("new", report.new),
            ("edit", report.edited),
            ("same", report.same),
            ("duplicate", report.joined),
            ("held", held),
        ];
        for (word, count) in counts {
            self.metrics.articles.get_or_create(&outcome(word)).inc_by(counter(count));
        }
        if report.outcome != Outcome::Failed {
            self.metrics.last_success.get_or_create(&by_source).set(report.finished.as_second());
        }
    }
}

impl Progress for World {
    /// New articles are published while a long visit goes on.
    async fn committed(&self, source: &SourceId) {
        match self.site.refresh(source).await {
            Ok(true) => self.echo.changed(source).await,
            Ok(false) => {}
            Err(fault) => {
                tracing::error!(%source, %fault, "the feeds could not be renewed; the last good ones stay up")
            }
        }
    }
}

impl Keeper for World {
    async fn visited(&self, report: &Report) {
        self.count(report);
        let source = SourceId::new(&report.source);
        upkeep::forget_old(&self.config, &source, &self.pipeline.store, report.finished).await;
        let line = report.to_string();
        let line = line.lines().next().unwrap_or_default();
        match &report.trouble() {
            Some(trouble) => tracing::warn!(source = report.source, trouble, "{line}"),
            None => tracing::info!(source = report.source, "{line}"),
        }
        systemd::status(line);
        heap::give_back();
    }

    fn alive(&self) {
        systemd::alive();
    }
}
