use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::assemble::{Assembled, ExtractedPage, assemble};
use super::canonical::names_this;
use super::plausibility;
use super::report::{Outcome, Report};
use crate::clean::Cleaned;
use crate::config::{self, Source};
use crate::crawl::Asked;
use crate::identity::Verdict;
use crate::model::{
    Candidate, Cause, DateOrigin, DiscoveryMethod, Draft, Found, Key, NotArticle, Origin, Page, SourceId,
};

const FETCHED: Timestamp = Timestamp::constant(1_720_069_200, 0);

fn source() -> Source {
    let text = "id = \"haiphong\"\ntitle = \"Hải Phòng\"\nhome = \"https://portal.vn/\"\nlanguage = \"vi\"\n\
                timezone = \"Asia/Ho_Chi_Minh\"\n[discover]\nlistings = [{ url = \"/tin-tuc/\" }]\n";
    config::read_source(Path::new("haiphong.toml"), text).expect("a right source file")
}

fn url(path: &str) -> Url {
    Url::parse("https://portal.vn/").and_then(|home| home.join(path)).expect("a test URL")
}

fn candidate(path: &str) -> Candidate {
    Candidate::new(url(path), DiscoveryMethod::Listing, url("/"))
}

fn assembled(candidate: &Candidate, page: &Page, draft: Draft, text: &str) -> Assembled {
    let source = source();
    let cleaned = Cleaned { text: text.to_owned(), ..Cleaned::default() };
    let first_seen = FETCHED - SignedDuration::from_mins(1);
    assemble(ExtractedPage { source: &source, candidate, page, draft, cleaned, first_seen })
}

fn page(path: &str) -> Page {
    Page::offline(url(path), String::new(), FETCHED)
}

#[test]
fn the_key_is_the_post_id_else_the_canonical_path() {
    let by_id = Draft { post_id: Some(77), canonical: Some(url("/tin/a.html")), ..Draft::default() };
    assert_eq!(assembled(&candidate("/a.html"), &page("/a.html"), by_id, "").article.key, Key::Post(77));
    let by_path = Draft { canonical: Some(url("/tin/a.html?utm_source=x")), ..Draft::default() };
    let found = assembled(&candidate("/a.html"), &page("/a.html"), by_path, "");
    assert_eq!((found.article.key, found.article.url), (Key::Path("/tin/a.html".into()), url("/tin/a.html")));
    assert_eq!(found.aliases, [url("/a.html"), url("/tin/a.html")]);
}

#[test]
fn a_canonical_link_that_names_no_article_of_the_source_is_not_believed() {
    for wrong in
        ["https://other.vn/a.html", "https://portal.vn/", "http://www.portal.vn", "https://portal.vn/tin-tuc"]
    {
        let draft = Draft { canonical: Some(Url::parse(wrong).expect("a test URL")), ..Draft::default() };
        assert_eq!(
            assembled(&candidate("/a.html"), &page("/a.html"), draft, "").article.url,
            url("/a.html"),
            "{wrong}"
        );
    }
}

#[test]
fn a_canonical_link_is_believed_where_it_names_this_article() {
    let title = Some("Khởi công cầu Chùa Vẽ, nối hai bờ sông Cấm");
    let cases: &[(&str, &str, bool)] = &[
        ("/thoi-su/khoi-cong-cau.html", "/khoi-cong-cau.html", true),
        ("/khoi-cong-cau.html/amp", "/khoi-cong-cau.html", true),
        ("/khoi-cong-cau-chua-ve/2", "/khoi-cong-cau-chua-ve", true),
        ("/khoi-cong-cau-chua-ve.html?from=trang-chu", "/khoi-cong-cau-chua-ve.html", true),
        ("/node/4711", "/tin-tuc/khoi-cong-cau-chua-ve", true),
        ("/print/4711", "/bai-4711.html", true),
        ("/detail.aspx?id=4711&cat=3", "/detail.aspx?id=4711", true),
        ("/tin-tuc/khoi-cong-cau.html", "/tin-tuc", false),
        ("/khoi-cong-cau/bai-cau-moi", "/khoi-cong-cau", false),
        ("/tin-tuc/node/1", "/index.aspx", false),
        ("/tin-tuc/node/1", "/tin-tuc/node/60", false),
        ("/khoi-cong-cau.html", "/le-hoi-hoa-phuong-do-nam-nay.html", false),
        ("/detail.aspx?id=4711", "/detail.aspx", false),
        ("/detail.aspx?id=4711", "/detail.aspx?id=4712", false),
    ];
    for (own, canonical, right) in cases {
        assert_eq!(names_this(&url(canonical), &[&url(own)], title), *right, "{own} says {canonical}");
    }
}

#[test]
fn a_page_that_speaks_of_something_else_is_told_from_a_rewritten_one() {
    let named = "Khánh thành cầu vượt mới tại Đồ Sơn";
    for (title, text, strange) in [
        ("Thông báo", "Bạn đọc vui lòng quay lại sau ít phút.", true),
        ("", "Vui lòng chờ trong giây lát…", true),
        ("Cầu vượt Đồ Sơn thông xe", "Sáng nay, hàng trăm người dân dự lễ.", false),
        ("", "Lễ khánh thành cầu vượt Đồ Sơn diễn ra sáng nay.", false),
        ("", &"Một bài dài về việc khác. ".repeat(60), false),
    ] {
        assert_eq!(plausibility::is_unrelated(named, title, text), strange, "{title} / {text}");
    }
    assert!(!plausibility::is_unrelated("Xem tiếp", "Thông báo", "Bạn đọc vui lòng quay lại sau."));
    let whole =
        "Câu thứ nhất khá dài. Câu thứ hai cũng vậy. Câu thứ ba nói thêm nhiều điều. Câu thứ tư kết luận.";
    let about = |text: &str| plausibility::implausible_edit((named, whole), (named, text));
    assert_eq!(about("Câu thứ nhất khá dài. Câu thứ hai…"), Some(NotArticle::Cut));
    assert_eq!(about("Câu thứ nhất khá dài…\n\nMời đăng nhập để đọc."), Some(NotArticle::Cut));
    assert_eq!(about("Bài viết đã được tòa soạn rút lại."), None, "under its own title it may say so");
    assert_eq!(about(&whole.replace("Câu thứ tư kết luận.", "")), None);
    assert_eq!(
        plausibility::implausible_edit((named, whole), ("Đăng nhập", "Mời đăng nhập.")),
        Some(NotArticle::Stranger)
    );
}

#[test]
fn a_missing_date_is_the_listings_else_the_first_seen_time_and_never_now() {
    let mut listed = candidate("/a.html");
    let bare = assembled(&listed, &page("/a.html"), Draft::default(), "").article;
    assert_eq!(
        (bare.published, bare.published_origin),
        (FETCHED - SignedDuration::from_mins(1), DateOrigin::FirstSeen)
    );
    assert_eq!(bare.updated, bare.published);
    let day_before = FETCHED - SignedDuration::from_hours(24);
    listed.published = Some(day_before);
    let dated = assembled(&listed, &page("/a.html"), Draft::default(), "").article;
    assert_eq!((dated.published, dated.published_origin), (day_before, DateOrigin::Given(Origin::Listing)));
}

#[test]
fn dates_of_1970_and_of_next_year_are_not_believed() {
    for wrong in [Timestamp::UNIX_EPOCH, FETCHED + SignedDuration::from_hours(24 * 365)] {
        let draft = Draft {
            published: Some(Found::new(wrong, Origin::JsonLd)),
            updated: Some(Found::new(wrong, Origin::JsonLd)),
            ..Draft::default()
        };
        let article = assembled(&candidate("/a.html"), &page("/a.html"), draft, "").article;
        assert_eq!(article.published_origin, DateOrigin::FirstSeen, "{wrong}");
        assert_eq!(article.updated, article.published, "{wrong}");
    }
}

#[test]
fn an_article_without_a_title_is_called_by_its_first_words() {
    let text = "Sáng nay, thành phố khánh thành cây cầu mới bắc qua sông Cấm sau hai năm thi công liên tục.";
    let article = assembled(&candidate("/a.html"), &page("/a.html"), Draft::default(), text).article;
    assert_eq!(article.title, "Sáng nay, thành phố khánh thành cây cầu mới bắc qua sông Cấm sau …");
    assert_eq!(
        assembled(&candidate("/a.html"), &page("/a.html"), Draft::default(), "").article.title,
        "a.html"
    );
}

#[test]
fn a_visit_is_judged_by_what_answered() {
    let source = SourceId::new("haiphong");
    let begin = || Report::begin(&source, FETCHED);
    assert_eq!(begin().finish(FETCHED).outcome, Outcome::Failed, "nothing was asked");
    let mut quiet = begin();
    quiet.asked.push(Asked::answered(DiscoveryMethod::Feed, &url("/feed/"), None));
    assert_eq!(quiet.clone().finish(FETCHED).outcome, Outcome::Ok);
    let mut guessed = quiet.clone();
    let gone = (Cause::Missing, "it is gone".into());
    guessed.asked.push(Asked::failed(DiscoveryMethod::Sitemap, &url("/sitemap.xml"), gone, false));
    assert_eq!(guessed.finish(FETCHED).outcome, Outcome::Ok);
    let mut bare = begin();
    bare.asked.push(Asked::answered(DiscoveryMethod::Listing, &url("/"), Some(0)));
    let bare = bare.finish(FETCHED);
    assert_eq!(bare.outcome, Outcome::Failed);
    assert!(bare.trouble().is_some_and(|why| why.contains("names no article")), "{bare}");
    let error = (Cause::ServerError, "500".into());
    quiet.asked.push(Asked::failed(DiscoveryMethod::Listing, &url("/"), error, true));
    quiet.count(&Verdict::New, true);
    let partial = quiet.finish(FETCHED);
    assert_eq!(partial.outcome, Outcome::Partial);
    assert_eq!(partial.trouble().as_deref(), Some("500 (portal.vn)"));
}
