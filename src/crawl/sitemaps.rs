//! Asking the XML sitemaps: everything the portal admits to have.

use std::collections::HashSet;

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Answer, Discovery, Frontier, Reach};
use crate::config::Setting;
use crate::discover::autodiscovery;
use crate::discover::sitemap::Sitemap;
use crate::model::{DiscoveryMethod, UrlKey, Validators};

/// Sitemap files that one discovery reads: fifty million addresses by the protocol.
const MAX_FILES: usize = 1_000;
/// Names of sections have at most so many words; titles have more.
const MAX_SECTION_WORDS: usize = 4;
/// How deep indexes may name indexes. The protocol knows one level (sitemaps.org, "Sitemap index"); portals nest one
/// more, and an index that names itself under ever new addresses would go on for ever.
const MAX_DEPTH: usize = 3;

impl<F: Frontier> Discovery<'_, F> {
    pub(super) async fn ask_sitemaps(&mut self, stop: &CancellationToken) -> Result<Reach, F::Error> {
        if self.source.discover.sitemap == Setting::Forbidden {
            return Ok(Reach::Nothing);
        }
        let (roots, is_guessed) = self.sitemap_roots().await;
        let mut reach = Reach::Nothing;
        for root in roots {
            if stop.is_cancelled() {
                break;
            }
            if self.follow_sitemap(&root, is_guessed, stop).await? {
                reach = Reach::Everything;
                self.state.sitemaps = vec![root];
                if is_guessed {
                    break;
                }
            }
        }
        if reach == Reach::Everything && !stop.is_cancelled() {
            self.state.reconciled = Some(self.now);
        }
        Ok(reach)
    }

    /// Those that robots.txt names, else those that are remembered, else the usual ones, which are guesses.
    async fn sitemap_roots(&self) -> (Vec<Url>, bool) {
        let mut roots = self.asker.named_sitemaps().await;
        if roots.is_empty() {
            roots.clone_from(&self.state.sitemaps);
        }
        if !roots.is_empty() {
            return (roots, false);
        }
        let may_guess = self.is_first || self.has_gap;
        let guesses = if may_guess { autodiscovery::usual_sitemaps(&self.source.home) } else { Vec::new() };
        (guesses, true)
    }

    /// Reads a sitemap and those below it, each once. Below an index only files that changed are read.
    async fn follow_sitemap(
        &mut self,
        root: &Url,
        is_guessed: bool,
        stop: &CancellationToken,
    ) -> Result<bool, F::Error> {
        let listings = self.listings();
        let mut seen = HashSet::from([root.clone()]);
        let mut waiting = vec![(root.clone(), 0)];
        let mut files = 0;
        let mut is_whole = true;
        while let Some((url, depth)) = waiting.pop() {
            if stop.is_cancelled() {
                return Ok(false);
            }
            if files == MAX_FILES {
                // Read again when the sitemaps are next due, not at the next visit.
                self.report.notes.push(format!("{root}: more than {MAX_FILES} sitemaps; the rest was left"));
                break;
            }
            files += 1;
            let validators = self.validators(&url).await?;
            let Some(read) = self.ask_sitemap(&url, validators, is_guessed).await else {
                is_whole &= self.report.last_answered();
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
        Ok(is_whole)
    }

    /// The listings of the source and the sections of its menu, which sitemaps name as well. A headline in a menu is no
    /// section.
    fn listings(&self) -> HashSet<UrlKey> {
        let is_section = |(name, _): &&(String, Url)| name.split(' ').count() <= MAX_SECTION_WORDS;
        let sections = self.state.sections.iter().filter(is_section).map(|(_, url)| url);
        let named = self.source.discover.named_listings();
        named.iter().map(|listing| &listing.url).chain(sections).map(UrlKey::of).collect()
    }

    async fn ask_sitemap(&mut self, url: &Url, validators: Validators, is_guessed: bool) -> Option<Sitemap> {
        match self.asker.sitemap(url, validators).await {
            Ok(Answer::Read(document, read)) => {
                // That an index has not changed says nothing of the files that it names: it is asked for whole each time.
                if read.children.is_empty() {
                    self.answered.push((url.clone(), document.validators, document.fetched));
                }
                self.report.answered(DiscoveryMethod::Sitemap, url, Some(read.urls.len()));
                self.report.notes.extend(read.broken.iter().map(|why| format!("{url}: {why}")));
                if read.over_limit {
                    self.report
                        .notes
                        .push(format!("{url}: larger than the protocol allows; the rest was left"));
                }
                Some(read)
            }
            Ok(Answer::NotModified(_)) => {
                self.report.answered(DiscoveryMethod::Sitemap, url, None);
                None
            }
            Err(error) => {
                self.failed(DiscoveryMethod::Sitemap, url, &error, !is_guessed);
                None
            }
        }
    }
}
