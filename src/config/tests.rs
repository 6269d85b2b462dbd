//! Tests of reading the configuration: the defaults, every kind of fault, and what no input may do.

mod trust;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::diagnostic::{Diagnostic, Document};
use super::load::read_all;
use super::main_file::Place;
use super::notes::Notes;
use super::*;

/// A machine with a state folder and no system file.
fn machine() -> Environment {
    Environment { state_directory: Some("/var/lib/tinsach".into()), ..Environment::default() }
}

/// A file of this package, relative to it: tests run in its folder.
fn data(name: &str) -> PathBuf {
    Path::new("tests/data/config").join(name)
}

const SHIPPED: &str = "config/tinsach.toml";

/// Loads what stands at `path`, without the path itself, which is all that may differ between equal configurations.
fn load_bare(path: &Path) -> Result<Config, Diagnostics> {
    load(Some(path), &machine()).map(|config| Config { file: None, ..config })
}

/// Reads a main file from its text, as if it stood beside the shipped one.
fn read_text(text: &str) -> Result<Config, Diagnostics> {
    let (file, environment) = (Path::new(SHIPPED), machine());
    let mut notes = Notes::default();
    let place = Place { file: Some(file), environment: &environment };
    let config = read_all(&Document::file(file, text), &place, &mut notes);
    if notes.faults.is_empty() {
        Ok(Config { file: None, ..config })
    } else {
        Err(Diagnostics::sorted(notes.faults))
    }
}

/// The source that `lines` make together with the keys that have to be there.
fn source_with(lines: &str) -> Result<Source, Diagnostics> {
    let needed = "id = \"a\"\ntitle = \"A\"\nhome = \"https://a.example/news/\"\nlanguage = \"vi\"\n\
                  timezone = \"Asia/Ho_Chi_Minh\"\n";
    read_source(Path::new("a.toml"), &format!("{needed}{lines}\n"))
}

#[test]
fn the_shipped_files_say_what_holds_without_them() {
    let embedded = load(None, &machine()).expect("the default inside the binary");
    assert_eq!(embedded.file, None);
    assert_eq!(load_bare(Path::new(SHIPPED)).expect("the shipped files"), embedded);
    let silent = read_text("").expect("a main file that says nothing");
    assert_eq!(silent, embedded);
}

#[test]
fn the_shipped_source_says_what_holds_without_it() {
    let shipped = load(None, &machine()).expect("the default inside the binary").sources.remove(0);
    let silent = source_with("").expect("a source that says only what it has to");
    assert_eq!(shipped.every, silent.every);
    assert_eq!(shipped.backfill, silent.backfill);
    assert_eq!(shipped.article.max_future, silent.article.max_future);
    assert_eq!(shipped.article.remove, silent.article.remove);
    assert_eq!(silent.article, ArticleRules::default());
    assert_eq!(silent.discover, Discover::default());
}

/// The text of a shipped file with the keys that are commented out put in force.
fn uncommented(text: &str) -> String {
    let is_example = |line: &&str| {
        line.strip_prefix("# ")
            .and_then(|rest| rest.split_once(" = "))
            .is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    };
    text.lines().map(|line| if is_example(&line) { &line[2..] } else { line }).collect::<Vec<_>>().join("\n")
}

/// Every key of a file, dotted.
fn keys(text: &str) -> BTreeSet<String> {
    fn walk(prefix: &str, table: &toml::Table, all: &mut BTreeSet<String>) {
        for (key, value) in table {
            match value {
                toml::Value::Table(inner) => walk(&format!("{prefix}{key}."), inner, all),
                _ => {
                    all.insert(format!("{prefix}{key}"));
                }
            }
        }
    }
    let mut all = BTreeSet::new();
    walk("", &text.parse().expect("TOML"), &mut all);
    all.remove("sources");
    all
}

#[test]
fn the_shipped_files_name_every_key_and_their_examples_are_right() {
    let main = uncommented(defaults::MAIN);
    let (config, source) = (read_text(&main).expect("the examples"), uncommented(defaults::SOURCES[0].1));
    assert_eq!(keys(&show(&config, &Origins::new())), keys(&main));
    // The one example that names a file is right beside that file.
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("haiphong-ca.pem"), trust::pem()).expect("room");
    let beside = folder.path().join("haiphong.toml");
    let read = read_source(&beside, &source).expect("the examples of the source");
    assert_eq!(keys(&source_toml(&read)), keys(&source));
}

#[test]
fn state_goes_where_the_machine_says() {
    let place = |state: Option<&str>, xdg: Option<&str>, home: Option<&str>| {
        let environment = Environment {
            state_directory: state.map(Into::into),
            xdg_state_home: xdg.map(Into::into),
            home: home.map(Into::into),
            ..Environment::default()
        };
        load(None, &environment).map(|config| config.state_dir.display().to_string()).ok()
    };
    assert_eq!(place(Some("/a:/b"), Some("/x"), Some("/h")).as_deref(), Some("/a"));
    assert_eq!(place(None, Some("/x"), Some("/h")).as_deref(), Some("/x/tinsach"));
    assert_eq!(place(Some(""), Some("x"), Some("/h")).as_deref(), Some("/h/.local/state/tinsach"));
    assert_eq!(place(None, None, None), None);
}

#[test]
fn the_system_file_is_used_if_it_is_there() {
    let with = |file: PathBuf| load(None, &Environment { system_file: Some(file), ..machine() });
    let found = with(data("rich/tinsach.toml")).expect("a file without fault");
    assert_eq!(found.file, Some(data("rich/tinsach.toml")));
    assert_eq!(with(data("absent.toml")).expect("the default").file, None);
    let named = load(Some(Path::new(SHIPPED)), &Environment { system_file: Some(data("main")), ..machine() });
    assert_eq!(named.expect("the file that is named").sources.len(), 1);
}

#[test]
fn every_key_is_read() {
    let config = load_bare(&data("rich/tinsach.toml")).expect("a file without fault");
    let folder = std::path::absolute(data("rich")).expect("a path");
    assert_eq!(config.public_url.as_str(), "https://news.example.org/tin/");
    assert_eq!(config.state_dir, folder.join("state"));
    assert_eq!(config.fetch.timeout, Duration::from_secs(90));
    assert_eq!(config.fetch.gap, Duration::from_millis(250));
    assert_eq!(config.fetch.max_body, 1_500_000);
    assert_eq!(config.publish.entries, 200);
    assert_eq!(config.keep.revisions, Keep::For(Duration::from_secs(14 * 24 * 60 * 60)));
    let [one, two] = config.sources.as_slice() else { panic!("two sources") };
    assert_eq!(one.language, "vi-VN");
    let Setting::Use(feeds) = &one.discover.feeds else { panic!("feeds") };
    assert_eq!(feeds[0].as_str(), "https://portal.example/feed/");
    assert_eq!(feeds[1].as_str(), "https://portal.example/news/extra.xml?a=1&b=2");
    assert_eq!((&one.discover.wp_json, &one.discover.sitemap), (&Setting::Forbidden, &Setting::Find));
    let Setting::Use(listings) = &one.discover.listings else { panic!("listings") };
    assert_eq!((&listings[0].category, &listings[1].category), (&None, &Some("Y tế".to_owned())));
    assert_eq!(two.home.as_str(), "http://127.0.0.1:8000/");
    assert_eq!(two.every.max, two.every.min, "one bound alone moves the other's default out of its way");
    assert_eq!(
        (two.backfill, one.backfill),
        (Backfill::All, Backfill::Within(Duration::from_secs(7_776_000)))
    );
}

#[test]
fn what_is_shown_reads_back_as_the_same() {
    for file in [PathBuf::from(SHIPPED), data("rich/tinsach.toml")] {
        let (config, origins) = load_traced(Some(&file), &machine()).expect("a file without fault");
        let shown = show(&config, &origins);
        assert_eq!(read_text(&shown).expect(&shown), Config { file: None, ..config.clone() }, "{shown}");
        for source in &config.sources {
            assert_eq!(read_source(&file, &source_toml(source)).expect("a source"), *source);
        }
    }
}

#[test]
fn what_is_shown_says_where_it_comes_from() {
    let (config, origins) = load_traced(None, &machine()).expect("the default");
    insta::with_settings!({ snapshot_path => "../../tests/data/config", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("shown-default", show(&config, &origins).replace(env!("CARGO_PKG_VERSION"), "VERSION"));
        let (mut config, origins) = load_traced(Some(&data("rich/tinsach.toml")), &machine()).expect("no fault");
        config.state_dir = "/state".into();
        insta::assert_snapshot!("shown-rich", show(&config, &origins));
    });
}

#[test]
fn every_kind_of_fault_has_its_place_and_a_hint() {
    for case in ["main", "sources", "broken", "nothing", "tables", "encoding", "absent"] {
        let faults = load_bare(&data(case).join("tinsach.toml")).expect_err(case);
        for fault in faults.iter() {
            assert!(fault.help().is_some(), "{case}: {}", fault.message());
        }
        insta::with_settings!({ snapshot_path => "../../tests/data/config", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(case, faults.render(false));
        });
    }
}

#[test]
fn files_of_other_editors_are_read() {
    let text = defaults::MAIN.replace('\n', "\r\n");
    let plain = read_text(defaults::MAIN).expect("the shipped file");
    assert_eq!(read_text(&text).expect("line ends of Windows"), plain);
    assert_eq!(read_text(&format!("\u{feff}{text}")).expect("a byte order mark"), plain);
}

#[test]
fn without_a_state_folder_the_way_out_is_said() {
    let faults = load(None, &Environment::default()).expect_err("nowhere to keep state").to_string();
    assert!(faults.contains("`state_dir` is missing") && faults.contains("help: name a folder"), "{faults}");
}

#[test]
fn colour_is_there_only_when_asked_for() {
    let faults = load_bare(&data("nothing/tinsach.toml")).expect_err("a fault");
    assert!(faults.render(true).contains("\u{1b}["));
    assert!(!faults.render(false).contains('\u{1b}'));
    assert_eq!(faults.to_string(), faults.render(false).trim_end());
}

#[test]
fn durations_have_one_spelling() {
    let every = |text: &str| {
        source_with(&format!("every = {{ min = \"1s\", max = \"{text}\" }}"))
            .map(|source| source.every.max.as_secs())
    };
    for (text, seconds) in
        [("1s", 1), ("1500ms", 1), ("90m", 5400), ("1h30m", 5400), ("2d", 172_800), ("1w", 604_800)]
    {
        assert_eq!(every(text).expect(text), seconds, "{text}");
    }
    for text in ["5 min", "5M", "5mo", "5", "-5m", "PT5M", "1y", "m", "5m ago", "0s", "999999999999d"] {
        let faults = every(text).expect_err(text);
        assert_eq!(faults.iter().map(Diagnostic::position).collect::<Vec<_>>(), [(6, 29)], "{text}");
    }
}

#[test]
fn a_source_may_keep_otherwise_than_the_others() {
    let main = KeepConfig { raw_pages: Keep::All, revisions: Keep::All, articles: Keep::All };
    let year = Keep::For(Duration::from_secs(365 * 24 * 60 * 60));
    let source = source_with("[keep]\narticles = \"365d\"").expect("a source");
    assert_eq!(source.keep.over(&main), KeepConfig { articles: year, ..main.clone() });
    assert_eq!(source_with("").expect("a source").keep.over(&main), main);
    assert!(source_toml(&source).contains("[keep]\narticles = \"365d\"\n"), "{}", source_toml(&source));
    let faults =
        source_with("[keep]\nartikles = \"1d\"\nrevisions = 30").expect_err("two faults").to_string();
    assert!(faults.contains("did you mean `articles`?") && faults.contains("`keep.revisions`"), "{faults}");
}

#[test]
fn home_may_be_moved_as_a_whole() {
    let lines = "[discover]\nfeeds = [\"/feed/\", \"rss.xml\"]\nlistings = [{ url = \"/\" }]";
    let text = source_toml(&source_with(lines).expect("a source"));
    let moved = text.replace("https://a.example/", "http://127.0.0.1:8000/");
    let source = read_source(Path::new("moved.toml"), &moved).expect("a source");
    let Setting::Use(feeds) = source.discover.feeds else { panic!("feeds") };
    assert_eq!(feeds[1].as_str(), "http://127.0.0.1:8000/news/rss.xml");
}

#[test]
fn the_server_can_be_reached_where_readers_are_sent() {
    let url =
        |address: &str| Listen::Tcp(address.parse().expect("an address")).default_public_url().to_string();
    assert_eq!(url("127.0.0.1:8480"), "http://127.0.0.1:8480/");
    assert_eq!(url("0.0.0.0:80"), "http://127.0.0.1/");
    assert_eq!(url("[::]:8480"), "http://[::1]:8480/");
    assert_eq!(Listen::Unix("/run/a.sock".into()).default_public_url().as_str(), "http://localhost/");
}

#[test]
fn what_follows_from_the_address_follows_from_the_one_that_is_kept() {
    let kept = Listen::Tcp("127.0.0.1:8480".parse().expect("an address"));
    let after = |lines: &str| {
        let mut config = read_text(&format!("listen = \"127.0.0.1:9999\"\n{lines}")).expect("right");
        config.keep_listening(&kept);
        (config.listen, config.public_url.to_string(), config.fetch.user_agent)
    };
    let (listen, public_url, user_agent) = after("");
    assert_eq!((&listen, public_url.as_str()), (&kept, "http://127.0.0.1:8480/"));
    assert!(user_agent.ends_with("(+http://127.0.0.1:8480/)"), "{user_agent}");
    let said = after("public_url = \"https://news.example/\"\n[fetch]\nuser_agent = \"me/1\"\n");
    assert_eq!(said, (kept.clone(), "https://news.example/".to_owned(), "me/1".to_owned()));
}

#[test]
fn the_server_may_listen_on_a_path() {
    let read = |value: &str| read_text(&format!("listen = \"{value}\"\n"));
    let config = read("unix:/run/tinsach/http.sock").expect("right");
    assert_eq!(config.listen, Listen::Unix("/run/tinsach/http.sock".into()));
    assert_eq!(config.public_url.as_str(), "http://localhost/");
    assert_eq!(read_text(&show(&config, &Origins::new())).ok(), Some(config));
    let long = format!("unix:/run/{}", "a".repeat(120));
    for wrong in ["unix:", "unix:http.sock", "unix:/run/", &long, "/run/http.sock", "localhost:80"] {
        let told = read(wrong).expect_err(wrong).render(false);
        assert!(
            told.contains("unix:/run/tinsach/http.sock") || told.contains("107 bytes"),
            "{wrong}: {told}"
        );
    }
}

/// One slip of an editor: a piece goes, and something else stands in its place.
fn slip(text: &mut String, at: usize, length: usize, new: &str) {
    let mut start = at % (text.len() + 1);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (start + length).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    text.replace_range(start..end, new);
}

#[test]
fn a_string_that_never_ends_is_shown_where_the_file_does() {
    let text = defaults::SOURCES[0].1.replace("title = \"", "title = \"\"\"");
    let faults = read_source(Path::new("haiphong.toml"), &text).expect_err("a string without an end");
    for fault in faults.iter() {
        let (line, column) = fault.position();
        let place = format!("haiphong.toml:{line}:{column}");
        assert!(faults.render(false).contains(&place), "{place} is not in {}", faults.render(false));
    }
}

proptest! {
    #[test]
    fn no_slip_makes_it_panic(
        slips in prop::collection::vec((0_usize..8000, 0_usize..12, "\\PC{0,3}|[\\[\\]{}=\"'#.,\n\r\t0-9-]{0,4}"), 1..6),
        source in any::<bool>(),
    ) {
        let mut text = if source { defaults::SOURCES[0].1 } else { defaults::MAIN }.to_owned();
        for (at, length, new) in &slips {
            slip(&mut text, *at, *length, new);
        }
        let faults = if source {
            read_source(Path::new("haiphong.toml"), &text).err()
        } else {
            match read_text(&text) {
                Ok(config) => {
                    prop_assert_eq!(read_text(&show(&config, &Origins::new())).ok(), Some(config));
                    None
                }
                Err(faults) => Some(faults),
            }
        };
        for fault in faults.iter().flat_map(Diagnostics::iter) {
            let (line, column) = fault.position();
            prop_assert!(line <= text.matches('\n').count() + 1);
            let place = format!("{}:{line}:{column}", fault.file());
            prop_assert!(Diagnostics::sorted(vec![fault.clone()]).render(false).contains(&place), "{place}");
        }
    }
}
