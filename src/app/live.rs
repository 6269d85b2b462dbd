//! A look at every source as it is now: what its discovery methods answer, and one article beside the stored one. For
//! `tinsach check --live`. Nothing is written, and a state folder is not needed.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::replay::difference;
use crate::config::{Config, Keep, KeepConfig, Source};
use crate::crawl::{self, Asked, DiscoveryState, Probe};
use crate::discover::site;
use crate::fetch::{FetchError, Fetcher};
use crate::model::held::{NOT_A_PAGE, REFUSED, mend};
use crate::model::{Article, Candidate, Clock, HeldPage, SourceId, Validators};
use crate::pipeline::{Outcome, Pipeline, Preview, Report};
use crate::store::{self, Explained, FrontierEntry, Store};

/// Named articles that are looked up in the store to find a known one.
const MAX_LOOKED_UP: usize = 100;

/// How a source stands now.
#[derive(Clone, Debug, Serialize)]
pub struct Live {
    pub source: String,
    /// Whether every discovery method that was asked for answers, and an article is read as one.
    pub is_well: bool,
    /// What each discovery method answered.
    pub asked: Vec<Asked>,
    /// What deserves a word besides.
    pub notes: Vec<String>,
    /// What is wrong with discovery, for people.
    pub trouble: Option<String>,
    pub article: Option<Looked>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Looked {
    pub url: String,
    /// What came of it.
    pub outcome: &'static str,
    /// Why it would not be published, if so.
    pub why: Option<String>,
    pub mend: Option<&'static str>,
    /// As it reads now; of what would be held back, what it would have published.
    pub now: Option<Shown>,
    pub stored: Option<Shown>,
    /// Lines that go (`-`) and come (`+`) against the stored text; a line is a block of text.
    pub differences: Vec<String>,
}

/// An article in figures, and its first and last words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    pub title: String,
    /// Publication time in the source's zone; `None` if neither page nor listing gives one.
    pub published: Option<String>,
    pub authors: Vec<String>,
    pub pictures: usize,
    pub characters: usize,
    pub first: String,
    pub last: String,
}

/// Looks at the sources of the configuration, all of them if `only` is empty.
///
/// # Errors
/// If there is a store and it cannot be read, or no client can be made.
pub async fn check_live(config: &Config, only: &[SourceId]) -> anyhow::Result<Vec<Live>> {
    let clock = Clock::system();
    // Before the first start there is no store, and what would be read can be seen all the same.
    let store = if config.state_dir.join(store::FILE).is_file() {
        Store::look(&config.state_dir).await?
    } else {
        Store::in_memory().await?
    };
    let keep = KeepConfig { raw_pages: Keep::For(Duration::ZERO), ..config.keep.clone() };
    let fetcher = Fetcher::new(&config.fetch)?;
    let pipeline = Pipeline { store: store.clone(), fetcher, clock, keep, ahead: 1 };
    let chosen = config.sources.iter().filter(|source| only.is_empty() || only.contains(&source.id));
    let looks = futures_util::future::join_all(chosen.map(|source| check_source(&pipeline, source))).await;
    store.close().await?;
    looks.into_iter().collect()
}

/// Looks at one source.
///
/// # Errors
/// If the store cannot be read.
async fn check_source(pipeline: &Pipeline, source: &Source) -> anyhow::Result<Live> {
    let state = pipeline.store.source_state(&source.id).await?;
    let mut report = Report::begin(&source.id, pipeline.clock.now());
    let discovery = DiscoveryState::from_text(state.memory.as_deref());
    let Probe { report: crawl, candidates } = crawl::probe(&pipeline.fetcher, source, discovery).await;
    report.take_crawl(crawl);
    let report = report.finish(pipeline.clock.now());
    let article = match choose_entry(pipeline, source, candidates).await? {
        Some(entry) => Some(read_article(pipeline, source, entry).await?),
        None => None,
    };
    let nothing = article.is_none().then(|| "no article is named, so none was read".to_owned());
    let is_read = article.as_ref().is_some_and(|article| article.why.is_none());
    Ok(Live {
        source: source.id.to_string(),
        is_well: report.outcome == Outcome::Ok && is_read,
        trouble: report.trouble().or(nothing),
        asked: report.asked,
        notes: report.notes,
        article,
    })
}

/// The newest stored article that is still named, else the newest that is named.
async fn choose_entry(
    pipeline: &Pipeline,
    source: &Source,
    mut named: Vec<Candidate>,
) -> anyhow::Result<Option<FrontierEntry>> {
    named.retain(|candidate| !site::is_listing(&candidate.url, source, candidate));
    let mut stored: Option<Explained> = None;
    for candidate in named.iter().take(MAX_LOOKED_UP) {
        let Some(known) = pipeline.store.explain(&candidate.url).await? else { continue };
        let date = |known: &Explained| known.entry.article.and(known.entry.published);
        let is_ours = known.article.as_ref().is_some_and(|stored| stored.article.source == source.id);
        if is_ours && date(&known) > stored.as_ref().and_then(date) {
            stored = Some(known);
        }
    }
    let unconditional = Validators::default();
    if let Some(known) = stored {
        return Ok(Some(FrontierEntry { validators: unconditional, ..known.entry }));
    }
    Ok(named.into_iter().next().map(|candidate| FrontierEntry {
        row: 0,
        candidate,
        validators: unconditional,
        failures: 0,
        visits: 0,
        first_seen: pipeline.clock.now(),
        article: None,
        published: None,
    }))
}

async fn read_article(pipeline: &Pipeline, source: &Source, entry: FrontierEntry) -> anyhow::Result<Looked> {
    let known = match entry.article {
        Some(_) => pipeline.store.read_at(entry.row).await?,
        None => None,
    };
    let zone = &source.time_zone;
    let mut looked = Looked {
        url: entry.candidate.url.to_string(),
        outcome: "article",
        why: None,
        mend: None,
        now: None,
        stored: known.as_ref().map(|article| shown(&HeldPage::of(article), &article.text, zone)),
        differences: Vec::new(),
    };
    match pipeline.preview(source, &entry).await? {
        Preview::Article(article) => {
            looked.now = Some(shown(&HeldPage::of(&article), &article.text, zone));
            looked.differences = known.map(|known| differences(&known, &article)).unwrap_or_default();
        }
        Preview::Held(why, page) => {
            looked.outcome = "held";
            looked.why = Some(why.to_string());
            looked.mend = Some(mend(why.code()));
            looked.now = page.map(|page| shown(&page, &page.text, zone));
        }
        Preview::Unchanged => looked.outcome = "unchanged",
        Preview::Failed(error) => {
            looked.outcome = "failed";
            looked.mend = Some(mend_fetch(&error));
            looked.why = Some(error.to_string());
        }
    }
    Ok(looked)
}

fn mend_fetch(error: &FetchError) -> &'static str {
    match error {
        FetchError::Later { .. } => "open it in a browser: if it works there, look again later",
        FetchError::Gone { .. } => {
            "the portal names an article that it has taken down; the next visits see that by themselves"
        }
        FetchError::Refused { .. } => mend(REFUSED),
        FetchError::Unreadable { .. } => mend(NOT_A_PAGE),
    }
}

/// Characters of first and last words.
const EXCERPT_CHARS: usize = 120;

fn shown(page: &HeldPage, text: &str, zone: &TimeZone) -> Shown {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = line.chars().count();
    let local =
        |at: Timestamp| at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    Shown {
        title: page.title.clone().unwrap_or_default(),
        published: page.published.map(local),
        authors: page.authors.clone(),
        pictures: page.pictures,
        characters: text.chars().count(),
        first: line.chars().take(EXCERPT_CHARS).collect(),
        last: line.chars().skip(length.saturating_sub(EXCERPT_CHARS)).collect(),
    }
}

fn differences(known: &Article, now: &Article) -> Vec<String> {
    let written = |article: &Article| format!("{}\n\n{}", article.title, article.text);
    difference(&written(known), &written(now))
}
