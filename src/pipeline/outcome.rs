//! What a reading leads to in the store and in the report.

use std::sync::Arc;

use super::assemble::{self, Assembled, assemble};
use super::pages::Read;
use super::process::{ArticleProcessor, FetchOutcome, Prepared};
use super::report::NotPublished;
use super::reprocess::KeptPage;
use super::{plausibility, recheck};
use crate::config::Source;
use crate::fetch::FetchError;
use crate::model::{Article, Cause, HeldPage, NotArticle, Page, Shape, Template};
use crate::store::{Commit, FetchFailure, FrontierEntry, Occasion, StoreError};

/// A text that was doubted is believed after so many failures in a row: the portal means to show it.
const BELIEVED_AFTER_READS: u32 = 3;

impl ArticleProcessor<'_> {
    /// Enters one reading in the store and counts it.
    pub(super) async fn record(
        &mut self,
        entry: FrontierEntry,
        reading: FetchOutcome,
    ) -> Result<(), StoreError> {
        self.report.settled += 1;
        match reading {
            FetchOutcome::Article(prepared) => self.commit(entry, *prepared).await,
            FetchOutcome::Unchanged => self.unchanged(entry).await,
            FetchOutcome::NotArticle(why, page) => {
                self.report.requests += 1;
                self.hold(entry, why, page).await
            }
            FetchOutcome::Failed(error) => self.failed(entry, error).await,
        }
    }

    async fn unchanged(&mut self, entry: FrontierEntry) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        self.report.requests += 1;
        self.report.same += 1;
        let due = recheck::after_reading(entry.published.unwrap_or(entry.first_seen), now);
        self.pipeline.store.unchanged(entry.row, now, due).await
    }

    /// Hands a read article to the store and goes on: its answer is awaited by [`ArticleProcessor::finish_commits`].
    async fn commit(&mut self, entry: FrontierEntry, prepared: Prepared) -> Result<(), StoreError> {
        let Prepared { commit, title, observation, pages, template } = prepared;
        self.report.requests += pages;
        let (commit, doubt) = self.examine(&entry, commit, title, &template).await?;
        if let Some(why) = doubt {
            return self.hold(entry, why, Some(Box::new(HeldPage::of(&commit.article)))).await;
        }
        self.template.learn(observation);
        if entry.article.is_none() {
            let shape = Shape::of(&commit.article, self.pipeline.clock.now());
            self.report.shapes.push((self.report.settled, shape));
        }
        let (url, length) = (commit.article.url.clone(), commit.raw_html.as_ref().map_or(0, String::len));
        self.pending_commits.push(url, length, self.pipeline.store.commit(commit));
        Ok(())
    }

    /// Holds a read article against what is known under its address: whether other words are ours or the portal's, and
    /// whether they are believed. Writes nothing.
    pub(super) async fn examine(
        &mut self,
        entry: &FrontierEntry,
        commit: Commit,
        title: Option<String>,
        template: &Arc<Template>,
    ) -> Result<(Commit, Option<NotArticle>), StoreError> {
        let known = self.pipeline.stored_article(entry).await?;
        // What reads as it is known needs no second look: nearly every page that is fetched again.
        let is_known = known.as_ref().is_some_and(|known| known.reads_as(&commit.article));
        let is_ours = !is_known && self.reads_as_kept(entry, &commit, template).await?;
        let occasion = if is_ours { Occasion::Alike } else { Occasion::Fetched };
        let commit = Commit { occasion, read_by: template.pages, ..commit };
        let doubt = if is_known { None } else { self.implausibility(entry, &commit, known.as_ref(), title) };
        Ok((commit, doubt))
    }

    /// Counts commits that are done, until no more than `most` are under way: how many, and the length of their pages.
    pub(super) async fn finish_commits(&mut self, most: (usize, usize)) -> Result<(), StoreError> {
        while let Some((url, answer)) = self.pending_commits.pop_over(most) {
            let committed = answer.await?;
            tracing::debug!(source = %self.source.id, %url, verdict = ?committed.verdict, "read");
            self.report.count(&committed.verdict, committed.changed);
            self.report.also_changed.extend(committed.also_changed);
        }
        Ok(())
    }

    /// Says why what was read is not what was expected under this address. What stays so is believed in the end: an
    /// article may be cut down or rewritten, and a listing may name it by other words. `title` is what the page itself has.
    fn implausibility(
        &mut self,
        entry: &FrontierEntry,
        commit: &Commit,
        known: Option<&Article>,
        title: Option<String>,
    ) -> Option<NotArticle> {
        let now = &commit.article;
        if entry.article.is_none() {
            let named = entry.candidate.title.as_deref().unwrap_or_default();
            if !plausibility::is_unrelated(named, title.as_deref().unwrap_or_default(), &now.text) {
                return None;
            }
            let is_first = self.unrelated.insert(commit.fingerprint.words);
            let is_sure = entry.candidate.method.names_only_articles();
            let believed = is_first && !is_sure && entry.failures >= BELIEVED_AFTER_READS;
            return (!believed).then_some(NotArticle::Stranger);
        }
        if commit.occasion.is_ours() || entry.failures >= BELIEVED_AFTER_READS {
            return None;
        }
        plausibility::implausible_edit((&known?.title, &known?.text), (&now.title, &now.text))
    }

    /// Whether the page as it was kept at the last visit reads the same now: then other words than the stored ones are
    /// ours (a new template, another extractor), not the portal's.
    async fn reads_as_kept(
        &self,
        entry: &FrontierEntry,
        commit: &Commit,
        template: &Arc<Template>,
    ) -> Result<bool, StoreError> {
        if entry.article.is_none() {
            return Ok(false);
        }
        let kept = self.pipeline.reread_kept(&self.source, entry, template, None).await?;
        Ok(match kept {
            Some(Ok(KeptPage::Other(kept))) => kept.fingerprint.words == commit.fingerprint.words,
            _ => false,
        })
    }

    /// Holds a page back. What it would have published goes into the store beside the reason, for people to look at.
    async fn hold(
        &mut self,
        entry: FrontierEntry,
        why: NotArticle,
        page: Option<Box<HeldPage>>,
    ) -> Result<(), StoreError> {
        let now = self.pipeline.clock.now();
        let url = entry.candidate.url.to_string();
        tracing::debug!(source = %self.source.id, url, %why, "held back");
        let not_article = Some(why);
        let told = NotPublished { not_article, ..self.not_published(&entry, why.to_string()) };
        self.report.held.push(told);
        let due = recheck::after_holding(entry.failures + 1, now);
        self.pipeline
            .store
            .record_failure(entry.row, FetchFailure::NotArticle(why, page), now, due)
            .await
            .map(drop)
    }

    async fn failed(&mut self, entry: FrontierEntry, error: FetchError) -> Result<(), StoreError> {
        if matches!(error.cause(), Cause::LeftAlone | Cause::Stopping) {
            return self.not_asked(&entry, &error);
        }
        let now = self.pipeline.clock.now();
        self.report.requests += 1;
        let (why, cause) = (error.why_of(&entry.candidate.url), Some(error.cause()));
        tracing::debug!(source = %self.source.id, url = %entry.candidate.url, why, "not read");
        let failures = entry.failures + 1;
        let (failure, due) = match error {
            FetchError::Later { .. } => {
                (FetchFailure::Later { why: why.clone() }, recheck::after_failure(failures, now))
            }
            FetchError::Gone { .. } => (FetchFailure::Gone, recheck::after_gone(failures, now)),
            FetchError::Refused { .. } => {
                (FetchFailure::Refused { why: why.clone() }, recheck::after_holding(failures, now))
            }
            FetchError::Unreadable { .. } => {
                (FetchFailure::Unreadable { why: why.clone() }, recheck::after_holding(failures, now))
            }
        };
        let gone = matches!(failure, FetchFailure::Gone);
        let removed = self.pipeline.store.record_failure(entry.row, failure, now, due).await?;
        if removed.is_some() {
            self.report.removed += 1;
            self.report.changed = true;
        }
        self.report.gone += usize::from(gone);
        // A page that is not there is the portal's answer, not its failure.
        let told = NotPublished { cause, ..self.not_published(&entry, why) };
        let list = if gone { &mut self.report.held } else { &mut self.report.failed };
        list.push(told);
        Ok(())
    }

    /// The host is left alone for a while, so the page was not even asked for: that says nothing of the page, and the
    /// others of this visit would fare the same.
    fn not_asked(&mut self, entry: &FrontierEntry, error: &FetchError) -> Result<(), StoreError> {
        let cause = Some(error.cause());
        let told = NotPublished { cause, ..self.not_published(entry, error.why_of(&entry.candidate.url)) };
        self.report.failed.push(told);
        self.give_up();
        Ok(())
    }

    fn not_published(&self, entry: &FrontierEntry, why: String) -> NotPublished {
        let candidate = &entry.candidate;
        NotPublished {
            url: candidate.url.to_string(),
            why,
            not_article: None,
            cause: None,
            is_new: entry.article.is_none(),
            is_certain: candidate.method.names_only_articles(),
            is_first: entry.failures == 0,
            place: self.report.settled,
        }
    }
}

/// What a read page leads to, if it is what it seems.
pub(super) fn prepare(
    source: &Source,
    entry: &FrontierEntry,
    read: Read,
    raw_html: Option<String>,
) -> Commit {
    let (assembled, page) = assembled(source, entry, read);
    Commit { raw_html, ..commit_of(source, entry, assembled, page) }
}

/// The article that a page was read as, and the page.
pub(super) fn assembled(source: &Source, entry: &FrontierEntry, read: Read) -> (Assembled, Page) {
    let Read { page, article, .. } = read;
    let (draft, cleaned) = article.into_published();
    let candidate = &entry.candidate;
    let reading = assemble::ExtractedPage {
        source,
        candidate,
        page: &page,
        draft,
        cleaned,
        first_seen: entry.first_seen,
    };
    (assemble(reading), page)
}

/// What is to be stored of an article and the page that it was read from.
pub(super) fn commit_of(source: &Source, entry: &FrontierEntry, assembled: Assembled, page: Page) -> Commit {
    let article = assembled.article;
    Commit {
        aliases: assembled.aliases,
        validators: page.validators,
        due: recheck::after_reading(article.published, page.fetched),
        ..Commit::of(entry.row, article, entry.candidate.method, page.fetched, &source.time_zone)
    }
}
