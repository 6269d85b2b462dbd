//! Lists of articles: of a source, a category, a month, a search, and behind the address of a feed.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::http::HeaderMap;

use super::cards::{Day, days};
use super::{CacheKey, Link, Page, Search, cached, dates, language};
use crate::model::SourceId;
use crate::publish::{Channel, FeedName, Format};
use crate::serve::Site;
use crate::serve::archive::month_label;
use crate::serve::feeds::{Trouble, category_of, in_time};
use crate::serve::health::status_of;
use crate::serve::negotiate::Language;
use crate::serve::routes::Ready;
use crate::store::{Category, Month, Stored};

/// Articles on a page.
const ARTICLES_PER_PAGE: usize = 50;
/// Categories beside the articles; the rest is a page of its own.
const MAX_CATEGORIES: usize = 25;
/// How long a page may be served before the health it shows is looked at again.
const MAX_AGE: Duration = Duration::from_secs(30);

#[derive(Clone, Debug)]
pub struct View {
    pub name: FeedName,
    pub query: Option<String>,
    /// How many articles, where that is not the default.
    pub limit: Option<usize>,
    pub month: Option<Month>,
    /// The feed whose address was opened in a browser.
    pub opened: Option<Format>,
}

impl View {
    pub fn of_month(source: SourceId, month: Month) -> Self {
        Self { name: FeedName::Source(source), query: None, limit: None, month: Some(month), opened: None }
    }
}

/// A category beside the articles.
pub(super) struct CategoryLink {
    pub href: String,
    pub name: String,
    pub articles: u64,
}

struct Year {
    name: String,
    open: bool,
    months: Vec<Link>,
}

#[derive(Template)]
#[template(path = "listing.html")]
struct Listing {
    page: Page,
    address: String,
    title: String,
    heading: String,
    parent: Option<(String, String)>,
    picture: String,
    search: Search,
    /// The feed's address, where that was opened.
    opened: Option<String>,
    health: Option<(&'static str, &'static str)>,
    /// What is wrong with the source, in one sentence for readers.
    trouble: Option<&'static str>,
    count: Option<String>,
    home: Option<String>,
    days: Vec<Day>,
    categories: Vec<CategoryLink>,
    more_categories: Option<CategoryLink>,
    years: Vec<Year>,
}

pub async fn listing(site: &Arc<Site>, view: &View, headers: &HeaderMap) -> Ready {
    let language = language(headers);
    let month = view.month.map(month_label).unwrap_or_default();
    let opened = view.opened.map_or("", Format::extension);
    let query = view.query.as_deref().unwrap_or_default();
    let limit = view.limit.unwrap_or(ARTICLES_PER_PAGE);
    let key = format!("list {} {month}.{opened} {limit} {} {query}", language.tag(), view.name.path());
    let cache_key = CacheKey { key, source: view.name.source(), fresh_for: Some(MAX_AGE) };
    cached(site, cache_key, headers, make(site, view, language)).await
}

async fn make(site: &Site, view: &View, language: Language) -> Result<Listing, Trouble> {
    let category = category_of(site, &view.name).await?;
    let channel =
        Channel::new(&site.feed_settings, view.name.clone(), category.as_deref()).ok_or(Trouble::Unknown)?;
    let stored = articles(site, view).await?;
    let page_channel = channel.clone().filtered(view.query.as_deref().unwrap_or_default(), view.limit);
    let page = Page::new(site, language, Some(&page_channel).filter(|_| view.month.is_none()));
    let source = view.name.source().and_then(|id| site.feed_settings.source(id));
    let home = page.at(&source.map(|source| format!("{}/", source.id)).unwrap_or_default());
    let heading = match (&view.query, view.month, category) {
        (Some(query), ..) => format!("{}: {query}", page.words.found),
        (None, Some(month), _) => dates::month(month.year, month.month, page.words),
        (None, None, Some(category)) => category,
        (None, None, None) => channel.title.clone(),
    };
    let is_root = view.query.is_none() && view.month.is_none() && heading == channel.title;
    let title = if is_root { heading.clone() } else { format!("{heading} – {}", channel.title) };
    let mut list = Listing {
        address: page_channel.page(),
        title,
        parent: source.filter(|_| !is_root).map(|source| (home.clone(), source.title.clone())),
        heading,
        picture: picture(site, &stored),
        search: Search::new(site, home, view.query.clone().unwrap_or_default()),
        opened: view.opened.map(|format| page_channel.address(format)),
        health: None,
        trouble: None,
        count: (!is_root).then(|| page.words.count(stored.len() as u64)),
        home: source.map(|source| source.home.to_string()),
        days: days(&page, &site.feed_settings, &stored, source.is_none() && site.config.sources.len() > 1),
        categories: Vec::new(),
        more_categories: None,
        years: Vec::new(),
        page,
    };
    if let Some(source) = source {
        beside(site, &mut list, &source.id, is_root).await?;
    }
    Ok(list)
}

async fn articles(site: &Site, view: &View) -> Result<Vec<Stored>, Trouble> {
    let scope = in_time(site.scope_of(&view.name)).await?;
    let limit = view.limit.unwrap_or(ARTICLES_PER_PAGE);
    match (&view.query, view.month, view.name.source()) {
        (Some(query), ..) => in_time(site.store.search(&scope, query, limit)).await,
        (None, Some(month), Some(source)) => {
            let articles = in_time(site.store.month(source, month)).await?;
            if articles.is_empty() { Err(Trouble::Unknown) } else { Ok(articles) }
        }
        _ => in_time(site.store.newest(&scope, limit)).await,
    }
}

/// What stands beside the articles of a source: its health, categories and months.
async fn beside(site: &Site, list: &mut Listing, source: &SourceId, is_root: bool) -> Result<(), Trouble> {
    if is_root {
        let (state, record) = in_time(site.standing(source)).await?;
        let status = status_of(&state, &record, site.clock.now());
        list.health = Some((status.name(), list.page.words.status(status)));
        list.trouble = record.findings.first().map(|finding| list.page.words.trouble(finding.kind));
        list.count = Some(list.page.words.count(state.articles));
    }
    let categories = in_time(site.store.categories(source)).await?;
    let all = categories.len();
    list.categories = links(&list.page, source, categories.into_iter().take(MAX_CATEGORIES));
    list.more_categories = (all > MAX_CATEGORIES).then(|| CategoryLink {
        href: list.page.at(&format!("{source}/c/")),
        name: format!("{}…", list.page.words.categories),
        articles: all as u64,
    });
    let months = in_time(site.store.months(source)).await?;
    list.years = years(&list.page, source, &months);
    Ok(())
}

pub(super) fn links(
    page: &Page,
    source: &SourceId,
    categories: impl Iterator<Item = Category>,
) -> Vec<CategoryLink> {
    categories
        .map(|category| CategoryLink {
            href: page.at(&format!("{source}/c/{}/", category.slug)),
            name: category.name,
            articles: category.articles,
        })
        .collect()
}

fn years(page: &Page, source: &SourceId, months: &[Month]) -> Vec<Year> {
    months
        .chunk_by(|one, other| one.year == other.year)
        .enumerate()
        .map(|(place, months)| Year {
            name: months[0].year.to_string(),
            open: place == 0,
            months: months
                .iter()
                .map(|month| Link {
                    href: page.at(&format!("{source}/archive/{}/", month_label(*month))),
                    name: dates::month(month.year, month.month, page.words),
                })
                .collect(),
        })
        .collect()
}

fn picture(site: &Site, stored: &[Stored]) -> String {
    let first = stored.iter().find_map(|one| one.article.images.first());
    first.map_or_else(|| site.feed_settings.at("static/icon.png"), |image| image.url.to_string())
}
