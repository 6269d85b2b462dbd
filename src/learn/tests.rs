//! The inference, as pure functions.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use url::Url;

use super::locale::{self, ObservedOffset};
use super::{name, pattern};

fn url(text: &str) -> Url {
    Url::parse(text).expect("a test URL")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a test moment")
}

#[test]
fn a_host_gives_the_name() {
    for (home, id) in [
        ("https://thanhphohaiphong.gov.vn/", "thanhphohaiphong"),
        ("https://www.baochinhphu.vn/", "baochinhphu"),
        ("https://news.example.co.uk/", "news-example"),
        ("https://portal.vn/en/", "portal-en"),
        ("https://portal.vn/Default.aspx", "portal-default"),
        ("https://gov.vn/", "gov"),
        ("https://all.vn/", "all-portal"),
        ("https://static.gov.vn/", "static-portal"),
        ("http://127.0.0.1:8900/", "127-0-0-1"),
        ("http://[::1]/", "1"),
        ("http://localhost/", "localhost"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva"),
        (
            "https://congthongtindientuubndquanhongbangthanhphohaiphong.gov.vn/",
            "congthongtindientuubndquanhongbangthanhp",
        ),
    ] {
        let found = name::id(&url(home));
        let text = format!(
            "id = {:?}\ntitle = \"x\"\nhome = {home:?}\nlanguage = \"vi\"\ntimezone = \"UTC\"\n",
            found.as_str()
        );
        assert!(crate::config::read_source(std::path::Path::new("x.toml"), &text).is_ok(), "{found}");
        let plain = |id: &str| id.replace("--", "-");
        assert_eq!(found.as_str(), plain(id), "{home}");
    }
}

#[test]
fn addresses_give_their_make() {
    let found = |urls: &[&str]| {
        let urls: Vec<Url> = urls.iter().map(|path| url(&format!("https://a.vn{path}"))).collect();
        pattern::patterns(urls.iter())
    };
    assert_eq!(found(&["/chua-ve.html", "/dieu-16.html"]), [("/{slug}.html".to_owned(), 2)]);
    assert_eq!(
        found(&["/tin/a-b-76083", "/tin/c-d-76084", "/van-hoa/e-76085"]),
        [("/tin/{slug}-{number}".to_owned(), 2), ("/{slug}/{slug}-{number}".to_owned(), 1)]
    );
    assert_eq!(
        found(&["/P/D.aspx?ContentID=1356", "/P/D.aspx?ContentID=77"]),
        [("/P/D.aspx?ContentID={number}".to_owned(), 2)]
    );
    assert_eq!(found(&["/2024/07/chao-mung/"]), [("/{number}/{number}/{slug}/".to_owned(), 1)]);
}

const VIETNAMESE: &str = "Chiều 03/7, Thường trực Thành ủy tổ chức Hội nghị giao ban với Mặt trận Tổ quốc";
const ENGLISH: &str = "The council said that it was going to build the road with money from the fund, and that the work is to begin in the spring of this year for all of the town";

#[test]
fn letters_tell_the_language_where_the_pages_state_a_wrong_one() {
    let language = |stated: &[&str], text: &str, home: &str| {
        let stated: Vec<String> = stated.iter().map(|tag| (*tag).to_owned()).collect();
        locale::language(&stated, text, &url(home)).value
    };
    let home = "https://portal.gov.vn/";
    assert_eq!(language(&["vi-VN"], VIETNAMESE, home), "vi");
    assert_eq!(language(&["en-US"], VIETNAMESE, home), "vi");
    assert_eq!(language(&[], VIETNAMESE, home), "vi");
    assert_eq!(language(&["vi"], ENGLISH, home), "en");
    assert_eq!(language(&["en-GB"], ENGLISH, home), "en-GB");
    assert_eq!(language(&[], ENGLISH, "https://a.example/"), "en");
    assert_eq!(language(&["uk-UA"], "Рада ухвалила рішення про будівництво", home), "uk");
    assert_eq!(language(&[], "市議会は木曜日に新しい図書館の計画を可決した", home), "ja");
    assert_eq!(language(&["<b>"], "", "https://portal.de/"), "de");
    assert_eq!(language(&[], "", "https://portal.example/"), "en");
}

#[test]
fn zones_follow_from_domain_language_and_offsets() {
    let seen = |hours: i8, day: &str| ObservedOffset {
        offset: Offset::constant(hours),
        at: at(&format!("{day}T05:00:00Z")),
        place: "feed",
    };
    let zone = |home: &str, language: &str, observed: &[ObservedOffset]| {
        locale::time_zone(&url(home), language, observed).value.iana_name().map(str::to_owned)
    };
    let is = |name: &str| Some(name.to_owned());
    assert_eq!(zone("https://a.vn/", "en", &[]), is("Asia/Ho_Chi_Minh"));
    assert_eq!(zone("https://a.example/", "vi", &[]), is("Asia/Ho_Chi_Minh"));
    assert_eq!(zone("https://a.example/", "en-GB", &[]), is("Europe/London"));
    // English alone says nothing; with offsets it does.
    assert_eq!(zone("https://a.example/", "en", &[]), is("UTC"));
    assert_eq!(zone("https://a.example/", "en", &[seen(-5, "2024-07-03")]), is("America/Chicago"));
    let both = [seen(-8, "2024-01-03"), seen(-7, "2024-07-03")];
    assert_eq!(zone("https://a.us/", "en", &both), is("America/Los_Angeles"));
    // A portal whose dates are at an offset that its country does not have is read by the offset.
    assert_eq!(zone("https://a.vn/", "vi", &[seen(9, "2024-07-03")]), is("Asia/Tokyo"));
}

#[test]
fn offsets_are_read_from_pages_feeds_api_and_the_difference_of_two() {
    let text = r#"{"datePublished":"2024-07-03T16:55:00+07:00"} <pubDate>Wed, 03 Jul 2024 16:55:00 +0700</pubDate>
        2024-07-03T09:55:00+00:00 2024-07-03T16:55+0700"#;
    let found = locale::in_text(text, "pages");
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(
        found.iter().all(|seen| seen.offset == Offset::constant(7) && seen.at == at("2024-07-03T09:55:00Z"))
    );
    let api = br#"[{"date":"2024-07-03T16:55:00","date_gmt":"2024-07-03T09:55:00"},{"date":"x"}]"#;
    assert_eq!(locale::of_api(api).len(), 1);
    assert!(locale::of_api(b"no JSON").is_empty());
    let local: DateTime = "2024-07-03T16:55".parse().expect("a test time");
    let offset = |moment: &str| locale::between(local, at(moment)).map(|seen| seen.offset);
    assert_eq!(offset("2024-07-03T09:55:00Z"), Some(Offset::constant(7)));
    assert_eq!(offset("2024-07-03T09:55:31Z"), Some(Offset::constant(7)));
    assert_eq!(offset("2024-07-03T09:52:00Z"), None);
    assert_eq!(offset("2024-06-01T09:55:00Z"), None);
    assert_eq!(locale::presumed(&url("https://a.example/"), None), TimeZone::UTC);
}
