//! What is held back can be seen, with the reason and what it would have published, and none of it is in any feed.

use assert_cmd::Command;
use tempfile::TempDir;
use tinsach::model::{Held, SourceId};
use wiremock::ResponseTemplate;

use crate::portal::{Follower, Portal};
use crate::simulated::daemon::FEED;

const HTML: &str = "text/html; charset=utf-8";
const RSS: &str = "application/rss+xml";
/// No list of phrases knows it: it is told by what the feed names.
const NOTICE: &str =
    "Kính gửi quý bạn đọc: trang mạng tạm dừng phục vụ để chuyển sang máy chủ khác, mong bạn đọc thông cảm.";

pub fn title(n: usize) -> String {
    let place = ["Đồ Sơn", "Cát Bà", "Kiến An", "Vĩnh Bảo", "Tiên Lãng", "An Lão"][n % 6];
    format!("Khánh thành thư viện mới tại {place}")
}

pub fn article(n: usize, paragraphs: usize) -> String {
    article_named(&title(n), n, paragraphs)
}

/// An article of so many paragraphs that names its title in each.
pub fn article_named(title: &str, n: usize, paragraphs: usize) -> String {
    let text: String = (1..=paragraphs)
        .map(|k| {
            format!(
                "<p>Đoạn {k} kể về {}: đội xây dựng số {} đã hoàn tất {} mét vuông sàn, sớm hơn {n} ngày so với \
                 kế hoạch được hội đồng thông qua, và bàn giao cho phường quản lý.</p>",
                title.to_lowercase(),
                n * 7 + k,
                n * 31 + k
            )
        })
        .collect();
    page(title, &format!("<p>03/07/2024 16:{n:02}</p>{text}"))
}

pub fn page(title: &str, body: &str) -> String {
    format!("<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>")
}

/// A portal whose feed names as many articles as there are pages, and which answers so.
pub async fn mount(portal: &Portal, pages: &[ResponseTemplate]) {
    portal.reset().await;
    let base = portal.server.uri();
    let item = |n| format!("<item><title>{}</title><link>{base}/bai-{n}</link></item>", title(n));
    let list: String = (1..=pages.len()).map(item).collect();
    portal
        .mount(
            "/feed/",
            RSS,
            &format!("<rss version=\"2.0\"><channel><title>x</title>{list}</channel></rss>"),
        )
        .await;
    for (n, page) in (1..).zip(pages) {
        portal.answer(&format!("/bai-{n}"), page.clone()).await;
    }
}

pub fn html(body: String) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.into_bytes(), HTML)
}

pub async fn follower(portal: &Portal) -> Follower {
    Follower::with(portal, FEED).await
}

/// The binary, beside a follower that goes on, with the same state folder and source.
pub async fn command(follower: &Follower, arguments: &[&str], code: i32) -> (String, String) {
    let folder = configured(follower);
    let file = folder.path().join("tinsach.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tinsach"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.arg("-c").arg(file).args(arguments);
    let run = move || command.assert().code(code).get_output().clone();
    let output = tokio::task::spawn_blocking(run).await.unwrap_or_else(|fault| panic!("{fault}"));
    let text = |bytes| String::from_utf8(bytes).expect("messages are UTF-8");
    (text(output.stdout), text(output.stderr))
}

/// The follower's configuration as files.
pub fn configured(follower: &Follower) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let main = format!(
        "state_dir = {:?}\n[fetch]\ngap = \"0s\"\ntimeout = \"2s\"\nallow_private = [\"127.0.0.0/8\"]\n",
        follower.config.state_dir
    );
    std::fs::write(folder.path().join("tinsach.toml"), main).expect("a file");
    std::fs::create_dir(folder.path().join("sources")).expect("a folder");
    let source = tinsach::config::source_toml(&follower.config.sources[0]);
    std::fs::write(folder.path().join("sources/haiphong.toml"), source).expect("a file");
    folder
}

fn source() -> SourceId {
    SourceId::new("haiphong")
}

/// What is held back, by address.
async fn held(follower: &Follower) -> Vec<Held> {
    let store = &follower.pipeline.store;
    let mut held = store.held(Some(&source()), 100).await.expect("the store works");
    assert_eq!(held.len() as u64, store.held_count(&source()).await.expect("the store works"));
    held.sort_by(|a, b| a.url.cmp(&b.url));
    held
}

fn codes(held: &[Held]) -> Vec<&str> {
    held.iter().map(|held| held.code.as_str()).collect()
}

async fn assert_in_no_feed(follower: &Follower, text: &str) {
    for (name, bytes) in follower.editions() {
        assert!(!String::from_utf8_lossy(&bytes).contains(text), "{name}");
    }
    for path in ["/haiphong.atom", "/haiphong.rss", "/haiphong.json", "/all.atom", "/haiphong/"] {
        assert!(!String::from_utf8_lossy(&follower.get(path).await).contains(text), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_back_is_seen_with_what_it_would_have_published_and_leaves_when_read() {
    let portal = Portal::empty().await;
    let pages = [
        html(page("404 – Không tìm thấy trang", "<p>Trang bạn tìm không có ở đây.</p>")),
        html(page(
            "Thông báo",
            &format!("<p>{NOTICE}<img src=\"/may-chu.jpg\" width=\"800\" height=\"600\"></p>"),
        )),
        ResponseTemplate::new(200).set_body_raw(vec![0xff, 0xd8, 0xff, 0xe0], "image/jpeg"),
        ResponseTemplate::new(403),
        ResponseTemplate::new(500),
        html(article(6, 3)),
    ];
    mount(&portal, &pages).await;
    let follower = follower(&portal).await;
    let report = follower.visit().await;
    assert_eq!((report.new, report.held.len()), (1, 2), "{report}");
    let seen = held(&follower).await;
    assert_eq!(codes(&seen), ["error-page", "stranger", "not-a-page", "refused"]);
    let would = seen[1].page.as_ref().expect("what it would have published");
    assert_eq!((would.title.as_deref(), would.text.as_str()), (Some("Thông báo"), NOTICE));
    assert_eq!((would.pictures, would.published, would.is_draft), (1, None, true));
    assert!(seen[0].page.as_ref().is_some_and(|page| page.text.contains("Trang bạn tìm không có ở đây")));
    assert!(seen[2].page.is_none() && seen[3].page.is_none(), "no page came");
    assert_in_no_feed(&follower, "trang mạng tạm dừng").await;

    let good: Vec<ResponseTemplate> = (1..=6).map(|n| html(article(n, 3))).collect();
    mount(&portal, &good).await;
    follower.advance(3600);
    let report = follower.visit().await;
    assert_eq!(report.new, 5, "{report}");
    assert_eq!(held(&follower).await, vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_cut_off_is_held_while_its_whole_text_stays_up() {
    let portal = Portal::empty().await;
    mount(&portal, &[html(article(1, 4)), html(article(2, 4))]).await;
    let follower = follower(&portal).await;
    assert_eq!(follower.visit().await.new, 2);
    let before = follower.editions();
    mount(&portal, &[html(article(1, 1)), html(article(2, 4))]).await;
    let mut since = None;
    for times in 1..=2 {
        follower.advance(25 * 3600);
        follower.visit().await;
        let seen = held(&follower).await;
        assert_eq!((codes(&seen), seen[0].times), (vec!["cut"], times));
        assert!(seen[0].is_published && seen[0].last >= seen[0].since);
        assert_eq!(*since.get_or_insert(seen[0].since), seen[0].since);
        let would = seen[0].page.as_ref().expect("what it would have published");
        assert!(would.text.contains("Đoạn 1") && !would.text.contains("Đoạn 2"), "{would:?}");
        assert_eq!(would.title.as_deref(), Some(&*title(1)));
    }
    assert_eq!(follower.editions(), before);
    mount(&portal, &[html(article(1, 4)), html(article(2, 4))]).await;
    follower.advance(25 * 3600);
    follower.visit().await;
    assert_eq!(held(&follower).await, vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_page_that_gave_no_draft_title_tag_and_first_words_are_shown() {
    let portal = Portal::empty().await;
    let attributes: String = (0..20_000).map(|n| format!(" a{n}")).collect();
    let deep = format!("<p{}>{NOTICE}</p>", attributes);
    let elsewhere = ResponseTemplate::new(302).insert_header("location", "/");
    mount(&portal, &[html(page("Trang lồng", &deep)), elsewhere, ResponseTemplate::new(404)]).await;
    portal.mount("/", HTML, &page("Trang chủ", "<p>Tin mới trong ngày</p>")).await;
    let follower = follower(&portal).await;
    follower.visit().await;
    let seen = held(&follower).await;
    assert_eq!(codes(&seen), ["unreadable", "listing"], "what is gone is not held back");
    let said: Vec<_> = seen.iter().filter_map(|held| held.page.as_ref()).collect();
    assert!(said.iter().all(|page| !page.is_draft && page.published.is_none() && page.authors.is_empty()));
    assert_eq!(said[0].title.as_deref(), Some("Trang lồng"));
    assert!(said[0].text.contains(NOTICE), "{}", said[0].text);
    assert_eq!(
        (said[1].title.as_deref(), &*said[1].text),
        (Some("Trang chủ"), "Trang chủ Tin mới trong ngày")
    );
    mount(&portal, &[html(article(1, 3)), ResponseTemplate::new(410), ResponseTemplate::new(404)]).await;
    follower.advance(3600);
    follower.visit().await;
    assert_eq!(held(&follower).await, vec![], "one read, one gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_page_of_an_article_that_is_none_holds_all_of_it() {
    let portal = Portal::empty().await;
    let first = article(1, 3).replace("</head>", "<link rel=\"next\" href=\"/bai-1/2\"></head>");
    mount(&portal, &[html(first)]).await;
    portal.mount("/bai-1/2", HTML, &page("503", "<p>Service unavailable</p>")).await;
    let follower = follower(&portal).await;
    let report = follower.visit().await;
    assert_eq!(report.new, 0, "{report}");
    let seen = held(&follower).await;
    assert_eq!((codes(&seen), seen[0].url.path()), (vec!["error-page"], "/bai-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_shows_what_is_held_back_beside_a_running_daemon() {
    let portal = Portal::empty().await;
    mount(&portal, &[html(page("Thông báo", &format!("<p>{NOTICE}</p>"))), html(article(2, 3))]).await;
    let follower = follower(&portal).await;
    follower.visit().await;
    let (told, said) = command(&follower, &["held"], 0).await;
    for word in [
        "haiphong",
        "2024-07-04 12:00",
        "1×",
        "does not speak of what was named",
        "/bai-1",
        "“Thông báo”",
        "Kính gửi",
    ] {
        assert!(told.contains(word), "{word} is not in\n{told}");
    }
    assert!(
        !told.contains("/bai-2") && said.contains("1 held back") && said.contains("stranger:"),
        "{told}{said}"
    );

    let (json, _) = command(&follower, &["held", "--json", "haiphong"], 0).await;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((json[0]["code"].as_str(), json[0]["times"].as_u64()), (Some("stranger"), Some(1)), "{json}");
    assert_eq!((json[0]["since"].as_str(), json[1].is_null()), (Some("2024-07-04T05:00:00Z"), true));
    assert_eq!(
        (json[0]["page"]["text"].as_str(), json[0]["source"].as_str()),
        (Some(NOTICE), Some("haiphong"))
    );

    let (_, said) = command(&follower, &["held", "no-such"], 2).await;
    assert!(said.contains("no-such") && said.contains("haiphong"), "{said}");

    let url = format!("{}/bai-1", portal.server.uri());
    let (told, _) = command(&follower, &["explain", &url], 0).await;
    let line = told.lines().find(|line| line.contains("held")).unwrap_or_default();
    for word in ["since 2024-07-04 12:00:00+07:00", "does not speak of what was named", "“Thông báo”"] {
        assert!(line.contains(word), "{word} is not in\n{told}");
    }

    mount(&portal, &[html(article(1, 3)), html(article(2, 3))]).await;
    follower.advance(3600);
    follower.visit().await;
    assert_eq!(command(&follower, &["held"], 0).await.0, "nothing is held back\n");
    assert_eq!(command(&follower, &["held", "--json"], 0).await.0, "[]\n");
    assert!(!command(&follower, &["explain", &url], 0).await.0.contains("held"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_is_read_after_all_once_what_stood_in_the_way_is_gone() {
    let portal = Portal::empty().await;
    let sick = html(page("Bảo trì", "<p>Hệ thống đang bảo trì</p>"));
    mount(&portal, &[sick.clone(), sick.clone(), sick]).await;
    let follower = follower(&portal).await;
    for _ in 0..5 {
        follower.visit().await;
        follower.advance(8 * 24 * 3600);
    }
    mount(&portal, &[html(article(1, 4)), html(article(2, 4)), html(article(3, 4))]).await;
    assert_eq!(follower.visit().await.new, 0, "nobody asks for these any more");
    let wrong = follower.pipeline.store.inspect().await.expect("looked");
    assert_eq!(wrong, Vec::<String>::new(), "what is held back is nothing wrong");
    let now = follower.pipeline.clock.now();
    assert_eq!(follower.pipeline.store.try_again(&source(), now).await.expect("the store works"), 3);
    assert_eq!(follower.visit().await.new, 3);
    assert_eq!(follower.pipeline.store.held_count(&source()).await.expect("counted"), 0);
}
