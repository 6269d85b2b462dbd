//! `check --live`: what every discovery method answers, and one article beside the stored one; nothing is written.

use wiremock::ResponseTemplate;

use crate::held::{article, command, follower, html, mount, page, title};
use crate::portal::{Follower, Portal};

/// Everything that the store has, in words.
async fn everything(follower: &Follower) -> String {
    let store = &follower.pipeline.store;
    let id = &follower.config.sources[0].id;
    let state = store.source_state(id).await.expect("the store works");
    let held = store.held(None, 100).await.expect("the store works");
    let waiting = store.due(id, jiff::Timestamp::MAX, 100).await.expect("the store works");
    format!("{:?}\n{state:?}\n{held:?}\n{waiting:?}", follower.articles().await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_well_shows_its_newest_stored_article_beside_the_stored_one() {
    let portal = Portal::empty().await;
    mount(&portal, &[html(article(1, 3)), html(article(2, 3))]).await;
    let follower = follower(&portal).await;
    follower.visit().await;
    // Named, and not stored yet: the stored one is the better witness.
    mount(&portal, &[html(article(1, 3)), html(article(2, 3)), html(article(3, 3))]).await;
    let before = everything(&follower).await;
    let (told, _) = command(&follower, &["check", "--live"], 0).await;
    assert_eq!(everything(&follower).await, before, "nothing is written");
    for word in ["ok haiphong", "/feed/  3 articles", "/bai-2", &title(2), "read as they are stored"] {
        assert!(told.contains(word), "{word} is not in\n{told}");
    }

    mount(&portal, &[html(article(1, 3)), html(article(2, 3).replace("Đoạn 3 kể", "Đoạn cuối kể"))]).await;
    let (json, _) = command(&follower, &["check", "--live", "haiphong", "--json"], 0).await;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let looked = &json[0]["article"];
    assert_eq!((json[0]["is_well"].as_bool(), looked["outcome"].as_str()), (Some(true), Some("article")));
    assert_eq!(looked["now"]["published"], "2024-07-03T16:02:00+07:00");
    assert_eq!(looked["now"]["published"], looked["stored"]["published"]);
    let lines: Vec<&str> =
        looked["differences"].as_array().into_iter().flatten().filter_map(|line| line.as_str()).collect();
    assert!(
        lines.len() == 2 && lines[0].starts_with("- Đoạn 3") && lines[1].starts_with("+ Đoạn cuối"),
        "{lines:?}"
    );
    assert_eq!(everything(&follower).await, before, "nothing is written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_would_be_held_back_is_told_with_its_reason_and_the_mend() {
    let portal = Portal::empty().await;
    mount(&portal, &[html(article(1, 4))]).await;
    let follower = follower(&portal).await;
    follower.visit().await;
    let before = everything(&follower).await;
    for (sick, why) in [
        (html(article(1, 1)), "breaks off within the known text"),
        (html(page("404", "<p>Không tìm thấy</p>")), "an error or maintenance notice"),
        (ResponseTemplate::new(403), "the server answered 403"),
        (ResponseTemplate::new(404), "the server answered 404"),
    ] {
        mount(&portal, &[sick]).await;
        let (told, _) = command(&follower, &["check", "--live"], 1).await;
        for word in ["trouble haiphong", why, "mend", "stored: "] {
            assert!(told.contains(word), "{word} is not in\n{told}");
        }
    }
    assert_eq!(everything(&follower).await, before, "nothing is written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discovery_method_that_fails_is_trouble() {
    let portal = Portal::empty().await;
    portal.answer("/feed/", ResponseTemplate::new(404)).await;
    let follower = follower(&portal).await;
    let (told, _) = command(&follower, &["check", "--live"], 1).await;
    assert!(
        told.contains("/feed/ is gone") && told.contains("no article") || told.contains("trouble"),
        "{told}"
    );
    let (_, said) = command(&follower, &["check", "haiphong"], 2).await;
    assert!(said.contains("--live"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_start_the_newest_named_is_read_and_no_state_is_made() {
    let portal = Portal::empty().await;
    mount(&portal, &[html(article(1, 3))]).await;
    let mut follower = follower(&portal).await;
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = folder.path().join("state");
    let mut config = tinsach::config::Config::clone(&follower.config);
    config.state_dir.clone_from(&fresh);
    follower.config = std::sync::Arc::new(config);
    let (told, _) = command(&follower, &["check", "--live"], 0).await;
    assert!(told.contains("/bai-1") && told.contains(&title(1)) && !told.contains("stored:"), "{told}");
    assert!(!fresh.exists(), "a look makes no state");
}
