//! What is kept, forgotten, copied and put back.

use super::*;

#[test]
fn pages_are_kept_forgotten_and_copied() {
    run(async {
        let (store, folder) = on_disk().await;
        put(&store, article(Key::Post(1), "/1.html", 0, &words(1)), &[], 10).await;
        let row = row_of(&store, "/1.html", at(20)).await;
        let page = store.raw_page(row).await.expect("read");
        assert_eq!(page, Some((url("/1.html"), "<html>".to_owned(), at(10))));
        let copy = folder.path().join("copy").join(FILE);
        std::fs::create_dir(folder.path().join("copy")).expect("a folder");
        store.backup(&copy).await.expect("copied");
        assert_eq!(store.forget_raw_pages(&source(), at(11), 9).await.expect("forgotten"), 1);
        assert_eq!(store.raw_page(row).await.expect("read"), None);
        let restored = Store::open(&folder.path().join("copy")).await.expect("opened");
        assert_eq!(all(&restored).await, all(&store).await);
        assert!(restored.raw_page(row).await.expect("read").is_some());
        assert_eq!(restored.search(&Scope::All, "tin", 5).await.expect("found").len(), 1);
    });
}

#[test]
fn a_backup_comes_back_and_what_is_none_is_refused() {
    run(async {
        let (store, folder) = on_disk().await;
        put(&store, article(Key::Post(1), "/1.html", 0, &words(1)), &[], 10).await;
        let backup = folder.path().join("backup");
        store.backup(&backup).await.expect("copied");
        put(&store, article(Key::Post(2), "/2.html", 0, &words(2)), &[], 20).await;
        store.close().await.expect("closed");
        assert!(!folder.path().join("tinsach.db-wal").exists(), "the WAL is folded in");
        let none = folder.path().join("none");
        std::fs::write(&none, vec![b'x'; 9_000]).expect("written");
        let error = Store::restore(&none, folder.path()).await.err();
        assert!(matches!(error, Some(StoreError::Open { .. })), "{error:?}");
        Store::restore(&backup, folder.path()).await.expect("restored");
        let store = Store::open(folder.path()).await.expect("opened");
        assert_eq!(all(&store).await.len(), 1);
        // What is forgotten does not come back with the next listing.
        assert_eq!(store.forget_articles(&source(), at(1), 10).await.expect("forgotten"), 1);
        let named = Candidate { updated: Some(at(999)), ..candidate("/1.html") };
        let offered = store.offer(&source(), vec![named], at(1_000)).await.expect("offered");
        assert_eq!(offered, Offered { new: 0, known: 1, changed: 0 });
        assert_eq!(store.source_state(&source()).await.expect("state").articles, 0);
        assert_eq!(store.months(&source()).await.expect("months"), vec![]);
    });
}

#[test]
fn what_was_forgotten_is_no_longer_compared_with() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        put(&store, article(Key::Post(1), "/1.html", 0, &words(1)), &[], 10).await;
        assert_eq!(store.forget_articles(&source(), at(1), 10).await.expect("forgotten"), 1);
        let repost = article(Key::Post(2), "/2.html", 60, &words(1));
        assert_eq!(put(&store, repost, &[], 100).await.verdict, Verdict::New);
    });
}

#[test]
fn a_copy_that_cannot_be_written_says_where() {
    run(async {
        let (store, folder) = on_disk().await;
        let to = folder.path().join("nowhere").join("copy");
        let error = store.backup(&to).await.expect_err("there is no such folder");
        assert!(
            matches!(&error, StoreError::Copy { file, .. } if *file == to.display().to_string()),
            "{error}"
        );
        assert!(!error.to_string().contains("state folder"), "{error}");
        assert!(all(&store).await.is_empty(), "the database works on");
    });
}

#[test]
fn a_list_of_all_but_some_sources_holds_nothing_of_these() {
    run(async {
        let (store, _folder) = on_disk().await;
        let others: Vec<SourceId> = ["b", "c"].map(SourceId::new).to_vec();
        for (n, source) in (0..).zip(["a", "b", "c", "a"]) {
            let article = crate::serve::tests::several(source, n..n + 1).remove(0);
            crate::serve::tests::commit(&store, article).await;
        }
        let of = |found: Vec<crate::store::Stored>| {
            found.into_iter().map(|one| one.article.source.to_string()).collect::<Vec<_>>()
        };
        let word = store.newest(&Scope::All, 1).await.expect("newest")[0].article.title.clone();
        let word = word.split_whitespace().next().expect("a word").to_owned();
        let all = store.search(&Scope::All, &word, 9).await.expect("found");
        assert_eq!(all.len(), 4, "{word} is in every one");
        for scope in [
            Scope::Without(others),
            Scope::Without(vec![SourceId::new("b"), SourceId::new("c"), SourceId::new("unknown")]),
        ] {
            assert_eq!(of(store.newest(&scope, 9).await.expect("newest")), ["a", "a"]);
            assert_eq!(of(store.newest(&scope, 1).await.expect("newest")), ["a"]);
            assert_eq!(of(store.search(&scope, &word, 9).await.expect("found")), ["a", "a"]);
        }
        let none_known = Scope::Without(vec![SourceId::new("unknown")]);
        assert_eq!(store.newest(&none_known, 9).await.expect("newest").len(), 4);
        assert_eq!(store.search(&none_known, &word, 9).await.expect("found").len(), 4);
    });
}
