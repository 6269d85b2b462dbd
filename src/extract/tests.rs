//! The whole of extraction on pages of many makes, good and broken.

use std::time::Duration;

use jiff::tz::TimeZone;
use scraper::Selector;
use url::Url;

use super::*;
use crate::clean;
use crate::config::Css;
use crate::model::Piece;

const SEED: &str = include_str!("../../tests/data/extract/seed.html");

fn page(html: &str) -> Page {
    let url = Url::parse("https://portal.vn/bai-viet.html").expect("a test URL");
    let fetched = "2024-07-05T00:00:00Z".parse().expect("a test time");
    Page::offline(url, html.to_owned(), fetched)
}

fn read_with(html: &str, rules: &ArticleRules, explain: bool) -> Result<Draft, NotArticle> {
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").expect("the zone is in the bundle");
    let context = Context { language: "vi", explain, ..Context::new(rules, &zone) };
    Ok(page::read(&page(html), &context)?.draft)
}

fn read(html: &str) -> Result<Draft, NotArticle> {
    read_with(html, &ArticleRules::default(), false)
}

fn text(draft: &Draft) -> String {
    let base = Url::parse("https://portal.vn/").expect("a test URL");
    clean::clean(&draft.body, &base, &clean::Options::default()).text
}

fn captions(draft: &Draft) -> Vec<String> {
    let base = Url::parse("https://portal.vn/").expect("a test URL");
    let cleaned = clean::clean(&draft.body, &base, &clean::Options::default());
    cleaned.images.into_iter().filter_map(|image| image.caption).collect()
}

/// Around a body: what pages of the kind have.
fn portal(body: &str) -> String {
    format!(
        "<html><head><title>Tin mới về cảng biển – Cổng tin tức</title></head><body>\
         <div class=\"header\"><ul class=\"menu\"><li><a href=/a>Trang chủ</a></li><li><a href=/b>Văn hóa</a></li>\
         <li><a href=/c>Xã hội</a></li></ul></div><div class=\"post\"><h1>Tin mới về cảng biển</h1>\
         <div class=\"entry-content\">{body}</div></div><div class=\"tin-khac\"><h3>Tin khác</h3><ul>\
         <li><a href=/1>Một bài viết khác ở trang này</a></li><li><a href=/2>Bài viết thứ hai trong ngày</a></li>\
         </ul></div><div class=\"footer\"><p>Ghi rõ nguồn khi phát hành lại.</p></div></body></html>"
    )
}

const LONG: &str = "<p>Chiều 03/7, thành phố tổ chức hội nghị về kế hoạch phát triển cảng biển, với sự tham dự của đại \
    diện các sở, ban, ngành và nhiều doanh nghiệp; hội nghị đã thảo luận về các giải pháp trọng tâm trong thời gian \
    tới.</p>";

#[test]
fn the_seed_article_comes_out_whole_and_alone() {
    let draft = read(SEED).expect("an article");
    let blocks: Vec<String> = text(&draft).split("\n\n").map(str::to_owned).collect();
    let starts = ["Chiều 03/7", "Dự Hội nghị", "6 tháng đầu năm", "Chủ trì, phối hợp", "Về nhiệm vụ"];
    assert_eq!(blocks.len(), starts.len(), "{blocks:#?}");
    for (block, start) in blocks.iter().zip(starts) {
        assert!(block.starts_with(start), "{block}");
    }
    assert_eq!(
        captions(&draft),
        [
            "Đồng chí Lê Trí Vũ, Trưởng Ban Dân vận Thành ủy phát biểu tại Hội nghị.",
            "Lãnh đạo Ủy ban MTTQ Việt Nam thành phố phát biểu tại Hội nghị.",
            "Đồng chí Phó Bí thư Thường trực Thành ủy Đỗ Mạnh Hiến phát biểu chỉ đạo tại Hội nghị.",
        ]
    );
    assert_eq!(draft.authors.map(|found| found.value), Some(vec!["Hoàng Tùng".to_owned()]));
    assert_eq!(
        draft.published.map(|found| found.value),
        Some("2024-07-03T09:55:00Z".parse().expect("a test time"))
    );
}

/// The words of all text nodes that are no script, style or part of the head, sorted.
fn words_of(html: &str) -> Vec<String> {
    let document = html::parse(html).expect("a page");
    let is_seen = |node: &ego_tree::NodeRef<'_, scraper::Node>| {
        let mut around = node.ancestors().filter_map(|up| up.value().as_element().map(|found| found.name()));
        !around.any(|name| matches!(name, "head" | "script" | "style" | "template"))
    };
    let texts = document.tree.root().descendants().filter(is_seen);
    let texts: Vec<String> =
        texts.filter_map(|node| node.value().as_text().map(|text| text::normalize(text))).collect();
    sorted_words(&texts.join(" "))
}

fn sorted_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    words.sort_unstable();
    words
}

#[test]
fn decisions_add_up_to_the_page() {
    let form = "<form><select><option>Chọn quận</option><option>Lê Chân</option></select><textarea>Ý kiến</textarea>\
                <button>Gửi</button></form><noscript><p>Hãy bật JavaScript.</p></noscript><video>Máy không xem \
                được</video><iframe>Khung</iframe>";
    let notice = include_str!("../../tests/pages/notice-with-table/page.html");
    for (name, html) in [
        ("seed", SEED.to_owned()),
        ("notice", notice.to_owned()),
        ("form", portal(&format!("{LONG}{LONG}{form}"))),
    ] {
        let draft = read_with(&html, &ArticleRules::default(), true).expect("an article");
        let all: Vec<&str> = draft.decisions.iter().map(|decision| decision.text.as_str()).collect();
        assert_eq!(sorted_words(&all.join(" ")), words_of(&html), "{name}");
    }
    let draft = read_with(SEED, &ArticleRules::default(), true).expect("an article");
    let kept = |text: &str| {
        let found = draft.decisions.iter().find(|decision| decision.text.contains(text));
        found.map(|decision| decision.kept)
    };
    assert_eq!(kept("Chiều 03/7"), Some(true));
    assert_eq!(kept("Tiện ích thông tin"), Some(false));
}

#[test]
fn rules_win_and_what_finds_nothing_is_said() {
    let css =
        |text: &str| Css { text: text.into(), selector: Selector::parse(text).expect("a test selector") };
    let rules = ArticleRules {
        body: Some(css(".entry-content")),
        remove: vec![css("p.x")],
        cut_at: vec!["Hết phần một".into()],
        ..ArticleRules::default()
    };
    let html = portal(&format!("{LONG}<p class=x>Bỏ đi.</p>{LONG}<p>Hết  phần một</p><p>Sau đó.</p>"));
    let draft = read_with(&html, &rules, true).expect("an article");
    let body = text(&draft);
    assert_eq!(body.matches("Chiều 03/7").count(), 2);
    assert!(!body.contains("Bỏ đi") && !body.contains("Sau đó") && !body.contains("Hết phần"), "{body}");

    let idle = ArticleRules { body: Some(css("#nowhere")), ..ArticleRules::default() };
    let draft = read_with(&html, &idle, true).expect("an article");
    assert!(draft.decisions[0].why.contains("#nowhere"), "{:?}", draft.decisions[0]);
    assert!(text(&draft).contains("Chiều 03/7"));
}

#[test]
fn an_article_may_be_next_to_nothing() {
    for (name, body, expected) in [
        ("a line", "<p>Ngày mai thành phố có mưa rào.</p>", "mưa rào"),
        ("a picture", "<p><img src=/uploads/bieu-do.jpg width=800 height=600></p>", "bieu-do.jpg"),
        (
            "a table",
            "<table><tr><td>Quận</td><td>Số ca</td></tr><tr><td>Lê Chân</td><td>12</td></tr></table>",
            "Lê Chân",
        ),
        (
            "a document",
            "<p><a href=/uploads/quyet-dinh-12.pdf>Quyết định số 12/QĐ-UBND</a></p>",
            "quyet-dinh-12.pdf",
        ),
        ("a video", "<div class=wp-video><video controls><source src=/v.mp4></video></div>", "v.mp4"),
        ("a frame", "<p><iframe src=https://www.youtube.com/embed/x></iframe></p>", "youtube"),
    ] {
        let draft = read(&portal(body)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(format!("{:?}", draft.body).contains(expected), "{name}: {:?}", draft.body);
        assert!(!draft.body.text().contains("Tin khác"), "{name}: {}", draft.body.text());
    }
}

#[test]
fn what_is_no_article_is_said() {
    let links: String = (0..12)
        .map(|n| format!("<article><h3><a href=/bai-{n}>Tiêu đề của bài viết số {n}</a></h3><p>Tóm tắt ngắn của bài viết số {n}, đọc thêm để biết.</p></article>"))
        .collect();
    for (expected, html) in [
        (NotArticle::Empty, String::new()),
        (NotArticle::Empty, "<html><body></body></html>".into()),
        (NotArticle::Challenge, "<title>Just a moment...</title><h1>portal.vn</h1><script>window._cf_chl_opt={}</script>".into()),
        (NotArticle::ErrorPage, "<title>Bảo trì hệ thống</title><h1>Hệ thống đang bảo trì</h1><p>Mời quay lại sau.</p>".into()),
        (NotArticle::ErrorPage, "<title>404 Not Found</title><h1>Not Found</h1><p>The page was not found.</p>".into()),
        (NotArticle::LoginWall, "<title>Đăng nhập</title><h1>Đăng nhập</h1><form><input type=\"password\"></form><p>Mời đăng nhập.</p>".into()),
        (NotArticle::Listing, format!("<title>Tin tức</title><body><h1>Tin tức</h1>{links}</body>")),
        (NotArticle::Unreadable, "\u{0}\u{1}\u{2}PNG\u{fffd}\u{fffd}\u{fffd}\u{0}\u{0}\u{5}".repeat(50)),
    ] {
        assert_eq!(read(&html).map(|draft| draft.body), Err(expected), "{html}");
    }
}

#[test]
fn addresses_are_relative_to_what_the_page_says() {
    let body =
        format!("{}<p><img src=anh/cang.jpg width=800> <a href=van-ban.html>Văn bản</a></p>", LONG.repeat(4));
    let head = "<head><base href=/goc/tin/><link rel=canonical href=bai-viet.html>\
        <link rel=next href=bai-viet.html?page=2><meta property=og:image content=dau.jpg>";
    let draft = read(&portal(&body).replace("<head>", head)).expect("an article");
    let base = draft.base_url.as_ref().expect("a base");
    let at = |path: &str| {
        Some(Url::parse("https://portal.vn/goc/tin/").and_then(|it| it.join(path)).expect("a URL"))
    };
    assert_eq!(Some(base.clone()), at(""));
    assert_eq!(draft.image.as_ref().map(|found| found.value.clone()), at("dau.jpg"));
    assert_eq!(draft.canonical, at("bai-viet.html"));
    assert_eq!(draft.next_page, at("bai-viet.html?page=2"));
    let cleaned = clean::clean(&draft.body, base, &clean::Options::default());
    assert_eq!(cleaned.images.first().map(|image| image.url.clone()), at("anh/cang.jpg"));
    assert!(cleaned.html.contains("\"https://portal.vn/goc/tin/van-ban.html\""), "{}", cleaned.html);
}

#[test]
fn what_is_hidden_is_no_part_of_title_and_categories() {
    let page = portal(&LONG.repeat(4)).replace("<title>Tin mới về cảng biển – Cổng tin tức</title>", "").replace(
        "<h1>Tin mới về cảng biển</h1>",
        "<ul class=breadcrumb><li><a href=/>Trang chủ</a></li><li><a href=/k>Kinh tế<span class=sr-only>(hiện tại)</span></a>\
         </li></ul><h1>Tin mới <span style='display:none'>nháp</span> về <b class='visually-hidden'>(mở)</b> cảng biển</h1>",
    );
    let draft = read(&page).expect("an article");
    assert_eq!(draft.title.map(|found| found.value).as_deref(), Some("Tin mới về cảng biển"));
    assert_eq!(draft.categories, ["Kinh tế"]);
    let alone = page
        .replace("Tin mới <span", "<span")
        .replace("</span> về <b", "</span> <b")
        .replace("</b> cảng biển", "</b>");
    let title = read(&alone).expect("an article").title.map(|found| found.value);
    assert_eq!(title.as_deref(), Some("nháp (mở)"), "a heading that shows a picture");
}

#[test]
fn broken_pages_do_no_harm() {
    let long = LONG.repeat(4);
    let deep = format!("{}{long}{}", "<div>".repeat(4_000), "</div>".repeat(4_000));
    for (name, html) in [
        ("deep", portal(&deep)),
        ("unclosed", portal(&long).replace("</p>", "").replace("</div>", "").replace("</li>", "")),
        ("two bodies", portal(&long).replace("<h1>", "</body><body><h1>")),
        ("no body", long.clone()),
        (
            "xhtml",
            format!(
                "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><x:y/>{}</html>",
                portal(&long)
            ),
        ),
        ("conditional comments", portal(&format!("<!--[if IE]><p>old</p><![endif]-->{long}<!-- x --->"))),
        (
            "attribute with a tag",
            portal(&format!("<p title=\"<script>\">A</p>{long}<p data-x='</div>'>B</p>")),
        ),
    ] {
        let draft = read(&html).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(text(&draft).matches("Chiều 03/7").count(), 4, "{name}: {}", draft.body.text());
    }
    for html in [
        "<frameset><frame src=x></frameset>",
        "<",
        "<p",
        "<!--",
        "<script>",
        "</",
        "<svg>",
        "<a b=\"",
        "\u{feff}",
    ] {
        assert!(read(html).is_err(), "{html}");
    }
}

#[test]
fn pages_made_to_be_slow_are_read_or_refused_in_time() {
    let attributes = |end: &str| (0..200_000).map(|n| format!("a{n}{end}")).collect::<String>();
    for (name, html) in [
        ("blocks", "<div>".repeat(100_000)),
        ("blocks that pretend to be closed", "<div/>".repeat(100_000)),
        ("end tags that close nothing", "<div></x>".repeat(100_000)),
        ("end tags out of reach", "<div><table><td></div></td></table>".repeat(100_000)),
        ("verbatim text", "<pre>".repeat(100_000)),
        ("notes on nothing", "<rt>x".repeat(100_000)),
        ("attributes", format!("<p {}>x</p>", attributes(" "))),
        ("attributes parted by slashes", format!("<p/{}>x</p>", attributes("/"))),
        ("attributes parted by nothing", format!("<p {}>x</p>", attributes("=''"))),
        ("lists", "<ul><li>".repeat(100_000)),
        ("tables", "<table><tr><td>".repeat(100_000)),
    ] {
        let start = std::time::Instant::now();
        let outcome = read(&portal(&format!("{}{html}", LONG.repeat(4))));
        match outcome {
            Ok(draft) => assert_eq!(text(&draft).matches("Chiều 03/7").count(), 4, "{name}"),
            Err(why) => assert_eq!(why, NotArticle::Unreadable, "{name}"),
        }
        // Long before the minutes that reading them as they are would take, without optimisation too.
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn a_page_of_ten_megabytes_is_read() {
    let html = portal(&LONG.repeat((10 << 20) / LONG.len() + 1));
    assert_eq!(
        text(&read(&html).expect("an article")).matches("Chiều 03/7").count(),
        (10 << 20) / LONG.len() + 1
    );
}

fn is_picture(piece: &Piece<'_>) -> bool {
    matches!(piece, Piece::Element(element) if element.name() == "img")
}

#[test]
fn pictures_alone_keep_their_byline() {
    let byline = "<p style=\"text-align: right;\"><strong>Hải Yến</strong></p>";
    let figure = |number: usize| {
        format!(
            "<figure><img src=/uploads/{number}.jpg width=800><figcaption>Đại biểu số {number} dự hội nghị.</figcaption></figure>"
        )
    };
    let gallery: String = (0..12).map(figure).collect();
    for (name, body, pictures) in [
        ("one picture", "<p><img src=/uploads/bieu-do.jpg width=800 height=600></p>".to_owned(), 1),
        ("a gallery", format!("<div class=x1>{gallery}</div>"), 12),
        ("one line", "<p>Ngày mai thành phố có mưa rào.</p>".to_owned(), 0),
    ] {
        let draft =
            read(&portal(&format!("{body}{byline}"))).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(draft.authors.map(|found| found.value), Some(vec!["Hải Yến".to_owned()]), "{name}");
        let shown = (0..).map_while(|at| draft.body.get(at)).filter(|(piece, _)| is_picture(piece)).count();
        assert_eq!(shown, pictures, "{name}: {:?}", draft.body);
        assert!(!draft.body.text().contains("Hải Yến"), "{name}: {}", draft.body.text());
    }
}

#[test]
fn items_of_a_list_under_a_picture_are_no_captions() {
    let items: String = [
        "Chủ động phòng, chống thiên tai;",
        "Cắt giảm thời gian giải quyết thủ tục;",
        "Rà soát các dự án chậm tiến độ;",
    ]
    .map(|item| format!("<li>{item}</li>"))
    .concat();
    let html = portal(&format!("{LONG}<p><img src=/a.jpg width=800></p><ul>{items}</ul>{LONG}{LONG}"));
    let draft = read(&html).expect("an article");
    assert!(text(&draft).contains("Chủ động phòng"), "{}", draft.body.text());
    assert!(captions(&draft).is_empty(), "{}", draft.body.text());
}

#[test]
fn short_posts_are_articles() {
    let lines = ["Xong rồi.", "Mai gặp lại ở chợ.", "Nhớ mang ô nhé!"];
    for (name, body) in [
        ("paragraphs", lines.map(|line| format!("<p>{line}</p>")).concat()),
        ("line breaks", format!("<p>{}</p>", lines.join("<br>"))),
        ("no paragraphs", lines.join("<br><br>")),
    ] {
        for class in ["entry-content", "x7f3"] {
            let html = portal(&body).replace("entry-content", class);
            let html = html.replace("</h1>", "</h1><span>Thứ Tư, 03/07/2024 16:55</span>");
            let draft = read(&html).unwrap_or_else(|error| panic!("{name} in {class}: {error}"));
            for line in lines {
                assert!(draft.body.text().contains(line), "{name} in {class}: {}", draft.body.text());
            }
            assert!(
                !draft.body.text().contains("Bài viết thứ hai"),
                "{name} in {class}: {}",
                draft.body.text()
            );
        }
    }
}

#[test]
fn captions_without_markup_are_told_from_paragraphs() {
    let picture = "<p><img src=/a.jpg width=800></p>";
    for caption in [
        "<p style=\"text-align: center\">Quang cảnh hội nghị.</p>",
        "<p><em>Quang cảnh hội nghị.</em></p>",
        "<p>Quang cảnh hội nghị.</p>",
        "<p class=\"wp-caption-text\">Quang cảnh hội nghị.</p>",
    ] {
        let draft = read(&portal(&format!("{LONG}{picture}{caption}{LONG}{LONG}"))).expect("an article");
        assert_eq!(captions(&draft), ["Quang cảnh hội nghị."], "{caption}: {}", draft.body.text());
        assert!(!text(&draft).contains("Quang cảnh"), "{caption}");
    }
    let table = "<table><tr><td><img src=/a.jpg></td></tr><tr><td>Quang cảnh hội nghị.</td></tr></table>";
    let draft = read(&portal(&format!("{LONG}{table}{LONG}{LONG}"))).expect("an article");
    assert_eq!(captions(&draft), ["Quang cảnh hội nghị."], "{}", draft.body.text());
}

#[test]
fn what_is_cut_before_parsing_takes_nothing_else_along() {
    let long = LONG.repeat(3);
    for (name, extra) in [
        ("a drawing that is never closed", "<svg><path d='M0 0'>".to_owned()),
        ("many of them", "<svg>".repeat(20_000)),
        ("a hole of blocks", "<div>".repeat(5_000)),
        ("a hole with an end", "<div><section>".repeat(5_000) + &"</section></div>".repeat(5_000)),
        ("a script in an attribute", "<p data-x=\"<script>\">A</p>".to_owned()),
        ("a closed drawing", "<svg><text>Không ai đọc</text></svg>".to_owned()),
        ("line ends of both kinds", "\r\n\t \n".to_owned()),
    ] {
        let html = portal(&format!("{long}{extra}"));
        let outcome = read(&html).map(|draft| text(&draft));
        let body = outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(body.matches("Chiều 03/7").count(), 3, "{name}: {body}");
        assert!(!body.contains("Không ai đọc"), "{name}");
    }
    let draft = read(&portal(&format!("{long}<pre>một\n  hai</pre>{long}"))).expect("an article");
    assert!(draft.body.text().contains("một\n  hai"), "{}", draft.body.text());
}
