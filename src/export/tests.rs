use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;

use super::*;
use crate::publish::tests::config;
use crate::serve::tests::{commit, several, take_down};

/// Every file of a folder with its content and time, by relative path.
fn files(root: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).expect("inside").display().to_string();
            let time = path.metadata().and_then(|data| data.modified()).expect("a time");
            files.insert(name, (std::fs::read(&path).expect("a file"), time));
        }
    }
    files
}

struct World {
    config: Arc<Config>,
    store: Store,
    folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Arc::new(config("http://tin.example/", &folder.path().join("state")));
        let store = Store::in_memory().await.expect("a store");
        for article in several("haiphong", 1..4) {
            commit(&store, article).await;
        }
        Self { config, store, folder }
    }

    fn copy(&self) -> std::path::PathBuf {
        self.folder.path().join("copy")
    }

    async fn follow(&self, followed: &mut Followed) -> Exported {
        let haiphong = SourceId::new("haiphong");
        source(&self.config, &self.store, &self.copy(), &haiphong, followed).await.expect("a copy")
    }

    async fn all(&self) -> Exported {
        all(&self.config, &self.store, &self.copy()).await.expect("a copy")
    }
}

#[tokio::test]
async fn a_copy_holds_everything_with_its_compressed_siblings() {
    let world = World::new().await;
    let done = world.all().await;
    assert_eq!((done.seen, done.removed), (done.written, 0));
    let files = files(&world.copy());
    for name in [
        "index.html",
        "all.atom",
        "haiphong.rss",
        "khac.json",
        "sources.opml",
        "static/style.css",
        "haiphong/index.html",
        "haiphong/3/index.html",
        "haiphong/c/index.html",
        "haiphong/c/y-te.atom",
        "haiphong/c/y-te/index.html",
        "haiphong/archive/2024-07.atom",
        "haiphong/archive/2024-07/index.html",
    ] {
        let (plain, _) = files.get(name).unwrap_or_else(|| panic!("{name} is missing: {:?}", files.keys()));
        let (zst, _) = &files[&format!("{name}.zst")];
        assert_eq!(&zstd::decode_all(&zst[..]).expect("zstd"), plain, "{name}");
        assert!(files.contains_key(&format!("{name}.gz")) && files.contains_key(&format!("{name}.br")));
    }
    assert!(!files.contains_key("static/icon.png.gz"));
    assert!(files.keys().all(|name| !name.ends_with(".new")));
    let page = String::from_utf8_lossy(&files["haiphong/3/index.html"].0).into_owned();
    assert!(!page.contains("<form"), "nothing can search a copy");
    let feed = feed_rs::parser::parse(&files["haiphong.atom"].0[..]).expect("a feed");
    assert_eq!(feed.entries.len(), 3);
    assert!(feed.links.iter().any(|link| link.rel.as_deref() == Some("prev-archive")));
}

#[tokio::test]
async fn a_second_copy_writes_only_what_changed() {
    let world = World::new().await;
    world.all().await;
    let before = files(&world.copy());
    let again = world.all().await;
    assert_eq!((again.written, again.removed), (0, 0));
    commit(&world.store, several("haiphong", 7..8).remove(0)).await;
    let mut followed = Followed::since(Timestamp::now());
    let done = world.follow(&mut followed).await;
    assert!(done.written > 0 && done.written < done.seen, "{done:?}");
    let after = files(&world.copy());
    assert_eq!(before["haiphong/3/index.html"], after["haiphong/3/index.html"]);
    assert_eq!(before["khac.atom"], after["khac.atom"]);
    assert_ne!(before["haiphong.atom"].0, after["haiphong.atom"].0);
    assert_ne!(before["all.json.br"].0, after["all.json.br"].0);
    assert!(after.contains_key("haiphong/7/index.html"));
    let whole = world.all().await;
    assert_eq!((whole.written, whole.removed), (0, 0), "a copy after a visit leaves nothing to do");
}

#[tokio::test]
async fn a_copy_after_a_visit_holds_every_article_of_a_long_backfill() {
    let world = World::new().await;
    let mut followed = Followed::since(Timestamp::now());
    world.all().await;
    // More than any feed holds, in months that were not there before.
    for (place, mut article) in (0_i64..).zip(several("haiphong", 100..360)) {
        article.published = Timestamp::from_second(1_500_000_000 + place * 86_400).expect("a time");
        commit(&world.store, article).await;
    }
    world.follow(&mut followed).await;
    let files = files(&world.copy());
    for name in ["haiphong/100/index.html", "haiphong/359/index.html", "haiphong/archive/2017-07.atom"] {
        assert!(files.contains_key(name), "{name}");
    }
    assert_eq!(world.all().await.written, 0, "nothing is left to do");
    assert_eq!(world.follow(&mut followed).await.written, 0);
}

#[tokio::test]
async fn a_copy_after_a_visit_loses_what_was_taken_down() {
    let world = World::new().await;
    let mut old = several("haiphong", 50..51).remove(0);
    old.published = Timestamp::from_second(1_500_000_000).expect("a time");
    commit(&world.store, old.clone()).await;
    let mut followed = Followed::since(Timestamp::now());
    world.all().await;
    assert!(files(&world.copy()).contains_key("haiphong/archive/2017-07.atom.gz"));
    take_down(&world.store, &old).await;
    assert!(world.follow(&mut followed).await.removed >= 2);
    let files = files(&world.copy());
    assert!(
        !files.keys().any(|name| name.contains("2017-07") || name.contains("haiphong/50")),
        "{:?}",
        files.keys()
    );
    let (archive, _) = &files["haiphong/archive/2024-07.atom"];
    assert!(!String::from_utf8_lossy(archive).contains("2017-07"), "it links to what is there");
    assert_eq!(world.all().await, Exported { seen: world.all().await.seen, written: 0, removed: 0 });
}

#[tokio::test]
async fn what_is_gone_is_removed_and_nothing_of_others_is() {
    let world = World::new().await;
    world.all().await;
    std::fs::write(world.copy().join("robots.txt"), "theirs").expect("a file");
    std::fs::write(world.folder.path().join("outside"), "theirs").expect("a file");
    let list = world.copy().join(".tinsach-export");
    let names = std::fs::read_to_string(&list).expect("the list");
    std::fs::write(&list, format!("{names}\n../outside\n.hidden\nhaiphong/99/index.html")).expect("a list");
    std::fs::create_dir(world.copy().join("haiphong/99")).expect("a folder");
    std::fs::write(world.copy().join("haiphong/99/index.html"), "old").expect("a file");
    std::fs::write(world.copy().join("haiphong/99/index.html.gz"), "old").expect("a file");
    assert_eq!(world.all().await.removed, 1);
    assert!(!world.copy().join("haiphong/99").exists());
    assert!(world.copy().join("robots.txt").exists() && world.folder.path().join("outside").exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    let world = World::new().await;
    std::fs::write(world.copy(), "a file in the way").expect("a file");
    let fault = all(&world.config, &world.store, &world.copy()).await.expect_err("no copy");
    assert!(fault.to_string().contains(&world.copy().display().to_string()), "{fault}");
}
