//! The method of listing pages.

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Ladder, context, date_reader, in_place};
use crate::config::{Listing, Setting};
use crate::discover::listing::{self, ListingRead};
use crate::discover::site;
use crate::fetch::{Fetched, Request};
use crate::model::{DiscoveryMethod, Page, UrlKey};
use crate::store::{ListingState, StoreError};

/// Pages of one listing that are followed at one climb, whatever its pager says.
const MAX_PAGES: usize = 2_000;
/// So many news on the first page of a listing may be all of its list: portals that list three at a time are seen,
/// shorter lists are not.
const FEW_NEWS: usize = 3;
/// Sections of a portal that are followed where nothing better answers.
const MAX_SECTIONS: usize = 30;

/// Whether the page after this one may hold news, too: `new` of the `unseen` places that no page before named.
///
/// Boxes beside the list name old articles, often more than the list has, so a few news on the first page are enough to
/// look at the second. There these boxes are known from the first, and what is left is the list: news fill it from its
/// top. Links that change with each request are new on every page, and fill none.
fn may_hide_more(page: usize, new: usize, unseen: usize) -> bool {
    (page == 1 && new >= FEW_NEWS) || (new > 0 && new * 2 >= unseen)
}

impl Ladder<'_> {
    /// Asks the listings. `deep` follows them to the end; `cheap` says that a cheaper method has answered, so that only
    /// the listings that the operator named are asked.
    pub(super) async fn climb_listings(
        &mut self,
        deep: bool,
        cheap: bool,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        let listings = match &self.source.discover.listings {
            Setting::Use(listings) => listings.clone(),
            Setting::Find if deep || !cheap => self.found_listings(),
            Setting::Find | Setting::Forbidden => Vec::new(),
        };
        // That a section of the menu fails, which nobody named, is not missed where the front page is asked, too.
        let is_named = matches!(self.source.discover.listings, Setting::Use(_));
        for listing in listings {
            let is_wanted = is_named || listing.url == self.source.home;
            self.climb_listing(&listing, (deep, is_wanted), stop).await?;
        }
        Ok(())
    }

    /// The front page, and the sections of the portal's menu, whose names are categories.
    fn found_listings(&self) -> Vec<Listing> {
        let front = Listing { url: self.source.home.clone(), category: None };
        let section =
            |(name, url): &(String, Url)| Listing { url: url.clone(), category: Some(name.clone()) };
        std::iter::once(front).chain(self.memory.sections.iter().take(MAX_SECTIONS).map(section)).collect()
    }

    /// Follows a listing from its first page: to its end on a deep climb, else as long as a page brings something that
    /// was not known, so that an outage longer than one page is caught up.
    async fn climb_listing(
        &mut self,
        listing: &Listing,
        (deep, is_wanted): (bool, bool),
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        let mut seen = listing::Seen::default();
        let mut next = Some(listing.url.clone());
        let mut pages = 0;
        while let Some(url) = next.take() {
            if stop.is_cancelled() || pages == MAX_PAGES || !seen.enter(&url) {
                break;
            }
            let Some(page) = self.listing_page(&url, pages == 0, is_wanted).await? else { break };
            let Some(read) = self.read_listing(&page, listing, is_wanted) else { break };
            pages += 1;
            let unseen = seen.news(&read.candidates);
            let full = self.is_full(&read.candidates);
            let offered = self.offer(read.candidates).await?;
            let is_whole = deep && self.first;
            let goes_on = unseen > 0 && !full && (is_whole || may_hide_more(pages, offered.new, unseen));
            next = read.next.filter(|_| goes_on);
        }
        Ok(())
    }

    /// Only the first page is asked for conditionally: the validators of a later page say nothing about the ones
    /// before it.
    async fn listing_page(
        &mut self,
        url: &Url,
        first: bool,
        is_wanted: bool,
    ) -> Result<Option<Page>, StoreError> {
        if let Some(front) = self.front.take_if(|front| UrlKey::of(&front.url) == UrlKey::of(url)) {
            self.remember(url, &front);
            return Ok(Some(front));
        }
        let state = self.pipeline.store.listing_state(&self.source.id, url).await?;
        let validators = if first && !self.first { state.validators } else { Default::default() };
        self.report.requests += 1;
        match self.pipeline.fetcher.page(&Request::page(url.clone()).if_changed(validators)).await {
            Ok(Fetched::New(page)) => {
                if first {
                    self.remember(url, &page);
                }
                Ok(Some(page))
            }
            Ok(Fetched::NotModified(_)) => {
                self.report.answered(DiscoveryMethod::Listing, url, None);
                Ok(None)
            }
            Err(error) => {
                self.failed(DiscoveryMethod::Listing, url, &error, first && is_wanted);
                Ok(None)
            }
        }
    }

    fn remember(&mut self, url: &Url, page: &Page) {
        let (validators, answered) = (page.validators.clone(), Some(page.fetched));
        self.states.push((url.clone(), ListingState { validators, answered, ..ListingState::default() }));
    }

    fn read_listing(&mut self, page: &Page, listing: &Listing, is_wanted: bool) -> Option<ListingRead> {
        let read_date = date_reader(self.source);
        match listing::read(page, &context(self.source, listing.category.as_deref(), &read_date)) {
            Ok(read) => {
                if read.candidates.is_empty()
                    && let Some(instead) = in_place(&page.html)
                {
                    // It must be sent again: that it has not changed would hide what it is.
                    self.states.retain(|(known, _)| *known != page.requested);
                    self.refused(DiscoveryMethod::Listing, &page.requested, instead, is_wanted);
                    return None;
                }
                self.report.answered(DiscoveryMethod::Listing, &page.requested, Some(read.candidates.len()));
                if !site::is_within(&page.url, &self.source.home) {
                    self.report.moved(&page.url);
                }
                if read.over_limit > 0 {
                    self.report
                        .notes
                        .push(format!("{}: {} links over the limit were left", page.url, read.over_limit));
                }
                Some(read)
            }
            Err(error) => {
                self.refused(
                    DiscoveryMethod::Listing,
                    &page.requested,
                    (error.cause(), error.why()),
                    is_wanted,
                );
                None
            }
        }
    }
}
