//! Articles that were read before the portal's template was known, read again from the kept pages once it is.

use crate::portal::{Follower, Portal};
use crate::prose::sentence;
use crate::simulated::daemon::FRONT;

/// Boilerplate that reads as a paragraph of the article: only repetition tells it.
const JUNK: &str = "Chuyên trang được thực hiện với sự phối hợp của các sở, ngành và địa phương trong thành phố, mọi \
                    ý kiến đóng góp của bạn đọc xin gửi về toà soạn để chúng tôi phục vụ được tốt hơn.";

fn place(number: usize) -> String {
    format!("/tin-so-{number}-cua-thanh-pho.html")
}

/// A page of the portal, its text in an element of this class.
fn page(number: usize, class: &str) -> String {
    let text: String = (0..9).map(|part| format!("<p>{}</p>", sentence(number * 10 + part))).collect();
    format!(
        "<!DOCTYPE html><html lang=vi><head><title>Tin số {number} của thành phố</title></head><body>\
         <div class=top><a href=/>Trang chủ</a></div><article><h1>Tin số {number} của thành phố</h1>\
         <span class=date>{:02}/06/2024 16:55</span><div class={class}>{text}<p>{JUNK}</p></div></article></body></html>",
        1 + number % 28
    )
}

/// A portal that lists these articles on its front page.
async fn portal_of(numbers: std::ops::Range<usize>, class: impl Fn(usize) -> &'static str) -> Portal {
    let portal = Portal::empty().await;
    mount(&portal, numbers, class).await;
    portal
}

async fn mount(portal: &Portal, numbers: std::ops::Range<usize>, class: impl Fn(usize) -> &'static str) {
    const HTML: &str = "text/html; charset=utf-8";
    let items: String = numbers
        .clone()
        .map(|number| {
            format!(
                "<li><h3><a href=\"{}\">Tin số {number} của thành phố hôm nay</a></h3></li>",
                place(number)
            )
        })
        .collect();
    portal.mount("/", HTML, &format!("<title>Tin</title><main><ul class=news>{items}</ul></main>")).await;
    for number in numbers {
        portal.mount(&place(number), HTML, &page(number, class(number))).await;
    }
}

async fn junk(follower: &Follower) -> usize {
    follower.articles().await.iter().filter(|stored| stored.article.text.contains("Chuyên trang")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_too_early_is_read_again_without_the_portal() {
    let portal = portal_of(0..6, |_| "noi-dung").await;
    let follower = Follower::with(&portal, FRONT).await;
    let report = follower.visit().await;
    assert_eq!((report.new, report.reprocessed), (6, 0), "{report}");
    let before = follower.articles().await;
    assert!(junk(&follower).await >= 3, "the first pages show nothing of what recurs");

    portal.reset().await;
    // The early pages are not there any more: only their kept copies are.
    mount(&portal, 6..30, |_| "noi-dung").await;
    follower.advance(60);
    let report = follower.visit().await;
    assert_eq!(report.new, 24, "{report}");
    assert!(report.reprocessed >= 3 && report.edited == 0 && report.changed, "{report}");
    assert_eq!(junk(&follower).await, 0);
    let after = follower.articles().await;
    for old in &before {
        let new = after.iter().find(|new| new.article.id == old.article.id).expect("every id stays");
        assert_eq!(new.article.published, old.article.published);
        assert_eq!(new.article.updated, old.article.updated);
        assert!(follower.pipeline.store.revisions(new.row).await.expect("the store works").is_empty());
    }

    let editions = follower.editions();
    follower.advance(60);
    let report = follower.visit().await;
    assert_eq!((report.reprocessed, report.changed), (0, false), "{report}");
    assert_eq!(follower.editions(), editions);
    let unripe =
        follower.pipeline.store.template(&follower.config.sources[0].id).await.expect("a template").unripe();
    let left =
        follower.pipeline.store.read_by(&follower.config.sources[0].id, unripe.expect("ripe"), 10).await;
    assert!(left.expect("the store works").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_page_that_is_read_again_is_still_looked_at_for_edits() {
    let portal = portal_of(0..30, |_| "noi-dung").await;
    let follower = Follower::with(&portal, FRONT).await;
    follower.visit().await;
    let source = &follower.config.sources[0];
    let kept = follower.pipeline.store.kept(&source.id, 0, 100).await.expect("the store works");
    let later = follower.pipeline.clock.now() + jiff::SignedDuration::from_hours(24 * 30);
    let waiting =
        || async { follower.pipeline.store.due(&source.id, later, 100).await.expect("it works").len() };
    let before = waiting().await;
    assert!(before > 0, "fresh articles are looked at for a week");
    for entry in kept {
        follower.pipeline.reprocess(source, entry, false).await.expect("the store works");
    }
    assert_eq!(waiting().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_redesign_the_count_begins_anew() {
    let class = |number: usize| if number < 40 { "noi-dung" } else { "bai-viet-moi" };
    let portal = portal_of(0..40, class).await;
    let follower = Follower::with(&portal, FRONT).await;
    follower.visit().await;
    portal.reset().await;
    mount(&portal, 40..70, class).await;
    follower.advance(60);
    let report = follower.visit().await;
    assert_eq!(report.new, 30, "{report}");
    assert_eq!(junk(&follower).await, 0, "{report}");
    let source = &follower.config.sources[0].id;
    let template = follower.pipeline.store.template(source).await.expect("a template");
    assert!((36..=46).contains(&template.born), "{}", template.born);
}
