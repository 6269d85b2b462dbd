//! A mocked portal and a tinsach that follows it: the world of the tests of the whole path.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;
use tinsach::config::{self, Backfill, Config, Environment, Keep};
use tinsach::fetch::Fetcher;
use tinsach::model::Clock;
use tinsach::pipeline::{Extent, Pipeline, Report, Silent};
use tinsach::serve::Site;
use tinsach::store::{Scope, Store, Stored};
use tokio_util::sync::CancellationToken;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::simulated::daemon::FEED_AND_FRONT;

/// Noon of the day after the newest article of the demonstration's portal.
pub const NOON: i64 = 1_720_069_200;

/// The pages of the demonstration's portal: path, media type, body.
pub static DEMO: LazyLock<Vec<(&'static str, &'static str, &'static str)>> = LazyLock::new(|| {
    const HTML: &str = "text/html; charset=utf-8";
    vec![
        ("/", HTML, include_str!("../../assets/demo/listing.html")),
        (SEED, HTML, include_str!("../../assets/demo/article-7301.html")),
        (
            "/thong-bao-tam-ngung-cap-nuoc-de-sua-chua-duong-ong.html",
            HTML,
            include_str!("../../assets/demo/article-7288.html"),
        ),
        (
            "/vinh-lan-ha-mua-he-nhung-dieu-du-khach-can-biet.html",
            HTML,
            include_str!("../../assets/demo/article-7275.html"),
        ),
    ]
});

/// The seed article's path.
pub const SEED: &str =
    "/thuong-truc-thanh-uy-giao-ban-voi-mat-tran-to-quoc-va-cac-to-chuc-chinh-tri-xa-hoi-thanh-pho.html";

/// A mocked portal.
pub struct Portal {
    pub server: MockServer,
}

impl Portal {
    /// A portal that knows no page yet.
    pub async fn empty() -> Self {
        Self { server: MockServer::start().await }
    }

    /// The demonstration's portal, with its feed.
    pub async fn demo() -> Self {
        let portal = Self::empty().await;
        portal.mount_demo().await;
        portal
    }

    pub async fn mount_demo(&self) {
        for (place, kind, body) in DEMO.iter() {
            self.mount(place, kind, body).await;
        }
        let feed =
            include_str!("../../assets/demo/feed.xml").replace("{base}", &format!("{}/", self.server.uri()));
        self.mount("/feed/", "application/rss+xml; charset=utf-8", &feed).await;
    }

    pub async fn mount(&self, place: &str, kind: &str, body: &str) {
        let answer = ResponseTemplate::new(200).set_body_raw(body.as_bytes().to_vec(), kind);
        Mock::given(method("GET")).and(path(place)).respond_with(answer).mount(&self.server).await;
    }

    pub async fn answer(&self, place: &str, answer: ResponseTemplate) {
        Mock::given(method("GET")).and(path(place)).respond_with(answer).mount(&self.server).await;
    }

    /// Forgets every page.
    pub async fn reset(&self) {
        self.server.reset().await;
    }
}

/// A tinsach that follows a mocked portal, with a clock of its own.
pub struct Follower {
    pub config: Arc<Config>,
    pub pipeline: Pipeline,
    pub site: Arc<Site>,
    seconds: Arc<AtomicI64>,
    _state: TempDir,
}

impl Follower {
    /// Follows by feed and front page.
    pub async fn of(portal: &Portal) -> Self {
        Self::with(portal, FEED_AND_FRONT).await
    }

    /// Follows by the discovery methods that `discover` says.
    pub async fn with(portal: &Portal, discover: &str) -> Self {
        let state = tempfile::tempdir().expect("a temporary folder");
        let config = Arc::new(configuration(&portal.server.uri(), discover, state.path()));
        let seconds = Arc::new(AtomicI64::new(NOON));
        let read = Arc::clone(&seconds);
        let clock =
            Clock::of(move || Timestamp::from_second(read.load(Ordering::Relaxed)).expect("in range"));
        let store = Store::open(&config.state_dir).await.expect("a fresh store");
        let fetcher = Fetcher::with_clock(&config.fetch, clock.clone()).expect("a client");
        let site = Arc::new(Site::new(Arc::clone(&config), store.clone()).expect("a site"));
        let keep = config::KeepConfig { raw_pages: Keep::All, ..config.keep.clone() };
        let pipeline = Pipeline { store, fetcher, clock, keep, ahead: 1 };
        Self { config, pipeline, site, seconds, _state: state }
    }

    /// Changes how far back the source is read.
    pub fn limit(&mut self, backfill: Backfill) {
        let mut config = Config::clone(&self.config);
        config.sources[0].backfill = backfill;
        self.config = Arc::new(config);
    }

    /// Lets time pass.
    pub fn advance(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// One visit, whole, and the feeds renewed.
    pub async fn visit(&self) -> Report {
        let stop = CancellationToken::new();
        let source = &self.config.sources[0];
        let report =
            self.pipeline.visit(source, Extent::Everything, &Silent, &stop).await.expect("the store works");
        self.site.load().await.expect("the feeds are renewed");
        report
    }

    /// Everything stored, newest first.
    pub async fn articles(&self) -> Vec<Stored> {
        self.pipeline.store.newest(&Scope::All, 200).await.expect("the store works")
    }

    /// The article with this title.
    pub async fn article(&self, title: &str) -> Stored {
        let all = self.articles().await;
        let titles: Vec<String> = all.iter().map(|stored| stored.article.title.clone()).collect();
        all.into_iter()
            .find(|stored| stored.article.title == title)
            .unwrap_or_else(|| panic!("{title:?} is not among {titles:?}"))
    }

    /// What a reader gets at a path, over HTTP.
    pub async fn get(&self, path: &str) -> Vec<u8> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}{path}", listener.local_addr().expect("an address"));
        let stop = CancellationToken::new();
        let server = tinsach::serve::start(vec![listener], &self.site, &stop).expect("a server");
        let answer = reqwest::get(&url).await.expect("an answer");
        assert_eq!(answer.status(), 200, "{url}");
        let body = answer.bytes().await.expect("a body").to_vec();
        stop.cancel();
        server.ended().await.expect("the server ends in order");
        body
    }

    /// Every stored edition, by file name.
    pub fn editions(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.config.state_dir.join("editions"), &mut files);
        files.sort();
        files
    }
}

fn collect(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder of editions") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            collect(&path, into);
        } else {
            into.push((path.display().to_string(), std::fs::read(&path).expect("a readable edition")));
        }
    }
}

fn configuration(portal: &str, discover: &str, state: &Path) -> Config {
    let environment = Environment { state_directory: Some(state.into()), ..Environment::default() };
    let mut config = config::load(None, &environment).expect("the defaults are right");
    let source = format!(
        "id = \"haiphong\"\ntitle = \"Cổng tin tức Thành phố Hải Phòng\"\nhome = \"{portal}/\"\nlanguage = \"vi\"\n\
         timezone = \"Asia/Ho_Chi_Minh\"\nbackfill = \"all\"\n[discover]\n{discover}\n"
    );
    let source = config::read_source(Path::new("haiphong.toml"), &source);
    config.sources = vec![source.unwrap_or_else(|faults| panic!("{faults}"))];
    config.fetch.gap = Duration::ZERO;
    config.fetch.timeout = Duration::from_millis(500);
    config.fetch.allow_private = vec!["127.0.0.0/8".parse().expect("a network")];
    config
}
