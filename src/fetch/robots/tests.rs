//! Unit tests: what is in force when, without a server.

use std::cell::Cell;

use super::*;

fn at(hours: i64) -> Timestamp {
    let start: Timestamp = "2024-07-03T00:00:00Z".parse().expect("a moment");
    start + SignedDuration::from_hours(hours)
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

const ORIGIN: &str = "https://a.vn";
const RULES: &str = "User-agent: *\nDisallow: /noi-bo/\nDisallow: /*?s=\nCrawl-delay: 600";

fn file(text: &str) -> Access {
    Access::File(text.into())
}

fn down() -> Access {
    Access::Unreachable(Trouble::later(Cause::ServerError, "the server answered 500"))
}

#[test]
fn rules_are_checked_with_the_one_that_forbids_in_the_message() {
    let rules = SiteRules::parse(RULES);
    assert_eq!(rules.check(&url("https://a.vn/tin.html")), Ok(()));
    let error = rules.check(&url("https://a.vn/?s=x")).expect_err("forbidden");
    assert_eq!(error.why(), "robots.txt forbids it: Disallow: /*?s=");
    assert_eq!(rules.crawl_delay(), Some(MAX_CRAWL_DELAY));
    assert_eq!(SiteRules::parse("Crawl-delay: 1e300\nUser-agent: *").crawl_delay(), None);
}

#[test]
fn our_group_is_the_one_that_counts() {
    let text = "User-agent: *\nDisallow: /\n\nUser-agent: tinsach\nDisallow: /a/\n";
    let rules = SiteRules::parse(text);
    assert!(rules.allows(&url("https://a.vn/b")) && !rules.allows(&url("https://a.vn/a/b")));
}

#[test]
fn a_copy_is_good_for_a_day() {
    let known = Known::after(None, ORIGIN, file(RULES), at(0));
    assert!(known.is_settled(at(0)) && known.is_settled(at(23)) && !known.is_settled(at(24)));
    assert!(!known.is_settled(at(-1)), "a clock that was wrong does not keep a copy for ever");
}

#[test]
fn a_copy_is_used_as_long_as_the_file_is_unreachable() {
    let known = Known::after(None, ORIGIN, file(RULES), at(0));
    let mut known = Known::after(Some(&known), ORIGIN, down(), at(30));
    assert!(known.is_settled(at(30)) && !known.is_settled(at(31)));
    for hours in [31, 1000, 2000] {
        known = Known::after(Some(&known), ORIGIN, down(), at(hours));
        assert!(!known.in_force(at(hours)).expect("the copy").allows(&url("https://a.vn/noi-bo/")));
    }
    assert_eq!(known.entry.unreachable_since, Some(at(30)));
    let known = Known::after(Some(&known), ORIGIN, file(""), at(2001));
    assert!(known.in_force(at(2001)).expect("a file").allows(&url("https://a.vn/noi-bo/")));
    assert_eq!(known.entry.unreachable_since, None);
}

#[test]
fn without_a_copy_nothing_is_fetched_for_thirty_days() {
    let mut known = Known::after(None, ORIGIN, down(), at(0));
    for hours in [1, 30 * 24 - 1] {
        let error = known.in_force(at(hours)).expect_err("unknown");
        assert!(
            error.is_later() && error.why().ends_with("may be fetched: the server answered 500"),
            "{error:?}"
        );
        known = Known::after(Some(&known), ORIGIN, down(), at(hours));
    }
    // The count goes on over a restart.
    let known = Known::after(Some(&Known::stored(known.entry)), ORIGIN, down(), at(30 * 24));
    assert!(known.in_force(at(30 * 24)).expect("given up").allows(&url("https://a.vn/noi-bo/")));
}

#[tokio::test]
async fn what_is_known_is_kept_over_a_restart() {
    let asked = Cell::new(0);
    let cache = RobotsCache::default();
    let ask = async |_| {
        asked.set(asked.get() + 1);
        file(RULES)
    };
    cache.rules(&url("https://a.vn/x"), || at(0), ask).await.expect("rules");
    cache.rules(&url("https://a.vn/y"), || at(1), ask).await.expect("rules");
    cache.rules(&url("http://a.vn/"), || at(1), ask).await.expect("rules");
    assert_eq!(asked.get(), 2, "once for each origin");
    let kept = cache.snapshot();
    let text = serde_json::to_string(&kept).expect("text");
    let again = RobotsCache::default();
    again.preload(serde_json::from_str(&text).expect("entries"));
    assert_eq!(again.snapshot(), kept);
    let rules = again.rules(&url("https://a.vn/"), || at(2), ask).await.expect("rules");
    assert!(!rules.allows(&url("https://a.vn/noi-bo/1")));
    assert_eq!(asked.get(), 2);
    again.rules(&url("https://a.vn/"), || at(40), ask).await.expect("rules");
    assert_eq!(asked.get(), 3);
}

#[test]
fn the_cache_is_bounded_and_forgets_the_oldest() {
    let cache = RobotsCache::default();
    let text = "#".repeat(MAX_BYTES);
    let entry = |n: i64| RobotsEntry {
        origin: format!("https://h{n}.vn"),
        text: Some(text.clone()),
        fetched: at(n),
        unreachable_since: None,
    };
    cache.preload((0..40).map(entry).collect());
    let kept = cache.snapshot();
    let bytes: usize = kept.iter().filter_map(|entry| entry.text.as_ref()).map(String::len).sum();
    assert!(bytes <= 8 << 20 && kept.len() > 5, "{}", kept.len());
    assert!(kept.contains(&entry(39)) && !kept.contains(&entry(0)));
}
