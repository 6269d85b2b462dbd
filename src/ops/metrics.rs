//! The metrics registry: what `/metrics` shows, in the OpenMetrics text format.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

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
    /// One word: `ok`, `failed`, `new`, `edit`, `same`, `duplicate`, `held`.
    pub outcome: String,
}

/// Every figure the daemon counts. Handed to those who count; no globals.
pub struct Metrics {
    registry: Registry,
    /// Visits by source and outcome.
    pub visits: Family<ByOutcome, Counter>,
    /// Read article pages by source and outcome.
    pub articles: Family<ByOutcome, Counter>,
    /// HTTP requests to portals by source.
    pub requests: Family<BySource, Counter>,
    /// Articles that are known and wait to be read: the backfill that is left.
    pub waiting: Family<BySource, Gauge>,
    /// Stored articles by source.
    pub stored: Family<BySource, Gauge>,
    /// When a visit last succeeded, in seconds since 1970.
    pub last_success: Family<BySource, Gauge>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tinsach");
        let visits = Family::default();
        registry.register("visits", "Visits to sources by outcome", visits.clone());
        let articles = Family::default();
        registry.register("articles_read", "Article pages read by outcome", articles.clone());
        let requests = Family::default();
        registry.register("requests", "HTTP requests to portals", requests.clone());
        let waiting = Family::default();
        registry.register("backfill_waiting", "Known articles that wait to be read", waiting.clone());
        let stored = Family::default();
        registry.register("articles_stored", "Stored articles", stored.clone());
        let last_success = Family::default();
        registry.register(
            "last_success_timestamp_seconds",
            "When a visit last succeeded",
            last_success.clone(),
        );
        Self { registry, visits, articles, requests, waiting, stored, last_success }
    }
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_shown_by_source() {
        let metrics = Metrics::default();
        metrics.visits.get_or_create(&ByOutcome { source: "haiphong".into(), outcome: "ok".into() }).inc();
        let text = metrics.render();
        assert!(text.contains(r#"tinsach_visits_total{source="haiphong",outcome="ok"} 1"#), "{text}");
        assert!(text.ends_with("# EOF\n"));
    }
}
