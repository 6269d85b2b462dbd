//! A kept page, read again.

use std::sync::Arc;

use super::settle::prepare;
use super::{Pipeline, pages};
use crate::article::NotArticle;
use crate::config::Source;
use crate::store::{Commit, FrontierEntry, StoreError};

/// What reading a kept page again gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Reread {
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

impl Pipeline {
    /// Reads the kept page of a frontier entry again and stores the result unless `only_show`. What reads otherwise is
    /// no edit: `updated` stays, and there is no revision.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn read_again(
        &self,
        source: &Source,
        entry: FrontierEntry,
        only_show: bool,
    ) -> Result<Reread, StoreError> {
        let Some((url, text, fetched)) = self.store.raw_page(entry.row).await? else {
            return Ok(Reread::Same);
        };
        let template = Arc::new(self.store.template(&source.id).await?);
        let (reader, candidate) = (source.clone(), entry.candidate.clone());
        let task = tokio::task::spawn_blocking(move || {
            pages::read_kept(&reader, &candidate, pages::unpack(url, &text, fetched), &template, false)
        });
        let read = match task.await.unwrap_or(Err(NotArticle::Unreadable)) {
            Ok(read) => read,
            Err(why) => return Ok(Reread::NotArticle(why)),
        };
        let commit = prepare(source, &entry, read, None);
        let Some(known) = self.store.explain(&commit.article.url).await?.and_then(|known| known.article)
        else {
            return Ok(Reread::Same);
        };
        let written = |title: &str, text: &str| format!("{title}\n\n{text}");
        let before = written(&known.article.title, &known.article.text);
        let after = written(&commit.article.title, &commit.article.text);
        let (validators, due) = (entry.validators.clone(), None);
        if !only_show {
            self.store.commit(Commit { reread: true, validators, due, ..commit }).await?;
        }
        Ok(if before == after { Reread::Same } else { Reread::Other { before, after } })
    }
}
