//! Answers of the WordPress API, and requests to it.

use serde_json::{Value, json};

use super::{ApiError, Names, Request, categories, posts, roots};
use crate::discover::tests::{context, document, time, url};
use crate::discover::{Context, DiscoverError};

fn post() -> Value {
    json!({"id": 7301, "date": "2024-07-03T16:55:00", "date_gmt": "2024-07-03T09:55:00", "modified": "2024-07-04T08:00:00",
        "modified_gmt": "2024-07-04T01:00:00", "status": "publish", "type": "post", "link": "http://www.portal.vn/chua-ve.html",
        "title": {"rendered": "Chùa Vẽ &#8211; “Hoa linh” R&#038;D"}, "content": {"rendered": "<html> <p>Toàn văn</p>", "protected": false},
        "categories": [3, 99], "_embedded": {"author": [{"name": "Ban Biên tập"}],
        "wp:term": [[{"taxonomy": "category", "name": "Y tế &amp; đời sống"}], [{"taxonomy": "post_tag", "name": "thẻ"}]]}})
}

fn with(name: &str, value: Value) -> Value {
    let mut post = post();
    post[name] = value;
    post
}

fn read(answer: &Value) -> super::Posts {
    let names = Names::from([(3, "Văn hóa".to_owned())]);
    posts(&document("https://portal.vn/wp-json/wp/v2/posts", answer.to_string()), &context(), &names)
        .expect("posts")
}

#[test]
fn a_post_is_read_whole() {
    let read = read(&json!([post()]));
    let post = &read.candidates[0];
    assert_eq!(post.url, url("https://portal.vn/chua-ve.html"));
    assert_eq!(post.post_id, Some(7301));
    assert_eq!(post.title.as_deref(), Some("Chùa Vẽ – “Hoa linh” R&D"));
    assert_eq!(post.published, Some(time("2024-07-03T09:55:00Z")));
    assert_eq!(post.updated, Some(time("2024-07-04T01:00:00Z")));
    assert_eq!(post.authors, ["Ban Biên tập"]);
    assert_eq!(post.categories, ["Văn hóa", "Y tế & đời sống"]);
    assert_eq!(post.content.as_deref(), Some("<html> <p>Toàn văn</p>"));
}

#[test]
fn dates_are_utc_or_local_or_not_given() {
    let published = |gmt: Value, local: Value| {
        let mut post = with("date_gmt", gmt);
        post["date"] = local;
        read(&json!([post])).candidates[0].published
    };
    let right = Some(time("2024-07-03T09:55:00Z"));
    assert_eq!(published(Value::Null, json!("2024-07-03T16:55:00")), right);
    assert_eq!(published(json!("0000-00-00T00:00:00"), json!("2024-07-03T16:55:00")), right);
    assert_eq!(published(json!("-0001-11-30T00:00:00"), json!("2024-07-03T16:55:00")), right);
    assert_eq!(published(json!("2024-07-03T16:55:00+07:00"), Value::Null), right);
    assert_eq!(published(Value::Null, json!(7)), None);
}

#[test]
fn what_is_not_public_is_left_and_said() {
    let read = read(&json!([
        with("status", json!("future")),
        with("type", json!("page")),
        with("content", json!({"rendered": "", "protected": true})),
        with("link", json!("https://other.vn/x")),
        with("link", Value::Null),
        7,
        with("status", Value::Null),
    ]));
    assert_eq!(read.candidates.len(), 1);
    assert_eq!(read.skipped.len(), 6, "{:?}", read.skipped);
    assert!(read.skipped[2].contains("password") && read.skipped[5].starts_with("post no. 6"));
}

#[test]
fn errors_are_told_apart() {
    let context: Context<'_> = context();
    let fault = |body: &str| {
        let document = document("https://portal.vn/wp-json/wp/v2/posts", body);
        posts(&document, &context, &Names::new()).expect_err("no posts")
    };
    let error = |code: &str, status: u16| {
        json!({"code": code, "message": "L&#7895;i", "data": {"status": status}}).to_string()
    };
    assert!(matches!(fault(&error("rest_post_invalid_page_number", 400)), ApiError::PastEnd { .. }));
    assert!(matches!(fault(&error("rest_no_route", 404)), ApiError::Closed { .. }));
    assert!(matches!(fault(&error("some_plugin", 401)), ApiError::Closed { .. }));
    let ApiError::Refused { code, message, .. } = fault(&error("rest_invalid_param", 400)) else {
        panic!("refused")
    };
    assert_eq!((code.as_str(), message.as_str()), ("rest_invalid_param", "Lỗi"));
    assert!(matches!(fault(""), ApiError::Unreadable(DiscoverError::Empty { .. })));
    assert!(matches!(fault("<!doctype html><html>[1]"), ApiError::Unreadable(DiscoverError::WebPage { .. })));
    for body in ["[{\"id\":", "{}", "7", "x"] {
        assert!(matches!(fault(body), ApiError::Unreadable(DiscoverError::Malformed { .. })), "{body}");
    }
}

#[test]
fn notices_before_the_answer_are_passed_over() {
    let body = format!("<br />\n<b>Notice</b>: x\n{}", json!([post()]));
    let document = document("https://portal.vn/wp-json/wp/v2/posts", body);
    assert_eq!(posts(&document, &context(), &Names::new()).expect("posts").candidates.len(), 1);
}

#[test]
fn categories_have_names() {
    let document =
        document("https://portal.vn/", r#"[{"id":3,"name":"V&#259;n h&oacute;a"},{"id":4},{"name":"x"}]"#);
    assert_eq!(categories(&document).expect("names"), Names::from([(3, "Văn hóa".to_owned())]));
}

#[test]
fn requests_suit_both_kinds_of_root() {
    let pretty = Request::first_page(&url("https://portal.vn/wp-json/"), 500)
        .page(2)
        .modified_after(time("2024-07-03T09:55:00Z"));
    let asked = pretty.url();
    assert_eq!(asked.path(), "/wp-json/wp/v2/posts");
    let pairs: Vec<(String, String)> = asked.query_pairs().into_owned().collect();
    for pair in [
        ("per_page", "100"),
        ("page", "2"),
        ("modified_after", "2024-07-03T09:55:00Z"),
        ("orderby", "modified"),
    ] {
        assert!(pairs.contains(&(pair.0.to_owned(), pair.1.to_owned())), "{pair:?} in {asked}");
    }
    let plain = Request::first_page(&url("https://portal.vn/?rest_route=/"), 10).url();
    assert!(
        plain.query_pairs().any(|(name, value)| name == "rest_route" && value == "/wp/v2/posts"),
        "{plain}"
    );
    assert_eq!(plain.path(), "/");
    assert_eq!(Request::categories(&url("https://portal.vn/wp-json"), 1).path(), "/wp-json/wp/v2/categories");
    assert_eq!(roots(&url("https://portal.vn/"))[1].as_str(), "https://portal.vn/?rest_route=/");
}
