//! The store through its facade, in memory and on disk.

use std::future::Future;

use jiff::Timestamp;
use url::Url;

use super::*;
use crate::article::{Article, ArticleId, DateOrigin, Key, Origin, Rung, UrlKey, Validators};
use crate::dedup::{Fingerprint, Verdict};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(future)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).expect("a time")
}

fn source() -> SourceId {
    SourceId::new("haiphong")
}

fn url(path: &str) -> Url {
    Url::parse(&format!("https://portal.vn{path}")).expect("a URL")
}

fn candidate(path: &str) -> Candidate {
    Candidate::new(url(path), Rung::Listing, url("/"))
}

/// A text of its own for each number, long enough to be compared.
fn words(n: i64) -> String {
    (0..80).map(|k| format!("từ{}", (n * 7919 + k * k * 31) % 9973)).collect::<Vec<_>>().join(" ")
}

fn article(key: Key, path: &str, published: i64, text: &str) -> Article {
    Article {
        id: ArticleId::mint(&source(), &key),
        source: source(),
        url: url(path),
        title: format!("Tin {}", text.split(" ").next().unwrap_or_default()),
        published: at(published),
        published_origin: DateOrigin::Given(Origin::JsonLd),
        updated: at(published),
        authors: vec!["Hoàng Tùng".into()],
        credit: None,
        categories: vec!["Y tế".into()],
        tags: vec![],
        language: "vi".into(),
        html: format!("<p>{text}</p>"),
        text: text.into(),
        images: vec![],
        attachments: vec![],
        key,
    }
}

async fn row_of(store: &Store, path: &str, now: Timestamp) -> i64 {
    store.offer(&source(), vec![candidate(path)], now).await.expect("offered");
    store.explain(&url(path)).await.expect("explained").expect("known").entry.row
}

async fn put(store: &Store, article: Article, aliases: &[&str], fetched: i64) -> Committed {
    let frontier = row_of(store, article.url.path(), at(fetched)).await;
    let commit = Commit {
        frontier,
        fingerprint: Fingerprint::of(&article.title, &article.text),
        month: Month::of(article.published, &jiff::tz::TimeZone::UTC),
        aliases: aliases.iter().map(|path| url(path)).collect(),
        rung: Rung::Listing,
        validators: Validators::default(),
        raw_html: Some("<html>".into()),
        fetched: at(fetched),
        due: Some(at(fetched + 300)),
        article,
    };
    store.commit(commit).await.expect("committed")
}

#[test]
fn an_article_goes_in_and_comes_out() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let text = words(1);
        let wanted = article(Key::Post(7), "/a.html", 0, &text);
        let done = put(&store, wanted.clone(), &["/?p=7"], 10).await;
        assert_eq!((done.verdict, done.changed), (Verdict::New, true));
        let found = store.newest(&Scope::Source(source()), 5).await.expect("newest");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].article, wanted);
        assert_eq!(store.article(&source(), "7").await.expect("by slug"), Some(found[0].clone()));
        let again = put(&store, wanted, &["/?p=7"], 400).await;
        assert_eq!((again.verdict, again.changed), (Verdict::Same, false));
        assert_eq!(store.search(&Scope::All, "TIN tu7919", 5).await.expect("search").len(), 1);
        let category = Scope::Category(source(), "y-te".into());
        assert_eq!(store.newest(&category, 5).await.expect("category").len(), 1);
        assert_eq!(store.source_state(&source()).await.expect("state").articles, 1);
        store.close().await.expect("closed");
    });
}

#[test]
fn an_edit_is_a_revision_and_moves_updated_once() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        put(&store, article(Key::Post(7), "/a.html", 0, &words(1)), &[], 10).await;
        let done = put(&store, article(Key::Post(7), "/a.html", 0, &words(2)), &[], 500).await;
        assert_eq!((done.verdict, done.changed), (Verdict::Edit, true));
        let found = store.newest(&Scope::All, 5).await.expect("newest");
        assert_eq!(found[0].article.updated, at(500));
        assert_eq!(found[0].article.published, at(0));
        let revisions = store.revisions(done.row).await.expect("revisions");
        assert_eq!(revisions.len(), 1);
        assert_eq!(revisions[0].html, format!("<p>{}</p>", words(1)));
    });
}

#[test]
fn ten_forms_of_an_address_are_one_entry() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let forms =
            ["/a.html?utm_source=x", "/a.html/amp", "/a.html/", "/a.html?print=1", "/?p=7", "/y-te/a.html"];
        put(&store, article(Key::Post(7), "/a.html", 0, &words(1)), &forms, 10).await;
        for form in forms {
            let offered = store.offer(&source(), vec![candidate(form)], at(20)).await.expect("offered");
            assert_eq!(offered, Offered { new: 0, known: 1, changed: 0 }, "{form}");
        }
        let done =
            put(&store, article(Key::Path("/y-te/a.html".into()), "/y-te/a.html", 0, &words(1)), &[], 30);
        assert_eq!(done.await.verdict, Verdict::Same);
        assert_eq!(store.newest(&Scope::All, 5).await.expect("newest").len(), 1);
        let explained = store.explain(&url("/?p=7")).await.expect("explained").expect("known");
        assert!(explained.aliases.contains(&UrlKey::of(&url("/y-te/a.html"))));
    });
}

#[test]
fn three_misses_over_a_day_are_a_tombstone_and_it_comes_back() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let wanted = article(Key::Post(7), "/a.html", 0, &words(1));
        let done = put(&store, wanted.clone(), &[], 10).await;
        let row = row_of(&store, "/a.html", at(20)).await;
        for (when, gone) in [(100, None), (50_000, None), (90_000, Some(done.row))] {
            assert_eq!(store.missed(row, Miss::Gone, at(when), None).await.expect("missed"), gone, "{when}");
        }
        assert_eq!(store.newest(&Scope::All, 5).await.expect("newest"), vec![]);
        assert_eq!(store.tombstones(&source(), at(0), 5).await.expect("tombstones").len(), 1);
        assert_eq!(store.source_state(&source()).await.expect("state").articles, 0);
        put(&store, wanted.clone(), &[], 200_000).await;
        let back = store.newest(&Scope::All, 5).await.expect("newest");
        assert_eq!(back[0].article, wanted);
        assert_eq!(store.tombstones(&source(), at(0), 5).await.expect("tombstones"), vec![]);
    });
}
