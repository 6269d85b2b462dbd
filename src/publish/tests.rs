use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use super::*;
use crate::config::{
    ArticleRules, Backfill, Config, Discover, Every, FetchConfig, Keep, KeepConfig, KeepRules, Listen,
    PublishConfig, Source,
};
use crate::model::{Article, ArticleId, Attachment, DateOrigin, Image, Key, Media, Origin, SourceId};

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).expect("a test URL")
}

pub(crate) fn source(id: &str, home: &str) -> Source {
    Source {
        extra_ca: None,
        id: SourceId::new(id),
        title: format!("Cổng tin tức {id} & <bạn bè>"),
        home: url(home),
        language: "vi".into(),
        time_zone: TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone that is bundled"),
        every: Every { min: Duration::from_secs(300), max: Duration::from_secs(21_600) },
        backfill: Backfill::All,
        discover: Discover::default(),
        article: ArticleRules::default(),
        keep: KeepRules::default(),
    }
}

pub(crate) fn config(public_url: &str, state_dir: &std::path::Path) -> Config {
    Config {
        listen: Listen::Tcp("127.0.0.1:0".parse().expect("an address")),
        public_url: url(public_url),
        state_dir: state_dir.to_owned(),
        fetch: FetchConfig {
            user_agent: "tinsach".into(),
            timeout: Duration::from_secs(1),
            max_body: 1 << 20,
            per_host: 1,
            gap: Duration::ZERO,
            allow_private: Vec::new(),
            trust: Vec::new(),
        },
        publish: PublishConfig { entries: 50, hubs: vec![url("https://hub.example/?a=1&b=2")], export: None },
        keep: KeepConfig { raw_pages: Keep::All, revisions: Keep::All, articles: Keep::All },
        sources: vec![source("haiphong", "https://portal.vn/"), source("khac", "https://khac.vn/tin/")],
        file: None,
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a test time")
}

/// An article as the portal of the tests has it; `post` is its id.
pub(crate) fn article(source: &str, post: u64, title: &str) -> Article {
    let source = SourceId::new(source);
    let published = at("2024-07-03T09:55:00Z") + jiff::SignedDuration::from_hours(post as i64);
    Article {
        id: ArticleId::mint(&source, &Key::Post(post)),
        key: Key::Post(post),
        source,
        url: url(&format!("https://portal.vn/bai-{post}.html")),
        title: title.into(),
        published,
        published_origin: DateOrigin::Given(Origin::Visible),
        updated: published,
        authors: vec!["Hoàng Tùng".into()],
        credit: None,
        categories: vec!["Y tế".into(), "Kinh tế/Biển".into()],
        tags: vec!["cảng biển".into()],
        language: "vi".into(),
        html: "<p>Đoạn một.</p>\n<figure><img src=\"https://portal.vn/a.jpg?x=1&amp;y=2\" alt=\"Cầu\"><figcaption>Cầu</figcaption></figure>".into(),
        text: "Đoạn một.".into(),
        images: vec![Image {
            url: url("https://portal.vn/a.jpg?x=1&y=\"2\"<"),
            alt: "Cầu <cảng> & \"bến\"".into(),
            width: Some(640),
            height: Some(480),
            caption: Some("Cầu".into()),
        }],
        attachments: vec![Attachment {
            url: url("https://portal.vn/kh.pdf?a=1&b=2"),
            title: "Kế hoạch & phụ lục".into(),
            mime: "application/pdf".into(),
            media: Media::Document,
            length: Some(123),
        }],
    }
}

/// What a portal, or whoever writes on it, can do to a feed.
pub(crate) fn hostile() -> Vec<Article> {
    let mut bad = article(
        "haiphong",
        1,
        "a\u{0}b\u{b}c\u{1b}[31m ]]> </title><script>x</script> &amp; \u{fffe}\u{ffff}",
    );
    bad.html = "<p>]]>\u{8}\u{202e}RTL\u{202c}\r\n\u{fffd}\u{1fffe}&amp;&lt;</p>".into();
    bad.text = "]]>\u{8} RTL".into();
    bad.authors = vec!["\u{1}".into(), "A\u{c}B".into()];
    bad.categories = vec!["Y tế".into(), "Y te".into(), "a/b".into(), "\"<&>'\n\t".into(), String::new()];
    let mut bare = article("haiphong", 2, "");
    bare.authors.clear();
    bare.html.clear();
    bare.text.clear();
    bare.images.clear();
    bare.attachments.clear();
    bare.categories.clear();
    bare.tags.clear();
    bare.published_origin = DateOrigin::FirstSeen;
    let mut long = article("khac", 3, &"dài ".repeat(2000));
    long.html = format!("<p>{}</p>", "một triệu chữ ".repeat(60_000));
    long.text = "một triệu chữ ".repeat(60_000);
    long.credit = Some("Cổng TTĐT".into());
    long.authors.clear();
    long.categories = (0..10_000).map(|n| format!("Mục {n}")).collect();
    vec![bad, bare, long]
}

fn entry(article: &Article) -> Entry<'_> {
    Entry { article, changed: article.updated, related: &[] }
}

fn feed_settings() -> FeedSettings {
    FeedSettings::new(&config("http://127.0.0.1:8480/", std::path::Path::new("/nowhere")))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("feeds are UTF-8")
}

fn haiphong(feed_settings: &FeedSettings) -> Channel<'_> {
    Channel::new(feed_settings, FeedName::Source(SourceId::new("haiphong")), None)
        .expect("a source of the tests")
}

/// Compares with `tests/data/publish/<name>.snap`; `INSTA_UPDATE=always` writes it anew.
fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../../tests/data/publish", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn atom_says_everything_that_is_known() {
    let (feed_settings, article) = (feed_settings(), article("haiphong", 7, "Cảng biển & bến"));
    let xml = text(Format::Atom.render(&haiphong(&feed_settings), &[entry(&article)], &[]));
    snapshot("atom", &xml.replace("><", ">\n<"));
}

#[test]
fn rss_says_everything_that_is_known() {
    let (feed_settings, article) = (feed_settings(), article("haiphong", 7, "Cảng biển & bến"));
    let xml = text(Format::Rss.render(&haiphong(&feed_settings), &[entry(&article)], &[]));
    snapshot("rss", &xml.replace("><", ">\n<"));
}

#[test]
fn json_says_everything_that_is_known() {
    let (feed_settings, article) = (feed_settings(), article("haiphong", 7, "Cảng biển & bến"));
    let json = text(Format::Json.render(&haiphong(&feed_settings), &[entry(&article)], &[]));
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    snapshot("json", &serde_json::to_string_pretty(&value).expect("JSON"));
}

#[test]
fn every_format_is_read_back_with_the_same_entries_in_the_same_order() {
    let feed_settings = feed_settings();
    let articles: Vec<Article> =
        hostile().into_iter().chain([article("haiphong", 9, "Tin <b>mới</b>")]).collect();
    let entries: Vec<Entry<'_>> = articles.iter().map(entry).collect();
    for format in Format::ALL {
        let bytes =
            format.render(&Channel::new(&feed_settings, FeedName::All, None).expect("all"), &entries, &[]);
        let feed = feed_rs::parser::parse(&bytes[..]).unwrap_or_else(|fault| panic!("{format:?}: {fault}"));
        let ids: Vec<&str> = feed.entries.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, articles.iter().map(|article| article.id.as_str()).collect::<Vec<_>>(), "{format:?}");
        for (entry, article) in feed.entries.iter().zip(&articles) {
            let title = entry.title.as_ref().map(|title| title.content.clone());
            assert_eq!(title.as_deref(), Some(title_of(article).as_str()), "{format:?}");
            let updated = entry.updated.or(entry.published).map(|time| time.timestamp());
            assert_eq!(updated, Some(article.updated.as_second()), "{format:?}");
        }
        let last = feed.entries.last().and_then(|entry| entry.content.as_ref());
        assert_eq!(last.and_then(|content| content.body.as_deref()), Some(articles[3].html.as_str()));
    }
}

#[test]
fn what_xml_cannot_hold_does_not_reach_a_feed() {
    let (feed_settings, articles) = (feed_settings(), hostile());
    let entries: Vec<Entry<'_>> = articles.iter().map(entry).collect();
    for format in [Format::Atom, Format::Rss] {
        let xml = text(format.render(&haiphong(&feed_settings), &entries, &[]));
        assert!(
            xml.chars().all(|c| matches!(c, '\n' | '\t' | ' '..='\u{fffd}' | '\u{10000}'..)),
            "{format:?}"
        );
        let mut reader = quick_xml::Reader::from_str(&xml);
        while reader.read_event().expect("well-formed") != quick_xml::events::Event::Eof {}
    }
}

#[test]
fn extension_attributes_are_escaped_once() {
    let (feed_settings, article) = (feed_settings(), article("haiphong", 7, "x"));
    for format in [Format::Atom, Format::Rss] {
        let xml = text(format.render(&haiphong(&feed_settings), &[entry(&article)], &[]));
        assert!(xml.contains("<media:thumbnail"), "{format:?}");
        assert!(xml.contains("a.jpg?x=1&amp;y=%222%22%3C"), "{format:?}: {xml}");
        assert!(!xml.contains("&amp;amp;y=%22") && !xml.contains("x=1&y"), "{format:?}");
    }
}

#[test]
fn another_public_url_changes_no_id() {
    let articles = hostile();
    let entries: Vec<Entry<'_>> = articles.iter().map(entry).collect();
    let ids = |public_url: &str| {
        let feed_settings = FeedSettings::new(&config(public_url, std::path::Path::new("/nowhere")));
        let atom = Format::Atom.render(&haiphong(&feed_settings), &entries, &[]);
        let feed = feed_rs::parser::parse(&atom[..]).expect("a feed");
        (feed.id, feed.entries.into_iter().map(|entry| entry.id).collect::<Vec<_>>())
    };
    assert_eq!(ids("http://127.0.0.1:8480/"), ids("https://tin.example.vn/news/"));
}

#[test]
fn the_same_articles_give_the_same_bytes_and_an_empty_feed_is_valid() {
    let (feed_settings, article) = (feed_settings(), article("haiphong", 7, "x"));
    for format in Format::ALL {
        assert_eq!(
            format.render(&haiphong(&feed_settings), &[entry(&article)], &[]),
            format.render(&haiphong(&feed_settings), &[entry(&article)], &[])
        );
        let empty = format.render(&haiphong(&feed_settings), &[], &[]);
        let feed = feed_rs::parser::parse(&empty[..]).expect("a feed");
        assert!(feed.entries.is_empty());
    }
    let empty = text(Format::Atom.render(&haiphong(&feed_settings), &[], &[]));
    assert!(
        empty.contains("<updated>1970-01-01T07:00:00+07:00</updated>")
            || empty.contains("1970-01-01T08:00:00+08:00"),
        "{empty}"
    );
}

#[test]
fn an_archive_says_where_it_stands_and_what_is_gone() {
    let (feed_settings, article) = (feed_settings(), article("haiphong", 7, "x"));
    let mut channel = haiphong(&feed_settings);
    let month = |text: &str| Some(text.to_owned());
    channel.archive = Archive { month: month("2024-07"), previous: month("2024-06"), next: month("2024-08") };
    let stone = Gone { id: "urn:uuid:1&2".into(), at: at("2024-08-01T00:00:00Z"), zone: channel.zone() };
    let xml = text(Format::Atom.render(&channel, &[entry(&article)], &[stone]));
    for part in [
        "<fh:archive/>",
        "xmlns:fh=\"http://purl.org/syndication/history/1.0\"",
        "<link href=\"http://127.0.0.1:8480/haiphong/archive/2024-07.atom\" rel=\"self\"",
        "<link href=\"http://127.0.0.1:8480/haiphong/archive/2024-06.atom\" rel=\"prev-archive\"",
        "<link href=\"http://127.0.0.1:8480/haiphong/archive/2024-08.atom\" rel=\"next-archive\"",
        "<link href=\"http://127.0.0.1:8480/haiphong.atom\" rel=\"current\"",
        "<at:deleted-entry ref=\"urn:uuid:1&amp;2\" when=\"2024-08-01T07:00:00+07:00\"/><entry>",
    ] {
        assert!(xml.contains(part), "{part} is missing in {xml}");
    }
}

#[test]
fn a_filtered_feed_has_its_own_id_and_a_working_address() {
    let feed_settings = feed_settings();
    let plain = haiphong(&feed_settings);
    let filtered = plain.clone().filtered("  cảng   biển&x=1 ", Some(10));
    assert_ne!(plain.id(), filtered.id());
    assert_eq!(filtered.id(), plain.clone().filtered("cảng biển&x=1", Some(10)).id());
    assert_eq!(
        filtered.address(Format::Atom),
        "http://127.0.0.1:8480/haiphong.atom?q=c%E1%BA%A3ng+bi%E1%BB%83n%26x%3D1&limit=10"
    );
}

#[test]
fn opml_lists_every_source_once() {
    snapshot("opml", &text(opml(&feed_settings())));
}

#[test]
fn an_edition_is_compressed_once_and_each_coding_has_its_own_validator() {
    let bytes = "một hai ba ".repeat(1000).into_bytes();
    let edition = Edition::new(media::TEXT, String::new(), None, bytes.clone());
    let etags: std::collections::HashSet<&str> =
        edition.bodies.iter().map(|body| body.etag.as_str()).collect();
    assert_eq!((edition.bodies.len(), etags.len()), (4, 4));
    assert_eq!(edition, Edition::new(media::TEXT, String::new(), None, bytes.clone()));
    let plain = |coding| {
        edition
            .bodies
            .iter()
            .find(|body| body.coding == coding)
            .map(|body| body.bytes.to_vec())
            .unwrap_or_default()
    };
    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut &plain(Coding::Brotli)[..], &mut unpacked).expect("brotli");
    assert_eq!(unpacked, bytes);
    assert_eq!(zstd::decode_all(&plain(Coding::Zstd)[..]).expect("zstd"), bytes);
    unpacked.clear();
    let gzip = plain(Coding::Gzip);
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&gzip[..]), &mut unpacked).expect("gzip");
    assert_eq!(unpacked, bytes);
    assert_eq!(Edition::new(media::TEXT, String::new(), None, b"kurz".to_vec()).bodies.len(), 1);
}
