//! The daemon over simulated weeks: its schedule, and what it says of portals that fall ill.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use tinsach::health::{Change, Kind};

use crate::simulated::cases::{BEGINS, Case, benign, breakages, frozen, holidays};
use crate::simulated::daemon::{FEED_AND_FRONT, World};
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

/// Whether a request met what befell the portal.
fn is_met(portal: &Portal, what: What, asked: &Asked) -> bool {
    let is_new = || portal.at(&asked.path, asked.at).is_some_and(|article| portal.came_with(article, what));
    match what {
        What::RobotsForbid => asked.path == "/robots.txt",
        What::NoAuthors | What::NoDates | What::NoPictures | What::Teasers | What::DeadLinks => is_new(),
        What::OneForAll | What::Films => is_new(),
        // What can be read at article pages alone is met there.
        What::FrontForAll | What::Shell => portal.at(&asked.path, asked.at).is_some(),
        _ => true,
    }
}

/// A world of cases side by side, each at an address of its own.
async fn side_by_side(cases: &[Case], days: i64, every: (&str, &str)) -> World {
    let portals = (1..).zip(cases).map(|(n, case)| (case.portal(n, monday(), days), case.discover));
    World::new(monday(), portals.collect(), every).await
}

/// Titles that were published and are none of the portal's.
async fn junk(world: &World, n: usize) -> Vec<String> {
    let articles = world.web.portal(n).articles.iter();
    let articles: HashSet<&str> = articles.map(|article| article.title.as_str()).collect();
    let mut titles = world.titles(n).await;
    titles.retain(|title| !articles.contains(title.as_str()));
    titles
}

/// How many articles of those hours did not come through. What came out in the last of them is not seen yet.
async fn missing(world: &World, n: usize, (from, until): (i64, i64)) -> usize {
    let titles: HashSet<String> = world.titles(n).await.into_iter().collect();
    let (from, until) = (monday() + hours(from), monday() + hours(until - 13));
    let out = world.web.portal(n).articles.iter();
    let out = out.filter(|article| from <= article.at && article.at < until);
    out.filter(|article| !titles.contains(&article.title)).count()
}

#[tokio::test(flavor = "current_thread")]
async fn every_breakage_is_named_rightly_within_two_visits_and_nothing_of_it_is_published() {
    let cases = breakages();
    let world = side_by_side(&cases, 3, ("2h", "3h")).await;
    let begins = monday() + hours(BEGINS);
    world.run_until(begins + hours(26)).await;
    let mut faults = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        let (name, what) = (case.name, case.spells[0].0);
        // What a portal shows of itself is seen at the visits that meet it.
        let shows = |asked: &&Asked| asked.at >= begins && is_met(world.web.portal(n), what, asked);
        let first = world.web.asked(n).iter().find(|asked| shows(asked)).map_or(begins, |asked| asked.at);
        // A visit began before the requests that it made.
        let visits = world.visits_to(n);
        let from = visits.iter().rposition(|visit| visit.at <= first).unwrap_or(0);
        let (before, after): (Vec<_>, Vec<_>) =
            world.alarms(n).into_iter().partition(|(at, _)| *at < visits[from].at);
        let named = after.first().copied();
        let count = named.map(|(at, _)| visits[from..].iter().filter(|visit| visit.at <= at).count() as i64);
        println!("{name}: {named:?} at visit {count:?}");
        let until = monday() + hours(case.spells[0].2);
        let mut during = after.iter().filter(|(at, _)| *at < until);
        let is_right = named.is_some() && during.all(|(_, kind)| case.names.contains(kind));
        if !before.is_empty() || !is_right || count.is_none_or(|count| count > case.within) {
            let met = visits[from..].iter().take(4);
            let lines: Vec<_> = met.map(|visit| visit.line.chars().take(600).collect::<String>()).collect();
            faults.push(format!("{name}: {before:?} {after:?} at visit {count:?}\n{}", lines.join("\n")));
        }
        faults.extend(junk(&world, n).await.into_iter().map(|title| format!("{name}: published {title:?}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "current_thread")]
async fn no_benign_change_is_an_alarm_and_every_article_comes_through() {
    let cases = benign();
    let world = side_by_side(&cases, 8, ("4h", "12h")).await;
    world.run_until(monday() + hours(24 * 8)).await;
    let mut faults = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        let name = case.name;
        for visit in world.visits_to(n) {
            for change in &visit.changes {
                if let Change::Began(finding) = change {
                    let at = visit.at.duration_since(monday()).as_hours();
                    let line: String = visit.line.chars().take(500).collect();
                    faults.push(format!("{name}: after {at} h: {finding}\n{line}"));
                }
            }
        }
        faults.extend(junk(&world, n).await.into_iter().map(|title| format!("{name}: published {title:?}")));
        let missing = missing(&world, n, (0, 24 * 8)).await;
        println!("{name}: {missing} missing, {} visits", world.visits_to(n).len());
        let is_taken_down = case.spells.iter().any(|(what, ..)| *what == What::TakenDown);
        if missing > 0 && !is_taken_down {
            faults.push(format!("{name}: {missing} articles are missing"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Hours of silence until portals that stand still are called late, and that working ones never are.
#[tokio::test(flavor = "current_thread")]
async fn portals_that_stand_still_are_named_late_in_time_and_working_ones_are_not() {
    let cases = frozen();
    let days = 7 * 4;
    let world = side_by_side(&cases, days, ("6h", "12h")).await;
    world.run_until(monday() + hours(24 * days)).await;
    let mut faults = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        let begins = case.spells.iter().find(|(what, ..)| *what == What::Frozen).map(|(_, from, _)| *from);
        let alarms: Vec<_> = world
            .alarms(n)
            .into_iter()
            .map(|(at, kind)| (at.duration_since(monday()).as_hours(), kind))
            .collect();
        println!("{}: {begins:?} {alarms:?}", case.name);
        let is_right = match (begins, &alarms[..]) {
            (Some(begins), [(at, Kind::Late)]) => (begins + 24..=begins + case.within).contains(at),
            (None, []) => missing(&world, n, (0, 24 * days)).await == 0,
            _ => false,
        };
        if !is_right {
            faults.push(format!("{}: it stands still after {begins:?} h; {alarms:?}", case.name));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// From the middle of December until the middle of February: the turn of the year, and the lunar new year on 29 January.
#[tokio::test(flavor = "current_thread")]
async fn holidays_are_quiet_without_alarm() {
    let start: Timestamp = "2024-12-15T17:00:00Z".parse().expect("a timestamp");
    let cases = holidays();
    let portals = (1..).zip(&cases).map(|(n, case)| (case.portal(n, start, 56), case.discover));
    let world = World::new(start, portals.collect(), ("8h", "24h")).await;
    world.run_until(start + hours(24 * 56)).await;
    let alarms: Vec<_> = (0..cases.len())
        .flat_map(|n| world.alarms(n).into_iter().map(move |alarm| (n, alarm)))
        .map(|(n, (at, kind))| format!("{}: {at}: {kind}", cases[n].name))
        .collect();
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}

/// The tables of `docs/testing.md` say what is tested, no more and no less. `TINSACH_RENEW=1` writes them.
#[test]
fn the_tables_in_the_documentation_are_those_of_the_tests() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/testing.md");
    let text = std::fs::read_to_string(&path).expect("docs/testing.md");
    let mut expected = text.clone();
    let (broken, quiet): (Vec<Case>, Vec<Case>) =
        frozen().into_iter().partition(|case| !case.names.is_empty());
    for (name, cases) in
        [("breakages", breakages()), ("late", broken), ("benign", [benign(), holidays(), quiet].concat())]
    {
        let names: HashSet<&str> = cases.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), cases.len(), "two cases of {name} have one name");
        let rows: String = cases.iter().map(|case| format!("{}\n", case.row())).collect();
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let (head, rest) = expected.split_once(&begin).expect("the marks of a table");
        let (table, tail) = rest.split_once(&end).expect("the end of a table");
        let header: String = table.split_inclusive('\n').take(2).collect();
        expected = format!("{head}{begin}{header}{rows}{end}{tail}");
    }
    if std::env::var_os("TINSACH_RENEW").is_some() {
        std::fs::write(&path, &expected).expect("docs/testing.md can be written");
        return;
    }
    assert!(
        text == expected,
        "docs/testing.md shows other tables than the tests hold; TINSACH_RENEW=1 writes them"
    );
}

/// A portal that says 404 for days and then has its articles again, unchanged: what was taken down meanwhile comes back.
#[tokio::test(flavor = "current_thread")]
async fn articles_that_were_gone_for_days_come_back() {
    let begins = 24 * 5;
    let spells = vec![spell(What::Status(404), begins, begins + 24 * 3)];
    let from = monday() - hours(24 * 4);
    let portal = Portal::new(1, Rhythm::Daily(2), from, monday() + hours(24 * 24), spells);
    let world = World::new(monday(), vec![(portal, FEED_AND_FRONT)], ("6h", "12h")).await;
    world.run_until(monday() + hours(begins)).await;
    let before = world.titles(0).await.len();
    world.run_until(monday() + hours(begins + 24 * 3)).await;
    let during = world.titles(0).await.len();
    assert!(during < before, "{during} of {before}: nothing was taken down");
    world.run_until(monday() + hours(24 * 24)).await;
    assert_eq!(missing(&world, 0, (-24 * 4, 24 * 24)).await, 0);
}
