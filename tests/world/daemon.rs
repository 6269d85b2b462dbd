//! A tinsach that follows the portals: the real schedule, fetcher, pipeline and store, under the world's clock.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;
use tinsach::config::{self, Config, Environment, Keep, Source};
use tinsach::fetch::Fetcher;
use tinsach::health::{Change, Finding, Kind, Record};
use tinsach::model::{Clock, SimulatedTime, SourceId};
use tinsach::pipeline::{Pipeline, Progress, Report};
use tinsach::schedule::{self, Following, ScheduleObserver};
use tinsach::store::{Scope, Store, StoreError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::portal::Portal;
use super::server::Web;

/// A visit that was made.
#[derive(Clone, Debug)]
pub struct Visited {
    pub at: Timestamp,
    pub source: String,
    pub requests: u64,
    pub waiting: u64,
    pub changes: Vec<Change>,
    pub line: String,
}

/// A world with its daemon.
pub struct World {
    pub time: SimulatedTime,
    pub web: Arc<Web>,
    pub config: Config,
    pub pipeline: Pipeline,
    pub visits: Mutex<Vec<Visited>>,
    until: Mutex<Timestamp>,
    stop: Mutex<CancellationToken>,
    _state: TempDir,
}

/// By what a source is followed: `[discover]` of its file.
pub const FEED_AND_FRONT: &str =
    "wp_json = false\nsitemap = false\nfeeds = [\"/feed/\"]\nlistings = [{ url = \"/\" }]";
pub const API_FEED_AND_FRONT: &str =
    "wp_json = true\nsitemap = false\nfeeds = [\"/feed/\"]\nlistings = [{ url = \"/\" }]";
pub const ALL: &str = "wp_json = true\nsitemap = true\nfeeds = [\"/feed/\"]\nlistings = [{ url = \"/\" }]";
pub const API: &str = "wp_json = true\nsitemap = false\nfeeds = false\nlistings = false";
pub const FEED: &str = "wp_json = false\nsitemap = false\nfeeds = [\"/feed/\"]\nlistings = false";
pub const FRONT: &str = "wp_json = false\nsitemap = false\nfeeds = false\nlistings = [{ url = \"/\" }]";

impl World {
    /// A world of these portals at a time; `every` is the least and the longest pause of the rhythm.
    pub async fn new(start: Timestamp, portals: Vec<(Portal, &str)>, every: (&str, &str)) -> Self {
        // The rhythm's jitter: the same at every run, as far as threads allow.
        fastrand::seed(1);
        let (clock, time) = Clock::simulated(start);
        let (portals, discover): (Vec<_>, Vec<_>) = portals.into_iter().unzip();
        let web = Web::start(portals, time.clone()).await;
        let state = tempfile::tempdir().expect("a temporary folder");
        let sources =
            discover.iter().enumerate().map(|(n, discover)| source(n, &web.base(n), discover, every));
        let config = configuration(state.path(), sources.collect());
        let store = Store::open(&config.state_dir).await.expect("a fresh store");
        let fetcher = Fetcher::with_clock(&config.fetch, clock.clone()).expect("a client");
        let keep = config::KeepConfig { raw_pages: Keep::For(Duration::ZERO), ..config.keep.clone() };
        let pipeline = Pipeline { store, fetcher, clock, keep, ahead: 2 };
        Self {
            time,
            web,
            config,
            pipeline,
            visits: Mutex::default(),
            until: Mutex::new(start),
            stop: Mutex::default(),
            _state: state,
        }
    }

    /// Lets the daemon run until a time.
    pub async fn run_until(&self, until: Timestamp) {
        *self.until.lock().expect("a lock") = until;
        let stop = CancellationToken::new();
        *self.stop.lock().expect("a lock") = stop.clone();
        let (_keep, following) = watch::channel(Following::new(self.pipeline.clone(), &self.config.sources));
        let heartbeat = Duration::from_secs(3600);
        schedule::run(following, self, heartbeat, &stop).await.expect("the store works");
    }

    pub fn source_id(n: usize) -> SourceId {
        SourceId::new(&format!("nguon-{n}"))
    }

    /// What is wrong with a source now.
    pub async fn findings(&self, n: usize) -> Vec<Finding> {
        let state = self.pipeline.store.source_state(&Self::source_id(n)).await.expect("the store works");
        Record::from_text(state.health.as_deref()).findings
    }

    /// Every visit to a source.
    pub fn visits_to(&self, n: usize) -> Vec<Visited> {
        let id = Self::source_id(n).to_string();
        self.visits.lock().expect("a lock").iter().filter(|visit| visit.source == id).cloned().collect()
    }

    /// Every kind that began to be wrong with a source, with when.
    pub fn alarms(&self, n: usize) -> Vec<(Timestamp, Kind)> {
        let began = |visit: &Visited| {
            let at = visit.at;
            let kinds = visit.changes.iter().filter_map(move |change| match change {
                Change::Began(finding) => Some((at, finding.kind)),
                Change::Ended(_) => None,
            });
            kinds.collect::<Vec<_>>()
        };
        self.visits_to(n).iter().flat_map(began).collect()
    }

    /// Titles of everything that was published of a source.
    pub async fn titles(&self, n: usize) -> Vec<String> {
        let all = self.pipeline.store.newest(&Scope::Source(Self::source_id(n)), 100_000).await;
        all.expect("the store works").into_iter().map(|stored| stored.article.title).collect()
    }
}

impl Progress for World {}

impl ScheduleObserver for World {
    async fn visited(&self, source: &Source, report: &Report, changes: &[Change]) {
        self.visits.lock().expect("a lock").push(Visited {
            at: report.started,
            source: source.id.to_string(),
            requests: report.requests,
            waiting: report.waiting,
            changes: changes.to_vec(),
            line: report.to_string(),
        });
    }

    fn not_stored(&self, source: &SourceId, fault: &StoreError) {
        panic!("{source}: {fault}");
    }

    fn alive(&self) {}

    fn suspended(&self, now: Timestamp) -> Option<&'static str> {
        if now >= *self.until.lock().expect("a lock") {
            self.stop.lock().expect("a lock").cancel();
            return Some("the world's time is over");
        }
        None
    }
}

fn source(n: usize, base: &str, discover: &str, every: (&str, &str)) -> Source {
    let (min, max) = every;
    let text = format!(
        "id = \"nguon-{n}\"\ntitle = \"Nguồn {n}\"\nhome = \"{base}/\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n\
         every = {{ min = \"{min}\", max = \"{max}\" }}\nbackfill = \"400d\"\n[discover]\n{discover}\n"
    );
    let read = config::read_source(Path::new("nguon.toml"), &text);
    read.unwrap_or_else(|faults| panic!("{faults}"))
}

fn configuration(state: &Path, sources: Vec<Source>) -> Config {
    let environment = Environment { state_directory: Some(state.into()), ..Environment::default() };
    let mut config = config::load(None, &environment).expect("the defaults are right");
    config.sources = sources;
    config.fetch.gap = Duration::ZERO;
    config.fetch.timeout = Duration::from_secs(1);
    config.fetch.allow_private = vec!["127.0.0.0/8".parse().expect("a network")];
    config
}
