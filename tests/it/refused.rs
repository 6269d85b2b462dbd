//! Portals that refuse what they gave before, and what the report of the visit says of it.

use tinsach::fetch::{Accept, Request};
use tinsach::model::Cause;
use tinsach::pipeline::{NotPublished, Outcome};
use wiremock::ResponseTemplate;

use crate::held::follower;
use crate::portal::Portal;
use crate::prose::sentence;

const HTML: &str = "text/html; charset=utf-8";
const DAY: i64 = 24 * 3600;

/// An article of the day before the tests' noon, with further elements in its head.
fn page(number: usize, head: &str) -> String {
    let text: String = (0..6).map(|part| format!("<p>{}</p>", sentence(number * 10 + part))).collect();
    format!(
        "<!DOCTYPE html><html lang=vi><head><title>Tin số {number} của thành phố</title>{head}</head><body>\
         <article><h1>Tin số {number} của thành phố</h1><p>03/07/2024 09:{number:02}</p>{text}</article></body></html>"
    )
}

async fn mount_feed(portal: &Portal, numbers: std::ops::RangeInclusive<usize>) {
    let base = portal.server.uri();
    let items: String = numbers
        .map(|n| format!("<item><title>Tin số {n} của thành phố</title><link>{base}/bai-{n}</link></item>"))
        .collect();
    let feed = format!("<rss version=\"2.0\"><channel><title>x</title>{items}</channel></rss>");
    portal.mount("/feed/", "application/rss+xml", &feed).await;
}

fn whys(list: &[NotPublished]) -> Vec<&str> {
    list.iter().map(|page| page.why.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robots_txt_that_now_forbids_is_named_for_discovery_and_articles() {
    let portal = Portal::empty().await;
    mount_feed(&portal, 1..=3).await;
    for number in 1..=3 {
        portal.mount(&format!("/bai-{number}"), HTML, &page(number, "")).await;
    }
    let follower = follower(&portal).await;
    let report = follower.visit().await;
    assert_eq!((report.outcome, report.new), (Outcome::Ok, 3), "{report}");

    portal.reset().await;
    mount_feed(&portal, 1..=5).await;
    portal.mount("/robots.txt", "text/plain", "User-agent: *\nDisallow: /bai-").await;
    follower.advance(DAY + 60);
    let report = follower.visit().await;
    assert_eq!(report.outcome, Outcome::Partial, "{report}");
    assert_eq!(whys(&report.failed), ["robots.txt forbids it: Disallow: /bai-"; 2], "{report}");

    portal.reset().await;
    let base = portal.server.uri();
    portal.mount("/robots.txt", "text/plain", "User-agent: *\nDisallow: /").await;
    follower.advance(DAY + 60);
    let report = follower.visit().await;
    let troubles: Vec<&str> = report.asked.iter().filter_map(|asked| asked.trouble.as_deref()).collect();
    assert_eq!((report.outcome, troubles), (Outcome::Failed, vec!["robots.txt forbids it: Disallow: /"]));
    assert_eq!(follower.articles().await.len(), 3, "what was published stays");

    let feed = Request::new(format!("{base}/feed/").parse().expect("a URL"), Accept::Feed);
    let error = follower.pipeline.fetcher.document(&feed).await.expect_err("forbidden");
    assert_eq!(error.cause(), Cause::Robots);
    let article = Request::page(format!("{base}/bai-1").parse().expect("a URL"));
    assert_eq!(follower.pipeline.fetcher.page(&article).await.expect_err("forbidden").cause(), Cause::Robots);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_page_that_fails_is_told_with_its_address_and_the_first_without() {
    let portal = Portal::empty().await;
    mount_feed(&portal, 1..=3).await;
    portal.mount("/bai-1", HTML, &page(1, "<link rel=next href=/bai-1/2>")).await;
    portal.answer("/bai-1/2", ResponseTemplate::new(500)).await;
    portal.answer("/bai-2", ResponseTemplate::new(403)).await;
    portal.mount("/bai-3", HTML, &page(3, "")).await;
    let report = follower(&portal).await.visit().await;
    let base = portal.server.uri().replace("http://", "");
    let expected =
        [format!("the server answered 500 ({base}/bai-1/2)"), "the server answered 403".to_owned()];
    let mut found = whys(&report.failed);
    found.sort_by_key(|why| std::cmp::Reverse(*why));
    assert_eq!(found, expected, "{report}");
}
