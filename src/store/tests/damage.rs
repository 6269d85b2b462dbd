//! Damaged databases: set aside at the start, passed over by the row while running.

use super::*;

/// Overwrites the pages of a file behind the schema.
fn spoil(folder: &Path) {
    let file = folder.join(FILE);
    let mut bytes = std::fs::read(&file).expect("read");
    let middle = bytes.len() / 3;
    bytes[middle..].fill(0xa5);
    std::fs::write(&file, bytes).expect("written");
}

#[test]
fn a_damaged_database_is_set_aside_and_the_newest_good_backup_taken() {
    run(async {
        let folder = closed(3).await;
        let backups = folder.path().join(BACKUPS);
        Store::dated_backup_of(folder.path(), &backups, 9, at(0)).await.expect("copied");
        let store = Store::open(folder.path()).await.expect("opened");
        put(&store, article(Key::Post(9), "/9.html", 600, &words(9)), &[], 10).await;
        store.close().await.expect("closed");
        let newest = Store::dated_backup_of(folder.path(), &backups, 9, at(100)).await.expect("copied");
        // The newest backup is damaged as well, and something else lies beside them.
        std::fs::write(&newest.file, [0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]).expect("written");
        std::fs::write(backups.join("notes.txt"), "mine").expect("written");
        spoil(folder.path());
        let spoilt = std::fs::read(folder.path().join(FILE)).expect("read");
        let store = Store::open(folder.path()).await.expect("opened");
        assert_eq!(all(&store).await.len(), 3);
        let notice = store.notice().expect("a notice").to_owned();
        assert!(notice.contains("was damaged") && notice.contains("-221320.db.zst"), "{notice}");
        let aside: Vec<String> =
            names(folder.path()).into_iter().filter(|name| name.starts_with("tinsach.db.damaged-")).collect();
        assert_eq!(aside.len(), 1, "{aside:?}");
        assert_eq!(std::fs::read(folder.path().join(&aside[0])).expect("kept"), spoilt);
        assert!(notice.contains(&aside[0]), "{notice}");
        put(&store, article(Key::Post(9), "/9.html", 600, &words(9)), &[], 10).await;
        assert_eq!(all(&store).await.len(), 4);
        store.close().await.expect("closed");
        let again = Store::open(folder.path()).await.expect("opened");
        assert_eq!((again.notice(), all(&again).await.len()), (None, 4));
        assert!(!names(folder.path()).iter().any(|name| name.contains("restore")), "nothing is left over");
    });
}

#[test]
fn without_a_backup_a_damaged_database_gives_way_to_an_empty_one() {
    run(async {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(FILE), vec![b'x'; 8192]).expect("written");
        let store = Store::open(folder.path()).await.expect("opened");
        let notice = store.notice().expect("a notice");
        assert!(notice.contains("not a database") && notice.contains("fetched again"), "{notice}");
        put(&store, article(Key::Post(1), "/1.html", 0, &words(1)), &[], 10).await;
        assert_eq!(all(&store).await.len(), 1);
        let kept = names(folder.path()).into_iter().find(|name| name.starts_with("tinsach.db.damaged-"));
        let kept = std::fs::read(folder.path().join(kept.expect("kept"))).expect("read");
        assert_eq!(kept, vec![b'x'; 8192]);
    });
}

/// Spoils what is stored of the article at a path.
async fn spoil_content(store: &Store, path: &str) {
    let url = url(path).to_string();
    store
        .actor
        .write(move |conn, _| {
            let sql = "UPDATE article SET content = x'10000000ffff' WHERE url = ?1";
            assert_eq!(conn.execute(sql, [&url])?, 1);
            Ok(())
        })
        .await
        .expect("spoilt");
}

#[test]
fn one_damaged_article_costs_that_article_alone_and_heals_when_it_is_read_again() {
    run(async {
        let (store, _folder) = on_disk().await;
        put_some(&store, 1..=4).await;
        spoil_content(&store, "/2.html").await;
        let others = all(&store).await;
        assert_eq!(others.iter().map(|one| one.key.clone()).collect::<Vec<_>>(), [4, 3, 1].map(Key::Post));
        assert_eq!(store.search(&Scope::All, "tin", 9).await.expect("found").len(), 3);
        let month = store.months(&source()).await.expect("months")[0];
        assert_eq!(store.month(&source(), month).await.expect("a month").len(), 3);
        let damage = store.damage().expect("told");
        assert!(damage.error.to_string().contains("check --deep"), "{damage:?}");
        assert_eq!(store.write_trouble(), None);
        let alone = store.article(&source(), "2").await;
        assert!(matches!(alone, Err(StoreError::Damaged(_))), "{alone:?}");
        let found = store.inspect().await.expect("looked");
        assert!(found.len() == 1 && found[0].contains("https://portal.vn/2.html"), "{found:?}");
        // The same words heal it, without being an edit.
        let same = put(&store, article(Key::Post(2), "/2.html", 120, &words(2)), &[], 500).await;
        assert_eq!(same.verdict, Verdict::Same);
        assert_eq!(all(&store).await.len(), 4);
        assert_eq!(store.inspect().await.expect("looked"), Vec::<String>::new());
    });
}

#[test]
fn an_edit_of_a_damaged_article_is_stored_and_a_damaged_article_can_be_forgotten() {
    run(async {
        let (store, _folder) = on_disk().await;
        put_some(&store, 1..=2).await;
        spoil_content(&store, "/2.html").await;
        let edit = put(&store, article(Key::Post(2), "/2.html", 120, &words(7)), &[], 500).await;
        assert_eq!(edit.verdict, Verdict::Edit);
        assert_eq!(all(&store).await[0].text, words(7));
        // The old words are no longer compared with, the new ones are.
        let old = put(&store, article(Key::Post(3), "/3.html", 180, &words(2)), &[], 600).await;
        assert_eq!(old.verdict, Verdict::New);
        spoil_content(&store, "/1.html").await;
        assert_eq!(store.forget_articles(&source(), at(61), 9).await.expect("forgotten"), 1);
        assert_eq!(store.inspect().await.expect("looked"), Vec::<String>::new());
    });
}

#[test]
fn a_damaged_page_of_the_file_costs_what_stands_on_it() {
    run(async {
        let (store, folder) = on_disk().await;
        put_some(&store, 1..=4).await;
        // One article is so long that its text lies on pages of its own.
        let long: String = (0..4_000).map(|n| format!("dài{} ", n * 7919 % 99_991)).collect();
        put(&store, article(Key::Post(5), "/5.html", 300, &long), &[], 10).await;
        store.close().await.expect("closed");
        spoil_a_page_of_the_longest(&folder.path().join(FILE));
        let beside = Store::look(folder.path()).await.expect("opened");
        assert_eq!(all(&beside).await.len(), 4);
        assert!(beside.damage().is_some());
        let found = beside.inspect().await.expect("looked").join("\n");
        assert!(found.contains("the file is damaged") && found.contains("/5.html"), "{found}");
        assert!(!found.contains("check --deep"), "who reads this has just done so: {found}");
    });
}

/// Overwrites the page behind the row of the longest text, which continues it.
fn spoil_a_page_of_the_longest(file: &Path) {
    let bytes = std::fs::read(file).expect("read");
    let conn = rusqlite::Connection::open(file).expect("opened");
    let content: Vec<u8> = conn
        .query_row("SELECT content FROM article ORDER BY length(content) DESC LIMIT 1", [], |row| row.get(0))
        .expect("a text");
    drop(conn);
    let part = &content[content.len() - 900..content.len() - 800];
    let at = bytes.windows(part.len()).position(|window| window == part).expect("its page");
    let page = at / 4096 * 4096;
    let mut spoilt = bytes;
    // The number of the page that continues it points outside of the file now.
    spoilt[page..page + 4096].fill(0xff);
    std::fs::write(file, spoilt).expect("written");
}

#[test]
fn a_database_that_is_damaged_all_over_is_still_looked_at_to_the_end() {
    run(async {
        let folder = closed(12).await;
        let file = folder.path().join(FILE);
        let conn = rusqlite::Connection::open(&file).expect("opened");
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name IN ('article', 'entry_newest', 'frontier')";
        let mut select = conn.prepare(sql).expect("prepared");
        let roots = select.query_map([], |row| row.get::<_, u32>(0)).expect("rows");
        let roots: Vec<usize> = roots.map(|root| root.expect("a page") as usize).collect();
        drop(select);
        drop(conn);
        let mut bytes = std::fs::read(&file).expect("read");
        for root in roots {
            bytes[(root - 1) * 4096..root * 4096].fill(0xa5);
        }
        std::fs::write(&file, bytes).expect("written");
        let beside = Store::look(folder.path()).await.expect("opened");
        for _ in 0..3 {
            let found = beside.inspect().await.expect("looked").join("\n");
            assert!(found.contains("could be looked at"), "{found}");
            // Whatever it gives, it is no fault of a transaction that another left open.
            let answer = beside.newest(&Scope::All, 9).await;
            assert!(matches!(answer, Ok(_) | Err(StoreError::Corrupt(_))), "{answer:?}");
        }
    });
}

#[test]
fn damage_that_is_seen_while_running_has_the_next_start_look_at_everything() {
    run(async {
        let folder = closed(1).await;
        let mark = folder.path().join("tinsach.db.suspect");
        let store = Store::open(folder.path()).await.expect("opened");
        let spoilt: Result<()> = store.actor.read(|_, _| Err(StoreError::Corrupt("a page".to_owned()))).await;
        assert!(spoilt.is_err() && mark.exists());
        store.close().await.expect("closed");
        let again = Store::open(folder.path()).await.expect("opened");
        assert!(!mark.exists() && again.notice().is_none(), "it was looked at, and is whole");
    });
}

#[test]
fn a_large_database_is_looked_through_behind_the_start_and_set_aside_at_the_next() {
    run(async {
        let folder = closed(1).await;
        let file = folder.path().join(FILE);
        let conn = rusqlite::Connection::open(&file).expect("opened");
        conn.execute_batch("CREATE TABLE large (x); INSERT INTO large VALUES (zeroblob(70000000))")
            .expect("filled");
        conn.close().expect("closed");
        let whole = std::fs::read(&file).expect("read");
        assert!(whole.len() as u64 > open::MAX_BYTES_CHECKED_AT_OPEN);
        let mut spoilt = whole;
        let middle = spoilt.len() / 2 / 4096 * 4096;
        spoilt[middle..middle + 4].fill(0xff);
        std::fs::write(&file, spoilt).expect("written");
        let store = Store::open(folder.path()).await.expect("opened");
        assert_eq!((store.notice(), all(&store).await.len()), (None, 1));
        let until = std::time::Instant::now() + Duration::from_secs(60);
        while store.damage().is_none() && std::time::Instant::now() < until {
            tokio::task::yield_now().await;
        }
        assert!(matches!(store.damage().map(|seen| seen.error), Some(StoreError::Corrupt(_))));
        store.close().await.expect("closed");
        let again = Store::open(folder.path()).await.expect("opened");
        assert!(again.notice().is_some_and(|notice| notice.contains("was damaged")));
    });
}

#[test]
fn what_the_counters_say_is_held_against_what_is_there() {
    run(async {
        let (store, _folder) = on_disk().await;
        put(&store, article(Key::Post(1), "/1.html", 0, &words(1)), &[], 10).await;
        assert_eq!(store.inspect().await.expect("looked"), Vec::<String>::new());
        store
            .actor
            .write(|conn, _| {
                conn.execute_batch(
                    "UPDATE source SET entries = 7; UPDATE category SET entries = 3;
                     UPDATE entry SET revisions = 2; UPDATE raw_page SET html = x'00'",
                )?;
                Ok(())
            })
            .await
            .expect("spoilt");
        let found = store.inspect().await.expect("looked").join("\n");
        for part in [
            "articles of the source haiphong: 7 are counted, 1 are there",
            "articles of the category Y tế: 3",
            "earlier texts of the article https://portal.vn/1.html: 2 are counted, 0",
            "the kept page https://portal.vn/1.html",
        ] {
            assert!(found.contains(part), "{part} is not in\n{found}");
        }
        assert_eq!(store.raw_page(1).await.expect("read"), None, "a damaged page is as good as none");
    });
}
