//! Accidents and outages of the whole portal.

use jiff::SignedDuration;

use super::*;

#[test]
fn what_is_asked_only_in_an_outage_is_well_again_when_the_outage_is_over() {
    let mut followed = Followed::usual();
    let fallback = "https://portal.example/wp-sitemap.xml";
    for _ in 0..3 {
        let all = vec![
            failing(FEED, Cause::ServerError),
            failing(HOME, Cause::ServerError),
            failing(fallback, Cause::WrongType),
        ];
        followed.visit(all, []);
    }
    assert_eq!(followed.kinds(), [Kind::ServerErrors], "one cause is behind them all");
    followed.visit(vec![answer(FEED, 10)], []);
    assert_eq!(followed.kinds(), []);
    // One that fails alone stays told between the days on which it is asked.
    for _ in 0..2 {
        followed.visit(vec![answer(FEED, 10), failing(fallback, Cause::Missing)], []);
    }
    followed.visit(vec![answer(FEED, 10)], []);
    assert_eq!(followed.kinds(), [Kind::ListingGone]);
}

#[test]
fn pages_that_gave_nothing_in_an_outage_are_no_trouble_after_it() {
    let missing = |n: u32| {
        let failure = Failure { cause: Cause::Missing, why: "the server answered 404".to_owned() };
        let url = format!("https://portal.example/bai-{n}");
        PageRead::Failed { url, failure, is_new: true, is_first: true }
    };
    let broken = || vec![failing(HOME, Cause::Missing), failing(FEED, Cause::Missing)];
    let mut followed = Followed::usual();
    for n in 0..6 {
        followed.visit(broken(), (0..3).map(|k| missing(10 * n + k)));
    }
    assert_eq!(followed.kinds(), [Kind::ListingGone]);
    followed.visit(usual_answers(), []);
    assert_eq!(followed.kinds(), [], "nobody asked for a page since");
    // What was wrong with pages before an outage is not mended by it.
    for n in 0..3 {
        followed.visit(usual_answers(), [missing(100 + n)]);
    }
    assert_eq!(followed.kinds(), [Kind::HeldAll]);
    followed.visit(broken(), [missing(110)]);
    followed.visit(usual_answers(), []);
    assert_eq!(followed.kinds(), [Kind::HeldAll], "it began before the outage");
}

#[test]
fn one_visit_that_meets_something_else_gives_an_outage_no_other_name() {
    let broken = |cause| vec![failing(HOME, cause), failing(FEED, cause)];
    let mut followed = Followed::usual();
    // An accident in the visit before an outage.
    assert_eq!(followed.visit(broken(Cause::ServerError), []), []);
    assert_eq!(followed.visit(broken(Cause::Blocked), []), [], "twice, and not the same");
    followed.visit(broken(Cause::Blocked), []);
    assert_eq!(followed.kinds(), [Kind::Blocked]);
    // And one in the midst of it.
    assert_eq!(followed.visit(broken(Cause::Unreachable), []), []);
    assert_eq!(followed.visit(broken(Cause::Blocked), []), []);
    assert_eq!(followed.visit(broken(Cause::ServerError), []), []);
    assert_eq!(followed.kinds(), [Kind::Blocked]);
    // Met twice, it is what is wrong now.
    followed.visit(broken(Cause::ServerError), []);
    assert_eq!(followed.kinds(), [Kind::ServerErrors]);
}

#[test]
fn a_portal_that_fails_otherwise_at_each_visit_is_told_at_the_third() {
    let mut followed = Followed::usual();
    for (cause, kinds) in [
        (Cause::ServerError, &[][..]),
        (Cause::Unreachable, &[]),
        (Cause::Blocked, &[Kind::ServerErrors]),
        (Cause::RateLimited, &[Kind::ServerErrors]),
    ] {
        followed.visit(vec![failing(HOME, cause), failing(FEED, cause)], []);
        assert_eq!(followed.kinds(), kinds, "{cause:?}");
    }
}

#[test]
fn a_listing_that_is_gone_hides_no_outage_of_the_pages() {
    let blocked = |n: u32| {
        let failure = Failure { cause: Cause::Blocked, why: "the server answered 403".to_owned() };
        let url = format!("https://portal.example/bai-{n}");
        PageRead::Failed { url, failure, is_new: true, is_first: true }
    };
    let mut followed = Followed::usual();
    let answers = || vec![failing(HOME, Cause::Missing), answer(FEED, 10)];
    followed.visit(answers(), []);
    followed.visit(answers(), []);
    assert_eq!(followed.kinds(), [Kind::ListingGone]);
    for n in 0..2 {
        followed.now += SignedDuration::from_hours(1);
        let pages = (0..3).map(|k| blocked(10 * n + k)).collect();
        let visit = Visit { at: followed.now, answers: answers(), pages, is_failed: true };
        let rhythm = Rhythm { zone: &followed.zone, publications: &[] };
        followed.record.take_in(&visit, rhythm);
    }
    assert!(followed.kinds().contains(&Kind::Blocked), "{:?}", followed.kinds());
    let gone = followed.record.findings.iter().find(|finding| finding.kind == Kind::ListingGone);
    assert!(gone.is_none_or(|gone| !gone.is_total), "a part of it");
}

#[test]
fn what_is_asked_only_where_something_fails_is_well_again_with_it() {
    let sitemap = || answer("https://portal.example/sitemap.xml", 200);
    let mut followed = Followed::usual();
    for _ in 0..2 {
        followed
            .visit(vec![failing(FEED, Cause::ServerError), sitemap(), failing(HOME, Cause::ServerError)], []);
    }
    assert_eq!(followed.kinds(), [Kind::ServerErrors]);
    followed.visit(vec![answer(FEED, 10)], []);
    assert_eq!(followed.kinds(), [], "the front page is not asked while the feed is well");
}

#[test]
fn a_feed_is_called_steady_once_it_kept_its_number_while_news_came() {
    let weekends =
        published(
            at("2024-06-02T17:00:00Z"),
            28,
            |_, weekday| if weekday > 4 { &[9, 11, 13, 15, 17] } else { &[] },
        );
    let daily = published(at("2024-06-02T17:00:00Z"), 30, |_, _| &[9, 11, 13, 15, 17]);
    // Followed since a Monday at midnight.
    for (publications, kinds) in [(weekends, &[][..]), (daily, &[Kind::ListingEmpty])] {
        let mut followed = Followed {
            record: Record::default(),
            now: at("2024-06-30T17:00:00Z"),
            publications,
            zone: zone(),
        };
        for _ in 0..15 {
            followed.visit(vec![answer(FEED, 5)], []);
        }
        for _ in 0..5 {
            followed.visit(vec![answer(FEED, 0)], []);
        }
        assert_eq!(followed.kinds(), kinds);
    }
}

#[test]
fn a_page_that_is_asked_twice_at_one_visit_fails_once() {
    let mut followed = Followed::usual();
    let broken = vec![failing(HOME, Cause::ServerError), failing(HOME, Cause::ServerError)];
    assert_eq!(followed.visit(broken, []), [], "one visit may be an accident");
    assert!(followed.record.is_in_doubt());
}
