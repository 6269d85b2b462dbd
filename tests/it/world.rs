//! The daemon over simulated weeks: its schedule, and what it says of portals that fall ill.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use tinsach::health::Kind;

use crate::simulated::daemon::{FEED_AND_FRONT, FRONT, World};
use crate::simulated::plan::{Rhythm, Spell, What};
use crate::simulated::portal::Portal;
use crate::simulated::server::Asked;

/// Midnight in Viet Nam, a Monday.
const MONDAY: &str = "2024-06-30T17:00:00Z";

fn monday() -> Timestamp {
    MONDAY.parse().expect("a timestamp")
}

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

fn portal(seed: u64, rhythm: Rhythm, spells: Vec<Spell>) -> Portal {
    Portal::new(seed, rhythm, monday() - hours(24 * 30), monday() + hours(24 * 30), spells)
}

fn spell(what: What, from: i64, until: i64) -> Spell {
    Spell { what, from: monday() + hours(from), until: monday() + hours(until) }
}

#[tokio::test(flavor = "current_thread")]
async fn one_page_that_cannot_be_had_and_one_that_is_no_article_change_nothing_in_the_rhythm() {
    let all_the_time = |what| spell(what, -24 * 40, 24 * 40);
    let spells = vec![all_the_time(What::OneDeadLink), all_the_time(What::ListedSections)];
    let world =
        World::new(monday(), vec![(portal(1, Rhythm::Office(3), spells), FEED_AND_FRONT)], ("5m", "6h"))
            .await;
    world.run_until(monday() + hours(24 * 7)).await;
    let visits = world.visits_to(0);
    // The backfill is through within its slices, and then nothing waits.
    assert_eq!(visits.iter().filter(|visit| visit.waiting > 0).count(), 0, "{}", visits[0].line);
    for pair in visits.windows(2) {
        let pause = pair[1].at.duration_since(pair[0].at);
        assert!(pause >= SignedDuration::from_mins(5), "{pause:#} between two visits: {}", pair[0].line);
    }
    let asked = world.web.asked(0);
    let mut by_path: HashMap<&str, usize> = HashMap::new();
    for one in &asked {
        *by_path.entry(one.path.as_str()).or_default() += 1;
    }
    assert!(by_path["/"] <= visits.len(), "{} of {} visits", by_path["/"], visits.len());
    assert!(by_path["/robots.txt"] <= 8, "{}", by_path["/robots.txt"]);
    // Five minutes, a quarter of an hour, an hour, four, twelve, a day, a week: so it is asked for again.
    assert!((5..=8).contains(&by_path["/tin-da-mat-tu-lau.html"]), "{by_path:?}");
    for (path, count) in &by_path {
        let is_article = path.starts_with("/tin-1-") || path.starts_with("/chuyen-muc/");
        assert!(!is_article || *count <= 6, "{path} was asked for {count} times");
    }
    for day in 0..7 {
        let (from, until) = (monday() + hours(24 * day), monday() + hours(24 * day + 24));
        let visits = visits.iter().filter(|visit| visit.at >= from && visit.at < until).count();
        assert!(visits <= 24 * 12, "{visits} visits on day {day}");
    }
    assert_eq!(world.alarms(0), [], "nothing is wrong");
    let titles = world.titles(0).await;
    let out = world.web.portal(0).out(world.time.now()).len();
    assert!(titles.len() >= out - 2, "{} of {out}", titles.len());
}

/// What is to be found when something befalls a portal: any of these kinds is a right name for it.
struct Breakage {
    what: What,
    rhythm: Rhythm,
    discover: &'static str,
    names: &'static [Kind],
}

fn breakages() -> Vec<Breakage> {
    use Kind::{
        Blocked, FieldsLost, HeldAll, ListingBroken, ListingEmpty, ListingGone, Moved, RateLimited, Robots,
        ServerErrors, TemplateChanged, TextCollapsed, Unreachable,
    };
    let of = |what, names| Breakage { what, rhythm: Rhythm::Daily(30), discover: FEED_AND_FRONT, names };
    let front = |what, names| Breakage { discover: FRONT, ..of(what, names) };
    vec![
        of(What::Status(500), &[ServerErrors]),
        of(What::Status(502), &[ServerErrors]),
        front(What::Status(503), &[ServerErrors]),
        of(What::Status(403), &[Blocked]),
        of(What::Status(401), &[Blocked]),
        of(What::Status(429), &[RateLimited]),
        of(What::Status(404), &[ListingGone]),
        of(What::ArticleStatus(500), &[ServerErrors]),
        of(What::ArticleStatus(403), &[Blocked]),
        of(What::Reset, &[Unreachable]),
        of(What::Challenge, &[Blocked]),
        of(What::ArticleChallenge, &[Blocked]),
        of(What::Maintenance, &[ServerErrors]),
        front(What::Maintenance, &[ServerErrors]),
        of(What::ArticleMaintenance, &[HeldAll]),
        of(What::LoginWall, &[Blocked]),
        front(What::EmptyListing, &[ListingEmpty]),
        of(What::FeedGone, &[ListingGone]),
        of(What::FeedIsPage, &[ListingBroken]),
        of(What::FeedBroken, &[ListingBroken]),
        of(What::RobotsForbid, &[Robots]),
        of(What::Moved, &[Moved]),
        of(What::Shell, &[TemplateChanged]),
        of(What::NoAuthors, &[FieldsLost]),
        of(What::NoDates, &[FieldsLost]),
        of(What::NoPictures, &[FieldsLost]),
        of(What::Teasers, &[TextCollapsed]),
        of(What::DeadLinks, &[HeldAll]),
    ]
}

/// Whether a request met what befell the portal.
fn is_met(portal: &Portal, what: What, asked: &Asked) -> bool {
    let is_new = |since: Timestamp| {
        portal.articles.iter().any(|article| article.path == asked.path && article.at >= since)
    };
    match what {
        What::RobotsForbid => asked.path == "/robots.txt",
        What::DeadLinks => asked.status == 404,
        What::NoAuthors | What::NoDates | What::NoPictures | What::Teasers => {
            is_new(monday() + hours(BEGINS))
        }
        _ => true,
    }
}

/// When it begins: a Tuesday at 10.
const BEGINS: i64 = 24 + 10;

#[tokio::test(flavor = "current_thread")]
async fn every_breakage_is_named_rightly_within_two_visits_and_nothing_of_it_is_published() {
    let mut faults = Vec::new();
    for (n, breakage) in breakages().into_iter().enumerate() {
        let what = breakage.what;
        let spells = vec![spell(what, BEGINS, BEGINS + 24)];
        let (from, until) = (monday() - hours(24 * 3), monday() + hours(24 * 4));
        let portal = Portal::new(n as u64 + 1, breakage.rhythm, from, until, spells);
        let world = World::new(monday(), vec![(portal, breakage.discover)], ("2h", "3h")).await;
        world.run_until(monday() + hours(BEGINS)).await;
        let before = world.alarms(0);
        world.run_until(monday() + hours(BEGINS + 24)).await;
        let begins = monday() + hours(BEGINS);
        // What a portal shows of itself is seen at the visits that meet it.
        let shows = |asked: &&Asked| asked.at >= begins && is_met(world.web.portal(0), what, asked);
        let first = world.web.asked(0).iter().find(|asked| shows(asked)).map_or(begins, |asked| asked.at);
        let met: Vec<_> = world.visits_to(0).into_iter().filter(|visit| visit.at >= first).collect();
        let named = world.alarms(0).into_iter().find(|(at, _)| *at >= begins);
        let visits = named.map(|(at, _)| met.iter().filter(|visit| visit.at <= at).count());
        let is_right = named.is_some_and(|(_, kind)| breakage.names.contains(&kind));
        let is_quick = visits.is_some_and(|visits| visits <= 2);
        println!("{what:?}: {named:?} at visit {visits:?}");
        if !before.is_empty() || !is_right || !is_quick {
            let lines: Vec<_> =
                met.iter().take(4).map(|visit| visit.line.chars().take(600).collect::<String>()).collect();
            faults.push(format!("{what:?}: {before:?} {named:?} at visit {visits:?}\n{}", lines.join("\n")));
        }
        let titles = world.titles(0).await;
        let articles: HashSet<&str> =
            world.web.portal(0).articles.iter().map(|article| article.title.as_str()).collect();
        for title in titles.iter().filter(|title| !articles.contains(title.as_str())) {
            faults.push(format!("{what:?}: published {title:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
