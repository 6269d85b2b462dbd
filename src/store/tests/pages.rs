//! Kept pages, packed with one another.

use super::*;

/// A page in a design: what all pages of the design have, around a text of its own.
fn page(design: i64, n: i64) -> String {
    let layout: String =
        (0..300).map(|k| format!("<li class=m{}>{design}-{k}</li>", k * k * design)).collect();
    format!("<html><ul>{layout}</ul><p>{}</p></html>", words(n))
}

fn path(n: i64) -> String {
    format!("/{n}.html")
}

async fn keep(store: &Store, n: i64, html: &str, fetched: i64) -> Result<Committed> {
    let row = row_of(store, &path(n), at(fetched)).await;
    let read = article(Key::Post(n.unsigned_abs()), &path(n), n, &words(n));
    let commit = Commit { raw_html: Some(html.to_owned()), ..commit_of(row, read, &[], fetched) };
    store.commit(commit).await
}

async fn kept(store: &Store, n: i64) -> Option<String> {
    let row = store.explain(&url(&path(n))).await.expect("explained").expect("known").entry.row;
    store.raw_page(row).await.expect("read").map(|(_, html, _)| html)
}

/// The bytes that kept pages take, and how many bases there are.
async fn weight(store: &Store) -> (i64, i64) {
    let sql = "SELECT (SELECT sum(length(html)) FROM raw_page), (SELECT count(*) FROM page_base)";
    let asked =
        store.actor.read(move |conn, _| Ok(conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?));
    asked.await.expect("counted")
}

#[test]
fn pages_of_a_source_share_their_layout_and_come_out_as_they_went_in() {
    run(async {
        let (store, folder) = on_disk().await;
        for n in 1..20 {
            keep(&store, n, &page(1, n), n).await.expect("kept");
        }
        let long = page(1, 50).repeat(40);
        keep(&store, 50, &long, 50).await.expect("kept");
        keep(&store, 51, "<html>", 51).await.expect("kept");
        let (bytes, bases) = weight(&store).await;
        assert_eq!(bases, 1);
        assert!(bytes < 20 * 700, "{bytes} bytes for 20 pages of {}", page(1, 1).len());
        store.close().await.expect("closed");
        let store = Store::open(folder.path()).await.expect("opened");
        for n in 1..20 {
            assert_eq!(kept(&store, n).await, Some(page(1, n)));
        }
        assert_eq!(kept(&store, 50).await, Some(long));
        assert_eq!(kept(&store, 51).await.as_deref(), Some("<html>"));
    });
}

#[test]
fn a_redesign_gets_a_base_of_its_own_and_the_old_one_goes_with_its_pages() {
    run(async {
        let (store, _folder) = on_disk().await;
        keep(&store, 1, &page(1, 1), 10).await.expect("kept");
        keep(&store, 2, &page(2, 2), 20).await.expect("kept");
        keep(&store, 3, &page(2, 3), 30).await.expect("kept");
        assert_eq!(weight(&store).await.1, 2);
        for (n, design) in [(1, 1), (2, 2), (3, 2)] {
            assert_eq!(kept(&store, n).await, Some(page(design, n)));
        }
        assert_eq!(store.forget_raw_pages(&source(), at(15), 9).await.expect("forgotten"), 1);
        keep(&store, 4, &page(3, 4), 40).await.expect("kept");
        assert_eq!(weight(&store).await.1, 2, "the first is gone, the third has come");
        for (n, design) in [(2, 2), (3, 2), (4, 3)] {
            assert_eq!(kept(&store, n).await, Some(page(design, n)));
        }
    });
}

#[test]
fn pages_that_have_nothing_in_common_are_not_kept_twice() {
    run(async {
        let (store, _folder) = on_disk().await;
        for n in 1..30 {
            keep(&store, n, &page(n, n), n).await.expect("kept");
        }
        assert_eq!(weight(&store).await.1, 4);
        keep(&store, 30, &page(30, 30), 90_000).await.expect("kept");
        assert_eq!(weight(&store).await.1, 5, "another day");
        for n in 1..31 {
            assert_eq!(kept(&store, n).await, Some(page(n, n)));
        }
    });
}

#[test]
fn a_base_that_was_undone_is_not_packed_with() {
    run(async {
        let (store, _folder) = on_disk().await;
        let row = row_of(&store, &path(1), at(0)).await;
        let read = article(Key::Post(1), &path(1), 1, &words(1));
        let commit = Commit { raw_html: Some(page(1, 1)), ..commit_of(row, read, &[], 5) };
        let undone = store.actor.write(move |conn, tools| {
            commit::commit(conn, tools, &commit)?;
            Ok(conn.execute_batch("INSERT INTO nowhere VALUES (1)")?)
        });
        assert!(undone.await.is_err());
        keep(&store, 2, &page(2, 2), 20).await.expect("kept");
        keep(&store, 3, &page(2, 3), 30).await.expect("kept");
        assert_eq!(kept(&store, 2).await, Some(page(2, 2)));
        assert_eq!(kept(&store, 3).await, Some(page(2, 3)));
        assert_eq!(weight(&store).await.1, 1);
    });
}
