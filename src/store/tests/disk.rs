//! Full and read-only disks: what can be read is read, and what cannot be written is tried again.

use std::path::PathBuf;
use std::process::Command;

use super::*;

/// Says that a test could not be made, past the capture of what tests print.
pub(super) fn not_tested(why: &str) {
    use std::io::Write;
    writeln!(std::io::stderr(), "NOT TESTED: {why}").expect("stderr is there");
}

/// A small disk of its own, which goes with the value.
pub(crate) struct Disk {
    /// Where it is.
    pub(crate) at: PathBuf,
    _folder: tempfile::TempDir,
}

impl Disk {
    /// `None`, loudly, where this user may not mount one.
    pub(crate) fn small() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path().join("disk");
        std::fs::create_dir(&at).expect("a folder");
        let mut mount = Command::new("mount");
        let mount = mount.args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(&at).output();
        if !mount.is_ok_and(|done| done.status.success()) {
            not_tested("this user may not mount a disk");
            return None;
        }
        Some(Self { at, _folder: folder })
    }

    /// Makes it read-only, or writable again.
    pub(crate) fn read_only(&self, is: bool) {
        let how = if is { "remount,ro" } else { "remount,rw" };
        let done = Command::new("mount").args(["-o", how]).arg(&self.at).status().expect("mount runs");
        assert!(done.success(), "{how}");
    }

    /// Fills it to the last byte.
    pub(crate) fn fill(&self) {
        let full = std::fs::write(self.at.join("filler"), vec![0_u8; 4 << 20]).expect_err("a full disk");
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    }

    /// Frees what filled it.
    pub(crate) fn free(&self) {
        std::fs::remove_file(self.at.join("filler")).expect("removed");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.at).status().expect("umount runs");
    }
}

/// How a database is left.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Left {
    /// Closed in order.
    Closed,
    /// As a crash leaves it.
    Crashed,
    /// The same, copied without what can be made anew.
    Copied,
}

const ALL: [Left; 3] = [Left::Closed, Left::Crashed, Left::Copied];

/// A disk with a database that holds one article.
async fn with_one_article(left: Left) -> Option<Disk> {
    let disk = Disk::small()?;
    let live = tempfile::tempdir().expect("a folder");
    let store = Store::open(live.path()).await.expect("a store");
    put(&store, article(Key::Post(1), "/1.html", 0, &words(1)), &[], 10).await;
    if left == Left::Closed {
        store.clone().close().await.expect("closed");
    }
    for name in [FILE, "tinsach.db-wal", "tinsach.db-shm"] {
        let is_wanted = left != Left::Copied || !name.ends_with("-shm");
        if is_wanted && live.path().join(name).exists() {
            std::fs::copy(live.path().join(name), disk.at.join(name)).expect("copied");
        }
    }
    assert_eq!(disk.at.join("tinsach.db-wal").exists(), left != Left::Closed);
    assert_eq!(disk.at.join("tinsach.db-shm").exists(), left == Left::Crashed);
    Some(disk)
}

/// More than any small disk holds.
fn too_much() -> Vec<Candidate> {
    (0..9_000).map(|n| candidate(&format!("/{n}-{}", "x".repeat(600)))).collect()
}

#[test]
fn a_read_only_disk_is_read_and_written_again_when_it_can_be() {
    run(async {
        for left in ALL {
            let Some(disk) = with_one_article(left).await else { return };
            disk.read_only(true);
            let store = Store::open(&disk.at).await.expect("opened for reading");
            assert_eq!(all(&store).await.len(), 1, "{left:?}");
            let refused = store.offer(&source(), vec![candidate("/2.html")], at(20)).await;
            assert!(matches!(refused, Err(StoreError::Write(_))), "{refused:?}");
            let trouble = store.write_trouble().expect("a trouble");
            assert!(trouble.times >= 2 && trouble.since <= Timestamp::now(), "{trouble:?}");
            assert_eq!(all(&store).await.len(), 1, "still read after a write in vain");
            disk.read_only(false);
            let done = store.offer(&source(), vec![candidate("/2.html")], at(30)).await;
            assert_eq!(done.expect("offered").new, 1);
            assert_eq!(store.write_trouble(), None);
            put(&store, article(Key::Post(3), "/3.html", 60, &words(3)), &[], 40).await;
            assert_eq!(all(&store).await.len(), 2, "readers see what is written now");
            store.close().await.expect("closed");
            assert!(!disk.at.join("tinsach.db-wal").exists(), "nothing held the WAL back");
        }
    });
}

#[test]
fn a_disk_that_is_full_at_the_start_is_read_and_written_again_when_there_is_room() {
    run(async {
        for left in ALL {
            let Some(disk) = with_one_article(left).await else { return };
            disk.fill();
            let store = Store::open(&disk.at).await.expect("opened for reading");
            assert_eq!(all(&store).await.len(), 1, "{left:?}");
            let refused = store.offer(&source(), too_much(), at(20)).await;
            assert!(matches!(refused, Err(StoreError::Write(_))), "{refused:?}");
            assert!(store.write_trouble().is_some());
            disk.free();
            let done = store.offer(&source(), vec![candidate("/2.html")], at(30)).await;
            assert_eq!(done.expect("offered").new, 1);
            assert_eq!((store.write_trouble(), all(&store).await.len()), (None, 1));
        }
    });
}

#[test]
fn a_disk_that_fills_up_meanwhile_is_told_until_a_write_goes_well() {
    run(async {
        let Some(disk) = with_one_article(Left::Closed).await else { return };
        let store = Store::open(&disk.at).await.expect("opened");
        assert_eq!(store.write_trouble(), None);
        disk.fill();
        for seconds in 20..25 {
            let full = store.offer(&source(), too_much(), at(seconds)).await.expect_err("full");
            assert!(matches!(&full, StoreError::Write(why) if why.contains("free some space")), "{full:?}");
            assert_eq!(all(&store).await.len(), 1);
        }
        let trouble = store.write_trouble().expect("a trouble");
        assert!(trouble.error.to_string().contains("free some space"), "{trouble:?}");
        disk.free();
        let done = store.offer(&source(), vec![candidate("/2.html")], at(30)).await;
        assert_eq!((done.expect("offered").new, store.write_trouble()), (1, None));
    });
}

#[test]
fn neither_a_backup_nor_a_restore_without_room_leaves_a_trace() {
    run(async {
        let Some(disk) = with_one_article(Left::Closed).await else { return };
        let elsewhere = tempfile::tempdir().expect("a folder");
        let backup = elsewhere.path().join("backup.zst");
        Store::backup_of(&disk.at, &backup).await.expect("copied");
        let kept = Store::dated_backup_of(&disk.at, &disk.at.join(BACKUPS), 1, at(0)).await.expect("copied");
        disk.fill();
        let there = || {
            let files = std::fs::read_dir(&disk.at).expect("a folder");
            let is_ours = |name: &String| !name.ends_with("-wal") && !name.ends_with("-shm");
            let names = files.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8"));
            names.filter(is_ours).collect::<std::collections::BTreeSet<_>>()
        };
        let (before, bytes) = (there(), std::fs::read(disk.at.join(FILE)).expect("read"));
        let error = Store::backup_of(&disk.at, &disk.at.join("more.zst")).await.expect_err("no room");
        assert!(matches!(error, StoreError::Copy { .. }), "{error:?}");
        let folder = disk.at.join(BACKUPS);
        Store::dated_backup_of(&disk.at, &folder, 1, at(9)).await.expect_err("no room");
        assert!(kept.file.exists(), "the last good one is not removed for one that failed");
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1);
        let error = Store::restore(&backup, &disk.at).await.expect_err("no room");
        assert!(matches!(error, StoreError::Write(_)), "{error:?}");
        assert_eq!((there(), std::fs::read(disk.at.join(FILE)).expect("read")), (before, bytes));
        disk.free();
        let restored = Store::restore(&backup, &disk.at).await.expect("there is room");
        assert_eq!(restored.articles, 1);
    });
}

#[test]
fn a_folder_that_never_held_anything_and_cannot_be_written_is_refused() {
    run(async {
        let Some(disk) = Disk::small() else { return };
        disk.read_only(true);
        let error = Store::open(&disk.at).await.err().expect("refused").to_string();
        assert!(error.contains("state_dir must be a folder"), "{error}");
        disk.read_only(false);
        // Finished feeds are served without a database, and there is one as soon as there can be.
        std::fs::create_dir(disk.at.join("editions")).expect("a folder");
        std::fs::write(disk.at.join("editions/all.atom.edition"), "x").expect("written");
        disk.read_only(true);
        let store = Store::open(&disk.at).await.expect("opened without a database");
        assert!(store.newest(&Scope::All, 5).await.is_err());
        disk.read_only(false);
        assert_eq!(store.offer(&source(), vec![candidate("/1")], at(0)).await.expect("offered").new, 1);
        assert_eq!(all(&store).await, vec![]);
    });
}

#[test]
fn who_only_looks_creates_nothing_and_writes_nothing() {
    run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let error = Store::look(folder.path()).await.err().expect("no database").to_string();
        assert!(error.contains("tinsach.db"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
        let (store, folder) = on_disk().await;
        put(&store, article(Key::Post(1), "/1.html", 0, &words(1)), &[], 10).await;
        let beside = Store::look(folder.path()).await.expect("opened beside");
        assert_eq!(all(&beside).await.len(), 1);
        put(&store, article(Key::Post(2), "/2.html", 60, &words(2)), &[], 20).await;
        assert_eq!(all(&beside).await.len(), 2, "what is written meanwhile is seen");
        let refused = beside.offer(&source(), vec![candidate("/3")], at(30)).await;
        assert!(matches!(refused, Err(StoreError::Write(_))), "{refused:?}");
        beside.close().await.expect("closed");
        assert_eq!(store.offer(&source(), vec![candidate("/3")], at(30)).await.expect("offered").new, 1);
    });
}

#[test]
fn what_root_opens_still_belongs_to_whom_the_database_does() {
    use std::os::unix::fs::{MetadataExt, chown};
    run(async {
        let (store, folder) = on_disk().await;
        put(&store, article(Key::Post(1), "/1.html", 0, &words(1)), &[], 10).await;
        store.close().await.expect("closed");
        let everything = || {
            let files = std::fs::read_dir(folder.path()).expect("a folder");
            files.map(|file| file.expect("a file").path()).chain([folder.path().to_owned()])
        };
        if everything().any(|file| chown(&file, Some(12_345), Some(12_345)).is_err()) {
            not_tested("this user may not give files away");
            return;
        }
        let owners = || everything().map(|file| std::fs::metadata(file).expect("there").uid());
        let beside = Store::look(folder.path()).await.expect("opened");
        assert_eq!(all(&beside).await.len(), 1);
        assert!(owners().all(|owner| owner == 12_345), "while it is open for reading");
        beside.close().await.expect("closed");
        let store = Store::open(folder.path()).await.expect("opened");
        put(&store, article(Key::Post(2), "/2.html", 60, &words(2)), &[], 20).await;
        assert!(folder.path().join("tinsach.db-wal").exists());
        assert!(owners().all(|owner| owner == 12_345), "while it is open for writing");
        store.backup_into_state(folder.path()).await;
        assert!(owners().all(|owner| owner == 12_345), "after a backup");
        store.close().await.expect("closed");
        std::fs::remove_file(folder.path().join(FILE)).expect("removed");
        Store::open(folder.path()).await.expect("a new database").close().await.expect("closed");
        assert!(owners().all(|owner| owner == 12_345), "a new database");
    });
}

impl Store {
    async fn backup_into_state(&self, folder: &Path) {
        let copied = Self::dated_backup_of(folder, &folder.join(BACKUPS), 3, at(0)).await.expect("copied");
        use std::os::unix::fs::MetadataExt;
        assert_eq!(std::fs::metadata(&copied.file).expect("a copy").uid(), 12_345);
    }
}
