//! HUP: the configuration is read again and put in force, whole or not at all, while readers are served and visits go on.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::Signal;

use crate::running::{FeedPortal, Place, Running, eventually};

/// What tells of a source.
const FACES: [&str; 5] = ["/sources.opml", "/", "/health", "/metrics", "/all.json"];

/// Whether a body has the second source's id, title or articles.
fn tells_of_second(body: &str) -> bool {
    ["/hai.", "/hai/", "\"hai\"", "Cổng hai", "portal Hai"].iter().any(|word| body.contains(word))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_added_is_everywhere_and_one_that_is_removed_is_nowhere_and_loses_nothing() {
    let (first, second) = (FeedPortal::new("portal Một", 3).await, FeedPortal::new("portal Hai", 4).await);
    let place = Place::new("");
    place.write_source("mot", &first, "");
    let daemon = Running::start(&place).await;
    daemon.has_entries("mot", 3).await;
    assert_eq!(daemon.ask("/hai.atom").await.0, 404);
    place.write_source("hai", &second, "");
    daemon.reload().await;
    for path in ["/hai.atom", "/hai.rss", "/hai.json", "/hai/"] {
        assert_eq!(daemon.ask(path).await.0, 200, "{path}: there before anybody is told of it");
    }
    let before = daemon.has_entries("hai", 4).await;
    daemon.has_entries("all", 7).await;
    // Feeds are renewed while the visit goes on, figures at its end.
    let counted = async || {
        daemon.get("/metrics").await.contains("tinsach_articles_stored{source=\"hai\"} 4").then_some(())
    };
    eventually("the figures of the new source", counted).await;
    for face in FACES {
        assert!(tells_of_second(&daemon.get(face).await), "{face} tells of the new source");
    }
    let article: serde_json::Value = serde_json::from_str(&daemon.get("/hai.json").await).expect("JSON");
    let page = article["items"][0]["url"].as_str().expect("a page");
    let page = page.split_once("/hai/").map(|(_, slug)| format!("/hai/{slug}"));

    fs::remove_file(place.source("hai")).expect("removed");
    daemon.reload().await;
    let mut paths = vec![
        "/hai.atom",
        "/hai.json",
        "/hai/",
        "/hai",
        "/hai/c/",
        "/hai.atom?limit=3",
        "/hai/archive/2024-07.atom",
    ];
    paths.extend(page.as_deref());
    // Twice: what is asked for in vain must not come into a cache by that.
    for path in paths.iter().chain(&paths) {
        assert_eq!(daemon.ask(path).await.0, 404, "{path}");
    }
    for face in
        FACES.iter().chain(&["/all.atom", "/all.rss", "/?q=portal", "/all.json?limit=9", "/all.json?q=hai"])
    {
        let body = daemon.get(face).await;
        assert!(!tells_of_second(&body), "{face} tells of a source that is gone: {body}");
    }
    assert_eq!(daemon.entries("all").await.len(), 3);
    let asked = second.asked("/feed/").await;

    place.write_source("hai", &second, "");
    daemon.reload().await;
    assert_eq!(daemon.has_entries("hai", 4).await, before, "the same ids");
    assert_eq!(daemon.entries("all").await.len(), 7);
    eventually("a visit", async || (second.asked("/feed/").await > asked).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_of_a_source_shows_at_once_or_at_the_next_visit() {
    let portal = FeedPortal::new("portal Một", 6).await;
    let place = Place::new("");
    place.write_source("mot", &portal, "backfill = 2\nevery = { min = \"1h\", max = \"6h\" }\n");
    let daemon = Running::start(&place).await;
    daemon.has_entries("mot", 2).await;
    place.write_source(
        "mot",
        &portal,
        "title = \"Tên mới của cổng\"\nbackfill = 2\nevery = { min = \"1h\", max = \"6h\" }\n",
    );
    daemon.reload().await;
    for path in ["/mot.atom", "/mot.json", "/mot/", "/", "/sources.opml", "/health"] {
        assert!(daemon.get(path).await.contains("Tên mới của cổng"), "{path}: {}", daemon.log());
    }
    // A wider backfill does not wait for the hour to pass.
    place.write_source("mot", &portal, "backfill = \"all\"\nevery = { min = \"1s\", max = \"2s\" }\n");
    daemon.reload().await;
    daemon.has_entries("mot", 6).await;
    let visits = portal.asked("/feed/").await;
    eventually("the quicker rhythm", async || (portal.asked("/feed/").await > visits + 2).then_some(()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_length_of_feeds_other_hubs_and_another_name_are_heeded() {
    let portal = FeedPortal::new("portal Một", 6).await;
    let place = Place::new("");
    place.write_source("mot", &portal, "");
    let daemon = Running::start(&place).await;
    daemon.has_entries("mot", 6).await;
    let hub = wiremock::MockServer::start().await;
    let heard = wiremock::ResponseTemplate::new(204);
    wiremock::Mock::given(wiremock::matchers::method("POST")).respond_with(heard).mount(&hub).await;
    place.write_main(&format!(
        "[publish]\nentries = 2\nhubs = [\"{}/hub\"]\n[fetch]\nuser_agent = \"another-name/7 (+https://x.example/)\"\n",
        hub.uri()
    ));
    daemon.reload().await;
    assert_eq!(daemon.entries("mot").await.len(), 2);
    assert!(
        daemon.get("/mot.atom").await.contains(&format!("rel=\"hub\" href=\"{}/hub\"", hub.uri()))
            || daemon.get("/mot.atom").await.contains(&format!("href=\"{}/hub\" rel=\"hub\"", hub.uri()))
    );
    eventually("the hub hears", async || {
        (!hub.received_requests().await.unwrap_or_default().is_empty()).then_some(())
    })
    .await;
    let is_new = |agent: &String| agent.starts_with("another-name/7");
    eventually("the new name", async || {
        portal.user_agents().await.last().filter(|agent| is_new(agent)).map(drop)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_configuration_is_refused_with_file_and_line_and_nothing_changes() {
    let portal = FeedPortal::new("portal Một", 3).await;
    let place = Place::new("");
    place.write_source("mot", &portal, "");
    let mut daemon = Running::start(&place).await;
    let entries = daemon.has_entries("mot", 3).await;
    eventually("the end of the visit", async || (daemon.health().await["status"] == "ok").then_some(()))
        .await;
    let sound = fs::read_to_string(place.source("mot")).expect("a file");
    let broken = sound.replace("Asia/Ho_Chi_Minh", "Asia/Saigonn").replace("id = ", "idd = ");
    fs::write(place.source("mot"), &broken).expect("written");
    daemon.reload().await;
    let line = daemon.logged("the configuration was not reloaded").await;
    assert!(line.contains("ERROR"), "{line}");
    for word in ["mot.toml:1", "mot.toml:5", "idd", "Saigonn", "stays in force"] {
        assert!(daemon.log().contains(word), "{word} is not in {}", daemon.log());
    }
    assert_eq!(daemon.has_entries("mot", 3).await, entries);
    let health = daemon.health().await;
    assert_eq!((&health["status"], &health["daemon"]), (&"ok".into(), &serde_json::json!([])), "{health}");
    // No source file at all, and one that is named and missing.
    fs::remove_file(place.source("mot")).expect("removed");
    daemon.reload().await;
    let main = fs::read_to_string(place.path("tinsach.toml")).expect("a file");
    let named = main.replace("\"sources/*.toml\"", "[\"sources/mot.toml\"]");
    fs::write(place.path("tinsach.toml"), &named).expect("written");
    daemon.reload().await;
    assert_eq!(daemon.log().matches("the configuration was not reloaded").count(), 3, "{}", daemon.log());
    let visits = portal.asked("/feed/").await;
    eventually("it goes on", async || (portal.asked("/feed/").await > visits).then_some(())).await;
    fs::write(place.source("mot"), &sound).expect("written");
    fs::write(place.path("tinsach.toml"), &main).expect("written");
    daemon.reload().await;
    daemon.logged("the configuration was reloaded").await;
    assert_eq!(daemon.ended(), None);
    assert_eq!(daemon.stop().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_under_way_ends_undisturbed_also_of_a_source_that_is_removed_meanwhile() {
    let (first, second) = (FeedPortal::new("portal Một", 3).await, FeedPortal::new("portal Hai", 3).await);
    for portal in [&first, &second] {
        portal.show_slowly(3, Duration::from_millis(700)).await;
    }
    let place = Place::new("");
    place.write_source("mot", &first, "every = { min = \"1h\", max = \"6h\" }\n");
    place.write_source("hai", &second, "every = { min = \"1h\", max = \"6h\" }\n");
    let daemon = Running::start(&place).await;
    for portal in [&first, &second] {
        eventually("a visit under way", async || (portal.asked("/tin-1").await > 0).then_some(())).await;
    }
    fs::remove_file(place.source("hai")).expect("removed");
    place.write_main("[fetch]\nuser_agent = \"another-name/7\"\n");
    daemon.reload().await;
    daemon.has_entries("mot", 3).await;
    for portal in [&first, &second] {
        eventually("its last page", async || (portal.asked("/tin-3").await > 0).then_some(())).await;
    }
    let visited =
        async || daemon.get("/metrics").await.contains("tinsach_visits_total{source=\"mot\"").then_some(());
    eventually("the end of the visit", visited).await;
    assert!(first.asked("/tin-1").await <= 1 && first.asked("/tin-2").await <= 1, "nothing is read twice");
    place.write_source("hai", &second, "every = { min = \"1h\", max = \"6h\" }\n");
    daemon.reload().await;
    daemon.has_entries("hai", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_of_a_removed_source_do_not_come_back_with_the_end_of_its_visit() {
    let (first, second) = (FeedPortal::new("portal Một", 1).await, FeedPortal::new("portal Hai", 3).await);
    second.show_slowly(3, Duration::from_millis(700)).await;
    let place = Place::new("");
    place.write_source("mot", &first, "");
    place.write_source("hai", &second, "");
    let daemon = Running::start_with(&place, |command| command.env("TINSACH_LOG", "debug")).await;
    eventually("a visit under way", async || (second.asked("/tin-1").await > 0).then_some(())).await;
    fs::remove_file(place.source("hai")).expect("removed");
    daemon.reload().await;
    eventually("the end of its visit", async || {
        daemon.log().lines().any(|line| line.contains("3 new") && line.contains("hai")).then_some(())
    })
    .await;
    let visits = first.asked("/feed/").await;
    eventually("another visit", async || (first.asked("/feed/").await > visits + 1).then_some(())).await;
    let metrics = daemon.get("/metrics").await;
    assert!(!metrics.contains("hai"), "{metrics}");
    assert_eq!(daemon.ask("/hai.atom").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_are_served_through_a_storm_of_reloads() {
    let portals = [FeedPortal::new("portal Một", 3).await, FeedPortal::new("portal Hai", 3).await];
    let place = Place::new("");
    place.write_source("mot", &portals[0], "");
    let mut daemon = Running::start(&place).await;
    daemon.has_entries("mot", 3).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> =
        ["/mot.atom", "/all.json", "/", "/mot/", "/health", "/metrics", "/mot.atom?limit=2"]
            .into_iter()
            .map(|path| {
                let (is_over, url) = (Arc::clone(&is_over), format!("http://{}{path}", daemon.address));
                tokio::spawn(async move {
                    let mut asked = 0;
                    while !is_over.load(Ordering::Relaxed) {
                        let answer =
                            reqwest::get(&url).await.unwrap_or_else(|fault| panic!("{url}: {fault}"));
                        assert_eq!(answer.status(), 200, "{url}");
                        asked += 1;
                    }
                    asked
                })
            })
            .collect();
    for n in 0..20 {
        if n % 2 == 0 {
            place.write_source("hai", &portals[1], "");
        } else {
            fs::remove_file(place.source("hai")).expect("removed");
        }
        daemon.signal(Signal::HUP);
    }
    place.write_source("hai", &portals[1], "");
    daemon.reload().await;
    daemon.has_entries("hai", 3).await;
    is_over.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.expect("no request fails") > 0);
    }
    assert_eq!(daemon.ended(), None);
    daemon.signal(Signal::HUP);
    assert_eq!(daemon.stop().code(), Some(0), "{}", daemon.log());
    assert!(!daemon.log().contains("panicked"), "{}", daemon.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_change_while_it_runs_is_kept_and_said() {
    let portal = FeedPortal::new("portal Một", 3).await;
    let place = Place::new("");
    place.write_source("mot", &portal, "");
    let daemon = Running::start(&place).await;
    daemon.has_entries("mot", 3).await;
    let page = daemon.get("/mot.atom").await;
    place.write_main("listen = \"127.0.0.1:1\"\nstate_dir = \"elsewhere\"\n");
    daemon.reload().await;
    for key in ["`listen` was changed", "`state_dir` was changed"] {
        let line = daemon.logged(key).await;
        assert!(line.contains("WARN") && line.contains("next start"), "{line}");
    }
    assert_eq!(daemon.get("/mot.atom").await, page, "the address of the feeds is still that which is served");
    assert!(!place.path("elsewhere").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_moves_to_another_file_is_the_same_source() {
    let portal = FeedPortal::new("portal Một", 3).await;
    let place = Place::new("");
    place.write_source("mot", &portal, "every = { min = \"1h\", max = \"6h\" }\n");
    let daemon = Running::start(&place).await;
    let before = daemon.has_entries("mot", 3).await;
    let visited =
        async || daemon.get("/metrics").await.contains("tinsach_visits_total{source=\"mot\"").then_some(());
    eventually("the end of the visit", visited).await;
    let asked = portal.asked("/feed/").await;
    fs::rename(place.source("mot"), place.source("zz-other")).expect("moved");
    daemon.reload().await;
    daemon.logged("the configuration was reloaded").await;
    assert_eq!(daemon.has_entries("mot", 3).await, before);
    let due = daemon.health().await["sources"][0]["next_visit"].clone();
    daemon.reload().await;
    assert_eq!(daemon.health().await["sources"][0]["next_visit"], due);
    assert_eq!(portal.asked("/feed/").await, asked, "nothing changed, so nothing is due");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_reloads_leave_nothing_behind() {
    let (first, second) = (FeedPortal::new("portal Một", 3).await, FeedPortal::new("portal Hai", 3).await);
    let place = Place::new("");
    place.write_source("mot", &first, "every = { min = \"1h\", max = \"6h\" }\n");
    let mut daemon = Running::start(&place).await;
    daemon.has_entries("mot", 3).await;
    let round = async |n: usize| {
        let hub = second.server.uri();
        place.write_main(&format!(
            "[publish]\nhubs = [\"{hub}/hub-{}\"]\nexport = \"copy\"\n[fetch]\nuser_agent = \"name/{n}\"\n",
            n % 3
        ));
        if n.is_multiple_of(2) {
            place.write_source("hai", &second, "every = { min = \"1h\", max = \"6h\" }\n");
        } else {
            fs::remove_file(place.source("hai")).expect("removed");
        }
        daemon.reload().await;
    };
    for n in 0..10 {
        round(n).await;
    }
    let (before, memory) = (daemon.holds(), daemon.memory());
    for n in 10..60 {
        round(n).await;
    }
    let mut after = daemon.holds();
    // Idle connections to portals and hubs, and threads of disk work, end by themselves.
    eventually("descriptors and threads are given back", async || {
        after = daemon.holds();
        (after.0 <= before.0 + 3 && after.1 <= before.1 + 3).then_some(())
    })
    .await;
    let grown = daemon.memory().saturating_sub(memory);
    println!("{before:?} then {after:?}; {memory} bytes and {grown} more");
    assert!(grown < 24 * 1024 * 1024, "{grown} bytes more over 50 reloads");
    assert_eq!(daemon.stop().code(), Some(0));
}
