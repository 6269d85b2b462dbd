//! Backups, their names, and what a restore leaves.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use super::disk::not_tested;
use super::*;

async fn count(folder: &Path) -> usize {
    let store = Store::open(folder).await.expect("opened");
    let count = all(&store).await.len();
    store.close().await.expect("closed");
    count
}

#[test]
fn a_copy_says_what_it_holds_and_both_kinds_come_back() {
    run(async {
        let folder = closed(1).await;
        let to = tempfile::tempdir().expect("a folder");
        let (plain, packed) = (to.path().join("a.db"), to.path().join("a.db.zst"));
        let one = Store::backup_of(folder.path(), &plain).await.expect("copied");
        let two = Store::backup_of(folder.path(), &packed).await.expect("copied");
        assert_eq!((one.articles, one.sources, &one.file), (1, 1, &plain));
        assert_eq!((two.articles, two.sources), (1, 1));
        assert!(two.bytes < one.bytes / 2, "{} and {}", two.bytes, one.bytes);
        assert_eq!(std::fs::metadata(&packed).expect("a file").len(), two.bytes);
        assert_eq!(names(to.path()), ["a.db", "a.db.zst"], "nothing half is left");
        for copy in [&plain, &packed] {
            let new = tempfile::tempdir().expect("a folder");
            let done = Store::restore(copy, new.path()).await.expect("restored");
            assert_eq!((done.articles, done.sources, done.before), (1, 1, None));
            assert_eq!(count(new.path()).await, 1);
        }
        let empty = tempfile::tempdir().expect("a folder");
        assert_eq!(count(empty.path()).await, 0);
        assert_eq!(Store::backup_of(empty.path(), &plain).await.expect("copied").articles, 0);
    });
}

#[test]
fn a_folder_keeps_the_newest_of_its_own_names_alone() {
    run(async {
        let folder = closed(1).await;
        let to = folder.path().join("made/for/it");
        std::fs::create_dir_all(&to).expect("a folder");
        std::fs::write(to.join("tinsach-mine.db.zst"), "mine").expect("written");
        for day in 0..4 {
            Store::dated_backup_of(folder.path(), &to, 2, at(day * 86_400)).await.expect("copied");
        }
        assert_eq!(
            names(&to),
            ["tinsach-2023-11-16-221320.db.zst", "tinsach-2023-11-17-221320.db.zst", "tinsach-mine.db.zst"]
        );
    });
}

#[test]
fn a_restore_keeps_owner_mode_and_the_database_of_before() {
    run(async {
        let folder = closed(1).await;
        let backup = folder.path().join("backup.zst");
        Store::backup_of(folder.path(), &backup).await.expect("copied");
        let store = Store::open(folder.path()).await.expect("opened");
        put(&store, article(Key::Post(2), "/2.html", 60, &words(2)), &[], 20).await;
        // As after a crash: what was written last is in the WAL alone.
        let wal = std::fs::read(folder.path().join("tinsach.db-wal")).expect("a WAL");
        let main = std::fs::read(folder.path().join(FILE)).expect("a database");
        store.close().await.expect("closed");
        std::fs::write(folder.path().join("tinsach.db-wal"), wal).expect("written");
        let database = folder.path().join(FILE);
        std::fs::write(&database, main).expect("written");
        std::fs::set_permissions(&database, PermissionsExt::from_mode(0o640)).expect("set");
        let is_root = chown(&database, Some(12_345), Some(54_321)).is_ok();
        if !is_root {
            not_tested("this user may not give files away");
        }
        let done = Store::restore(&backup, folder.path()).await.expect("restored");
        let now = std::fs::metadata(&database).expect("there");
        assert_eq!(now.mode() & 0o777, 0o640);
        assert!(!is_root || (now.uid(), now.gid()) == (12_345, 54_321));
        assert_eq!(names(folder.path()), ["backup.zst", "tinsach.db", "tinsach.db.before-restore"]);
        assert_eq!(count(folder.path()).await, 1);
        // The database of before is whole, and can be put back in turn.
        let before = done.before.expect("kept");
        let back = Store::restore(&before, folder.path()).await.expect("put back");
        assert_eq!((back.articles, count(folder.path()).await), (2, 2));
        assert_eq!(names(folder.path()), ["backup.zst", "tinsach.db", "tinsach.db.before-restore"]);
    });
}

#[test]
fn a_new_database_in_a_folder_of_somebody_else_is_theirs() {
    run(async {
        let folder = closed(1).await;
        let backup = folder.path().join("backup.db");
        Store::backup_of(folder.path(), &backup).await.expect("copied");
        let theirs = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(theirs.path(), PermissionsExt::from_mode(0o750)).expect("set");
        if chown(theirs.path(), Some(12_345), Some(54_321)).is_err() {
            not_tested("this user may not give files away");
            return;
        }
        Store::restore(&backup, theirs.path()).await.expect("restored");
        let now = std::fs::metadata(theirs.path().join(FILE)).expect("there");
        assert_eq!((now.uid(), now.gid(), now.mode() & 0o777), (12_345, 54_321, 0o640));
    });
}

#[test]
fn a_restore_that_fails_leaves_everything_as_it_was() {
    run(async {
        let folder = closed(1).await;
        let to = tempfile::tempdir().expect("a folder");
        let newer = to.path().join("newer.db");
        Store::backup_of(folder.path(), &newer).await.expect("copied");
        let conn = rusqlite::Connection::open(&newer).expect("opened");
        conn.pragma_update(None, "user_version", 99).expect("set");
        drop(conn);
        let cut = to.path().join("cut.zst");
        Store::backup_of(folder.path(), &cut).await.expect("copied");
        let bytes = std::fs::read(&cut).expect("read");
        std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("written");
        let foreign = to.path().join("foreign.db");
        let conn = rusqlite::Connection::open(&foreign).expect("opened");
        conn.execute_batch("CREATE TABLE other (x); PRAGMA user_version = 1").expect("made");
        drop(conn);
        let before = std::fs::read(folder.path().join(FILE)).expect("read");
        let there = names(folder.path());
        for copy in [newer, cut, foreign, to.path().join("absent.db")] {
            let error = Store::restore(&copy, folder.path()).await.expect_err("refused");
            let told = error.to_string();
            assert!(told.contains(&copy.display().to_string()), "{told}");
            assert_eq!(names(folder.path()), there, "{told}");
            assert_eq!(std::fs::read(folder.path().join(FILE)).expect("read"), before, "{told}");
        }
        assert_eq!(count(folder.path()).await, 1);
    });
}

#[test]
fn an_older_database_is_copied_before_it_is_changed() {
    run(async {
        let folder = closed(1).await;
        let file = folder.path().join(FILE);
        let conn = rusqlite::Connection::open(&file).expect("opened");
        super::super::copies::before_migration(&conn, &file, 10).expect("copied");
        drop(conn);
        let store = Store::open(folder.path()).await.expect("opened");
        assert_eq!(store.forget_raw_pages(&source(), at(999), 9).await.expect("forgotten"), 1);
        let backups = names(&folder.path().join(BACKUPS));
        assert!(backups.len() == 1 && backups[0].starts_with("schema-10-"), "{backups:?}");
        store.close().await.expect("closed");
        Store::restore(&folder.path().join(BACKUPS).join(&backups[0]), folder.path())
            .await
            .expect("restored");
        assert_eq!(count(folder.path()).await, 1);
    });
}

#[test]
fn a_database_from_before_the_first_release_says_what_it_is_and_what_to_do() {
    run(async {
        let folder = closed(1).await;
        let conn = rusqlite::Connection::open(folder.path().join(FILE)).expect("opened");
        conn.execute_batch("ALTER TABLE source DROP COLUMN health; PRAGMA user_version = 8")
            .expect("made older");
        drop(conn);
        let before = std::fs::read(folder.path().join(FILE)).expect("read");
        let copy = folder.path().join("old.zst");
        let told = [
            Store::open(folder.path()).await.err(),
            Store::look(folder.path()).await.err(),
            Store::backup_of(folder.path(), &copy).await.err(),
            Store::restore(&folder.path().join(FILE), tempfile::tempdir().expect("a folder").path())
                .await
                .err(),
        ];
        for error in told {
            let told = error.expect("refused").to_string();
            assert!(told.contains("before the first release (schema 8,"), "{told}");
            assert!(told.contains("move it away"), "{told}");
        }
        assert_eq!(std::fs::read(folder.path().join(FILE)).expect("read"), before);
    });
}
