//! The finished feeds of the sources: kept in the state folder, the ones that are asked for also in memory.
//!
//! The serving path reads a map that is swapped whole, so it never waits for a writer, a lock or the disk once a feed
//! has been asked for.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use super::respond::{FEED_CACHE, Prepared};
use super::stored::{self, Kept};
use crate::publish::Edition;

/// Memory for feeds that are asked for, in bytes: three formats of two sources and of all with room to spare, and
/// still small beside what a process takes at rest.
const BUDGET: usize = 8 * 1024 * 1024;

/// What the choice of a feed's representation hangs on.
pub const FEED_VARY: &str = "Accept, Accept-Encoding";

type Hot = HashMap<String, Arc<Prepared>>;

/// The editions of feeds, by name with extension: `haiphong.atom`.
pub struct Editions {
    folder: PathBuf,
    hot: ArcSwap<Hot>,
    /// Prepared while the map is replaced.
    swapping: Mutex<()>,
    /// Counts the writes, so that what was read before a write is not taken for current after it.
    writes: AtomicU64,
}

impl Editions {
    /// Editions in a folder, which is made when the first is written.
    ///
    /// # Errors
    /// If something else has its name.
    pub fn open(folder: &Path) -> io::Result<Self> {
        if folder.exists() && !folder.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self {
            folder: folder.to_owned(),
            hot: ArcSwap::default(),
            swapping: Mutex::new(()),
            writes: AtomicU64::new(0),
        })
    }

    /// An edition that is in memory.
    pub fn hot(&self, name: &str) -> Option<Arc<Prepared>> {
        self.hot.load().get(name).map(Arc::clone)
    }

    /// An edition from memory, else from the disk, from where on it is in memory. `None` if there is none.
    pub async fn get(self: &Arc<Self>, name: &str) -> io::Result<Option<Arc<Prepared>>> {
        loop {
            if let Some(prepared) = self.hot(name) {
                return Ok(Some(prepared));
            }
            let before = self.writes.load(Ordering::Acquire);
            let (kept, file) = match self.open_file(name).await {
                Ok(kept) => kept,
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(fault) => return Err(fault),
            };
            if let Some(prepared) = self.warm(name, prepared(kept.edition, file), before) {
                return Ok(Some(prepared));
            }
        }
    }

    /// Reads an edition from the disk.
    pub async fn read(self: &Arc<Self>, name: &str) -> io::Result<Kept> {
        self.open_file(name).await.map(|(kept, _)| kept)
    }

    async fn open_file(self: &Arc<Self>, name: &str) -> io::Result<(Kept, File)> {
        let (editions, name) = (Arc::clone(self), name.to_owned());
        blocking(move || stored::read(&editions.folder, &name)).await
    }

    /// Writes an edition and swaps it in: the disk first, so that what was served is there after a crash.
    pub async fn put(self: &Arc<Self>, name: &str, kept: Kept) -> io::Result<()> {
        let (editions, name) = (Arc::clone(self), name.to_owned());
        blocking(move || {
            let file = stored::write(&editions.folder, &name, &kept)?;
            let turn = editions.swapping.lock().unwrap_or_else(PoisonError::into_inner);
            editions.writes.fetch_add(1, Ordering::Release);
            if editions.hot.load().contains_key(&name) {
                editions.insert(&name, Arc::new(prepared(kept.edition, file)));
            }
            drop(turn);
            Ok(())
        })
        .await
    }

    /// Drops from memory what was not asked for since this was last called; the disk has it.
    pub fn cool(&self) {
        let turn = self.swapping.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.hot.load();
        let kept: Hot = before
            .iter()
            .filter(|(_, prepared)| prepared.take_touched())
            .map(|(name, prepared)| (name.clone(), Arc::clone(prepared)))
            .collect();
        if kept.len() < before.len() {
            self.hot.store(Arc::new(kept));
        }
        drop(turn);
    }

    /// Drops from memory what `keep` does not want; the disk has it.
    pub fn retain(&self, keep: impl Fn(&str) -> bool) {
        let turn = self.swapping.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hot = Hot::clone(&self.hot.load());
        hot.retain(|name, _| keep(name));
        self.hot.store(Arc::new(hot));
        // What is being read now must not come back.
        self.writes.fetch_add(1, Ordering::Release);
        drop(turn);
    }

    /// Takes an edition into memory, unless something was written since it was read.
    fn warm(&self, name: &str, prepared: Prepared, read_at: u64) -> Option<Arc<Prepared>> {
        let prepared = Arc::new(prepared);
        let turn = self.swapping.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.writes.load(Ordering::Acquire) == read_at;
        if current {
            self.insert(name, Arc::clone(&prepared));
        }
        drop(turn);
        current.then_some(prepared)
    }

    /// Puts an edition into a copy of the map, drops what is too much, and swaps the copy in.
    fn insert(&self, name: &str, prepared: Arc<Prepared>) {
        let mut hot = Hot::clone(&self.hot.load());
        hot.insert(name.to_owned(), prepared);
        let mut weight: usize = hot.values().map(|prepared| prepared.edition().weight()).sum();
        // A second chance: what was asked for since the last time stays if there is anything else to drop.
        let mut order: Vec<(bool, String)> =
            hot.iter().map(|(name, prepared)| (prepared.take_touched(), name.clone())).collect();
        order.sort();
        for (_, other) in order {
            if weight <= BUDGET {
                break;
            }
            if other != name
                && let Some(dropped) = hot.remove(&other)
            {
                weight -= dropped.edition().weight();
            }
        }
        self.hot.store(Arc::new(hot));
    }
}

fn prepared(edition: Edition, file: File) -> Prepared {
    Prepared::new(edition, FEED_CACHE, FEED_VARY).with_file(file)
}

/// Runs disk work where it may block.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|fault| Err(io::Error::other(fault)))
}
