//! The finished feeds of the sources: kept in the state folder, the ones that are asked for also in memory.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cache::{Cache, CacheKey};
use super::respond::{FEED_CACHE, Prepared};
use super::stored::{self, Kept};
use crate::publish::Edition;

/// Memory for feeds that are asked for: three formats of two sources and of all with room to spare, and still small
/// beside what a process takes at rest.
const CACHE_BYTES: usize = 8 * 1024 * 1024;

/// What the choice of a feed's representation hangs on.
pub const FEED_VARY: &str = "Accept, Accept-Encoding";

/// The editions of feeds, by name with extension: `haiphong.atom`.
pub struct Editions {
    folder: PathBuf,
    cache: Cache,
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
        Ok(Self { folder: folder.to_owned(), cache: Cache::new(CACHE_BYTES) })
    }

    /// An edition that is in memory.
    pub fn cached(&self, name: &str) -> Option<Arc<Prepared>> {
        self.cache.get(name)
    }

    /// An edition from memory, else from the disk, from where on it is in memory. `None` if there is none.
    pub async fn get(self: &Arc<Self>, name: &str) -> io::Result<Option<Arc<Prepared>>> {
        loop {
            if let Some(prepared) = self.cached(name) {
                return Ok(Some(prepared));
            }
            let version = self.cache.version();
            let (kept, file) = match self.open_file(name).await {
                Ok(kept) => kept,
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(fault) => return Err(fault),
            };
            let prepared = Arc::new(prepare(kept.edition, file));
            let key = CacheKey { key: name.to_owned(), source: None, fresh_for: None };
            if self.cache.insert(key, Arc::clone(&prepared), version) {
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
            editions.cache.replace(&name, prepare(kept.edition, file));
            Ok(())
        })
        .await
    }

    /// Drops from memory what nobody asked for since this was last called; the disk has it.
    pub fn evict_idle(&self) {
        self.cache.evict_idle();
    }

    /// Drops from memory what `keep` does not want; the disk has it.
    pub fn retain(&self, keep: impl Fn(&str) -> bool) {
        self.cache.invalidate(|name, _| keep(name));
    }
}

fn prepare(edition: Edition, file: File) -> Prepared {
    Prepared::new(edition, FEED_CACHE, FEED_VARY).with_file(file)
}

/// Runs disk work where it may block.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|fault| Err(io::Error::other(fault)))
}
