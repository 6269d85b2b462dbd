//! Golden pages: `tests/pages/<slug>/page.html` with its address and what it must be read as.
//!
//! `tests/pages/<slug>/` holds `page.html`, `source.json` (`{"url", "fetched"}`) and `expected.json`. Every page that
//! once broke becomes such a folder. `TINSACH_RENEW=1 cargo test --test it pages` writes `expected.json` anew; what it
//! wrote is to be read by eye before it is committed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tinsach::app::offline::{Input, Reader};
use tinsach::config::{self, Environment};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let entries = fs::read_dir(&root).expect("tests/pages");
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a readable folder").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(folder: &Path) -> Value {
    let environment = Environment { state_directory: Some("/nowhere".into()), ..Environment::default() };
    let config = config::load(None, &environment).expect("the defaults are right");
    let source: Value =
        serde_json::from_str(&text(&folder.join("source.json"))).expect("source.json is JSON");
    let fetched =
        source["fetched"].as_str().and_then(|at| at.parse().ok()).expect("source.json has a `fetched` time");
    let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
    let url = source["url"].as_str().map(str::to_owned);
    let input = Input { id: name, url, html: text(&folder.join("page.html")) };
    serde_json::to_value(Reader::new(&config, fetched).read_or_say_why(&input)).expect("a record is JSON")
}

#[test]
fn golden_pages_read_as_expected() {
    let folders = folders();
    assert!(!folders.is_empty(), "tests/pages holds no page");
    let renew = std::env::var_os("TINSACH_RENEW").is_some();
    let mut faults = Vec::new();
    for folder in folders {
        let found = read(&folder);
        let golden = folder.join("expected.json");
        if renew {
            let pretty = serde_json::to_string_pretty(&found).expect("JSON");
            fs::write(&golden, pretty + "\n").expect("tests/pages can be written");
            continue;
        }
        let expected: Value = serde_json::from_str(&text(&golden)).expect("expected.json is JSON");
        let fields = expected
            .as_object()
            .expect("an object")
            .keys()
            .chain(found.as_object().expect("an object").keys());
        for field in fields.collect::<std::collections::BTreeSet<_>>() {
            if expected[field] != found[field] {
                faults.push(format!(
                    "{}: {field}\n    expected {}\n    found    {}",
                    folder.display(),
                    expected[field],
                    found[field]
                ));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} differences (TINSACH_RENEW=1 writes them anew):\n{}",
        faults.len(),
        faults.join("\n")
    );
}
