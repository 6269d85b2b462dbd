//! The metrics registry: what `/metrics` shows, in the OpenMetrics text format. Alerts stand on these names
//! (`config/alerts.yml`). Labels are sources, and words from fixed lists, so that the number of series is bounded by the
//! configuration.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};

/// Which source a figure is about.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct BySource {
    /// The source's id.
    pub source: String,
}

/// Which source and which outcome a figure is about.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct ByOutcome {
    /// The source's id.
    pub source: String,
    /// One word: `ok`, `partial`, `failed`; `new`, `edit`, `same`, `duplicate`, `held`.
    pub outcome: &'static str,
}

/// Which source, and whether it stands so.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct ByState {
    /// The source's id.
    pub source: String,
    /// `ok`, `waiting`, `degraded` or `failing`.
    pub state: &'static str,
}

/// Which source, and what is wrong with it.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct BySourceFinding {
    /// The source's id.
    pub source: String,
    /// The name of the finding.
    pub finding: &'static str,
}

/// What is wrong with the daemon.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct ByFinding {
    /// The name of the finding.
    pub finding: &'static str,
}

/// What was asked of the server, and the answer.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct ByRequest {
    pub(crate) kind: &'static str,
    pub(crate) status: &'static str,
}

/// What could not be written.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct ByWhat {
    /// `store`, `editions`, `export`, `hub`.
    pub what: &'static str,
}

/// What readers ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// A feed, also a filtered one.
    Feed,
    /// A month of the archive.
    Archive,
    /// A page for people.
    Page,
    /// Stylesheet and icons.
    Static,
    /// Health, metrics.
    Ops,
}

/// Their names, in the order of [`RequestKind`].
const KINDS: [&str; 5] = ["feed", "archive", "page", "static", "ops"];
/// The statuses that are counted one by one; the last stands for all others.
const STATUSES: [(u16, &str); 10] = [
    (200, "200"),
    (303, "303"),
    (304, "304"),
    (308, "308"),
    (400, "400"),
    (404, "404"),
    (405, "405"),
    (500, "500"),
    (503, "503"),
    (0, "other"),
];

/// Requests of readers, a counter for each kind and status: they are all there from the start, so that counting one is
/// one addition.
pub struct HttpRequests([[Counter; STATUSES.len()]; KINDS.len()]);

impl HttpRequests {
    fn new(family: &Family<ByRequest, Counter>) -> Self {
        Self(
            KINDS.map(|kind| {
                STATUSES.map(|(_, status)| family.get_or_create_owned(&ByRequest { kind, status }))
            }),
        )
    }

    pub(crate) fn count(&self, kind: RequestKind, status: u16) {
        let place = STATUSES.iter().position(|(known, _)| *known == status).unwrap_or(STATUSES.len() - 1);
        self.0[kind as usize][place].inc();
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

/// A figure of each source.
pub type Gauges = Family<BySource, Gauge>;

/// Every figure the daemon counts. Handed to those who count; no globals.
pub struct Metrics {
    registry: Registry,
    /// Visits by source and outcome.
    pub visits: Family<ByOutcome, Counter>,
    /// Read article pages by source and outcome.
    pub articles: Family<ByOutcome, Counter>,
    /// HTTP requests to portals by source.
    pub requests: Family<BySource, Counter>,
    /// Addresses that are known and wait to be read: the backfill that is left.
    pub waiting: Gauges,
    /// Pages held back now.
    pub held: Gauges,
    /// Stored articles by source.
    pub stored: Gauges,
    /// When the newest article was published, in seconds since 1970; 0 before the first.
    pub newest: Gauges,
    /// When a visit last succeeded, in seconds since 1970; 0 before the first.
    pub last_success: Gauges,
    /// Visits that failed in a row.
    pub failures: Gauges,
    /// Whether a source stands so, 1 for the one state that it has.
    pub state: Family<ByState, Gauge>,
    /// 1 as long as the finding lasts.
    pub findings: Family<BySourceFinding, Gauge>,
    /// The same of the daemon.
    pub daemon_findings: Family<ByFinding, Gauge>,
    pub(crate) http: HttpRequests,
    /// What could not be written.
    pub write_faults: Family<ByWhat, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tinsach");
        let build = Info::new(Build { version: env!("CARGO_PKG_VERSION") });
        registry.register("build", "The version of the program", build);
        let r = &mut registry;
        let newest = "When the newest article was published, in seconds since 1970";
        let success = "When a visit last succeeded, in seconds since 1970";
        Self {
            visits: family(r, "visits", "Visits to sources by outcome"),
            articles: family(r, "articles_read", "Article pages read by outcome"),
            requests: family(r, "requests", "HTTP requests to portals"),
            waiting: family(r, "waiting", "Known addresses that wait to be read"),
            held: family(r, "held", "Pages that are held back"),
            stored: family(r, "articles_stored", "Stored articles"),
            newest: family(r, "newest_article_timestamp_seconds", newest),
            last_success: family(r, "last_success_timestamp_seconds", success),
            failures: family(r, "consecutive_failures", "Visits that failed in a row"),
            state: family(r, "source_state", "How a source stands"),
            findings: family(r, "source_findings", "What is wrong with a source"),
            daemon_findings: family(r, "daemon_findings", "What is wrong with the daemon"),
            http: HttpRequests::new(&family(r, "http_requests", "Requests of readers by kind and status")),
            write_faults: family(r, "write_faults", "What could not be written"),
            registry,
        }
    }
}

fn family<M: Metric + Default + Clone>(registry: &mut Registry, name: &str, help: &str) -> M {
    let family = M::default();
    registry.register(name, help, family.clone());
    family
}

impl Metrics {
    /// The text of `/metrics`.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail; an empty page would say so to the scraper all the same.
        if encode(&mut text, &self.registry).is_err() {
            text.clear();
        }
        text
    }

    /// Takes out every figure of a source that is followed no more; `states` and `findings` are the words it may have.
    pub(crate) fn forget(&self, source: &str, states: &[&'static str], findings: &[&'static str]) {
        let by_source = BySource { source: source.to_owned() };
        for gauge in
            [&self.waiting, &self.held, &self.stored, &self.newest, &self.last_success, &self.failures]
        {
            gauge.remove(&by_source);
        }
        self.requests.remove(&by_source);
        for state in states {
            self.state.remove(&ByState { source: source.to_owned(), state });
        }
        for finding in findings {
            self.findings.remove(&BySourceFinding { source: source.to_owned(), finding });
        }
        for outcome in ["ok", "partial", "failed", "new", "edit", "same", "duplicate", "held"] {
            let outcome = ByOutcome { source: source.to_owned(), outcome };
            self.visits.remove(&outcome);
            self.articles.remove(&outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_shown_by_source() {
        let metrics = Metrics::default();
        metrics.visits.get_or_create(&ByOutcome { source: "haiphong".into(), outcome: "ok" }).inc();
        let text = metrics.render();
        assert!(text.contains(r#"tinsach_visits_total{source="haiphong",outcome="ok"} 1"#), "{text}");
        assert!(text.contains(r#"tinsach_build_info{version=""#), "{text}");
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn a_source_that_is_followed_no_more_leaves_nothing() {
        let metrics = Metrics::default();
        let source = "haiphong".to_owned();
        metrics.waiting.get_or_create(&BySource { source: source.clone() }).set(3);
        metrics.state.get_or_create(&ByState { source: source.clone(), state: "ok" }).set(1);
        metrics.findings.get_or_create(&BySourceFinding { source, finding: "late" }).set(1);
        metrics.forget("haiphong", &["ok"], &["late"]);
        assert!(!metrics.render().contains("haiphong"), "{}", metrics.render());
    }
}
