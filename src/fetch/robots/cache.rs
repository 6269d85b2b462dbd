//! The robots.txt files of all sites, each asked for once however many requests want it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use url::Url;

use super::super::error::Trouble;
use super::{Access, Known, RobotsEntry, SiteRules};

/// Sites that are remembered.
const MAX_SITES: usize = 16 * 1024;
/// Bytes of files that are remembered, in all. A usual file has some hundred.
const MAX_TEXT: usize = 8 * 1024 * 1024;

/// Every site's file.
#[derive(Default)]
pub(in crate::fetch) struct RobotsCache {
    sites: Mutex<HashMap<String, Arc<Site>>>,
}

#[derive(Default)]
struct Site {
    known: Mutex<Option<Known>>,
    /// Held by the one who asks.
    asking: tokio::sync::Mutex<()>,
}

impl Site {
    fn known(&self) -> Option<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self, known: Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }

    fn text_bytes(&self) -> usize {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().and_then(|known| known.entry.text.as_ref()).map_or(0, String::len)
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
        if let Some(known) = site.known().filter(|known| known.is_settled(now())) {
            return known.in_force(now());
        }
        let _asking = site.asking.lock().await;
        let before = site.known();
        if let Some(known) = before.as_ref().filter(|known| known.is_settled(now())) {
            return known.in_force(now());
        }
        let access = ask(before.as_ref().and_then(|known| known.rules.clone())).await;
        if let Access::Unreachable(trouble) = &access {
            tracing::warn!(%origin, cause = trouble.why(), copy = before.is_some(), "robots.txt cannot be reached");
        }
        let known = Known::after(before.as_ref(), &origin, access, now());
        let rules = known.in_force(now());
        site.learn(known);
        self.make_room();
        rules
    }

    /// What is known of every site, for the store; in the order of the origins.
    pub(in crate::fetch) fn snapshot(&self) -> Vec<RobotsEntry> {
        let sites: Vec<Arc<Site>> = self.lock().values().cloned().collect();
        let mut entries: Vec<_> =
            sites.iter().filter_map(|site| site.known()).map(|known| known.entry).collect();
        entries.sort_by(|a, b| a.origin.cmp(&b.origin));
        entries
    }

    /// Takes back what [`RobotsCache::snapshot`] gave.
    pub(in crate::fetch) fn preload(&self, entries: Vec<RobotsEntry>) {
        for entry in entries {
            self.site(&entry.origin).learn(Known::stored(entry));
        }
        self.make_room();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Site>>> {
        self.sites.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn site(&self, origin: &str) -> Arc<Site> {
        let mut sites = self.lock();
        if let Some(site) = sites.get(origin) {
            return Arc::clone(site);
        }
        Arc::clone(sites.entry(origin.to_owned()).or_default())
    }

    /// Forgets the files read longest ago until the rest fits; a forgotten one is asked for anew.
    fn make_room(&self) {
        let mut sites = self.lock();
        let mut text: usize = sites.values().map(|site| site.text_bytes()).sum();
        if sites.len() <= MAX_SITES && text <= MAX_TEXT {
            return;
        }
        let mut by_age: Vec<(Option<Timestamp>, String)> = sites
            .iter()
            .map(|(origin, site)| (site.known().map(|known| known.entry.fetched), origin.clone()))
            .collect();
        by_age.sort();
        for (_, origin) in by_age {
            if sites.len() <= MAX_SITES * 3 / 4 && text <= MAX_TEXT * 3 / 4 {
                return;
            }
            text -= sites.remove(&origin).map_or(0, |site| site.text_bytes());
        }
    }
}
