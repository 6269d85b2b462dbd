//! The site → files: the same feeds, pages and archives that the server sends, for a web server, object store or CDN.
//!
//! Every file is written whole beside its place and renamed into it, with `.gz`, `.br` and `.zst` next to it, and only
//! if its content changed. Articles go first and feeds last, so that nothing that is listed is missing. What the copy
//! wrote is remembered in a list of its own, so that it removes what is gone and never a file of somebody else's.

mod files;
mod follow;

#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::config::Config;
use crate::model::SourceId;
use crate::publish::Format;
use crate::serve::{Copier, CopyError, Site, SiteError};
use crate::store::{Month, Store, StoreError, Stored};
use files::Folder;
pub use follow::Followed;

/// Why a copy was not finished. What was written before stands.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file or folder cannot be written or read.
    #[error("cannot write the copy in {folder}: {fault}; make the folder writable, or mend publish.export")]
    Files { folder: String, fault: io::Error },
    #[error(transparent)]
    Render(#[from] CopyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Site(#[from] SiteError),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Resources that were looked at.
    pub seen: usize,
    /// Those of which the files were new or had changed.
    pub written: usize,
    /// Those that are gone, and whose files were removed.
    pub removed: usize,
}

/// Makes `folder` a copy of the whole site: every source with its whole history. What an earlier copy wrote and is no
/// longer there is removed.
///
/// # Errors
/// [`ExportError`]; the copy is then incomplete but holds no broken file, and nothing was removed.
pub async fn all(config: &Arc<Config>, store: &Store, folder: &Path) -> Result<Exported, ExportError> {
    let mut copy = Copy::new(config, store, folder)?;
    for source in &config.sources {
        let months = store.months(&source.id).await?;
        copy.months(&source.id, &months, true).await?;
        copy.lists(&source.id).await?;
    }
    copy.shared().await?;
    copy.finish(true).await
}

/// Brings what changed of a source up to date in a copy that [`all`] made: its articles, their months, its lists and
/// feeds, and those of all. `followed` says how far the copy has come, and is moved on when this was done.
///
/// # Errors
/// As [`all`].
pub async fn source(
    config: &Arc<Config>,
    store: &Store,
    folder: &Path,
    source: &SourceId,
    followed: &mut Followed,
) -> Result<Exported, ExportError> {
    let mut copy = Copy::new(config, store, folder)?;
    let news = followed.news(store, source).await?;
    for change in &news.changes {
        copy.path(&format!("/{source}/{}", change.slug)).await?;
    }
    copy.months(source, &news.months, false).await?;
    copy.lists(source).await?;
    copy.shared().await?;
    let done = copy.finish(false).await?;
    followed.moved(news.changes);
    Ok(done)
}

struct Copy {
    copier: Copier,
    store: Store,
    folder: Folder,
    done: Exported,
}

impl Copy {
    fn new(config: &Arc<Config>, store: &Store, folder: &Path) -> Result<Self, ExportError> {
        let site = Site::new(Arc::clone(config), store.clone())?.into_copy();
        Ok(Self {
            copier: Copier::new(Arc::new(site)),
            store: store.clone(),
            folder: Folder::open(folder)?,
            done: Exported::default(),
        })
    }

    async fn path(&mut self, path: &str) -> Result<(), ExportError> {
        let Some(resource) = self.copier.read(path).await? else {
            self.done.removed += usize::from(self.folder.take_away(path).await?);
            return Ok(());
        };
        self.done.seen += 1;
        self.done.written += usize::from(self.folder.put(path, resource).await?);
        Ok(())
    }

    async fn articles(&mut self, articles: &[Stored]) -> Result<(), ExportError> {
        for Stored { article, .. } in articles {
            self.path(&format!("/{}/{}", article.source, article.key.slug())).await?;
        }
        Ok(())
    }

    /// The archives of months, and their articles where that is asked for.
    async fn months(&mut self, source: &SourceId, months: &[Month], whole: bool) -> Result<(), ExportError> {
        for month in months {
            if whole {
                let articles = self.store.month(source, *month).await?;
                self.articles(&articles).await?;
            }
            let label = format!("{:04}-{:02}", month.year, month.month);
            self.path(&format!("/{source}/archive/{label}/")).await?;
            self.path(&format!("/{source}/archive/{label}.atom")).await?;
        }
        Ok(())
    }

    /// Categories, the source's own page, and its feeds.
    async fn lists(&mut self, source: &SourceId) -> Result<(), ExportError> {
        for category in self.store.categories(source).await? {
            self.path(&format!("/{source}/c/{}/", category.slug)).await?;
            self.feeds(&format!("{source}/c/{}", category.slug)).await?;
        }
        self.path(&format!("/{source}/c/")).await?;
        self.path(&format!("/{source}/")).await?;
        self.feeds(source.as_str()).await
    }

    async fn feeds(&mut self, name: &str) -> Result<(), ExportError> {
        for format in Format::ALL {
            self.path(&format!("/{name}.{}", format.extension())).await?;
        }
        Ok(())
    }

    /// What is of no one source.
    async fn shared(&mut self) -> Result<(), ExportError> {
        for path in ["/static/style.css", "/static/icon.svg", "/static/icon.png", "/favicon.ico"] {
            self.path(path).await?;
        }
        self.path("/").await?;
        self.path("/sources.opml").await?;
        self.feeds("all").await
    }

    async fn finish(mut self, whole: bool) -> Result<Exported, ExportError> {
        self.done.removed += self.folder.close(whole).await?;
        tracing::debug!(
            seen = self.done.seen,
            written = self.done.written,
            removed = self.done.removed,
            "the static copy is written"
        );
        Ok(self.done)
    }
}
