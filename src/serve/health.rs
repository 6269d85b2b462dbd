//! `/health`: how every source stands, for programs.

use jiff::Timestamp;
use serde::Serialize;

use super::Site;
use super::site::PATIENCE;
use crate::store::{SourceState, StoreError};

/// Visits that fail in a row until a source counts as failing rather than shaky.
const FAILING: u32 = 3;

/// How a source stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The last visit was good.
    Ok,
    /// It was not visited yet.
    Waiting,
    /// The last visit failed; the next may pass.
    Shaky,
    /// Several visits failed in a row.
    Failing,
}

impl Status {
    /// Its name in JSON and as a class of pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Waiting => "waiting",
            Self::Shaky => "shaky",
            Self::Failing => "failing",
        }
    }

    /// The status that a state shows.
    pub fn of(state: &SourceState) -> Self {
        match state.failures {
            0 if state.visited.is_none() => Self::Waiting,
            0 => Self::Ok,
            failures if failures < FAILING => Self::Shaky,
            _ => Self::Failing,
        }
    }
}

/// The whole answer.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The worst status of any source.
    pub status: Status,
    version: &'static str,
    sources: Vec<SourceReport>,
}

/// One source.
#[derive(Debug, Serialize)]
struct SourceReport {
    id: String,
    title: String,
    status: Status,
    feed: String,
    articles: u64,
    waiting: u64,
    newest: Option<Timestamp>,
    last_visit: Option<Timestamp>,
    last_success: Option<Timestamp>,
    next_visit: Option<Timestamp>,
    failures: u32,
    trouble: Option<String>,
}

impl Site {
    /// How every source stands.
    pub(super) async fn report(&self) -> Result<Report, StoreError> {
        let mut sources = Vec::with_capacity(self.config.sources.len());
        for source in &self.config.sources {
            let state = tokio::time::timeout(PATIENCE, self.store.source_state(&source.id))
                .await
                .map_err(|_| StoreError::Sql("the store does not answer".to_owned()))??;
            sources.push(SourceReport {
                id: source.id.to_string(),
                title: source.title.clone(),
                status: Status::of(&state),
                feed: self.press.at(&format!("{}.atom", source.id)),
                articles: state.articles,
                waiting: state.waiting,
                newest: state.newest,
                last_visit: state.visited,
                last_success: state.succeeded,
                next_visit: state.due,
                failures: state.failures,
                trouble: state.trouble,
            });
        }
        let status = sources.iter().map(|source| source.status).max().unwrap_or(Status::Ok);
        Ok(Report { status, version: env!("CARGO_PKG_VERSION"), sources })
    }
}
