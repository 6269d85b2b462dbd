//! The front page: found through redirects, and through the page that only forwards to it.

use std::sync::LazyLock;

use scraper::{Html, Selector};
use url::Url;

use super::Watch;
use crate::discover::site;
use crate::fetch::{FetchError, Fetched, Fetcher, Request};
use crate::html::{base_url, parse};
use crate::learn::LearnError;
use crate::model::{Cause, Page};

/// Forwarding pages that are followed.
const MAX_FORWARDS: usize = 3;

static REFRESH: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse("meta[http-equiv][content]").expect("a constant selector"));

/// Fetches the front page; gives the address to follow the portal by with it.
pub(super) async fn fetch(
    fetcher: &Fetcher,
    asked: &Url,
    watch: Watch<'_>,
) -> Result<(Url, Page), LearnError> {
    let mut url = asked.clone();
    let mut forwards = 0;
    loop {
        watch(url.as_str());
        let page = match fetcher.page(&Request::page(url.clone())).await {
            Ok(Fetched::New(page)) => page,
            Ok(Fetched::NotModified(answer)) => return Err(not_asked_for(&answer.url)),
            Err(error) => return Err(LearnError::of_front(error)),
        };
        match forward(&page).filter(|to| forwards < MAX_FORWARDS && *to != page.url && *to != url) {
            Some(to) => {
                forwards += 1;
                url = to;
            }
            None => return Ok((home(&url, &page.url), page)),
        }
    }
}

fn not_asked_for(url: &Url) -> LearnError {
    let why = "the server says that nothing has changed since a visit that never was".to_owned();
    LearnError::NotReached(FetchError::later(url, Cause::OtherStatus, why))
}

/// The address to keep: what answered; but a front page stays the root of the host that answered, wherever it leads on to
/// today. Queries and fragments are no part of a home.
fn home(asked: &Url, answered: &Url) -> Url {
    let mut home = if asked.path() == "/" && site::is_within(answered, asked) {
        site::settle(asked, answered)
    } else {
        answered.clone()
    };
    home.set_query(None);
    home.set_fragment(None);
    home
}

/// Where a page that only forwards leads to: `<meta http-equiv="refresh" content="0; url=/vi/">`. A page that renews
/// itself after minutes is none.
fn forward(page: &Page) -> Option<Url> {
    if !page.html.as_bytes().windows(7).any(|window| window.eq_ignore_ascii_case(b"refresh")) {
        return None;
    }
    let html: Html = parse(&page.html).ok()?;
    let mut metas = html.select(&REFRESH).map(|meta| meta.value());
    let meta = metas
        .find(|meta| meta.attr("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh")))?;
    let (seconds, target) = meta.attr("content")?.split_once([';', ','])?;
    let soon = seconds.trim().parse::<f32>().is_ok_and(|seconds| seconds <= 10.0);
    let (name, target) = target.split_once('=')?;
    let target = target.trim().trim_matches(['"', '\'']);
    (soon && name.trim().eq_ignore_ascii_case("url"))
        .then(|| base_url(&html, &page.url).join(target).ok())
        .flatten()
}
