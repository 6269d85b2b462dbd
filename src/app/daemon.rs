//! The daemon: what the schedule tells, shown where people look, and the configuration swapped while it runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::context::AppContext;
use super::status_line::StatusLine;
use super::{figures, upkeep};
use crate::config::{self, Config, Environment, Source};
use crate::health::{Change, Fault, Record};
use crate::model::SourceId;
use crate::ops::progress::EveryHalfMinute;
use crate::ops::{clock, heap, systemd};
use crate::pipeline::{Outcome, Progress, Report};
use crate::schedule::{Following, ScheduleObserver};
use crate::serve::Server;
use crate::store::{SourceState, StoreError};

/// Longest wait for the files of the configuration: a disk that does not answer must not keep a later reload waiting.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// The daemon: hears what the schedule does, and reloads.
pub(super) struct Daemon {
    context: ArcSwap<AppContext>,
    server: Server,
    following: watch::Sender<Arc<Following>>,
    /// Ends the announcer of the configuration in force.
    announcing: ArcSwap<CancellationToken>,
    stop: CancellationToken,
    progress: EveryHalfMinute,
    status: StatusLine,
}

impl Daemon {
    pub(super) async fn new(context: Arc<AppContext>, server: Server, stop: CancellationToken) -> Self {
        let following = watch::Sender::new(Following::new(context.pipeline.clone(), &context.config.sources));
        let announcing = ArcSwap::from_pointee(stop.child_token());
        let (progress, status) = (EveryHalfMinute::default(), StatusLine::default());
        let daemon =
            Self { context: ArcSwap::new(context), server, following, announcing, stop, progress, status };
        daemon.note_store();
        daemon.announce();
        daemon.show_all().await;
        daemon
    }

    /// Whom the schedule follows, and every change of it.
    pub(super) fn following(&self) -> watch::Receiver<Arc<Following>> {
        self.following.subscribe()
    }

    /// Waits until every answer that was under way is sent, and closes the store.
    ///
    /// # Errors
    /// If a thread that serves broke down, or the store cannot be closed in order.
    pub(super) async fn end(self) -> anyhow::Result<()> {
        self.server.ended().await?;
        self.context.load().close().await
    }

    /// Reads the configuration again and puts it in force, whole or not at all. Visits under way end undisturbed, serving
    /// goes on.
    pub(super) async fn reload(&self) {
        systemd::reloading();
        let before = self.context.load_full();
        match self.swap(&before).await {
            Ok(sources) => tracing::info!(sources, "the configuration was reloaded"),
            Err(why) => {
                tracing::error!("the configuration was not reloaded, the one before stays in force: {why}")
            }
        }
        systemd::ready();
    }

    async fn swap(&self, before: &AppContext) -> Result<usize, String> {
        let file = before.config.file.clone();
        let read = move || {
            let environment = Environment::from_process();
            config::load(file.as_deref(), &environment).map_err(|faults| faults.render(false))
        };
        let read = tokio::time::timeout(READ_TIMEOUT, tokio::task::spawn_blocking(read)).await;
        let read =
            read.map_err(|_| format!("its files could not be read within {} s", READ_TIMEOUT.as_secs()))?;
        let config = read.map_err(|fault| fault.to_string())??;
        let config = with_fixed(config, &before.config);
        if config == *before.config {
            return Ok(config.sources.len());
        }
        let next = before.under(config).map_err(|fault| format!("{fault:#}"))?;
        // From here on visits that end publish by the new configuration: what they bring after its feeds were made is in
        // them too.
        self.context.store(Arc::clone(&next));
        // Every new source has a feed before anybody is told of it.
        if let Err(fault) = next.site.load_after(&before.site).await {
            next.note(Fault::FeedsNotRenewed, "editions", Some(fault.to_string()));
        }
        self.server.show(Arc::clone(&next.site));
        next.site.forget_others();
        next.forget_faults_of(&before.config);
        self.announce();
        for source in before.config.sources.iter().filter(|source| !next.follows(&source.id)) {
            figures::forget(&next.metrics, &source.id);
        }
        self.following.send_replace(Following::new(next.pipeline.clone(), &next.config.sources));
        self.show_all().await;
        Ok(next.config.sources.len())
    }

    /// Starts what follows changes of the feeds under the configuration in force, in place of what did before.
    fn announce(&self) {
        let token = self.stop.child_token();
        self.announcing.swap(Arc::new(token.clone())).cancel();
        self.context.load().follow_changes(token);
    }

    async fn show_all(&self) {
        let states = self.context.load().pipeline.store.source_states().await;
        // What cannot be read now is shown after the next visit.
        let states = states.unwrap_or_default();
        let (context, unknown) = (self.context.load(), SourceState::default());
        self.status.clear();
        let now = context.pipeline.clock.now();
        for source in &context.config.sources {
            let state = states.get(&source.id).unwrap_or(&unknown);
            let record = Record::from_text(state.health.as_deref());
            figures::show(&context.metrics, &source.id, (state, &record), now);
            self.status.stands(&source.id, &record);
        }
        self.status.well(&format!("following {} sources; all well", context.config.sources.len()));
        self.tell_status();
    }

    /// Shows how a source stands after a visit; answers its state, if it can be read. It may have been taken out of the
    /// configuration meanwhile, and then it has no figures any more.
    async fn show(&self, source: &SourceId, report: &Report) -> Option<(SourceState, Record)> {
        let state = self.context.load_full().pipeline.store.source_state(source).await.ok();
        let stands = state.map(|state| {
            let record = Record::from_text(state.health.as_deref());
            (state, record)
        });
        let context = self.context.load();
        if !context.follows(source) {
            return stands;
        }
        figures::count(&context.metrics, report);
        if let Some((state, record)) = &stands {
            figures::show(&context.metrics, source, (state, record), context.pipeline.clock.now());
            self.status.stands(source, record);
            self.status.well(report.to_string().lines().next().unwrap_or_default());
        }
        stands
    }

    /// One line for `systemctl status`: what is worst, else that all is well.
    fn tell_status(&self) {
        let context = self.context.load();
        self.status.tell(&context.health, context.pipeline.clock.now());
    }

    fn note_store(&self) {
        let context = self.context.load();
        let store = &context.pipeline.store;
        let write = store.write_trouble().map(|trouble| trouble.error);
        let (full, other): (Option<_>, Option<_>) = match write {
            Some(error) if error.is_full() => (Some(error.to_string()), None),
            other => (None, other.map(|error| error.to_string())),
        };
        context.note(Fault::DiskFull, "store", full);
        context.note(Fault::DiskReadOnly, "store", other);
        let damage = store.damage().map(|trouble| trouble.error.to_string());
        context.note(Fault::DatabaseDamaged, "store", damage.or_else(|| store.notice().map(str::to_owned)));
    }
}

/// Keeps what cannot change while the process runs, and says so.
fn with_fixed(mut config: Config, before: &Config) -> Config {
    if config.state_dir != before.state_dir {
        tracing::warn!("`state_dir` was changed: the new folder is used from the next start on");
        config.state_dir.clone_from(&before.state_dir);
    }
    if config.listen != before.listen {
        tracing::warn!("`listen` was changed: the new address is used from the next start on");
        config.keep_listening(&before.listen);
    }
    config
}

impl Progress for Daemon {
    fn read(&self, source: &SourceId, done: u64, waiting: u64) {
        if let Some(line) = self.progress.line(source.as_str(), done, waiting, Instant::now()) {
            tracing::info!("{line}");
        }
    }

    /// New articles are published while a long visit goes on.
    async fn committed(&self, source: &SourceId) {
        self.context.load_full().publish(source).await;
    }
}

impl ScheduleObserver for Daemon {
    async fn visited(&self, source: &Source, report: &Report, changes: &[Change]) {
        let context = self.context.load_full();
        self.note_store();
        upkeep::forget_old(&context.config, &source.id, &context.pipeline.store, report.finished).await;
        let stands = self.show(&source.id, report).await;
        if !report.goes_on() {
            self.progress.ended(source.id.as_str());
        }
        log(source, report, changes, stands.is_some_and(|(state, record)| is_untold(&state, &record)));
        self.tell_status();
        heap::give_back();
    }

    fn not_stored(&self, source: &SourceId, fault: &StoreError) {
        tracing::debug!(%source, %fault, "a visit was not written down");
        self.note_store();
        self.tell_status();
    }

    fn alive(&self) {
        systemd::alive();
        self.tell_status();
    }

    fn suspended(&self, now: Timestamp) -> Option<&'static str> {
        let context = self.context.load();
        let is_wrong = clock::is_wrong(now);
        let why = is_wrong.then(|| format!("it says {now}, which is before this program was made"));
        context.note(Fault::ClockWrong, "clock", why);
        is_wrong.then_some("the clock is wrong")
    }
}

/// Whether what is wrong with a source after its last visit was not told before: no finding lasts, and the visit before was
/// well.
fn is_untold(state: &SourceState, record: &Record) -> bool {
    state.failures <= 1 && record.findings.is_empty()
}

/// A visit is one line, and none where nothing came of it; what begins and ends to be wrong is told once each.
fn log(source: &Source, report: &Report, changes: &[Change], is_first: bool) {
    let id = source.id.as_str();
    for change in changes {
        match change {
            Change::Began(finding) => {
                let (kind, advice) = (finding.kind.name(), finding.kind.advice());
                tracing::warn!(source = id, finding = kind, url = finding.url, "{finding}. {advice}");
            }
            Change::Ended(finding) => {
                let lasted = finding.seen.duration_since(finding.since);
                let lasted = SignedDuration::from_mins(lasted.as_mins());
                let title = finding.kind.title();
                tracing::info!(source = id, finding = finding.kind.name(), "over after {lasted:#}: {title}");
            }
        }
    }
    let text = report.to_string();
    let line = text.lines().next().unwrap_or_default();
    let line = line.strip_prefix(&format!("{id}: ")).unwrap_or(line);
    let is_news = report.new + report.edited + report.removed > 0;
    match report.trouble() {
        // What lasts was told when it began; of what may be over at the next visit one line is enough.
        Some(why) if report.outcome != Outcome::Ok && changes.is_empty() && !is_news => match is_first {
            true => tracing::info!(source = id, "{line}: {why}"),
            false => tracing::debug!(source = id, "{line}: {why}"),
        },
        _ if is_news => tracing::info!(source = id, "{line}"),
        _ => tracing::debug!(source = id, "{line}"),
    }
}
