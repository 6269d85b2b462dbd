//! Reading what is due: fetch ahead, extract off the runtime's workers, commit in order.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::StreamExt;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::learned::Learned;
use super::pages::{self, Read};
use super::settle::prepare;
use super::under_way::UnderWay;
use super::{Extent, Pipeline, Progress, Report};
use crate::article::{Candidate, NotArticle, Origin, Page, Template, UrlKey};
use crate::config::{Setting, Source};
use crate::discover::site;
use crate::extract::Observation;
use crate::fetch::{FetchError, Fetched, Request};
use crate::store::{Commit, FrontierEntry, StoreError};

/// Frontier entries taken at a time.
const SLICE: usize = 50;
/// Fetches that may fail in a row before the portal is left alone for this visit.
const PATIENCE: u32 = 5;
/// Pages of one article that are joined. More than this is a slide show or a trap.
const MAX_PAGES: usize = 20;

/// Commits that may be under way at a time, and the length of their kept pages together in bytes: enough that the
/// store puts many into one transaction.
const UNDER_WAY: (usize, usize) = (32, 4 << 20);

/// An address that was read as an article.
pub(super) struct Prepared {
    /// What is to be stored.
    pub commit: Commit,
    /// The title that the page itself gives.
    pub title: Option<String>,
    /// What its first page teaches of the template.
    pub observation: Observation,
    /// Pages that were fetched for it.
    pub pages: u64,
    /// What it was read by.
    pub template: Arc<Template>,
}

/// What became of one due address.
pub(super) enum Reading {
    /// Read as an article.
    Article(Box<Prepared>),
    /// The portal says that it has not changed.
    Unchanged,
    /// Fetched, and no article.
    NotArticle(NotArticle),
    /// Not fetched.
    Failed(FetchError),
}

pub(super) struct Reader<'a> {
    pub pipeline: &'a Pipeline,
    pub source: &'a Source,
    pub report: &'a mut Report,
    pub template: Arc<Learned>,
    pub under_way: UnderWay,
    /// What pages that speak of something else say: the same under two addresses is no article.
    pub strangers: HashSet<[u8; 16]>,
    failures: u32,
    done: u64,
    /// Kept pages that were read again.
    pub again: usize,
}

impl<'a> Reader<'a> {
    pub async fn new(
        pipeline: &'a Pipeline,
        source: &'a Source,
        report: &'a mut Report,
    ) -> Result<Self, StoreError> {
        let template = Arc::new(Learned::new(pipeline.store.template(&source.id).await?));
        Ok(Self {
            pipeline,
            source,
            report,
            template,
            under_way: UnderWay::default(),
            strangers: HashSet::new(),
            failures: 0,
            done: 0,
            again: 0,
        })
    }

    /// Reads due addresses, oldest first within a slice, until none is left, the extent is used up, the portal fails
    /// too often, or `stop` is cancelled: then the article at hand is finished.
    pub async fn read_due<P: Progress>(
        &mut self,
        extent: Extent,
        progress: &P,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        let mut left = match extent {
            Extent::Everything => usize::MAX,
            Extent::Pages(pages) => pages,
        };
        while left > 0 && !stop.is_cancelled() && self.failures < PATIENCE {
            let now = (self.pipeline.clock)();
            let due = self.pipeline.store.due(&self.source.id, now, SLICE.min(left)).await?;
            if due.is_empty() {
                break;
            }
            left -= due.len();
            self.read_slice(due, progress, stop).await?;
            self.store_template(false).await?;
            self.read_unripe(stop).await?;
            progress.committed(&self.source.id).await;
        }
        // What the last visit had to leave.
        self.read_unripe(stop).await?;
        self.store_template(true).await
    }

    async fn store_template(&self, at_end: bool) -> Result<(), StoreError> {
        match self.template.to_store(at_end) {
            Some(template) => self.pipeline.store.save_template(&self.source.id, template).await,
            None => Ok(()),
        }
    }

    async fn read_slice<P: Progress>(
        &mut self,
        due: Vec<FrontierEntry>,
        progress: &P,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        let (pipeline, source) = (self.pipeline, self.source);
        let template = Arc::clone(&self.template);
        let fetches = due.into_iter().map(|entry| {
            let template = Arc::clone(&template);
            async move {
                let reading = read_one(pipeline, source, &entry, template).await;
                (entry, reading)
            }
        });
        let mut readings = futures_util::stream::iter(fetches).buffered(pipeline.ahead.max(1));
        while let Some((entry, reading)) = readings.next().await {
            self.failures = if matches!(reading, Reading::Failed(FetchError::Later { .. })) {
                self.failures + 1
            } else {
                0
            };
            self.settle(entry, reading).await?;
            self.finish_commits(UNDER_WAY).await?;
            self.done += 1;
            if stop.is_cancelled() || self.failures >= PATIENCE {
                break;
            }
        }
        self.finish_commits((0, 0)).await?;
        let waiting = pipeline.store.source_state(&source.id).await?.waiting;
        progress.read(&source.id, self.done, waiting);
        Ok(())
    }
}

async fn read_one(
    pipeline: &Pipeline,
    source: &Source,
    entry: &FrontierEntry,
    template: Arc<Learned>,
) -> Reading {
    let request = Request::page(entry.candidate.url.clone()).if_changed(entry.validators.clone());
    let page = match pipeline.fetcher.page(&request).await {
        Ok(Fetched::New(page)) => page,
        Ok(Fetched::NotModified(_)) => return Reading::Unchanged,
        Err(error) => return Reading::Failed(error),
    };
    if let Some(astray) = astray(source, &entry.candidate, &page) {
        return astray;
    }
    let template = template.now();
    let mut read = match read_off_thread(source, entry, page, &template).await {
        Ok(read) => read,
        Err(why) => return Reading::NotArticle(why),
    };
    let mut next = read.draft.next_page.take();
    let mut seen = vec![read.page.url.clone()];
    while let Some(url) = next.take().filter(|url| !seen.contains(url) && seen.len() < MAX_PAGES) {
        seen.push(url.clone());
        let page = match pipeline.fetcher.page(&Request::page(url)).await {
            Ok(Fetched::New(page)) => page,
            Ok(Fetched::NotModified(_)) => break,
            // Half an article is not published: it is tried again, whole.
            Err(error) => return Reading::Failed(error),
        };
        match read_off_thread(source, entry, page, &template).await {
            Ok(mut more) => {
                next = more.draft.next_page.take();
                pages::append(&mut read, more);
            }
            Err(why) => return Reading::NotArticle(why),
        }
    }
    let pages = 1 + read.more.len() as u64;
    let (reader, entry, keeps) = (source.clone(), entry.clone(), pipeline.keeps_pages());
    let task = tokio::task::spawn_blocking(move || {
        let raw_html = keeps.then(|| pages::pack(&read));
        let observation = std::mem::take(&mut read.observation);
        let title = read.draft.title.clone().filter(|title| title.origin != Origin::Listing);
        let title = title.map(|title| title.value);
        let commit = prepare(&reader, &entry, read, raw_html);
        Box::new(Prepared { commit, title, observation, pages, template })
    });
    task.await.map_or_else(broken_down, Reading::Article)
}

fn broken_down(fault: tokio::task::JoinError) -> Reading {
    tracing::error!(%fault, "extraction broke down; the page is held back");
    Reading::NotArticle(NotArticle::Unreadable)
}

/// What it means that an address led to another: out of the portal, or to no article.
fn astray(source: &Source, candidate: &Candidate, page: &Page) -> Option<Reading> {
    if !site::is_within(&page.url, &source.home) {
        let why = format!("it leads to {}, which is not part of {}", page.url, source.home);
        return Some(Reading::Failed(FetchError::Refused { url: Box::new(page.requested.clone()), why }));
    }
    is_listing(source, candidate, &page.url).then_some(Reading::NotArticle(NotArticle::Listing))
}

/// Whether an article's address led to a place that is none: the front page, or the listing it was found in. Portals
/// send readers of what is gone there.
fn is_listing(source: &Source, candidate: &Candidate, url: &Url) -> bool {
    let named = match &source.discover.listings {
        Setting::Use(listings) => listings.as_slice(),
        Setting::Find | Setting::Forbidden => &[],
    };
    let place = UrlKey::of(url);
    let mut listings = named.iter().map(|listing| &listing.url).chain([&source.home, &candidate.listing]);
    UrlKey::of(&candidate.url) != place && listings.any(|listing| UrlKey::of(listing) == place)
}

/// Parsing is processor work: it runs on the blocking pool, and a page that makes it panic costs that page alone.
async fn read_off_thread(
    source: &Source,
    entry: &FrontierEntry,
    page: Page,
    template: &Arc<Template>,
) -> Result<Read, NotArticle> {
    let (source, candidate, template) = (source.clone(), entry.candidate.clone(), Arc::clone(template));
    let task =
        tokio::task::spawn_blocking(move || pages::read_page(&source, &candidate, page, &template, false));
    task.await.unwrap_or_else(|fault| {
        tracing::error!(%fault, "extraction broke down; the page is held back");
        Err(NotArticle::Unreadable)
    })
}
