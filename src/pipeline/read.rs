//! Reading what is due: fetch ahead, extract off the runtime's workers, commit in order.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt;
use tokio_util::sync::CancellationToken;

use super::{Extent, Pipeline, Progress, Report};
use crate::article::{Draft, NotArticle, Page, Template};
use crate::clean::{self, Cleaned};
use crate::config::Source;
use crate::discover::site;
use crate::extract::{self, Observation};
use crate::fetch::{FetchError, Fetched, Request};
use crate::store::{FrontierEntry, StoreError};

/// Frontier entries taken at a time.
const SLICE: usize = 50;
/// Fetches that may fail in a row before the portal is left alone for this visit.
const PATIENCE: u32 = 5;
/// Pages of one article that are joined. More than this is a slide show or a trap.
const MAX_PAGES: usize = 20;

/// What became of one due address.
pub(super) enum Reading {
    /// Read as an article.
    Article(Box<Read>),
    /// The portal says that it has not changed.
    Unchanged,
    /// Fetched, and no article.
    NotArticle(NotArticle),
    /// Not fetched.
    Failed(FetchError),
}

/// A page that was read as an article.
pub(super) struct Read {
    pub page: Page,
    pub draft: Draft,
    pub cleaned: Cleaned,
    pub observation: Observation,
    pub requests: u64,
}

/// The template as it is now: every page is read by what all committed before it have taught.
pub(super) struct Learned(Mutex<Arc<Template>>);

impl Learned {
    fn new(template: Template) -> Self {
        Self(Mutex::new(Arc::new(template)))
    }

    /// The template as it is now.
    pub fn now(&self) -> Arc<Template> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes in what a page taught.
    pub fn learn(&self, page: &Observation) {
        // Copied only while a page is being read by what was known before.
        Arc::make_mut(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner)).learn(page);
    }
}

pub(super) struct Reader<'a> {
    pub pipeline: &'a Pipeline,
    pub source: &'a Source,
    pub report: &'a mut Report,
    pub template: Arc<Learned>,
    failures: u32,
    done: u64,
}

impl<'a> Reader<'a> {
    pub async fn new(pipeline: &'a Pipeline, source: &'a Source, report: &'a mut Report) -> Result<Self, StoreError> {
        let template = Arc::new(Learned::new(pipeline.store.template(&source.id).await?));
        Ok(Self { pipeline, source, report, template, failures: 0, done: 0 })
    }

    /// Reads due addresses, oldest first within a slice, until none is left, the extent is used up, the portal fails
    /// too often, or `stop` is cancelled: then the article at hand is finished.
    pub async fn read_due<P: Progress>(&mut self, extent: Extent, progress: &P, stop: &CancellationToken) -> Result<(), StoreError> {
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
            let template = Template::clone(&self.template.now());
            self.pipeline.store.save_template(&self.source.id, template).await?;
            progress.committed(&self.source.id).await;
        }
        Ok(())
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
            self.failures = if matches!(reading, Reading::Failed(FetchError::Later { .. })) { self.failures + 1 } else { 0 };
            self.settle(entry, reading).await?;
            self.done += 1;
            if stop.is_cancelled() || self.failures >= PATIENCE {
                break;
            }
        }
        let waiting = pipeline.store.source_state(&source.id).await?.waiting;
        progress.read(&source.id, self.done, waiting);
        Ok(())
    }
}

async fn read_one(pipeline: &Pipeline, source: &Source, entry: &FrontierEntry, template: Arc<Learned>) -> Reading {
    let request = Request::page(entry.candidate.url.clone()).if_changed(entry.validators.clone());
    let page = match pipeline.fetcher.page(&request).await {
        Ok(Fetched::New(page)) => page,
        Ok(Fetched::NotModified(_)) => return Reading::Unchanged,
        Err(error) => return Reading::Failed(error),
    };
    if !site::is_within(&page.url, &source.home) {
        let why = format!("it leads to {}, which is not part of {}", page.url, source.home);
        return Reading::Failed(FetchError::Refused { url: Box::new(page.requested), why });
    }
    let (mut read, mut next) = match extract_off_thread(source, entry, page, &template).await {
        Ok(read) => read,
        Err(why) => return Reading::NotArticle(why),
    };
    let mut seen = vec![read.page.url.clone()];
    while let Some(url) = next.take().filter(|url| !seen.contains(url) && seen.len() < MAX_PAGES) {
        seen.push(url.clone());
        let page = match pipeline.fetcher.page(&Request::page(url)).await {
            Ok(Fetched::New(page)) => page,
            Ok(Fetched::NotModified(_)) => break,
            // Half an article is not published: it is tried again, whole.
            Err(error) => return Reading::Failed(error),
        };
        read.requests += 1;
        match extract_off_thread(source, entry, page, &template).await {
            Ok((more, after)) => {
                next = after;
                append(&mut read, more);
            }
            Err(why) => return Reading::NotArticle(why),
        }
    }
    Reading::Article(Box::new(read))
}

type WithNext = (Read, Option<url::Url>);

/// Parsing is processor work: it runs on the blocking pool, and a page that makes it panic costs that page alone.
async fn extract_off_thread(
    source: &Source,
    entry: &FrontierEntry,
    page: Page,
    template: &Learned,
) -> Result<WithNext, NotArticle> {
    let (source, candidate, template) = (source.clone(), entry.candidate.clone(), template.now());
    let task = tokio::task::spawn_blocking(move || {
        let context = extract::Context {
            rules: &source.article,
            time_zone: &source.time_zone,
            language: &source.language,
            home: Some(&source.home),
            site_name: Some(&source.title),
            template: Some(&template),
            candidate: Some(&candidate),
            max_future: source.article.max_future,
            explain: false,
        };
        let extracted = extract::extract(&page, &context)?;
        let cleaned = clean::clean(&extracted.draft.body, &page.url, &clean::Options::default());
        let next = extracted.draft.next_page.clone();
        let read = Read { page, draft: extracted.draft, cleaned, observation: extracted.observation, requests: 1 };
        Ok((read, next))
    });
    task.await.unwrap_or_else(|fault| {
        tracing::error!(%fault, "extraction broke down; the page is held back");
        Err(NotArticle::Unreadable)
    })
}

/// Joins the next page of an article to what was read so far.
fn append(read: &mut Read, more: Read) {
    let (body, rest) = (&mut read.cleaned, more.cleaned);
    body.html.push_str(&rest.html);
    body.text = format!("{}\n\n{}", body.text, rest.text).trim().to_owned();
    body.images.extend(rest.images);
    body.attachments.extend(rest.attachments);
    body.words += rest.words;
    // The byline stands on the last page.
    if more.draft.authors.is_some() {
        read.draft.authors = more.draft.authors;
    }
    read.draft.credit = more.draft.credit.or(read.draft.credit.take());
}
