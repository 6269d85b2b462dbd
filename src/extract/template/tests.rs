#[path = "../../../tests/it/prose.rs"]
mod prose;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use prose::sentence;

use super::learn::{MAX_BLOCKS, MAX_PLACES, trusted_roots};
use super::sketch;
use crate::config::ArticleRules;
use crate::extract::Context;
use crate::extract::page::{ExtractedArticle, read as read_page};
use crate::model::{Decision, Draft, Page, Template};

/// Paragraphs of one story.
fn story(number: usize) -> Vec<String> {
    (0..6).map(|part| format!("<p>{}</p>", sentence(number * 10 + part))).collect()
}

/// A page of a portal whose body stands in an element of this class.
fn page_in(class: &str, number: usize, body: &str, below: &str) -> Page {
    let url = Url::parse(&format!("https://portal.vn/tin-{number}.html")).expect("a test URL");
    let html = format!(
        "<!DOCTYPE html><html><head><title>Tin số {number}</title></head><body><div class=\"top\"><a href=\"/\">Trang chủ</a></div>\
         <article><h1>Tin số {number} của thành phố</h1><div class=\"{class}\">{body}</div></article>{below}</body></html>"
    );
    Page::offline(url, html, Timestamp::constant(1_720_069_200, 0))
}

fn page(number: usize, body: &str) -> Page {
    page_in("bai", number, body, "")
}

fn read(page: &Page, template: &Template) -> ExtractedArticle {
    let rules = ArticleRules::default();
    let zone = TimeZone::UTC;
    let context =
        Context { language: "vi", template: Some(template), explain: true, ..Context::new(&rules, &zone) };
    read_page(page, &context).expect("the page is an article")
}

fn learn(template: &mut Template, page: &Page) -> Draft {
    let extracted = read(page, template);
    template.learn(&extracted.observation);
    extracted.draft
}

/// A template that has seen these pages.
fn taught(pages: impl IntoIterator<Item = Page>) -> Template {
    let mut template = Template::default();
    for page in pages {
        learn(&mut template, &page);
    }
    template
}

fn decision<'a>(draft: &'a Draft, text: &str) -> &'a Decision {
    draft.decisions.iter().find(|decision| decision.text.contains(text)).expect("a block with that text")
}

const NOTICE: &str = "Bản quyền bài viết thuộc về cổng tin, mọi hình thức sao chép phải được sự đồng ý bằng văn bản của tòa soạn.";

fn with_notice(number: usize) -> String {
    story(number).concat() + &format!("<p>{NOTICE}</p>")
}

#[test]
fn a_text_at_the_end_of_different_articles_is_boilerplate_and_says_so() {
    let template = taught((0..6).map(|number| page(number, &with_notice(number))));
    assert_eq!(template.stories, 6);
    let draft = read(&page(99, &with_notice(99)), &template).draft;
    assert!(!draft.body.text().contains(NOTICE));
    assert!(draft.body.text().contains(&sentence(995)));
    let decision = decision(&draft, NOTICE);
    assert_eq!((decision.kept, decision.why.as_str()), (false, "learned: on 6 of 6 pages"));
}

#[test]
fn one_article_with_a_text_proves_nothing() {
    let template =
        taught([page(0, &with_notice(0)), page(1, &story(1).concat()), page(2, &story(2).concat())]);
    let draft = read(&page(9, &with_notice(9)), &template).draft;
    assert!(decision(&draft, NOTICE).why.starts_with("evidence"), "{:?}", decision(&draft, NOTICE));
}

#[test]
fn the_same_story_at_many_addresses_does_not_delete_itself() {
    let template = taught((0..8).map(|number| page(number, &story(1).concat())));
    assert_eq!((template.pages, template.stories), (1, 1));
    let draft = read(&page(99, &story(1).concat()), &template).draft;
    for part in 10..16 {
        assert!(draft.body.text().contains(&sentence(part)), "{part}");
    }
}

#[test]
fn a_running_story_that_repeats_its_background_counts_once() {
    let update = |number: usize| story(1)[..2].concat() + &story(number).concat();
    let template = taught((2..10).map(|number| page(number, &update(number))));
    assert_eq!(template.stories, 1, "each shares a quarter with the first");
    let draft = read(&page(99, &update(99)), &template).draft;
    assert!(draft.body.text().contains(&sentence(10)) && draft.body.text().contains(&sentence(11)));
}

#[test]
fn long_boilerplate_under_short_texts_does_not_make_one_story_of_all_pages() {
    let body =
        |number: usize| story(number)[..2].concat() + &format!("<p>{NOTICE}</p><p>{}</p>", sentence(7));
    let template = taught((2..32).map(|number| page(number, &body(number))));
    assert!(template.stories >= 15, "{}", template.stories);
    let draft = read(&page(99, &body(99)), &template).draft;
    assert!(!draft.body.text().contains(NOTICE) && draft.body.text().contains(&sentence(991)));
}

#[test]
fn a_page_that_is_read_again_teaches_nothing_more() {
    let mut template = Template::default();
    for _ in 0..5 {
        learn(&mut template, &page(1, &story(1).concat()));
    }
    assert_eq!(template.pages, 1);
    let mut pushed_out = template.clone();
    for number in 2..80 {
        learn(&mut pushed_out, &page(number, &story(number).concat()));
    }
    let before = pushed_out.pages;
    learn(&mut pushed_out, &page(1, &story(1).concat()));
    assert_eq!(pushed_out.pages, before);
}

#[test]
fn headings_of_a_series_amid_the_text_stay() {
    let series = |number: usize| {
        let mut parts = story(number);
        if number.is_multiple_of(3) {
            parts.insert(3, "<h3>Nhiệm vụ trọng tâm thời gian tới</h3>".to_owned());
        }
        parts.concat()
    };
    let template = taught((0..24).map(|number| page(number, &series(number))));
    let draft = read(&page(99, &series(99)), &template).draft;
    assert!(draft.body.text().contains("Nhiệm vụ trọng tâm"), "{:?}", decision(&draft, "Nhiệm vụ"));
}

#[test]
fn a_pitch_amid_the_text_of_every_page_goes() {
    let pitched = |number: usize| {
        let mut parts = story(number);
        parts.insert(3, "<p>Mời bạn đọc theo dõi cổng tin trên các nền tảng mạng xã hội.</p>".to_owned());
        parts.concat()
    };
    let template = taught((0..8).map(|number| page(number, &pitched(number))));
    let draft = read(&page(99, &pitched(99)), &template).draft;
    assert!(!draft.body.text().contains("Mời bạn đọc"), "{:?}", decision(&draft, "Mời bạn đọc"));
}

#[test]
fn a_heading_amid_most_texts_of_one_day_is_a_series_and_of_many_days_is_not() {
    let series = |number: usize| {
        let mut parts = story(number);
        if number % 3 != 2 {
            parts.insert(3, "<h3>Phiên dịch vụ của cổng tin</h3>".to_owned());
        }
        parts.concat()
    };
    let on_day = |number: usize, day: i64| {
        let mut page = page(number, &series(number));
        page.fetched =
            Timestamp::from_second(page.fetched.as_second() + day * 86_400).expect("a date in range");
        page
    };
    let one_day = taught((0..12).map(|number| on_day(number, 0)));
    assert!(read(&on_day(99, 0), &one_day).draft.body.text().contains("Phiên dịch vụ"));
    let many_days = taught((0..12).map(|number| on_day(number, number as i64)));
    assert!(!read(&on_day(99, 20), &many_days).draft.body.text().contains("Phiên dịch vụ"));
}

#[test]
fn the_heads_of_a_table_stay_with_its_cells() {
    let table = |number: usize| {
        let rows: String = (0..4)
            .map(|row| format!("<tr><td>Xã số {number}{row}</td><td>{}</td></tr>", number * 7 + row))
            .collect();
        let mut parts = story(number);
        parts.insert(3, format!("<table><tr><th>Địa phương</th><th>Số lượng</th></tr>{rows}</table>"));
        parts.concat()
    };
    let template = taught((0..12).map(|number| page(number, &table(number))));
    let draft = read(&page(99, &table(99)), &template).draft;
    assert!(draft.body.text().contains("Địa phương") && draft.body.text().contains("Số lượng"));
}

#[test]
fn a_byline_that_recurs_is_left_for_its_reader() {
    let signed = |number: usize| {
        story(number).concat() + "<p style=\"text-align: right\"><strong>Nguồn: Báo Hải Phòng</strong></p>"
    };
    let template = taught((0..8).map(|number| page(number, &signed(number))));
    let draft = read(&page(99, &signed(99)), &template).draft;
    assert_eq!(draft.credit.as_deref(), Some("Báo Hải Phòng"));
    assert!(!draft.body.text().contains("Nguồn"));
}

#[test]
fn long_texts_need_more_articles_and_most_of_a_page_is_never_taken() {
    let long: String = (0..4).map(|part| sentence(5_000 + part) + " ").collect();
    let body =
        |number: usize| story(number).concat() + &story(number + 500).concat() + &format!("<p>{long}</p>");
    let few = taught((0..4).map(|number| page(number, &body(number))));
    assert!(read(&page(99, &body(99)), &few).draft.body.text().contains(&sentence(5_001)), "on four pages");
    // What is on few of many pages and more than a third of this one stays.
    let boxed = |number: usize| {
        format!("<p>{}</p>", sentence(number * 10))
            + "<p>"
            + &sentence(7_000)
            + "</p><p>"
            + &sentence(7_001)
            + "</p>"
    };
    let mut template = taught((0..8).map(|number| page(number, &story(number).concat())));
    for number in 8..12 {
        learn(
            &mut template,
            &page(
                number,
                &(story(number).concat() + &format!("<p>{}</p><p>{}</p>", sentence(7_000), sentence(7_001))),
            ),
        );
    }
    let draft = read(&page(99, &boxed(99)), &template).draft;
    assert!(draft.body.text().contains(&sentence(7_000)));
}

#[test]
fn the_title_repeated_below_and_links_that_change_go_by_their_place() {
    let below = |number: usize| {
        let links: String = (0..5)
            .map(|other| {
                format!(
                    "<li><a href=\"/tin-{0}.html\">{1}</a></li>",
                    number + other,
                    sentence(9_000 + number + other)
                )
            })
            .collect();
        format!(
            "<div class=\"ma\"><p>QR CODE: Tin số {number} của thành phố</p></div><div class=\"khac\"><ul>{links}</ul></div>"
        )
    };
    let template =
        taught((10..18).map(|number| page_in("bai", number, &story(number).concat(), &below(number))));
    let draft = read(&page_in("bai", 99, &story(99).concat(), &below(99)), &template).draft;
    assert!(!draft.body.text().contains("QR CODE") && !draft.body.text().contains("tin-99"));
}

#[test]
fn the_place_of_the_text_saves_an_article_of_one_line() {
    let template = taught((0..8).map(|number| page(number, &story(number).concat())));
    assert_eq!(trusted_roots(&template).len(), 1);
    let below = "<div class=\"xahoi\"><h3>Chúng tôi trên mạng xã hội</h3><p>Mã QR truy cập vào trang của cổng tin tức thành phố.</p></div>";
    let draft =
        read(&page_in("bai", 99, "<p><a href=\"/qd.pdf\">Quyết định số 15</a></p>", below), &template).draft;
    assert!(draft.body.text().contains("Quyết định số 15"), "{}", draft.body.text());
    assert!(!draft.body.text().contains("mạng xã hội"), "{}", draft.body.text());
}

#[test]
fn a_redesign_is_noticed_within_four_pages_and_learned_within_ten() {
    let mut template = taught((0..30).map(|number| page(number, &story(number).concat())));
    let before = trusted_roots(&template);
    for number in 30..34 {
        learn(&mut template, &page_in("noi-dung-moi", number, &story(number).concat(), ""));
    }
    assert!(!trusted_roots(&template).contains(&before[0]), "the old place has no say any more");
    for number in 34..40 {
        let draft = learn(&mut template, &page_in("noi-dung-moi", number, &story(number).concat(), ""));
        assert!(draft.body.text().contains(&sentence(number * 10 + 5)));
    }
    let after = trusted_roots(&template);
    assert_eq!(after.len(), 1);
    assert_ne!(after, before);
}

#[test]
fn an_old_name_in_a_new_design_does_not_hide_the_article() {
    let template = taught((0..20).map(|number| page(number, &story(number).concat())));
    let text = story(50).concat();
    let aside = format!("<div class=\"moi\"><p>{}</p>{text}</div>", sentence(77));
    let draft = read(&page_in("bai", 50, "<p>Tin vắn trong ngày.</p>", &aside), &template).draft;
    assert!(draft.body.text().contains(&sentence(505)), "{}", draft.body.text());
}

#[test]
fn what_is_learned_stays_within_bounds_and_survives_the_store() {
    let mut template = Template::default();
    for number in 0..160 {
        let rows: String = (0..90)
            .map(|row| {
                format!("<div class=\"c{} r{row}\">dòng {number} {row} abc</div>", "x".repeat(number % 40))
            })
            .collect();
        learn(&mut template, &page_in("bai", number, &story(number).concat(), &rows));
    }
    assert!(template.blocks.len() <= MAX_BLOCKS && template.places.len() <= MAX_PLACES);
    assert!(template.recent.len() <= sketch::MAX_RECENT_SKETCHES && template.known.len() <= 512);
    let json = serde_json::to_vec(&template).expect("a template is JSON");
    assert_eq!(serde_json::from_slice::<Template>(&json).expect("and back"), template);
    let old: Template = serde_json::from_str("{}").expect("the template of an earlier version");
    assert_eq!(old, Template::default());
}

#[test]
fn counts_fade_and_texts_are_forgotten() {
    let mut template = taught((0..4).map(|number| page(number, &with_notice(number))));
    let places = |template: &Template| template.places.values().map(|place| place.pages).fold(0.0, f32::max);
    for number in 4..200 {
        learn(&mut template, &page(number, &story(number).concat()));
    }
    assert!(places(&template) < 51.0, "a place is not more than fifty pages' worth");
    let share = read(&page(999, &with_notice(999)), &template).draft;
    assert!(
        decision(&share, NOTICE).kept || decision(&share, NOTICE).why.contains("4 of"),
        "{:?}",
        decision(&share, NOTICE)
    );
}
