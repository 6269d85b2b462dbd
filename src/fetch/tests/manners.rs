//! Politeness as a server sees it: robots.txt, pauses, one connection, and a host that is down left alone.

use std::time::Instant;

use wiremock::matchers::any;

use super::server::{raw, sending};
use super::*;

/// A portal with a robots.txt and a page for everything else.
async fn with_robots(robots: ResponseTemplate) -> (MockServer, Url) {
    let server = MockServer::start().await;
    Mock::given(path("/robots.txt")).respond_with(robots).with_priority(1).mount(&server).await;
    Mock::given(any()).respond_with(html("<p>tin")).mount(&server).await;
    let base = url(&server.uri());
    (server, base)
}

fn text(robots: &str) -> ResponseTemplate {
    body(robots, "text/plain")
}

async fn get(fetcher: &Fetcher, base: &Url, path: &str) -> Result<Fetched<Page>, FetchError> {
    fetcher.page(&Request::page(base.join(path).expect("a URL"))).await
}

async fn paths(server: &MockServer) -> Vec<String> {
    let all = server.received_requests().await.expect("recording is on");
    all.iter().map(|request| request.url.path().to_owned()).collect()
}

#[tokio::test]
async fn robots_txt_is_read_once_and_obeyed() {
    let rules = "User-agent: *\nAllow: /\n\nUser-agent: Tinsach\nDisallow: /noi-bo/\nCrawl-delay: 0.01\n\
                 Sitemap: https://a.vn/sitemap.xml\nSitemap: ftp://a.vn/x";
    let (server, base) = with_robots(text(rules)).await;
    let fetcher = fetcher();
    get(&fetcher, &base, "/tin.html").await.expect("a page");
    let error = get(&fetcher, &base, "/noi-bo/1").await.expect_err("forbidden");
    assert!(matches!(&error, FetchError::Refused { why, .. } if why.contains("/noi-bo/")), "{error}");
    let rules = fetcher.robots(&base).await.expect("rules");
    assert_eq!(rules.sitemaps(), [url("https://a.vn/sitemap.xml")]);
    assert_eq!(rules.crawl_delay(), Some(Duration::from_millis(10)));
    assert_eq!(paths(&server).await, ["/robots.txt", "/tin.html"]);
}

#[tokio::test]
async fn a_redirect_does_not_lead_past_robots_txt() {
    let (server, base) = with_robots(text("User-agent: *\nDisallow: /noi-bo/")).await;
    let away = ResponseTemplate::new(302).insert_header("location", "/noi-bo/1");
    Mock::given(path("/r.html")).respond_with(away).with_priority(1).mount(&server).await;
    let error = get(&fetcher(), &base, "/r.html").await.expect_err("forbidden");
    assert!(matches!(&error, FetchError::Refused { .. }), "{error}");
    assert_eq!(paths(&server).await, ["/robots.txt", "/r.html"]);
}

#[tokio::test]
async fn without_robots_txt_everything_may_be_fetched() {
    for robots in [
        ResponseTemplate::new(404),
        ResponseTemplate::new(403),
        ResponseTemplate::new(302).insert_header("location", "/robots.txt"),
        ResponseTemplate::new(302).insert_header("location", "http://10.0.0.1/robots.txt"),
        text(""),
        html("<!DOCTYPE html><p>User-agent: * <br>Disallow: /"),
    ] {
        let (_server, base) = with_robots(robots).await;
        get(&fetcher(), &base, "/tin.html").await.expect("a page");
    }
}

#[tokio::test]
async fn an_unreachable_robots_txt_forbids_until_it_is_known() {
    let unknown = "robots.txt is not known, and until it is nothing may be fetched: the server answered 500";
    for (status, why) in [(500, unknown), (429, "the server answered 429")] {
        let (server, base) = with_robots(ResponseTemplate::new(status)).await;
        let fetcher = fetcher();
        let error = get(&fetcher, &base, "/tin.html").await.expect_err("unknown");
        assert!(matches!(&error, FetchError::Later { why: told, .. } if told == why), "{error}");
        get(&fetcher, &base, "/tin.html").await.expect_err("unknown");
        assert_eq!(paths(&server).await, ["/robots.txt"], "it is not asked for again at once");
    }
}

#[tokio::test]
async fn a_robots_txt_without_end_is_read_as_far_as_it_counts() {
    let long = format!("User-agent: *\nDisallow: /noi-bo/\n{}Disallow: /\n", "# tin\n".repeat(100_000));
    let (_server, base) = with_robots(text(&long)).await;
    let fetcher = fetcher();
    get(&fetcher, &base, "/tin.html").await.expect("a page");
    get(&fetcher, &base, "/noi-bo/1").await.expect_err("forbidden");
    assert!(fetcher.robots_snapshot()[0].text.as_ref().expect("a file").len() <= 500 * 1024);
}

#[tokio::test]
async fn a_copy_outlives_an_outage_and_a_restart() {
    let (_server, base) = with_robots(text("User-agent: *\nDisallow: /noi-bo/")).await;
    let before = fetcher();
    get(&before, &base, "/tin.html").await.expect("a page");
    let mut kept = before.robots_snapshot();
    assert_eq!(kept.len(), 1);

    let (down, elsewhere) = with_robots(ResponseTemplate::new(500)).await;
    kept[0].origin = elsewhere.origin().ascii_serialization();
    kept[0].fetched = now() - jiff::SignedDuration::from_hours(48);
    let after = fetcher();
    after.preload(kept);
    get(&after, &elsewhere, "/tin.html").await.expect("the copy allows it");
    get(&after, &elsewhere, "/noi-bo/1").await.expect_err("the copy forbids it");
    assert_eq!(paths(&down).await, ["/robots.txt", "/tin.html"]);
    assert_eq!(after.robots_snapshot()[0].unreachable_since, Some(now()));
}

#[tokio::test]
async fn many_at_once_ask_for_robots_txt_once_and_one_after_the_other() {
    let gap = Duration::from_millis(15);
    let page =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\nConnection: close\r\n\r\n<p>";
    let server = sending(page).await;
    let fetcher = with(FetchConfig { gap, ..config() });
    let started = Instant::now();
    let tasks: Vec<_> = (0..3)
        .map(|n| {
            let (fetcher, url) = (fetcher.clone(), server.url.join(&n.to_string()).expect("a URL"));
            tokio::spawn(async move { fetcher.page(&Request::page(url)).await.map(|_| ()) })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic").expect("a page");
    }
    let log = server.log.lock().expect("the log").clone();
    assert_eq!(log.iter().filter(|path| *path == "/robots.txt").count(), 1);
    assert_eq!(log.len(), 4);
    assert!(started.elapsed() >= gap * 3, "{log:?}");
}

#[tokio::test]
async fn a_host_that_is_down_is_left_alone() {
    let server = sending("HTTP/1.1 500 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
    let fetcher = server.without_robots(fetcher());
    for _ in 0..8 {
        let error = fetcher.page(&Request::page(server.url.clone())).await.expect_err("down");
        assert!(matches!(error, FetchError::Later { .. }), "{error}");
    }
    assert_eq!(server.hits(), 5);
    let error = fetcher.page(&Request::page(server.url.clone())).await.expect_err("down");
    let FetchError::Later { retry_after: Some(wait), .. } = &error else { panic!("{error}") };
    assert!(*wait > Duration::from_secs(50), "{error}");
    assert!(error.to_string().contains("the last: the server answered 500"), "{error}");
}

#[tokio::test]
async fn a_request_that_is_given_up_frees_its_place() {
    let server = raw(async |stream| {
        let _open = stream;
        std::future::pending().await
    })
    .await;
    let fetcher = server.without_robots(fetcher());
    let asked = Request::page(server.url.clone());
    for hits in 1..=2 {
        tokio::select! {
            _ = fetcher.page(&asked) => panic!("an answer"),
            () = async { while server.hits() < hits { tokio::task::yield_now().await } } => {}
        }
    }
}
