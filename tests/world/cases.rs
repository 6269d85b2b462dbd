//! What befalls portals in the tests, with what health has to say of it: one table of breakages, one of benign changes, one
//! of portals that stand still. `docs/testing.md` shows them.

use jiff::{SignedDuration, Timestamp};
use tinsach::health::Kind;

use super::daemon::{ALL, API, API_FEED_AND_FRONT, FEED, FEED_AND_FRONT, FRONT};
use super::plan::{Rhythm, Spell, What};
use super::portal::Portal;

/// One portal, and what befalls it.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is, as `docs/testing.md` says it.
    pub name: &'static str,
    pub rhythm: Rhythm,
    pub discover: &'static str,
    /// Days of publishing before the world begins.
    pub history: i64,
    /// What befalls it from when to when, in hours after the beginning of the world.
    pub spells: Vec<(What, i64, i64)>,
    /// Any of these is a right name for it; of a benign change there is none.
    pub names: &'static [Kind],
    /// Visits that meet it, or hours that it lasts, until it is named at the latest.
    pub within: i64,
}

/// When most things begin: a Monday at 10.
pub const BEGINS: i64 = 10;
/// All the time, in hours.
const ALWAYS: (i64, i64) = (-24 * 1000, 24 * 1000);

impl Case {
    /// The portal of a case in a world that begins at `start`, a midnight, and lasts `days`.
    pub fn portal(&self, seed: u64, start: Timestamp, days: i64) -> Portal {
        let at = |hours: i64| start + SignedDuration::from_hours(hours);
        let spells = self.spells.iter();
        let spells =
            spells.map(|(what, from, until)| Spell { what: *what, from: at(*from), until: at(*until) });
        Portal::new(seed, self.rhythm, at(-24 * self.history), at(24 * days), spells.collect())
    }

    fn by(self, discover: &'static str) -> Self {
        Self { discover, ..self }
    }

    fn like(self, rhythm: Rhythm, history: i64) -> Self {
        Self { rhythm, history, ..self }
    }

    fn within(self, within: i64) -> Self {
        Self { within, ..self }
    }

    fn and(mut self, what: What, (from, until): (i64, i64)) -> Self {
        self.spells.push((what, from, until));
        self
    }

    /// Its row in a table of `docs/testing.md`.
    pub fn row(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(|kind| kind.name()).collect();
        match (names.is_empty(), self.names == [Kind::Late]) {
            (true, _) => format!("| {} | nothing |", self.name),
            (false, true) => format!("| {} | `late` | {} hours |", self.name, self.within),
            (false, false) => format!("| {} | `{}` | {} |", self.name, names.join("` or `"), self.within),
        }
    }
}

/// What breaks a portal, and how it is to be named within so many visits.
// A table.
#[allow(clippy::too_many_lines)]
pub fn breakages() -> Vec<Case> {
    use Kind::{
        Blocked, FieldsLost, HeldAll, ListingBroken, ListingEmpty, ListingGone, Moved, RateLimited, Robots,
        ServerErrors, TemplateChanged, TextCollapsed, Unreachable,
    };
    // What holds up requests costs real time.
    let lasts = |what: What| if what.is_slow() { 7 } else { 48 };
    let of = |name, what, names| Case {
        name,
        rhythm: Rhythm::Daily(30),
        discover: FEED_AND_FRONT,
        history: 1,
        spells: vec![(what, BEGINS, BEGINS + lasts(what))],
        names,
        within: 2,
    };
    vec![
        of("status 500 for everything", What::Status(500), &[ServerErrors]),
        of("status 502 for everything", What::Status(502), &[ServerErrors]),
        of("status 503 for everything, followed by its front page alone", What::Status(503), &[ServerErrors])
            .by(FRONT),
        of("status 500 for everything, followed by its API alone", What::Status(500), &[ServerErrors])
            .by(API),
        of("status 403 for everything", What::Status(403), &[Blocked]),
        of("status 401 for everything", What::Status(401), &[Blocked]),
        of("status 429 for everything", What::Status(429), &[RateLimited]),
        of("status 404 for everything", What::Status(404), &[ListingGone]),
        of("status 500 for articles", What::ArticleStatus(500), &[ServerErrors]),
        of("status 403 for articles", What::ArticleStatus(403), &[Blocked]),
        of("connections reset", What::Reset, &[Unreachable]),
        of("requests never answered", What::Hang, &[Unreachable]),
        of("requests for articles never answered", What::ArticleHang, &[Unreachable]),
        of("articles that break off in the middle", What::Torn, &[Unreachable, ListingBroken]),
        of("broken compression", What::BrokenGzip, &[ListingBroken, Unreachable]),
        of("endless redirects", What::Loop, &[Moved]),
        of("a bot check with status 200", What::Challenge, &[Blocked]),
        of("the same bot check, followed by API, feed, sitemap and front page", What::Challenge, &[Blocked])
            .by(ALL),
        of("a bot check with status 403", What::Challenge403, &[Blocked]),
        of("a bot check before articles alone", What::ArticleChallenge, &[Blocked]),
        of("a notice of maintenance with status 200", What::Maintenance, &[ServerErrors]),
        of("the same notice, followed by its front page alone", What::Maintenance, &[ServerErrors]).by(FRONT),
        of("a notice of maintenance in the place of articles", What::ArticleMaintenance, &[HeldAll]),
        of("a login form in the place of articles", What::LoginWall, &[Blocked]),
        of("the front page in the place of articles", What::FrontForAll, &[TemplateChanged, HeldAll]),
        of(
            "the front page in the place of articles, followed by its front page alone",
            What::FrontForAll,
            &[TemplateChanged, HeldAll],
        )
        .by(FRONT)
        .within(3),
        of("one article in the place of all new ones", What::OneForAll, &[TemplateChanged]),
        of("articles filled by scripts", What::Shell, &[TemplateChanged]),
        of("articles filled by scripts, followed by its front page alone", What::Shell, &[TemplateChanged])
            .by(FRONT)
            .within(3),
        of("a front page that lists nothing", What::EmptyListing, &[ListingEmpty]).by(FRONT),
        of("a front page that lists one article of twenty", What::HardlyAny, &[ListingEmpty]).by(FRONT),
        of("the feed gone (404)", What::FeedGone, &[ListingGone]),
        of("a web page in the place of the feed", What::FeedIsPage, &[ListingBroken]),
        of("a feed that is none", What::FeedBroken, &[ListingBroken]),
        of("an empty feed, and no other listing", What::EmptyFeed, &[ListingEmpty]).by(FEED),
        of("the API closed (403), and no other listing", What::ApiClosed, &[Blocked]).by(API),
        of("robots.txt forbids everything", What::RobotsForbid, &[Robots]),
        of("everything leads to another host", What::Moved, &[Moved]),
        of("new articles without authors", What::NoAuthors, &[FieldsLost]),
        of("new articles without dates", What::NoDates, &[FieldsLost]),
        of("new articles without pictures", What::NoPictures, &[FieldsLost]),
        of("new articles cut to their first sentence", What::Teasers, &[TextCollapsed]),
        of("new articles not there (404)", What::DeadLinks, &[HeldAll]),
        of("new articles that are a film and no text", What::Films, &[FieldsLost, TextCollapsed]),
    ]
}

/// What changes at portals and is no trouble: nothing may be said of it.
// A table.
#[allow(clippy::too_many_lines)]
pub fn benign() -> Vec<Case> {
    let of = |name, what, (from, until)| Case {
        name,
        rhythm: Rhythm::Daily(5),
        discover: FEED_AND_FRONT,
        history: 4,
        spells: vec![(what, from, until)],
        names: &[],
        within: 0,
    };
    let from = (BEGINS + 24, ALWAYS.1);
    let once = |name, what| of(name, what, (BEGINS + 24, BEGINS + 28));
    // Nothing befalls it that any request meets.
    let plain = |name, rhythm, history| of(name, What::Slow, (-2, -1)).like(rhythm, history);
    vec![
        of("a new banner", What::Banner, from),
        of("another menu, with more entries", What::OtherMenu, from),
        of("another footer, counters, related links", What::Noise, from),
        of("a redesign that can be read", What::Redesign, from),
        of("a quiet weekend of a portal that publishes at weekends", What::Quiet, (24 * 5, 24 * 7)),
        of("one article in ten a short notice", What::FewNotices, from),
        of("every second article a short notice", What::ShortNotices, from),
        of("half of the articles without picture and author", What::HalfBare, from),
        plain("one article a month", Rhythm::Every(30), 365),
        plain("one article a week", Rhythm::Every(7), 120),
        plain("a portal of working days, with its nights and weekends", Rhythm::Office(4), 10),
        plain("a portal of weekends", Rhythm::Weekends(8), 28),
        plain("a portal of the night", Rhythm::Nightly(6), 6),
        plain("batches of ten at the stroke of the hour", Rhythm::Batches(10), 1),
        plain("a week of news in every four", Rhythm::Campaigns(5), 28 * 4 + 6),
        plain("the first week of a portal", Rhythm::Office(6), 3),
        plain("a portal that begins with a single article", Rhythm::Every(3), 1),
        once("one visit met by status 500", What::Status(500)),
        once("one visit met by status 403", What::Status(403)),
        once("one visit met by status 429", What::Status(429)),
        once("one visit met by a challenge", What::Challenge),
        once("one visit met by closed connections", What::Reset),
        once("one visit never answered", What::Hang),
        once("one visit met by a notice of maintenance", What::Maintenance),
        once("one visit at which the front page lists nothing", What::EmptyListing),
        once("one visit at which the feed is none", What::FeedBroken),
        of("offline for an hour of every night", What::NightlyWork, ALWAYS),
        of("one dead link in the lists", What::OneDeadLink, ALWAYS),
        of("two broken articles in the lists, for ever", What::TwoBroken, ALWAYS).like(Rhythm::Every(2), 30),
        of("sections listed like articles", What::ListedSections, ALWAYS),
        of("ten more sections, listed like articles", What::ListedSections, ALWAYS)
            .and(What::MoreSections, from),
        of(
            "ten more sections at a portal of an article in three days, followed by its front page alone",
            What::ListedSections,
            ALWAYS,
        )
        .and(What::MoreSections, from)
        .like(Rhythm::Every(3), 60)
        .by(FRONT),
        of("a feed of three articles", What::ShortFeed, ALWAYS),
        of("a feed of the last day's articles, empty on Sundays", What::DayFeed, ALWAYS)
            .like(Rhythm::Office(6), 5),
        of("a feed of the last day's articles as the only listing", What::DayFeed, ALWAYS)
            .like(Rhythm::Office(6), 5)
            .by(FEED),
        plain("a feed as the only listing", Rhythm::Daily(6), 4).by(FEED),
        plain("an API as the only listing", Rhythm::Daily(6), 4).by(API),
        of("tracking parameters in links", What::Tracking, from),
        of("robots.txt not to be had for a day", What::RobotsDown, (BEGINS + 24, BEGINS + 48)),
        of("old articles taken down", What::TakenDown, from),
        of("articles edited", What::Edited, from),
        of("the list turned round", What::Reordered, from),
        of("forty articles in an hour", What::Burst, (BEGINS + 24, BEGINS + 25)),
        of("forty short notices in an hour", What::Burst, (BEGINS + 24, BEGINS + 25))
            .and(What::Short, (BEGINS + 24, BEGINS + 25))
            .and(What::NoAuthors, (BEGINS + 24, BEGINS + 25)),
        of("the API closed while feed and front page work", What::ApiClosed, from).by(API_FEED_AND_FRONT),
        of("a front page of fifteen articles after twenty", What::FewerListed, from),
        of("slow answers", What::Slow, from),
        of("lists that lag three hours behind", What::Lag, from),
        of("articles at another address than listed", What::Readdressed, from),
        of("short articles from the beginning", What::Short, ALWAYS),
        of("no dates from the beginning", What::NoDates, ALWAYS),
        of("no authors and no pictures from the beginning", What::NoAuthors, ALWAYS)
            .and(What::NoPictures, ALWAYS),
        of("two films in a row at a slow portal", What::Films, (24 * 2, 24 * 6)).like(Rhythm::Every(2), 60),
    ]
}

/// Portals that stand still, and that they are called late after so many hours at the latest; and the same that work.
pub fn frozen() -> Vec<Case> {
    // Standing still begins on a Tuesday at noon.
    let begins = 24 + 12;
    let of = |name, rhythm, history, within| Case {
        name,
        rhythm,
        discover: FEED_AND_FRONT,
        history,
        spells: vec![(What::Frozen, begins, ALWAYS.1)],
        names: &[Kind::Late],
        within,
    };
    let works = |name, rhythm, history| {
        let spells = vec![(What::Slow, -2, -1)];
        Case { spells, names: &[], ..of(name, rhythm, history, 0) }
    };
    vec![
        of("thirty articles a day", Rhythm::Daily(30), 4, 24 * 3),
        of("six articles a day", Rhythm::Daily(6), 21, 24 * 4),
        of("an article a day", Rhythm::Every(1), 60, 24 * 7),
        of("four articles on working days", Rhythm::Office(4), 28, 24 * 6),
        of("five articles at the stroke of the hour", Rhythm::Batches(5), 7, 24 * 3),
        of("six articles a night", Rhythm::Nightly(6), 14, 24 * 4),
        of("eight articles at weekends", Rhythm::Weekends(8), 42, 24 * 21),
        of("an article a week", Rhythm::Every(7), 200, 24 * 40),
        of("a portal in its first week", Rhythm::Daily(6), 4, 24 * 6),
        works("at work: an article a day", Rhythm::Every(1), 60),
        works("at work: four articles on working days", Rhythm::Office(4), 10),
        works("at work: eight articles at weekends", Rhythm::Weekends(3), 28),
        works("at work: an article a week", Rhythm::Every(7), 120),
        works("at work: an article a month", Rhythm::Every(30), 365),
        works("at work: a week of news in every four", Rhythm::Campaigns(3), 28 * 4 + 6),
        works("at work: a portal in its first week", Rhythm::Daily(2), 1),
    ]
}

/// Portals over the turn of the year and the lunar new year of 2025, which falls 44 days after the beginning of their world.
pub fn holidays() -> Vec<Case> {
    let new_year = (24 * 9, 24 * 18);
    let tet = (24 * 40, 24 * 52);
    let of = |name, rhythm, history, spells: &[(i64, i64)]| Case {
        name,
        rhythm,
        discover: FEED_AND_FRONT,
        history,
        spells: spells.iter().map(|(from, until)| (What::Quiet, *from, *until)).collect(),
        names: &[],
        within: 0,
    };
    vec![
        of("the turn of the year at a portal of working days", Rhythm::Office(2), 24, &[new_year]),
        of("the turn of the year at a daily portal", Rhythm::Daily(2), 24, &[new_year]),
        of("the days of Tết at a portal of working days", Rhythm::Office(2), 24, &[tet]),
        of("the days of Tết at a daily portal", Rhythm::Daily(2), 24, &[tet]),
        of("the days of Tết at a portal of an article a day", Rhythm::Every(1), 60, &[new_year, tet]),
        of("the days of Tết at a portal of an article a week", Rhythm::Every(7), 120, &[tet]),
        of("all holidays at work", Rhythm::Daily(2), 21, &[]),
    ]
}
