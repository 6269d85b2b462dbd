//! One page reads the same whoever reads it: the daemon, `tinsach extract`, a replay of the kept page, `learn`.

use tinsach::app::offline::{Input, Reader};
use tinsach::fetch::Fetcher;
use tinsach::learn;
use tinsach::model::{Article, Image, Page};
use tinsach::pipeline::pages;

use crate::portal::{Follower, Portal};
use crate::prose::sentence;
use crate::simulated::daemon::FRONT;

const HTML: &str = "text/html; charset=utf-8";

/// Pages of different make: path, what stands in the head, the title, what stands before the text.
const PAGES: &[(&str, &str, &str, &str)] = &[
    (
        "/lead-picture-only-in-the-head.html",
        "<meta property=og:image content=/uploads/2024/dau-bai.jpg>",
        "Thành phố khởi công cây cầu thứ ba qua sông",
        "",
    ),
    (
        "/lead-picture-larger-than-in-the-text.html",
        "<meta property=og:image content=/uploads/2024/hoi-nghi.jpg>",
        "Hội nghị sơ kết công tác sáu tháng đầu năm",
        "<p><img src=/uploads/2024/hoi-nghi-300x200.jpg width=300 height=200></p>",
    ),
    (
        "/lead-picture-second-in-the-text.html",
        "<meta property=og:image content=/uploads/2024/thu-hai.jpg>",
        "Bàn giao hai tàu hàng cho đối tác nước ngoài",
        "<p><img src=/uploads/2024/thu-nhat.jpg width=800></p><p><img src=/uploads/2024/thu-hai.jpg width=800></p>",
    ),
    (
        "/lead-picture-another-than-in-the-text.html",
        "<meta property=og:image content=/uploads/2024/chia-se.jpg>",
        "Kết quả kỳ thi vào lớp mười năm học mới",
        "<p><img src=/uploads/2024/trong-bai.jpg width=800></p>",
    ),
    ("/no-picture.html", "", "Thông báo lịch tiếp công dân tháng bảy của lãnh đạo", ""),
];

fn html(number: usize) -> String {
    let (_, head, title, start) = PAGES[number];
    let text: String = (0..9).map(|part| format!("<p>{}</p>", sentence(number * 10 + part))).collect();
    // One title is longer than titles may be.
    let title = if number == 4 {
        format!("{title} {}", "về thủ tục hành chính ".repeat(30))
    } else {
        title.into()
    };
    format!(
        "<!DOCTYPE html><html lang=vi><head><title>{title}</title>{head}</head><body><div class=top><a href=/>Trang \
         chủ</a></div><article><h1>{title}</h1><span class=date>{:02}/06/2024 16:55</span><div class=noi-dung>{start}{text}\
         </div></article></body></html>",
        1 + number
    )
}

/// What is compared: title, body and pictures as they are published.
type Published = (String, String, Vec<Image>);

fn published(article: &Article) -> Published {
    (article.title.clone(), article.html.clone(), article.images.clone())
}

async fn portal() -> Portal {
    let portal = Portal::empty().await;
    let items: String = PAGES
        .iter()
        .map(|(place, _, title, _)| format!("<li><h3><a href=\"{place}\">{title}</a></h3></li>"))
        .collect();
    portal.mount("/", HTML, &format!("<title>Tin</title><main><ul class=news>{items}</ul></main>")).await;
    for (number, (place, ..)) in PAGES.iter().enumerate() {
        portal.mount(place, HTML, &html(number)).await;
    }
    portal
}

#[tokio::test(flavor = "multi_thread")]
async fn one_page_is_read_alike_by_everybody() {
    let portal = portal().await;
    let follower = Follower::with(&portal, FRONT).await;
    let report = follower.visit().await;
    assert_eq!(report.new, PAGES.len(), "{report}");
    let daemon: Vec<Article> = follower.articles().await.into_iter().map(|stored| stored.article).collect();
    assert_eq!(daemon.iter().filter(|article| !article.images.is_empty()).count(), 4);

    let source = &follower.config.sources[0];
    let store = &follower.pipeline.store;
    let fetcher = Fetcher::new(&follower.config.fetch).expect("a client");
    let learned = learn::learn(&fetcher, &source.home, 20, &|_| ()).await.expect("a portal with articles");
    let extract = Reader::new(&follower.config, follower.pipeline.clock.now());
    let template = store.template(&source.id).await.expect("the store works");
    for entry in store.kept(&source.id, 0, 100).await.expect("the store works") {
        let url = entry.candidate.url.clone();
        let expected = published(daemon.iter().find(|article| article.url == url).expect("it is stored"));

        let (kept, text, fetched) = store.raw_page(entry.row).await.expect("it works").expect("it is kept");
        let kept: Vec<Page> = pages::unpack(kept, &text, fetched);
        let input = Input { id: String::new(), url: Some(url.to_string()), html: kept[0].html.clone() };
        let record = extract.read(&input).expect("an article");
        assert_eq!((record.title.expect("a title"), record.html, record.images), expected, "extract {url}");

        let again = pages::read_kept(source, &entry.candidate, kept, &template, false).expect("an article");
        let (draft, cleaned) = again.article.into_published();
        let title = draft.title.expect("a title").value;
        assert_eq!((title, cleaned.html, cleaned.images), expected, "replay {url}");

        let sample = learned.samples.iter().find(|sample| sample.url == url).expect("a sample");
        let captions = expected.2.iter().filter(|image| image.caption.is_some()).count();
        assert_eq!(sample.title.as_deref(), Some(expected.0.as_str()), "learn {url}");
        assert_eq!(sample.pictures, (expected.2.len(), captions), "learn {url}");
    }
}
