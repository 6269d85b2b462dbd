//! Feeds that are asked for: the finished ones, and those made on demand of a category, a query or a limit.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use url::form_urlencoded;

use super::cache::CacheKey;
use super::editions::{FEED_VARY, blocking};
use super::respond::{FEED_CACHE, Prepared, message};
use super::routes::Ready;
use super::site::{STORE_TIMEOUT, entries};
use super::{Site, pages};
use crate::publish::{Channel, Edition, FeedName, Format, Gone};
use crate::store::{StoreError, Stored};

/// The most entries that `?limit=` may ask for.
pub const MAX_LIMIT: usize = 200;
/// The longest query, in characters: longer than any headline.
const MAX_QUERY_CHARS: usize = 200;
/// The most words in a query: each is a walk through an index.
const MAX_QUERY_WORDS: usize = 16;

/// What is wrong with a request, for whoever wrote it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// Not a number, or out of range.
    #[error("limit={0}: a whole number from 1 to {MAX_LIMIT} is understood")]
    Limit(String),
    /// Too much to search for.
    #[error("q: at most {MAX_QUERY_CHARS} characters and {MAX_QUERY_WORDS} words are searched for")]
    Query,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRequest {
    pub name: FeedName,
    pub format: Format,
    /// Filtered by what, white space folded.
    pub query: Option<String>,
    pub limit: Option<usize>,
}

impl FeedRequest {
    /// Reads the query of a URL; parameters that mean nothing here are passed over.
    pub fn read(name: FeedName, format: Format, query: &str) -> Result<Self, BadRequest> {
        let mut request = Self { name, format, query: None, limit: None };
        for (parameter, value) in form_urlencoded::parse(query.as_bytes()) {
            match parameter.as_ref() {
                "q" => request.query = words(&value)?,
                "limit" => request.limit = Some(limit(&value)?),
                _ => {}
            }
        }
        Ok(request)
    }

    fn is_whole(&self) -> bool {
        self.query.is_none() && self.limit.is_none() && !matches!(self.name, FeedName::Category(..))
    }

    /// One text for one feed, for the cache.
    fn key(&self) -> String {
        let limit = self.limit.map(|limit| limit.to_string()).unwrap_or_default();
        let query = self.query.as_deref().unwrap_or_default();
        format!("feed {}.{} {limit} {query}", self.name.path(), self.format.extension())
    }
}

/// A query, bounded, its white space folded; `None` if there is nothing in it.
pub fn words(value: &str) -> Result<Option<String>, BadRequest> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let query = words.join(" ");
    if words.len() > MAX_QUERY_WORDS || query.chars().count() > MAX_QUERY_CHARS {
        return Err(BadRequest::Query);
    }
    Ok(Some(query).filter(|query| query.chars().any(char::is_alphanumeric)))
}

fn limit(value: &str) -> Result<usize, BadRequest> {
    match value.parse() {
        Ok(limit @ 1..=MAX_LIMIT) => Ok(limit),
        _ => Err(BadRequest::Limit(value.chars().take(20).collect())),
    }
}

/// Why there is no feed to send.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// No such source or category.
    #[error("there is no such feed")]
    Unknown,
    /// The store did not answer in time.
    #[error("the store does not answer in time")]
    Slow,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the feed cannot be read: {0}")]
    Read(#[from] std::io::Error),
}

pub async fn answer(site: &Arc<Site>, request: &FeedRequest, headers: &HeaderMap) -> Ready {
    match prepared(site, request).await {
        Ok(prepared) => prepared.answer(headers),
        Err(trouble) => refuse(site, &trouble, headers),
    }
}

/// Tells what went wrong: 404 for what is not there, 503 for what may be there later.
pub fn refuse(site: &Site, trouble: &Trouble, headers: &HeaderMap) -> Ready {
    if matches!(trouble, Trouble::Unknown) {
        return pages::not_found(site, headers);
    }
    tracing::warn!(%trouble, "a request could not be answered");
    message(StatusCode::SERVICE_UNAVAILABLE, "this cannot be answered just now; please try again")
}

async fn prepared(site: &Arc<Site>, request: &FeedRequest) -> Result<Arc<Prepared>, Trouble> {
    // A copy takes what is stored now; the finished feeds belong to the server beside it.
    if request.is_whole() && !site.is_copy {
        let name = format!("{}.{}", request.name.path(), request.format.extension());
        // Of a source that is followed no more the disk may still have an edition, which must not get into memory.
        if Channel::new(&site.feed_settings, request.name.clone(), None).is_none() {
            return Err(Trouble::Unknown);
        }
        return match site.editions.get(&name).await? {
            Some(prepared) => Ok(prepared),
            // A source that was configured a moment ago has no edition until it is brought up.
            None => on_demand(site, request).await,
        };
    }
    on_demand(site, request).await
}

async fn on_demand(site: &Arc<Site>, request: &FeedRequest) -> Result<Arc<Prepared>, Trouble> {
    let cache_key = CacheKey { key: request.key(), source: request.name.source(), fresh_for: None };
    site.get_or_make(cache_key, make(site, request)).await
}

async fn make(site: &Site, request: &FeedRequest) -> Result<Prepared, Trouble> {
    let category = category_of(site, &request.name).await?;
    let (stored, gone) = in_time(read(site, request)).await?;
    let (feed_settings, asked) = (Arc::clone(&site.feed_settings), request.clone());
    let edition = blocking(move || {
        let channel = Channel::new(&feed_settings, asked.name.clone(), category.as_deref());
        Ok(channel.map(|channel| rendered(channel, &asked, &stored, &gone)))
    })
    .await?;
    Ok(Prepared::new(edition.ok_or(Trouble::Unknown)?, FEED_CACHE, FEED_VARY))
}

fn rendered(channel: Channel<'_>, asked: &FeedRequest, stored: &[Stored], gone: &[Gone]) -> Edition {
    let entries = entries(stored);
    let mut channel = channel.filtered(asked.query.as_deref().unwrap_or_default(), asked.limit);
    if asked.is_whole() && asked.name.source().is_some() {
        channel = channel.with_history(&entries);
    }
    let bytes = asked.format.render(&channel, &entries, gone);
    let link = channel.link_header(asked.format);
    Edition::on_demand(asked.format.content_type(), link, Channel::changed(&entries, gone), bytes)
}

async fn read(site: &Site, request: &FeedRequest) -> Result<(Vec<Stored>, Vec<Gone>), StoreError> {
    let scope = site.scope_of(&request.name).await?;
    let limit = request.limit.unwrap_or(site.config.publish.entries);
    let stored = match &request.query {
        Some(query) => site.store.search(&scope, query, limit).await?,
        None => site.store.newest(&scope, limit).await?,
    };
    let since = stored.iter().map(|stored| stored.article.published).min();
    let gone = match since {
        Some(since) => site.gone(&request.name, since, limit).await?,
        None => Vec::new(),
    };
    Ok((stored, gone))
}

/// The name for people of a category feed's category; an error if its source has none of that slug.
pub async fn category_of(site: &Site, name: &FeedName) -> Result<Option<String>, Trouble> {
    let FeedName::Category(source, slug) = name else { return Ok(None) };
    if site.feed_settings.source(source).is_none() {
        return Err(Trouble::Unknown);
    }
    let categories = in_time(site.store.categories(source)).await?;
    let found = categories.into_iter().find(|category| category.slug == *slug);
    found.map(|category| Some(category.name)).ok_or(Trouble::Unknown)
}

/// What the store answers, if it does so in time.
pub async fn in_time<T>(asked: impl Future<Output = Result<T, StoreError>>) -> Result<T, Trouble> {
    match tokio::time::timeout(STORE_TIMEOUT, asked).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Trouble::Slow),
    }
}
