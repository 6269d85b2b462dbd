//! What stays although it is gone: tombstones, and editions that left memory.

use super::*;

#[tokio::test]
async fn what_was_taken_down_has_a_tombstone_in_every_feed_that_held_it() {
    let articles = several("haiphong", 1..4);
    let world = World::with(&articles).await;
    take_down(&world.store, &articles[1]).await;
    world.site.refresh(&SourceId::new("haiphong")).await.expect("a refresh");
    let stone = format!("<at:deleted-entry ref=\"{}\"", articles[1].id);
    for path in ["/haiphong.atom", "/all.atom", "/all.atom?limit=7", "/all.atom?q=so"] {
        let text = String::from_utf8(world.get(path).await.body).expect("text");
        assert_eq!(text.matches(&stone).count(), 1, "{path}: {text}");
    }
    let other = String::from_utf8(world.get("/khac.atom").await.body).expect("text");
    assert!(!other.contains("deleted-entry"));
}

#[tokio::test]
async fn what_nobody_asks_for_leaves_memory_and_is_still_there() {
    let world = World::with(&several("haiphong", 1..4)).await;
    let before = world.get("/haiphong.atom").await.body;
    world.get("/haiphong/c/y-te.atom").await;
    world.site.evict_idle();
    assert!(world.site.editions.cached("haiphong.atom").is_some(), "it was asked for a moment ago");
    world.site.evict_idle();
    assert!(world.site.editions.cached("haiphong.atom").is_none());
    assert_eq!(world.get("/haiphong.atom").await.body, before);
    assert_eq!(world.get("/haiphong/c/y-te.atom").await.status, 200);
}
