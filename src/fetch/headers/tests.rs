//! Unit tests.

use reqwest::header::HeaderValue;
use url::Url;

use super::*;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        map.append(*name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
    map
}

#[test]
fn freshness_is_read_from_cache_control_and_age() {
    for (pairs, expected) in [
        (&[("cache-control", "max-age=600")][..], Some(600)),
        (&[("cache-control", "public, s-maxage=9, Max-Age=\"600\"")], Some(600)),
        (&[("cache-control", "public"), ("cache-control", "max-age=60")], Some(60)),
        (&[("cache-control", "max-age=600"), ("age", "100")], Some(500)),
        (&[("cache-control", "max-age=600"), ("age", "900")], Some(0)),
        (&[("cache-control", "max-age=600, no-cache")], None),
        (&[("cache-control", "no-store")], None),
        (&[("cache-control", "max-age=-1")], None),
        (&[("cache-control", "max-age=99999999999")], None),
        (&[], None),
    ] {
        assert_eq!(max_age(&headers(pairs)), expected, "{pairs:?}");
    }
}

#[test]
fn a_pause_is_read_in_both_forms_and_bounded() {
    let now: Timestamp = "2024-07-03T09:55:00Z".parse().expect("a moment");
    for (value, expected) in [
        ("120", Some(120)),
        ("0", Some(0)),
        ("99999999", Some(3600)),
        ("Wed, 03 Jul 2024 09:56:30 GMT", Some(90)),
        ("Wed, 03 Jul 2024 09:00:00 GMT", Some(0)),
        ("Fri, 03 Jul 2099 09:00:00 GMT", Some(3600)),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
    ] {
        let wait = retry_after(&headers(&[("retry-after", value)]), now);
        assert_eq!(wait, expected.map(Duration::from_secs), "{value:?}");
    }
}

#[test]
fn a_charset_is_read_out_of_a_content_type() {
    for (value, expected) in [
        ("text/html; charset=UTF-8", Some("utf-8")),
        ("text/html;charset=\"windows-1258\"; x=y", Some("windows-1258")),
        ("text/html; boundary=x ; charset = 'utf-8'", Some("utf-8")),
        ("text/html; charset=", None),
        ("text/html", None),
        ("", None),
    ] {
        let kind = content_type(&headers(&[("content-type", value)]));
        assert_eq!(charset(&kind), expected, "{value:?}");
    }
    assert_eq!(essence("text/html ; charset=x"), "text/html");
}

#[test]
fn the_servers_own_clock_is_believed_within_a_day() {
    let now: Timestamp = "2024-07-03T09:55:00Z".parse().expect("a moment");
    for (value, expected) in [
        ("Wed, 03 Jul 2024 07:55:00 GMT", "2024-07-03T07:55:00Z"),
        ("Thu, 04 Jul 2024 01:00:00 GMT", "2024-07-04T01:00:00Z"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "2024-07-03T09:55:00Z"),
        ("Fri, 05 Jul 2024 09:55:00 GMT", "2024-07-03T09:55:00Z"),
        ("yesterday", "2024-07-03T09:55:00Z"),
    ] {
        assert_eq!(date(&headers(&[("date", value)]), now).to_string(), expected, "{value}");
    }
}

#[test]
fn links_are_read_with_their_relations() {
    let base = Url::parse("https://a.vn/tin/bai.html").expect("a URL");
    let url = |text: &str| base.join(text).expect("a URL");
    let sent = headers(&[
        ("link", "<https://a.vn/wp-json/>; rel=\"https://api.w.org/\", </?p=7301>; rel=shortlink"),
        ("link", "<b.html>; title=\"a, b; c\"; REL=\"Next Prefetch\""),
        ("link", "<x,y>; rel=a, <>; rel=self, nonsense, <no-rel>, <http://>; rel=b, <unclosed; rel=c"),
    ]);
    let expected = [
        ("https://api.w.org/", url("https://a.vn/wp-json/")),
        ("shortlink", url("/?p=7301")),
        ("next", url("b.html")),
        ("prefetch", url("b.html")),
        ("a", url("x,y")),
        ("self", base.clone()),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(rel, url)| (rel.to_owned(), url)).collect();
    assert_eq!(links(&sent, &base), expected);
    let many = "<a>; rel=x,".repeat(500);
    assert_eq!(links(&headers(&[("link", many.trim_end_matches(','))]), &base).len(), 32);
}

#[test]
fn empty_validators_are_none() {
    let found = validators(&headers(&[("etag", " "), ("last-modified", "x")]));
    assert_eq!((found.etag, found.last_modified.as_deref()), (None, Some("x")));
    assert_eq!(total_pages(&headers(&[("x-wp-totalpages", "12")])), Some(12));
    assert_eq!(total_pages(&headers(&[("x-wp-totalpages", "many")])), None);
}
