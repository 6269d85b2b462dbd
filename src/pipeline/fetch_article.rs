//! One due address: fetched with the further pages of its article, extracted, made ready for the store.

use std::sync::Arc;

use super::outcome::prepare;
use super::pages::{self, Read, Refusal};
use super::process::{FetchOutcome, Prepared};
use super::template_state::TemplateState;
use super::{Pipeline, held};
use crate::config::Source;
use crate::discover::site;
use crate::fetch::{FetchError, Fetched, Request};
use crate::model::{Candidate, Cause, NotArticle, Origin, Page, Template, UrlKey, Validators, short_url};
use crate::store::FrontierEntry;

/// Pages of one article that are joined. More than this is a slide show or a trap.
const MAX_PAGES: usize = 20;

/// Reads a due address by what the template is when its page has come.
pub(super) async fn fetch_article(
    pipeline: &Pipeline,
    source: &Arc<Source>,
    entry: &FrontierEntry,
    template: &TemplateState,
) -> FetchOutcome {
    let fetch = ArticleFetch { pipeline, source, entry };
    fetch.article(template).await.map_or_else(|other| other, FetchOutcome::Article)
}

struct ArticleFetch<'a> {
    pipeline: &'a Pipeline,
    source: &'a Arc<Source>,
    entry: &'a FrontierEntry,
}

impl ArticleFetch<'_> {
    async fn article(&self, template: &TemplateState) -> Result<Box<Prepared>, FetchOutcome> {
        let candidate = &self.entry.candidate;
        // After a failure it is asked for whole: that it has not changed would not bring back what was taken down.
        let is_whole = self.entry.failures > 0;
        let validators = if is_whole { Validators::default() } else { self.entry.validators.clone() };
        let request = Request::page(candidate.url.clone()).if_changed(validators);
        let page = match self.pipeline.fetcher.page(&request).await.map_err(FetchOutcome::Failed)? {
            Fetched::New(page) => page,
            Fetched::NotModified(_) => return Err(FetchOutcome::Unchanged),
        };
        if let Some(redirected_away) = redirected_away(self.source, candidate, &page) {
            return Err(redirected_away);
        }
        let template = template.current();
        let mut read = match self.first_page(page, &template).await? {
            First::All(prepared) => return Ok(prepared),
            First::Part(read) => read,
        };
        self.join_further_pages(&mut read, &template).await?;
        let work = self.work(template);
        off_thread(move || work.prepare(*read)).await
    }

    async fn join_further_pages(
        &self,
        read: &mut Read,
        template: &Arc<Template>,
    ) -> Result<(), FetchOutcome> {
        let mut next = read.article.draft.next_page.take();
        let mut seen = vec![read.page.url.clone()];
        while let Some(url) = next.take().filter(|url| !seen.contains(url) && seen.len() < MAX_PAGES) {
            seen.push(url.clone());
            // Half an article is not published: where a page fails, it is tried again, whole.
            let fetched =
                self.pipeline.fetcher.page(&Request::page(url)).await.map_err(FetchOutcome::Failed)?;
            let Fetched::New(page) = fetched else { break };
            let work = self.work(Arc::clone(template));
            let mut more = off_thread(move || work.read(page).map_err(|other| work.held(other))).await??;
            next = more.article.draft.next_page.take();
            pages::append(read, more);
        }
        Ok(())
    }

    /// Reads the first page; where no other follows, as it mostly is, the article is made ready on the way.
    async fn first_page(&self, page: Page, template: &Arc<Template>) -> Result<First, FetchOutcome> {
        let work = self.work(Arc::clone(template));
        off_thread(move || {
            let read = work.read(page).map_err(|other| work.held(other))?;
            Ok(if read.article.draft.next_page.is_some() {
                First::Part(Box::new(read))
            } else {
                First::All(work.prepare(read))
            })
        })
        .await?
    }

    fn work(&self, template: Arc<Template>) -> PageWork {
        PageWork {
            source: Arc::clone(self.source),
            entry: self.entry.clone(),
            template,
            keeps: self.pipeline.keeps_pages(),
        }
    }
}

/// What the first page of an article leads to.
enum First {
    /// It is all.
    All(Box<Prepared>),
    /// Another follows.
    Part(Box<Read>),
}

/// What is done with pages away from the runtime's workers, and by what.
struct PageWork {
    source: Arc<Source>,
    entry: FrontierEntry,
    template: Arc<Template>,
    keeps: bool,
}

impl PageWork {
    fn read(&self, page: Page) -> Result<Read, Refusal> {
        pages::read_page(&self.source, &self.entry.candidate, page, &self.template, false)
    }

    fn held(&self, refusal: Refusal) -> FetchOutcome {
        let why = refusal.why;
        FetchOutcome::NotArticle(why, Some(Box::new(held::would_publish(&self.source, &self.entry, refusal))))
    }

    fn prepare(self, mut read: Read) -> Box<Prepared> {
        let pages = 1 + read.more.len() as u64;
        let raw_html = self.keeps.then(|| pages::pack(&read));
        let observation = std::mem::take(&mut read.article.observation);
        let title = read.article.draft.title.as_ref().filter(|title| title.origin != Origin::Listing);
        let title = title.map(|title| title.value.clone());
        let commit = prepare(&self.source, &self.entry, read, raw_html);
        Box::new(Prepared { commit, title, observation, pages, template: self.template })
    }
}

/// Parsing is processor work: it runs on the blocking pool, and a page that makes it panic costs that page alone.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, FetchOutcome> {
    tokio::task::spawn_blocking(work).await.map_err(|fault| {
        tracing::error!(%fault, "extraction broke down; the page is held back");
        FetchOutcome::NotArticle(NotArticle::Unreadable, None)
    })
}

/// What it means that an address led to another: out of the portal, or to a list, where portals send readers of what is
/// gone.
fn redirected_away(source: &Source, candidate: &Candidate, page: &Page) -> Option<FetchOutcome> {
    if !site::is_within(&page.url, &source.home) {
        let why =
            format!("it leads to {}, which is not part of {}", short_url(&page.url), short_url(&source.home));
        return Some(FetchOutcome::Failed(FetchError::refused(&page.requested, Cause::Redirect, why)));
    }
    let is_elsewhere = UrlKey::of(&candidate.url) != UrlKey::of(&page.url);
    (is_elsewhere && site::is_listing(&page.url, source, candidate))
        .then(|| FetchOutcome::NotArticle(NotArticle::Listing, Some(Box::new(held::glimpsed(page)))))
}
