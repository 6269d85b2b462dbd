//! Asking the portal's own feeds.

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Answer, Discovery, Frontier, MAX_GUESSED_FEEDS, Reach};
use crate::config::Setting;
use crate::discover::autodiscovery;
use crate::discover::feed::FeedRead;
use crate::model::{DiscoveryMethod, Validators};

/// Further pages of a feed that are followed (RFC 5005).
const MAX_PAGES: usize = 200;

impl<F: Frontier> Discovery<'_, F> {
    pub(super) async fn ask_feeds(&mut self, stop: &CancellationToken) -> Result<Reach, F::Error> {
        let (feeds, is_named) = match &self.source.discover.feeds {
            Setting::Use(feeds) => (feeds.clone(), true),
            Setting::Find if !self.state.feeds.is_empty() => (self.state.feeds.clone(), true),
            Setting::Find if self.is_first => {
                let usual = autodiscovery::usual_feeds(&self.source.home);
                (usual.into_iter().take(MAX_GUESSED_FEEDS).collect(), false)
            }
            Setting::Find | Setting::Forbidden => (Vec::new(), true),
        };
        let mut reach = Reach::Nothing;
        for url in feeds {
            if stop.is_cancelled() {
                break;
            }
            if self.follow_feed(&url, is_named).await? {
                reach = Reach::Newest;
                if !is_named {
                    self.state.feeds = vec![url];
                    break;
                }
            }
        }
        Ok(reach)
    }

    /// Reads a feed, and its older pages at the first discovery or behind a gap.
    async fn follow_feed(&mut self, url: &Url, is_named: bool) -> Result<bool, F::Error> {
        let mut next = Some(url.clone());
        let mut pages = 0;
        while let Some(url) = next.take().filter(|_| pages < MAX_PAGES) {
            let is_newest = pages == 0;
            let validators = self.validators(&url).await?;
            let Some(read) = self.ask_feed(&url, validators, (is_newest, is_named)).await else { break };
            pages += 1;
            let is_full = self.is_full(&read.candidates);
            let offered = self.offer(read.candidates).await?;
            // None of it known: something may lie between this page and the last visit.
            let is_unbroken = offered.known > 0 || offered.new == 0;
            self.has_gap |= !self.is_first && !is_unbroken;
            next = read.next.filter(|_| !is_full && (self.is_first || !is_unbroken));
        }
        Ok(pages > 0 || self.report.last_answered())
    }

    async fn ask_feed(
        &mut self,
        url: &Url,
        validators: Validators,
        (is_newest, is_named): (bool, bool),
    ) -> Option<FeedRead> {
        match self.asker.feed(url, validators).await {
            Ok(Answer::Read(document, read)) => {
                self.report.answered(DiscoveryMethod::Feed, url, Some(read.candidates.len()));
                self.report.notes.extend(read.skipped.iter().map(|skipped| format!("{url}: {skipped}")));
                self.fresh_for(read.ttl.map(|ttl| ttl.as_secs()).max(document.max_age.map(u64::from)));
                if is_newest {
                    self.answered.push((url.clone(), document.validators, document.fetched));
                }
                Some(read)
            }
            Ok(Answer::NotModified(answer)) => {
                self.fresh_for(answer.max_age.map(u64::from));
                self.report.answered(DiscoveryMethod::Feed, url, None);
                None
            }
            Err(error) => {
                self.failed(DiscoveryMethod::Feed, url, &error, is_named);
                None
            }
        }
    }
}
