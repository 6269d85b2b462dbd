//! One request to an address of a discovery method, and what its answer names. No store, and no memory of other requests.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::tz::TimeZone;
use url::Url;

use crate::config::Source;
use crate::discover::feed::FeedRead;
use crate::discover::listing::ListingRead;
use crate::discover::sitemap::Sitemap;
use crate::discover::wp_json::{self, ApiError, Names, Posts};
use crate::discover::{Context, DiscoverError, feed, listing, site, sitemap};
use crate::extract::sanity;
use crate::fetch::{Accept, FetchError, Fetched, Fetcher, NotModified, Request};
use crate::model::{Cause, Document, NotArticle, Page, Validators};

/// Asks the addresses of one portal.
pub struct Asker<'a> {
    pub fetcher: &'a Fetcher,
    pub home: &'a Url,
    /// The zone that dates without an offset are read in.
    pub time_zone: &'a TimeZone,
    /// The language that dates in words are read in; empty if it is not known.
    pub language: &'a str,
    /// How far ahead of the fetch a date may lie.
    pub max_future: Duration,
    requests: AtomicU64,
}

/// An answer: what came with what was read out of it, or that nothing has changed.
pub enum Answer<S, T> {
    Read(S, T),
    /// The content is what the validators came with.
    NotModified(NotModified),
}

impl<S, T> Answer<S, T> {
    /// The content; an answer to an unconditional request has nothing else to say.
    pub fn into_read(self) -> Result<(S, T), AskError> {
        match self {
            Self::Read(source, read) => Ok((source, read)),
            Self::NotModified(_) => Err(AskError::unexpected_304()),
        }
    }
}

/// Why an address gave nothing.
#[derive(Debug)]
pub enum AskError {
    Fetch(FetchError),
    /// Something else came: by who can mend it, and what it is.
    Content(Cause, String),
}

impl AskError {
    /// Something has not changed, though nothing was known of it.
    pub(super) fn unexpected_304() -> Self {
        let why = "the server says that nothing has changed, though nothing was known";
        Self::Content(Cause::Broken, why.to_owned())
    }

    /// By who can mend it, and why, for people who know already that `url` was asked.
    pub fn told(&self, url: &Url) -> (Cause, String) {
        match self {
            Self::Fetch(error) => (error.cause(), error.why_of(url)),
            Self::Content(cause, why) => (*cause, why.clone()),
        }
    }

    /// Whether nothing came at all.
    pub fn is_fetch(&self) -> bool {
        matches!(self, Self::Fetch(_))
    }

    /// Whether it may answer another time.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Fetch(FetchError::Later { .. }))
    }
}

impl From<FetchError> for AskError {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

impl From<DiscoverError> for AskError {
    fn from(error: DiscoverError) -> Self {
        Self::Content(error.cause(), error.why())
    }
}

/// Why the WordPress API gave no posts.
pub enum WpJsonError {
    /// The page asked for comes after the last one: nothing is wrong.
    PastEnd,
    /// The API is switched off, hidden or asks for a login.
    Closed(AskError),
    Other(AskError),
}

impl WpJsonError {
    fn of(error: &ApiError) -> Self {
        match error {
            ApiError::PastEnd { .. } => Self::PastEnd,
            ApiError::Closed { .. } => Self::Closed(AskError::Content(Cause::OtherStatus, error.why())),
            ApiError::Refused { .. } | ApiError::Unreadable(_) => {
                Self::Other(AskError::Content(Cause::Broken, error.why()))
            }
        }
    }
}

impl From<AskError> for WpJsonError {
    fn from(error: AskError) -> Self {
        match error {
            // 401, 403 and 404 are how a closed API answers (rest_forbidden, rest_no_route).
            AskError::Fetch(FetchError::Gone { .. } | FetchError::Refused { .. }) => Self::Closed(error),
            _ => Self::Other(error),
        }
    }
}

impl<'a> Asker<'a> {
    /// Asks a portal of which only the zone is presumed.
    pub fn new(fetcher: &'a Fetcher, home: &'a Url, time_zone: &'a TimeZone, max_future: Duration) -> Self {
        Self { fetcher, home, time_zone, language: "", max_future, requests: AtomicU64::new(0) }
    }

    pub fn of(fetcher: &'a Fetcher, source: &'a Source) -> Self {
        let asker = Self::new(fetcher, &source.home, &source.time_zone, source.article.max_future);
        Self { language: &source.language, ..asker }
    }

    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Reads something, with dates in listings read as extraction reads them in pages.
    pub fn read<T>(&self, category: Option<&str>, read: impl FnOnce(&Context<'_>) -> T) -> T {
        read(&Context {
            home: self.home,
            time_zone: self.time_zone,
            language: self.language,
            max_future: self.max_future,
            category,
        })
    }

    pub async fn page(&self, url: &Url, validators: Validators) -> Result<Fetched<Page>, FetchError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.fetcher.page(&Request::page(url.clone()).if_changed(validators)).await
    }

    pub async fn listing(
        &self,
        url: &Url,
        category: Option<&str>,
        validators: Validators,
    ) -> Result<Answer<Page, ListingRead>, AskError> {
        match self.page(url, validators).await? {
            Fetched::NotModified(answer) => Ok(Answer::NotModified(answer)),
            Fetched::New(page) => {
                let read = self.read_listing(&page, category)?;
                Ok(Answer::Read(page, read))
            }
        }
    }

    /// Reads a listing page that was fetched.
    pub fn read_listing(&self, page: &Page, category: Option<&str>) -> Result<ListingRead, AskError> {
        let read = self.read(category, |context| listing::read(page, context))?;
        if read.candidates.is_empty()
            && let Some(error) = why_not_listing(&page.html)
        {
            return Err(error);
        }
        Ok(read)
    }

    pub async fn feed(
        &self,
        url: &Url,
        validators: Validators,
    ) -> Result<Answer<Document, FeedRead>, AskError> {
        let request = Request::new(url.clone(), Accept::Feed).if_changed(validators);
        self.document(&request, feed::read).await
    }

    pub async fn sitemap(
        &self,
        url: &Url,
        validators: Validators,
    ) -> Result<Answer<Document, Sitemap>, AskError> {
        let request = Request::new(url.clone(), Accept::Sitemap).if_changed(validators);
        self.document(&request, sitemap::read).await
    }

    /// The sitemaps of the portal that its robots.txt names.
    pub async fn named_sitemaps(&self) -> Vec<Url> {
        let rules = self.fetcher.robots(self.home).await;
        let named = rules.map(|rules| rules.sitemaps()).unwrap_or_default();
        named.into_iter().filter(|url| site::is_within(url, self.home)).collect()
    }

    /// Asks the WordPress API for posts.
    pub async fn posts(&self, url: &Url, names: &Names) -> Result<(Document, Posts), WpJsonError> {
        let document = self.api_document(url).await?;
        let posts = self.read_posts(&document, names)?;
        Ok((document, posts))
    }

    /// Reads posts of the WordPress API that were fetched.
    pub fn read_posts(&self, document: &Document, names: &Names) -> Result<Posts, WpJsonError> {
        let read = self.read(None, |context| wp_json::posts(document, context, names));
        read.map_err(|error| match why_not_listing(&String::from_utf8_lossy(&document.bytes)) {
            Some(instead) => WpJsonError::Other(instead),
            None => WpJsonError::of(&error),
        })
    }

    /// Asks the WordPress API below `root` for the names of its categories.
    pub async fn category_names(&self, root: &Url) -> Result<Names, AskError> {
        let document = self.api_document(&wp_json::Request::categories(root, 1)).await?;
        Ok(wp_json::categories(&document).unwrap_or_default())
    }

    async fn api_document(&self, url: &Url) -> Result<Document, AskError> {
        let request = Request::new(url.clone(), Accept::Json);
        let (document, ()) = self.document(&request, |_, _| Ok(())).await?.into_read()?;
        Ok(document)
    }

    async fn document<T>(
        &self,
        request: &Request,
        read: impl FnOnce(&Document, &Context<'_>) -> Result<T, DiscoverError>,
    ) -> Result<Answer<Document, T>, AskError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let document = match self.fetcher.document(request).await? {
            Fetched::New(document) => document,
            Fetched::NotModified(answer) => return Ok(Answer::NotModified(answer)),
        };
        let read = self.read(None, |context| read(&document, context)).map_err(|error| {
            let instead = why_not_listing(&String::from_utf8_lossy(&document.bytes));
            instead.unwrap_or_else(|| error.into())
        })?;
        Ok(Answer::Read(document, read))
    }
}

/// What came in the place of a list, if it says so itself: a page that asks for a login, a bot check, an error with a
/// good status.
fn why_not_listing(html: &str) -> Option<AskError> {
    let what = sanity::why_not_listing(html)?;
    let cause = match what {
        NotArticle::Challenge | NotArticle::LoginWall => Cause::Blocked,
        _ => Cause::ServerError,
    };
    Some(AskError::Content(cause, format!("{what}, with a good status")))
}
