//! Pages for people: templates filled from the store, in the reader's language, without a script.

mod words;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};

use super::Site;
use super::negotiate::Language;
use super::respond::{made, message};
use super::routes::Ready;
use crate::publish::media;
use words::Words;

/// What every page has.
struct Page {
    words: &'static Words,
    /// The path of the front page: links of pages are relative to the host, so that they work under any of its names.
    base: String,
}

impl Page {
    fn new(site: &Site, headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = Language::of(accepted.unwrap_or_default());
        Self { words: Words::of(language), base: site.press.public_url.path().to_owned() }
    }
}

struct SourceCard {
    title: String,
    status: &'static str,
    articles: u64,
    feed: String,
    trouble: Option<String>,
}

#[derive(Template)]
#[template(path = "front.html")]
struct Front {
    page: Page,
    sources: Vec<SourceCard>,
}

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound {
    page: Page,
}

/// `/`: every source and how it stands.
pub async fn front(State(site): State<Arc<Site>>, headers: HeaderMap) -> Ready {
    let page = Page::new(&site, &headers);
    let mut sources = Vec::new();
    for source in site.press.sources() {
        let state = match site.store.source_state(&source.id).await {
            Ok(state) => state,
            Err(fault) => return message(StatusCode::SERVICE_UNAVAILABLE, &fault.to_string()),
        };
        sources.push(SourceCard {
            title: source.title.clone(),
            status: page.words.status(super::health::Status::of(&state)),
            articles: state.articles,
            feed: site.press.at(&format!("{}.atom", source.id)),
            trouble: state.trouble,
        });
    }
    html(StatusCode::OK, &Front { page, sources })
}

/// The page of an address that has nothing.
pub fn not_found(site: &Site, headers: &HeaderMap) -> Ready {
    html(StatusCode::NOT_FOUND, &NotFound { page: Page::new(site, headers) })
}

fn html(status: StatusCode, template: &impl Template) -> Ready {
    match template.render() {
        Ok(text) => made(status, media::HTML, text.into()),
        Err(fault) => message(StatusCode::INTERNAL_SERVER_ERROR, &fault.to_string()),
    }
}
