//! The rung of listing pages.

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Ladder, MAX_LISTING_PAGES, context, date_reader};
use crate::article::{Page, Rung};
use crate::config::{Listing, Setting};
use crate::discover::listing::{self, ListingRead};
use crate::fetch::{Fetched, Request};
use crate::store::{ListingState, StoreError};

impl Ladder<'_> {
    pub(super) async fn climb_listings(&mut self, stop: &CancellationToken) -> Result<(), StoreError> {
        let listings = match &self.source.discover.listings {
            Setting::Use(listings) => listings.clone(),
            Setting::Find => vec![Listing { url: self.source.home.clone(), category: None }],
            Setting::Forbidden => Vec::new(),
        };
        for listing in listings {
            self.climb_listing(&listing, stop).await?;
        }
        Ok(())
    }

    /// Follows a listing from its first page: to its end at the first visit, later as long as a page brings something
    /// that was not known, so that an outage longer than one page is caught up.
    async fn climb_listing(&mut self, listing: &Listing, stop: &CancellationToken) -> Result<(), StoreError> {
        let mut seen = listing::Seen::default();
        let mut next = Some(listing.url.clone());
        let mut pages = 0;
        while let Some(url) = next.take() {
            if stop.is_cancelled() || self.is_full() || pages == MAX_LISTING_PAGES || !seen.enter(&url) {
                break;
            }
            let Some(page) = self.listing_page(&url, pages == 0).await? else { break };
            let Some(read) = self.read_listing(&page, listing) else { break };
            pages += 1;
            let first_visit = self.memory.complete.is_none();
            let unseen = seen.news(&read.candidates);
            let new = self.offer(read.candidates).await?;
            if unseen > 0 && (first_visit || new > 0) {
                next = read.next;
            }
        }
        Ok(())
    }

    /// Only the first page is asked for conditionally: the validators of a later page say nothing about the ones
    /// before it.
    async fn listing_page(&mut self, url: &Url, first: bool) -> Result<Option<Page>, StoreError> {
        let state = self.pipeline.store.listing_state(&self.source.id, url).await?;
        let conditional = first && self.memory.complete.is_some();
        let validators = if conditional { state.validators } else { Default::default() };
        self.report.requests += 1;
        match self.pipeline.fetcher.page(&Request::page(url.clone()).if_changed(validators)).await {
            Ok(Fetched::New(page)) => {
                if first {
                    let (validators, answered) = (page.validators.clone(), Some(page.fetched));
                    self.states.push((url.clone(), ListingState { validators, answered, ..ListingState::default() }));
                }
                Ok(Some(page))
            }
            Ok(Fetched::NotModified(_)) => {
                self.report.answered(Rung::Listing, url, None);
                Ok(None)
            }
            Err(error) => {
                self.failed(Rung::Listing, url, error.to_string(), true);
                Ok(None)
            }
        }
    }

    fn read_listing(&mut self, page: &Page, listing: &Listing) -> Option<ListingRead> {
        let read_date = date_reader(self.source);
        match listing::read(page, &context(self.source, listing.category.as_deref(), &read_date)) {
            Ok(read) => {
                self.report.answered(Rung::Listing, &page.url, Some(read.candidates.len()));
                Some(read)
            }
            Err(error) => {
                self.failed(Rung::Listing, &page.url, error.to_string(), true);
                None
            }
        }
    }
}
