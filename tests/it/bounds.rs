//! Portals that would lead us on: what is asked and entered has bounds, and nothing is lost by them.

use std::sync::atomic::{AtomicUsize, Ordering};

use tinsach::config::Backfill;
use tinsach::pipeline::Outcome;
use wiremock::matchers::{method, path};
use wiremock::{Mock, Request, ResponseTemplate};

use crate::portal::{Follower, Portal};

const XML: &str = "application/xml";
const HTML: &str = "text/html; charset=utf-8";

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
    for n in 1..=2 {
        portal.mount(&format!("/bai-{n}.html"), HTML, &article(n)).await;
    }
    let follower = Follower::with(&portal, "wp_json = false\nfeeds = false\nlistings = false").await;
    let report = follower.visit().await;
    assert_eq!((report.outcome, report.new), (Outcome::Ok, 2), "{report}");
    assert!(asked.load(Ordering::Relaxed) < 10, "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_backfill_leaves_out_stays_out_and_news_comes_in() {
    let portal = Portal::empty().await;
    for n in 1..=13 {
        portal.mount(&format!("/bai-{n}.html"), HTML, &article(n)).await;
    }
    portal.mount("/sitemap.xml", XML, &sitemap(&portal, 1..=12)).await;
    let mut follower = Follower::with(&portal, "wp_json = false\nfeeds = false\nlistings = false").await;
    follower.limit(Backfill::Articles(4));
    assert_eq!(follower.visit().await.new, 4);
    follower.advance(25 * 3600);
    assert_eq!(follower.visit().await.new, 0, "the sitemap is read anew, and names nothing that is new");
    portal.reset().await;
    for n in 1..=13 {
        portal.mount(&format!("/bai-{n}.html"), HTML, &article(n)).await;
    }
    portal.mount("/sitemap.xml", XML, &sitemap(&portal, 1..=13)).await;
    follower.advance(25 * 3600);
    assert_eq!(follower.visit().await.new, 1);
    follower.limit(Backfill::All);
    follower.advance(60);
    assert_eq!(follower.visit().await.new, 8, "another backfill reaches the rest");
}
