//! Portals that answer with status 200 what is no article, in words that nobody has told us before.

use tinsach::pipeline::Outcome;
use wiremock::ResponseTemplate;

use crate::held::{article_named, follower};
use crate::portal::{Follower, Portal};

const HTML: &str = "text/html; charset=utf-8";
/// A notice that no list of phrases knows.
const NOTICE: &str = "<html><head><title>Thông báo</title></head><body><h1>Thông báo</h1><p>Kính gửi quý bạn đọc: trang mạng tạm \
    dừng phục vụ để chuyển sang máy chủ khác, mong bạn đọc thông cảm và ghé lại sau ít giờ. Ban biên tập trân trọng cảm ơn.</p></body></html>";

fn title(n: usize) -> String {
    let place = ["Đồ Sơn", "Cát Bà", "Kiến An", "Vĩnh Bảo", "Tiên Lãng", "An Lão"][n % 6];
    let what = ["trường học", "bệnh viện", "cầu vượt", "bến tàu", "thư viện"][n % 5];
    format!("Khánh thành {what} mới tại {place}")
}

fn article(n: usize, paragraphs: usize) -> String {
    article_named(&title(n), n, paragraphs)
}

async fn mount(portal: &Portal, with_titles: bool, page: impl Fn(usize) -> String) {
    portal.reset().await;
    let base = portal.server.uri();
    let list: String = (1..=6)
        .map(|n| {
            let title = if with_titles { title(n) } else { String::new() };
            format!("<item><title>{title}</title><link>{base}/bai-{n}</link></item>")
        })
        .collect();
    let feed = format!("<rss version=\"2.0\"><channel><title>x</title>{list}</channel></rss>");
    portal.mount("/feed/", "application/rss+xml", &feed).await;
    for n in 1..=6 {
        portal.mount(&format!("/bai-{n}"), HTML, &page(n)).await;
    }
}

async fn assert_all_six(follower: &Follower) {
    let mut titles: Vec<String> = follower.articles().await.into_iter().map(|it| it.article.title).collect();
    titles.sort();
    let mut expected: Vec<String> = (1..=6).map(title).collect();
    expected.sort();
    assert_eq!(titles, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_in_the_place_of_named_articles_is_held_back() {
    let portal = Portal::empty().await;
    mount(&portal, true, |_| NOTICE.to_owned()).await;
    let follower = follower(&portal).await;
    let report = follower.visit().await;
    assert_eq!((report.new, report.held.len()), (0, 6), "{report}");
    mount(&portal, true, |n| article(n, 3)).await;
    follower.advance(3600);
    assert_eq!(follower.visit().await.new, 6);
    assert_all_six(&follower).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_that_a_notice_made_one_are_several_again_when_it_has_gone() {
    let portal = Portal::empty().await;
    mount(&portal, false, |_| NOTICE.to_owned()).await;
    let follower = follower(&portal).await;
    follower.visit().await;
    assert_eq!(follower.articles().await.len(), 1, "six times the same words");
    mount(&portal, false, |n| article(n, 3)).await;
    follower.advance(3600);
    follower.visit().await;
    assert_all_six(&follower).await;
    let mut ids: Vec<String> =
        follower.articles().await.into_iter().map(|it| it.article.id.to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_or_half_a_page_does_not_replace_a_known_article() {
    for sick in [|_| NOTICE.to_owned(), |n| article(n, 1)] {
        let portal = Portal::empty().await;
        mount(&portal, true, |n| article(n, 4)).await;
        let follower = follower(&portal).await;
        assert_eq!(follower.visit().await.new, 6);
        let before = follower.editions();
        mount(&portal, true, sick).await;
        follower.advance(25 * 3600);
        let report = follower.visit().await;
        assert_eq!((report.edited, report.held.len()), (0, 6), "{report}");
        assert_eq!(follower.editions(), before);
        mount(&portal, true, |n| article(n, 4)).await;
        follower.advance(25 * 3600);
        let report = follower.visit().await;
        assert_eq!((report.outcome, report.edited), (Outcome::Ok, 0), "{report}");
        assert_eq!(follower.editions(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_to_the_front_page_is_no_article() {
    let portal = Portal::empty().await;
    mount(&portal, true, |n| article(n, 4)).await;
    portal.reset().await;
    let base = portal.server.uri();
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>x</title><item><title>{}</title><link>{base}/bai-1</link></item></channel></rss>",
        title(1)
    );
    portal.mount("/feed/", "application/rss+xml", &feed).await;
    portal.answer("/bai-1", ResponseTemplate::new(302).insert_header("location", "/")).await;
    portal.mount("/", HTML, &article(1, 4)).await;
    let follower = follower(&portal).await;
    let report = follower.visit().await;
    assert_eq!((report.new, report.held.len()), (0, 1), "{report}");
}
