//! The whole client against servers on this machine: every way in which a portal has been seen to fail.

mod causes;
mod certificates;
mod faults;
mod manners;
mod server;
mod time;
mod words;

use std::time::Duration;

use jiff::Timestamp;
use url::Url;
use wiremock::matchers::{header_exists, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::error::SetupError;
use super::*;
use crate::config::FetchConfig;
use crate::model::{Cause, Clock, Document, Page, Validators};

/// The moment at which these tests take place.
const NOW: &str = "2024-07-03T16:55:00+07:00";

fn now() -> Timestamp {
    NOW.parse().expect("a moment")
}

fn config() -> FetchConfig {
    FetchConfig {
        user_agent: "tinsach/0 (+http://127.0.0.1/; test)".into(),
        timeout: Duration::from_secs(20),
        max_body: 200_000,
        per_host: 1,
        gap: Duration::ZERO,
        allow_private: vec!["127.0.0.0/8".parse().expect("a network")],
        trust: Vec::new(),
    }
}

fn fetcher() -> Fetcher {
    with(config())
}

fn with(config: FetchConfig) -> Fetcher {
    Fetcher::with_clock(&config, Clock::of(now)).expect("a fetcher")
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

/// A portal with one page, `/a.html`, and no robots.txt.
async fn portal(template: ResponseTemplate) -> (MockServer, Url) {
    let server = MockServer::start().await;
    Mock::given(path("/a.html")).respond_with(template).mount(&server).await;
    let url = url(&format!("{}/a.html", server.uri()));
    (server, url)
}

fn body(text: &str, kind: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(text.as_bytes().to_vec(), kind)
}

fn html(text: &str) -> ResponseTemplate {
    body(text, "text/html; charset=UTF-8")
}

async fn page(url: &Url) -> Result<Page, FetchError> {
    let fetched = fetcher().page(&Request::page(url.clone())).await?;
    Ok(fetched.into_new().expect("content, as no condition was sent"))
}

async fn document(url: &Url, accept: Accept) -> Result<Document, FetchError> {
    let fetched = fetcher().document(&Request::new(url.clone(), accept)).await?;
    Ok(fetched.into_new().expect("content, as no condition was sent"))
}

/// How often `/a.html` was asked for.
async fn hits(server: &MockServer) -> usize {
    let all = server.received_requests().await.expect("recording is on");
    all.iter().filter(|request| request.url.path() == "/a.html").count()
}

#[tokio::test]
async fn a_page_comes_whole() {
    let template = html("<p>Chùa Vẽ</p>")
        .insert_header("etag", "\"1\"")
        .insert_header("last-modified", "Wed, 03 Jul 2024 09:55:00 GMT")
        .insert_header("link", "</?p=7>; rel=shortlink");
    let (server, url) = portal(template).await;
    let page = page(&url.join("#top").expect("a URL")).await.expect("a page");
    assert_eq!((page.html.as_str(), page.fetched), ("<p>Chùa Vẽ</p>", now()));
    assert_eq!((page.requested.fragment(), &page.url), (Some("top"), &url));
    assert_eq!(page.validators.etag.as_deref(), Some("\"1\""));
    assert_eq!(page.validators.last_modified.as_deref(), Some("Wed, 03 Jul 2024 09:55:00 GMT"));
    assert_eq!(page.links, [("shortlink".to_owned(), url.join("/?p=7").expect("a URL"))]);
    let seen = server.received_requests().await.expect("recording is on");
    let headers = &seen.last().expect("a request").headers;
    assert_eq!(headers["user-agent"], "tinsach/0 (+http://127.0.0.1/; test)");
    assert!(headers["accept-encoding"].to_str().expect("text").contains("gzip"));
}

#[tokio::test]
async fn a_document_keeps_its_bytes_and_says_how_many_pages_there_are() {
    let template = body("[\"Hải Phòng\"]", "application/json; charset=UTF-8")
        .insert_header("x-wp-totalpages", "12")
        .insert_header("cache-control", "public, max-age=600")
        .insert_header("age", "100");
    let (_server, url) = portal(template).await;
    let document = document(&url, Accept::Json).await.expect("a document");
    assert_eq!(document.bytes, "[\"Hải Phòng\"]".as_bytes());
    assert_eq!(document.content_type, "application/json; charset=utf-8");
    assert_eq!((document.total_pages, document.max_age), (Some(12), Some(500)));
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let same = ResponseTemplate::new(304).insert_header("etag", "W/\"8\"");
    let (server, url) = portal(same).await;
    let validators = Validators {
        etag: Some("W/\"7\"".into()),
        last_modified: Some("Wed, 03 Jul 2024 09:55:00 GMT".into()),
    };
    let asked = Request::page(url).if_changed(validators.clone());
    let answer = fetcher().page(&asked).await.expect("an answer");
    let seen = server.received_requests().await.expect("recording is on");
    let headers = &seen.last().expect("a request").headers;
    assert_eq!(headers["if-none-match"], "W/\"7\"");
    assert_eq!(headers["if-modified-since"], "Wed, 03 Jul 2024 09:55:00 GMT");
    let Fetched::NotModified(unchanged) = answer else { panic!("a page") };
    assert_eq!(unchanged.validators, Validators { etag: Some("W/\"8\"".into()), ..validators });
    assert_eq!((unchanged.url, unchanged.fetched, unchanged.max_age), (asked.url, now(), None));
}

#[tokio::test]
async fn a_304_that_confirms_nothing_is_not_believed() {
    let server = MockServer::start().await;
    let asked = url(&format!("{}/a.html", server.uri()));
    let etag = Validators { etag: Some("\"7\"".into()), last_modified: None };
    let date = Validators { etag: None, last_modified: Some("Wed, 03 Jul 2024 09:55:00 GMT".into()) };
    let same = Mock::given(path("/a.html")).and(header_exists("if-none-match"));
    same.respond_with(ResponseTemplate::new(304)).with_priority(1).mount(&server).await;
    Mock::given(path("/a.html")).respond_with(html("<p>mới")).up_to_n_times(1).mount(&server).await;
    let fetched =
        fetcher().page(&Request::page(asked.clone()).if_changed(etag.clone())).await.expect("an answer");
    assert_eq!(fetched.into_new().expect("a page").html, "<p>mới");
    Mock::given(path("/a.html")).respond_with(ResponseTemplate::new(304)).mount(&server).await;
    let error =
        fetcher().page(&Request::page(asked.clone()).if_changed(etag)).await.expect_err("304 to everything");
    assert!(matches!(error, FetchError::Later { .. }), "{error}");
    let fetched = fetcher().page(&Request::page(asked).if_changed(date)).await.expect("an answer");
    assert!(fetched.into_new().is_none(), "a date need not be repeated");
}

#[tokio::test]
async fn redirects_lead_to_the_page_and_its_last_url_is_kept() {
    let (server, asked) = portal(ResponseTemplate::new(301).insert_header("location", "/tin/b.html#x")).await;
    let moved = ResponseTemplate::new(302).insert_header("location", "../bài.html");
    Mock::given(path("/tin/b.html")).respond_with(moved).mount(&server).await;
    Mock::given(path("/b%C3%A0i.html")).respond_with(html("<p>ở đây</p>")).mount(&server).await;
    let page = page(&asked).await.expect("a page");
    assert_eq!((page.html.as_str(), page.url.path()), ("<p>ở đây</p>", "/b%C3%A0i.html"));
    assert_eq!(page.requested, asked);
}

#[test]
fn encryption_is_given_up_within_a_host_only() {
    for (from, to, followed) in [
        ("https://a.vn/x", "http://a.vn/x", true),
        ("https://www.a.vn/x", "http://a.vn/x", true),
        ("https://a.vn/x", "http://b.vn/x", false),
        ("https://a.vn/x", "//b.vn/x", true),
        ("http://a.vn/x", "https://b.vn/x", true),
        ("http://a.vn/x", "http://b.vn/x", true),
    ] {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("location", to.parse().expect("a value"));
        let next = super::redirect::next(&[url(from)], 301, &headers, 10);
        assert_eq!(next.is_ok(), followed, "{from} to {to}: {next:?}");
    }
}

#[tokio::test]
async fn a_gzipped_sitemap_is_unpacked_within_the_limit() {
    let xml = "<urlset/>".repeat(9);
    let (_server, asked) =
        portal(ResponseTemplate::new(200).set_body_bytes(server::gzip(xml.as_bytes()))).await;
    assert_eq!(document(&asked, Accept::Sitemap).await.expect("a document").bytes, xml.as_bytes());
    let bomb = server::gzip(&vec![b' '; 300_000]);
    let (_server, asked) = portal(ResponseTemplate::new(200).set_body_bytes(bomb)).await;
    let error = document(&asked, Accept::Sitemap).await.expect_err("too large");
    assert!(matches!(error, FetchError::Unreadable { .. }), "{error}");
}

#[test]
fn a_user_agent_that_cannot_be_sent_is_told_at_the_start() {
    let wrong = FetchConfig { user_agent: "tin\nsạch".into(), ..config() };
    let error = Fetcher::new(&wrong).expect_err("an error");
    assert!(matches!(error, SetupError::UserAgent { .. }), "{error}");
}

/// The futures go into spawned tasks.
#[test]
fn futures_are_send() {
    fn is_send<T: Send>(_: &T) {}
    let (fetcher, asked) = (fetcher(), Request::page(url("http://a.vn/")));
    is_send(&fetcher.page(&asked));
    is_send(&fetcher.document(&asked));
    is_send(&fetcher.robots(&asked.url));
}
