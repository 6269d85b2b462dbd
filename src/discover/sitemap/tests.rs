//! Sitemaps of every kind, whole and broken.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{MAX_BYTES, MAX_URLS, Sitemap, can_hold_articles, read, unpack};
use crate::discover::DiscoverError;
use crate::discover::tests::{context, document, time, url};

fn read_body(body: impl Into<Vec<u8>>) -> Sitemap {
    read(&document("https://portal.vn/sitemap.xml", body), &context()).expect("a sitemap")
}

fn paths(sitemap: &Sitemap) -> Vec<&str> {
    sitemap.urls.iter().map(|candidate| candidate.url.path()).collect()
}

const URLSET: &str = r#"<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
    <url><loc>https://portal.vn/</loc></url>
    <url><loc> http://www.portal.vn/a.html?x=1&amp;y=2 </loc><lastmod>2024-07-03</lastmod><image:image><image:loc>https://portal.vn/i.jpg</image:loc>
    <image:title>ảnh</image:title></image:image></url>
    <url><loc><![CDATA[https://portal.vn/b.html]]></loc><lastmod>2024-07-03T16:55+07:00</lastmod><news:news><news:publication>
    <news:name>x</news:name></news:publication><news:publication_date>2024-07-02T00:00:00Z</news:publication_date>
    <news:title>Đất &amp; người</news:title></news:news></url>
    <url><loc>https://other.vn/c.html</loc></url><url><loc>https://portal.vn/tag/x/</loc></url><url><loc>https://portal.vn/f.pdf</loc></url>
    <url><loc></loc></url><url><loc>javascript:alert(1)</loc></url></urlset>"#;

#[test]
fn a_list_of_urls_is_read() {
    let sitemap = read_body(URLSET);
    assert_eq!(paths(&sitemap), ["/a.html", "/b.html"]);
    assert_eq!(sitemap.urls[0].url.as_str(), "https://portal.vn/a.html?x=1&y=2");
    assert_eq!(sitemap.urls[0].updated, Some(time("2024-07-02T17:00:00Z")));
    assert_eq!(sitemap.urls[0].title, None);
    assert_eq!(sitemap.urls[1].updated, Some(time("2024-07-03T09:55:00Z")));
    assert_eq!(sitemap.urls[1].published, Some(time("2024-07-02T00:00:00Z")));
    assert_eq!(sitemap.urls[1].title.as_deref(), Some("Đất & người"));
    assert_eq!((sitemap.off_site, sitemap.others, sitemap.over_limit), (1, 4, false));
    assert_eq!(sitemap.broken, None);
}

#[test]
fn a_section_is_told_by_what_stands_below_it() {
    let at = |path: &str| format!("<url><loc>https://portal.vn{path}</loc></url>");
    let listed = ["/tin-tuc", "/tin-tuc/bai-1", "/tin-tuc/bai-2", "/tin-tuc/bai-3", "/bai-dai", "/bai-dai/2"];
    let sitemap = read_body(format!("<urlset>{}</urlset>", listed.map(at).concat()));
    assert_eq!(
        paths(&sitemap),
        ["/tin-tuc/bai-1", "/tin-tuc/bai-2", "/tin-tuc/bai-3", "/bai-dai", "/bai-dai/2"]
    );
    assert_eq!(sitemap.others, 1);
}

#[test]
fn lists_are_dropped_and_articles_in_their_folders_are_not() {
    let at = |path: &str| format!("<url><loc>https://portal.vn/{path}</loc></url>");
    let listed = [
        "category/y-te/",
        "tag/cau-nguyen-trai",
        "?cat=3",
        "chuyen-de/cai-cach-hanh-chinh-nam-nay-7301.html",
    ];
    let body: String = listed.iter().chain(&["?cat=3&id=7", "a.html"]).map(|path| at(path)).collect();
    let sitemap = read_body(format!("<urlset>{body}</urlset>"));
    let found: Vec<&str> = sitemap.urls.iter().map(|candidate| candidate.url.as_str()).collect();
    let articles = ["chuyen-de/cai-cach-hanh-chinh-nam-nay-7301.html", "?cat=3&id=7", "a.html"];
    assert_eq!(found, articles.map(|path| format!("https://portal.vn/{path}")));
}

#[test]
fn an_index_gives_children_that_may_hold_articles() {
    let index = r#"<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap><loc>https://portal.vn/wp-sitemap-posts-post-1.xml</loc><lastmod>2024-07-03T00:00:00Z</lastmod></sitemap>
        <sitemap><loc>https://portal.vn/wp-sitemap-taxonomies-category-1.xml</loc></sitemap>
        <sitemap><loc>http://portal.vn/sitemap.xml</loc></sitemap><sitemap><loc>https://other.vn/s.xml</loc></sitemap></sitemapindex>"#;
    let sitemap = read_body(index);
    let posts = url("https://portal.vn/wp-sitemap-posts-post-1.xml");
    assert_eq!(sitemap.children, [(posts, Some(time("2024-07-03T00:00:00Z")))]);
    assert_eq!((sitemap.passed_over.len(), sitemap.off_site), (1, 1));
    let only = index.replace("posts-post-1", "users-1").replace("2024-07-03T00:00:00Z", "");
    assert_eq!(
        read_body(only).children.len(),
        2,
        "names are hints and do not leave a portal without sitemaps"
    );
}

#[test]
fn names_of_sitemaps_are_hints() {
    for with in [
        "post-sitemap.xml",
        "post-sitemap12.xml",
        "sitemap.xml?page=2",
        "sitemap-2024-07.xml",
        "news-sitemap.xml",
        "sitemap_page_2.xml",
        "wp-sitemap-posts-tin-1.xml",
        "sitemaps/articles-1.xml.gz",
        "tin-tuc-sitemap.xml",
    ] {
        assert!(can_hold_articles(&url(&format!("https://portal.vn/{with}"))), "{with}");
    }
    for without in [
        "category-sitemap.xml",
        "post_tag-sitemap2.xml",
        "page-sitemap.xml",
        "author-sitemap.xml",
        "wp-sitemap-posts-page-1.xml",
        "wp-sitemap-users-1.xml",
        "sitemap-categories.xml",
        "sitemap_chuyen-muc.xml",
        "sitemap-images-3.xml",
        "sitemaps/authors-1.xml",
    ] {
        assert!(!can_hold_articles(&url(&format!("https://portal.vn/{without}"))), "{without}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

#[test]
fn gzip_is_undone_within_bounds() {
    let packed = gzip(URLSET.as_bytes());
    assert_eq!(paths(&read_body(packed.clone())), ["/a.html", "/b.html"]);
    let cut = read_body(&packed[..packed.len() - 12]);
    assert!(cut.broken.is_some_and(|why| why.contains("gzip")));
    let bomb = gzip(&vec![b' '; 1 << 20]);
    let unpacked = unpack::unpack(&bomb, 1_000).expect("gzip");
    assert!(unpacked.cut && unpacked.bytes.len() == 1_000);
    let broken = read(&document("https://portal.vn/s.xml.gz", vec![0x1f, 0x8b, 9, 9]), &context());
    assert!(matches!(broken, Err(DiscoverError::Malformed { .. })));
    assert!(MAX_BYTES < u64::from(u32::MAX));
}

#[test]
fn plain_text_is_read() {
    let sitemap =
        read_body("\u{feff}https://portal.vn/a.html\r\n\r\nhttps://portal.vn/b.html\nhttps://other.vn/\n");
    assert_eq!(paths(&sitemap), ["/a.html", "/b.html"]);
    let robots = read(&document("https://portal.vn/sitemap.txt", "User-agent: *\n"), &context());
    assert!(matches!(robots, Err(DiscoverError::Malformed { .. })));
}

#[test]
fn a_million_urls_are_not_read() {
    let line = "<url><loc>https://portal.vn/bai-viet-so-mot-hai-ba.html</loc></url>";
    let sitemap = read_body(format!("<urlset>{}</urlset>", line.repeat(MAX_URLS + 5)));
    assert!(sitemap.over_limit);
    assert_eq!((sitemap.urls.len(), sitemap.broken), (MAX_URLS, None));
}

#[test]
fn what_is_whole_of_a_broken_file_stands() {
    let cut = &URLSET[..URLSET.find("<news:news>").expect("the second article")];
    let sitemap = read_body(cut);
    assert_eq!(paths(&sitemap), ["/a.html"]);
    assert!(sitemap.broken.is_some());
    let fault = |body: &str| {
        read(&document("https://portal.vn/sitemap.xml", body), &context()).expect_err("no sitemap")
    };
    assert!(matches!(fault(""), DiscoverError::Empty { .. }));
    assert!(matches!(fault("<!DOCTYPE html><html></html>"), DiscoverError::WebPage { .. }));
    assert!(matches!(fault("<rss version=\"2.0\"></rss>"), DiscoverError::Malformed { .. }));
    assert!(matches!(fault(&"<urlset>".repeat(100)), DiscoverError::Malformed { .. }));
}
