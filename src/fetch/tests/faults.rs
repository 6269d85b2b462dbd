//! Servers that fail, lie or attack, and what the caller is told.

use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::server::{Raw, gzip, raw, sending};
use super::*;

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n";

/// Fetches from a raw server with a short deadline.
async fn error(server: &Raw, timeout: Duration) -> FetchError {
    let fetcher = server.without_robots(with(FetchConfig { timeout, ..config() }));
    fetcher.page(&Request::page(server.url.clone())).await.expect_err("an error")
}

const SHORT: Duration = Duration::from_millis(60);
const LONG: Duration = Duration::from_secs(20);

fn is_later(error: &FetchError, why: &str) {
    assert!(matches!(error, FetchError::Later { .. }) && error.to_string().contains(why), "{error}");
}

fn is_refused(error: &FetchError, why: &str) {
    assert!(matches!(error, FetchError::Refused { .. }) && error.to_string().contains(why), "{error}");
}

fn is_unreadable(error: &FetchError, why: &str) {
    assert!(matches!(error, FetchError::Unreadable { .. }) && error.to_string().contains(why), "{error}");
}

#[tokio::test]
async fn each_status_says_what_to_do_next() {
    let later = [202, 204, 205, 206, 300, 302, 304, 408, 429, 500, 520].map(|status| (status, "later", 1));
    let again = [502, 503, 504].map(|status| (status, "later", 3));
    let refused = [400, 401, 403, 451].map(|status| (status, "refused", 1));
    let gone = [404, 410].map(|status| (status, "gone", 1));
    for (status, kind, requests) in later.into_iter().chain(again).chain(refused).chain(gone) {
        let (server, url) = portal(ResponseTemplate::new(status)).await;
        let error = page(&url).await.expect_err("an error");
        let said = match &error {
            FetchError::Later { .. } => "later",
            FetchError::Gone { .. } => "gone",
            FetchError::Refused { .. } => "refused",
            FetchError::Unreadable { .. } => "unreadable",
        };
        assert_eq!((said, hits(&server).await), (kind, requests), "{status}: {error}");
        assert!(error.to_string().ends_with(&format!("({}/a.html)", url.authority())), "{error}");
    }
}

#[tokio::test]
async fn a_wish_to_be_left_alone_is_handed_on_and_kept() {
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "120");
    let (server, url) = portal(busy).await;
    let fetcher = fetcher();
    let error = fetcher.page(&Request::page(url.clone())).await.expect_err("an error");
    let FetchError::Later { retry_after, .. } = &error else { panic!("{error}") };
    assert_eq!((*retry_after, hits(&server).await), (Some(Duration::from_secs(120)), 1));
    let error = fetcher.page(&Request::page(url)).await.expect_err("an error");
    is_later(&error, "left alone for a while");
    assert_eq!(hits(&server).await, 1);
}

#[tokio::test]
async fn a_failure_that_passes_is_tried_again() {
    let server = MockServer::start().await;
    let once = Mock::given(path("/a.html")).respond_with(ResponseTemplate::new(502)).up_to_n_times(1);
    once.mount(&server).await;
    Mock::given(path("/a.html")).respond_with(html("<p>lại có</p>")).mount(&server).await;
    let page = page(&url(&format!("{}/a.html", server.uri()))).await.expect("a page");
    assert_eq!((page.html.as_str(), hits(&server).await), ("<p>lại có</p>", 2));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let server = raw(async |stream| {
        let _open = stream;
        std::future::pending().await
    })
    .await;
    is_later(&error(&server, SHORT).await, "no whole answer within");
    assert!(server.hits() <= 1, "a hang is not tried again");
}

#[tokio::test]
async fn a_body_that_drips_is_given_up() {
    let server = raw(async |mut stream| {
        stream.write_all(format!("{HEAD}Content-Length: 100000\r\n\r\n").as_bytes()).await?;
        loop {
            stream.write_all(b"<p>").await?;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    is_later(&error(&server, SHORT).await, "no whole answer within");
}

#[tokio::test]
async fn an_error_page_that_drips_does_not_hide_its_status() {
    let server = raw(async |mut stream| {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 100000\r\n\r\n").await?;
        std::future::pending().await
    })
    .await;
    let error = error(&server, LONG).await;
    assert!(matches!(error, FetchError::Gone { status: 404, .. }), "{error}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_page() {
    let short = sending(format!("{HEAD}Content-Length: 100\r\n\r\n<p>nửa bài")).await;
    is_later(&error(&short, LONG).await, "broke");
    let chunked = sending(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n<p>nu\r\n")).await;
    is_later(&error(&chunked, LONG).await, "broke");
    let mut zipped = format!("{HEAD}Content-Encoding: gzip\r\n\r\n").into_bytes();
    let body = gzip("<p>một bài viết</p>".repeat(50).as_bytes());
    zipped.extend_from_slice(&body[..body.len() / 2]);
    is_later(&error(&sending(zipped).await, LONG).await, "broke");
}

#[tokio::test]
async fn a_connection_that_is_cut_is_tried_again_and_told() {
    let hung_up = sending("").await;
    is_later(&error(&hung_up, LONG).await, "broke off");
    assert_eq!(hung_up.hits(), 3);
    let reset = raw(async |stream| stream.set_zero_linger()).await;
    is_later(&error(&reset, LONG).await, "broke off: Connection reset");
    assert_eq!(reset.hits(), 3);
}

#[tokio::test]
async fn a_closed_port_is_told_with_its_cause() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = url(&format!("http://{}/a.html", listener.local_addr().expect("an address")));
    drop(listener);
    is_later(&page(&url).await.expect_err("an error"), "refused");
}

#[tokio::test]
async fn encryption_that_fails_is_told_and_not_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = url(&format!("https://{}/a.html", listener.local_addr().expect("an address")));
    let task = tokio::spawn(async move {
        let mut first = listener.accept().await.expect("a connection").0;
        first.write_all(b"HTTP/1.1 400 this is no TLS\r\n\r\n").await.expect("room");
        listener.accept().await.map(drop)
    });
    is_later(&page(&url).await.expect_err("an error"), "the TLS handshake failed: received corrupt message");
    assert!(!task.is_finished(), "a second connection");
    task.abort();
}

#[tokio::test]
async fn what_is_no_http_is_told() {
    let server = sending("SSH-2.0-OpenSSH_9.2p1\r\n").await;
    is_later(&error(&server, LONG).await, "invalid HTTP");
}

#[tokio::test]
async fn redirects_that_lead_nowhere_or_astray_are_not_followed() {
    for (target, refused, why) in [
        ("/a.html", false, "in a circle"),
        ("http://169.254.169.254/latest/meta-data/", true, "link-local"),
        ("http://[::ffff:169.254.169.254]/", true, "link-local"),
        ("http://10.0.0.1/", true, "private"),
        ("http://2852039166/", true, "link-local"),
        ("http://[::1]:8080/", true, "loopback"),
        ("http://127.0.0.1:22/", true, "port 22"),
        ("http://admin:x@127.0.0.1/", true, "credentials"),
        ("file:///etc/passwd", true, "only http and https"),
        ("ftp://a.vn/", true, "only http and https"),
        ("javascript:alert(1)", true, "only http and https"),
        ("http://", true, "no URL"),
    ] {
        let (_server, url) = portal(ResponseTemplate::new(302).insert_header("location", target)).await;
        let error = page(&url).await.expect_err("an error");
        assert_eq!(matches!(error, FetchError::Refused { .. }), refused, "{target}: {error}");
        assert!(error.to_string().contains(why), "{target}: {error}");
    }
}

#[tokio::test]
async fn a_chain_of_redirects_has_an_end() {
    let server = MockServer::start().await;
    for step in 0..20 {
        let on = ResponseTemplate::new(302).insert_header("location", format!("/{}", step + 1));
        Mock::given(path(format!("/{step}"))).respond_with(on).mount(&server).await;
    }
    let error = page(&url(&format!("{}/0", server.uri()))).await.expect_err("an error");
    is_later(&error, "more than 10 times");
}

#[tokio::test]
async fn no_body_is_larger_than_allowed() {
    let bomb = gzip(&vec![b' '; 8 << 20]);
    assert!(bomb.len() < 100_000, "small on the wire");
    let mut answer =
        format!("{HEAD}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb.len()).into_bytes();
    answer.extend_from_slice(&bomb);
    is_unreadable(&error(&sending(answer).await, LONG).await, "larger than");
    let announced = sending(format!("{HEAD}Content-Length: 9000000000\r\n\r\n<p>")).await;
    is_unreadable(&error(&announced, LONG).await, "larger than");
    let endless = raw(async |mut stream| {
        stream.write_all(format!("{HEAD}Connection: close\r\n\r\n").as_bytes()).await?;
        loop {
            stream.write_all("<p>nội dung lặp lại</p>".repeat(400).as_bytes()).await?;
        }
    })
    .await;
    is_unreadable(&error(&endless, LONG).await, "larger than");
}

#[tokio::test]
async fn codings_that_cannot_be_undone_are_told() {
    let mut broken = gzip("<p>một bài viết</p>".repeat(50).as_bytes());
    broken[12..].iter_mut().for_each(|byte| *byte ^= 0x5a);
    let mut answer =
        format!("{HEAD}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", broken.len()).into_bytes();
    answer.extend_from_slice(&broken);
    is_later(&error(&sending(answer).await, LONG).await, "broke");
    let twice = gzip(&gzip(b"<p>"));
    let (_server, url) =
        portal(html("").set_body_bytes(twice).insert_header("content-encoding", "gzip, gzip")).await;
    is_unreadable(&page(&url).await.expect_err("an error"), "gzip, gzip");
}

#[tokio::test]
async fn what_is_no_page_is_not_read_as_one() {
    for (text, kind, why) in [
        ("GIF89a\u{1}\u{0}\u{1}\u{0}", "text/html", "binary content"),
        ("%PDF-1.4\n", "application/pdf", "application/pdf"),
        ("{\"code\":\"rest_no_route\"}", "application/json", "application/json"),
        ("<rss/>", "application/rss+xml", "application/rss+xml"),
        ("PK\u{3}\u{4}\u{14}\u{0}", "application/octet-stream", "binary content"),
        ("chữ", "application/octet-stream", "no HTML"),
    ] {
        let (_server, url) = portal(body(text, kind)).await;
        is_unreadable(&page(&url).await.expect_err("an error"), why);
    }
    for kind in ["application/octet-stream", "text/plain", "application/xhtml+xml", "text/xml"] {
        let (_server, url) = portal(body("\n<!DOCTYPE html><p>Chùa Vẽ", kind)).await;
        assert!(page(&url).await.expect(kind).html.contains("Chùa Vẽ"), "{kind}");
    }
}

#[tokio::test]
async fn an_empty_page_and_a_firewall_are_no_pages() {
    let (_server, url) = portal(html(" \n")).await;
    is_later(&page(&url).await.expect_err("an error"), "empty");
    for status in [200, 403] {
        let wall = ResponseTemplate::new(status).insert_header("cf-mitigated", "challenge");
        let (_server, url) = portal(wall.set_body_raw("<p>Just a moment...", "text/html")).await;
        is_later(&page(&url).await.expect_err("an error"), "browser check");
    }
}

#[tokio::test]
async fn a_double_encoded_page_is_mended() {
    let text = "<h1>Lễ khánh thành cầu Hoàng Gia nối Hải Phòng với Quảng Ninh</h1>";
    let twice: String = text.bytes().map(char::from).collect();
    let (_server, url) = portal(html(&twice)).await;
    assert_eq!(page(&url).await.expect("a page").html, text);
}

#[tokio::test]
async fn private_addresses_are_not_reached_without_leave() {
    let (server, asked) = portal(html("<p>")).await;
    let port = asked.port().expect("a port");
    let fetcher = with(FetchConfig { allow_private: Vec::new(), ..config() });
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let asked = Request::page(url(&format!("http://{host}:{port}/a.html")));
        let error = fetcher.page(&asked).await.expect_err(host);
        is_refused(&error, "not on the public internet");
    }
    assert_eq!(server.received_requests().await.expect("recording is on").len(), 0);
    for asked in ["ftp://127.0.0.1/", "data:text/html,x", "mailto:a@b.vn"] {
        is_refused(
            &fetcher.page(&Request::page(url(asked))).await.expect_err(asked),
            "neither http nor https",
        );
    }
}
