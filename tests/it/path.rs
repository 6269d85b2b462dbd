//! The whole path, from a portal's pages to finished feeds, over mocked HTTP.

use std::time::Duration;

use tinsach::model::{DateOrigin, Key};
use tinsach::pipeline::{Outcome, Reprocessed};
use wiremock::ResponseTemplate;

use crate::held::follower;
use crate::portal::{DEMO, Follower, Portal, SEED};
use crate::prose::sentence;
use crate::simulated::daemon::FRONT;

const SEED_TITLE: &str =
    "Thường trực Thành ủy giao ban với Mặt trận Tổ quốc và các tổ chức chính trị – xã hội thành phố";

fn page(place: &str) -> &'static str {
    DEMO.iter().find(|(known, _, _)| *known == place).expect("a page of the demonstration").2
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seed_article_comes_out_exactly() {
    let portal = Portal::demo().await;
    let follower = Follower::of(&portal).await;
    let report = follower.visit().await;
    assert_eq!((report.outcome, report.new), (Outcome::Ok, 3), "{report}");
    let seed = follower.article(SEED_TITLE).await.article;
    assert_eq!(seed.published.to_string(), "2024-07-03T09:55:00Z");
    assert!(matches!(seed.published_origin, DateOrigin::Given(_)));
    assert_eq!(seed.authors, ["Hoàng Tùng"]);
    assert_eq!(seed.key, Key::Post(7301));
    assert_eq!(seed.categories, ["Thời sự"]);
    let blocks: Vec<&str> = seed.text.split("\n\n").collect();
    assert_eq!(blocks.len(), 5, "{blocks:#?}");
    assert!(blocks[0].starts_with("Chiều 03/7, Thường trực Thành ủy tổ chức Hội nghị"));
    assert!(blocks[4].ends_with("theo tinh thần Nghị quyết 35-NQ/TW của Bộ Chính trị…"));
    let captions: Vec<&str> = seed.images.iter().filter_map(|image| image.caption.as_deref()).collect();
    assert_eq!(
        captions,
        [
            "Đồng chí Lê Trí Vũ, Trưởng Ban Dân vận Thành ủy phát biểu tại Hội nghị.",
            "Lãnh đạo Ủy ban MTTQ Việt Nam thành phố phát biểu tại Hội nghị.",
            "Đồng chí Phó Bí thư Thường trực Thành ủy Đỗ Mạnh Hiến phát biểu chỉ đạo tại Hội nghị.",
        ]
    );
    for foreign in ["Print", "Gốc", "Tiện ích thông tin", "QR", "Mạng Xã hội", "Tin khác", "Hoàng Tùng"]
    {
        assert!(!seed.html.contains(foreign), "{foreign} is in {}", seed.html);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_visit_with_nothing_new_changes_not_one_byte() {
    let portal = Portal::demo().await;
    let follower = Follower::of(&portal).await;
    follower.visit().await;
    let before = follower.editions();
    assert!(before.iter().any(|(name, _)| name.contains("haiphong")), "{before:?}");
    follower.advance(3600);
    let report = follower.visit().await;
    assert!(!report.changed, "{report}");
    assert_eq!(report.new + report.edited + report.joined, 0, "{report}");
    assert_eq!(follower.editions(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_reads_back_in_another_program() {
    let portal = Portal::demo().await;
    let follower = Follower::of(&portal).await;
    follower.visit().await;
    let atom = follower.get("/haiphong.atom").await;
    let feed = feed_rs::parser::parse(&atom[..]).expect("a feed that another program can read");
    assert_eq!(feed.entries.len(), 3);
    let entry = &feed.entries[0];
    assert_eq!(entry.title.as_ref().map(|title| title.content.as_str()), Some(SEED_TITLE));
    assert_eq!(entry.published.map(|at| at.to_rfc3339()).as_deref(), Some("2024-07-03T09:55:00+00:00"));
    assert_eq!(entry.authors[0].name.as_deref(), Some("Hoàng Tùng"));
    assert_eq!(entry.links.iter().filter(|link| link.href.ends_with(SEED)).count(), 1, "{:?}", entry.links);
    let body = entry.content.as_ref().and_then(|content| content.body.as_deref()).expect("a whole body");
    assert!(body.contains("<figcaption>"), "{body}");
    let text = String::from_utf8_lossy(&atom);
    assert!(text.contains("<published>2024-07-03T16:55:00+07:00</published>"), "{text}");
    assert!(text.contains("xml:lang=\"vi\""), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_article_under_many_addresses_is_one_article() {
    let portal = Portal::empty().await;
    let base = portal.server.uri();
    let https = base.replace("http://", "https://");
    let aliases = [
        SEED.to_owned(),
        format!("{SEED}?utm_source=facebook&utm_medium=social&fbclid=IwAR07301"),
        format!("{SEED}/"),
        format!("{SEED}?print=print"),
        format!("{SEED}?amp=1"),
        format!("{SEED}#binh-luan"),
        format!("/thoi-su{SEED}"),
        "/?p=7301".to_owned(),
        format!("{https}{SEED}"),
        format!("{base}{SEED}"),
    ];
    let items: String = aliases
        .iter()
        .enumerate()
        .map(|(n, url)| format!("<article><h3><a href=\"{url}\">Thường trực Thành ủy giao ban với Mặt trận lần {n}</a></h3></article>"))
        .collect();
    portal.mount("/list", "text/html", &format!("<html><body><main>{items}</main></body></html>")).await;
    for place in [SEED.to_owned(), format!("{SEED}/"), format!("/thoi-su{SEED}"), "/".to_owned()] {
        portal.mount(&place, "text/html; charset=utf-8", page(SEED)).await;
    }
    let follower = Follower::with(
        &portal,
        "wp_json = false\nsitemap = false\nfeeds = false\nlistings = [{ url = \"/list\" }]",
    )
    .await;
    let report = follower.visit().await;
    assert_eq!(report.new, 1, "{report}");
    assert_eq!(follower.articles().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_a_revision_and_moves_updated_once() {
    let portal = Portal::demo().await;
    let follower = Follower::of(&portal).await;
    follower.visit().await;
    let before = follower.article(SEED_TITLE).await;
    portal.reset().await;
    let edited = page(SEED).replace("217/217 xã, phường, thị trấn", "218/218 xã, phường, thị trấn");
    portal.mount(SEED, "text/html; charset=utf-8", &edited).await;
    portal.mount_demo().await;
    // The article is read again a day after its publication.
    follower.advance(86_400);
    let report = follower.visit().await;
    assert_eq!(report.edited, 1, "{report}");
    let after = follower.article(SEED_TITLE).await;
    assert_eq!(after.article.id, before.article.id);
    assert_eq!(after.article.published, before.article.published);
    assert!(after.article.updated > before.article.updated);
    assert_eq!(after.revisions, 1);
    let revisions = follower.pipeline.store.revisions(after.row).await.expect("the store works");
    assert!(revisions[0].html.contains("217/217"), "{}", revisions[0].html);
    let feeds = follower.editions();
    follower.advance(8 * 86_400);
    let report = follower.visit().await;
    assert_eq!(report.edited, 0, "{report}");
    assert_eq!(follower.editions(), feeds, "the same edit is told once");
}

/// What a portal can answer instead of a page, and a word of the reason that the report gives.
fn faults() -> Vec<(&'static str, ResponseTemplate, &'static str)> {
    let html = |body: &str| ResponseTemplate::new(200).set_body_raw(body.as_bytes().to_vec(), "text/html");
    let packed = ResponseTemplate::new(200)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(b"no gzip".to_vec(), "text/html");
    vec![
        ("500", ResponseTemplate::new(500), "500"),
        ("404", ResponseTemplate::new(404), "404"),
        ("hang", html("<p>x</p>").set_delay(Duration::from_secs(60)), "0.5 s"),
        ("broken body", packed, "gzip"),
        (
            "HTML where a feed was expected",
            html("<!DOCTYPE html><html><body><p>Bảo trì</p></body></html>"),
            "web page",
        ),
        ("nothing at all", html(""), "empty"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_portal_costs_the_visit_and_changes_nothing() {
    for (name, answer, reason) in faults() {
        let portal = Portal::demo().await;
        let follower = follower(&portal).await;
        assert_eq!(follower.visit().await.new, 3);
        let before = follower.editions();
        portal.reset().await;
        portal.answer("/feed/", answer).await;
        follower.advance(600);
        let report = follower.visit().await;
        assert_eq!(report.outcome, Outcome::Failed, "{name}: {report}");
        let trouble = report.trouble().unwrap_or_else(|| panic!("{name}: no reason in {report}"));
        assert!(trouble.contains("/feed/") && trouble.contains(reason), "{name}: {trouble}");
        assert_eq!(follower.editions(), before, "{name} changed a feed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_article_never_stops_the_rest() {
    for (name, answer, _) in faults() {
        let portal = Portal::empty().await;
        portal.answer(SEED, answer).await;
        portal.mount_demo().await;
        let follower = Follower::of(&portal).await;
        let report = follower.visit().await;
        assert_eq!(report.new, 2, "{name}: {report}");
        assert_eq!(report.held.len() + report.failed.len(), 1, "{name}: {report}");
        let told = report.held.iter().chain(&report.failed).next().expect("told");
        assert!(told.url.ends_with(SEED) && !told.why.is_empty(), "{name}: {told:?}");
        assert!(
            follower.articles().await.iter().all(|stored| stored.article.title != SEED_TITLE),
            "{name} was published"
        );
    }
}

/// The seed page as a portal serves it that never says the same thing twice: counter, nonce, share count, related list.
fn restless(visit: usize, body: &str) -> String {
    let body = body.replace("0a1b2c3d4e", &format!("{:010x}", visit * 7919));
    let counter = format!(
        "<div class=\"post-views\">Lượt xem: {}</div><div class=\"share-count\">{} chia sẻ</div>",
        1000 + visit,
        visit
    );
    let body = body.replace("<p>&nbsp;</p>", &format!("{counter}<p>&nbsp;</p>"));
    let related: String = (0..5)
        .map(|n| {
            format!("<li><a href=\"/tin-{0}.html\">Tin liên quan số {0} trong ngày</a></li>", visit * 5 + n)
        })
        .collect();
    body.replace("<h3>Tin khác</h3><ul>", &format!("<h3>Tin khác</h3><ul>{related}"))
}

/// A feed that claims at every visit that the article has just changed.
fn claiming(portal: &Portal, minute: usize) -> String {
    let updated = format!("2024-07-04T05:{:02}:{:02}Z", minute / 60, minute % 60);
    format!(
        "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x</title><id>urn:x</id><updated>{updated}</updated>\
         <entry><id>urn:1</id><title>x</title><link href=\"{}{SEED}\"/><published>2024-07-03T09:55:00Z</published><updated>{updated}</updated></entry></feed>",
        portal.server.uri()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_visits_to_a_restless_page_change_nothing_and_one_sentence_changes_it_once() {
    let portal = Portal::empty().await;
    let follower = follower(&portal).await;
    let mut first = Vec::new();
    for visit in 0..100 {
        portal.reset().await;
        portal.mount("/feed/", "application/atom+xml", &claiming(&portal, visit)).await;
        portal.mount(SEED, "text/html; charset=utf-8", &restless(visit, page(SEED))).await;
        follower.advance(60);
        let report = follower.visit().await;
        if visit == 0 {
            first = follower.editions();
            continue;
        }
        assert_eq!((report.same, report.edited, report.new), (1, 0, 0), "visit {visit}: {report}");
    }
    assert_eq!(follower.editions(), first, "a feed changed, though no word did");
    let before = follower.article(SEED_TITLE).await;
    assert_eq!(before.revisions, 0);
    portal.reset().await;
    portal.mount("/feed/", "application/atom+xml", &claiming(&portal, 101)).await;
    let edited =
        page(SEED).replace("14/15 quận, huyện tổ chức thành công", "15/15 quận, huyện tổ chức thành công");
    portal.mount(SEED, "text/html; charset=utf-8", &restless(101, &edited)).await;
    follower.advance(60);
    let report = follower.visit().await;
    assert_eq!(report.edited, 1, "{report}");
    let after = follower.article(SEED_TITLE).await;
    assert_eq!((after.revisions, after.article.id), (1, before.article.id));
    assert!(after.article.updated > before.article.updated);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_original_is_held_against_what_it_said_and_not_against_its_repost() {
    const HTML: &str = "text/html; charset=utf-8";
    let portal = Portal::empty().await;
    let page = |day: u32, parts: std::ops::Range<usize>| {
        let text: String = parts.map(|part| format!("<p>{}</p>", sentence(part))).collect();
        format!(
            "<!DOCTYPE html><html lang=vi><head><title>Thành phố khởi công cây cầu mới</title></head><body><article>\
             <h1>Thành phố khởi công cây cầu mới</h1><span class=date>{day:02}/06/2024 16:55</span>\
             <div class=noi-dung>{text}</div></article></body></html>"
        )
    };
    let places =
        [("/khoi-cong-cay-cau-moi.html", page(3, 0..12)), ("/khoi-cong-cay-cau.html", page(4, 0..14))];
    let items: String = places
        .iter()
        .map(|(place, _)| {
            format!("<li><h3><a href=\"{place}\">Thành phố khởi công cây cầu mới</a></h3></li>")
        })
        .collect();
    portal.mount("/", HTML, &format!("<title>Tin</title><main><ul class=news>{items}</ul></main>")).await;
    for (place, html) in &places {
        portal.mount(place, HTML, html).await;
    }
    let follower = Follower::with(&portal, FRONT).await;
    let report = follower.visit().await;
    assert_eq!((report.new, report.joined), (1, 1), "{report}");
    let source = &follower.config.sources[0];
    let kept = follower.pipeline.store.kept(&source.id, 0, 9).await.expect("the store works");
    assert_eq!(kept.len(), 2);
    for entry in kept {
        let reprocessed = follower.pipeline.reprocess(source, entry, true).await.expect("the store works");
        assert_eq!(reprocessed, Reprocessed::Same);
    }
}
