//! Who is due when: every source that is followed and not being visited, in order.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Following, latest};
use crate::config::Source;
use crate::model::SourceId;
use crate::store::StoreError;

/// Due times in order, with whose they are.
#[derive(Default)]
pub(super) struct DueQueue {
    due: BTreeSet<(Timestamp, SourceId)>,
    visited_now: HashSet<SourceId>,
}

impl DueQueue {
    /// Every source, due as the store says.
    pub async fn of(following: &Following) -> Result<Self, StoreError> {
        let mut queue = Self::default();
        queue.renew(None, following).await?;
        Ok(queue)
    }

    /// When the first source is due.
    pub fn first(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Brings nearer what is due later than it can be: the clock was set back.
    fn keep_within(&mut self, now: Timestamp, following: &Following) {
        let is_beyond = |(at, id): &(Timestamp, SourceId)| {
            following.source(id).is_some_and(|source| *at > latest(source, now))
        };
        if !self.due.first().is_some_and(is_beyond) {
            return;
        }
        for (at, id) in std::mem::take(&mut self.due) {
            let latest = following.source(&id).map_or(at, |source| latest(source, now));
            self.due.insert((at.min(latest), id));
        }
    }

    /// Takes out the first source if it is due.
    pub fn take(&mut self, now: Timestamp, following: &Following) -> Option<Arc<Source>> {
        self.keep_within(now, following);
        loop {
            let (at, id) = self.due.first().cloned().filter(|(at, _)| *at <= now)?;
            self.due.remove(&(at, id.clone()));
            if let Some(source) = following.source(&id) {
                self.visited_now.insert(id);
                return Some(Arc::clone(source));
            }
        }
    }

    /// Puts a source back that was visited as it was then, unless it is followed no more. One that was changed in the
    /// meantime is due at once.
    pub fn put_back(&mut self, visited: &Arc<Source>, next: Timestamp, following: &Following) {
        self.visited_now.remove(&visited.id);
        let Some(source) = following.source(&visited.id) else { return };
        let now = following.pipeline.clock.now();
        let next = if Arc::ptr_eq(source, visited) || source == visited { next } else { now };
        self.due.insert((next, source.id.clone()));
    }

    /// Takes up another set of sources: those that stay keep their place, those that are new or changed are due as the
    /// store says, or now.
    pub async fn renew(&mut self, before: Option<&Following>, next: &Following) -> Result<(), StoreError> {
        let now = next.pipeline.clock.now();
        let is_new = |source: &Arc<Source>| before.is_none_or(|before| before.source(&source.id).is_none());
        let stored = if next.sources.values().any(is_new) { stored(next).await? } else { HashMap::default() };
        let places: HashMap<SourceId, Timestamp> =
            std::mem::take(&mut self.due).into_iter().map(|(at, id)| (id, at)).collect();
        for source in next.sources.values().filter(|source| !self.visited_now.contains(&source.id)) {
            let known = before.and_then(|before| before.source(&source.id));
            if known.is_some_and(|known| known != source) {
                // By another rule, what was given up may read.
                retry_given_up(next, source).await?;
            }
            let at = match (known, places.get(&source.id)) {
                (Some(known), Some(place)) if known == source => *place,
                (Some(_), _) => now,
                (None, _) => stored.get(&source.id).copied().unwrap_or(now),
            };
            self.due.insert((at.min(latest(source, now)), source.id.clone()));
        }
        Ok(())
    }
}

/// When the store says that each source is due. Where it cannot be read every one is due now: nothing can be told from it.
async fn stored(following: &Following) -> Result<HashMap<SourceId, Timestamp>, StoreError> {
    match following.pipeline.store.due_times().await {
        Err(StoreError::Closed) => Err(StoreError::Closed),
        times => Ok(times.unwrap_or_default()),
    }
}

async fn retry_given_up(following: &Following, source: &Source) -> Result<(), StoreError> {
    let now = following.pipeline.clock.now();
    match following.pipeline.store.try_again(&source.id, now).await {
        Err(StoreError::Closed) => Err(StoreError::Closed),
        // It is tried again with the next change; the visit tells of a store that fails.
        _ => Ok(()),
    }
}
