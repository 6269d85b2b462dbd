//! One article, read as a visit reads it, and nothing written: what `tinsach check --live` shows.

use super::process::{ArticleProcessor, FetchOutcome, Prepared};
use super::{Pipeline, Report, fetch_article};
use crate::config::Source;
use crate::fetch::FetchError;
use crate::model::{Article, HeldPage, NotArticle};
use crate::store::{FrontierEntry, StoreError};

/// What reading one address gave.
#[derive(Debug)]
pub enum Preview {
    /// An article, as it would be stored.
    Article(Box<Article>),
    /// It would be held back; what it would have published.
    Held(NotArticle, Option<Box<HeldPage>>),
    /// The portal says that nothing changed.
    Unchanged,
    /// It could not be fetched.
    Failed(FetchError),
}

impl Pipeline {
    /// Fetches the address of an entry and reads it by the stored template, with the doubts that a visit has.
    ///
    /// # Errors
    /// Only the store's, when it is read.
    pub async fn preview(&self, source: &Source, entry: &FrontierEntry) -> Result<Preview, StoreError> {
        let mut report = Report::begin(&source.id, self.clock.now());
        let mut reader = ArticleProcessor::new(self, source, &mut report).await?;
        let Prepared { commit, title, template, .. } =
            match fetch_article::fetch_article(self, &reader.source, entry, &reader.template).await {
                FetchOutcome::Article(prepared) => *prepared,
                FetchOutcome::Unchanged => return Ok(Preview::Unchanged),
                FetchOutcome::NotArticle(why, page) => return Ok(Preview::Held(why, page)),
                FetchOutcome::Failed(error) => return Ok(Preview::Failed(error)),
            };
        let (commit, doubt) = reader.examine(entry, commit, title, &template).await?;
        Ok(match doubt {
            Some(why) => Preview::Held(why, Some(Box::new(HeldPage::of(&commit.article)))),
            None => Preview::Article(Box::new(commit.article)),
        })
    }
}
