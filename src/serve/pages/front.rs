//! `/`: every source, how it stands and how to subscribe, and the newest articles of all.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::http::HeaderMap;
use jiff::tz::TimeZone;

use super::cards::{Card, Day, card, days};
use super::dates::When;
use super::{CacheKey, FeedLink, Page, Search, cached, language};
use crate::config::Source;
use crate::health::Record;
use crate::publish::{Channel, FeedName};
use crate::serve::Site;
use crate::serve::feeds::{Trouble, in_time};
use crate::serve::health::status_of;
use crate::serve::negotiate::Language;
use crate::serve::routes::Ready;
use crate::store::{Scope, SourceState};

/// How long the page may be served before the health it shows is looked at again.
const MAX_AGE: Duration = Duration::from_secs(10);
/// With more sources than these the page gives an overview of them: nobody compares so many in detail.
const MAX_DETAILED: usize = 60;
/// Articles on the page.
const LATEST_ARTICLES: usize = 12;
/// Articles from which a source's rhythm is told.
const RHYTHM_SAMPLE_ARTICLES: usize = 20;

struct SourceCard {
    href: String,
    title: String,
    language: String,
    home: String,
    /// The class of its state.
    state: &'static str,
    status: &'static str,
    /// What is wrong, in one sentence for readers.
    trouble: Option<&'static str>,
    count: String,
    rhythm: Option<String>,
    newest: Option<Card>,
    newest_when: When,
    /// Every format, Atom first; none where only an overview is given.
    feeds: Vec<FeedLink>,
}

#[derive(Template)]
#[template(path = "front.html")]
struct Front {
    page: Page,
    address: String,
    search: Search,
    sources: Vec<SourceCard>,
    days: Vec<Day>,
}

pub async fn front(site: &Arc<Site>, headers: &HeaderMap) -> Ready {
    let language = language(headers);
    let cache_key =
        CacheKey { key: format!("front {}", language.tag()), source: None, fresh_for: Some(MAX_AGE) };
    cached(site, cache_key, headers, make(site, language)).await
}

async fn make(site: &Site, language: Language) -> Result<Front, Trouble> {
    let channel = Channel::new(&site.feed_settings, FeedName::All, None);
    let page = Page::new(site, language, channel.as_ref());
    let mut sources = Vec::with_capacity(site.config.sources.len());
    let is_detailed = site.config.sources.len() <= MAX_DETAILED;
    let mut standings = in_time(site.standings()).await?;
    for source in site.feed_settings.sources() {
        let (state, record) = standings.remove(&source.id).unwrap_or_default();
        let mut card = source_card(site, &page, source, (&state, &record));
        if is_detailed {
            add_details(site, &page, source, &mut card).await?;
        }
        sources.push(card);
    }
    let scope = in_time(site.scope_of(&FeedName::All)).await?;
    let latest = in_time(site.store.newest(&scope, LATEST_ARTICLES)).await?;
    let days = days(&page, &site.feed_settings, &latest, site.config.sources.len() > 1);
    let search = Search::new(site, page.at(""), String::new());
    Ok(Front { address: site.feed_settings.public_url.to_string(), search, sources, days, page })
}

fn source_card(
    site: &Site,
    page: &Page,
    source: &Source,
    (state, record): (&SourceState, &Record),
) -> SourceCard {
    let status = status_of(state, record, site.clock.now());
    SourceCard {
        href: page.at(&format!("{}/", source.id)),
        title: source.title.clone(),
        language: source.language.clone(),
        home: source.home.to_string(),
        state: status.name(),
        status: page.words.status(status),
        trouble: record.findings.first().map(|finding| page.words.trouble(finding.kind)),
        count: page.words.count(state.articles),
        rhythm: None,
        newest: None,
        newest_when: newest_when(page, state.newest, &source.time_zone),
        feeds: Vec::new(),
    }
}

/// How often it publishes, its newest article, and its feeds.
async fn add_details(
    site: &Site,
    page: &Page,
    source: &Source,
    card_of: &mut SourceCard,
) -> Result<(), Trouble> {
    let sample = in_time(site.store.publications(&source.id, RHYTHM_SAMPLE_ARTICLES)).await?;
    let newest = in_time(site.store.newest(&Scope::Source(source.id.clone()), 1)).await?;
    let published = |place: usize| sample.get(place).copied();
    let span = published(0).zip(published(sample.len().saturating_sub(1)));
    let days = span.map_or(0.0, |(newest, oldest)| newest.duration_since(oldest).as_secs_f64() / 86_400.0);
    let channel = Channel::new(&site.feed_settings, FeedName::Source(source.id.clone()), None)
        .ok_or(Trouble::Unknown)?;
    card_of.feeds = FeedLink::all(&channel);
    card_of.rhythm = page.words.rhythm(sample.len().saturating_sub(1), days);
    card_of.newest = newest.first().map(|one| card(page, one, &source.time_zone));
    Ok(())
}

fn newest_when(page: &Page, at: Option<jiff::Timestamp>, zone: &TimeZone) -> When {
    match at {
        Some(at) => When::full(at, zone, page.words),
        None => When { text: page.words.never.to_owned(), machine: String::new() },
    }
}
