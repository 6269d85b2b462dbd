//! The account of a month: requests by reason, alarms, articles.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use tinsach::health::Change;

use crate::fate::{Fate, Trouble};
use crate::simulated::daemon::{Visited, World};
use crate::simulated::plan::What;

/// The shortest pause of the rhythm.
const LEAST_PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// Looks at one listing for one visit: the first, and two tries more where a request fails.
const TRIES: usize = 3;
/// Ages at which an article is read again by plan, in minutes.
const AGES: [i64; 5] = [5, 30, 120, 24 * 60, 7 * 24 * 60];

/// Requests by reason.
#[derive(Default)]
pub struct Account {
    reasons: BTreeMap<&'static str, usize>,
    unexplained: Vec<String>,
    visits: usize,
    pub too_close: usize,
}

impl Account {
    pub fn add(&mut self, world: &World, n: usize, fate: &Fate) {
        let visits = world.visits_to(n);
        self.visits += visits.len();
        // Never sooner than the least pause, but in a backfill: then pages wait.
        for pair in visits.windows(2) {
            let pause = pair[1].at.duration_since(pair[0].at);
            if pause < LEAST_PAUSE && pair[0].waiting == 0 {
                self.too_close += 1;
                eprintln!("source {n} ({}): {pause:#} between two visits: {}", fate.case.name, pair[0].line);
            }
        }
        let portal = world.web.portal(n);
        let mut of_visit: HashMap<(usize, String), usize> = HashMap::new();
        let mut reads: HashMap<String, Vec<(Timestamp, u16)>> = HashMap::new();
        for asked in world.web.asked(n) {
            let visit = visits.partition_point(|visit| visit.at <= asked.at);
            let path = asked.path.split('?').next().unwrap_or_default().to_owned();
            let reason = if path == "/robots.txt" {
                Some(("robots.txt", TRIES))
            } else if path == "/" || path.starts_with("/feed/") || path.starts_with("/wp-json/") {
                Some(("listings, feeds, APIs: once a visit", TRIES))
            } else if path.starts_with("/trang/") || path.starts_with("/sitemap") {
                Some(("sitemaps, further pages of lists", TRIES))
            } else {
                None
            };
            if let Some((reason, most)) = reason {
                let count = of_visit.entry((visit, path)).or_default();
                *count += 1;
                self.count(reason, *count <= most, || {
                    format!("source {n}: {} for the {count}th time", asked.path)
                });
                continue;
            }
            let before = reads.entry(path.clone()).or_default();
            let published = portal.at(&path, asked.at).map(|article| article.at);
            let (reason, is_allowed) = why(before, published, asked.at);
            before.push((asked.at, asked.status));
            let told = || format!("source {n} ({}): {path} at {} after {before:?}", fate.case.name, asked.at);
            self.count(reason, is_allowed, told);
        }
    }

    fn count(&mut self, reason: &'static str, is_allowed: bool, told: impl FnOnce() -> String) {
        *self.reasons.entry(reason).or_default() += 1;
        if !is_allowed {
            self.unexplained.push(told());
        }
    }

    /// Prints it; gives requests made for each that has a reason.
    pub fn print(&self, days: i64) -> f64 {
        let total: usize = self.reasons.values().sum();
        let ratio = total as f64 / (total - self.unexplained.len()).max(1) as f64;
        println!("{} visits, {} requests, {:.0} a day", self.visits, total, total as f64 / days as f64);
        for (reason, count) in &self.reasons {
            println!("  {count:>8} {reason}");
        }
        println!("requests made for each that is allowed: {ratio:.4}; visits too close: {}", self.too_close);
        for told in self.unexplained.iter().take(10) {
            println!("  without reason: {}", told.chars().take(400).collect::<String>());
        }
        ratio
    }
}

/// Why an article's address is asked for, and whether the plan allows it: one request for each age that has come since the
/// last, one for each pause after a failure.
fn why(before: &[(Timestamp, u16)], published: Option<Timestamp>, at: Timestamp) -> (&'static str, bool) {
    let Some((last, status)) = before.last() else { return ("first reads of articles", true) };
    let pause = at.duration_since(*last);
    if !matches!(status, 200 | 304) {
        // Tries within a visit follow at once, later ones after five minutes at the least.
        let at_once =
            before.iter().rev().take_while(|(then, _)| at.duration_since(*then).as_mins() < 4).count();
        return ("retries of articles that failed", at_once <= 2 && before.len() < 40);
    }
    let published = published.unwrap_or(*last);
    let is_due = AGES.iter().any(|age| {
        let due = published + SignedDuration::from_mins(*age);
        *last < due && due <= at
    });
    // Held back with a good status: after ten minutes, an hour, a day, a week. Where the list names another title or date,
    // the page is read anew.
    let is_held = pause >= SignedDuration::from_mins(10) && before.len() < 12;
    ("rechecks of articles, by their age", is_due || is_held)
}

/// Alarms, right, wrong and missed.
#[derive(Default)]
pub struct Alarms {
    right: usize,
    wrong: Vec<String>,
    missed: Vec<String>,
    unmet: usize,
    hours: Vec<i64>,
}

impl Alarms {
    pub fn add(&mut self, world: &World, n: usize, fate: &Fate, start: Timestamp) {
        let hour = |at: Timestamp| at.duration_since(start).as_hours();
        let mut told = HashSet::new();
        let visits = world.visits_to(n);
        for (place, visit) in visits.iter().enumerate() {
            for change in &visit.changes {
                let Change::Began(finding) = change else { continue };
                let at = hour(visit.at);
                // What begins at the portal may show until everything that came then is read.
                let is_cause = |trouble: &&Trouble| trouble.from <= at && at <= trouble.until + 24;
                match fate.troubles.iter().find(is_cause) {
                    Some(trouble) if trouble.names.contains(&finding.kind) => {
                        if told.insert(trouble.name) {
                            self.right += 1;
                            self.hours.push(at - trouble.from);
                        }
                    }
                    _ => self.wrong.push(format!(
                        "source {n} ({}, {:?}): hour {at}, spells {:?}, accidents {:?}: {} {finding}{}",
                        fate.case.name,
                        fate.case.rhythm,
                        fate.case.spells,
                        fate.accidents,
                        finding.url.as_deref().unwrap_or_default(),
                        lines_of(&visits[place.saturating_sub(2)..=place], start)
                    )),
                }
            }
        }
        for trouble in fate.troubles.iter().filter(|trouble| !told.contains(trouble.name)) {
            let is_met = meets(world, n, fate, trouble.from, trouble.until, start);
            if is_met {
                let what = (fate.case.name, fate.case.rhythm, trouble.from, trouble.until);
                self.missed.push(format!("source {n}: {what:?}"));
            } else {
                self.unmet += 1;
            }
        }
    }

    pub fn is_clean(&self) -> bool {
        self.wrong.is_empty() && self.missed.is_empty()
    }

    pub fn print(&self) {
        let longest = self.hours.iter().max().copied().unwrap_or(0);
        println!(
            "alarms: {} right (the last of them after {longest} h), {} wrong, {} missed; {} troubles were met by too little to tell",
            self.right,
            self.wrong.len(),
            self.missed.len(),
            self.unmet
        );
        for line in self
            .wrong
            .iter()
            .map(|line| ("wrong", line))
            .chain(self.missed.iter().map(|line| ("missed", line)))
        {
            println!("  {}: {}", line.0, line.1);
        }
    }
}

/// Visits as they were, for whoever looks into an alarm.
fn lines_of(visits: &[Visited], start: Timestamp) -> String {
    let line = |visit: &Visited| {
        let minutes = visit.at.duration_since(start).as_secs_f64() / 60.0;
        let text: String = visit.line.chars().take(300).collect();
        format!("\n    minute {minutes:.2}, {} requests: {}", visit.requests, text.replace('\n', " / "))
    };
    visits.iter().map(line).collect()
}

/// Whether a trouble was met often enough to be told: what befalls new articles alone, by some of them at two visits.
fn meets(world: &World, n: usize, fate: &Fate, from: i64, until: i64, start: Timestamp) -> bool {
    let at = |hours: i64| start + SignedDuration::from_hours(hours);
    let (from, until) = (at(from), at(until));
    let Some((what, ..)) = fate.case.spells.first() else { return false };
    let articles = world.web.portal(n).articles.iter();
    let new: Vec<Timestamp> =
        articles.map(|article| article.at).filter(|at| from <= *at && *at < until).collect();
    let spread =
        new.last().zip(new.first()).map_or(0, |(last, first)| last.duration_since(*first).as_hours());
    match what {
        What::RobotsForbid => {
            let seen =
                world.web.asked(n).into_iter().find(|asked| asked.path == "/robots.txt" && asked.at >= from);
            seen.is_some_and(|asked| asked.at + SignedDuration::from_hours(13) < until)
        }
        What::NoAuthors
        | What::NoDates
        | What::NoPictures
        | What::Teasers
        | What::OneForAll
        | What::Films => new.len() >= 5 && spread >= 8,
        What::DeadLinks
        | What::ArticleStatus(_)
        | What::ArticleHang
        | What::ArticleChallenge
        | What::ArticleMaintenance
        | What::LoginWall
        | What::Torn
        | What::Shell => new.len() >= 5,
        What::FrontForAll => new.len() >= 10,
        _ => {
            let visits = world.visits_to(n).into_iter().filter(|visit| from <= visit.at && visit.at < until);
            visits.count() >= 3
        }
    }
}

/// Articles published against articles that were there.
#[derive(Default)]
pub struct Articles {
    out: usize,
    published: usize,
    pub missing: usize,
    pub junk: usize,
    pub duplicates: usize,
    told: Vec<String>,
}

impl Articles {
    pub async fn add(&mut self, world: &World, n: usize, fate: &Fate, end: Timestamp) {
        let mut published: HashMap<String, usize> = HashMap::new();
        for title in world.titles(n).await {
            *published.entry(title).or_default() += 1;
        }
        let portal = world.web.portal(n);
        // What came in the last hours is not seen yet; what was taken down or never there is not missed.
        let seen = end - SignedDuration::from_hours(7);
        let is_taken_down = fate.case.spells.iter().any(|(what, ..)| *what == What::TakenDown);
        let mut known = HashSet::new();
        for article in portal.articles.iter().filter(|article| article.at <= end) {
            known.insert(article.title.as_str());
            let is_lost = is_taken_down
                || portal.came_with(article, What::DeadLinks)
                || portal.came_with(article, What::OneForAll);
            // A feed or list shows its newest alone: what came before the beginning may be out of reach.
            let is_old = article.at < end - SignedDuration::from_hours(24 * 30);
            if article.at < seen && !is_lost && !is_old {
                self.out += 1;
                if !published.contains_key(&article.title) {
                    self.missing += 1;
                    self.told.push(format!(
                        "source {n} ({}): missing {} of {}",
                        fate.case.name, article.path, article.at
                    ));
                }
            }
        }
        self.published += published.values().sum::<usize>();
        for (title, count) in &published {
            if !known.contains(title.as_str()) {
                self.junk += 1;
                self.told.push(format!("source {n} ({}): junk {title:?}", fate.case.name));
            }
            if *count > 1 {
                self.duplicates += count - 1;
                self.told.push(format!("source {n} ({}): {count} times {title:?}", fate.case.name));
            }
        }
    }

    pub fn print(&self) {
        println!(
            "articles: {} to be published of the month, {} in the feeds, {} missing, {} junk, {} duplicates",
            self.out, self.published, self.missing, self.junk, self.duplicates
        );
        for told in self.told.iter().take(40) {
            println!("  {told}");
        }
    }
}
