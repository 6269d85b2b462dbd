//! Pages in small: each origin, and each rule for where they contradict each other.

use std::time::Duration;

use jiff::tz::TimeZone;
use scraper::Html;
use url::Url;

use super::{Meta, read};
use crate::config::{ArticleRules, Css};
use crate::extract::Context;
use crate::model::{Origin, Page};

const URL: &str = "https://portal.vn/giao-ban.html";

fn meta_with(rules: &ArticleRules, url: &str, html: &str) -> Meta {
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone");
    let page = Page::offline(
        Url::parse(url).expect("a test URL"),
        html.to_owned(),
        "2024-07-05T03:00:00Z".parse().expect("a moment"),
    );
    let context = Context {
        rules,
        time_zone: &zone,
        language: "vi",
        site_name: None,
        template: None,
        candidate: None,
        max_future: Duration::from_secs(86_400),
        explain: false,
    };
    read(&Html::parse_document(html), &page, &context)
}

fn meta(html: &str) -> Meta {
    meta_with(&ArticleRules::default(), URL, html)
}

fn published(meta: &Meta) -> Option<String> {
    meta.published.as_ref().map(|found| found.value.to_string())
}

fn title(meta: &Meta) -> Option<&str> {
    meta.title.as_ref().map(|found| found.value.as_str())
}

fn css(text: &str) -> Option<Css> {
    Some(Css { text: text.to_owned(), selector: scraper::Selector::parse(text).expect("a selector") })
}

/// What the portal shows, with the head handed in.
fn portal(head: &str) -> String {
    format!(
        "<html lang=vi><head><title>Giao ban với Mặt trận &#8211; Cổng tin</title>{head}</head><body \
         class='single postid-7301'><div class=top>Thứ Sáu, 05/07/2024</div><main><h1>Giao ban với Mặt trận</h1>\
         <div><a href='?print=1'>Print</a> <span>Thứ Tư, 03/07/2024 16:55</span> <a href='#'>Gốc</a></div>\
         <p>{}</p><p>Ngày 01/02/2020 là một ngày khác.</p></main><div><ul><li><a href=/khac.html>Tin khác</a> \
         <span>(02/07/2024)</span></li></ul></div></body></html>",
        "Chiều 03/7, Thường trực Thành ủy tổ chức Hội nghị giao ban. ".repeat(5)
    )
}

#[test]
fn the_id_of_a_teaser_is_not_the_articles() {
    let id = |html: &str| meta(html).post_id;
    assert_eq!(id("<body><article id=post-77><h1>Giao ban</h1></article>"), Some(77));
    assert_eq!(
        id(
            "<body><article id=post-8>Tin khác</article><article id=post-9>Tin khác</article><h1>Giao ban</h1>"
        ),
        None
    );
}

#[test]
fn the_visible_line_gives_what_metadata_does_not() {
    let meta = meta(&portal(""));
    assert_eq!(title(&meta), Some("Giao ban với Mặt trận"));
    assert_eq!(published(&meta).as_deref(), Some("2024-07-03T09:55:00Z"));
    assert_eq!(meta.published.map(|found| found.origin), Some(Origin::Visible));
    assert!(meta.places.published.is_some() && meta.places.title.is_some());
    assert_eq!(meta.post_id, Some(7301));
    assert_eq!(meta.language.as_deref(), Some("vi"));
}

#[test]
fn a_page_without_a_heading_is_read_all_the_same() {
    let meta = meta(
        "<title>Giao ban với Mặt trận - Cổng tin</title><meta property=og:site_name content='Cổng tin'>\
         <div>Print Thứ Tư, 03/07/2024 16:55 Gốc</div><p>Chiều 03/7, Thường trực Thành ủy tổ chức.</p>\
         <p>QR CODE: Giao ban với Mặt trận</p>",
    );
    assert_eq!(title(&meta), Some("Giao ban với Mặt trận"));
    assert_eq!(published(&meta).as_deref(), Some("2024-07-03T09:55:00Z"));
}

#[test]
fn a_page_without_a_date_gives_none() {
    let dateless = portal("").replace("Thứ Tư, 03/07/2024 16:55", "");
    assert_eq!(published(&meta(&dateless)), None);
}

#[test]
fn local_time_that_was_taken_for_utc_is_put_right() {
    let wrong = meta(&portal(
        "<meta property=article:published_time content='2024-07-03T16:55:00+00:00'>\
         <meta property=article:modified_time content='2024-07-03T18:00:00+00:00'>",
    ));
    assert_eq!(published(&wrong).as_deref(), Some("2024-07-03T09:55:00Z"));
    assert_eq!(wrong.updated.map(|found| found.value.to_string()).as_deref(), Some("2024-07-03T11:00:00Z"));
    let right = meta(&portal("<meta property=article:published_time content='2024-07-03T09:55:20+00:00'>"));
    assert_eq!(published(&right).as_deref(), Some("2024-07-03T09:55:20Z"));
}

#[test]
fn a_time_beats_a_mere_day() {
    for day in ["2024-07-03", "2024-07-03T00:00:00Z", "2024-07-03T00:00:00+07:00"] {
        let meta = meta(&portal(&format!("<meta property=article:published_time content='{day}'>")));
        assert_eq!(published(&meta).as_deref(), Some("2024-07-03T09:55:00Z"), "{day}");
    }
}

#[test]
fn the_url_gives_a_day_when_nothing_else_does() {
    let meta =
        meta_with(&ArticleRules::default(), "https://portal.vn/2024/07/03/giao-ban", "<h1>Giao ban</h1>");
    assert_eq!(published(&meta).as_deref(), Some("2024-07-02T17:00:00Z"));
}

#[test]
fn json_ld_in_every_shape() {
    let shapes = [
        r#"{"@type":"NewsArticle","headline":"Giao ban","datePublished":"2024-07-03T16:55:00+07:00","author":{"@type":"Person","name":"Hoàng Tùng"}}"#,
        r#"{"@graph":[{"@type":"WebSite","name":"Cổng tin"},{"@type":["Article","BlogPosting"],"headline":"Giao ban","datePublished":"2024-07-03T16:55:00+07:00","author":{"@id":"id-a"}},{"@type":"Person","@id":"id-a","name":"Hoàng Tùng"}]}"#,
        r#"[{"@type":"BreadcrumbList"},{"@type":"http://schema.org/NewsArticle","headline":"Giao ban","datePublished":"2024-07-03T16:55:00+07:00","author":["Hoàng Tùng"]}]"#,
        "<!-- {\"@type\":\"NewsArticle\",\"headline\":\"Giao\n ban\",\"datePublished\":\"2024-07-03T16:55:00+07:00\",\"author\":[{\"name\":\"Hoàng Tùng\",},],} -->",
        "//<![CDATA[\n{\"@type\":\"NewsArticle\",\"headline\":\"Giao ban\",\"datePublished\":\"2024-07-03T16:55:00+07:00\",\"author\":\"Hoàng Tùng\"}\n//]]>",
        r#"{"@type":"NewsArticle","headline":"Giao ban","datePublished":"2024-07-03T16:55:00+07:00","author":"Hoàng Tùng","image":"x.jpg","about":{"#,
    ];
    for shape in shapes {
        let meta = meta(&format!("<script type='application/ld+json'>{shape}</script><p>x</p>"));
        assert_eq!(title(&meta), Some("Giao ban"), "{shape}");
        assert_eq!(published(&meta).as_deref(), Some("2024-07-03T09:55:00Z"), "{shape}");
        assert_eq!(meta.authors.map(|found| found.value), Some(vec!["Hoàng Tùng".to_owned()]), "{shape}");
    }
}

#[test]
fn entities_are_decoded_once() {
    let meta = meta(
        r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"A &#8211; B &amp;amp; C"}</script>"#,
    );
    assert_eq!(title(&meta), Some("A – B &amp; C"));
}

#[test]
fn the_sites_name_and_logo_are_no_title() {
    let meta = meta(
        "<title>Cổng tin | Giao ban với Mặt trận</title><meta property=og:site_name content='Cổng tin'>\
         <h1>Cổng tin</h1><h2>Tin khác</h2><h1>Giao ban với Mặt trận</h1>",
    );
    assert_eq!(title(&meta), Some("Giao ban với Mặt trận"));
}

#[test]
fn rules_win_and_fall_through() {
    let rules = ArticleRules {
        title: css("h2.t"),
        published: css("span.p"),
        author: css(".a"),
        ..ArticleRules::default()
    };
    let html = "<h1>Sai</h1><h2 class=t>Đúng</h2><span class=p>lúc 16:55 ngày 03/07/2024</span><b class=a>Tin, ảnh: Cao Minh</b>";
    let meta = meta_with(&rules, URL, html);
    assert_eq!(title(&meta), Some("Đúng"));
    assert_eq!(published(&meta).as_deref(), Some("2024-07-03T09:55:00Z"));
    assert_eq!(
        meta.authors.map(|found| (found.value, found.origin)),
        Some((vec!["Cao Minh".to_owned()], Origin::Rule))
    );
    let fallen = meta_with(&rules, URL, "<h1>Giao ban</h1>");
    assert_eq!(title(&fallen), Some("Giao ban"));
}

#[test]
fn only_pages_of_the_same_article_are_next() {
    let next = |url: &str, links: &str| {
        meta_with(&ArticleRules::default(), url, links).next_page.map(|url| url.to_string())
    };
    let pager = "<div class=page-links><span class=post-page-numbers>1</span>\
                 <a class=post-page-numbers href='/giao-ban.html/2/'>2</a><a class=post-page-numbers href='/giao-ban.html/3/'>3</a></div>";
    assert_eq!(next(URL, pager).as_deref(), Some("https://portal.vn/giao-ban.html/2/"));
    assert_eq!(
        next("https://portal.vn/giao-ban.html/2/", pager).as_deref(),
        Some("https://portal.vn/giao-ban.html/3/")
    );
    assert_eq!(next("https://portal.vn/giao-ban.html/3/", pager), None);
    assert_eq!(next(URL, "<a rel=next href='/bai-khac.html'>Bài sau</a>"), None);
    assert_eq!(
        next(URL, "<link rel=next href='?page=2'>").as_deref(),
        Some("https://portal.vn/giao-ban.html?page=2")
    );
}

#[test]
fn subjects_and_addresses() {
    let meta = meta(
        "<html lang=vi_VN><link rel=canonical href='/giao-ban.html'><link rel=shortlink href='https://portal.vn/?p=77'>\
         <meta property=og:image content='/anh.jpg'><meta property=article:section content='Y tế'>\
         <meta name=keywords content='tin, y tế'><div class=breadcrumbs><a href=/>Trang chủ</a> <a href=/y-te>Y tế</a></div>",
    );
    assert_eq!(meta.canonical.map(|url| url.to_string()).as_deref(), Some(URL));
    assert_eq!(meta.post_id, Some(77));
    assert_eq!(meta.image.map(|found| found.value.to_string()).as_deref(), Some("https://portal.vn/anh.jpg"));
    assert_eq!(meta.categories, ["Y tế"]);
    assert_eq!(meta.tags, ["tin", "y tế"]);
    assert_eq!(meta.language.as_deref(), Some("vi-VN"));
}

#[test]
fn photographers_and_sites_are_no_authors() {
    let meta = meta(
        "<meta property=og:site_name content='Cổng tin'><meta name=author content='Cổng tin'><h1>Giao ban</h1>\
         <div class=author>Hoàng Tùng</div><figure><figcaption class=author>Cao Minh</figcaption></figure>",
    );
    assert_eq!(meta.authors.map(|found| found.value), Some(vec!["Hoàng Tùng".to_owned()]));
}

#[test]
fn nothing_breaks_on_broken_pages() {
    for html in [
        "",
        "<",
        "<html",
        "<frameset><frame></frameset>",
        "\0\0\0",
        "<script type=application/ld+json>{[}]</script>",
    ] {
        assert_eq!(meta(html).published, None);
    }
}

#[test]
fn a_heading_gives_its_title_and_nothing_around_it() {
    let og = "<meta property=og:title content='Chợ quê họp lại sau mùa lũ'>";
    for (head, heading, wanted) in [
        (
            "",
            "<span class='c-kicker'>Phóng sự</span> Chợ quê họp lại sau mùa lũ",
            "Chợ quê họp lại sau mùa lũ",
        ),
        ("", "<div class=overline>Phóng sự:</div><div>Chợ quê họp lại</div>", "Chợ quê họp lại"),
        (
            og,
            "<span class=x1>Phóng sự</span><br><span class=x2>Chợ quê họp lại sau mùa lũ</span>",
            "Chợ quê họp lại sau mùa lũ",
        ),
        (og, "Chợ quê họp lại sau mùa lũ <small>Ảnh và bài</small>", "Chợ quê họp lại sau mùa lũ"),
        (og, "Chợ quê<br>họp lại <em>sau mùa lũ</em>", "Chợ quê họp lại sau mùa lũ"),
        ("<meta property=og:site_name content='Báo Mới'>", "Báo Mới | Chợ quê họp lại", "Chợ quê họp lại"),
        ("", "<span class=kicker>Chợ quê họp lại</span>", "Chợ quê họp lại"),
    ] {
        let meta = meta(&format!("<head>{head}</head><main><h1>{heading}</h1><p>Chữ.</p></main>"));
        assert_eq!(title(&meta), Some(wanted), "{head} {heading}");
    }
}

#[test]
fn a_title_that_was_cut_at_a_quotation_mark_is_read_whole() {
    let meta = meta(
        "<meta property=og:title content='Giải chạy năm nay: người thắng và '><meta name=twitter:title \
         content='Giải chạy năm nay: người thắng và '><h1>Giải chạy năm nay: người thắng và \"khách lạ\"</h1>",
    );
    assert_eq!(title(&meta), Some("Giải chạy năm nay: người thắng và \"khách lạ\""));
}

#[test]
fn where_metadata_contradict_each_other_the_headline_is_the_title() {
    let page = |ld: &str, heading: &str| {
        meta(&format!(
            "<title>{ld}</title><meta property=og:title content='Khi đường sắt oằn mình: cuộc đua với nắng nóng'>\
             <script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"headline\":\"{ld}\"}}</script>\
             <main><h1>{heading}</h1></main>"
        ))
    };
    let (ld, heading) =
        ("Hỗn loạn: tàu cũ, cầu yếu là rủi ro lớn", "Ngành đường sắt chuẩn bị cho mùa hè nắng nóng");
    assert_eq!(title(&page(ld, heading)), Some(heading));
    let graph = "Khi đường sắt oằn mình: cuộc đua với nắng nóng";
    assert_eq!(title(&page(ld, "Đừng bỏ lỡ chương trình tối nay")), Some(graph));
    assert_eq!(title(&page(ld, "Đường sắt")), Some(graph));
}

#[test]
fn a_house_that_signs_with_its_acronym_is_no_author() {
    let meta = meta_with(
        &ArticleRules::default(),
        "https://www.mdr.de/a.html",
        "<h1>Ein Titel</h1><p class=author>von David Straub, MDR THÜRINGEN</p>",
    );
    assert_eq!(meta.authors.map(|found| found.value), Some(vec!["David Straub".to_owned()]));
}

#[test]
fn no_separator_is_without_a_mark() {
    assert!(super::site::SEPARATORS.iter().all(|separator| separator.contains(super::site::is_mark)));
}
