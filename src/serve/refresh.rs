//! After a visit: the feeds of a source and of all, rendered, compressed, written, swapped.

use std::cmp;
use std::collections::{BTreeSet, HashSet};
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::Site;
use super::editions::blocking;
use super::site::{Begun, entries};
use super::stored::Kept;
use crate::config::Source;
use crate::health::Fault;
use crate::model::SourceId;
use crate::publish::{Channel, Edition, FeedName, FeedSettings, Format, Gone};
use crate::store::{StoreError, Stored};

/// Tombstones that a feed holds at most: as many as its entries.
const MAX_TOMBSTONES: usize = 50;

/// Why the editions of a source could not be renewed. Those that were up stay up.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    #[error("cannot read the articles of {source_id}: {fault}")]
    Store { source_id: String, fault: StoreError },
    #[error("cannot write the edition {name}: {fault}; the one before stays up")]
    Write { name: String, fault: io::Error },
}

/// A finished feed as hubs are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedVersion {
    /// Where it is served.
    pub url: String,
    /// Its ETag: changes when the feed does.
    pub version: String,
    /// The source it is of; the first for the feed of all.
    pub source: SourceId,
}

/// What was read for one feed, handed over to where rendering may block.
struct Material {
    feed_settings: Arc<FeedSettings>,
    name: FeedName,
    stored: Vec<Stored>,
    gone: Vec<Gone>,
    now: Timestamp,
}

impl Site {
    /// Brings the stored editions up: every source has its feeds when this returns, an empty one if the store has
    /// nothing of it yet.
    ///
    /// # Errors
    /// As [`Site::refresh`]; sources after the failing one are still brought up, and the first error is returned.
    pub async fn load(&self) -> Result<(), RefreshError> {
        self.load_some(|_| true).await
    }

    /// Brings up the editions that differ from those of the configuration before.
    ///
    /// # Errors
    /// As [`Site::load`].
    pub(crate) async fn load_after(&self, before: &Self) -> Result<(), RefreshError> {
        let all_differ = self.config.publish != before.config.publish
            || self.feed_settings.public_url != before.feed_settings.public_url
            || before.is_behind();
        self.load_some(|source| all_differ || before.feed_settings.source(&source.id) != Some(source)).await
    }

    async fn load_some(&self, is_wanted: impl Fn(&Source) -> bool) -> Result<(), RefreshError> {
        let mut first = Ok(());
        for source in self.config.sources.iter().filter(|source| is_wanted(source)) {
            if let Err(fault) = self.refresh_one(&FeedName::Source(source.id.clone())).await {
                tracing::error!(source = %source.id, %fault, "the feeds of a source could not be brought up");
                first = first.and(Err(fault));
            }
        }
        first.and(self.refresh_one(&FeedName::All).await.map(drop))
    }

    /// Renews the feeds of a source, and of all, from the store. Answers whether any byte of them changed; where none
    /// did, nothing is written. Calls that wait for one another are joined, so a busy visit costs one refresh at a time.
    /// What was made on demand of this source is made anew when it is next asked for.
    ///
    /// # Errors
    /// If the store cannot be read or an edition cannot be written; the editions that were up stay up.
    pub async fn refresh(&self, source: &SourceId) -> Result<bool, RefreshError> {
        let renewed = self.refresh_one(&FeedName::Source(source.clone())).await;
        self.on_demand.invalidate(|_, of| of.is_some_and(|of| of != source));
        let all = self.refresh_one(&FeedName::All).await;
        Ok(renewed? | all?)
    }

    /// The finished feeds of some sources and of all, with their versions; feeds that are not there yet are left out.
    pub(crate) async fn versions(&self, sources: &BTreeSet<SourceId>) -> Vec<FeedVersion> {
        let mut names: Vec<_> =
            sources.iter().map(|source| (FeedName::Source(source.clone()), source)).collect();
        names.extend(self.config.sources.first().map(|first| (FeedName::All, &first.id)));
        let mut versions = Vec::new();
        for (name, of) in names {
            let Some(channel) = Channel::new(&self.feed_settings, name.clone(), None) else { continue };
            for format in Format::ALL {
                let file = format!("{}.{}", name.path(), format.extension());
                match self.editions.read(&file).await {
                    Ok(kept) => versions.push(FeedVersion {
                        url: channel.address(format),
                        version: kept.edition.identity().etag.clone(),
                        source: of.clone(),
                    }),
                    Err(fault) => tracing::debug!(edition = file, %fault, "no version to tell"),
                }
            }
        }
        versions
    }

    /// Tries once more to renew the feeds of which the last refresh failed, such as on a full disk.
    pub(super) async fn catch_up(&self) {
        let behind: Vec<FeedName> = self.behind().iter().cloned().collect();
        for name in behind {
            match self.refresh_one(&name).await {
                Ok(_) => tracing::info!(feed = name.path(), "the feed is up to date again"),
                Err(fault) => tracing::debug!(%fault, "still not"),
            }
            if !self.is_behind() && self.daemon.ended(Fault::FeedsNotRenewed, self.clock.now()).is_some() {
                tracing::info!(finding = Fault::FeedsNotRenewed.name(), "over: every feed is up to date");
            }
        }
    }

    /// Whether the last refresh of any feed failed.
    pub(crate) fn is_behind(&self) -> bool {
        !self.behind().is_empty()
    }

    fn behind(&self) -> MutexGuard<'_, HashSet<FeedName>> {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn refresh_one(&self, name: &FeedName) -> Result<bool, RefreshError> {
        let renewed = self.renew_all(name).await;
        match &renewed {
            Ok(_) => drop(self.behind().remove(name)),
            Err(_) => drop(self.behind().insert(name.clone())),
        }
        renewed
    }

    async fn renew_all(&self, name: &FeedName) -> Result<bool, RefreshError> {
        let asked = self.refreshes.fetch_add(1, Ordering::Relaxed);
        let mut begun = self.refreshing.lock().await;
        if begun.get(name).is_some_and(|last| self.is_covered_by(last, asked)) {
            return Ok(false);
        }
        let turn = self.refreshes.fetch_add(1, Ordering::Relaxed);
        begun.insert(name.clone(), Begun { generation: self.generation, turn });
        let renewed = self.renew_formats(name).await;
        if renewed.is_err() {
            // Whoever waits for this one has to try for itself.
            begun.remove(name);
        }
        renewed
    }

    /// Whether a refresh that was asked for is done by the last one that began: it has read all that this one would read,
    /// since it began later, or is of a later configuration, which is brought up whole when it comes into force.
    fn is_covered_by(&self, last: &Begun, asked: u64) -> bool {
        match last.generation.cmp(&self.generation) {
            cmp::Ordering::Greater => true,
            cmp::Ordering::Equal => last.turn > asked,
            cmp::Ordering::Less => false,
        }
    }

    async fn renew_formats(&self, name: &FeedName) -> Result<bool, RefreshError> {
        let material = Arc::new(self.material(name).await?);
        let mut changed = false;
        for format in Format::ALL {
            changed |= self.renew(Arc::clone(&material), format).await?;
        }
        Ok(changed)
    }

    async fn material(&self, name: &FeedName) -> Result<Material, RefreshError> {
        let failed = |fault| RefreshError::Store { source_id: name.path(), fault };
        let scope = self.scope_of(name).await.map_err(failed)?;
        let stored = self.store.newest(&scope, self.config.publish.entries).await.map_err(failed)?;
        // Only what a subscriber may have seen in this feed: nothing that went before its oldest entry came.
        let since =
            stored.iter().map(|stored| stored.article.published).min().unwrap_or(Timestamp::UNIX_EPOCH);
        let gone = self.gone(name, since, MAX_TOMBSTONES).await.map_err(failed)?;
        let (feed_settings, name, now) = (Arc::clone(&self.feed_settings), name.clone(), self.clock.now());
        Ok(Material { feed_settings, name, stored, gone, now })
    }

    async fn renew(&self, material: Arc<Material>, format: Format) -> Result<bool, RefreshError> {
        let name = format!("{}.{}", material.name.path(), format.extension());
        let failed = |fault| RefreshError::Write { name: name.clone(), fault };
        let before = match self.editions.read(&name).await {
            Ok(kept) => Some(kept),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => None,
            Err(fault) => {
                tracing::warn!(edition = name, %fault, "a stored edition cannot be read and is made anew");
                None
            }
        };
        match blocking(move || Ok(renewed(&material, format, before.as_ref()))).await.map_err(failed)? {
            Some(kept) => self.editions.put(&name, kept).await.map(|()| true).map_err(failed),
            None => Ok(false),
        }
    }
}

/// The next edition, if it differs from the one before. An empty feed never takes the place of one with entries: a
/// database that was lost, or whose first visit failed, must not empty the feeds of its readers.
fn renewed(material: &Material, format: Format, before: Option<&Kept>) -> Option<Kept> {
    let entries = entries(&material.stored);
    let mut channel = Channel::new(&material.feed_settings, material.name.clone(), None)?;
    if matches!(material.name, FeedName::Source(_)) {
        channel = channel.with_history(&entries);
    }
    let gone = &material.gone;
    if entries.is_empty() && gone.is_empty() && before.is_some_and(|before| before.entries > 0) {
        return None;
    }
    let bytes = format.render(&channel, &entries, gone);
    let link = channel.link_header(format);
    if before.is_some_and(|before| before.edition.identity().bytes == bytes && before.edition.link == link) {
        return None;
    }
    let stamp = stamp(Channel::changed(&entries, gone), before, material.now);
    let edition = match material.name {
        FeedName::All => Edition::often(format.content_type(), link, stamp, bytes),
        _ => Edition::new(format.content_type(), link, stamp, bytes),
    };
    Some(Kept { edition, entries: entries.len() })
}

/// `Last-Modified` of the next edition: the newest change, unless the one before says the same though it differs (the
/// configuration changed, an article went): then the time of this change.
fn stamp(newest: Option<Timestamp>, before: Option<&Kept>, now: Timestamp) -> Option<Timestamp> {
    let last = before.and_then(|before| before.edition.last_modified);
    match (newest, last) {
        (Some(newest), Some(last)) if newest.as_second() <= last.as_second() => Some(now.max(last)),
        (newest, _) => newest,
    }
}
