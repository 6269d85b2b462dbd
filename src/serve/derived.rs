//! What is made when it is first asked for: feeds of categories, filtered feeds, pages. Bounded, the least recently
//! used goes first, and a refresh of a source drops what was made of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::respond::Prepared;
use crate::model::SourceId;

/// Memory for what was made on demand, in bytes.
const BUDGET: usize = 6 * 1024 * 1024;

struct Made {
    prepared: Arc<Prepared>,
    /// The source it was made of; `None` for several.
    source: Option<SourceId>,
    /// When it was last asked for, in requests.
    used: u64,
    /// From when on it must be made again although no article changed.
    stale: Option<Instant>,
}

#[derive(Default)]
struct Content {
    made: HashMap<String, Made>,
    weight: usize,
    requests: u64,
    refreshes: u64,
    /// How many requests there had been when it was last cooled.
    cooled: u64,
}

/// The cache of what was made on demand.
#[derive(Default)]
pub struct Derived {
    content: Mutex<Content>,
}

/// How something is kept: under which name, dropped with which source (`None`: with any), and for how long at most
/// where it shows more than articles.
pub struct CacheKey<'a> {
    /// Its name among everything that is made on demand.
    pub key: String,
    pub source: Option<&'a SourceId>,
    /// How long it may be used.
    pub fresh_for: Option<Duration>,
}

/// What the cache said.
pub enum Looked {
    Hit(Arc<Prepared>),
    /// It must be made; the ticket is for [`Derived::keep`].
    Miss(Ticket),
}

/// Says how many refreshes there had been when the making began.
#[derive(Clone, Copy)]
pub struct Ticket(u64);

impl Derived {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks something up by its path, query and language.
    pub fn look(&self, key: &str) -> Looked {
        let mut content = self.content();
        content.requests += 1;
        let (requests, ticket) = (content.requests, Ticket(content.refreshes));
        match content.made.get_mut(key) {
            Some(made) if made.stale.is_none_or(|stale| stale > Instant::now()) => {
                made.used = requests;
                Looked::Hit(Arc::clone(&made.prepared))
            }
            _ => Looked::Miss(ticket),
        }
    }

    /// Keeps what was made, unless a refresh came between, and hands it back.
    pub fn keep(&self, name: CacheKey<'_>, ticket: Ticket, prepared: Prepared) -> Arc<Prepared> {
        let prepared = Arc::new(prepared);
        let weight = prepared.edition().weight();
        let mut content = self.content();
        if content.refreshes != ticket.0 || weight > BUDGET / 2 {
            return prepared;
        }
        let stale = name.fresh_for.map(|time| Instant::now() + time);
        let used = content.requests;
        let made = Made { prepared: Arc::clone(&prepared), source: name.source.cloned(), used, stale };
        content.weight += weight;
        if let Some(before) = content.made.insert(name.key, made) {
            content.weight -= before.prepared.edition().weight();
        }
        while content.weight > BUDGET && content.drop_oldest() {}
        prepared
    }

    /// Drops what was not asked for since this was last called.
    pub fn cool(&self) {
        let mut content = self.content();
        let (since, now) = (content.cooled, content.requests);
        content.cooled = now;
        content.made.retain(|_, made| made.used > since);
        content.made.shrink_to_fit();
        content.weight = content.made.values().map(|made| made.prepared.edition().weight()).sum();
    }

    /// Drops what was made of a source, and of all.
    pub fn refreshed(&self, source: &SourceId) {
        let mut content = self.content();
        content.refreshes += 1;
        content.made.retain(|_, made| made.source.as_ref().is_some_and(|of| of != source));
        content.weight = content.made.values().map(|made| made.prepared.edition().weight()).sum();
    }
}

impl Content {
    fn drop_oldest(&mut self) -> bool {
        let oldest = self.made.iter().min_by_key(|(_, made)| made.used).map(|(key, _)| key.clone());
        let Some(dropped) = oldest.and_then(|key| self.made.remove(&key)) else { return false };
        self.weight -= dropped.prepared.edition().weight();
        true
    }
}
