//! Pages for people: templates filled from the store, in the reader's language, without a script.

mod article;
mod cards;
mod dates;
mod front;
mod listing;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};

use super::cache::CacheKey;
use super::editions::blocking;
use super::feeds::{Trouble, refuse};
use super::negotiate::Language;
use super::respond::{PAGE_CACHE, Prepared, made, message};
use super::routes::Ready;
use super::{Site, assets};
use crate::publish::{Channel, Edition, Format, media};
use words::Words;

pub use article::{article, categories};
pub use front::front;
pub use listing::{View, listing};

/// What the choice of a page's representation hangs on.
const PAGE_VARY: &str = "Accept, Accept-Encoding, Accept-Language";

/// A feed of a page, for autodiscovery and for people.
struct FeedLink {
    label: &'static str,
    media_type: &'static str,
    title: String,
    href: String,
}

impl FeedLink {
    /// A channel in every format.
    fn all(channel: &Channel<'_>) -> Vec<Self> {
        let link = |format: Format| Self {
            label: format.label(),
            media_type: format.media_type(),
            title: format!("{} ({})", channel.title, format.label()),
            href: channel.address(format),
        };
        Format::ALL.into_iter().map(link).collect()
    }
}

/// A link with what it is called.
struct Link {
    href: String,
    name: String,
}

struct Search {
    action: String,
    query: String,
    /// Whether there is a server to answer it.
    is_live: bool,
}

impl Search {
    fn new(site: &Site, action: String, query: String) -> Self {
        Self { action, query, is_live: !site.is_copy }
    }
}

struct Page {
    words: &'static Words,
    /// The path of the front page: links of pages are relative to the host, so that they work under any of its names.
    base: String,
    /// Changes when the stylesheet does.
    style: &'static str,
    feeds: Vec<FeedLink>,
}

impl Page {
    fn new(site: &Site, language: Language, channel: Option<&Channel<'_>>) -> Self {
        Self {
            words: Words::of(language),
            base: site.feed_settings.public_url.path().to_owned(),
            style: assets::style_tag(),
            feeds: channel.map(FeedLink::all).unwrap_or_default(),
        }
    }

    /// A path of ours; `path` without leading slash.
    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::of(accepted.unwrap_or_default())
}

/// Answers with a page from the cache, else with what `make` gives.
async fn cached<T: Template + Send + 'static>(
    site: &Arc<Site>,
    cache_key: CacheKey<'_>,
    headers: &HeaderMap,
    make: impl Future<Output = Result<T, Trouble>>,
) -> Ready {
    let made = async {
        let template = make.await?;
        let edition = blocking(move || {
            let text = template.render().map_err(std::io::Error::other)?;
            Ok(Edition::on_demand(media::HTML, String::new(), None, text.into_bytes()))
        });
        Ok(Prepared::new(edition.await?, PAGE_CACHE, PAGE_VARY))
    };
    match site.get_or_make(cache_key, made).await {
        Ok(prepared) => prepared.answer(headers),
        Err(trouble) => refuse(site, &trouble, headers),
    }
}

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound {
    page: Page,
}

/// The page of an address that has nothing.
pub fn not_found(site: &Site, headers: &HeaderMap) -> Ready {
    let page = NotFound { page: Page::new(site, language(headers), None) };
    match page.render() {
        Ok(text) => made(StatusCode::NOT_FOUND, media::HTML, text.into()),
        Err(fault) => message(StatusCode::INTERNAL_SERVER_ERROR, &fault.to_string()),
    }
}
