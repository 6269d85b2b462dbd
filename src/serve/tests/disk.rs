//! Full and read-only disks: what is finished is served, and the rest is caught up with.

use super::*;
use crate::store::tests::disk::Disk;

/// The bytes of a feed, and its status.
async fn feed(address: SocketAddr, path: &str) -> Reply {
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    parse(&exchange(address, request.as_bytes()).await)
}

/// A small disk with a store of two articles, closed, and its finished feeds.
async fn served() -> Option<Disk> {
    let disk = Disk::small()?;
    let store = Store::open(&disk.at).await.expect("a store");
    for article in several("haiphong", 1..3) {
        commit(&store, article).await;
    }
    let (_, _, token) = start(&disk.at, store.clone()).await;
    token.cancel();
    store.close().await.expect("closed");
    Some(disk)
}

#[tokio::test]
async fn finished_feeds_are_served_from_a_disk_that_is_full_or_read_only_at_the_start() {
    for is_full in [true, false] {
        let Some(disk) = served().await else { return };
        if is_full {
            disk.fill();
        } else {
            disk.read_only(true);
        }
        let store = Store::open(&disk.at).await.expect("opened for reading");
        let site = Site::new(Arc::new(config("http://tin.example/", &disk.at)), store).expect("a site");
        let site = Arc::new(site);
        site.load().await.expect("nothing has to be written");
        let (address, token, _) = listen(&site);
        for path in ["/haiphong.atom", "/all.rss", "/haiphong/", "/all.atom?q=so", "/haiphong/1"] {
            let reply = feed(address, path).await;
            assert_eq!(reply.status, 200, "{path}, full: {is_full}: {}", reply.text());
        }
        token.cancel();
    }
}

#[tokio::test]
async fn feeds_follow_a_database_that_was_put_back() {
    let world = World::with(&several("haiphong", 1..6)).await;
    assert_eq!(world.get("/haiphong.atom").await.text().matches("<entry>").count(), 5);
    let earlier = Store::in_memory().await.expect("a store");
    for article in several("haiphong", 1..3) {
        commit(&earlier, article).await;
    }
    let (_, address, token) = start(world.folder.path(), earlier).await;
    for (path, entry) in [("/haiphong.atom", "<entry>"), ("/all.rss", "<item>")] {
        assert_eq!(feed(address, path).await.text().matches(entry).count(), 2, "{path}");
    }
    token.cancel();
}

#[tokio::test]
async fn a_feed_that_could_not_be_written_is_caught_up_with() {
    let Some(disk) = served().await else { return };
    let store = Store::in_memory().await.expect("a store");
    for article in several("haiphong", 1..6) {
        commit(&store, article).await;
    }
    disk.fill();
    let site = Site::new(Arc::new(config("http://tin.example/", &disk.at)), store).expect("a site");
    let site = Arc::new(site);
    let source = SourceId::new("haiphong");
    site.refresh(&source).await.expect_err("no room for the new feeds");
    let left = std::fs::read_dir(disk.at.join("editions")).expect("a folder");
    let left = left.filter(|file| {
        file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|end| end == "new"))
    });
    assert_eq!(left.count(), 0, "half a file does not take up room");
    let (address, token, _) = listen(&site);
    let entries = |reply: &Reply| reply.text().matches("<entry>").count();
    assert_eq!(entries(&feed(address, "/haiphong.atom").await), 2, "the last good one stays up");
    site.catch_up().await;
    assert_eq!(entries(&feed(address, "/haiphong.atom").await), 2);
    disk.free();
    site.catch_up().await;
    assert_eq!(entries(&feed(address, "/haiphong.atom").await), 5);
    assert!(!site.refresh(&source).await.expect("a refresh"), "nothing is left to do");
    token.cancel();
}
