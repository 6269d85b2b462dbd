//! Feeds as portals really send them.

use std::time::Duration;

use super::{FeedRead, Mended, read};
use crate::discover::tests::{context, document, time, url};
use crate::discover::{Context, DiscoverError};

fn rss(items: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Cổng</title>
        <link>https://portal.vn/</link><description>x</description>{items}</channel></rss>"#
    )
}

fn read_body(body: impl Into<Vec<u8>>) -> FeedRead {
    read(&document("https://portal.vn/feed/", body), &context()).expect("a feed")
}

#[test]
fn a_wordpress_item_is_read_whole() {
    let feed = read_body(rss(
        r#"<ttl>60</ttl><item><title>Hải Phòng &amp;#8211; &#8220;Đất cảng&#8221; R&#038;D</title>
        <link>http://portal.vn/chua-ve.html?utm_source=rss</link><dc:creator><![CDATA[Ban Biên tập]]></dc:creator>
        <pubDate>Wed, 03 Jul 2024 09:55:00 +0000</pubDate><category><![CDATA[Y tế]]></category><category>Y tế</category>
        <guid isPermaLink="false">https://portal.vn/?p=7301</guid><description><![CDATA[Tóm tắt [&#8230;]]]></description>
        <content:encoded><![CDATA[<p>Toàn văn “[…]” bài viết.</p>]]></content:encoded></item>"#,
    ));
    assert_eq!(feed.ttl, Some(Duration::from_secs(3600)));
    assert_eq!(feed.mended, None);
    let item = &feed.candidates[0];
    assert_eq!(item.url, url("https://portal.vn/chua-ve.html"));
    assert_eq!(item.title.as_deref(), Some("Hải Phòng – “Đất cảng” R&D"));
    assert_eq!(item.post_id, Some(7301));
    assert_eq!(item.published, Some(time("2024-07-03T09:55:00Z")));
    assert_eq!(item.authors, ["Ban Biên tập"]);
    assert_eq!(item.categories, ["Y tế"]);
    assert_eq!(item.content.as_deref(), Some("<p>Toàn văn “[…]” bài viết.</p>"));
}

#[test]
fn an_excerpt_is_no_content() {
    let item = |content: &str| rss(&format!("<item><link>/a</link>{content}</item>"));
    let long = format!("<p>{0}</p><p>{0}</p><p>{0}</p>", "chữ ".repeat(200));
    for (content, whole) in [
        ("<description>Tóm tắt</description>".to_owned(), false),
        (format!("<description><![CDATA[{long}]]></description>"), true),
        (format!("<description><![CDATA[{long}…]]></description>"), false),
        ("<content:encoded><![CDATA[<p>Đầu bài [&hellip;]</p>]]></content:encoded>".to_owned(), false),
        (
            "<content:encoded><![CDATA[<p>Đầu</p> <a href='/a'>Đọc tiếp &raquo;</a>]]></content:encoded>"
                .to_owned(),
            false,
        ),
        ("<description>x</description><content:encoded>x</content:encoded>".to_owned(), false),
        ("<content:encoded> </content:encoded>".to_owned(), false),
    ] {
        assert_eq!(read_body(item(&content)).candidates[0].content.is_some(), whole, "{content:.80}");
    }
}

#[test]
fn dates_of_any_kind_are_kept() {
    let feed = read_body(rss("<item><link>/a</link><pubDate>03/07/2024 16:55</pubDate></item>
         <item><link>/b</link><pubDate>Wed, 03 Jul 2024 16:55:00 GMT+7</pubDate></item>
         <item><link>/c</link><pubDate>hôm nào</pubDate></item><item><link>/d</link></item>"));
    let dates: Vec<_> = feed.candidates.iter().map(|item| item.published).collect();
    let right = Some(time("2024-07-03T09:55:00Z"));
    assert_eq!(dates, [right, right, None, None]);
}

#[test]
fn zones_are_read_by_name_as_on_pages() {
    let zones = [
        ("16:55:00 ICT", "09:55:00"),
        ("16:55:00 VNT", "09:55:00"),
        ("18:55:00 JST", "09:55:00"),
        ("11:55:00 CEST", "09:55:00"),
        ("16:55:00 +0700", "09:55:00"),
        ("16:55:00 GMT+7", "09:55:00"),
        ("05:55:00 EDT", "09:55:00"),
        ("09:55:00 GMT", "09:55:00"),
        // An unknown name is the portal's own: its zone is that of the source.
        ("16:55:00 XYZ", "09:55:00"),
    ];
    let item = |(at, (clock, _)): (usize, &(&str, &str))| {
        format!("<item><link>/{at}</link><pubDate>Wed, 03 Jul 2024 {clock}</pubDate></item>")
    };
    let feed = read_body(rss(&zones.iter().enumerate().map(item).collect::<String>()));
    for (item, (clock, utc)) in feed.candidates.iter().zip(zones) {
        assert_eq!(item.published, Some(time(&format!("2024-07-03T{utc}Z"))), "{clock}");
    }
    assert_eq!(feed.candidates.len(), zones.len());
}

#[test]
fn what_names_no_place_is_left_and_said() {
    let feed = read_body(rss(
        "<item><title>Không link</title></item><item><title>Nơi khác</title><link>https://other.vn/a</link></item>
         <item><link>/a</link></item><item><link>https://portal.vn/a/#x</link></item>
         <item><title>Chỉ guid</title><guid>https://portal.vn/b</guid></item><item><guid>12345</guid></item>
         <item><link>https://proxy.example/1</link><guid isPermaLink='false'>https://portal.vn/?p=9</guid></item>
         <item><link>https://portal.vn/</link></item>",
    ));
    let urls: Vec<&str> = feed.candidates.iter().map(|item| item.url.as_str()).collect();
    assert_eq!(urls, ["https://portal.vn/a", "https://portal.vn/b", "https://portal.vn/?p=9"]);
    assert_eq!(feed.skipped.len(), 5, "{:?}", feed.skipped);
    assert!(feed.skipped[0].contains("Không link") && feed.skipped[1].contains("https://other.vn/a"));
}

#[test]
fn a_shared_or_foreign_guid_is_not_believed() {
    let feed = read_body(rss("<item><link>/a</link><guid>https://portal.vn/?p=1</guid></item>
         <item><link>/b</link><guid>https://portal.vn/?p=1</guid></item>
         <item><link>/c</link><guid>http://old.example/?p=7</guid></item>
         <item><link>/d</link><guid>http://www.portal.vn/?p=8</guid></item>"));
    let ids: Vec<_> = feed.candidates.iter().map(|item| item.post_id).collect();
    assert_eq!(ids, [None, None, None, Some(8)]);
    assert!(feed.skipped.iter().any(|reason| reason.contains("?p=1")));
}

#[test]
fn atom_and_json_feeds_page() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>t</title><link rel="next" href="?trang=2"/>
        <entry><id>tag:1</id><title type="html">A &amp;amp; B</title><link rel="alternate" href="/a"/><link rel="replies" href="/r"/>
        <published>2024-07-03T16:55:00+07:00</published><updated>2024-07-04T00:00:00Z</updated>
        <category term="y-te" label="Y tế"/><author><name>CAO MINH</name></author><content type="html">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>"#;
    let feed = read_body(atom);
    assert_eq!(feed.next, Some(url("https://portal.vn/feed/?trang=2")));
    let item = &feed.candidates[0];
    assert_eq!((item.title.as_deref(), item.content.as_deref()), (Some("A & B"), Some("<p>x</p>")));
    assert_eq!(item.updated, Some(time("2024-07-04T00:00:00Z")));
    assert_eq!(
        (item.categories.as_slice(), item.authors.as_slice()),
        (&["Y tế".to_owned()][..], &["CAO MINH".to_owned()][..])
    );
    let archived = atom.replace("rel=\"next\"", "rel=\"prev-archive\"");
    assert_eq!(read_body(archived).next, Some(url("https://portal.vn/feed/?trang=2")));
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"t","next_url":"/feed.json?p=2","items":[
        {"id":"1","url":"https://portal.vn/a","title":"A","content_html":"<html> x","date_published":"2024-07-03T16:55:00+07:00"},
        {"id":"2","url":"https://portal.vn/b","content_text":"Một\n\nHai < 3"}]}"#;
    let feed = read_body(format!("\u{feff}{json}"));
    assert_eq!(feed.next, Some(url("https://portal.vn/feed.json?p=2")));
    assert_eq!(feed.candidates[0].published, Some(time("2024-07-03T09:55:00Z")));
    assert_eq!(feed.candidates[1].content.as_deref(), Some("<p>Một</p>\n<p>Hai &lt; 3</p>\n"));
}

#[test]
fn broken_feeds_are_mended_as_far_as_nothing_is_guessed() {
    let whole = rss("<item><title>A & B</title><link>/a?x=1&y=2</link></item><item><link>/b</link></item>");
    let feed = read_body(whole.clone());
    assert_eq!((feed.mended, feed.candidates.len()), (Some(Mended::BareAmpersand), 2));
    assert_eq!(feed.candidates[0].title.as_deref(), Some("A & B"));
    let cut = &whole[..whole.find("/b</link>").expect("the second item")];
    let feed = read_body(cut);
    assert_eq!((feed.mended, feed.candidates.len()), (Some(Mended::CutEnd), 1));
    let bare = "<rss><channel><title>x</title><item><link>/a</link></item></channel></rss>";
    assert_eq!(read_body(bare).mended, Some(Mended::NoVersion));
    let notice = format!("<br />\n<b>Notice</b>: x in y\n{}", rss("<item><link>/a</link></item>"));
    assert_eq!(read_body(notice).candidates.len(), 1);
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    let context: Context<'_> = context();
    let fault = |body: &str| read(&document("https://portal.vn/feed/", body), &context).expect_err("no feed");
    assert!(matches!(fault("  \n"), DiscoverError::Empty { .. }));
    assert!(matches!(
        fault("<!DOCTYPE html><html><body>Bảo trì</body></html>"),
        DiscoverError::WebPage { .. }
    ));
    assert!(matches!(fault("<rss version=\"2.0\"><channel><title>x</tit"), DiscoverError::Malformed { .. }));
    assert!(matches!(fault("<urlset></urlset>"), DiscoverError::Malformed { .. }));
    assert!(matches!(fault("{\"code\":\"rest_no_route\"}"), DiscoverError::Malformed { .. }));
    let told = fault("<!DOCTYPE html><html>");
    assert_eq!(told.to_string(), format!("{} (portal.vn/feed/)", told.why()));
    assert!(told.why().starts_with("a web page came where a feed was expected"), "{told}");
}

#[test]
fn other_encodings_are_read() {
    let text = rss("<item><title>Th&#224;nh ph&#7889;</title><link>/a</link></item>")
        .replace("UTF-8", "windows-1258")
        .replace("Cổng", "C");
    assert_eq!(read_body(text).candidates[0].title.as_deref(), Some("Thành phố"));
}
