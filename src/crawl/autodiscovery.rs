//! Asking the front page what it advertises.

use super::{Discovery, Frontier, MAX_FEEDS};
use crate::config::{Discover, Setting};
use crate::discover::autodiscovery;
use crate::fetch::Fetched;
use crate::model::{DiscoveryMethod, Validators};

/// Whether the source file leaves a method to be found that a front page may advertise.
pub(super) fn is_wanted(discover: &Discover) -> bool {
    !(matches!(discover.feeds, Setting::Use(_) | Setting::Forbidden)
        && matches!(discover.wp_json, Setting::Forbidden)
        && matches!(discover.listings, Setting::Use(_) | Setting::Forbidden))
}

impl<F: Frontier> Discovery<'_, F> {
    /// Fetches the front page and remembers what it advertises. A front page that fails takes nothing away from what
    /// is remembered.
    pub(super) async fn autodiscover(&mut self) {
        if !is_wanted(&self.source.discover) {
            return;
        }
        let home = &self.source.home;
        let page = match self.asker.page(home, Validators::default()).await {
            Ok(Fetched::New(page)) => page,
            Ok(Fetched::NotModified(_)) => return,
            Err(error) => return self.failed(DiscoveryMethod::Listing, home, &error.into(), false),
        };
        let mut found = match self.asker.read(None, |context| autodiscovery::find(&page, context)) {
            Ok(found) => found,
            Err(error) => return self.failed(DiscoveryMethod::Listing, &page.url, &error.into(), false),
        };
        found.feeds.truncate(MAX_FEEDS);
        self.state.wordpress = found.is_wordpress();
        self.state.wp_api = found.wp_api.or(self.state.wp_api.take());
        if !found.feeds.is_empty() {
            self.state.feeds = found.feeds;
        }
        self.state.sitemaps.extend(found.sitemaps);
        self.state.sections = found.sections.into_iter().map(|section| (section.name, section.url)).collect();
        self.state.looked = Some(self.now);
        self.front = Some(page);
    }
}
