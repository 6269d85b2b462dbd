//! The store through its facade, in memory and on disk.

mod copies;
mod damage;
pub(crate) mod disk;
mod maintenance;
mod pages;
mod plans;
mod together;
mod withheld;

use std::future::Future;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::identity::Verdict;
use crate::model::{Article, ArticleId, DateOrigin, DiscoveryMethod, Key, Origin, UrlKey};

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
    Candidate::new(url(path), DiscoveryMethod::Listing, url("/"))
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
    let path = article.url.path().to_owned();
    put_from(store, &path, article, aliases, fetched).await
}

/// Commits what was read at `path`.
async fn put_from(store: &Store, path: &str, article: Article, aliases: &[&str], fetched: i64) -> Committed {
    let frontier = row_of(store, path, at(fetched)).await;
    store.commit(commit_of(frontier, article, aliases, fetched)).await.expect("committed")
}

fn commit_of(frontier: i64, article: Article, aliases: &[&str], fetched: i64) -> Commit {
    Commit {
        aliases: aliases.iter().map(|path| url(path)).collect(),
        raw_html: Some("<html>".into()),
        due: Some(at(fetched + 300)),
        ..Commit::of(frontier, article, DiscoveryMethod::Listing, at(fetched), &jiff::tz::TimeZone::UTC)
    }
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
            assert_eq!(
                store.record_failure(row, FetchFailure::Gone, at(when), None).await.expect("missed"),
                gone,
                "{when}"
            );
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

/// A store on disk, and its folder.
async fn on_disk() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    (Store::open(folder.path()).await.expect("a store"), folder)
}

/// Puts articles of these numbers into a store, each published a minute after the one before.
async fn put_some(store: &Store, numbers: RangeInclusive<u64>) {
    for n in numbers {
        let minutes = n as i64;
        put(store, article(Key::Post(n), &format!("/{n}.html"), 60 * minutes, &words(minutes)), &[], 10)
            .await;
    }
}

/// The folder of a closed database with the articles 1 to `last`.
async fn closed(last: u64) -> tempfile::TempDir {
    let (store, folder) = on_disk().await;
    put_some(&store, 1..=last).await;
    store.close().await.expect("closed");
    folder
}

/// The names of the files in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        files.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

async fn all(store: &Store) -> Vec<Article> {
    let found = store.newest(&Scope::All, 100).await.expect("newest");
    found.into_iter().map(|stored| stored.article).collect()
}

#[test]
fn what_was_acknowledged_survives_a_crash() {
    run(async {
        let (store, folder) = on_disk().await;
        put_some(&store, 0..=4).await;
        // What the disk holds at this moment, neither closed nor checkpointed.
        let crashed = tempfile::tempdir().expect("a folder");
        for file in [FILE, "tinsach.db-wal"] {
            std::fs::copy(folder.path().join(file), crashed.path().join(file)).expect("copied");
        }
        let again = Store::open(crashed.path()).await.expect("opened");
        assert_eq!(all(&again).await, all(&store).await);
        assert_eq!(all(&again).await.len(), 5);
        drop(store);
        let reopened = Store::open(folder.path()).await.expect("opened");
        assert_eq!(all(&reopened).await.len(), 5);
        reopened.close().await.expect("closed");
    });
}

#[test]
fn a_newer_database_is_left_alone() {
    run(async {
        let (store, folder) = on_disk().await;
        store.close().await.expect("closed");
        let conn = rusqlite::Connection::open(folder.path().join(FILE)).expect("opened");
        conn.pragma_update(None, "user_version", 99).expect("set");
        drop(conn);
        let error = Store::open(folder.path()).await.err();
        assert!(matches!(error, Some(StoreError::Newer { found: 99, .. })), "{error:?}");
    });
}

#[test]
fn a_folder_or_file_that_cannot_be_used_says_what_to_do() {
    run(async {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("file"), "x").expect("written");
        let error = Store::open(&folder.path().join("file")).await.err().expect("an error").to_string();
        assert!(error.contains("state_dir must be a folder"), "{error}");
        // A folder where the database belongs is nothing that could be set aside.
        std::fs::create_dir(folder.path().join(FILE)).expect("a folder");
        let error = Store::open(folder.path()).await.err().expect("an error").to_string();
        assert!(error.contains("cannot open the database") && error.contains("state_dir must be"), "{error}");
    });
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    run(async {
        let (store, _folder) = on_disk().await;
        put(&store, article(Key::Post(1), "/1.html", 0, &words(1)), &[], 10).await;
        let limit = |pages: i64| {
            store.actor.write(move |conn, _| {
                Ok(conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
            })
        };
        limit(1).await.expect("limited");
        let big: Vec<Candidate> =
            (0..2_000).map(|n| candidate(&format!("/{n}-{}", "x".repeat(80)))).collect();
        let error = store.offer(&source(), big.clone(), at(20)).await.expect_err("full");
        assert!(matches!(&error, StoreError::Write(why) if why.contains("free some space")), "{error:?}");
        assert_eq!(all(&store).await.len(), 1);
        limit(1_000_000).await.expect("freed");
        assert_eq!(store.offer(&source(), big, at(30)).await.expect("offered").new, 2_000);
    });
}

#[test]
fn a_locked_database_is_an_error_that_passes() {
    run(async {
        let (store, folder) = on_disk().await;
        store
            .actor
            .write(|conn, _| Ok(conn.busy_timeout(Duration::from_millis(20))?))
            .await
            .expect("impatient");
        let other = rusqlite::Connection::open(folder.path().join(FILE)).expect("opened");
        other.execute_batch("BEGIN IMMEDIATE").expect("locked");
        let error = store.offer(&source(), vec![candidate("/a")], at(0)).await.expect_err("locked");
        assert!(matches!(&error, StoreError::Write(why) if why.contains("another program")), "{error:?}");
        assert!(store.healthy(Duration::from_secs(5)).await);
        other.execute_batch("COMMIT").expect("freed");
        assert_eq!(store.offer(&source(), vec![candidate("/a")], at(0)).await.expect("offered").new, 1);
    });
}

#[test]
fn one_call_that_fails_takes_no_other_with_it() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let frontier = row_of(&store, "/a.html", at(0)).await;
        let good = article(Key::Post(1), "/a.html", 0, &words(1));
        let bad = store.commit(commit_of(777, article(Key::Post(2), "/b.html", 0, &words(2)), &[], 5));
        let (bad, done) = tokio::join!(bad, store.commit(commit_of(frontier, good.clone(), &[], 5)));
        assert!(matches!(bad, Err(StoreError::Sql(_))), "{bad:?}");
        assert_eq!(done.expect("committed").verdict, Verdict::New);
        assert_eq!(all(&store).await, vec![good]);
    });
}

#[test]
fn an_article_is_gone_only_when_every_address_of_it_is() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let wanted = article(Key::Post(7), "/a.html", 0, &words(1));
        put(&store, wanted.clone(), &["/?p=7"], 10).await;
        put_from(&store, "/moi/a.html", wanted.clone(), &["/moi/a.html"], 20).await;
        let (old, new) =
            (row_of(&store, "/a.html", at(30)).await, row_of(&store, "/moi/a.html", at(30)).await);
        let due = |now: i64| {
            let store = store.clone();
            async move {
                store.due(&source(), at(now), 9).await.expect("due").iter().map(|e| e.row).collect::<Vec<_>>()
            }
        };
        assert_eq!(due(1_000).await, [old], "one address is enough");
        for when in [2_000, 60_000, 120_000] {
            assert_eq!(
                store.record_failure(old, FetchFailure::Gone, at(when), None).await.expect("missed"),
                None
            );
        }
        assert_eq!(due(120_000).await, [new], "now the other is looked at");
        let moved = Article { url: url("/moi/a.html"), ..wanted };
        put_from(&store, "/moi/a.html", moved.clone(), &[], 120_100).await;
        assert_eq!(all(&store).await, [moved]);
        for when in [200_000, 260_000, 300_000] {
            let gone = store
                .record_failure(new, FetchFailure::Gone, at(when), None)
                .await
                .expect("missed")
                .is_some();
            assert_eq!(gone, when == 300_000);
        }
    });
}

#[test]
fn whatever_the_order_the_entries_are_the_same() {
    let originals = [(1, 0), (2, 1_000), (3, 2_000), (4, 3_000)];
    let set: Vec<Article> = originals
        .iter()
        .flat_map(|(n, published)| {
            let text = words(*n);
            let original = article(Key::Post(*n as u64 * 10), &format!("/{n}.html"), *published, &text);
            let mut repost = Article {
                title: original.title.clone(),
                ..article(
                    Key::Post(*n as u64 * 10 + 5),
                    &format!("/{n}-2.html"),
                    published + 500,
                    &format!("{text} thêm một câu nữa"),
                )
            };
            repost.categories = vec!["Xã hội".into()];
            [original, repost]
        })
        .collect();
    let outcome = |order: Vec<usize>| {
        run(async {
            let store = Store::in_memory().await.expect("a store");
            for (step, place) in order.iter().enumerate() {
                put(&store, set[*place].clone(), &[], 10_000 + 10 * step as i64).await;
            }
            let found = all(&store).await;
            found
                .into_iter()
                .map(|a| (a.id, a.url, a.published, a.updated, a.title, a.text, a.categories))
                .collect::<Vec<_>>()
        })
    };
    let straight = outcome((0..set.len()).collect());
    assert_eq!(straight.len(), 4);
    assert_eq!(straight[3].0, set[0].id);
    assert_eq!(straight[3].3, at(500), "updated is the date of the repost");
    assert!(straight[3].5.ends_with("thêm một câu nữa"));
    assert_eq!(straight[3].6, ["Y tế", "Xã hội"]);
    let config = proptest::test_runner::Config { cases: 24, failure_persistence: None, ..Default::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let orders = proptest::strategy::Strategy::prop_shuffle(proptest::strategy::Just(
        (0..set.len()).collect::<Vec<_>>(),
    ));
    runner
        .run(&orders, |order| {
            assert_eq!(outcome(order), straight);
            Ok(())
        })
        .expect("every order gives the same");
}

#[test]
fn the_original_read_again_after_its_repost_changes_nothing() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let original = article(Key::Post(10), "/1.html", 0, &words(1));
        let mut repost = article(Key::Post(15), "/2.html", 500, &format!("{} thêm", words(1)));
        repost.title.clone_from(&original.title);
        put(&store, original.clone(), &[], 600).await;
        assert!(matches!(put(&store, repost.clone(), &[], 700).await.verdict, Verdict::Duplicate(_)));
        let before = all(&store).await;
        for (again, fetched) in [(original, 800), (repost, 900)] {
            let done = put(&store, again, &[], fetched).await;
            assert_eq!((done.verdict, done.changed), (Verdict::Same, false));
        }
        assert_eq!(all(&store).await, before);
        assert!(store.article(&source(), "15").await.expect("by the repost's slug").is_some());
    });
}

#[test]
fn a_reused_slug_is_another_article_and_a_late_post_id_the_same() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        put(&store, article(Key::Post(7), "/lich.html", 0, &words(1)), &["/?p=7"], 10).await;
        let done = put(&store, article(Key::Post(9), "/lich.html", 900, &words(2)), &["/?p=9"], 1_000).await;
        assert_eq!(done.verdict, Verdict::New);
        assert_eq!(all(&store).await.len(), 2);
        // FrontierRow by its path, and now it shows a post id: id, key and our own URL stay.
        let path = article(Key::Path("/x.html".into()), "/x.html", 50, &words(3));
        put(&store, path.clone(), &[], 1_000).await;
        let post =
            Article { key: Key::Post(30), id: ArticleId::mint(&source(), &Key::Post(30)), ..path.clone() };
        assert_eq!(put(&store, post.clone(), &["/?p=30"], 1_100).await.verdict, Verdict::Same);
        let moved = Article { url: url("/tin-tuc/x-30"), ..post };
        assert!(!put(&store, moved.clone(), &[], 1_200).await.changed);
        let done = put_from(&store, "/x.html", moved, &["/x.html"], 1_300).await;
        assert_eq!((done.verdict, done.changed), (Verdict::Same, true));
        let found = store.article(&source(), &path.key.slug()).await.expect("by slug").expect("known");
        assert_eq!((found.article.id, found.article.url.path()), (path.id, "/tin-tuc/x-30"));
        assert!(store.article(&source(), "30").await.expect("by post id").is_some());
    });
}

#[test]
fn categories_have_slugs_of_their_own() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let names = ["Y tế", "Ý tế", "y  TẾ", "An ninh / Trật tự", "///", "🎉"];
        let mut one = article(Key::Post(1), "/1.html", 0, &words(1));
        one.categories = names.map(String::from).to_vec();
        put(&store, one, &[], 10).await;
        let categories = store.categories(&source()).await.expect("categories");
        let slugs: std::collections::BTreeSet<&str> = categories.iter().map(|c| c.slug.as_str()).collect();
        assert_eq!((categories.len(), slugs.len()), (5, 5), "{categories:?}");
        assert!(slugs.contains("y-te") && slugs.contains("an-ninh-trat-tu"), "{slugs:?}");
        for category in categories {
            assert!(category.slug.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{category:?}");
            let scope = Scope::Category(source(), category.slug);
            assert_eq!(store.newest(&scope, 5).await.expect("newest").len(), 1);
            assert_eq!(store.search(&scope, "tin", 5).await.expect("found").len(), 1);
        }
    });
}

#[test]
fn the_same_release_elsewhere_is_linked_both_ways() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let here = article(Key::Post(1), "/1.html", 0, &words(1));
        put(&store, here.clone(), &[], 10).await;
        let there = SourceId::new("quangninh");
        store.offer(&there, vec![candidate("/x.html")], at(20)).await.expect("offered");
        let frontier = store.due(&there, at(20), 5).await.expect("due")[0].row;
        let copy = Article {
            source: there.clone(),
            id: ArticleId::mint(&there, &here.key),
            url: url("/x.html"),
            ..here.clone()
        };
        let done = store.commit(commit_of(frontier, copy, &[], 30)).await.expect("committed");
        assert_eq!((done.verdict, done.also_changed), (Verdict::New, vec![source()]));
        let found = store.newest(&Scope::All, 5).await.expect("newest");
        assert_eq!(found.len(), 2);
        let is_linked = |stored: &Stored| stored.related.len() == 1 && stored.changed == at(30);
        assert!(found.iter().all(is_linked), "{found:?}");
    });
}

#[test]
fn the_frontier_gives_the_oldest_first_and_forgets_nothing() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let mut candidates: Vec<Candidate> = (0..4).map(|n| candidate(&format!("/{n}.html"))).collect();
        for (n, candidate) in candidates.iter_mut().enumerate() {
            candidate.published = Some(at(100 - n as i64));
            candidate.updated = candidate.published;
        }
        let offered = store.offer(&source(), candidates.clone(), at(200)).await.expect("offered");
        assert_eq!(offered, Offered { new: 4, known: 0, changed: 0 });
        let due = store.due(&source(), at(200), 3).await.expect("due");
        let paths: Vec<&str> = due.iter().map(|entry| entry.candidate.url.path()).collect();
        assert_eq!(paths, ["/3.html", "/2.html", "/1.html"]);
        store
            .record_failure(due[0].row, FetchFailure::Later { why: "500".into() }, at(210), Some(at(900)))
            .await
            .expect("missed");
        store
            .record_failure(
                due[1].row,
                FetchFailure::NotArticle(crate::model::NotArticle::Empty, None),
                at(210),
                None,
            )
            .await
            .expect("missed");
        put(&store, article(Key::Post(1), "/1.html", 99, &words(1)), &[], 300).await;
        let state = store.source_state(&source()).await.expect("state");
        assert_eq!((state.articles, state.waiting, state.newest), (1, 1, Some(at(99))));
        assert_eq!(store.due(&source(), at(300), 9).await.expect("due").len(), 1);
        assert_eq!(store.due(&source(), at(900), 9).await.expect("due").len(), 3);
        // The listing says that the one which was read has changed; naming the others again changes nothing.
        candidates[1].updated = Some(at(800));
        let offered = store.offer(&source(), candidates.clone(), at(1_000)).await.expect("offered");
        assert_eq!(offered, Offered { new: 0, known: 4, changed: 1 });
        assert_eq!(store.offer(&source(), candidates, at(1_001)).await.expect("offered").changed, 0);
    });
}

#[test]
fn searches_are_bounded_and_never_a_language() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let mut one =
            article(Key::Post(1), "/1.html", 0, "Hội nghị phát triển cảng biển và đường bộ, số 35-NQ/TW");
        one.title = "Cảng biển Hải Phòng".into();
        put(&store, one, &[], 10).await;
        for query in [
            "cang bien",
            "CẢNG BIỂN",
            "\"cảng biển\"",
            "ca\u{309}ng",
            "duong bo",
            "đường",
            "35-NQ/TW",
            "\"phát triển cảng\" bộ",
        ] {
            assert_eq!(store.search(&Scope::All, query, 5).await.expect("found").len(), 1, "{query}");
        }
        for query in ["\"biển cảng\"", "s1", "scope : s1", "tàu OR cảng", "cảng NOT biển", "words:cảng nope*"]
        {
            assert_eq!(store.search(&Scope::All, query, 5).await.expect("searched").len(), 0, "{query}");
        }
        for query in ["", "\"\"", "***", &"x".repeat(500), "a b c d e f g h i k l m n"] {
            let answer = store.search(&Scope::All, query, 5).await;
            assert!(matches!(answer, Err(StoreError::Query(_))), "{query}");
        }
    });
}
