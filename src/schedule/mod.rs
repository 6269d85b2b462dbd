//! When each source is visited: the rhythm (pure), and the loop that keeps it.
//!
//! Due times are stored after every visit, so a restart causes no stampede and loses no place. In memory they stand in
//! order, so that ten thousand sources cost no more to wait for than one.

mod rhythm;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

pub use rhythm::{Situation, next_visit};

use crate::config::Source;
use crate::pipeline::{Extent, Outcome, Pipeline, Progress, Report};
use crate::store::StoreError;

/// Sources visited at the same time; each is another host.
const VISITS: usize = 8;
/// Article pages of one visit. A longer backfill goes on at the next visit, after a look for news.
const PAGES: usize = 200;
/// The pause before a backfill goes on.
const GO_ON: SignedDuration = SignedDuration::from_secs(5);
/// Publication times that the rhythm is learned from.
const HISTORY: usize = 500;
/// How often the loop says that it is alive, where nobody asks for more.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// Hears what the schedule does.
pub trait Keeper: Progress {
    /// A visit has ended.
    fn visited(&self, report: &Report) -> impl Future<Output = ()> + Send;
    /// The loop turns.
    fn alive(&self);
}

/// Due times in order, and which source each belongs to.
type Due = BTreeSet<(Timestamp, usize)>;

/// Visits every source when it is due, until `stop` is cancelled; visits under way then end after the article at hand.
///
/// # Errors
/// If the store cannot be read or written: nothing can be followed without it.
pub async fn run<K: Keeper>(
    pipeline: &Pipeline,
    sources: &[Source],
    keeper: &K,
    stop: &CancellationToken,
) -> Result<(), StoreError> {
    let mut due = stored_due(pipeline, sources).await?;
    let mut visits = FuturesUnordered::new();
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    loop {
        while visits.len() < VISITS && !stop.is_cancelled() {
            let Some((at, index)) = due.first().copied().filter(|(at, _)| *at <= pipeline.clock.now()) else {
                break;
            };
            due.remove(&(at, index));
            visits.push(async move { (index, visit(pipeline, &sources[index], keeper, stop).await) });
        }
        if stop.is_cancelled() && visits.is_empty() {
            return Ok(());
        }
        tokio::select! {
            Some((index, next)) = visits.next(), if !visits.is_empty() => { due.insert((next?, index)); }
            () = until_first(&due, pipeline.clock.now()), if visits.len() < VISITS && !stop.is_cancelled() => {}
            () = stop.cancelled(), if !stop.is_cancelled() => {}
            _ = heartbeat.tick() => keeper.alive(),
        }
    }
}

async fn stored_due(pipeline: &Pipeline, sources: &[Source]) -> Result<Due, StoreError> {
    let now = pipeline.clock.now();
    let mut due = Due::new();
    for (index, source) in sources.iter().enumerate() {
        let state = pipeline.store.source_state(&source.id).await?;
        // A clock that was wrong, or a longer rhythm of an earlier configuration, must not keep a source waiting.
        let latest = now + SignedDuration::try_from(source.every.max).unwrap_or(SignedDuration::MAX);
        due.insert((state.due.unwrap_or(now).min(latest), index));
    }
    Ok(due)
}

async fn until_first(due: &Due, now: Timestamp) {
    match due.first() {
        Some((at, _)) => {
            // The monotonic clock counts the pause, so a jump of the wall clock is noticed within a minute.
            let pause = Duration::try_from(at.duration_since(now)).unwrap_or_default();
            tokio::time::sleep(pause.min(Duration::from_secs(60))).await;
        }
        None => std::future::pending().await,
    }
}

/// One visit; gives the time of the next.
async fn visit<K: Keeper>(
    pipeline: &Pipeline,
    source: &Source,
    keeper: &K,
    stop: &CancellationToken,
) -> Result<Timestamp, StoreError> {
    let report = pipeline.visit(source, Extent::Pages(PAGES), keeper, stop).await?;
    if report.changed {
        keeper.committed(&source.id).await;
    }
    for other in &report.also_changed {
        keeper.committed(other).await;
    }
    keeper.visited(&report).await;
    let mut state = pipeline.store.source_state(&source.id).await?;
    let now = pipeline.clock.now();
    let next = if report.waiting > 0 && report.outcome != Outcome::Failed {
        now + GO_ON
    } else {
        let publications = pipeline.store.publications(&source.id, HISTORY).await?;
        next_visit(&Situation {
            now,
            every: source.every,
            zone: &source.time_zone,
            publications: &publications,
            failures: state.failures,
            asked: report.asked_pause,
            chance: fastrand::f64(),
        })
    };
    state.due = Some(next);
    pipeline.store.save_source_state(&source.id, state).await?;
    Ok(next)
}
