//! One article, and the page of all categories.

use std::collections::HashSet;
use std::sync::Arc;

use askama::Template;
use axum::http::HeaderMap;
use jiff::Timestamp;
use url::{Url, form_urlencoded};

use super::dates::When;
use super::listing::{CategoryLink, links};
use super::words::Words;
use super::{CacheKey, Link, Page, Search, cached, language};
use crate::config::Source;
use crate::model::{Article, Attachment, DateOrigin, Image, SourceId};
use crate::publish::{Channel, FeedName, lead_text, title_of};
use crate::serve::Site;
use crate::serve::feeds::{Trouble, in_time};
use crate::serve::negotiate::Language;
use crate::serve::routes::Ready;
use crate::store::{Category, Revision, Stored};

/// Characters of the description that is shown where the page is shared.
const DESCRIPTION_CHARS: usize = 200;
/// Categories over the title, those with most articles first.
const MAX_CATEGORIES: usize = 6;

struct File {
    href: String,
    name: String,
    mime: String,
    size: String,
}

struct Earlier {
    replaced: When,
    title: String,
    body: String,
}

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    page: Page,
    address: String,
    original: String,
    search: Search,
    source: Link,
    categories: Vec<Link>,
    language: String,
    title: String,
    lead: String,
    writers: (&'static str, String),
    published: When,
    first_seen: bool,
    edited: Option<When>,
    picture: Option<String>,
    /// The lead picture, where the body does not show it.
    hero: Option<Image>,
    body: String,
    files: Vec<File>,
    related: Vec<String>,
    tags: Vec<Link>,
    revisions: Vec<Earlier>,
}

#[derive(Template)]
#[template(path = "categories.html")]
struct Categories {
    page: Page,
    source: Link,
    categories: Vec<CategoryLink>,
}

pub async fn article(site: &Arc<Site>, source: &SourceId, slug: &str, headers: &HeaderMap) -> Ready {
    let language = language(headers);
    let cache_key = CacheKey {
        key: format!("article {} {source} {slug}", language.tag()),
        source: Some(source),
        fresh_for: None,
    };
    cached(site, cache_key, headers, make(site, source, slug, language)).await
}

async fn make(site: &Site, id: &SourceId, slug: &str, language: Language) -> Result<ArticlePage, Trouble> {
    let source = site.feed_settings.source(id).ok_or(Trouble::Unknown)?;
    let stored = in_time(site.store.article(id, slug)).await?.ok_or(Trouble::Unknown)?;
    let categories = in_time(site.store.categories(id)).await?;
    let revisions =
        if stored.revisions == 0 { Vec::new() } else { in_time(site.store.revisions(stored.row)).await? };
    let channel = Channel::new(&site.feed_settings, FeedName::Source(id.clone()), None);
    let page = Page::new(site, language, channel.as_ref());
    let categories = categories_of(&page, &stored.article, categories);
    Ok(filled(site, page, source, stored, categories, revisions))
}

fn filled(
    site: &Site,
    page: Page,
    source: &Source,
    stored: Stored,
    categories: Vec<Link>,
    revisions: Vec<Revision>,
) -> ArticlePage {
    let article = &stored.article;
    let full = |at| When::full(at, &source.time_zone, page.words);
    let home = page.at(&format!("{}/", source.id));
    ArticlePage {
        address: site.feed_settings.page_of(article),
        original: article.url.to_string(),
        search: Search::new(site, home.clone(), String::new()),
        source: Link { href: home.clone(), name: source.title.clone() },
        categories,
        language: article.language.clone(),
        title: title_of(article),
        lead: lead_text(article, DESCRIPTION_CHARS),
        writers: writers(article, page.words),
        published: full(article.published),
        first_seen: article.published_origin == DateOrigin::FirstSeen,
        edited: (article.updated > article.published).then(|| full(article.updated)),
        picture: article.images.first().map(|image| image.url.to_string()),
        hero: hero(article),
        body: article.html.clone(),
        files: article.attachments.iter().map(file).collect(),
        related: stored.related.iter().filter(|url| is_web(url)).map(ToString::to_string).collect(),
        tags: article.tags.iter().map(|tag| tag_link(&home, tag)).collect(),
        revisions: revisions.into_iter().map(|one| earlier(one, &full)).collect(),
        page,
    }
}

/// The article's categories as links. The store takes names that differ in case or white space for one.
fn categories_of(page: &Page, article: &Article, all: Vec<Category>) -> Vec<Link> {
    let folded = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let own: HashSet<String> = article.categories.iter().map(|name| folded(name)).collect();
    let of_article = all.into_iter().filter(|category| own.contains(&folded(&category.name)));
    links(page, &article.source, of_article.take(MAX_CATEGORIES))
        .into_iter()
        .map(|category| Link { href: category.href, name: category.name })
        .collect()
}

fn earlier(revision: Revision, full: &impl Fn(Timestamp) -> When) -> Earlier {
    Earlier { replaced: full(revision.replaced), title: revision.title, body: revision.html }
}

/// Who wrote it, or from whom it is, after the word for that; empty if neither is known.
fn writers(article: &Article, words: &Words) -> (&'static str, String) {
    if article.authors.is_empty() {
        (words.credit, article.credit.clone().unwrap_or_default())
    } else {
        (words.by, article.authors.join(", "))
    }
}

/// Whether a link leads to a page rather than names a thing (`urn:`).
fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// The lead picture, unless the body shows it.
fn hero(article: &Article) -> Option<Image> {
    let image = article.images.first()?;
    let in_html = image.url.as_str().replace('&', "&amp;");
    (!article.html.contains(&in_html)).then(|| image.clone())
}

/// A tag leads to a search for it.
fn tag_link(home: &str, tag: &str) -> Link {
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("q", &format!("\"{tag}\"")).finish();
    Link { href: format!("{home}?{query}"), name: tag.to_owned() }
}

fn file(attachment: &Attachment) -> File {
    let last = attachment.url.path_segments().and_then(Iterator::last).unwrap_or_default();
    let name = if attachment.title.trim().is_empty() { last } else { attachment.title.trim() };
    File {
        href: attachment.url.to_string(),
        name: if name.is_empty() { attachment.url.to_string() } else { name.to_owned() },
        mime: attachment.mime.clone(),
        size: attachment.length.map(size).unwrap_or_default(),
    }
}

/// A size for people, in steps of 1000.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// Answers with every category of a source.
pub async fn categories(site: &Arc<Site>, id: &SourceId, headers: &HeaderMap) -> Ready {
    let language = language(headers);
    let cache_key =
        CacheKey { key: format!("categories {} {id}", language.tag()), source: Some(id), fresh_for: None };
    let make = async {
        let source = site.feed_settings.source(id).ok_or(Trouble::Unknown)?;
        let categories = in_time(site.store.categories(id)).await?;
        let page = Page::new(site, language, None);
        Ok(Categories {
            source: Link { href: page.at(&format!("{id}/")), name: source.title.clone() },
            categories: links(&page, id, categories.into_iter()),
            page,
        })
    };
    cached(site, cache_key, headers, make).await
}
