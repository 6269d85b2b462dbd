mod disk;
mod lasting;
mod sockets;

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::deadline::DeadlineStream;
use super::sendfile::CurrentBody;
use super::sockets::Socket;
use super::{Server, Site};
use crate::model::{Article, Candidate, DiscoveryMethod, SourceId};
use crate::publish::tests::{article, config, url};
use crate::store::{Commit, FetchFailure, Store};

/// A site with its server, stopped when it is dropped.
struct World {
    site: Arc<Site>,
    store: Store,
    address: SocketAddr,
    folder: tempfile::TempDir,
    _stop: DropGuard,
}

struct Reply {
    status: u16,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }
}

async fn start(folder: &Path, store: Store) -> (Arc<Site>, SocketAddr, CancellationToken) {
    let site = Site::new(Arc::new(config("http://tin.example/", folder)), store).expect("a site");
    let site = Arc::new(site);
    site.load().await.expect("editions");
    let (address, token, _) = listen(&site);
    (site, address, token)
}

/// A server of a site at a free port.
fn listen(site: &Arc<Site>) -> (SocketAddr, CancellationToken, Server) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let token = CancellationToken::new();
    let server = super::start(vec![listener], site, &token).expect("a server");
    (address, token, server)
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::in_memory().await.expect("a store");
        let (site, address, token) = start(folder.path(), store.clone()).await;
        Self { site, store, address, folder, _stop: token.drop_guard() }
    }

    async fn with(articles: &[Article]) -> Self {
        let world = Self::new().await;
        for article in articles {
            commit(&world.store, article.clone()).await;
        }
        for source in ["haiphong", "khac"] {
            world.site.refresh(&SourceId::new(source)).await.expect("a refresh");
        }
        world
    }

    async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[]).await
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: tin.example\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        let bytes = exchange(self.address, format!("{request}\r\n").as_bytes()).await;
        parse(&bytes)
    }
}

async fn exchange(address: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request).await.expect("sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("an answer");
    bytes
}

fn parse(bytes: &[u8]) -> Reply {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = std::str::from_utf8(&bytes[..end]).expect("a head in ASCII");
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Reply { status: status.parse().expect("a number"), headers, body: bytes[end + 4..].to_vec() }
}

pub(crate) async fn commit(store: &Store, article: Article) {
    let source = article.source.clone();
    let candidate = Candidate::new(article.url.clone(), DiscoveryMethod::Listing, url("https://portal.vn/"));
    let now = Timestamp::now();
    store.offer(&source, vec![candidate], now).await.expect("offered");
    let due = store.due(&source, now, 1000).await.expect("due");
    let entry = due.iter().find(|entry| entry.candidate.url == article.url).expect("the entry");
    let aliases = vec![article.url.clone()];
    let commit = Commit::of(entry.row, article, DiscoveryMethod::Listing, now, &jiff::tz::TimeZone::UTC);
    let commit = Commit { aliases, ..commit };
    store.commit(commit).await.expect("committed");
}

/// The portal says for longer than a day that an article is gone.
pub(crate) async fn take_down(store: &Store, article: &Article) {
    let known = store.explain(&article.url).await.expect("a store").expect("a known address");
    let now = Timestamp::now();
    for hours in [0, 20, 40] {
        let then = now + jiff::SignedDuration::from_hours(hours);
        store.record_failure(known.entry.row, FetchFailure::Gone, then, None).await.expect("noted");
    }
}

/// Articles of one source that differ in every word.
pub(crate) fn several(source: &str, posts: std::ops::Range<u64>) -> Vec<Article> {
    posts
        .map(|post| {
            let mut one = article(source, post, &format!("Bài số {post} về cảng biển"));
            one.text = format!("Đoạn {post} kể chuyện số {} hoàn toàn khác.", post * 7919);
            one.html = format!("<p>{}</p>", one.text).repeat(5);
            one.url = url(&format!("https://portal.vn/{source}-{post}.html"));
            one
        })
        .collect()
}

#[tokio::test]
async fn a_feed_is_there_before_the_first_article_and_after() {
    let world = World::new().await;
    for path in ["/haiphong.atom", "/khac.rss", "/all.json"] {
        let reply = world.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert!(feed_rs::parser::parse(&reply.body[..]).expect("a feed").entries.is_empty());
    }
    for article in several("haiphong", 1..6) {
        commit(&world.store, article).await;
    }
    assert!(world.site.refresh(&SourceId::new("haiphong")).await.expect("a refresh"));
    for path in ["/haiphong.atom", "/haiphong.rss", "/haiphong.json", "/all.atom"] {
        let feed = feed_rs::parser::parse(&world.get(path).await.body[..]).expect("a feed");
        assert_eq!(feed.entries.len(), 5, "{path}");
    }
    assert!(!world.site.refresh(&SourceId::new("haiphong")).await.expect("a refresh"), "nothing is new");
}

#[tokio::test]
async fn a_second_poll_is_a_304_by_either_validator() {
    let world = World::with(&several("haiphong", 1..4)).await;
    for path in
        ["/haiphong.atom", "/haiphong.rss", "/all.json", "/haiphong/c/y-te.atom", "/haiphong.atom?limit=2"]
    {
        for coding in ["br", "zstd", "gzip", "identity"] {
            let accept = ("Accept-Encoding", coding);
            let first = world.ask("GET", path, &[accept]).await;
            let (etag, modified) =
                (first.header("etag").to_owned(), first.header("last-modified").to_owned());
            assert_eq!(first.status, 200);
            assert!(etag.starts_with('"') && modified.ends_with("GMT"), "{path} {coding}: {etag} {modified}");
            let list = format!("\"other\", W/{etag}");
            for (name, value) in [
                ("If-None-Match", etag.as_str()),
                ("If-None-Match", &list),
                ("If-None-Match", "*"),
                ("If-Modified-Since", &modified),
            ] {
                let again = world.ask("GET", path, &[accept, (name, value)]).await;
                assert_eq!((again.status, again.body.len()), (304, 0), "{path} {coding} {name}: {value}");
                assert_eq!(again.header("etag"), etag);
                assert_eq!(again.header("cache-control"), first.header("cache-control"));
                assert_eq!(again.header("vary"), first.header("vary"));
            }
            for (name, value) in [
                ("If-None-Match", "\"other\""),
                ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
                ("If-Modified-Since", "yesterday"),
            ] {
                assert_eq!(
                    world.ask("GET", path, &[accept, (name, value)]).await.status,
                    200,
                    "{path} {name}"
                );
            }
            // If-None-Match decides alone.
            let both = [accept, ("If-None-Match", "\"other\""), ("If-Modified-Since", modified.as_str())];
            assert_eq!(world.ask("GET", path, &both).await.status, 200);
        }
    }
}

#[tokio::test]
async fn the_headers_say_what_a_cache_needs() {
    let world = World::with(&several("haiphong", 1..4)).await;
    let reply = world.ask("GET", "/haiphong.atom", &[("Accept-Encoding", "gzip, br;q=0")]).await;
    assert_eq!(reply.header("content-type"), "application/atom+xml; charset=utf-8");
    assert_eq!(reply.header("content-encoding"), "gzip");
    assert_eq!(reply.header("vary"), "Accept, Accept-Encoding");
    assert!(reply.header("cache-control").contains("stale-while-revalidate"));
    assert!(reply.header("link").contains("<http://tin.example/haiphong.atom>; rel=\"self\""));
    assert!(reply.header("link").contains("<https://hub.example/?a=1&b=2>; rel=\"hub\""));
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("content-length"), reply.body.len().to_string());
    let head = world.ask("HEAD", "/haiphong.atom", &[("Accept-Encoding", "gzip")]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["content-length", "etag", "content-type", "content-encoding", "link"] {
        assert_eq!(head.header(name), reply.header(name), "{name}");
    }
    for (path, kind) in [
        ("/haiphong.rss", "application/rss+xml; charset=utf-8"),
        ("/haiphong.json", "application/feed+json; charset=utf-8"),
        ("/sources.opml", "text/x-opml; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/static/style.css", "text/css; charset=utf-8"),
        ("/favicon.ico", "image/png"),
        ("/health", "application/json"),
        ("/health/live", "text/plain; charset=utf-8"),
    ] {
        let reply = world.get(path).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, kind), "{path}");
        assert_eq!(world.ask("HEAD", path, &[]).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_understood_is_said_so() {
    let world = World::with(&several("haiphong", 1..4)).await;
    for path in [
        "/nope",
        "/nope.atom",
        "/nope/",
        "/nope/1",
        "/haiphong/999",
        "/haiphong/c/none.atom",
        "/haiphong/c/none/",
        "/nope/c/",
        "/haiphong/archive/2024-13.atom",
        "/haiphong/archive/1999-01.atom",
        "/haiphong/archive/2024-7/",
        "/haiphong/archive/1999-01/",
        "/static/none",
        "/a/b/c/d",
        "/haiphong.xml",
        "/%ff%fe.atom",
    ] {
        let reply = world.get(path).await;
        let expected = if path.contains('%') { 400 } else { 404 };
        assert_eq!(reply.status, expected, "{path}");
    }
    for query in [
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=-1",
        "limit=",
        &format!("q={}", "a".repeat(201)),
        &format!("q={}", "a+".repeat(17)),
    ] {
        for path in ["/haiphong.atom", "/all.rss", "/haiphong/c/y-te.json", "/haiphong/", "/"] {
            let reply = world.get(&format!("{path}?{query}")).await;
            assert_eq!(reply.status, 400, "{path}?{query}");
            assert!(
                reply.text().starts_with("limit=") || reply.text().starts_with("q: "),
                "{}",
                reply.text()
            );
        }
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        for path in ["/haiphong.atom", "/", "/haiphong/", "/health"] {
            let reply = world.ask(method, path, &[("Content-Length", "0")]).await;
            assert_eq!((reply.status, reply.header("allow")), (405, "GET, HEAD"), "{method} {path}");
        }
    }
    let reply = world.get("/haiphong").await;
    assert_eq!((reply.status, reply.header("location")), (308, "/haiphong/"));
}

#[tokio::test]
async fn a_browser_gets_a_page_and_a_reader_the_feed() {
    let world = World::with(&several("haiphong", 1..4)).await;
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";
    let readers = [
        "*/*",
        "application/atom+xml, application/rss+xml, application/xml;q=0.8, text/html;q=0.7, */*;q=0.1",
        "application/xml, application/atom+xml, application/rss+xml, application/feed+json, text/html, */*;q=0.9",
    ];
    for path in
        ["/haiphong.atom", "/all.json", "/haiphong/c/y-te.rss", "/haiphong.atom?q=cang", "/all.rss?limit=2"]
    {
        let page = world.ask("GET", path, &[("Accept", browser)]).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert!(page.header("vary").contains("Accept,"));
        let address = format!("<code class=\"address\" tabindex=\"0\">http://tin.example{path}</code>");
        assert!(page.text().contains(&address), "{path}");
        assert!(!page.text().contains("<script"), "{path}");
        for reader in readers {
            let feed = world.ask("GET", path, &[("Accept", reader)]).await;
            assert!(!feed.header("content-type").starts_with("text/html"), "{path} {reader}");
            assert!(feed.header("vary").contains("Accept,"));
        }
    }
}

#[tokio::test]
async fn walking_the_archives_meets_every_article_once() {
    let mut articles = several("haiphong", 1..8);
    for (place, article) in articles.iter_mut().enumerate() {
        article.published = crate::publish::tests::at("2024-01-15T00:00:00Z")
            + jiff::SignedDuration::from_hours(24 * 40 * place as i64);
        article.updated = article.published;
    }
    let world = World::with(&articles).await;
    let mut next = Some("/haiphong.atom".to_owned());
    let mut met: HashMap<String, usize> = HashMap::new();
    while let Some(path) = next.take() {
        let feed = world.get(&path).await;
        assert_eq!(feed.status, 200, "{path}");
        let feed = feed_rs::parser::parse(&feed.body[..]).expect("a feed");
        let is_archive = path.contains("archive");
        for entry in feed.entries {
            *met.entry(entry.id).or_default() += usize::from(is_archive);
        }
        let link = feed.links.into_iter().find(|link| link.rel.as_deref() == Some("prev-archive"));
        next = link.and_then(|link| link.href.strip_prefix("http://tin.example").map(str::to_owned));
    }
    assert_eq!(met.len(), 7);
    assert!(met.values().all(|times| *times == 1), "{met:?}");
}

#[tokio::test]
async fn a_search_finds_words_without_their_marks() {
    let world = World::with(&several("haiphong", 1..4)).await;
    for query in ["cang+bien", "c%E1%BA%A3ng+bi%E1%BB%83n", "%22cang+bien%22"] {
        let reply = world.get(&format!("/haiphong.atom?q={query}")).await;
        let feed = feed_rs::parser::parse(&reply.body[..]).expect("a feed");
        assert_eq!(feed.entries.len(), 3, "{query}");
    }
    let none = world.get("/all.atom?q=khongco").await;
    assert!(feed_rs::parser::parse(&none.body[..]).expect("a feed").entries.is_empty());
    assert!(world.get("/haiphong/?q=khongco").await.text().contains("Không có bài nào khớp"));
    assert_eq!(world.get("/?q=cang%20%22%27%29%28*%20AND").await.status, 200);
}

#[tokio::test]
async fn pages_show_the_articles_in_the_reader_s_language() {
    let world = World::with(&several("haiphong", 1..4)).await;
    for path in
        ["/", "/haiphong/", "/haiphong/3", "/haiphong/c/", "/haiphong/c/y-te/", "/haiphong/archive/2024-07/"]
    {
        let vi = world.ask("GET", path, &[("Accept-Language", "vi-VN,vi;q=0.9,en;q=0.8")]).await;
        let en = world.ask("GET", path, &[("Accept-Language", "de, en;q=0.5")]).await;
        assert_eq!((vi.status, en.status), (200, 200), "{path}");
        assert!(
            vi.text().contains("<html lang=\"vi\">") && en.text().contains("<html lang=\"en\">"),
            "{path}"
        );
        assert!(vi.header("content-security-policy").contains("default-src 'none'"));
        assert!(!vi.text().contains("<script") && !vi.text().contains(" style="), "{path}");
        assert!(vi.header("vary").contains("Accept-Language"));
        let again = [("If-None-Match", vi.header("etag")), ("Accept-Language", "vi")];
        assert_eq!(world.ask("GET", path, &again).await.status, 304, "{path}");
    }
    let page = world.get("/haiphong/3").await;
    for part in [
        "Bài số 3 về cảng biển",
        "Hoàng Tùng",
        "rel=\"canonical\"",
        "og:image",
        "Kế hoạch &amp; phụ lục",
        "kh.pdf",
    ] {
        assert!(
            page.text().contains(part) || page.text().contains(&part.replace("&amp;", "&#38;")),
            "{part}: {}",
            page.text()
        );
    }
}

#[tokio::test]
async fn editions_outlive_the_server_and_an_empty_store_does_not_empty_them() {
    let world = World::with(&several("haiphong", 1..4)).await;
    let before = world.get("/haiphong.atom").await;
    let World { folder, store, .. } = world;
    drop(store);
    let (_, address, token) = start(folder.path(), Store::in_memory().await.expect("a store")).await;
    let request = b"GET /haiphong.atom HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let after = parse(&exchange(address, request).await);
    assert_eq!(before.body, after.body);
    assert_eq!(before.header("etag"), after.header("etag"));
    assert_eq!(before.header("last-modified"), after.header("last-modified"));
    token.cancel();
}

#[tokio::test]
async fn a_broken_edition_file_is_made_anew() {
    let world = World::with(&several("haiphong", 1..4)).await;
    let before = world.get("/haiphong.rss").await;
    let file = world.folder.path().join("editions/haiphong.rss.edition");
    let bytes = std::fs::read(&file).expect("the edition");
    for broken in [&bytes[..bytes.len() / 2], b"", b"{}\nx"] {
        std::fs::write(&file, broken).expect("written");
        assert!(world.site.refresh(&SourceId::new("haiphong")).await.expect("a refresh"));
        assert_eq!(world.get("/haiphong.rss").await.body, before.body);
    }
}

#[tokio::test]
async fn a_refresh_reaches_every_feed_that_holds_the_article() {
    let world = World::with(&several("haiphong", 1..4)).await;
    let paths = [
        "/haiphong.atom",
        "/all.json",
        "/haiphong/c/y-te.atom",
        "/haiphong.rss?limit=100",
        "/all.atom?q=cang",
        "/haiphong/archive/2024-07.atom",
    ];
    let mut etags = Vec::new();
    for path in paths {
        etags.push(world.get(path).await.header("etag").to_owned());
    }
    let other = world.get("/khac.atom").await.header("etag").to_owned();
    commit(&world.store, several("haiphong", 9..10).remove(0)).await;
    world.site.refresh(&SourceId::new("haiphong")).await.expect("a refresh");
    for (path, etag) in paths.iter().zip(etags) {
        let reply = world.get(path).await;
        assert_ne!(reply.header("etag"), etag, "{path}");
        assert!(reply.text().contains("Bài số 9"), "{path}");
    }
    assert_eq!(world.get("/khac.atom").await.header("etag"), other);
}

#[tokio::test]
async fn stopping_ends_idle_connections_and_answers_what_is_under_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = Arc::new(
        Site::new(
            Arc::new(config("http://tin.example/", folder.path())),
            Store::in_memory().await.expect("a store"),
        )
        .expect("a site"),
    );
    site.load().await.expect("editions");
    let (address, token, server) = listen(&site);
    let mut idle = TcpStream::connect(address).await.expect("a connection");
    idle.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
    let mut some = [0; 16];
    idle.read_exact(&mut some).await.expect("an answer");
    assert!(some.starts_with(b"HTTP/1.1 200 OK"));
    token.cancel();
    server.ended().await.expect("the server ends");
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.expect("closed in order");
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_public_url_with_a_path_works_with_and_without_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::in_memory().await.expect("a store");
    commit(&store, several("haiphong", 1..2).remove(0)).await;
    let site = Site::new(Arc::new(config("http://tin.example/tin/", folder.path())), store).expect("a site");
    let site = Arc::new(site);
    site.load().await.expect("editions");
    let (address, token, _) = listen(&site);
    for path in [
        "/tin/haiphong.atom",
        "/haiphong.atom",
        "/tin/",
        "/",
        "/tin/haiphong/1",
        "/haiphong/1",
        "/tin/health",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assert_eq!(parse(&exchange(address, request.as_bytes()).await).status, 200, "{path}");
    }
    token.cancel();
}

#[tokio::test]
async fn the_versions_that_hubs_hear_of_move_with_the_feeds() {
    let world = World::with(&several("haiphong", 1..4)).await;
    let (haiphong, khac) = (SourceId::new("haiphong"), SourceId::new("khac"));
    let before = world.site.versions(&BTreeSet::from([haiphong.clone()])).await;
    let urls: Vec<&str> = before.iter().map(|version| version.url.as_str()).collect();
    assert_eq!(urls[..2], ["http://tin.example/haiphong.atom", "http://tin.example/haiphong.rss"]);
    assert_eq!(urls[3], "http://tin.example/all.atom");
    assert_eq!(before, world.site.versions(&BTreeSet::from([haiphong.clone()])).await);
    commit(&world.store, several("khac", 1..2).remove(0)).await;
    world.site.refresh(&khac).await.expect("a refresh");
    let after = world.site.versions(&BTreeSet::from([haiphong.clone()])).await;
    assert_eq!(before[..3], after[..3]);
    assert_ne!(before[3], after[3]);
    assert!(after[3..].iter().all(|version| version.source == haiphong), "all has one keeper");
}

/// Writes to a peer that reads nothing until that fails, which must be for want of patience.
async fn assert_gives_up(stream: impl Socket) {
    let mut server = DeadlineStream::new(stream, CurrentBody::default(), Duration::from_millis(10));
    let chunk = vec![0; 1 << 20];
    let fault = loop {
        match server.write(&chunk).await {
            Ok(_) => {}
            Err(fault) => break fault,
        }
    };
    assert_eq!(fault.kind(), std::io::ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_let_go() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let client = TcpStream::connect(listener.local_addr().expect("an address")).await.expect("a connection");
    let (server, _) = listener.accept().await.expect("a connection");
    assert_gives_up(server).await;
    drop(client);
}

#[tokio::test]
async fn a_large_feed_comes_whole_from_its_file_and_from_memory() {
    let mut articles = several("haiphong", 1..30);
    for article in &mut articles {
        article.html = format!("<p>{}</p>", article.text).repeat(600);
    }
    let world = World::with(&articles).await;
    // The first request finds the feed on the disk, the second in memory with its file.
    let first = world.get("/haiphong.atom").await;
    assert!(first.body.len() > 10 * super::sendfile::MIN_SENDFILE_BYTES, "{} bytes", first.body.len());
    let second = world.get("/haiphong.atom").await;
    assert!(first.body == second.body, "the same from the file");
    // Two requests on one connection, read slowly enough that neither fits into the kernel's buffers.
    let mut stream = TcpStream::connect(world.address).await.expect("a connection");
    let one = b"GET /haiphong.atom HTTP/1.1\r\nHost: x\r\n\r\n".to_vec();
    let last = b"GET /haiphong.atom HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec();
    stream.write_all(&[one.clone(), one, last].concat()).await.expect("sent");
    let (mut bytes, mut chunk) = (Vec::new(), [0; 5000]);
    loop {
        match stream.read(&mut chunk).await.expect("an answer") {
            0 => break,
            length => bytes.extend_from_slice(&chunk[..length]),
        }
        tokio::task::yield_now().await;
    }
    let bodies = bytes.windows(first.body.len()).filter(|window| *window == first.body).count();
    assert_eq!(bodies, 3);
    // A refresh puts another file in its place.
    commit(&world.store, several("haiphong", 90..91).remove(0)).await;
    world.site.refresh(&SourceId::new("haiphong")).await.expect("a refresh");
    let third = world.get("/haiphong.atom").await;
    assert!(third.text().contains("Bài số 90") && third.text().ends_with("</feed>"));
}
