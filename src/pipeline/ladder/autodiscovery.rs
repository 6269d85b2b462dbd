//! Looking for doors: what the front page and robots.txt advertise.

use super::{Ladder, context, date_reader};
use crate::config::Setting;
use crate::discover::autodiscovery;
use crate::fetch::{Fetched, Request};
use crate::model::DiscoveryMethod;

/// Feeds of one portal that are followed without having been named.
const MAX_FEEDS: usize = 5;

impl Ladder<'_> {
    /// Fetches the front page and remembers what it advertises. A front page that fails takes nothing away from what
    /// is remembered.
    pub(super) async fn autodiscover(&mut self) {
        let settled = matches!(self.source.discover.feeds, Setting::Use(_) | Setting::Forbidden)
            && matches!(self.source.discover.wp_json, Setting::Forbidden)
            && matches!(self.source.discover.listings, Setting::Use(_) | Setting::Forbidden);
        if settled {
            return;
        }
        let home = &self.source.home;
        self.report.requests += 1;
        let page = match self.pipeline.fetcher.page(&Request::page(home.clone())).await {
            Ok(Fetched::New(page)) => page,
            Ok(Fetched::NotModified(_)) => return,
            Err(error) => return self.failed(DiscoveryMethod::Listing, &home.clone(), &error, false),
        };
        let read_date = date_reader(self.source);
        match autodiscovery::find(&page, &context(self.source, None, &read_date)) {
            Ok(mut found) => {
                found.feeds.truncate(MAX_FEEDS);
                self.memory.wp_api = found.wp_api.or(self.memory.wp_api.take());
                self.memory.wordpress = found.generator.is_some_and(|name| name.starts_with("WordPress"));
                self.memory.feeds =
                    if found.feeds.is_empty() { std::mem::take(&mut self.memory.feeds) } else { found.feeds };
                self.memory.sitemaps.extend(found.sitemaps);
                self.memory.sections =
                    found.sections.into_iter().map(|section| (section.name, section.url)).collect();
                self.memory.looked = Some(self.now);
                self.front = Some(page);
            }
            Err(error) => {
                self.refused(DiscoveryMethod::Listing, &page.url, (error.cause(), error.why()), false)
            }
        }
    }
}
