//! The rung of the portal's own feeds.

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Ladder, context, date_reader};
use crate::article::Rung;
use crate::config::Setting;
use crate::discover::feed;
use crate::fetch::{Accept, Fetched, Request};
use crate::store::{ListingState, StoreError};

impl Ladder<'_> {
    pub(super) async fn climb_feeds(&mut self, stop: &CancellationToken) -> Result<(), StoreError> {
        let feeds = match &self.source.discover.feeds {
            Setting::Use(feeds) => feeds.clone(),
            Setting::Find => self.memory.feeds.clone(),
            Setting::Forbidden => Vec::new(),
        };
        for url in feeds {
            if stop.is_cancelled() {
                break;
            }
            self.climb_feed(&url).await?;
        }
        Ok(())
    }

    async fn climb_feed(&mut self, url: &Url) -> Result<(), StoreError> {
        let state = self.pipeline.store.listing_state(&self.source.id, url).await?;
        let request = Request::new(url.clone(), Accept::Feed).if_changed(state.validators.clone());
        self.report.requests += 1;
        let document = match self.pipeline.fetcher.document(&request).await {
            Ok(Fetched::New(document)) => document,
            Ok(Fetched::NotModified(_)) => {
                self.report.answered(Rung::Feed, url, None);
                return Ok(());
            }
            Err(error) => {
                self.failed(Rung::Feed, url, error.to_string(), true);
                return Ok(());
            }
        };
        let read_date = date_reader(self.source);
        let read = match feed::read(&document, &context(self.source, None, &read_date)) {
            Ok(read) => read,
            Err(error) => {
                self.failed(Rung::Feed, url, error.to_string(), true);
                return Ok(());
            }
        };
        self.report.answered(Rung::Feed, url, Some(read.candidates.len()));
        self.report.notes.extend(read.skipped.iter().map(|skipped| format!("{url}: {skipped}")));
        self.offer(read.candidates).await?;
        let answered = Some(document.fetched);
        self.states.push((url.clone(), ListingState { validators: document.validators, answered, ..ListingState::default() }));
        Ok(())
    }
}
