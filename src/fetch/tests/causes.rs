//! The cause of each failure, from a server that fails so.

use dns_lookup::LookupError;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use wiremock::matchers::any;

use super::super::failure::no_address;
use super::server::{Raw, gzip, raw, sending};
use super::*;

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n";

/// The cause that a page of this fetcher fails with.
async fn cause(fetcher: &Fetcher, asked: &Url) -> Cause {
    fetcher.page(&Request::page(asked.clone())).await.expect_err("an error").cause()
}

async fn cause_of_answer(template: ResponseTemplate) -> Cause {
    let (_server, url) = portal(template).await;
    cause(&fetcher(), &url).await
}

async fn cause_of_raw(server: &Raw) -> Cause {
    cause(&server.without_robots(fetcher()), &server.url).await
}

/// An address of this machine that nobody listens at.
async fn closed_port() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address")
}

#[tokio::test]
async fn a_status_has_a_cause() {
    for (status, expected) in [
        (401, Cause::Blocked),
        (403, Cause::Blocked),
        (451, Cause::Blocked),
        (404, Cause::Missing),
        (410, Cause::Missing),
        (429, Cause::RateLimited),
        (500, Cause::ServerError),
        (503, Cause::ServerError),
        (520, Cause::ServerError),
        (204, Cause::OtherStatus),
        (304, Cause::OtherStatus),
        (400, Cause::OtherStatus),
        (418, Cause::OtherStatus),
    ] {
        assert_eq!(cause_of_answer(ResponseTemplate::new(status)).await, expected, "{status}");
    }
    for status in [200, 403, 503] {
        let wall = ResponseTemplate::new(status).insert_header("cf-mitigated", "challenge");
        assert_eq!(cause_of_answer(wall).await, Cause::Blocked, "a challenge with {status}");
    }
}

#[tokio::test]
async fn a_body_of_no_use_has_a_cause() {
    let large = html(&"x".repeat(300_000));
    assert_eq!(cause_of_answer(large).await, Cause::TooLarge);
    assert_eq!(cause_of_answer(body("%PDF-1.4\n", "application/pdf")).await, Cause::WrongType);
    assert_eq!(cause_of_answer(body("GIF89a\u{1}\u{0}\u{1}\u{0}", "text/html")).await, Cause::WrongType);
    assert_eq!(cause_of_answer(html(" \n")).await, Cause::Broken);
    let twice = html("").set_body_bytes(gzip(b"<p>")).insert_header("content-encoding", "gzip, gzip");
    assert_eq!(cause_of_answer(twice).await, Cause::Broken);
    let cut = sending(format!("{HEAD}Content-Length: 100\r\n\r\n<p>nửa bài")).await;
    assert_eq!(cause_of_raw(&cut).await, Cause::Broken);
    let reset_in_the_middle = raw(async |mut stream| {
        stream.write_all(format!("{HEAD}Content-Length: 100\r\n\r\n<p>nửa bài").as_bytes()).await?;
        stream.set_zero_linger()
    })
    .await;
    assert_eq!(cause_of_raw(&reset_in_the_middle).await, Cause::Broken);
    let no_http = sending("SSH-2.0-OpenSSH_9.2p1\r\n").await;
    assert_eq!(cause_of_raw(&no_http).await, Cause::Broken);
    assert_eq!(no_http.hits(), 1, "another protocol is another protocol a second later, too");
}

#[tokio::test]
async fn a_gzip_file_that_is_cut_is_broken() {
    let mut cut = gzip("<urlset/>".repeat(99).as_bytes());
    cut.truncate(cut.len() / 2);
    let (_server, url) = portal(ResponseTemplate::new(200).set_body_bytes(cut)).await;
    assert_eq!(document(&url, Accept::Sitemap).await.expect_err("an error").cause(), Cause::Broken);
}

#[tokio::test]
async fn no_connection_has_a_cause() {
    let closed = url(&format!("http://{}/a.html", closed_port().await));
    assert_eq!(cause(&fetcher(), &closed).await, Cause::Unreachable);
    let hung_up = sending("").await;
    assert_eq!(cause_of_raw(&hung_up).await, Cause::Unreachable);
    let reset = raw(async |stream| stream.set_zero_linger()).await;
    assert_eq!(cause_of_raw(&reset).await, Cause::Unreachable);
    let silent = raw(async |stream| {
        let _open = stream;
        std::future::pending().await
    })
    .await;
    let hasty = with(FetchConfig { timeout: Duration::from_millis(60), ..config() });
    assert_eq!(cause(&silent.without_robots(hasty), &silent.url).await, Cause::Timeout);
}

/// A label may have 63 characters (RFC 1035 section 2.3.4): of a longer one every resolver knows that it does not exist,
/// without asking anybody.
#[tokio::test]
async fn a_name_that_does_not_exist_is_told_from_a_resolver_that_does_not_answer() {
    let none = url(&format!("http://{}.invalid/a.html", "x".repeat(64)));
    let error = fetcher().page(&Request::page(none)).await.expect_err("no such name");
    assert_eq!(error.cause(), Cause::HostUnknown, "{error}");
    for (code, expected) in [
        (libc::EAI_NONAME, Cause::HostUnknown),
        (libc::EAI_NODATA, Cause::HostUnknown),
        (libc::EAI_AGAIN, Cause::Unreachable),
        (libc::EAI_FAIL, Cause::Unreachable),
        (libc::EAI_SYSTEM, Cause::Unreachable),
    ] {
        assert_eq!(no_address(Some(&LookupError::new(code))).cause(), expected, "{code}");
    }
    assert_eq!(no_address(None).cause(), Cause::Unreachable);
}

#[tokio::test]
async fn a_handshake_that_fails_is_a_matter_of_tls() {
    for answer in ["HTTP/1.1 400 this is no TLS\r\n\r\n", ""] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let asked = url(&format!("https://{}/a.html", listener.local_addr().expect("an address")));
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                // The greeting is read first: what is closed with unread bytes in it is reset, and not closed.
                let mut greeting = [0; 4096];
                let read = tokio::io::AsyncReadExt::read(&mut stream, &mut greeting).await;
                assert!(read.is_ok_and(|bytes| bytes > 0));
                stream.write_all(answer.as_bytes()).await.expect("room");
            }
        });
        assert_eq!(cause(&fetcher(), &asked).await, Cause::Tls, "{answer:?}");
        task.abort();
    }
}

#[tokio::test]
async fn robots_txt_has_causes_of_its_own() {
    let server = MockServer::start().await;
    let rules = body("User-agent: *\nDisallow: /a.html", "text/plain");
    Mock::given(path("/robots.txt")).respond_with(rules).mount(&server).await;
    let asked = url(&format!("{}/a.html", server.uri()));
    assert_eq!(cause(&fetcher(), &asked).await, Cause::Robots);
    let feed = Request::new(asked, Accept::Feed);
    assert_eq!(fetcher().document(&feed).await.expect_err("forbidden").cause(), Cause::Robots);
    for (status, expected) in
        [(500, Cause::RobotsUnreachable), (204, Cause::RobotsUnreachable), (429, Cause::RateLimited)]
    {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(status)).mount(&server).await;
        let asked = url(&server.uri());
        assert_eq!(fetcher().robots(&asked).await.expect_err("unknown").cause(), expected, "{status}");
    }
}

#[tokio::test]
async fn what_is_not_asked_for_has_a_cause() {
    let strict = with(FetchConfig { allow_private: Vec::new(), ..config() });
    for asked in
        ["http://127.0.0.1/", "http://localhost/", "http://a.vn:22/", "ftp://a.vn/", "http://a@b.vn/"]
    {
        assert_eq!(cause(&strict, &url(asked)).await, Cause::Forbidden, "{asked}");
    }
    let down = sending("HTTP/1.1 500 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
    let patient = down.without_robots(fetcher());
    let mut causes = Vec::new();
    for _ in 0..6 {
        causes.push(cause(&patient, &down.url).await);
    }
    assert_eq!(causes[4..], [Cause::ServerError, Cause::LeftAlone], "the breaker is open");
    let (_server, busy) = portal(ResponseTemplate::new(503).insert_header("retry-after", "120")).await;
    let fetcher = fetcher();
    assert_eq!(cause(&fetcher, &busy).await, Cause::ServerError);
    assert_eq!(cause(&fetcher, &busy).await, Cause::LeftAlone, "a pause is kept");
}

#[tokio::test]
async fn a_redirect_that_is_not_followed_has_a_cause() {
    for to in ["/a.html", "http://10.0.0.1/", "http://127.0.0.1:22/", "ftp://a.vn/", "http://"] {
        let away = ResponseTemplate::new(302).insert_header("location", to);
        assert_eq!(cause_of_answer(away).await, Cause::Redirect, "{to}");
    }
    assert_eq!(cause_of_answer(ResponseTemplate::new(302)).await, Cause::Redirect, "without a place");
    let away = ResponseTemplate::new(302).insert_header("location", "/khong-co.html");
    assert_eq!(cause_of_answer(away).await, Cause::Missing, "a redirect to what is not there");
}
