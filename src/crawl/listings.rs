//! Asking the listing pages.

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Answer, Discovery, Frontier};
use crate::config::{Listing, Setting};
use crate::discover::listing::{ListingRead, ListingWalk};
use crate::discover::site;
use crate::model::{DiscoveryMethod, Page, UrlKey, Validators};

/// Pages of one listing that are followed at one visit, whatever its pager says.
const MAX_PAGES: usize = 2_000;
/// So many new articles on the first page of a listing may be all of its list: portals list three at a time and more, and
/// shorter lists are not noticed.
const MIN_LIST: usize = 3;
/// Sections of a portal that are followed where nothing better answers.
const MAX_SECTIONS: usize = 30;

/// Whether the page after this one may hold news, too: `new` of the `unseen` places that no page before named.
///
/// Boxes beside the list name old articles, often more than the list has, so a few news on the first page are enough to
/// look at the second. There these boxes are known from the first, and what is left is the list: news fill it from its
/// top. Links that change with each request are new on every page, and fill none.
fn may_hide_more(page: usize, new: usize, unseen: usize) -> bool {
    (page == 1 && new >= MIN_LIST) || (new > 0 && new * 2 >= unseen)
}

impl<F: Frontier> Discovery<'_, F> {
    /// Asks the listings. `is_deep` follows them to the end; `has_cheap` says that a cheaper method has answered, so that
    /// only the listings that the operator named are asked.
    pub(super) async fn ask_listings(
        &mut self,
        is_deep: bool,
        has_cheap: bool,
        stop: &CancellationToken,
    ) -> Result<(), F::Error> {
        let listings = match &self.source.discover.listings {
            Setting::Use(listings) => listings.clone(),
            Setting::Find if is_deep || !has_cheap => self.found_listings(),
            Setting::Find | Setting::Forbidden => Vec::new(),
        };
        // That a section of the menu fails, which nobody named, is not missed where the front page is asked, too.
        let is_named = matches!(self.source.discover.listings, Setting::Use(_));
        for listing in listings {
            let is_wanted = is_named || listing.url == self.source.home;
            self.follow_listing(&listing, (is_deep, is_wanted), stop).await?;
        }
        Ok(())
    }

    /// The front page, and the sections of the portal's menu, whose names are categories.
    fn found_listings(&self) -> Vec<Listing> {
        let front = Listing { url: self.source.home.clone(), category: None };
        let section =
            |(name, url): &(String, Url)| Listing { url: url.clone(), category: Some(name.clone()) };
        std::iter::once(front).chain(self.state.sections.iter().take(MAX_SECTIONS).map(section)).collect()
    }

    /// Follows a listing from its first page: to its end on a deep discovery, else as long as a page brings something that
    /// was not known, so that an outage longer than one page is caught up.
    async fn follow_listing(
        &mut self,
        listing: &Listing,
        (is_deep, is_wanted): (bool, bool),
        stop: &CancellationToken,
    ) -> Result<(), F::Error> {
        let mut walk = ListingWalk::default();
        let mut next = Some(listing.url.clone());
        let mut pages = 0;
        let mut unread = self.state.take_unread(&listing.url);
        let attempts = unread.as_ref().map_or(0, |unread| unread.attempts);
        while let Some(url) = next.take() {
            if pages == MAX_PAGES || !walk.enter(&url) {
                break;
            }
            let is_first_page = pages == 0;
            let read = if stop.is_cancelled() {
                None
            } else {
                self.ask_listing(&url, listing, (is_first_page, is_wanted)).await?
            };
            match read {
                Some(read) => {
                    next = self.take_in(read, &mut walk, (pages + 1, is_deep && self.is_first)).await?
                }
                // A first page that has not changed leads nowhere; but one that was not to be had says nothing.
                None if is_first_page && !stop.is_cancelled() && self.report.last_answered() => {}
                None if is_first_page => {
                    self.state.unread_pages.extend(unread.take());
                    break;
                }
                None => {
                    self.state.note_unread(&listing.url, url, attempts + 1);
                    break;
                }
            }
            pages += 1;
            // News move what was not read to later pages, never to earlier ones.
            next = next.or_else(|| unread.take().map(|unread| unread.page));
        }
        Ok(())
    }

    /// Offers what a page names, as the `page`th of its walk; gives the next one if it may hold news, or all are wanted.
    async fn take_in(
        &mut self,
        read: ListingRead,
        walk: &mut ListingWalk,
        (page, is_whole): (usize, bool),
    ) -> Result<Option<Url>, F::Error> {
        let unseen = walk.count_unseen(&read.candidates);
        let is_full = self.is_full(&read.candidates);
        let new = self.offer(read.candidates).await?.new;
        let goes_on = unseen > 0 && !is_full && (is_whole || may_hide_more(page, new, unseen));
        Ok(read.next.filter(|_| goes_on))
    }

    async fn ask_listing(
        &mut self,
        url: &Url,
        Listing { category, .. }: &Listing,
        (is_first_page, is_wanted): (bool, bool),
    ) -> Result<Option<ListingRead>, F::Error> {
        // Only the first page is asked conditionally: the validators of a later page say nothing about the ones before it.
        let validators = if is_first_page { self.validators(url).await? } else { Validators::default() };
        let is_it = |front: &mut Page| UrlKey::of(&front.url) == UrlKey::of(url);
        let (answer, is_fetched) = match self.front.take_if(is_it) {
            Some(front) => {
                let read = self.asker.read_listing(&front, category.as_deref());
                (read.map(|read| Answer::Read(front, read)), true)
            }
            None => (self.asker.listing(url, category.as_deref(), validators).await, false),
        };
        Ok(match answer {
            Ok(Answer::Read(page, read)) => {
                self.note_listing(&page, &read);
                if is_first_page || is_fetched {
                    self.answered.push((url.clone(), page.validators, page.fetched));
                }
                Some(read)
            }
            Ok(Answer::NotModified(_)) => {
                self.report.answered(DiscoveryMethod::Listing, url, None);
                None
            }
            Err(error) => {
                // A later page that cannot be had is not missed.
                let is_wanted = is_wanted && (is_first_page || !error.is_fetch());
                self.failed(DiscoveryMethod::Listing, url, &error, is_wanted);
                None
            }
        })
    }

    fn note_listing(&mut self, page: &Page, read: &ListingRead) {
        self.report.answered(DiscoveryMethod::Listing, &page.requested, Some(read.candidates.len()));
        if !site::is_within(&page.url, &self.source.home) {
            self.report.moved(&page.url);
        }
        if read.over_limit > 0 {
            let note = format!("{}: {} links over the limit were left", page.url, read.over_limit);
            self.report.notes.push(note);
        }
    }
}
