//! What a daemon says of its troubles on each of its faces: `/health`, `/health.atom`, `/metrics`, pages, the status line, the
//! log.

use serde_json::Value;

use crate::running::{FeedPortal, Place, Running, eventually};

/// The value of a figure; `None` if it is not there.
fn figure(metrics: &str, name: &str) -> Option<f64> {
    metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

/// How often the log holds a word.
fn told(daemon: &Running, word: &str) -> usize {
    daemon.log().matches(word).count()
}

async fn page(daemon: &Running, path: &str, language: &str) -> String {
    let answer =
        daemon.request(|client, url| client.get(url).header("accept-language", language), path).await;
    assert_eq!(answer.status(), 200);
    answer.text().await.expect("a page")
}

/// Waits until the status line holds a word.
async fn status_says(daemon: &Running, word: &str) {
    eventually(&format!("STATUS says {word}"), async || daemon.status().contains(word).then_some(())).await;
}

/// The entries of `/health.atom`: id, updated, title.
async fn notices(daemon: &Running) -> Vec<(String, String, String)> {
    let feed = daemon.get("/health.atom").await;
    let inside = |entry: &str, tag: &str| {
        let rest = entry.split_once(&format!("<{tag}>")).map_or("", |(_, rest)| rest);
        rest.split_once("</").map_or(String::new(), |(text, _)| text.to_owned())
    };
    let entries = feed.split("<entry>").skip(1);
    entries.map(|entry| (inside(entry, "id"), inside(entry, "updated"), inside(entry, "title"))).collect()
}

/// The front page and the source's own say in a sentence what readers have to know, and nothing that is meant for those who
/// run this.
async fn assert_pages_tell_readers(daemon: &Running) {
    for path in ["/", "/mot/"] {
        let (vietnamese, english) = (page(daemon, path, "vi").await, page(daemon, path, "en").await);
        assert!(
            vietnamese.contains("state failing") && vietnamese.contains("Đang gặp sự cố"),
            "{vietnamese}"
        );
        assert!(vietnamese.contains("Hiện chưa lấy được bài mới"), "{path}: {vietnamese}");
        assert!(english.contains("In trouble") && english.contains("cannot be fetched"), "{path}: {english}");
        for word in ["404", "listing", "gone", "trouble:", "fetch"] {
            let text = vietnamese.split("<main").nth(1).expect("a main part");
            assert!(!text.contains(word), "{path} tells readers {word:?}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_falls_ill_is_told_on_every_face_and_so_is_its_recovery() {
    let (ill, well) = (FeedPortal::new("portal Một", 3).await, FeedPortal::new("portal Hai", 2).await);
    let place = Place::new("");
    place.write_source("mot", &ill, "");
    place.write_source("hai", &well, "");
    let daemon = Running::start_with(&place, |command| command.env("WATCHDOG_USEC", "500000")).await;
    daemon.has_entries("mot", 3).await;
    daemon.has_entries("hai", 2).await;
    assert_eq!((daemon.ask("/health").await.0, notices(&daemon).await), (200, vec![]));
    // Every address of it is gone.
    ill.server.reset().await;
    let report = eventually("a failing source", async || {
        let (status, body) = daemon.ask("/health").await;
        (status == 503).then(|| serde_json::from_str::<Value>(&body).expect("JSON"))
    })
    .await;
    assert_eq!(report["status"], "failing", "{report}");
    let of =
        |id: &str| report["sources"].as_array().expect("sources").iter().find(|one| one["id"] == id).cloned();
    let (of_ill, of_well) = (of("mot").expect("there"), of("hai").expect("there"));
    assert_eq!((&of_ill["status"], &of_well["status"]), (&"failing".into(), &"ok".into()), "{report}");
    let finding = &of_ill["findings"][0];
    for (key, word) in
        [("kind", "listing-gone"), ("message", "404"), ("advice", "source file"), ("url", "/feed/")]
    {
        assert!(finding[key].as_str().is_some_and(|text| text.contains(word)), "{key}: {finding}");
    }
    status_says(&daemon, "mot: a listing is gone").await;
    let metrics = daemon.get("/metrics").await;
    let lasts =
        |source: &str| format!("tinsach_source_findings{{source=\"{source}\",finding=\"listing-gone\"}}");
    assert_eq!((figure(&metrics, &lasts("mot")), figure(&metrics, &lasts("hai"))), (Some(1.0), Some(0.0)));
    assert_eq!(figure(&metrics, "tinsach_source_state{source=\"mot\",state=\"failing\"}"), Some(1.0));
    assert_pages_tell_readers(&daemon).await;
    let began = notices(&daemon).await;
    assert_eq!(began.len(), 1, "{began:?}");
    let visits = ill.asked("/feed/").await;
    eventually("more visits", async || (ill.asked("/feed/").await > visits + 2).then_some(())).await;
    assert_eq!(notices(&daemon).await, began, "as long as it lasts nothing changes");
    assert_eq!(told(&daemon, "a listing is gone: "), 1, "{}", daemon.log());

    ill.show(3).await;
    eventually("it is over", async || (daemon.ask("/health").await.0 == 200).then_some(())).await;
    let over = notices(&daemon).await;
    assert_eq!(over.len(), 1, "{over:?}");
    assert_eq!(over[0].0, began[0].0, "the same notice");
    assert!(over[0].1 > began[0].1 && over[0].2.ends_with("(over)"), "{over:?} after {began:?}");
    eventually("the figure", async || {
        (figure(&daemon.get("/metrics").await, &lasts("mot")) == Some(0.0)).then_some(())
    })
    .await;
    let visits = ill.asked("/feed/").await;
    eventually("more visits", async || (ill.asked("/feed/").await > visits + 1).then_some(())).await;
    assert_eq!(notices(&daemon).await, over);
    assert_eq!(told(&daemon, "over after"), 1, "{}", daemon.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_whose_trouble_may_pass_is_degraded_and_not_an_alarm() {
    let portal = FeedPortal::new("portal Một", 3).await;
    let place = Place::new("");
    place.write_source("mot", &portal, "");
    let daemon = Running::start(&place).await;
    daemon.has_entries("mot", 3).await;
    portal.fail(500).await;
    eventually("a finding", async || {
        let health = daemon.health().await;
        health["sources"][0]["findings"][0]["kind"].is_string().then_some(())
    })
    .await;
    let (status, body) = daemon.ask("/health").await;
    assert!(
        status == 200 && body.contains("\"status\": \"degraded\"") && body.contains("server-errors"),
        "{body}"
    );
    let shown = page(&daemon, "/", "vi").await;
    assert!(shown.contains("state degraded") && shown.contains("tạm thời không trả lời"), "{shown}");
    assert_eq!(daemon.entries("mot").await.len(), 3, "the last good feed stays up");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_answers_conditional_requests_and_heads_and_is_never_taken_from_a_cache_unasked() {
    let place = Place::new("");
    let portal = FeedPortal::new("portal Một", 1).await;
    place.write_source("mot", &portal, "");
    let daemon = Running::start(&place).await;
    daemon.has_entries("mot", 1).await;
    let header = |answer: &reqwest::Response, name: &str| {
        answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    for path in ["/health", "/health/live", "/metrics", "/health.atom"] {
        let (full, head) = (
            daemon.request(|client, url| client.get(url), path).await,
            daemon.request(|client, url| client.head(url), path).await,
        );
        assert_eq!((full.status().as_u16(), head.status().as_u16()), (200, 200), "{path}");
        for name in ["content-type", "cache-control", "etag"] {
            assert_eq!(header(&full, name), header(&head, name), "{path}: {name}");
        }
        let cache = if path == "/health.atom" { "no-cache" } else { "no-store" };
        assert_eq!(header(&full, "cache-control"), cache, "{path}");
        assert!(head.bytes().await.expect("no body").is_empty());
    }
    // A browser gets the feed, too: it is for those who run this.
    let asked =
        |client: &reqwest::Client, url: String| client.get(url).header("accept", "text/html,*/*;q=0.8");
    let feed = daemon.request(asked, "/health.atom").await;
    assert!(header(&feed, "content-type").starts_with("application/atom+xml"));
    let tag = header(&feed, "etag");
    let again = |client: &reqwest::Client, url: String| client.get(url).header("if-none-match", &tag);
    assert_eq!(daemon.request(again, "/health.atom").await.status(), 304);
    let text = daemon.get("/health.atom").await;
    assert!(text.contains("<updated>") && !text.contains("<entry>"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_static_copy_that_cannot_be_written_is_told_until_it_can() {
    let portal = FeedPortal::new("portal Một", 2).await;
    let place = Place::new("[publish]\nexport = \"held/copy\"\n");
    // A file in the way: the folder cannot be made.
    std::fs::write(place.path("held"), "").expect("written");
    place.write_source("mot", &portal, "");
    let daemon = Running::start(&place).await;
    daemon.has_entries("mot", 2).await;
    eventually("the finding", async || (daemon.ask("/health").await.0 == 503).then_some(())).await;
    let health = daemon.health().await;
    let finding = &health["daemon"][0];
    assert_eq!(
        (&health["status"], &finding["kind"]),
        (&"failing".into(), &"export-failing".into()),
        "{health}"
    );
    assert!(finding["why"].as_str().is_some_and(|why| why.contains("held/copy")), "{finding}");
    assert!(finding["advice"].as_str().is_some_and(|advice| advice.contains("publish.export")), "{finding}");
    let lasts = "tinsach_daemon_findings{finding=\"export-failing\"}";
    assert_eq!(figure(&daemon.get("/metrics").await, lasts), Some(1.0));
    status_says(&daemon, "the static copy cannot be written").await;
    assert_eq!(notices(&daemon).await.len(), 1);
    std::fs::remove_file(place.path("held")).expect("removed");
    // What is published next goes into the copy, with all that it lacks.
    portal.show(4).await;
    eventually("it is over", async || (daemon.ask("/health").await.0 == 200).then_some(())).await;
    for file in ["held/copy/mot.atom", "held/copy/all.json", "held/copy/index.html"] {
        eventually(file, async || place.path(file).exists().then_some(())).await;
    }
    assert_eq!(figure(&daemon.get("/metrics").await, lasts), Some(0.0));
    assert_eq!((told(&daemon, "ERROR"), told(&daemon, "over: the static copy")), (1, 1), "{}", daemon.log());
    // The other way to mend it: the key goes.
    std::fs::remove_dir_all(place.path("held")).expect("removed");
    std::fs::write(place.path("held"), "").expect("written");
    portal.show(5).await;
    eventually("it fails again", async || (daemon.ask("/health").await.0 == 503).then_some(())).await;
    place.write_main("");
    daemon.reload().await;
    assert_eq!(daemon.ask("/health").await.0, 200, "what is not asked for cannot fail");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_hangs_keeps_neither_start_nor_watchdog_nor_reload_nor_stop_waiting() {
    let (first, second) = (FeedPortal::new("portal Một", 2).await, FeedPortal::new("portal Hai", 2).await);
    let place = Place::new("[publish]\nexport = \"copy\"\n");
    std::fs::create_dir(place.path("copy")).expect("a folder");
    // Nobody writes into it, so whoever opens it to read waits: a disk that does not answer.
    rustix::fs::mknodat(
        rustix::fs::CWD,
        place.path("copy/index.html"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .expect("a pipe");
    place.write_source("mot", &first, "");
    let mut daemon = Running::start_with(&place, |command| command.env("WATCHDOG_USEC", "200000")).await;
    daemon.has_entries("mot", 2).await;
    daemon.notifications();
    daemon.notified("WATCHDOG=1").await;
    place.write_source("hai", &second, "");
    daemon.reload().await;
    daemon.has_entries("hai", 2).await;
    daemon.notifications();
    daemon.notified("WATCHDOG=1").await;
    assert_eq!(daemon.stop().code(), Some(0), "{}", daemon.log());
}
