//! Learning portals of different make, over mocked HTTP: each from its address alone.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use tinsach::config::{self, Backfill, Config, Environment, Setting, Source};
use tinsach::fetch::Fetcher;
use tinsach::learn::{self, LearnError, Learned};
use tinsach::model::{Clock, DiscoveryMethod};
use tinsach::pipeline::{Extent, Pipeline, Report, Silent};
use tinsach::store::{Scope, Store};
use tokio_util::sync::CancellationToken;
use url::Url;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

const HTML: &str = "text/html; charset=utf-8";
/// Noon of the day after the newest article.
const NOON: i64 = 1_720_155_600;

/// Everything that a mocked portal answers, by path and query.
#[derive(Clone, Default)]
pub struct Site {
    answers: HashMap<String, ResponseTemplate>,
}

impl Site {
    fn put(&mut self, place: &str, kind: &str, body: String) {
        let answer = ResponseTemplate::new(200).set_body_raw(body.into_bytes(), kind);
        self.answers.insert(place.to_owned(), answer);
    }

    pub fn answer(&mut self, place: &str, answer: ResponseTemplate) {
        self.answers.insert(place.to_owned(), answer);
    }

    fn page(&mut self, place: &str, body: &str) {
        self.put(place, HTML, format!("<!DOCTYPE html>{body}"));
    }
}

impl Respond for Site {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let place = &request.url[url::Position::BeforePath..url::Position::AfterQuery];
        self.answers.get(place).cloned().unwrap_or_else(|| ResponseTemplate::new(404))
    }
}

pub async fn serve(build: impl FnOnce(&str) -> Site) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(build(&server.uri())).mount(&server).await;
    server
}

fn configuration() -> Config {
    // Nothing is kept there: learning has no state, and following gets a store of its own.
    let environment =
        Environment { state_directory: Some(std::env::temp_dir().into()), ..Environment::default() };
    let mut config = config::load(None, &environment).expect("the defaults are right");
    config.fetch.gap = Duration::ZERO;
    config.fetch.timeout = Duration::from_secs(5);
    config.fetch.allow_private = vec!["127.0.0.0/8".parse().expect("a network")];
    config
}

fn clock() -> Timestamp {
    Timestamp::from_second(NOON).expect("in range")
}

async fn learn(address: &str) -> Result<Learned, LearnError> {
    let fetcher = Fetcher::with_clock(&configuration().fetch, Clock::of(clock)).expect("a client");
    learn::learn(&fetcher, &Url::parse(address).expect("a URL"), 12, &|_| {}).await
}

/// Follows the portal by the learned file, once, and gives the report and the titles that were stored.
async fn follow(learned: &Learned) -> (Report, Vec<String>) {
    let state = tempfile::tempdir().expect("a temporary folder");
    let config = configuration();
    let source = Source { backfill: Backfill::All, ..learned.source.clone() };
    let store = Store::open(state.path()).await.expect("a fresh store");
    let fetcher = Fetcher::with_clock(&config.fetch, Clock::of(clock)).expect("a client");
    let pipeline = Pipeline {
        store: store.clone(),
        fetcher,
        clock: Clock::of(clock),
        keep: config.keep.clone(),
        ahead: 1,
    };
    let report = pipeline
        .visit(&source, Extent::Everything, &Silent, &CancellationToken::new())
        .await
        .expect("the store works");
    let stored = store.newest(&Scope::All, 200).await.expect("the store works");
    (report, stored.into_iter().map(|stored| stored.article.title).collect())
}

fn loads(learned: &Learned) {
    let loaded = config::read_source(Path::new("learned.toml"), &learned.toml);
    assert_eq!(loaded.unwrap_or_else(|faults| panic!("{faults}\n{}", learned.toml)), learned.source);
}

fn listings(source: &Source) -> Vec<(String, Option<String>)> {
    let Setting::Use(listings) = &source.discover.listings else { return Vec::new() };
    let place = |url: &Url| url[url::Position::BeforePath..].to_owned();
    listings.iter().map(|listing| (place(&listing.url), listing.category.clone())).collect()
}

const WHO: &[&str] = &[
    "Ủy ban nhân dân quận Lê Chân",
    "Sở Giáo dục và Đào tạo",
    "Công an thành phố",
    "Hội Nông dân huyện An Lão",
    "Trường Đại học Hàng hải",
];
const DOES: &[&str] = &[
    "tổ chức hội nghị sơ kết công tác",
    "khai trương tuyến phố đi bộ gắn với",
    "triển khai kế hoạch kiểm tra về",
    "trao học bổng trong chương trình",
];
const WHAT: &[&str] = &[
    "cải cách hành chính sáu tháng đầu năm",
    "chuyển đổi số ngành giáo dục",
    "phòng chống thiên tai mùa mưa bão",
    "xây dựng nông thôn mới kiểu mẫu",
    "an toàn giao thông đường thủy",
    "khuyến học khuyến tài",
    "bảo tồn di tích lịch sử",
];

/// The title of the n-th article.
fn title(n: usize) -> String {
    format!("{} {} {} đợt {n}", WHO[n % WHO.len()], DOES[n % DOES.len()], WHAT[n % WHAT.len()])
}

/// A paragraph of the n-th article.
fn paragraph(n: usize, k: usize) -> String {
    let (who, other, what) =
        (WHO[(n + k) % WHO.len()], WHO[(n + 2 * k + 1) % WHO.len()], WHAT[(3 * n + k) % WHAT.len()]);
    format!(
        "Trong buổi làm việc thứ {k} về nội dung số {n}, đại diện {who} cho biết đơn vị đã hoàn thành {} phần việc liên quan đến {what}, \
         trong đó có {} hạng mục được thực hiện cùng với {other}, góp phần nâng cao chất lượng phục vụ người dân và doanh nghiệp trên địa bàn.",
        7 * n + 3 * k + 11,
        2 * n + k + 3
    )
}

fn paragraphs(n: usize, open: &str, close: &str) -> String {
    (0..5).map(|k| format!("{open}{}{close}\n", paragraph(n, k))).collect()
}

/// The n-th article's day and minute, the newest first.
fn moment(n: usize) -> (u32, u32, u32) {
    (30 - u32::try_from(n).expect("small"), 7 + u32::try_from(n % 12).expect("small"), 15)
}

const SECTIONS: &[(&str, &str)] =
    &[("thoi-su", "Thời sự"), ("kinh-te", "Kinh tế"), ("van-hoa", "Văn hóa – Xã hội"), ("y-te", "Y tế")];
const ARTICLES: usize = 24;

fn wordpress_slug(n: usize) -> String {
    format!("/hoi-nghi-so-ket-cong-tac-quan-trong-lan-{n}.html")
}

/// A WordPress portal: API, feed, sitemap, pretty addresses, a box beside every page.
pub fn wordpress(base: &str) -> Site {
    let mut site = Site::default();
    let slug = wordpress_slug;
    let menu: String = SECTIONS
        .iter()
        .map(|(slug, name)| format!(r#"<li><a href="/category/{slug}/">{name}</a></li>"#))
        .collect();
    let frame = |class: &str, main: &str| {
        let beside: String =
            (0..5).map(|n| format!(r#"<li><a href="{}">{}</a></li>"#, slug(n), title(n))).collect();
        format!(
            r#"<html lang="vi-VN"><head><title>Cổng tin thử nghiệm</title><meta name="generator" content="WordPress 6.4.5"><meta property="og:site_name" content="Cổng tin thử nghiệm">
<link rel="alternate" type="application/rss+xml" href="/feed/"><link rel="https://api.w.org/" href="/wp-json/"></head><body class="{class}">
<header><nav class="menu"><ul><li><a href="/">Trang chủ</a></li>{menu}<li><a href="/gioi-thieu/">Giới thiệu</a></li></ul></nav></header>
<main>{main}</main><aside class="sidebar"><h3>Tin mới</h3><ul>{beside}</ul></aside><footer><p>Bản quyền thuộc Cổng tin thử nghiệm</p></footer></body></html>"#
        )
    };
    let card = |n: usize| {
        let (day, hour, minute) = moment(n);
        format!(
            r#"<article class="post"><h2 class="entry-title"><a href="{}">{}</a></h2><span class="date">{day:02}/06/2024 {hour:02}:{minute}</span><p>{}</p></article>"#,
            slug(n),
            title(n),
            paragraph(n, 0)
        )
    };
    let cards = |of: &mut dyn Iterator<Item = usize>| of.map(card).collect::<String>();
    site.page("/", &frame("home", &(cards(&mut (0..8)) + r#"<nav class="pagination"><a class="next page-numbers" href="/page/2/">Trang sau</a></nav>"#)));
    site.page("/page/2/", &frame("home paged", &cards(&mut (8..16))));
    site.page(
        "/gioi-thieu/",
        &frame("page", "<h1>Giới thiệu</h1><p>Cổng tin thử nghiệm là nơi cung cấp thông tin.</p>"),
    );
    for (s, (name, _)) in SECTIONS.iter().enumerate() {
        site.page(
            &format!("/category/{name}/"),
            &frame("category", &cards(&mut (0..ARTICLES).filter(|n| n % 4 == s))),
        );
    }
    for n in 0..ARTICLES {
        let (day, hour, minute) = moment(n);
        site.page(&slug(n), &frame(&format!("single postid-{}", 500 + n), &format!(
            r#"<article><h1 class="entry-title">{}</h1><div class="meta"><span class="post-date">{day:02}/06/2024 {hour:02}:{minute}</span></div>
<div class="entry-content">{}<figure><img src="/anh-{n}.jpg" width="800" height="500" alt="Ảnh"><figcaption>Quang cảnh hội nghị số {n}.</figcaption></figure>{}<p style="text-align: right"><strong>Hoàng Tùng</strong></p></div><div class="box"><h4>Tiện ích thông tin</h4></div></article>"#,
            title(n), paragraphs(n, "<p>", "</p>"), format_args!("<p>{}</p>", paragraph(n, 7))
        )));
    }
    wordpress_methods(&mut site, base);
    site
}

/// Its API, feed and sitemap.
fn wordpress_methods(site: &mut Site, base: &str) {
    let slug = wordpress_slug;
    let mut posts = Vec::new();
    let (mut items, mut urls) = (String::new(), String::new());
    for n in 0..ARTICLES {
        let (day, hour, minute) = moment(n);
        let (_, category) = SECTIONS[n % 4];
        posts.push(serde_json::json!({
            "id": 500 + n, "date": format!("2024-06-{day:02}T{hour:02}:{minute}:00"), "date_gmt": format!("2024-06-{day:02}T{:02}:{minute}:00", hour - 7),
            "link": format!("{base}{}", slug(n)), "status": "publish", "type": "post", "title": {"rendered": title(n)},
            "content": {"rendered": paragraphs(n, "<p>", "</p>")}, "_embedded": {"wp:term": [[{"id": 1, "name": category, "taxonomy": "category"}]]},
        }));
        let utc = hour - 7;
        if n < 10 {
            let date = format!("{day:02} Jun 2024 {utc:02}:{minute}:00 +0000");
            write!(items, "<item><title>{}</title><link>{base}{}</link><guid isPermaLink=\"false\">{base}/?p={}</guid><pubDate>{date}</pubDate><description>{}</description></item>", title(n), slug(n), 500 + n, &title(n)).expect("a String");
        }
        write!(
            urls,
            "<url><loc>{base}{}</loc><lastmod>2024-06-{day:02}T{utc:02}:{minute}:00+00:00</lastmod></url>",
            slug(n)
        )
        .expect("a String");
    }
    let api = serde_json::Value::Array(posts).to_string();
    for per_page in [20, 100] {
        let root = Url::parse(&format!("{base}/wp-json/")).expect("a URL");
        let place = tinsach::discover::wp_json::Request::first_page(&root, per_page).url();
        site.put(&place[url::Position::BeforePath..], "application/json", api.clone());
    }
    site.put(
        "/feed/",
        "application/rss+xml",
        format!("<rss version=\"2.0\"><channel><title>Cổng tin thử nghiệm</title>{items}</channel></rss>"),
    );
    site.put(
        "/robots.txt",
        "text/plain",
        format!("User-agent: *\nAllow: /\nSitemap: {base}/wp-sitemap.xml\n"),
    );
    site.put(
        "/wp-sitemap.xml",
        "application/xml",
        format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>"),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wordpress_portal_is_learned_with_all_its_doors() {
    let server = serve(wordpress).await;
    let learned = learn(&server.uri()).await.unwrap_or_else(|error| panic!("{error}"));
    loads(&learned);
    let source = &learned.source;
    assert_eq!(
        (source.title.as_str(), source.language.as_str()),
        ("Cổng tin thử nghiệm", "vi"),
        "{}",
        learned.toml
    );
    assert_eq!(source.time_zone.iana_name(), Some("Asia/Ho_Chi_Minh"));
    assert!(learned.toml.contains("the API's two dates"), "{}", learned.toml);
    assert_eq!((&source.discover.wp_json, &source.discover.sitemap), (&Setting::Use(()), &Setting::Use(())));
    assert_eq!(
        source.discover.feeds,
        Setting::Use(vec![Url::parse(&format!("{}/feed/", server.uri())).expect("a URL")])
    );
    let mut expected = vec![("/".to_owned(), None)];
    expected
        .extend(SECTIONS.iter().map(|(slug, name)| (format!("/category/{slug}/"), Some((*name).to_owned()))));
    assert_eq!(listings(source), expected, "{}", learned.toml);
    assert!(learned.toml.contains("goes on at /page/2/"), "{}", learned.toml);
    assert!(learned.toml.contains("10 items, newest 2024-06-30 07:15"), "{}", learned.toml);
    assert!(learned.score >= 90 && learned.samples.len() == 12, "{} {:#?}", learned.score, learned.samples);
    let (report, titles) = follow(&learned).await;
    assert_eq!(titles.len(), ARTICLES, "{report}");
}

/// An old ASP.NET portal: query strings, tables, a front page that only forwards; no feed, API or sitemap.
fn aspnet(_: &str) -> Site {
    let mut site = Site::default();
    let place = |n: usize| format!("/Portal/Detail.aspx?Organization=SO&amp;ContentID={}", 135_600 + n);
    let menu: String = (0..3)
        .map(|s| format!(r#"<td><a href="/Portal/List.aspx?CatID={}">{}</a></td>"#, s + 1, SECTIONS[s].1))
        .collect();
    let frame = |main: &str| {
        format!(
            r#"<html><head><title>Trang thông tin điện tử huyện Kiến Thụy</title></head><body><form action="Default.aspx"><table class="topmenu"><tr><td><a href="/Default.aspx">Trang chủ</a></td>{menu}<td><a href="/Portal/LienHe.aspx">Liên hệ</a></td></tr></table>
<table width="990"><tr><td width="700">{main}</td><td width="290"><div class="ThamDo">Bạn thấy trang này thế nào?</div></td></tr></table><div class="foot">Cơ quan chủ quản: UBND huyện Kiến Thụy</div></form></body></html>"#
        )
    };
    let row = |n: usize| {
        let (day, ..) = moment(n);
        format!(
            r#"<tr><td><a class="TieuDe" href="{}">{}</a> <span>({day:02}/06/2024)</span></td></tr>"#,
            place(n),
            title(n)
        )
    };
    let rows =
        |of: &mut dyn Iterator<Item = usize>| format!("<table>{}</table>", of.map(row).collect::<String>());
    site.page("/", r#"<html><head><meta http-equiv="Refresh" content="0; URL=/Default.aspx"></head><body></body></html>"#);
    site.page("/Default.aspx", &frame(&rows(&mut (0..9))));
    site.page("/Portal/LienHe.aspx", &frame("<b>Liên hệ</b> Điện thoại 0225"));
    for s in 0..3 {
        let list = format!("/Portal/List.aspx?CatID={}", s + 1);
        let of: Vec<usize> = (0..ARTICLES).filter(|n| n % 3 == s).collect();
        let pager = format!(r#"<div>Trang <b>1</b> <a href="{list}&amp;page=2">2</a></div>"#);
        site.page(&list, &frame(&(rows(&mut of[..5].iter().copied()) + &pager)));
        site.page(&format!("{list}&page=2"), &frame(&rows(&mut of[5..].iter().copied())));
    }
    for n in 0..ARTICLES {
        let (day, hour, minute) = moment(n);
        site.page(&place(n).replace("&amp;", "&"), &frame(&format!(
            r#"<div class="divDetail"><div class="divDetail_Title">{}</div><div class="divDetail_DateCreate">{day:02}/06/2024 - {hour:02}:{minute}</div><div class="divDetail_Content">{}</div></div>"#,
            title(n), paragraphs(n, "<div>", "</div>")
        )));
    }
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_portal_with_query_strings_is_learned_from_its_listings() {
    let server = serve(aspnet).await;
    let learned = learn(&server.uri()).await.unwrap_or_else(|error| panic!("{error}"));
    loads(&learned);
    let source = &learned.source;
    assert_eq!(source.home.path(), "/Default.aspx");
    assert_eq!(
        (source.language.as_str(), source.time_zone.iana_name()),
        ("vi", Some("Asia/Ho_Chi_Minh")),
        "{}",
        learned.toml
    );
    assert_eq!(source.discover.feeds, Setting::Find);
    assert!(
        learned.toml.contains("feeds: none answered") && learned.toml.contains("sitemap: none answered"),
        "{}",
        learned.toml
    );
    let expected: Vec<_> = (0..3)
        .map(|s| (format!("/Portal/List.aspx?CatID={}", s + 1), Some(SECTIONS[s].1.to_owned())))
        .collect();
    assert_eq!(listings(source)[1..], expected, "{}", learned.toml);
    assert!(
        learned.toml.contains("/Portal/Detail.aspx?Organization={slug}&ContentID={number}"),
        "{}",
        learned.toml
    );
    assert!(learned.score >= 80, "{} {:#?}", learned.score, learned.samples);
    let (report, titles) = follow(&learned).await;
    assert_eq!(titles.len(), ARTICLES, "{report}");
}

const SACHE: &[&str] = &[
    "den Ausbau der Radwege",
    "die Sanierung der Stadtbücherei",
    "den neuen Fahrplan der Straßenbahn",
    "das Sommerfest im Rosengarten",
    "die Pläne für das Hallenbad",
];

/// A portal of today: semantic elements, JSON-LD with offsets, generated class names, an Atom feed; the language is
/// stated wrongly nowhere and the zone nowhere at all.
fn modern(base: &str) -> Site {
    let mut site = Site::default();
    let place = |n: usize| format!("/artikel/rat-beraet-ueber-wichtige-plaene-{}", 20_400 + n);
    let name = |n: usize| format!("Rat der Stadt berät in Sitzung {n} über {}", SACHE[n % SACHE.len()]);
    let text = |n: usize, k: usize| {
        format!(
            "Der Rat der Stadt hat am Donnerstag in seiner Sitzung {n} mit {} zu {} Stimmen beschlossen, dass {} bis zum Ende des Jahres geprüft wird; die Verwaltung soll dazu im Ausschuss Nummer {k} berichten und die Kosten von {} Euro begründen.",
            20 + n,
            5 + k,
            SACHE[(n + k) % SACHE.len()],
            1000 * n + 10 * k
        )
    };
    let frame = |head: &str, main: &str| {
        format!(
            r#"<html lang="de-DE"><head><title>Stadtblatt</title><meta property="og:site_name" content="Stadtblatt">{head}<link rel="alternate" type="application/atom+xml" href="/atom.xml"></head><body><header class="css-1x8fq"><nav><a href="/">Start</a><a href="/stadt">Stadt</a></nav></header><main class="css-9ab2k">{main}</main><footer class="css-77zz1"><p>Impressum</p></footer></body></html>"#
        )
    };
    let card = |n: usize| {
        format!(
            r#"<article class="css-k2j4h"><h3><a href="{}">{}</a></h3><time datetime="2024-06-{:02}T08:00:00+02:00">{}. Juni</time></article>"#,
            place(n),
            name(n),
            30 - n,
            30 - n
        )
    };
    let cards: String = (0..10).map(card).collect();
    site.page("/", &frame("", &cards));
    site.page("/stadt", &frame("", &(0..10).filter(|n| n % 2 == 0).map(card).collect::<String>()));
    let mut entries = String::new();
    for n in 0..10 {
        let date = format!("2024-06-{:02}T08:00:00+02:00", 30 - n);
        let body: String = (0..5).map(|k| format!("<p class=\"css-p{k}q1\">{}</p>", text(n, k))).collect();
        let ld = serde_json::json!({"@context": "https://schema.org", "@type": "NewsArticle", "headline": name(n), "datePublished": date, "author": {"@type": "Person", "name": "Erika Berg"}, "articleSection": "Stadt"});
        let head = format!(r#"<script type="application/ld+json">{ld}</script>"#);
        site.page(&place(n), &frame(&head, &format!("<article class=\"css-a1b2c\"><h1>{}</h1><section class=\"css-t5r6e\">{body}</section></article>", name(n))));
        write!(entries, "<entry><id>{base}{0}</id><title>{1}</title><link href=\"{base}{0}\"/><published>{date}</published><updated>{date}</updated><content type=\"html\">{2}</content></entry>", place(n), name(n), body.replace('<', "&lt;")).expect("a String");
    }
    site.put(
        "/atom.xml",
        "application/atom+xml",
        format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Stadtblatt</title>{entries}</feed>"),
    );
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_with_json_ld_and_generated_classes_tells_its_zone_by_its_offsets() {
    let server = serve(modern).await;
    let learned = learn(&format!("{}/", server.uri())).await.unwrap_or_else(|error| panic!("{error}"));
    loads(&learned);
    let source = &learned.source;
    assert_eq!(
        (source.language.as_str(), source.time_zone.iana_name()),
        ("de-DE", Some("Europe/Berlin")),
        "{}",
        learned.toml
    );
    assert!(learned.toml.contains("10 items, newest 2024-06-30 08:00, whole texts"), "{}", learned.toml);
    assert!(learned.toml.contains("# addresses: /artikel/{slug}-{number}"), "{}", learned.toml);
    assert!(learned.score >= 90, "{} {:#?}", learned.score, learned.samples);
    assert_eq!(learned.samples[0].author.as_deref(), Some("Erika Berg"));
    let (report, titles) = follow(&learned).await;
    assert_eq!(
        (titles.len(), report.asked.iter().any(|asked| asked.method == DiscoveryMethod::Feed)),
        (10, true),
        "{report}"
    );
}

/// Nothing but divs, at a path, behind a redirect, in a language that the page states wrongly.
fn soup(base: &str) -> Site {
    let mut site = Site::default();
    let place = |n: usize| format!("/xa-an-hung/bai-viet/{}/hoat-dong-trong-xa-tuan-nay.htm", 9_100 + n);
    let frame = |main: &str| {
        format!(
            r#"<html lang="en-US"><head><title>Xã An Hưng | Trang chủ</title></head><body><div><div><div><a href="/xa-an-hung/">Trang chủ</a> <a href="/xa-an-hung/tin/">Tin trong xã</a></div></div><div>{main}</div><div><div>Số điện thoại: 0225</div></div></div></body></html>"#
        )
    };
    let cards = |of: std::ops::Range<usize>| {
        of.map(|n| format!(r#"<div><div><a href="{}"><img src="/a{n}.jpg"></a></div><div><a href="{}">{}</a></div><div>{}</div></div>"#, place(n), place(n), title(n), paragraph(n, 0))).collect::<String>()
    };
    site.answers.insert(
        "/xa-an-hung".to_owned(),
        ResponseTemplate::new(301).insert_header("Location", format!("{base}/xa-an-hung/").as_str()),
    );
    site.page("/xa-an-hung/", &frame(&cards(0..6)));
    site.page(
        "/xa-an-hung/tin/",
        &frame(&(cards(6..12) + r#"<div><a href="/xa-an-hung/tin/?trang=2">Trang sau</a></div>"#)),
    );
    site.page("/xa-an-hung/tin/?trang=2", &frame(&cards(12..18)));
    for n in 0..18 {
        let (day, hour, minute) = moment(n);
        site.page(&place(n), &frame(&format!(r#"<div><div>{}</div><div>Thứ Sáu, {day:02}/06/2024 {hour:02}:{minute}</div><div>{}</div></div>"#, title(n), paragraphs(n, "<div>", "</div>"))));
    }
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn div_soup_below_a_path_is_learned() {
    let server = serve(soup).await;
    let learned =
        learn(&format!("{}/xa-an-hung", server.uri())).await.unwrap_or_else(|error| panic!("{error}"));
    loads(&learned);
    assert_eq!(learned.source.language, "vi", "{}", learned.toml);
    assert!(learned.toml.contains("though the pages state"), "{}", learned.toml);
    assert!(learned.source.id.as_str().ends_with("xa-an-hung"), "{}", learned.source.id);
    assert!(learned.toml.contains("goes on at /xa-an-hung/tin/?trang=2"), "{}", learned.toml);
    assert!(learned.score >= 70, "{} {:#?}", learned.score, learned.samples);
    let (report, titles) = follow(&learned).await;
    assert_eq!(titles.len(), 18, "{report}");
}

async fn refused(build: impl FnOnce(&str) -> Site) -> String {
    let server = serve(build).await;
    learn(&server.uri()).await.map(|learned| learned.toml).expect_err("nothing to learn").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_learned_says_why_and_what_to_do() {
    let forbidden = |base: &str| {
        let mut site = wordpress(base);
        site.put("/robots.txt", "text/plain", "User-agent: *\nDisallow: /\n".to_owned());
        site
    };
    let told = refused(forbidden).await;
    assert!(told.contains("robots.txt forbids it") && told.contains("ask whoever runs"), "{told}");
    let picture = |_: &str| {
        let mut site = Site::default();
        site.put("/", "image/png", "\u{89}PNG".to_owned());
        site
    };
    let told = refused(picture).await;
    assert!(told.contains("give the address of a web page"), "{told}");
    let told = refused(|_| Site::default()).await;
    assert!(told.contains("404") && told.contains("front page"), "{told}");
    let bare = |_: &str| {
        let mut site = Site::default();
        site.page("/", "<html><body><div id=\"root\"></div><script src=\"/app.js\"></script></body></html>");
        site
    };
    let told = refused(bare).await;
    assert!(
        told.contains("no article was found")
            && told.contains("/feed/: not there (404)")
            && told.contains("JavaScript"),
        "{told}"
    );
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port");
    let told = learn(&format!("http://{closed}/"))
        .await
        .map(|learned| learned.toml)
        .expect_err("nobody listens")
        .to_string();
    assert!(
        told.starts_with("no connection: Connection refused") && told.contains("try again later"),
        "{told}"
    );
}
