use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Site, serve};
use crate::article::{Article, Candidate, Rung, SourceId, Validators};
use crate::dedup::Fingerprint;
use crate::publish::tests::{article, config, url};
use crate::store::{Commit, Month, Store};

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
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let token = CancellationToken::new();
    tokio::spawn(serve(vec![listener], Arc::clone(&site), token.clone()));
    (site, address, token)
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

async fn commit(store: &Store, article: Article) {
    let source = article.source.clone();
    let candidate = Candidate::new(article.url.clone(), Rung::Listing, url("https://portal.vn/"));
    let now = Timestamp::now();
    store.offer(&source, vec![candidate], now).await.expect("offered");
    let due = store.due(&source, now, 1000).await.expect("due");
    let entry = due.iter().find(|entry| entry.candidate.url == article.url).expect("the entry");
    let commit = Commit {
        frontier: entry.row,
        fingerprint: Fingerprint::of(&article.title, &article.text),
        month: Month::of(article.published, &jiff::tz::TimeZone::UTC),
        aliases: vec![article.url.clone()],
        rung: Rung::Listing,
        validators: Validators::default(),
        raw_html: None,
        fetched: now,
        due: None,
        article,
    };
    store.commit(commit).await.expect("committed");
}

/// Articles of one source that differ in every word.
fn several(source: &str, posts: std::ops::Range<u64>) -> Vec<Article> {
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
