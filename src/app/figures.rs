//! The figures of `/metrics` that are a source's, set after each visit.

use jiff::Timestamp;

use crate::health::{Kind, Record, Status};
use crate::model::SourceId;
use crate::ops::metrics::{ByOutcome, BySource, BySourceFinding, ByState, Gauges, Metrics};
use crate::pipeline::Report;
use crate::serve::status_of;
use crate::store::SourceState;

pub(super) fn show(
    metrics: &Metrics,
    source: &SourceId,
    (state, record): (&SourceState, &Record),
    now: Timestamp,
) {
    let status = status_of(state, record, now);
    let by_source = BySource { source: source.to_string() };
    let set = |gauges: &Gauges, value: i64| {
        gauges.get_or_create(&by_source).set(value);
    };
    let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    set(&metrics.waiting, count(state.waiting));
    set(&metrics.held, count(state.held));
    set(&metrics.stored, count(state.articles));
    set(&metrics.newest, state.newest.map_or(0, |at| at.as_second()));
    set(&metrics.last_success, state.succeeded.map_or(0, |at| at.as_second()));
    set(&metrics.failures, i64::from(state.failures));
    for one in Status::ALL {
        let label = ByState { source: source.to_string(), state: one.name() };
        metrics.state.get_or_create(&label).set(i64::from(one == status));
    }
    for kind in Kind::ALL {
        let label = BySourceFinding { source: source.to_string(), finding: kind.name() };
        let lasts = record.findings.iter().any(|finding| finding.kind == kind);
        metrics.findings.get_or_create(&label).set(i64::from(lasts));
    }
}

/// Takes out the figures of a source that is followed no more.
pub(super) fn forget(metrics: &Metrics, source: &SourceId) {
    metrics.forget(source.as_str(), &Status::ALL.map(Status::name), &Kind::ALL.map(Kind::name));
}

/// Counts what a visit brought.
pub(super) fn count(metrics: &Metrics, report: &Report) {
    let by_source = BySource { source: report.source.clone() };
    let outcome = |outcome| ByOutcome { source: report.source.clone(), outcome };
    metrics.visits.get_or_create(&outcome(report.outcome.name())).inc();
    metrics.requests.get_or_create(&by_source).inc_by(report.requests);
    let counts = [
        ("new", report.new),
        ("edit", report.edited),
        ("same", report.same),
        ("duplicate", report.joined),
        ("held", report.held.len()),
    ];
    for (word, count) in counts {
        metrics.articles.get_or_create(&outcome(word)).inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }
}
