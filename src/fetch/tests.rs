//! The gates together, against servers on this machine: every way in which a portal has been seen to fail.

use std::time::Duration;

use url::Url;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::config::FetchConfig;

fn config() -> FetchConfig {
    FetchConfig {
        user_agent: "tinsach/0 (+http://127.0.0.1/; test)".into(),
        timeout: Duration::from_millis(400),
        max_body: 200_000,
        per_host: 1,
        gap: Duration::ZERO,
        allow_private: vec!["127.0.0.0/8".parse().expect("a network")],
    }
}

fn fetcher() -> Fetcher {
    Fetcher::new(&config()).expect("a fetcher")
}

async fn portal(template: ResponseTemplate) -> (MockServer, Url) {
    let server = MockServer::start().await;
    Mock::given(path("/a.html")).respond_with(template).mount(&server).await;
    let url = Url::parse(&format!("{}/a.html", server.uri())).expect("a URL");
    (server, url)
}

fn html(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(text.as_bytes().to_vec(), "text/html; charset=UTF-8")
}

#[tokio::test]
async fn a_page_comes_whole() {
    let (_server, url) = portal(
        html("<p>Chùa Vẽ</p>").insert_header("etag", "\"1\"").insert_header("link", "</?p=7>; rel=shortlink"),
    )
    .await;
    let page = fetcher().page(&Request::page(url.clone())).await.expect("a page").into_new().expect("new");
    assert_eq!((page.html.as_str(), page.status), ("<p>Chùa Vẽ</p>", 200));
    assert_eq!(page.validators.etag.as_deref(), Some("\"1\""));
    assert_eq!(page.links, [("shortlink".to_owned(), url.join("/?p=7").expect("a URL"))]);
}
