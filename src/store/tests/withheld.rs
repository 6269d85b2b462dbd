//! What is held back: one row an address, bounded, and gone when there is no reason any more.

use super::*;
use crate::model::{HeldPage, NotArticle};

fn page(title: &str) -> Option<Box<HeldPage>> {
    let text = "Kính gửi quý bạn đọc".to_owned();
    Some(Box::new(HeldPage {
        title: Some(title.to_owned()),
        published: Some(at(5)),
        authors: vec!["Hoàng Tùng".to_owned()],
        text,
        pictures: 2,
        is_draft: true,
    }))
}

async fn hold(store: &Store, row: i64, why: NotArticle, when: i64) {
    store
        .record_failure(row, FetchFailure::NotArticle(why, page("Thông báo")), at(when), Some(at(when + 600)))
        .await
        .expect("held");
}

async fn offered(store: &Store, path: &str) -> i64 {
    store.offer(&source(), vec![candidate(path)], at(1)).await.expect("offered");
    store.explain(&url(path)).await.expect("explained").expect("known").entry.row
}

#[test]
fn a_page_that_is_held_back_again_is_one_row_with_its_latest_reason() {
    run(async {
        let (store, _folder) = on_disk().await;
        let row = offered(&store, "/a.html").await;
        hold(&store, row, NotArticle::ErrorPage, 10).await;
        store
            .record_failure(row, FetchFailure::Later { why: "500".into() }, at(15), None)
            .await
            .expect("missed");
        hold(&store, row, NotArticle::Stranger, 20).await;
        let held = store.held(Some(&source()), 10).await.expect("read");
        assert_eq!(held.len(), 1);
        assert_eq!(
            (held[0].code.as_str(), held[0].why.as_str()),
            ("stranger", &*NotArticle::Stranger.to_string())
        );
        assert_eq!((held[0].since, held[0].last, held[0].times), (at(10), at(20), 2));
        assert_eq!((held[0].due, held[0].is_published), (Some(at(620)), false));
        assert_eq!((&held[0].url, held[0].page.as_ref()), (&url("/a.html"), page("Thông báo").as_deref()));
        assert_eq!(store.held_count(&source()).await.expect("counted"), 1);
        assert_eq!(store.held(None, 10).await.expect("read"), held);
        let explained = store.explain(&url("/a.html")).await.expect("explained").expect("known");
        assert_eq!(explained.held.as_ref(), Some(&held[0]));
    });
}

#[test]
fn every_way_out_takes_the_row_and_the_count_with_it() {
    run(async {
        let (store, _folder) = on_disk().await;
        put(&store, article(Key::Post(7), "/a.html", 0, &words(1)), &[], 10).await;
        let read = row_of(&store, "/a.html", at(20)).await;
        let gone = offered(&store, "/gone.html").await;
        let alias = offered(&store, "/alias.html").await;
        for row in [read, gone, alias] {
            hold(&store, row, NotArticle::Cut, 30).await;
        }
        let held = store.held(None, 10).await.expect("read");
        assert_eq!(held.iter().map(|held| held.is_published).collect::<Vec<_>>(), [false, false, true]);
        store.unchanged(read, at(40), None).await.expect("noted");
        store.record_failure(gone, FetchFailure::Gone, at(40), None).await.expect("noted");
        assert_eq!(store.held_count(&source()).await.expect("counted"), 1);
        put(&store, article(Key::Post(8), "/b.html", 0, &words(2)), &["/alias.html"], 50).await;
        assert_eq!(store.held_count(&source()).await.expect("counted"), 0, "another name of an article");
        hold(&store, read, NotArticle::Cut, 60).await;
        put(&store, article(Key::Post(7), "/a.html", 0, &words(1)), &[], 70).await;
        assert_eq!(store.held_count(&source()).await.expect("counted"), 0, "read as an article");
        hold(&store, read, NotArticle::Cut, 80).await;
        assert_eq!(store.forget_articles(&source(), at(1), 10).await.expect("forgotten"), 2);
        assert_eq!(store.held_count(&source()).await.expect("counted"), 0, "forgotten");
        assert_eq!(store.held(None, 10).await.expect("read"), vec![]);
    });
}

#[test]
fn what_could_not_be_read_is_held_and_what_may_pass_is_not() {
    run(async {
        let (store, _folder) = on_disk().await;
        for (path, failure) in [
            ("/film.html", FetchFailure::Unreadable { why: "a film".into() }),
            ("/robots.html", FetchFailure::Refused { why: "robots.txt forbids it".into() }),
            ("/later.html", FetchFailure::Later { why: "500".into() }),
            ("/gone.html", FetchFailure::Gone),
        ] {
            let row = offered(&store, path).await;
            store.record_failure(row, failure, at(10), None).await.expect("noted");
        }
        let held = store.held(None, 10).await.expect("read");
        let told: Vec<_> =
            held.iter().map(|held| (held.code.as_str(), held.why.as_str(), &held.page)).collect();
        assert_eq!(told, [("refused", "robots.txt forbids it", &None), ("not-a-page", "a film", &None)]);
    });
}

#[test]
fn of_more_than_a_thousand_the_oldest_keep_their_reason_only_and_are_counted() {
    run(async {
        let (store, _folder) = on_disk().await;
        let paths: Vec<String> = (0..1_003).map(|n| format!("/{n}.html")).collect();
        let candidates = paths.iter().map(|path| candidate(path)).collect();
        store.offer(&source(), candidates, at(1)).await.expect("offered");
        let due = store.due(&source(), at(1), 2_000).await.expect("due");
        for (n, entry) in (0..).zip(&due) {
            hold(&store, entry.row, NotArticle::Empty, 10 + n).await;
        }
        let held = store.held(Some(&source()), 2_000).await.expect("read");
        assert_eq!((held.len(), store.held_count(&source()).await.expect("counted")), (1_003, 1_003));
        assert!(held[..1_000].iter().all(|held| held.page.is_some()));
        assert!(held[1_000..].iter().all(|held| held.page.is_none() && held.code == "empty"));
        assert_eq!(store.held(Some(&source()), 10).await.expect("read"), held[..10]);
    });
}
