//! Calls that share a transaction.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};

use super::*;

/// Holds the writer in a transaction until the answer is dropped: what is asked meanwhile shares that transaction.
fn hold_writer(store: &Store) -> Sender<()> {
    let (release, held) = channel();
    drop(store.actor.write(move |_, _| {
        held.recv().ok();
        Ok(())
    }));
    release
}

/// Offers one address in the transaction at hand, and counts how often that is done.
fn offer_one(
    store: &Store,
    path: &str,
    runs: &Arc<AtomicU32>,
) -> impl Future<Output = Result<Offered>> + use<> {
    let (candidates, runs) = (vec![candidate(path)], Arc::clone(runs));
    store.actor.write(move |conn, tools| {
        runs.fetch_add(1, Ordering::Relaxed);
        frontier::offer(conn, &mut tools.codec, &source(), &candidates, at(0))
    })
}

#[test]
fn a_call_that_fails_between_others_leaves_each_of_them_done_once() {
    run(async {
        let (store, _folder) = on_disk().await;
        let paths = ["/1.html", "/2.html", "/3.html"];
        let mut rows = Vec::new();
        for path in paths {
            rows.push(row_of(&store, path, at(0)).await);
        }
        let held = hold_writer(&store);
        let commits = paths.iter().zip(&rows).zip(1..).map(|((path, row), n)| {
            store.commit(commit_of(*row, article(Key::Post(n), path, n as i64, &words(n as i64)), &[], 5))
        });
        let mut answers: Vec<_> = commits.collect();
        let bad = store.commit(commit_of(777, article(Key::Post(9), "/9.html", 0, &words(9)), &[], 5));
        answers.insert(2, bad);
        drop(held);
        let mut outcomes = Vec::new();
        for answer in answers {
            outcomes.push(answer.await);
        }
        assert!(matches!(outcomes.remove(2), Err(StoreError::Sql(_))));
        assert!(outcomes.iter().all(|done| done.as_ref().is_ok_and(|done| done.verdict == Verdict::New)));
        assert_eq!(all(&store).await.len(), 3);
        assert_eq!(store.source_state(&source()).await.expect("state").articles, 3);
        assert_eq!(store.categories(&source()).await.expect("categories")[0].articles, 3);
        assert_eq!(store.search(&Scope::All, "tin", 9).await.expect("found").len(), 3);
        assert!(store.explain(&url("/9.html")).await.expect("explained").is_none());
    });
}

#[test]
fn what_goes_well_is_done_once_and_after_a_failure_anew() {
    run(async {
        let (store, _folder) = on_disk().await;
        let runs = Arc::new(AtomicU32::new(0));
        let held = hold_writer(&store);
        let (one, two) = (offer_one(&store, "/1", &runs), offer_one(&store, "/2", &runs));
        drop(held);
        assert_eq!((one.await.expect("offered").new, two.await.expect("offered").new), (1, 1));
        assert_eq!(runs.load(Ordering::Relaxed), 2);
        let held = hold_writer(&store);
        let three = offer_one(&store, "/3", &runs);
        let bad = store.actor.write(|conn, _| Ok(conn.execute_batch("INSERT INTO nowhere VALUES (1)")?));
        let four = offer_one(&store, "/4", &runs);
        drop(held);
        // What the first try answered, that it is new, still holds: nothing of it was left.
        assert_eq!((four.await.expect("offered").new, three.await.expect("offered").new), (1, 1));
        assert!(matches!(bad.await, Err(StoreError::Sql(_))));
        assert_eq!(runs.load(Ordering::Relaxed), 5, "/3 twice, /4 once");
        assert_eq!(store.due(&source(), at(1), 9).await.expect("due").len(), 4);
    });
}

#[test]
fn a_disk_that_is_too_full_for_one_call_takes_the_others() {
    run(async {
        let (store, _folder) = on_disk().await;
        let runs = Arc::new(AtomicU32::new(0));
        offer_one(&store, "/0", &runs).await.expect("offered");
        let pages = |conn: &rusqlite::Connection, pages: i64| {
            Ok(conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
        };
        let used =
            store.actor.write(|conn, _| Ok(conn.query_row("PRAGMA page_count", [], |row| row.get(0))?));
        let used: i64 = used.await.expect("counted");
        store.actor.write(move |conn, _| pages(conn, used + 2)).await.expect("limited");
        let held = hold_writer(&store);
        let one = offer_one(&store, "/1", &runs);
        let many: Vec<Candidate> =
            (0..2_000).map(|n| candidate(&format!("/{n}-{}", "x".repeat(80)))).collect();
        let big = store
            .actor
            .write(move |conn, tools| frontier::offer(conn, &mut tools.codec, &source(), &many, at(0)));
        let two = offer_one(&store, "/2", &runs);
        drop(held);
        assert_eq!(two.await.expect("offered").new, 1);
        assert_eq!(one.await.expect("offered").new, 1);
        assert!(matches!(big.await, Err(StoreError::Write(_))));
        assert_eq!(store.due(&source(), at(1), 99).await.expect("due").len(), 3);
    });
}

#[test]
fn a_call_that_panics_was_answered_to_nobody_and_left_nothing() {
    run(async {
        let (store, folder) = on_disk().await;
        let runs = Arc::new(AtomicU32::new(0));
        offer_one(&store, "/0", &runs).await.expect("offered");
        let held = hold_writer(&store);
        let one = offer_one(&store, "/1", &runs);
        let bad = store.actor.write(|_, _| -> Result<()> { panic!("a fault of ours") });
        drop(held);
        assert_eq!(bad.await, Err(StoreError::Closed));
        assert_eq!(one.await, Err(StoreError::Closed));
        assert_eq!(offer_one(&store, "/2", &runs).await, Err(StoreError::Closed));
        let again = Store::open(folder.path()).await.expect("opened");
        assert_eq!(again.due(&source(), at(1), 9).await.expect("due").len(), 1);
    });
}

#[test]
fn a_call_whose_answer_nobody_waits_for_is_done() {
    run(async {
        let (store, folder) = on_disk().await;
        let runs = Arc::new(AtomicU32::new(0));
        drop(offer_one(&store, "/1", &runs));
        store.close().await.expect("closed");
        let again = Store::open(folder.path()).await.expect("opened");
        assert_eq!(again.due(&source(), at(1), 9).await.expect("due").len(), 1);
    });
}

#[test]
fn the_full_text_index_has_what_a_transaction_left() {
    run(async {
        let store = Store::in_memory().await.expect("a store");
        let mut rows = Vec::new();
        for path in ["/1.html", "/2.html", "/3.html"] {
            rows.push(row_of(&store, path, at(0)).await);
        }
        let of = |row, post, path, text: &str, fetched| {
            store.commit(commit_of(row, article(Key::Post(post), path, 0, text), &[], fetched))
        };
        // New, edited, edited again; and another in the same minute.
        let held = hold_writer(&store);
        let answers = [
            of(rows[0], 1, "/1.html", "Trung Thu đến sớm ở Hải Phòng", 10),
            of(rows[0], 1, "/1.html", "Giáng Sinh đến sớm ở Hải Phòng", 20),
            of(rows[1], 2, "/2.html", &words(2), 30),
            of(rows[0], 1, "/1.html", "Nguyên Đán đến sớm ở Hải Phòng", 40),
        ];
        drop(held);
        let mut verdicts = Vec::new();
        for answer in answers {
            verdicts.push(answer.await.expect("committed").verdict);
        }
        assert_eq!(verdicts, [Verdict::New, Verdict::Edit, Verdict::New, Verdict::Edit]);
        let count = async |query: &str| store.search(&Scope::All, query, 9).await.expect("found").len();
        assert_eq!((count("trung thu").await, count("giang sinh").await), (0, 0));
        assert_eq!((count("nguyen dan").await, count("tu5865").await, count("tin").await), (1, 1, 2));
        // Taken out and, by another article, entered again at the same place.
        let held = hold_writer(&store);
        let forgotten = store.actor.write(|conn, tools| {
            crate::store::maintenance::forget_articles(conn, tools, &source(), at(1), 9)
        });
        let back = of(rows[2], 3, "/3.html", &words(3), 60);
        drop(held);
        assert_eq!(forgotten.await.expect("forgotten"), 2);
        assert_eq!(back.await.expect("committed").verdict, Verdict::New);
        assert_eq!((count("nguyen dan").await, count("tin").await), (0, 1));
    });
}
