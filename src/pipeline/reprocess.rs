//! Kept pages, read again: all of them when an operator asks, and by itself those that were read before the template of
//! their source was ripe.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, TryFutureExt};
use tokio_util::sync::CancellationToken;

use super::outcome::{assembled, commit_of};
use super::process::ArticleProcessor;
use super::{Pipeline, pages};
use crate::config::Source;
use crate::model::{Article, NotArticle, Template};
use crate::store::{Commit, Committed, FrontierEntry, Occasion, StoreError};

/// Kept pages that one visit reads again at most; the rest waits for the next.
const MAX_REPROCESSED_PAGES: usize = 200;
/// Kept pages taken at a time.
const BATCH_SIZE: usize = 20;

/// What reading a kept page again gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Reprocessed {
    /// The same title and text as stored.
    Same,
    /// Another text; title and text, before and after.
    Other {
        /// As it was stored.
        before: String,
        /// As it reads now.
        after: String,
    },
    /// No article any more.
    NotArticle(NotArticle),
}

/// What a kept page reads like now.
pub(super) enum KeptPage {
    /// As it is known.
    Same,
    /// Otherwise, or nothing to compare it with was given.
    Other(Box<Commit>),
}

impl Pipeline {
    /// Reads the kept page of a frontier entry again and stores the result unless `only_show`. What reads otherwise is
    /// no edit: `updated` stays, and there is no revision.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn reprocess(
        &self,
        source: &Source,
        entry: FrontierEntry,
        only_show: bool,
    ) -> Result<Reprocessed, StoreError> {
        let template = Arc::new(self.store.template(&source.id).await?);
        let commit = match self.reread_kept(&Arc::new(source.clone()), &entry, &template, None).await? {
            None | Some(Ok(KeptPage::Same)) => return Ok(Reprocessed::Same),
            Some(Err(why)) => return Ok(Reprocessed::NotArticle(why)),
            Some(Ok(KeptPage::Other(commit))) => commit,
        };
        let Some(known) = self.stored_article(&entry).await? else { return Ok(Reprocessed::Same) };
        let written = |title: &str, text: &str| format!("{title}\n\n{text}");
        let before = written(&known.title, &known.text);
        let after = written(&commit.article.title, &commit.article.text);
        if !only_show {
            self.store.commit(*commit).await?;
        }
        Ok(if before == after { Reprocessed::Same } else { Reprocessed::Other { before, after } })
    }

    /// What was last read at the address of an entry, if it was an article.
    pub(super) async fn stored_article(&self, entry: &FrontierEntry) -> Result<Option<Article>, StoreError> {
        match entry.article {
            Some(_) => self.store.read_at(entry.row).await,
            None => Ok(None),
        }
    }

    /// What the kept page of an entry reads like by a template, as against what is `known` of it; `None` if none is kept.
    pub(super) async fn reread_kept(
        &self,
        source: &Arc<Source>,
        entry: &FrontierEntry,
        template: &Arc<Template>,
        known: Option<Article>,
    ) -> Result<Option<Result<KeptPage, NotArticle>>, StoreError> {
        let Some((url, text, fetched)) = self.store.raw_page(entry.row).await? else { return Ok(None) };
        let (source, entry, template) = (Arc::clone(source), entry.clone(), Arc::clone(template));
        let now = self.clock.now();
        let task = tokio::task::spawn_blocking(move || {
            let pages = pages::unpack(url, &text, fetched);
            let read = pages::read_kept(&source, &entry.candidate, pages, &template, false)?;
            let (assembled, page) = assembled(&source, &entry, read);
            if known.is_some_and(|known| known.reads_as(&assembled.article)) {
                return Ok(KeptPage::Same);
            }
            let (occasion, read_by) = (Occasion::Kept, template.pages);
            let commit = commit_of(&source, &entry, assembled, page);
            Ok(KeptPage::Other(Box::new(Commit { occasion, read_by, fetched: now, ..commit })))
        });
        Ok(Some(task.await.unwrap_or(Err(NotArticle::Unreadable))))
    }
}

impl ArticleProcessor<'_> {
    /// Reads again, from the kept pages and without the portal, what was read before the template was ripe, at most
    /// [`MAX_REPROCESSED_PAGES`] pages in a visit. What a better template reads otherwise is no edit.
    pub(super) async fn reprocess_unripe(&mut self, stop: &CancellationToken) -> Result<(), StoreError> {
        let template = self.template.current();
        let Some(unripe) = template.unripe() else { return Ok(()) };
        while self.reprocessed < MAX_REPROCESSED_PAGES && !stop.is_cancelled() {
            let limit = BATCH_SIZE.min(MAX_REPROCESSED_PAGES - self.reprocessed);
            let entries = self.pipeline.store.read_by(&self.source.id, unripe.clone(), limit).await?;
            if entries.is_empty() {
                break;
            }
            let mut answers = Vec::with_capacity(entries.len());
            for entry in entries {
                answers.push(self.reprocess_kept(entry, &template).await?);
            }
            for answer in answers {
                self.count_kept(answer.await?);
            }
        }
        Ok(())
    }

    /// Reads the kept page of an entry and hands the store what came of it; the answer is to be awaited, so that several
    /// share a transaction.
    async fn reprocess_kept(
        &mut self,
        entry: FrontierEntry,
        template: &Arc<Template>,
    ) -> Result<BoxFuture<'static, Result<Option<Committed>, StoreError>>, StoreError> {
        let store = &self.pipeline.store;
        self.reprocessed += 1;
        let known = self.pipeline.stored_article(&entry).await?;
        // Whatever comes of it, it was read by this template: it is not taken up a second time.
        Ok(match self.pipeline.reread_kept(&self.source, &entry, template, known).await? {
            Some(Ok(KeptPage::Other(commit))) if entry.article.is_some() => {
                store.commit(*commit).map_ok(Some).boxed()
            }
            _ => store.note_read_by(entry.row, template.pages).map_ok(|()| None).boxed(),
        })
    }

    fn count_kept(&mut self, committed: Option<Committed>) {
        let Some(committed) = committed else { return };
        tracing::debug!(source = %self.source.id, row = committed.row, changed = committed.changed, "read again");
        self.report.reprocessed += usize::from(committed.changed);
        self.report.changed |= committed.changed;
        self.report.also_changed.extend(committed.also_changed);
    }
}
