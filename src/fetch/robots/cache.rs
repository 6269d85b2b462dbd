//! The robots.txt files of all sites, each asked for once however many requests want it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use url::Url;

use super::super::trouble::Trouble;
use super::{Access, Known, RobotsEntry, SiteRules};

/// Sites that are remembered.
const MAX_SITES: usize = 16 * 1024;
/// Bytes of files that are remembered, in all. A usual file has some hundred.
const MAX_TEXT: usize = 8 * 1024 * 1024;

#[derive(Default)]
pub(in crate::fetch) struct RobotsCache {
    sites: Mutex<Sites>,
}

#[derive(Default)]
struct Sites {
    by_origin: HashMap<String, Site>,
    /// Bytes of all files together.
    text: usize,
}

#[derive(Clone, Default)]
struct Site {
    known: Option<Arc<Known>>,
    /// Held by the one who asks.
    asking: Arc<tokio::sync::Mutex<()>>,
}

impl Site {
    fn text_bytes(&self) -> usize {
        self.known.as_ref().and_then(|known| known.entry.text.as_ref()).map_or(0, String::len)
    }

    fn settled(&self, now: Timestamp) -> Option<&Known> {
        self.known.as_deref().filter(|known| known.is_settled(now))
    }
}

impl Sites {
    fn learn(&mut self, known: Known) {
        let site = self.by_origin.entry(known.entry.origin.clone()).or_default();
        self.text -= site.text_bytes();
        site.known = Some(Arc::new(known));
        self.text += site.text_bytes();
        if self.by_origin.len() > MAX_SITES || self.text > MAX_TEXT {
            self.make_room();
        }
    }

    /// Forgets the files read longest ago until a quarter is free; a forgotten one is asked for anew.
    fn make_room(&mut self) {
        let fetched = |site: &Site| site.known.as_ref().map(|known| known.entry.fetched);
        let mut by_age: Vec<(Option<Timestamp>, String)> =
            self.by_origin.iter().map(|(origin, site)| (fetched(site), origin.clone())).collect();
        by_age.sort();
        for (_, origin) in by_age {
            if self.by_origin.len() <= MAX_SITES * 3 / 4 && self.text <= MAX_TEXT * 3 / 4 {
                return;
            }
            self.text -= self.by_origin.remove(&origin).map_or(0, |site| site.text_bytes());
        }
    }
}

impl RobotsCache {
    /// The rules of the site of `url`; `ask` is called, at most once at a time, if what is known is too old. It is
    /// given what is known for its own pace.
    pub(in crate::fetch) async fn rules<F>(
        &self,
        url: &Url,
        now: impl Fn() -> Timestamp,
        ask: F,
    ) -> Result<SiteRules, Trouble>
    where
        F: AsyncFnOnce(Option<SiteRules>) -> Access,
    {
        let origin = url.origin().ascii_serialization();
        let site = self.site(&origin);
        if let Some(known) = site.settled(now()) {
            return known.in_force(now());
        }
        let _asking = site.asking.lock().await;
        // Another request may have asked in the meantime.
        let before = self.site(&origin);
        if let Some(known) = before.settled(now()) {
            return known.in_force(now());
        }
        let before = before.known.as_deref();
        let access = ask(before.and_then(|known| known.rules.clone())).await;
        if let Access::Unreachable(trouble) = &access {
            tracing::info!(%origin, cause = trouble.why(), "robots.txt cannot be reached");
        }
        let known = Known::after(before, &origin, access, now());
        let rules = known.in_force(now());
        self.lock().learn(known);
        rules
    }

    /// What is known of every site, for the store; in the order of the origins.
    pub(in crate::fetch) fn snapshot(&self) -> Vec<RobotsEntry> {
        let sites = self.lock();
        let known = sites.by_origin.values().filter_map(|site| site.known.as_ref());
        let mut entries: Vec<_> = known.map(|known| known.entry.clone()).collect();
        entries.sort_by(|a, b| a.origin.cmp(&b.origin));
        entries
    }

    /// Takes back what [`RobotsCache::snapshot`] gave.
    pub(in crate::fetch) fn preload(&self, entries: Vec<RobotsEntry>) {
        for entry in entries {
            self.lock().learn(Known::stored(entry));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Sites> {
        // The entries are whole values, replaced at once, so a panic elsewhere cannot have torn one.
        self.sites.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn site(&self, origin: &str) -> Site {
        let mut sites = self.lock();
        if let Some(site) = sites.by_origin.get(origin) {
            return site.clone();
        }
        sites.by_origin.entry(origin.to_owned()).or_default().clone()
    }
}
