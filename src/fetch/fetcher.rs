//! The face of the module: pages, documents and robots.txt files for whoever asks.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use super::client::{Arrival, Client};
use super::error::{FetchError, SetupError};
use super::reading;
use super::request::{Fetched, Request};
use super::robots::{RobotsEntry, SiteRules};
use super::trouble::Trouble;
use crate::config::FetchConfig;
use crate::model::{Clock, Document, Page};

/// Fetches pages and documents. Cheap to clone; clones share connections, pace, breakers and robots.txt files.
#[derive(Clone)]
pub struct Fetcher {
    pub(super) client: Arc<Client>,
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher").finish_non_exhaustive()
    }
}

impl Fetcher {
    /// Builds the client from the configuration, with the system's clock.
    ///
    /// # Errors
    /// [`SetupError`] if the User-Agent cannot be sent or no TLS client can be made.
    pub fn new(config: &FetchConfig) -> Result<Self, SetupError> {
        Self::with_clock(config, Clock::system())
    }

    /// The same with a clock of the caller's: for the `fetched` stamps, the age of a robots.txt, `Retry-After` dates,
    /// and every wait between requests. Deadlines of exchanges with servers are real.
    ///
    /// # Errors
    /// As [`Fetcher::new`].
    pub fn with_clock(config: &FetchConfig, clock: Clock) -> Result<Self, SetupError> {
        Ok(Self { client: Arc::new(Client::new(config, clock)?) })
    }

    /// A fetcher under another configuration. Requests under way end by the one they began with and count for the pace of
    /// this one; what robots.txt files and failing hosts said is asked again.
    ///
    /// # Errors
    /// As [`Fetcher::new`].
    pub(crate) fn under(&self, config: &FetchConfig) -> Result<Self, SetupError> {
        Ok(Self { client: Arc::new(self.client.under(config)?) })
    }

    /// Fetches a page for people and decodes it: HTML, XHTML or plain text, not empty, in whatever encoding.
    ///
    /// # Errors
    /// [`FetchError`], by what to do next.
    pub async fn page(&self, request: &Request) -> Result<Fetched<Page>, FetchError> {
        self.fetch(request, reading::page).await
    }

    /// Fetches a feed, sitemap or API answer as bytes; a gzip file is unpacked. What kind of content it is, and in
    /// which encoding, is for its parser to say.
    ///
    /// # Errors
    /// [`FetchError`], by what to do next.
    pub async fn document(&self, request: &Request) -> Result<Fetched<Document>, FetchError> {
        let max = self.client.max_body();
        self.fetch(request, |request, arrival, now| reading::document(request, arrival, now, max)).await
    }

    /// What the robots.txt of a URL's site says: from the cache if a copy is fresh, else asked for.
    ///
    /// # Errors
    /// [`FetchError::Later`] if the file cannot be reached and no copy is there; [`FetchError::Refused`] if the guard
    /// keeps the site off limits.
    pub(crate) async fn robots(&self, url: &Url) -> Result<SiteRules, FetchError> {
        self.client.rules(url).await.map_err(|trouble| trouble.of(url, url))
    }

    /// What is known of every site's robots.txt, to be kept over a restart.
    pub(crate) fn robots_snapshot(&self) -> Vec<RobotsEntry> {
        self.client.robots().snapshot()
    }

    /// Takes back what [`Fetcher::robots_snapshot`] gave.
    pub(crate) fn preload(&self, entries: Vec<RobotsEntry>) {
        self.client.robots().preload(entries);
    }

    async fn fetch<T>(
        &self,
        request: &Request,
        read: impl FnOnce(&Request, Arrival, Timestamp) -> Result<T, Trouble>,
    ) -> Result<Fetched<T>, FetchError> {
        let arrival = self.client.arrive(request).await?;
        let now = self.client.now();
        if arrival.answer.status == 304 {
            return Ok(Fetched::NotModified(reading::not_modified(request, arrival, now)));
        }
        let at = arrival.url.clone();
        read(request, arrival, now).map(Fetched::New).map_err(|trouble| trouble.of(&request.url, &at))
    }
}
