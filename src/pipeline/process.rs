//! Reading what is due: fetch ahead, extract off the runtime's workers, commit in order.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::StreamExt;
use tokio_util::sync::CancellationToken;

use super::pending_commits::PendingCommits;
use super::template_state::TemplateState;
use super::{Extent, Pipeline, Progress, Report, fetch_article};
use crate::config::Source;
use crate::extract::Observation;
use crate::fetch::FetchError;
use crate::model::{HeldPage, NotArticle, Template};
use crate::store::{Commit, FrontierEntry, StoreError};

/// Frontier entries taken at a time: the first batch is small, so that news is published soon. Each further one is twice
/// as large, up to the second number, because the feeds are rebuilt after each batch.
const BATCH_SIZES: (usize, usize) = (50, 200);
/// After so many failed fetches in a row the portal is left alone for this visit.
const MAX_FAILURES_IN_A_ROW: u32 = 5;
/// How many commits may wait for the store at a time, and how many bytes their kept pages may have together. They share
/// one transaction.
const MAX_PENDING: (usize, usize) = (100, 4 << 20);

/// An address that was read as an article.
pub(super) struct Prepared {
    /// What is to be stored.
    pub commit: Commit,
    /// The title that the page itself gives.
    pub title: Option<String>,
    /// What its pages teach of the template.
    pub observation: Observation,
    /// Pages that were fetched for it.
    pub pages: u64,
    /// What it was read by.
    pub template: Arc<Template>,
}

/// What became of one due address.
pub(super) enum FetchOutcome {
    /// Read as an article.
    Article(Box<Prepared>),
    /// The portal says that it has not changed.
    Unchanged,
    /// Fetched, and no article; what it would have published.
    NotArticle(NotArticle, Option<Box<HeldPage>>),
    /// Not fetched.
    Failed(FetchError),
}

pub(super) struct ArticleProcessor<'a> {
    pub pipeline: &'a Pipeline,
    pub source: Arc<Source>,
    pub report: &'a mut Report,
    pub template: Arc<TemplateState>,
    pub pending_commits: PendingCommits,
    /// Fingerprints of texts that are unrelated to the title they were listed under. The same text under two addresses is
    /// a notice, no article.
    pub unrelated: HashSet<[u8; 16]>,
    failures: u32,
    done: u64,
    /// Kept pages that were read again.
    pub reprocessed: usize,
}

impl<'a> ArticleProcessor<'a> {
    pub async fn new(
        pipeline: &'a Pipeline,
        source: &Source,
        report: &'a mut Report,
    ) -> Result<Self, StoreError> {
        let template = Arc::new(TemplateState::new(pipeline.store.template(&source.id).await?));
        Ok(Self {
            pipeline,
            source: Arc::new(source.clone()),
            report,
            template,
            pending_commits: PendingCommits::default(),
            unrelated: HashSet::new(),
            failures: 0,
            done: 0,
            reprocessed: 0,
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
        let mut slice = BATCH_SIZES.0;
        while left > 0 && !stop.is_cancelled() && self.failures < MAX_FAILURES_IN_A_ROW {
            let now = self.pipeline.clock.now();
            let due = self.pipeline.store.due(&self.source.id, now, slice.min(left)).await?;
            if due.is_empty() {
                break;
            }
            left -= due.len();
            slice = (slice * 2).min(BATCH_SIZES.1);
            self.read_slice(due, progress, stop).await?;
            // As long as much is learned from each slice, what was read before it would be read again after each.
            if self.template.current().is_ripe() {
                self.reprocess_unripe(stop).await?;
            }
            progress.committed(&self.source.id).await;
        }
        self.reprocess_unripe(stop).await?;
        self.store_template(true).await
    }

    /// Reads no further page at this visit.
    pub(super) fn give_up(&mut self) {
        self.failures = MAX_FAILURES_IN_A_ROW;
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
        let (pipeline, source, template) =
            (self.pipeline, Arc::clone(&self.source), Arc::clone(&self.template));
        let fetches = due.into_iter().map(|entry| {
            let (source, template) = (&source, &template);
            async move {
                let reading = fetch_article::fetch_article(pipeline, source, &entry, template).await;
                (entry, reading)
            }
        });
        let mut readings = futures_util::stream::iter(fetches).buffered(pipeline.ahead.max(1));
        while let Some((entry, reading)) = readings.next().await {
            self.failures = if matches!(reading, FetchOutcome::Failed(FetchError::Later { .. })) {
                self.failures + 1
            } else {
                0
            };
            self.record(entry, reading).await?;
            self.finish_commits(MAX_PENDING).await?;
            self.done += 1;
            if stop.is_cancelled() || self.failures >= MAX_FAILURES_IN_A_ROW {
                break;
            }
        }
        // Before the commits are waited for: it joins their transaction.
        self.store_template(false).await?;
        self.finish_commits((0, 0)).await?;
        let waiting = pipeline.store.source_state(&source.id).await?.waiting;
        progress.read(&source.id, self.done, waiting);
        Ok(())
    }
}
