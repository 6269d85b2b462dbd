//! What a reading leads to in the store and in the report.

use super::assemble::{self, assemble};
use super::read::{Read, Reader, Reading};
use super::recheck;
use super::report::NotPublished;
use crate::article::NotArticle;
use crate::dedup::Fingerprint;
use crate::fetch::FetchError;
use crate::store::{Commit, FrontierEntry, Miss, Month, StoreError};

impl Reader<'_> {
    /// Enters one reading in the store and counts it.
    pub(super) async fn settle(&mut self, entry: FrontierEntry, reading: Reading) -> Result<(), StoreError> {
        match reading {
            Reading::Article(read) => self.commit(entry, *read).await,
            Reading::Unchanged => self.unchanged(entry).await,
            Reading::NotArticle(why) => self.hold(entry, why).await,
            Reading::Failed(error) => self.failed(entry, error).await,
        }
    }

    async fn unchanged(&mut self, entry: FrontierEntry) -> Result<(), StoreError> {
        let now = (self.pipeline.clock)();
        self.report.requests += 1;
        self.report.same += 1;
        let due = recheck::after_reading(entry.published.unwrap_or(entry.first_seen), now);
        self.pipeline.store.unchanged(entry.row, now, due).await
    }

    async fn commit(&mut self, entry: FrontierEntry, read: Read) -> Result<(), StoreError> {
        self.report.requests += read.requests;
        let Read { page, draft, cleaned, observation, .. } = read;
        let reading = assemble::Reading {
            source: self.source,
            candidate: &entry.candidate,
            page: &page,
            draft,
            cleaned,
            first_seen: entry.first_seen,
        };
        let assembled = assemble(reading);
        let article = assembled.article;
        let due = recheck::after_reading(article.published, page.fetched);
        let commit = Commit {
            frontier: entry.row,
            fingerprint: Fingerprint::of(&article.title, &article.text),
            month: Month::of(article.published, &self.source.time_zone),
            aliases: assembled.aliases,
            rung: entry.candidate.rung,
            validators: page.validators,
            raw_html: self.pipeline.keeps_pages().then_some(page.html),
            fetched: page.fetched,
            due,
            article,
        };
        let url = commit.article.url.clone();
        let committed = self.pipeline.store.commit(commit).await?;
        self.template.learn(&observation);
        tracing::debug!(source = %self.source.id, %url, verdict = ?committed.verdict, "read");
        self.report.count(&committed.verdict, committed.changed);
        self.report.also_changed.extend(committed.also_changed);
        Ok(())
    }

    async fn hold(&mut self, entry: FrontierEntry, why: NotArticle) -> Result<(), StoreError> {
        let now = (self.pipeline.clock)();
        self.report.requests += 1;
        let url = entry.candidate.url.to_string();
        tracing::info!(source = %self.source.id, url, %why, "held back");
        self.report.held.push(NotPublished { url, why: why.to_string() });
        let due = recheck::after_holding(entry.failures + 1, now);
        self.pipeline.store.missed(entry.row, Miss::NotArticle(why), now, due).await.map(drop)
    }

    async fn failed(&mut self, entry: FrontierEntry, error: FetchError) -> Result<(), StoreError> {
        let now = (self.pipeline.clock)();
        self.report.requests += 1;
        let url = entry.candidate.url.to_string();
        let why = error.to_string();
        tracing::info!(source = %self.source.id, url, why, "not read");
        let later = Some(recheck::after_failure(entry.failures + 1, now));
        let (miss, due) = match error {
            FetchError::Later { .. } => (Miss::Later { why: why.clone() }, later),
            FetchError::Gone { .. } => (Miss::Gone, later),
            FetchError::Refused { .. } => (Miss::Refused { why: why.clone() }, recheck::after_holding(entry.failures + 1, now)),
            FetchError::Unreadable { .. } => (Miss::Later { why: why.clone() }, recheck::after_holding(entry.failures + 1, now)),
        };
        let gone = matches!(miss, Miss::Gone);
        let removed = self.pipeline.store.missed(entry.row, miss, now, due).await?;
        if removed.is_some() {
            self.report.removed += 1;
            self.report.changed = true;
        }
        // A page that is not there is the portal's answer, not its failure.
        let list = if gone { &mut self.report.held } else { &mut self.report.failed };
        list.push(NotPublished { url, why });
        Ok(())
    }
}
