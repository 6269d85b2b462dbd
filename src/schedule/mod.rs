//! When each source is visited: the rhythm (pure), and the loop that keeps it.
//!
//! Due times are stored after every visit, so a restart causes no stampede and loses no place. In memory they stand in
//! order, so that ten thousand sources cost no more to wait for than one. A source is visited as its rhythm says and
//! never more often than `every.min`, but for a backfill: as long as addresses wait that were never tried, the next slice
//! follows at once.

mod due_queue;
mod facts;
mod rhythm;
#[cfg(test)]
mod tests;
mod visit;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub use rhythm::{Situation, next_visit};

use crate::config::Source;
use crate::health::Change;
use crate::model::SourceId;
use crate::pipeline::{Pipeline, Progress, Report};
use crate::store::StoreError;
use due_queue::DueQueue;

/// Sources visited at the same time; each is another host.
const MAX_VISITS: usize = 8;
/// The wall clock may jump; a pause is never longer than this without a look at it.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Hears what the schedule does.
pub trait ScheduleObserver: Progress {
    /// A visit has ended; what began or ended with it to be wrong with the source.
    fn visited(
        &self,
        source: &Source,
        report: &Report,
        changes: &[Change],
    ) -> impl Future<Output = ()> + Send;
    /// A visit could not be written down: the store fails, and the visit is tried again.
    fn not_stored(&self, source: &SourceId, fault: &StoreError);
    /// The loop turns.
    fn alive(&self);
    /// Why no visit may begin now, whatever is due.
    fn suspended(&self, _now: Timestamp) -> Option<&'static str> {
        None
    }
}

/// Whom the schedule follows, and by what means. Another one takes its place when the configuration is reloaded; visits
/// under way end by the one that they began with.
pub struct Following {
    /// What visits.
    pub pipeline: Pipeline,
    /// Who is visited.
    sources: HashMap<SourceId, Arc<Source>>,
}

impl Following {
    /// Every source of a list.
    pub fn new(pipeline: Pipeline, sources: &[Source]) -> Arc<Self> {
        let sources = sources.iter().map(|source| (source.id.clone(), Arc::new(source.clone()))).collect();
        Arc::new(Self { pipeline, sources })
    }

    fn source(&self, id: &SourceId) -> Option<&Arc<Source>> {
        self.sources.get(id)
    }
}

/// Visits every source when it is due, until `stop` is cancelled; visits under way then end after the article at hand.
/// `heartbeat` is how often the observer is told that the loop turns. A store that cannot be written ends nothing: the
/// visit is tried again.
///
/// # Errors
/// If the store is closed: nothing can be followed without it.
pub async fn run<O: ScheduleObserver>(
    mut following: watch::Receiver<Arc<Following>>,
    observer: &O,
    heartbeat: Duration,
    stop: &CancellationToken,
) -> Result<(), StoreError> {
    let mut current = following.borrow_and_update().clone();
    let mut queue = DueQueue::of(&current).await?;
    let mut visits = FuturesUnordered::new();
    let mut heartbeat = tokio::time::interval(heartbeat);
    loop {
        let now = current.pipeline.clock.now();
        let is_open = !stop.is_cancelled() && observer.suspended(now).is_none();
        while is_open && visits.len() < MAX_VISITS {
            let Some(source) = queue.take(now, &current) else { break };
            let current = Arc::clone(&current);
            visits.push(async move {
                let next = visit::visit(&current.pipeline, &source, observer, stop).await;
                (source, next)
            });
        }
        if stop.is_cancelled() && visits.is_empty() {
            return Ok(());
        }
        let (may_begin, is_idle) = (visits.len() < MAX_VISITS && !stop.is_cancelled(), visits.is_empty());
        tokio::select! {
            Some((source, next)) = visits.next(), if !visits.is_empty() => queue.put_back(&source, next?, &current),
            () = pause(&current.pipeline, &queue, is_open, is_idle), if may_begin => {}
            changed = following.changed(), if following.has_changed().is_ok() => {
                if changed.is_ok() {
                    let next = following.borrow_and_update().clone();
                    queue.renew(Some(&current), &next).await?;
                    current = next;
                }
            }
            () = stop.cancelled(), if !stop.is_cancelled() => {}
            _ = heartbeat.tick() => observer.alive(),
        }
    }
}

/// Waits until the first source is due. The monotonic clock counts the pause, so a jump of the wall clock is noticed within
/// a minute; so is the end of what suspends visits.
async fn pause(pipeline: &Pipeline, queue: &DueQueue, is_open: bool, is_idle: bool) {
    let now = pipeline.clock.now();
    let until_first = queue.first().map(|at| Duration::try_from(at.duration_since(now)).unwrap_or_default());
    let pause = match until_first {
        Some(pause) if is_open => pause.min(MAX_PAUSE),
        Some(_) => MAX_PAUSE,
        None => return std::future::pending().await,
    };
    pipeline.clock.rest(pause, is_idle).await;
}

/// The latest time at which a source may be due: a clock that was wrong, or a longer rhythm of an earlier configuration,
/// must not keep it waiting.
fn latest(source: &Source, now: Timestamp) -> Timestamp {
    let longest = SignedDuration::try_from(source.every.max).unwrap_or(SignedDuration::MAX);
    now.checked_add(longest).unwrap_or(Timestamp::MAX)
}
