//! One visit of the schedule: made, written down, weighed for the next.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::rhythm::{Situation, next_visit};
use super::{ScheduleObserver, facts};
use crate::config::Source;
use crate::health::{Change, Record, Rhythm};
use crate::pipeline::{Extent, Pipeline, Report};
use crate::store::StoreError;

/// Article pages of one visit. A longer backfill goes on at the next visit, after a look for news.
const MAX_PAGES: usize = 200;
/// The pause before a backfill goes on.
const BACKFILL_PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// Publication times that the rhythm is learned from.
const MAX_PUBLICATIONS: usize = 500;
/// When a visit that could not be written down is tried again.
const STORE_RETRY_PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// One visit; gives the time of the next.
///
/// # Errors
/// If the store is closed.
pub(super) async fn visit<O: ScheduleObserver>(
    pipeline: &Pipeline,
    source: &Source,
    observer: &O,
    stop: &CancellationToken,
) -> Result<Timestamp, StoreError> {
    match visit_and_store(pipeline, source, observer, stop).await {
        Err(StoreError::Closed) => Err(StoreError::Closed),
        Err(fault) => {
            observer.not_stored(&source.id, &fault);
            let pause = SignedDuration::try_from(source.every.min)
                .unwrap_or(STORE_RETRY_PAUSE)
                .max(STORE_RETRY_PAUSE);
            Ok(pipeline.clock.now().checked_add(pause).unwrap_or(Timestamp::MAX))
        }
        next => next,
    }
}

async fn visit_and_store<O: ScheduleObserver>(
    pipeline: &Pipeline,
    source: &Source,
    observer: &O,
    stop: &CancellationToken,
) -> Result<Timestamp, StoreError> {
    let report = pipeline.visit(source, Extent::Pages(MAX_PAGES), observer, stop).await?;
    if report.changed {
        observer.committed(&source.id).await;
    }
    for other in &report.also_changed {
        observer.committed(other).await;
    }
    let publications = pipeline.store.publications(&source.id, MAX_PUBLICATIONS).await?;
    let mut state = pipeline.store.source_state(&source.id).await?;
    let now = pipeline.clock.now();
    // A visit that was broken off says nothing of what it did not ask.
    let mut record = Record::from_text(state.health.as_deref());
    let mut changes = Vec::new();
    if !stop.is_cancelled() {
        changes = update_health(&mut record, source, &report, &publications);
        state.health = record.to_text();
    }
    if changes.iter().any(|change| matches!(change, Change::Ended(_))) {
        // What was held back or not to be had meanwhile is read after all.
        pipeline.store.try_again(&source.id, now).await?;
    }
    // As after a visit that failed whole: two visits tell an outage from an accident only if they are apart.
    let doubt = record.is_in_doubt().then(|| source.every.min.saturating_mul(2).min(source.every.max));
    let asked = report.asked_pause.max(doubt);
    let next = next(source, &report, &publications, (now, state.failures, asked));
    state.due = Some(next);
    pipeline.store.save_source_state(&source.id, state).await?;
    observer.visited(source, &report, &changes).await;
    Ok(next)
}

/// When the next visit is due, after this one that ended `now` as the last of so many failures in a row, if a pause was
/// `asked` for not before that.
fn next(
    source: &Source,
    report: &Report,
    publications: &[Timestamp],
    (now, failures, asked): (Timestamp, u32, Option<Duration>),
) -> Timestamp {
    if report.goes_on() {
        return now + BACKFILL_PAUSE;
    }
    next_visit(&Situation {
        now,
        every: source.every,
        zone: &source.time_zone,
        publications,
        failures,
        asked,
        chance: fastrand::f64(),
    })
}

fn update_health(
    record: &mut Record,
    source: &Source,
    report: &Report,
    publications: &[Timestamp],
) -> Vec<Change> {
    record.take_in(&facts::visit_facts(report), Rhythm { zone: &source.time_zone, publications })
}
