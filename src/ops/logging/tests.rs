//! What a line of the log says, in each of its forms.

use std::collections::BTreeMap;
use std::os::unix::net::UnixDatagram;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use super::address::{short_url, shorten_urls};
use super::filter::{MODULES, parse};
use super::format::{Format, Output, leads_to};
use super::journal::Journal;
use super::layer::{Entry, SentenceLayer};
use super::sentence::EventFields;

/// Keeps what events say.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<(tracing::Level, EventFields)>>>);

impl<S: tracing::Subscriber> Layer<S> for Kept {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut said = EventFields::default();
        event.record(&mut said);
        self.0.lock().expect("no panic").push((*event.metadata().level(), said));
    }
}

fn said(tell: impl FnOnce()) -> EventFields {
    let kept = Kept::default();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(kept.clone()), tell);
    let (_, said) = kept.0.lock().expect("no panic").pop().expect("an event");
    said
}

fn sentence(tell: impl FnOnce()) -> String {
    said(tell).sentence()
}

fn long() -> String {
    format!("https://thanhphohaiphong.gov.vn/{}/feed/", "rất-dài-".repeat(40))
}

#[test]
fn the_cause_comes_first_and_the_address_once_and_short() {
    let url = long();
    let line = sentence(|| {
        tracing::warn!(
            source = "haiphong",
            url,
            fault = "the portal answered 503",
            "asking again in 5 minutes"
        )
    });
    assert!(
        line.starts_with("haiphong: the portal answered 503; asking again in 5 minutes (https://"),
        "{line}"
    );
    assert!(line.ends_with("/feed/)") && line.chars().count() < 200, "{line}");
    assert_eq!(line.matches("https://").count(), 1, "{line}");
}

#[test]
fn an_address_at_the_beginning_of_a_cause_goes_to_the_end() {
    let url = long();
    let short = short_url(&url);
    let trouble = format!("{url}: {url} could not be fetched: the server answered 503");
    let line = sentence(|| tracing::warn!(source = "haiphong", trouble, "haiphong: failed, 0 new"));
    assert_eq!(
        line,
        format!("haiphong: could not be fetched: the server answered 503; failed, 0 new ({short})")
    );
    let same = sentence(|| tracing::warn!(source = "haiphong", url, trouble, "haiphong: failed, 0 new"));
    assert_eq!(line, same);
    let alone = sentence(|| tracing::info!("{url}"));
    assert_eq!(alone, short);
}

#[test]
fn an_address_within_a_cause_is_not_given_again() {
    let url = long();
    let line = sentence(|| tracing::warn!(url, fault = format!("redirected to {url}: a circle"), "not read"));
    assert_eq!(line, format!("redirected to {}: a circle; not read", short_url(&url)));
    let two = sentence(|| tracing::warn!(url, fault = "https://b.vn/x is gone", "not read"));
    assert_eq!(two, format!("https://b.vn/x is gone; not read ({})", short_url(&url)));
}

#[test]
fn the_source_is_not_said_twice() {
    let line = sentence(|| tracing::info!(source = "haiphong", "haiphong: ok, 3 new"));
    assert_eq!(line, "haiphong: ok, 3 new");
}

#[test]
fn errors_are_told_with_what_stands_behind_them() {
    #[derive(Debug, thiserror::Error)]
    #[error("the database cannot be written")]
    struct Outer(#[source] std::io::Error);
    let error = Outer(std::io::Error::other("no space left"));
    let line =
        sentence(|| tracing::error!(fault = &error as &(dyn std::error::Error + 'static), "nothing is kept"));
    assert_eq!(line, "the database cannot be written: no space left; nothing is kept");
}

#[test]
fn other_fields_follow_with_their_names() {
    let line = sentence(|| tracing::info!(connections = 3, folder = "/srv/a b", is_new = true, "stopping"));
    assert_eq!(line, "stopping connections=3 folder=\"/srv/a b\" is_new=true");
    let topic = long();
    let line = sentence(|| tracing::info!(topic, "told"));
    assert_eq!(line, format!("told topic={}", short_url(&topic)));
}

#[test]
fn what_a_portal_writes_makes_no_line_and_no_command_of_ours() {
    let why = "no\nERROR forged\r\n\u{1b}[2Jgone \u{202e}desrever\u{9b}31m";
    let line = sentence(|| tracing::info!(why, "held back"));
    assert_eq!(line, "no ERROR forged [2Jgone desrever 31m; held back");
}

#[test]
fn a_sentence_and_a_field_have_an_end() {
    let why = "ữ".repeat(100_000);
    let said = said(|| tracing::info!(why, "held back"));
    assert!(said.sentence().chars().count() <= 2001);
    let kept = said.fields[0].1.as_str().expect("a text");
    assert!(kept.len() <= 16 * 1024 + 3 && kept.ends_with('…'));
}

#[test]
fn addresses_are_shortened_in_the_middle() {
    let short = short_url(&long());
    assert_eq!(short.chars().count(), 100);
    assert!(short.starts_with("https://thanhphohaiphong.gov.vn/rất") && short.ends_with("/feed/"), "{short}");
    assert_eq!(short_url("https://a.vn/x"), "https://a.vn/x");
    let host = format!("https://{}.vn/feed/", "a".repeat(150));
    assert!(short_url(&host).ends_with(".vn/feed/") && short_url(&host).chars().count() == 100);
}

#[test]
fn addresses_are_found_within_a_sentence() {
    let url = long();
    let text = shorten_urls(&format!("redirected to {url}, then to ({url}): 302."));
    assert_eq!(text, format!("redirected to {0}, then to ({0}): 302.", short_url(&url)));
    for plain in ["a://b", "://", "http://", "https", "nothing here", "xhttp://a.vn (see https://b.vn/(c))"] {
        assert_eq!(shorten_urls(plain), plain);
    }
}

#[test]
fn levels_are_read_and_words_that_are_none_are_refused() {
    for right in
        ["info", "WARN", "warn,tinsach::fetch=debug", "tinsach=trace", "hyper=off", " info , a_b::c=warn "]
    {
        assert!(parse(right).is_ok(), "{right}");
    }
    for wrong in
        ["verbose", "tinsach", "info,all", "tinsach::fetsh=debug", "tinsach=loud", "=info", "a b=info", "3"]
    {
        let why = parse(wrong).expect_err(wrong);
        assert!(why.contains("debug") || why.contains("fetch"), "{wrong}: {why}");
    }
}

#[test]
fn a_level_of_a_part_holds_there_and_nowhere_else() {
    let targets = parse("warn,tinsach::fetch=debug").expect("right");
    assert!(targets.would_enable("tinsach::fetch::client", &tracing::Level::DEBUG));
    assert!(!targets.would_enable("tinsach::store", &tracing::Level::INFO));
    assert!(targets.would_enable("tinsach::store", &tracing::Level::WARN));
}

#[test]
fn the_parts_are_those_of_the_tree() {
    let lib = include_str!("../../lib.rs");
    let declared =
        |line: &'static str| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';');
    let found: Vec<&str> = lib.lines().filter_map(declared).collect();
    assert_eq!(found, MODULES);
}

#[test]
fn forms_are_read_by_their_names() {
    for name in Format::NAMES {
        assert!(name.parse::<Format>().is_ok(), "{name}");
    }
    let told = "xml".parse::<Format>().expect_err("no form").to_string();
    assert!(told.contains("json"), "{told}");
}

#[test]
fn stderr_is_the_journal_only_if_it_is_the_same_file() {
    let file = tempfile::tempfile().expect("a file");
    let stat = rustix::fs::fstat(&file).expect("a file");
    assert!(leads_to(&file, &format!("{}:{}", stat.st_dev, stat.st_ino)));
    assert!(!leads_to(&file, &format!("{}:{}", stat.st_dev, stat.st_ino + 1)));
    assert!(!leads_to(&file, ""));
}

fn entry<'a>(said: &'a EventFields, level: tracing::Level) -> Entry<'a> {
    let sentence = said.sentence();
    let time = "2026-03-01T05:06:07.123456Z".parse().expect("a time");
    let fields = &said.fields;
    Entry { time, level, target: "tinsach::fetch", file: Some("src/a.rs"), line: Some(7), sentence, fields }
}

#[test]
fn text_is_one_line_with_time_and_level() {
    let said = said(|| tracing::warn!(source = "haiphong", "the portal answered 503"));
    let line = entry(&said, tracing::Level::WARN).text(false);
    assert_eq!(line, "2026-03-01T05:06:07Z  WARN haiphong: the portal answered 503");
    assert!(entry(&said, tracing::Level::WARN).text(true).contains("\u{1b}[33m"));
}

#[test]
fn json_has_the_sentence_and_the_fields_whole() {
    let url = long();
    let told = said(|| {
        tracing::warn!(source = "haiphong", url, status = 503, level = "x", "the portal answered 503")
    });
    let line: Value = serde_json::from_str(&entry(&told, tracing::Level::WARN).json()).expect("JSON");
    assert_eq!(line["time"], "2026-03-01T05:06:07.123Z");
    assert_eq!(line["level"], "warn");
    assert_eq!(
        line["message"],
        format!("haiphong: the portal answered 503 ({}) status=503 level=x", short_url(&url))
    );
    assert_eq!((line["url"].as_str(), line["status"].as_u64()), (Some(url.as_str()), Some(503)));
    assert_eq!(line["field_level"], "x");
}

/// The fields of a datagram.
fn fields(mut datagram: &[u8]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    while !datagram.is_empty() {
        let end = datagram.iter().position(|byte| *byte == b'\n').expect("a name");
        let (name, rest) = (&datagram[..end], &datagram[end + 1..]);
        let length = u64::from_le_bytes(rest[..8].try_into().expect("a length")) as usize;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        found.insert(text(name), text(&rest[8..8 + length]));
        assert_eq!(rest[8 + length], b'\n');
        datagram = &rest[9 + length..];
    }
    found
}

#[test]
fn the_journal_gets_the_sentence_and_the_fields() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let hear = UnixDatagram::bind(&path).expect("a socket");
    let journal = Journal::at(&path).expect("a journal");
    let layer = SentenceLayer::new(Output::Journal(journal));
    let url = long();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        tracing::warn!(source = "haiphong", url, fault = "the portal answered 503", "asking again later");
    });
    let mut buffer = vec![0; 64 * 1024];
    let length = hear.recv(&mut buffer).expect("a datagram");
    let entry = fields(&buffer[..length]);
    let message = format!("haiphong: the portal answered 503; asking again later ({})", short_url(&url));
    assert_eq!(entry["MESSAGE"], message);
    assert_eq!(entry["PRIORITY"], "4");
    assert_eq!(entry["SYSLOG_IDENTIFIER"], "tinsach");
    assert_eq!((entry["TINSACH_SOURCE"].as_str(), entry["TINSACH_URL"].as_str()), ("haiphong", url.as_str()));
    assert_eq!(entry["TINSACH_FAULT"], "the portal answered 503");
    assert!(entry["CODE_FILE"].ends_with("tests.rs"));
}
