//! What the tests of every method share, and those of what the methods share: sites, dates, autodiscovery, merging, hostile input.

use std::sync::LazyLock;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use url::Url;

use super::*;
use crate::dates;
use crate::model::{Candidate, DiscoveryMethod, Document, Page, Validators};

static HOME: LazyLock<Url> = LazyLock::new(|| url("https://portal.vn/"));
static ZONE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone of the bundle"));

pub(super) fn url(text: &str) -> Url {
    Url::parse(text).expect("a test URL")
}

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().expect("a test time")
}

pub(super) fn context_of(home: &Url) -> Context<'_> {
    let max_future = Duration::from_secs(24 * 60 * 60);
    Context { home, time_zone: &ZONE, language: "vi", max_future, category: None }
}

pub(super) fn context() -> Context<'static> {
    context_of(&HOME)
}

pub(super) fn document(at: &str, body: impl Into<Vec<u8>>) -> Document {
    Document {
        requested: url(at),
        url: url(at),
        fetched: time("2024-07-05T01:00:00Z"),
        validators: Validators::default(),
        content_type: String::new(),
        total_pages: None,
        max_age: None,
        bytes: body.into(),
    }
}

pub(super) fn page(at: &str, html: impl Into<String>) -> Page {
    Page::offline(url(at), html.into(), time("2024-07-05T01:00:00Z"))
}

#[test]
fn a_site_has_twins_but_no_neighbours() {
    let home = url("https://www.portal.vn/tin-tuc/");
    for twin in
        ["http://portal.vn/a", "https://portal.vn:443/a", "http://www.portal.vn:443/a", "https://PORTAL.vn./"]
    {
        assert!(site::is_within(&url(twin), &home), "{twin}");
    }
    for other in [
        "https://portal.vn:8443/a",
        "https://cdn.portal.vn/a",
        "https://portal.vn.evil.example/",
        "ftp://portal.vn/a",
        "mailto:a@portal.vn",
        "https://example.vn/",
    ] {
        assert!(!site::is_within(&url(other), &home), "{other}");
    }
    assert!(site::is_within(&url("http://127.0.0.1:8900/x"), &url("https://127.0.0.1:8900/")));
    assert!(!site::is_within(&url("http://127.0.0.1/x"), &url("http://127.0.0.1:8900/")));
}

#[test]
fn the_spelling_that_answered_is_asked_for() {
    let answered = url("https://www.portal.vn/tin?x=1#top");
    let settled = site::settle(&url("http://user:pw@portal.vn/a.html?b=1&utm_source=z#c"), &answered);
    assert_eq!(settled.as_str(), "https://www.portal.vn/a.html?b=1");
    assert_eq!(site::settle(&url("http://other.vn/a"), &answered).as_str(), "http://other.vn/a");
}

#[test]
fn a_post_id_stands_alone() {
    assert_eq!(site::post_id(&url("https://a.vn/?p=7301")), Some(7301));
    assert_eq!(site::post_id(&url("https://a.vn/?post_type=tin&p=7301")), Some(7301));
    for other in ["https://a.vn/?p=0", "https://a.vn/?p=x", "https://a.vn/tin.php?id=7&p=2", "https://a.vn/"]
    {
        assert_eq!(site::post_id(&url(other)), None, "{other}");
    }
}

#[test]
fn dates_are_read_with_their_faults() {
    let context = context();
    let now = time("2024-07-05T01:00:00Z");
    for (text, moment) in [
        ("Wed, 03 Jul 2024 09:55:00 +0000", "2024-07-03T09:55:00Z"),
        ("Wed, 03 Jul 2024 16:55:00 +0700", "2024-07-03T09:55:00Z"),
        ("Mon, 03 Jul 2024 09:55:00 GMT", "2024-07-03T09:55:00Z"),
        ("Thurs, 3 July 2024 9:55:00 UTC", "2024-07-03T09:55:00Z"),
        ("Wed, 03 Jul 2024 16:55:00 GMT+7", "2024-07-03T09:55:00Z"),
        ("Wed, 03 Jul 2024 16:55:00 (GMT+07:00)", "2024-07-03T09:55:00Z"),
        ("03 Jul 2024 16:55:00", "2024-07-03T09:55:00Z"),
        ("Jul 3, 2024", "2024-07-02T17:00:00Z"),
        ("2024-07-03T16:55:00+07:00", "2024-07-03T09:55:00Z"),
        ("2024-07-03T16:55:00.123Z", "2024-07-03T16:55:00.123Z"),
        ("2024-07-03T16:55:00+0700", "2024-07-03T09:55:00Z"),
        ("2024-07-03T16:55+07:00", "2024-07-03T09:55:00Z"),
        ("2024-07-03T16:55Z", "2024-07-03T16:55:00Z"),
        ("2024-07-03 16:55:00", "2024-07-03T09:55:00Z"),
        ("2024-07-03T16:55:00", "2024-07-03T09:55:00Z"),
        ("2024-07-03", "2024-07-02T17:00:00Z"),
        ("2024-07", "2024-06-30T17:00:00Z"),
        ("2024", "2023-12-31T17:00:00Z"),
        ("03/07/2024 16:55", "2024-07-03T09:55:00Z"),
        ("2 giờ trước", "2024-07-04T23:00:00Z"),
    ] {
        assert_eq!(
            dates::read_w3c(text, &context.dates(now)).map(|read| read.at),
            Some(time(moment)),
            "{text}"
        );
    }
    for none in ["", "   ", "hôm nào đó", "0000-00-00T00:00:00", "20245", "32/13/2024"] {
        assert_eq!(dates::read_w3c(none, &context.dates(now)), None, "{none}");
    }
}

#[test]
fn text_is_squashed_composed_and_decoded_once() {
    assert_eq!(crate::text::normalize(" Ha\u{309}i \n\u{a0}Pho\u{300}ng\u{200b} "), "Hải Phòng");
    assert_eq!(text::title_from_html("A &#8211; B &amp;amp; C").as_deref(), Some("A – B &amp; C"));
    assert_eq!(text::title_from_html("<b>Tin</b> 5 < 6").as_deref(), Some("Tin 5 < 6"));
    assert_eq!(text::title_from_html(" <br> "), None);
    assert_eq!(text::words("Chùa Vẽ – Hoa linh cổ tự"), 6);
    assert_eq!(text::words("海防市人民委员会"), 1 + 4);
}

#[test]
fn doors_are_found() {
    let html = r#"<!DOCTYPE html><html lang="vi_VN"><head>
        <title>Trang chủ &#8211; Cổng tin tức Thành phố</title><meta name="generator" content="WordPress 6.4.5">
        <link rel="alternate" type="application/rss+xml" title="Dòng thông tin" href="http://portal.vn/feed/">
        <link rel="alternate" type="application/rss+xml" title="Dòng phản hồi" href="/comments/feed/">
        <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
        <link rel="alternate" hreflang="en" href="/en/"><link rel="sitemap" href="/sitemap.xml">
        <link rel="https://api.w.org/" href="https://portal.vn/wp-json/"></head><body>
        <nav><ul><li><a href="/category/thoi-su/">Thời sự</a></li><li><a href="/category/y-te">Y tế</a></li>
        <li><a href="/lien-he/">Liên hệ</a></li><li><a href="https://other.vn/">Khác</a></li></ul></nav>
        <p><a href="/chua-ve.html">Chùa Vẽ – Hoa linh cổ tự của thành phố</a></p></body></html>"#;
    let advertised = autodiscovery::find(&page("https://portal.vn/", html), &context()).expect("a page");
    assert_eq!(advertised.feeds, [url("https://portal.vn/feed/")]);
    assert_eq!(advertised.wp_api, Some(url("https://portal.vn/wp-json/")));
    assert_eq!(advertised.sitemaps, [url("https://portal.vn/sitemap.xml")]);
    assert_eq!(advertised.language.as_deref(), Some("vi-VN"));
    assert_eq!(advertised.site_name.as_deref(), Some("Cổng tin tức Thành phố"));
    assert_eq!(advertised.generator.as_deref(), Some("WordPress 6.4.5"));
    let names: Vec<&str> = advertised.sections.iter().map(|section| section.name.as_str()).collect();
    assert_eq!(names, ["Thời sự", "Y tế"]);
}

#[test]
fn the_api_is_found_in_the_link_header_and_never_elsewhere() {
    let mut front = page("https://portal.vn/", "<p>x");
    front.links = vec![
        ("https://api.w.org/".to_owned(), url("https://evil.example/wp-json/")),
        ("https://api.w.org/".to_owned(), url("http://portal.vn/?rest_route=/")),
    ];
    let advertised = autodiscovery::find(&front, &context()).expect("a page");
    assert_eq!(advertised.wp_api, Some(url("https://portal.vn/?rest_route=/")));
    let usual = autodiscovery::usual_sitemaps(&url("https://portal.vn/tin/"));
    assert_eq!(usual[0].as_str(), "https://portal.vn/sitemap.xml");
    assert_eq!(
        autodiscovery::usual_feeds(&url("https://portal.vn/tin/"))[0].as_str(),
        "https://portal.vn/tin/feed/"
    );
}

fn candidate(at: &str, method: DiscoveryMethod) -> Candidate {
    Candidate::new(url(at), method, url("https://portal.vn/list"))
}

#[test]
fn methods_are_merged_field_by_field() {
    let mut api = candidate("https://portal.vn/a.html", DiscoveryMethod::WpJson);
    api.post_id = Some(5);
    api.title = Some("Của API".to_owned());
    api.categories = vec!["Y tế".to_owned()];
    api.published = Some(time("2024-07-03T00:00:00Z"));
    let mut listing = candidate("https://www.portal.vn/a.html?utm_source=x", DiscoveryMethod::Listing);
    listing.title = Some("Của trang".to_owned());
    listing.categories = vec!["Thời sự".to_owned(), "Y tế".to_owned()];
    let mut feed = candidate("https://portal.vn/?p=5", DiscoveryMethod::Feed);
    feed.post_id = Some(5);
    feed.authors = vec!["Ban Biên tập".to_owned()];
    feed.published = Some(time("2020-01-01T00:00:00Z"));
    let mut older = candidate("https://portal.vn/b.html", DiscoveryMethod::Sitemap);
    older.updated = Some(time("2024-07-01T00:00:00Z"));
    let undated = [
        candidate("https://portal.vn/c.html", DiscoveryMethod::Listing),
        candidate("https://portal.vn/d.html", DiscoveryMethod::Listing),
    ];
    let all = vec![listing, undated[0].clone(), undated[1].clone(), feed, older, api];
    let merged = merge::merge(all);
    let urls: Vec<&str> = merged.iter().map(|candidate| candidate.url.path()).collect();
    assert_eq!(urls, ["/b.html", "/a.html", "/d.html", "/c.html"]);
    let joined = &merged[1];
    assert_eq!(joined.method, DiscoveryMethod::WpJson);
    assert_eq!(joined.title.as_deref(), Some("Của API"));
    assert_eq!(joined.authors, ["Ban Biên tập"]);
    assert_eq!(joined.categories, ["Y tế", "Thời sự"]);
    assert_eq!(joined.published, Some(time("2024-07-03T00:00:00Z")));
}

#[test]
fn merging_does_not_depend_on_the_order_of_the_methods() {
    let mut all = vec![
        candidate("https://portal.vn/a", DiscoveryMethod::Feed),
        candidate("https://portal.vn/b", DiscoveryMethod::Sitemap),
    ];
    all[0].post_id = Some(1);
    let mut bridge = candidate("https://portal.vn/b", DiscoveryMethod::WpJson);
    bridge.post_id = Some(1);
    all.push(bridge);
    for _ in 0..all.len() {
        all.rotate_left(1);
        let merged = merge::merge(all.clone());
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].method, DiscoveryMethod::WpJson);
    }
}

/// Pieces that make junk look like what the readers expect.
fn junk() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "<rss version=\"2.0\">", "<channel>", "<item>", "</item>", "<link>", "</link>", "<![CDATA[", "]]>", "&", "&amp;",
            "&#8211;", "&#xD800;", "&nope;", "<feed xmlns=\"http://www.w3.org/2005/Atom\">", "<entry>", "</entry>", "<title>",
            "</title>", "<urlset>", "<url>", "</url>", "<loc>", "</loc>", "<sitemapindex>", "<sitemap>", "<lastmod>", "2024-07",
            "<html>", "<a href=\"/x-y-z-t.html\">", "<a href='?page=2'>", "</a>", "2", "<ul>", "<li>", "</li>", "<div class=nav>",
            "</div>", "<h3>", "<table><tr><td>", "<time datetime=", "<script>", "<!--", "-->", "<noscript>", "<template>", "<svg>",
            "[", "]", "{", "}", "\"id\":", "1", ",", "\"link\":\"https://portal.vn/a\"", "https://portal.vn/a\n", "<?xml version=\"1.0\"?>",
            "<base href=\"//[\">", "\u{feff}", "Trang sau", "03/07/2024", "<p>", "</p>", "<a href=\"http://[::1\">", "<guid>",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn junk_never_panics(bytes in junk()) {
        let context = context();
        let given = document("https://portal.vn/x", bytes.clone());
        let mut found = Vec::new();
        if let Ok(read) = feed::read(&given, &context) { found.extend(read.candidates); }
        if let Ok(read) = sitemap::read(&given, &context) { found.extend(read.urls); }
        if let Ok(read) = wp_json::posts(&given, &context, &wp_json::Names::new()) { found.extend(read.candidates); }
        prop_assert!(wp_json::categories(&given).is_ok() || wp_json::categories(&given).is_err());
        let shown = page("https://portal.vn/x", String::from_utf8_lossy(&bytes).into_owned());
        if let Ok(read) = listing::read(&shown, &context) { found.extend(read.candidates); }
        if let Ok(advertised) = autodiscovery::find(&shown, &context) { prop_assert!(advertised.sections.len() < 100); }
        for candidate in &found {
            prop_assert!(site::is_within(&candidate.url, context.home));
            prop_assert!(candidate.url.fragment().is_none());
        }
        let count = found.len();
        prop_assert!(merge::merge(found).len() <= count);
    }

    #[test]
    fn any_text_is_read_as_a_date_or_not(text in "\\PC{0,60}") {
        let read = dates::read_w3c(&text, &context().dates(time("2024-07-05T01:00:00Z")));
        prop_assert!(read.is_none_or(|read| read.at > Timestamp::MIN));
    }
}
