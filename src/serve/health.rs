//! `/health` and `/health.atom`: how every source and the daemon stand, for programs and for those who run this.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use super::Site;
use super::site::STORE_TIMEOUT;
use crate::config::Source;
use crate::health::{DaemonFinding, Finding, Record, Status};
use crate::model::{ArticleId, HeldBrief, SourceId};
use crate::publish::{self, Notice};
use crate::store::{SourceState, StoreError};

/// Notices in `/health.atom`.
const MAX_NOTICES: usize = 100;
/// Addresses of a source that are shown of what is held back, and sources of which they are: `tinsach held` shows all.
const MAX_HELD: usize = 10;
const MAX_HOLDING: usize = 50;
/// Where the feed of notices stands.
const NOTICES: &str = "health.atom";

pub fn status_of(state: &SourceState, record: &Record, now: Timestamp) -> Status {
    if state.visited.is_none() {
        return Status::Waiting;
    }
    // One bad visit is no finding, and yet not "well".
    let visit = if state.failures > 0 { Status::Degraded } else { Status::Ok };
    record.status(now).max(visit)
}

/// The whole answer.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The worst status of the daemon and of any source.
    pub status: Status,
    version: &'static str,
    daemon: Vec<DaemonReport>,
    sources: Vec<SourceReport>,
}

#[derive(Debug, Serialize)]
struct DaemonReport {
    #[serde(flatten)]
    finding: DaemonFinding,
    advice: &'static str,
}

#[derive(Debug, Serialize)]
struct SourceReport {
    id: String,
    title: String,
    status: Status,
    feed: String,
    articles: u64,
    waiting: u64,
    /// How many addresses are held back, and the newest of them.
    held: u64,
    held_newest: Vec<HeldBrief>,
    newest: Option<Timestamp>,
    last_visit: Option<Timestamp>,
    last_success: Option<Timestamp>,
    next_visit: Option<Timestamp>,
    failures: u32,
    trouble: Option<String>,
    findings: Vec<FindingReport>,
}

#[derive(Debug, Serialize)]
struct FindingReport {
    #[serde(flatten)]
    finding: Finding,
    message: String,
    advice: &'static str,
}

impl From<Finding> for FindingReport {
    fn from(finding: Finding) -> Self {
        Self { message: finding.to_string(), advice: finding.kind.advice(), finding }
    }
}

impl Site {
    /// How every source and the daemon stand.
    pub(super) async fn report(&self) -> Result<Report, StoreError> {
        let now = self.clock.now();
        let mut standings = self.standings().await?;
        let mut sources = Vec::with_capacity(self.config.sources.len());
        for source in &self.config.sources {
            let (state, record) = standings.remove(&source.id).unwrap_or_default();
            sources.push(SourceReport {
                id: source.id.to_string(),
                title: source.title.clone(),
                status: status_of(&state, &record, now),
                feed: self.feed_settings.at(&format!("{}.atom", source.id)),
                articles: state.articles,
                waiting: state.waiting,
                held: state.held,
                held_newest: Vec::new(),
                newest: state.newest,
                last_visit: state.visited,
                last_success: state.succeeded,
                next_visit: state.due,
                failures: state.failures,
                trouble: state.trouble,
                findings: record.findings.into_iter().map(FindingReport::from).collect(),
            });
        }
        self.show_held(&mut sources).await?;
        let daemon = self.daemon.open();
        let worst = sources.iter().map(|source| source.status);
        let status = worst.chain(daemon.iter().map(|finding| finding.fault.status())).max();
        let daemon =
            daemon.into_iter().map(|finding| DaemonReport { advice: finding.fault.advice(), finding });
        let (status, version) = (status.unwrap_or(Status::Ok), env!("CARGO_PKG_VERSION"));
        Ok(Report { status, version, daemon: daemon.collect(), sources })
    }

    /// Shows the newest of what is held back, of as many sources as can be asked for.
    async fn show_held(&self, sources: &mut [SourceReport]) -> Result<(), StoreError> {
        for source in sources.iter_mut().filter(|source| source.held > 0).take(MAX_HOLDING) {
            let id = SourceId::new(&source.id);
            let held = answered(self.store.held(Some(&id), MAX_HELD)).await?;
            source.held_newest = held.into_iter().map(HeldBrief::from).collect();
        }
        Ok(())
    }

    /// The feed of what is or was wrong, newest first. It is there also where the store does not answer: what is wrong
    /// with the daemon is then its content.
    pub(super) async fn notices(&self) -> Vec<u8> {
        let (mut open, mut over) = (Vec::new(), Vec::new());
        let standings = self.standings().await.unwrap_or_default();
        for source in &self.config.sources {
            let Some((_, record)) = standings.get(&source.id) else { continue };
            open.extend(record.findings.iter().map(|finding| of_source(source, finding, false)));
            over.extend(record.ended.iter().map(|finding| of_source(source, finding, true)));
        }
        open.extend(self.daemon.open().iter().map(|finding| of_daemon(finding, false)));
        over.extend(self.daemon.over().iter().map(|finding| of_daemon(finding, true)));
        let newest_first = |a: &Notice, b: &Notice| b.updated.cmp(&a.updated).then_with(|| a.id.cmp(&b.id));
        open.sort_by(newest_first);
        over.sort_by(newest_first);
        // What lasts does not make room for what is over.
        let mut notices: Vec<Notice> = open.into_iter().chain(over).take(MAX_NOTICES).collect();
        notices.sort_by(newest_first);
        publish::notices(&self.feed_settings, &ArticleId::of_feed("health").to_string(), NOTICES, &notices)
    }

    /// What the store and health know of a source.
    pub(super) async fn standing(&self, source: &SourceId) -> Result<(SourceState, Record), StoreError> {
        let state = answered(self.store.source_state(source)).await?;
        let record = Record::from_text(state.health.as_deref());
        Ok((state, record))
    }

    /// The same of every source that the store knows. Reading so many records takes a while, for which feeds do not wait.
    pub(super) async fn standings(&self) -> Result<HashMap<SourceId, (SourceState, Record)>, StoreError> {
        let states = answered(self.store.source_states()).await?;
        let read = move || {
            let with_record = |(source, state): (SourceId, SourceState)| {
                let record = Record::from_text(state.health.as_deref());
                (source, (state, record))
            };
            states.into_iter().map(with_record).collect()
        };
        tokio::task::spawn_blocking(read).await.map_err(|fault| StoreError::Sql(fault.to_string()))
    }
}

/// What the store answers, if it does so in time.
async fn answered<T>(asked: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let answer = tokio::time::timeout(STORE_TIMEOUT, asked).await;
    answer.unwrap_or_else(|_| Err(StoreError::Sql("the store does not answer".to_owned())))
}

/// The same notice for as long as it lasts: readers show it when it begins, and once more when it is over.
fn of_source(source: &Source, finding: &Finding, is_over: bool) -> Notice {
    let name = format!("health/{}/{}/{}", source.id, finding.kind, finding.since.as_second());
    let over = if is_over { format!("It is over since {}.\n", finding.seen) } else { String::new() };
    Notice {
        id: ArticleId::of_feed(&name).to_string(),
        title: format!("{}: {}{}", source.id, finding.kind.title(), if is_over { " (over)" } else { "" }),
        text: format!("{over}{finding}.\nSince {}.\n{}", finding.since, finding.kind.advice()),
        published: finding.since,
        updated: if is_over { finding.seen } else { finding.since },
        url: finding.url.clone(),
    }
}

fn of_daemon(finding: &DaemonFinding, is_over: bool) -> Notice {
    let name = format!("health/daemon/{}/{}", finding.fault.name(), finding.since.as_second());
    let over = if is_over { format!("It is over since {}.\n", finding.seen) } else { String::new() };
    Notice {
        id: ArticleId::of_feed(&name).to_string(),
        title: format!("tinsach: {}{}", finding.fault.title(), if is_over { " (over)" } else { "" }),
        text: format!("{over}{}.\nSince {}.\n{}", finding.why, finding.since, finding.fault.advice()),
        published: finding.since,
        updated: if is_over { finding.seen } else { finding.since },
        url: None,
    }
}
