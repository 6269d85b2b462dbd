//! `learn --mend`: a source file whose portal has changed, with what still holds kept as the operator wrote it.

use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;
use tinsach::config::{self, Setting};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::learn::{serve, wordpress};

/// A source file as an operator keeps it.
fn file(home: &str) -> String {
    format!(
        "# Our city's portal.\nid = \"cong\"            # never change this\ntitle = \"Cổng tin của chúng tôi\"\n\
         home = \"{home}/\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\nbackfill = 20\n\n[discover]\nwp_json = true\n\
         sitemap = false   # too large\nfeeds = [\"/feed/\", \"/rss-cu.xml\"]\n# The sections that we want.\nlistings = [\n  \
         {{ url = \"/category/thoi-su/\", category = \"Tin thời sự\" }},\n  \
         {{ url = \"/muc-cu/kinh-te/\", category = \"Kinh tế\" }},\n  \
         {{ url = \"/muc-cu/rao-vat/\", category = \"Rao vặt\" }},\n]\n\n[article]\ntitle = \"h1.entry-title\"\n\
         body = \"div.noi-dung-cu\"  # before the redesign\npublished = \"span.post-date\"\nremove = [\".box\"]\n\
         cut_at = [\"Tiện ích thông tin\"]\n"
    )
}

fn configured(source: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path().join("state");
    let main = format!(
        "state_dir = {state:?}\n[fetch]\ngap = \"0s\"\ntimeout = \"5s\"\nallow_private = [\"127.0.0.0/8\"]\n"
    );
    std::fs::write(folder.path().join("tinsach.toml"), main).expect("a file");
    std::fs::create_dir(folder.path().join("sources")).expect("a folder");
    std::fs::write(folder.path().join("sources/cong.toml"), source).expect("a file");
    folder
}

async fn learn(folder: &TempDir, arguments: &[&str], code: i32) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tinsach"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.arg("-c").arg(folder.path().join("tinsach.toml")).arg("learn").args(arguments);
    let run = move || command.assert().code(code).get_output().clone();
    let output = tokio::task::spawn_blocking(run).await.unwrap_or_else(|fault| panic!("{fault}"));
    let text = |bytes| String::from_utf8(bytes).expect("messages are UTF-8");
    (text(output.stdout), text(output.stderr))
}

/// An address where nobody listens.
fn nobody() -> String {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}", free.local_addr().expect("an address"))
}

/// The old host, which sends everybody on.
async fn moved(to: &MockServer) -> MockServer {
    let server = MockServer::start().await;
    let to = to.uri();
    let on = move |request: &Request| {
        let place = &request.url[url::Position::BeforePath..];
        ResponseTemplate::new(301).insert_header("location", format!("{to}{place}").as_str())
    };
    Mock::given(any()).respond_with(on).mount(&server).await;
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn what_still_holds_is_kept_as_it_was_written_and_the_rest_is_changed() {
    let portal = serve(wordpress).await;
    let folder = configured(&file(&portal.uri()));
    let (toml, said) = learn(&folder, &["--mend", "cong"], 0).await;
    let expected = file(&portal.uri())
        .replace("[\"/feed/\", \"/rss-cu.xml\"]", "[\"/feed/\"]")
        .replace("  { url = \"/muc-cu/rao-vat/\", category = \"Rao vặt\" },\n", "")
        .replace("/muc-cu/kinh-te/", "/category/kinh-te/")
        .replace("body = \"div", "# body = \"div");
    assert_eq!(toml, expected, "{said}");
    for word in ["/rss-cu.xml", "/muc-cu/rao-vat/", "div.noi-dung-cu", "finds nothing", "sources/cong.toml"] {
        assert!(said.contains(word), "{word} is not in\n{said}");
    }
    assert!(!said.contains("- home") && !said.contains("h1.entry-title"), "{said}");

    std::fs::write(folder.path().join("sources/cong.toml"), &toml).expect("a file");
    let (again, said) = learn(&folder, &["--mend", "cong"], 0).await;
    assert_eq!(again, toml, "a mended file needs no mending");
    assert!(said.contains("nothing must change"), "{said}");
    assert!(!folder.path().join("state").exists(), "nothing is written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_moved_takes_its_addresses_with_it_and_keeps_its_id() {
    let portal = serve(wordpress).await;
    let old = moved(&portal).await;
    let dead = &nobody();
    for (home, arguments) in [
        (old.uri(), vec!["--mend".to_owned(), "cong".to_owned()]),
        (dead.clone(), vec!["--mend".to_owned(), "cong".to_owned(), portal.uri()]),
    ] {
        let folder = configured(&file(&home));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (toml, said) = learn(&folder, &arguments, 0).await;
        let source = config::read_source(Path::new("mended.toml"), &toml);
        let source = source.unwrap_or_else(|faults| panic!("{faults}\n{toml}"));
        assert_eq!((source.id.as_str(), source.title.as_str()), ("cong", "Cổng tin của chúng tôi"));
        assert_eq!(source.home.as_str(), format!("{}/", portal.uri()), "{said}");
        let listings: Vec<&str> =
            source.discover.named_listings().iter().map(|listing| listing.url.path()).collect();
        assert_eq!(listings, ["/category/thoi-su/", "/category/kinh-te/"], "{said}");
        assert_eq!(source.discover.sitemap, Setting::Forbidden, "the operator's word");
        assert!(
            toml.starts_with("# Our city's portal.\nid = \"cong\"            # never change this\n"),
            "{toml}"
        );
        assert!(said.contains("home") && said.contains(&home), "{said}");
    }
    let (_, said) = learn(&configured(&file(dead)), &["--mend", "cong"], 1).await;
    assert!(said.contains("learn --mend cong URL"), "{said}");
    let (_, said) = learn(&configured(&file(dead)), &["--mend", "other"], 2).await;
    assert!(said.contains("other") && said.contains("cong"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_spoils_the_pages_goes_and_lists_without_answer_give_way_to_what_was_learned() {
    let portal = serve(wordpress).await;
    let source = file(&portal.uri())
        .replace("div.noi-dung-cu", "aside.sidebar")
        .replace("\"/feed/\", ", "")
        .replace("/category/thoi-su/", "/muc-cu/thoi-su/")
        .replace("Tin thời sự", "Chuyện trong ngày")
        .replace("Kinh tế", "Tiền nong");
    let (toml, said) = learn(&configured(&source), &["--mend", "cong"], 0).await;
    let source = config::read_source(Path::new("mended.toml"), &toml);
    let source = source.unwrap_or_else(|faults| panic!("{faults}\n{toml}"));
    assert_eq!((source.article.body.is_none(), source.article.title.is_some()), (true, true), "{said}");
    assert!(said.contains("read better without it"), "{said}");
    let feed = url::Url::parse(&format!("{}/feed/", portal.uri())).expect("a URL");
    assert_eq!(source.discover.feeds, Setting::Use(vec![feed]), "{said}");
    assert_eq!(source.discover.named_listings().len(), 5, "front page and four sections\n{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_answer_for_the_moment_is_kept() {
    let portal = serve(|base| {
        let mut site = wordpress(base);
        for place in ["/muc-cu/kinh-te/", "/muc-cu/rao-vat/", "/rss-cu.xml"] {
            site.answer(place, ResponseTemplate::new(503));
        }
        site
    })
    .await;
    let source = file(&portal.uri());
    let (toml, said) = learn(&configured(&source), &["--mend", "cong"], 0).await;
    assert_eq!(toml, source.replace("body = \"div", "# body = \"div"), "{said}");
    assert!(said.contains("kept, and not seen now") && said.contains("/muc-cu/rao-vat/"), "{said}");
}
