//! The store as discovery sees it: the frontier of one source.

use jiff::Timestamp;
use url::Url;

use crate::crawl::Frontier;
use crate::model::{Candidate, Offered, SourceId, Validators};
use crate::store::{Store, StoreError};

pub(super) struct StoredFrontier<'a> {
    pub store: &'a Store,
    pub source: &'a SourceId,
    pub now: Timestamp,
}

impl Frontier for StoredFrontier<'_> {
    type Error = StoreError;

    async fn validators(&self, url: &Url) -> Result<Validators, StoreError> {
        Ok(self.store.listing_state(self.source, url).await?.validators)
    }

    async fn offer(&self, candidates: Vec<Candidate>, room: usize) -> Result<Offered, StoreError> {
        match room {
            usize::MAX => self.store.offer(self.source, candidates, self.now).await,
            _ => self.store.offer_within(self.source, candidates, room, self.now).await,
        }
    }
}
