//! Finished answers in memory, bounded in bytes.
//!
//! A lookup reads a map that is swapped whole, so a request for what is kept never waits for a writer: those run at a lower priority, and
//! one that was set aside while it held a lock would hold up every reader. Eviction gives a second chance: what was
//! asked for since the last time stays if anything else can go.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;

use super::respond::Prepared;
use crate::model::SourceId;

/// How an answer is kept: under which name, made of which source (`None`: of several), and for how long at most, where
/// it shows more than articles.
pub struct CacheKey<'a> {
    pub key: String,
    pub source: Option<&'a SourceId>,
    pub fresh_for: Option<Duration>,
}

#[derive(Clone)]
struct Entry {
    answer: Arc<Prepared>,
    source: Option<SourceId>,
    expires: Option<Instant>,
    /// Orders entries by when they came.
    inserted: u64,
}

type Entries = HashMap<Arc<str>, Entry>;

pub struct Cache {
    entries: ArcSwap<Entries>,
    /// Held while the map is replaced.
    writing: Mutex<u64>,
    /// Counts invalidations, so that what was made before one is not taken for current after it.
    version: AtomicU64,
    max_bytes: usize,
}

impl Cache {
    pub fn new(max_bytes: usize) -> Self {
        let (entries, writing, version) = (ArcSwap::default(), Mutex::new(0), AtomicU64::new(0));
        Self { entries, writing, version, max_bytes }
    }

    pub fn get(&self, key: &str) -> Option<Arc<Prepared>> {
        let entries = self.entries.load();
        let entry = entries.get(key)?;
        let is_fresh = entry.expires.is_none_or(|expires| expires > Instant::now());
        is_fresh.then(|| Arc::clone(&entry.answer))
    }

    /// To be asked before that is read which an answer is made of, and handed to [`Cache::insert`].
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Keeps an answer and evicts what is too much; `false`, and nothing is kept, if anything was invalidated since
    /// `version`.
    pub fn insert(&self, key: CacheKey<'_>, answer: Arc<Prepared>, version: u64) -> bool {
        let mut is_current = false;
        self.write(|entries, inserted| {
            is_current = self.version() == version;
            if is_current {
                let expires = key.fresh_for.map(|time| Instant::now() + time);
                let entry = Entry { answer, source: key.source.cloned(), expires, inserted };
                entries.insert(key.key.into(), entry);
                evict(entries, inserted, self.max_bytes);
            }
        });
        is_current
    }

    /// Takes a newer answer in place of one that is kept.
    pub fn replace(&self, key: &str, answer: Prepared) {
        self.write(|entries, inserted| {
            self.version.fetch_add(1, Ordering::Release);
            if let Some(entry) = entries.get_mut(key) {
                (entry.answer, entry.inserted) = (Arc::new(answer), inserted);
                evict(entries, inserted, self.max_bytes);
            }
        });
    }

    /// Drops all but what `keep` wants, by key and source; what is being made now does not come back either.
    pub fn invalidate(&self, keep: impl Fn(&str, Option<&SourceId>) -> bool) {
        self.write(|entries, _| {
            self.version.fetch_add(1, Ordering::Release);
            entries.retain(|key, entry| keep(key, entry.source.as_ref()));
        });
    }

    /// Drops what was not asked for since this was last called.
    pub fn evict_idle(&self) {
        self.write(|entries, _| {
            entries.retain(|_, entry| entry.answer.take_touched());
            entries.shrink_to_fit();
        });
    }

    /// Changes a copy of the map and swaps it in.
    fn write(&self, change: impl FnOnce(&mut Entries, u64)) {
        let mut writes = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        *writes += 1;
        let mut entries = Entries::clone(&self.entries.load());
        change(&mut entries, *writes);
        self.entries.store(Arc::new(entries));
    }
}

/// Drops what is too much, but for the entry that came just now.
fn evict(entries: &mut Entries, newest: u64, max_bytes: usize) {
    let mut bytes: usize = entries.values().map(|entry| entry.answer.edition().weight()).sum();
    if bytes <= max_bytes {
        return;
    }
    let candidates = entries.iter().filter(|(_, entry)| entry.inserted != newest);
    let mut order: Vec<(bool, u64, Arc<str>)> = candidates
        .map(|(key, entry)| (entry.answer.take_touched(), entry.inserted, Arc::clone(key)))
        .collect();
    order.sort();
    for (_, _, key) in order {
        if bytes <= max_bytes {
            break;
        }
        bytes -= entries.remove(&key).map_or(0, |dropped| dropped.answer.edition().weight());
    }
}
