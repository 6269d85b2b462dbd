//! Portals that would lead us on: what is asked and entered has bounds, and nothing is lost by them.

use std::sync::atomic::{AtomicUsize, Ordering};

use tinsach::config::Backfill;
use tinsach::pipeline::Outcome;
use wiremock::matchers::{method, path};
use wiremock::{Mock, Request, ResponseTemplate};

use crate::portal::{Follower, Portal};

const XML: &str = "application/xml";
const HTML: &str = "text/html; charset=utf-8";
/// Ways of following.
const LISTING: &str = "wp_json = false\nsitemap = false\nfeeds = false\nlistings = [{ url = \"/list\" }]";
const SITEMAP: &str = "wp_json = false\nfeeds = false\nlistings = false";

fn article(n: usize) -> String {
    let text: String = (1..6)
        .map(|k| {
            format!(
                "<p>Đoạn {k} của bài {n}: đội {} đã thi công {} mét đường, nối phường {n} với cảng số {k}, \
                          đúng như kế hoạch đã được hội đồng thông qua trong kỳ họp vừa rồi.</p>",
                n * 7 + k,
                n * 31 + k
            )
        })
        .collect();
    format!(
        "<html><head><title>Khởi công tuyến đường số {n}</title></head><body><h1>Khởi công tuyến đường số {n}</h1>{text}</body></html>"
    )
}

/// A teaser of an article.
fn item(n: usize) -> String {
    format!("<article><h3><a href=\"/bai-{n}.html\">Khởi công tuyến đường số {n}</a></h3></article>")
}

async fn mount_articles(portal: &Portal, last: usize) {
    for n in 1..=last {
        portal.mount(&format!("/bai-{n}.html"), HTML, &article(n)).await;
    }
}

fn sitemap(portal: &Portal, articles: std::ops::RangeInclusive<usize>) -> String {
    let base = portal.server.uri();
    let urls: String = articles.map(|n| format!("<url><loc>{base}/bai-{n}.html</loc></url>")).collect();
    format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_names_itself_under_ever_new_addresses_ends() {
    let portal = Portal::empty().await;
    let base = portal.server.uri();
    let asked = std::sync::Arc::new(AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&asked);
    let index = move |_: &Request| {
        let n = count.fetch_add(1, Ordering::Relaxed);
        let at = |place: String| format!("<sitemap><loc>{base}/{place}</loc></sitemap>");
        let places = at("sitemap.xml".into()) + &at(format!("sitemap.xml?r={n}")) + &at("bai.xml".into());
        ResponseTemplate::new(200).set_body_raw(format!("<sitemapindex>{places}</sitemapindex>"), XML)
    };
    Mock::given(method("GET")).and(path("/sitemap.xml")).respond_with(index).mount(&portal.server).await;
    portal.mount("/bai.xml", XML, &sitemap(&portal, 1..=2)).await;
    mount_articles(&portal, 2).await;
    let follower = Follower::with(&portal, SITEMAP).await;
    let report = follower.visit().await;
    assert_eq!((report.outcome, report.new), (Outcome::Ok, 2), "{report}");
    assert!(asked.load(Ordering::Relaxed) < 10, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_backfill_leaves_out_stays_out_and_news_comes_in() {
    let portal = Portal::empty().await;
    mount_articles(&portal, 13).await;
    portal.mount("/sitemap.xml", XML, &sitemap(&portal, 1..=12)).await;
    let mut follower = Follower::with(&portal, SITEMAP).await;
    follower.limit(Backfill::Articles(4));
    assert_eq!(follower.visit().await.new, 4);
    follower.advance(25 * 3600);
    assert_eq!(follower.visit().await.new, 0, "the sitemap is read anew, and names nothing that is new");
    portal.reset().await;
    mount_articles(&portal, 13).await;
    portal.mount("/sitemap.xml", XML, &sitemap(&portal, 1..=13)).await;
    follower.advance(25 * 3600);
    assert_eq!(follower.visit().await.new, 1);
    follower.limit(Backfill::All);
    follower.advance(60);
    assert_eq!(follower.visit().await.new, 8, "another backfill reaches the rest");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_moves_keeps_its_id() {
    let portal = Portal::empty().await;
    let page = article(7).replace("<h1>", "<p>03/07/2024 16:55</p><h1>");
    let list = |place: &str| {
        format!("<main><article><h3><a href=\"{place}\">Khởi công tuyến đường số 7</a></h3></article></main>")
    };
    portal.mount("/list", HTML, &list("/xa-hoi/khoi-cong-tuyen-duong-moi.html")).await;
    portal.mount("/xa-hoi/khoi-cong-tuyen-duong-moi.html", HTML, &page).await;
    let follower = Follower::with(&portal, LISTING).await;
    assert_eq!(follower.visit().await.new, 1);
    let before = follower.articles().await[0].article.id.clone();
    portal.reset().await;
    portal.mount("/list", HTML, &list("/giao-thong/khoi-cong-tuyen-duong-moi.html")).await;
    portal.mount("/giao-thong/khoi-cong-tuyen-duong-moi.html", HTML, &page).await;
    follower.advance(7200);
    assert_eq!(follower.visit().await.joined, 1);
    let after = follower.articles().await;
    assert_eq!((after.len(), &after[0].article.id), (1, &before), "though its new key is the lower one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_discovery_that_broke_off_is_begun_anew() {
    let portal = Portal::empty().await;
    let page = |numbers: std::ops::RangeInclusive<usize>, next: &str| {
        format!(
            "<main>{}</main><a rel=\"next\" href=\"{next}\">Trang sau</a>",
            numbers.map(item).collect::<String>()
        )
    };
    let mount = |broken: bool| {
        let (portal, first, second) = (&portal, page(1..=3, "/list?page=2"), page(4..=6, "/list?page=1"));
        async move {
            portal.reset().await;
            Mock::given(path("/list"))
                .and(wiremock::matchers::query_param("page", "2"))
                .respond_with(if broken {
                    ResponseTemplate::new(500)
                } else {
                    ResponseTemplate::new(200).set_body_raw(second, HTML)
                })
                .mount(&portal.server)
                .await;
            portal.mount("/list", HTML, &first).await;
            mount_articles(portal, 6).await;
        }
    };
    mount(true).await;
    let follower = Follower::with(&portal, LISTING).await;
    assert_eq!(follower.visit().await.new, 3);
    mount(false).await;
    follower.advance(3600);
    assert_eq!(follower.visit().await.new, 3);
}

/// As [`mount_more_listing`], in place of what was there.
async fn mount_listing(
    portal: &Portal,
    articles: usize,
    box_of: impl Fn(usize) -> String + Copy + Send + Sync + 'static,
) {
    portal.reset().await;
    mount_more_listing(portal, articles, box_of).await;
}

/// A portal of listing pages of ten, newest first, with a box of old favourites on each page and whatever `box_of` adds.
async fn mount_more_listing(
    portal: &Portal,
    articles: usize,
    box_of: impl Fn(usize) -> String + Copy + Send + Sync + 'static,
) {
    mount_articles(portal, articles).await;
    let count = AtomicUsize::new(0);
    let listing = move |request: &Request| {
        let page: usize = request
            .url
            .query()
            .and_then(|query| query.strip_prefix("page="))
            .map_or(1, |n| n.parse().expect("a number"));
        let newest = articles - (page - 1) * 10;
        let list: String = (newest.saturating_sub(9).max(1)..=newest).rev().map(item).collect();
        let favourites: String = (1..=14).map(item).collect();
        let more = box_of(count.fetch_add(1, Ordering::Relaxed));
        let next = if newest > 10 {
            format!("<a rel=\"next\" href=\"/list?page={}\">Trang sau</a>", page + 1)
        } else {
            String::new()
        };
        let html = format!("<main>{list}</main>{next}<aside>{favourites}{more}</aside>");
        ResponseTemplate::new(200).set_body_raw(html, HTML)
    };
    Mock::given(method("GET")).and(path("/list")).respond_with(listing).mount(&portal.server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_outage_a_listing_is_followed_until_what_is_known_whatever_stands_beside_it() {
    let portal = Portal::empty().await;
    mount_listing(&portal, 25, |_| String::new()).await;
    let follower = Follower::with(&portal, LISTING).await;
    assert_eq!(follower.visit().await.new, 25);
    mount_listing(&portal, 70, |_| String::new()).await;
    follower.advance(12 * 3600);
    let report = follower.visit().await;
    assert_eq!(report.new, 45, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_change_with_each_request_do_not_lead_through_the_whole_listing() {
    let portal = Portal::empty().await;
    let changing = |n: usize| -> String {
        (0..4).map(|k| format!("<article><h3><a href=\"/khuyen-mai-{n}-{k}.html\">Quà tặng bạn đọc hôm nay, lượt thứ {n}, phần {k}</a></h3></article>")).collect()
    };
    mount_listing(&portal, 70, changing).await;
    let follower = Follower::with(&portal, LISTING).await;
    follower.visit().await;
    mount_listing(&portal, 71, changing).await;
    follower.advance(12 * 3600);
    follower.visit().await;
    let asked = portal.server.received_requests().await.expect("they are recorded");
    let listings = asked.iter().filter(|request| request.url.path() == "/list").count();
    assert!(listings <= 2, "{listings} pages of the listing were asked for one new article");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_has_not_changed_hides_no_change_of_what_it_names() {
    let portal = Portal::empty().await;
    let base = portal.server.uri();
    let mount = async |articles: usize| {
        portal.reset().await;
        let index = format!("<sitemapindex><sitemap><loc>{base}/bai.xml</loc></sitemap></sitemapindex>");
        let answer = move |request: &Request| match request.headers.get("if-none-match") {
            Some(_) => ResponseTemplate::new(304),
            None => {
                ResponseTemplate::new(200).set_body_raw(index.clone(), XML).insert_header("ETag", "\"1\"")
            }
        };
        Mock::given(method("GET")).and(path("/sitemap.xml")).respond_with(answer).mount(&portal.server).await;
        portal.mount("/bai.xml", XML, &sitemap(&portal, 1..=articles)).await;
        mount_articles(&portal, articles).await;
    };
    mount(2).await;
    let follower = Follower::with(&portal, SITEMAP).await;
    assert_eq!(follower.visit().await.new, 2);
    mount(4).await;
    follower.advance(25 * 3600);
    let report = follower.visit().await;
    assert_eq!(report.new, 2, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn news_behind_a_page_that_could_not_be_had_are_read_at_the_next_visit() {
    let portal = Portal::empty().await;
    mount_listing(&portal, 25, |_| String::new()).await;
    let follower = Follower::with(&portal, LISTING).await;
    assert_eq!(follower.visit().await.new, 25);
    portal.reset().await;
    Mock::given(path("/list"))
        .and(wiremock::matchers::query_param("page", "2"))
        .respond_with(ResponseTemplate::new(404))
        .up_to_n_times(1)
        .mount(&portal.server)
        .await;
    mount_more_listing(&portal, 70, |_| String::new()).await;
    follower.advance(12 * 3600);
    let first = follower.visit().await;
    assert_eq!(first.new, 10, "{first}");
    follower.advance(3600);
    let second = follower.visit().await;
    assert_eq!(second.new, 35, "{second}");
}
