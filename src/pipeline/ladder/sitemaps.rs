//! The method of the XML sitemaps: everything the portal admits to have.

use std::collections::HashSet;

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Answered, Ladder, context, date_reader, in_place};
use crate::config::Setting;
use crate::discover::sitemap::{self, Sitemap};
use crate::discover::{autodiscovery, site};
use crate::fetch::{Accept, Fetched, Request};
use crate::model::{DiscoveryMethod, Document, UrlKey};
use crate::store::{ListingState, StoreError};

/// Sitemap files that one climb reads: fifty million addresses by the protocol.
const MAX_FILES: usize = 1_000;
/// Names of sections have at most so many words; titles have more.
const SECTION_WORDS: usize = 4;
/// How deep indexes may name indexes. The protocol knows one level (sitemaps.org, "Sitemap index"); portals nest one
/// more, and an index that names itself under ever new addresses would go on for ever.
const MAX_DEPTH: usize = 3;

impl Ladder<'_> {
    pub(super) async fn climb_sitemaps(&mut self, stop: &CancellationToken) -> Result<Answered, StoreError> {
        if self.source.discover.sitemap == Setting::Forbidden {
            return Ok(Answered::Nothing);
        }
        let (roots, guessed) = self.sitemap_roots().await;
        let mut answered = Answered::Nothing;
        for root in roots {
            if stop.is_cancelled() {
                break;
            }
            if self.walk_sitemaps(&root, guessed, stop).await? {
                answered = Answered::Everything;
                self.memory.sitemaps = vec![root];
                if guessed {
                    break;
                }
            }
        }
        if answered == Answered::Everything && !stop.is_cancelled() {
            self.memory.reconciled = Some(self.now);
        }
        Ok(answered)
    }

    /// Those that robots.txt names, else those that are remembered, else the usual ones, which are guesses.
    async fn sitemap_roots(&mut self) -> (Vec<Url>, bool) {
        let named = self
            .pipeline
            .fetcher
            .robots(&self.source.home)
            .await
            .map(|rules| rules.sitemaps())
            .unwrap_or_default();
        let mut roots: Vec<Url> =
            named.into_iter().filter(|url| site::is_within(url, &self.source.home)).collect();
        if roots.is_empty() {
            roots.clone_from(&self.memory.sitemaps);
        }
        if !roots.is_empty() {
            return (roots, false);
        }
        let guesses = if self.first || self.gap {
            autodiscovery::usual_sitemaps(&self.source.home)
        } else {
            Vec::new()
        };
        (guesses, true)
    }

    /// Reads a sitemap and those below it, each once. Below an index only files that changed are read.
    async fn walk_sitemaps(
        &mut self,
        root: &Url,
        guessed: bool,
        stop: &CancellationToken,
    ) -> Result<bool, StoreError> {
        let listings = self.listings();
        let mut seen = HashSet::from([root.clone()]);
        let mut waiting = vec![(root.clone(), 0)];
        let mut files = 0;
        let mut whole = true;
        while let Some((url, depth)) = waiting.pop() {
            if stop.is_cancelled() {
                return Ok(false);
            }
            if files == MAX_FILES {
                // Read again at the next reconciliation, not at the next visit.
                self.report.notes.push(format!("{root}: more than {MAX_FILES} sitemaps; the rest was left"));
                break;
            }
            files += 1;
            let Some(read) = self.sitemap(&url, guessed).await? else {
                whole &= self.report.asked.last().is_some_and(|asked| asked.trouble.is_none());
                continue;
            };
            let unread = |child: &Url| seen.insert(child.clone());
            let children = read.children.into_iter().map(|(child, _)| child).filter(unread);
            if depth < MAX_DEPTH {
                waiting.extend(children.map(|child| (child, depth + 1)));
            } else if children.count() > 0 {
                self.report
                    .notes
                    .push(format!("{url}: an index {MAX_DEPTH} levels deep; what it names was left"));
            }
            let mut urls = read.urls;
            urls.retain(|candidate| !listings.contains(&UrlKey::of(&candidate.url)));
            self.offer(urls).await?;
        }
        Ok(whole)
    }

    /// The listings of the source and the sections of its menu, which sitemaps name as well. A headline in a menu is no
    /// section.
    fn listings(&self) -> HashSet<UrlKey> {
        let is_section = |(name, _): &&(String, Url)| name.split(' ').count() <= SECTION_WORDS;
        let sections = self.memory.sections.iter().filter(is_section).map(|(_, url)| url);
        let named = self.source.discover.named_listings();
        named.iter().map(|listing| &listing.url).chain(sections).map(UrlKey::of).collect()
    }

    async fn sitemap(&mut self, url: &Url, guessed: bool) -> Result<Option<Sitemap>, StoreError> {
        let Some(document) = self.sitemap_document(url, guessed).await? else { return Ok(None) };
        let read_date = date_reader(self.source);
        match sitemap::read(&document, &context(self.source, None, &read_date)) {
            Ok(read) => {
                self.report.answered(DiscoveryMethod::Sitemap, url, Some(read.urls.len()));
                self.report.notes.extend(read.broken.iter().map(|why| format!("{url}: {why}")));
                if read.over_limit {
                    self.report
                        .notes
                        .push(format!("{url}: larger than the protocol allows; the rest was left"));
                }
                Ok(Some(read))
            }
            Err(error) => {
                self.states.retain(|(known, _)| known != url);
                // A page in the place of a sitemap often says itself what it is.
                let instead = in_place(&String::from_utf8_lossy(&document.bytes));
                let told = instead.unwrap_or_else(|| (error.cause(), error.why()));
                self.refused(DiscoveryMethod::Sitemap, url, told, !guessed);
                Ok(None)
            }
        }
    }

    async fn sitemap_document(&mut self, url: &Url, guessed: bool) -> Result<Option<Document>, StoreError> {
        let state = self.pipeline.store.listing_state(&self.source.id, url).await?;
        let validators = if self.first { Default::default() } else { state.validators };
        self.report.requests += 1;
        let request = Request::new(url.clone(), Accept::Sitemap).if_changed(validators);
        match self.pipeline.fetcher.document(&request).await {
            Ok(Fetched::New(document)) => {
                let (validators, answered) = (document.validators.clone(), Some(document.fetched));
                self.states
                    .push((url.clone(), ListingState { validators, answered, ..ListingState::default() }));
                Ok(Some(document))
            }
            Ok(Fetched::NotModified(_)) => {
                self.report.answered(DiscoveryMethod::Sitemap, url, None);
                Ok(None)
            }
            Err(error) => {
                self.failed(DiscoveryMethod::Sitemap, url, &error, !guessed);
                Ok(None)
            }
        }
    }
}
