//! Listing pages of several kinds of portals (under `tests/data/discover/listing`, each with what is in it), the next
//! page, and hostile pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use url::Url;

use super::{ListingRead, ListingWalk, MAX_LINKS, read};
use crate::discover::tests::{context, context_of, page, time, url};
use crate::discover::{Context, DiscoverError};
use crate::model::UrlKey;

fn read_body(html: &str) -> ListingRead {
    read(&page("https://portal.vn/tin-tuc/", html), &context()).expect("a page")
}

/// One page of the collection: its address, its articles and its next page.
struct Gold {
    at: String,
    articles: Vec<Url>,
    next: Option<Url>,
}

impl Gold {
    fn read(path: &Path) -> Self {
        let mut gold = Self { at: String::new(), articles: Vec::new(), next: None };
        for line in fs::read_to_string(path).expect("a gold file").lines() {
            match line.split_once(' ') {
                Some(("url", at)) => gold.at = at.to_owned(),
                Some(("article", at)) => gold.articles.push(url(at)),
                Some(("next", at)) => gold.next = Some(url(at)),
                _ => panic!("{}: {line}", path.display()),
            }
        }
        gold
    }
}

#[test]
fn every_teaser_of_every_kind_of_portal_is_found_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/discover/listing");
    let mut pages = 0;
    for file in fs::read_dir(folder).expect("the collection") {
        let path = file.expect("a file").path();
        if path.extension().is_none_or(|ending| ending != "gold") {
            continue;
        }
        pages += 1;
        let gold = Gold::read(&path);
        let html = fs::read_to_string(path.with_extension("html")).expect("the page");
        let home = url(&gold.at).join("/").expect("a front page");
        let read = read(&page(&gold.at, html), &context_of(&home)).expect("a page");
        let found: BTreeSet<UrlKey> =
            read.candidates.iter().map(|candidate| UrlKey::of(&candidate.url)).collect();
        let right: BTreeSet<UrlKey> = gold.articles.iter().map(UrlKey::of).collect();
        assert_eq!(found, right, "{}", path.display());
        assert_eq!(read.next, gold.next, "{}", path.display());
        assert!(read.candidates.iter().all(|candidate| candidate.title.is_some()), "{}", path.display());
    }
    assert!(pages >= 10, "{pages} pages");
}

#[test]
fn a_teaser_gives_title_and_date() {
    let read = read_body(
        r#"<main><article class="post-7 hentry"><a href="http://www.portal.vn/chua-ve.html?utm_source=x"><img src="/1.jpg" alt=""></a>
        <h3><a href="/chua-ve.html" title="Chùa Vẽ &#8211; Hoa linh cổ tự">Chùa Vẽ &#8211; Hoa linh...</a></h3><div>Thứ Tư, 03/07/2024 16:55</div>
        <p>Ngày 22/8/2019 có hội nghị, nay kể lại ở đây cho dài thành một đoạn trích của bài.</p><a href="/chua-ve.html#c">Xem thêm</a></article>
        <article><h3><a href="/hai-phong-don-khach.html">Hải Phòng đón một triệu khách</a></h3><span>2 giờ trước</span></article></main>"#,
    );
    let [first, second] = read.candidates.as_slice() else { panic!("{read:?}") };
    assert_eq!(first.url, url("https://portal.vn/chua-ve.html"));
    assert_eq!(first.title.as_deref(), Some("Chùa Vẽ – Hoa linh cổ tự"));
    assert_eq!(first.published, Some(time("2024-07-03T09:55:00Z")));
    assert_eq!(first.post_id, None, "a class may count places rather than posts");
    assert_eq!(second.published, Some(time("2024-07-04T23:00:00Z")));
}

#[test]
fn a_list_of_short_titles_with_dates_is_no_menu() {
    let row = |n: u32| {
        format!("<li><a href='/van-ban/qd-{n}'>Quyết định {n}/QĐ-UBND</a> <span>0{n}/07/2024</span></li>")
    };
    let rows: String = (1..8).map(row).collect();
    let menu = "<ul><li><a href='/a'>Thời sự</a><li><a href='/b'>Y tế</a><li><a href='/c'>Giáo dục</a><li><a href='/d'>Kinh tế</a></ul>";
    let read = read_body(&format!("{menu}<ul>{rows}</ul>"));
    assert!(read.candidates.iter().all(|candidate| candidate.url.path().starts_with("/van-ban/")));
    assert_eq!(read.candidates.len(), 7);
}

#[test]
fn zones_are_read_by_name_as_on_pages() {
    let zones =
        ["16:55:00 ICT", "16:55:00 VNT", "18:55:00 JST", "11:55:00 CEST", "16:55:00 +0700", "16:55:00 GMT+7"];
    let row = |(at, clock): (usize, &&str)| {
        format!(
            "<li><h3><a href='/mot-bai-viet-that-la-dai-so-{at}.html'>Một bài viết thật là dài số {at}</a></h3>
             <span>Wed, 03 Jul 2024 {clock}</span></li>"
        )
    };
    let read = read_body(&format!("<ul>{}</ul>", zones.iter().enumerate().map(row).collect::<String>()));
    for (candidate, clock) in read.candidates.iter().zip(zones) {
        assert_eq!(candidate.published, Some(time("2024-07-03T09:55:00Z")), "{clock}");
    }
    assert_eq!(read.candidates.len(), zones.len());
}

#[test]
fn the_category_comes_from_the_context() {
    let context = Context { category: Some("Y  tế"), ..context() };
    let html = "<h2><a href='/mot-bai-viet-ve-y-te-thanh-pho.html'>Một bài viết về y tế thành phố</a></h2>";
    let read = read(&page("https://portal.vn/y-te/", html), &context).expect("a page");
    assert_eq!(read.candidates[0].categories, ["Y tế"]);
}

#[test]
fn links_that_lead_elsewhere_are_counted_and_dropped() {
    let read = read_body(
        "<ul><li><a href='https://other.vn/mot-bai-viet-that-la-dai.html'>Một bài viết thật là dài ở nơi khác</a>
         <li><a href='javascript:x()'>Một bài viết thật là dài ở đây nữa</a><li><a href='mailto:a@b.vn'>Gửi thư cho ban biên tập cổng</a>
         <li><a href='#x'>Về đầu trang này ngay bây giờ nhé</a><li><a href='/tep/quyet-dinh-so-12-cua-thanh-pho.pdf'>Quyết định số 12 của thành phố</a>
         <li><a href='http://[::1'>Địa chỉ này không đọc được đâu nhé</a></ul>",
    );
    assert_eq!(read.candidates, []);
    assert_eq!(read.off_site, 1);
}

#[test]
fn the_next_page_is_found_in_many_ways() {
    let next = |at: &str, html: &str| {
        let read = read(&page(at, html), &context()).expect("a page");
        assert_eq!(read.candidates, [], "{html}");
        read.next.map(|url| url.to_string())
    };
    for (at, html, right) in [
        ("/tin/", "<link rel=next href='/tin/page/2/'>", Some("/tin/page/2/")),
        ("/tin/", "<a rel='next nofollow' href='page/2/'>x</a>", Some("/tin/page/2/")),
        ("/tin/page/2/", "<a href='/tin/'>1</a><b>2</b><a href='/tin/page/3/'>3</a>", Some("/tin/page/3/")),
        (
            "/tin?page=0",
            "<b class=current>1</b><a href='?page=1'>2</a><a href='?page=9'>»</a>",
            Some("/tin?page=1"),
        ),
        ("/tin", "<a href='?trang=2'>Trang sau</a>", Some("/tin?trang=2")),
        ("/tin.html", "<a href='/tin/trang-2.html'>Tiếp &raquo;</a>", Some("/tin/trang-2.html")),
        ("/tin.html", "<a href='/tin-p2.html'>Cũ hơn</a>", Some("/tin-p2.html")),
        (
            "/tin-p2.html",
            "<a href='/tin.html'>»</a><a href='/tin-p3.html' class=next><i></i></a>",
            Some("/tin-p3.html"),
        ),
        ("/?s=1", "<a href='/?s=1&paged=2'>Older posts</a>", Some("/?s=1&paged=2")),
        ("/tin?start=10", "<a href='/tin?start=0'>»</a><a href='/tin?start=20'>»</a>", Some("/tin?start=20")),
        ("/tin/page/3/", "<a href='/tin/page/2/'>2</a><span aria-current=page>3</span>", None),
        ("/tin/", "<a href='https://other.vn/tin/page/2/'>Trang sau</a><a href='#'>Next</a>", None),
        ("/tin/", "<a href='/khac/page/2/'>Trang sau</a>", None),
        ("/tin/", "<link rel=next href='/tin/'>", None),
    ] {
        let right = right.map(|path| format!("https://portal.vn{path}"));
        assert_eq!(next(&format!("https://portal.vn{at}"), html), right, "{at} {html}");
    }
}

#[test]
fn the_link_header_names_the_next_page() {
    let mut listing = page("https://portal.vn/tin/", "<p>x");
    listing.links.push(("next".to_owned(), url("http://portal.vn/tin/page/2/")));
    assert_eq!(read(&listing, &context()).expect("a page").next, Some(url("https://portal.vn/tin/page/2/")));
}

#[test]
fn a_pagination_without_end_is_recognised() {
    let teaser = "<h2><a href='/mot-bai-viet-ve-y-te-thanh-pho.html'>Một bài viết về y tế thành phố</a></h2>";
    let mut walk = ListingWalk::default();
    assert!(walk.enter(&url("https://portal.vn/tin/")));
    assert_eq!(walk.count_unseen(&read_body(teaser).candidates), 1);
    assert!(walk.enter(&url("https://portal.vn/tin/page/2/")));
    assert_eq!(walk.count_unseen(&read_body(teaser).candidates), 0);
    assert!(!walk.enter(&url("http://www.portal.vn/tin")));
}

#[test]
fn old_titles_under_new_addresses_are_the_end() {
    let page = |n: usize| {
        format!(
            "<h2><a href='/mot-bai-viet-ve-y-te-thanh-pho.html?tu=trang-{n}'>Một bài viết về y tế thành phố</a></h2>"
        )
    };
    let mut walk = ListingWalk::default();
    let news: Vec<usize> = (1..=5).map(|n| walk.count_unseen(&read_body(&page(n)).candidates)).collect();
    assert_eq!(news, [1, 1, 1, 0, 0], "given up at the third page in a row that tells nothing new");
}

#[test]
fn a_hundred_thousand_links_are_bounded_and_said() {
    let link = |n: usize| {
        format!("<li><a href='/bai-viet-so-{n}-cua-thanh-pho.html'>Bài viết số {n} của thành phố cảng</a>")
    };
    let html: String = (0..100_000).map(link).collect();
    let read = read_body(&format!("<ul>{html}</ul>"));
    assert_eq!(read.candidates.len(), MAX_LINKS);
    assert_eq!(read.over_limit, 100_000 - MAX_LINKS);
}

#[test]
fn titles_are_read_without_what_is_hidden_in_them() {
    let read = read_body(
        "<div><h3><a href=/a.html>Khánh thành cầu vượt biển <span class=sr-only>(mở trong cửa sổ mới)</span></a></h3>
         <h3><a href=/b.html><i style='display:none'>mới</i>Thông xe đoạn cao tốc ven biển</a></h3>
         <a href=/c.html class=card><span class='visually-hidden'>Mở cảng nước sâu ở phía nam</span><img src=c.jpg></a></div>",
    );
    let titles: Vec<_> = read.candidates.iter().filter_map(|candidate| candidate.title.as_deref()).collect();
    assert_eq!(
        titles,
        ["Khánh thành cầu vượt biển", "Thông xe đoạn cao tốc ven biển", "Mở cảng nước sâu ở phía nam"]
    );
}

#[test]
fn what_is_too_deep_or_empty_is_refused() {
    let fault = |html: String| read(&page("https://portal.vn/", html), &context()).expect_err("refused");
    assert!(matches!(fault("<div>".repeat(50_000)), DiscoverError::Beyond { what: "nesting", .. }));
    assert!(matches!(
        fault("<br>".repeat(700_000)),
        DiscoverError::Beyond { what: "the number of tags", .. }
    ));
    assert!(matches!(fault("\n ".to_owned()), DiscoverError::Empty { .. }));
    let nested =
        format!("{}{}", "<a href=/x-y-z-t-u.html><table><tr><td>".repeat(2_000), "chữ ".repeat(200_000));
    assert!(read(&page("https://portal.vn/", nested), &context()).is_ok());
    let scripted = format!("<script>{}</script>{}", "'<div>'".repeat(20_000), "<p><li>".repeat(20_000));
    assert!(read(&page("https://portal.vn/", scripted), &context()).is_ok());
}
