//! The method of the portal's own feeds.

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Answered, Ladder, context, date_reader, in_place};
use crate::config::Setting;
use crate::discover::{autodiscovery, feed};
use crate::fetch::{Accept, Fetched, Request};
use crate::model::{DiscoveryMethod, Document};
use crate::store::{ListingState, StoreError};

/// Usual addresses that are tried where a portal advertises no feed.
const GUESSES: usize = 3;
/// Further pages of a feed that are followed (RFC 5005).
const MAX_PAGES: usize = 200;

impl Ladder<'_> {
    pub(super) async fn climb_feeds(&mut self, stop: &CancellationToken) -> Result<Answered, StoreError> {
        let (feeds, named) = match &self.source.discover.feeds {
            Setting::Use(feeds) => (feeds.clone(), true),
            Setting::Find if !self.memory.feeds.is_empty() => (self.memory.feeds.clone(), true),
            Setting::Find if self.first => (autodiscovery::usual_feeds(&self.source.home), false),
            Setting::Find | Setting::Forbidden => (Vec::new(), true),
        };
        let mut answered = Answered::Nothing;
        let tries = if named { feeds.len() } else { GUESSES };
        for url in feeds.into_iter().take(tries) {
            if stop.is_cancelled() {
                break;
            }
            if self.climb_feed(&url, named).await? {
                answered = Answered::Newest;
                if !named {
                    self.memory.feeds = vec![url];
                    break;
                }
            }
        }
        Ok(answered)
    }

    /// Reads a feed, and its older pages at the first climb or behind a gap.
    async fn climb_feed(&mut self, url: &Url, named: bool) -> Result<bool, StoreError> {
        let mut next = Some(url.clone());
        let mut pages = 0;
        while let Some(url) = next.take().filter(|_| pages < MAX_PAGES) {
            let Some(document) = self.feed_document(&url, pages == 0, named).await? else { break };
            let read_date = date_reader(self.source);
            let read = match feed::read(&document, &context(self.source, None, &read_date)) {
                Ok(read) => read,
                Err(error) => {
                    // What cannot be read must be sent again: that it has not changed would hide that it is broken.
                    self.states.retain(|(known, _)| *known != url);
                    // A page in the place of a feed often says itself what it is.
                    let instead = in_place(&String::from_utf8_lossy(&document.bytes));
                    let told = instead.unwrap_or_else(|| (error.cause(), error.why()));
                    self.refused(DiscoveryMethod::Feed, &url, told, named);
                    return Ok(false);
                }
            };
            pages += 1;
            self.report.answered(DiscoveryMethod::Feed, &url, Some(read.candidates.len()));
            self.report.notes.extend(read.skipped.iter().map(|skipped| format!("{url}: {skipped}")));
            self.fresh_for(read.ttl.map(|ttl| ttl.as_secs()).max(document.max_age.map(u64::from)));
            let full = self.is_full(&read.candidates);
            let offered = self.offer(read.candidates).await?;
            // None of it known: something may lie between this page and the last visit.
            let unbroken = offered.known > 0 || offered.new == 0;
            self.gap |= !self.first && !unbroken;
            next = read.next.filter(|_| !full && (self.first || !unbroken));
        }
        Ok(pages > 0 || self.report.asked.last().is_some_and(|asked| asked.trouble.is_none()))
    }

    async fn feed_document(
        &mut self,
        url: &Url,
        first: bool,
        named: bool,
    ) -> Result<Option<Document>, StoreError> {
        let state = self.pipeline.store.listing_state(&self.source.id, url).await?;
        // At the first climb everything is wanted, whatever an earlier, interrupted one has seen.
        let validators = if self.first { Default::default() } else { state.validators };
        self.report.requests += 1;
        let request = Request::new(url.clone(), Accept::Feed).if_changed(validators);
        match self.pipeline.fetcher.document(&request).await {
            Ok(Fetched::New(document)) => {
                if first {
                    let (validators, answered) = (document.validators.clone(), Some(document.fetched));
                    self.states.push((
                        url.clone(),
                        ListingState { validators, answered, ..ListingState::default() },
                    ));
                }
                Ok(Some(document))
            }
            Ok(Fetched::NotModified(answer)) => {
                self.fresh_for(answer.max_age.map(u64::from));
                self.report.answered(DiscoveryMethod::Feed, url, None);
                Ok(None)
            }
            Err(error) => {
                self.failed(DiscoveryMethod::Feed, url, &error, named);
                Ok(None)
            }
        }
    }
}
