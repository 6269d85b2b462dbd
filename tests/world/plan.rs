//! What a portal publishes when, and what befalls it from when to when.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::text::{chance, title};

/// What befalls a portal for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    // --- breakage
    /// This status for everything.
    Status(u16),
    /// This status for article pages alone.
    ArticleStatus(u16),
    /// Every connection is closed without an answer.
    Reset,
    /// A bot check with status 200 for everything.
    Challenge,
    /// The same for article pages alone.
    ArticleChallenge,
    /// A notice of maintenance with status 200 for everything.
    Maintenance,
    /// The same for article pages alone.
    ArticleMaintenance,
    /// A login form in the place of articles.
    LoginWall,
    /// The front page lists nothing.
    EmptyListing,
    /// The feed is gone.
    FeedGone,
    /// A web page in the place of the feed.
    FeedIsPage,
    /// What is no feed in the place of the feed.
    FeedBroken,
    /// robots.txt forbids everything.
    RobotsForbid,
    /// Everything leads to another host.
    Moved,
    /// Article pages are filled by scripts.
    Shell,
    /// New articles lack their authors.
    NoAuthors,
    /// New articles lack their dates, in the lists too.
    NoDates,
    /// New articles lack their pictures.
    NoPictures,
    /// New articles hold their first sentence alone.
    Teasers,
    /// Lists show what they showed when this began, though the portal publishes.
    Frozen,
    /// New articles are not there (404), though they are listed.
    DeadLinks,
    /// Requests are taken and never answered.
    Hang,
    /// Requests for articles alone are.
    ArticleHang,
    /// Every article's address gives the front page.
    FrontForAll,
    /// Every new article's address gives the text of the same other article.
    OneForAll,
    /// Article pages break off in the middle.
    Torn,
    /// Everything is said to be compressed and is not.
    BrokenGzip,
    /// Every address leads to another one of the portal, without end.
    Loop,
    /// A bot check with status 403 for everything.
    Challenge403,
    /// The front page shows its menu and one old article.
    HardlyAny,
    /// The feed holds no item.
    EmptyFeed,
    // --- legitimate
    /// A banner above every article.
    Banner,
    /// Another menu with more entries.
    OtherMenu,
    /// Another footer, related links, counters that change with each request.
    Noise,
    /// Another layout that can be read.
    Redesign,
    /// Every second article is a short notice without picture and author.
    ShortNotices,
    /// One listed address is not there.
    OneDeadLink,
    /// Listed addresses that are sections and no articles.
    ListedSections,
    /// The feed holds three articles.
    ShortFeed,
    /// Links carry tracking parameters.
    Tracking,
    /// robots.txt cannot be had.
    RobotsDown,
    /// Old articles are taken down.
    TakenDown,
    /// Old articles are edited.
    Edited,
    /// The list is turned round.
    Reordered,
    /// Nothing is published though the plan says so: a quiet weekend, a holiday.
    Quiet,
    /// One article in ten is a short notice without picture and author.
    FewNotices,
    /// Every second article has neither picture nor author.
    HalfBare,
    /// Forty articles come out in the first hour of it.
    Burst,
    /// The API is closed (403).
    ApiClosed,
    /// The front page lists fifteen articles and not twenty.
    FewerListed,
    /// Every answer takes a moment.
    Slow,
    /// The feed holds the articles of the last day alone.
    DayFeed,
    /// The portal cannot be reached from 2 to 3 at night.
    NightlyWork,
    /// Two old addresses in the lists answer with errors, for ever.
    TwoBroken,
    /// New articles are an embedded film and no text.
    Films,
    /// Lists lag three hours behind.
    Lag,
    /// Every new article is short.
    Short,
    /// Articles have another address, to which the listed one leads.
    Readdressed,
    /// Ten more sections, listed like articles.
    MoreSections,
}

impl What {
    /// Whether this holds up what is under way, so that a spell of it costs real time.
    pub fn is_slow(self) -> bool {
        matches!(self, Self::Hang | Self::ArticleHang | Self::Slow)
    }
}

/// What befalls a portal from when to when.
#[derive(Clone, Copy, Debug)]
pub struct Spell {
    pub what: What,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// An article as the portal has it.
#[derive(Clone, Debug)]
pub struct Article {
    pub n: u64,
    pub at: Timestamp,
    pub path: String,
    pub title: String,
}

/// How often a portal publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// So many times on working days, from 8 to 17.
    Office(u64),
    /// So many times every day, from 6 to 22.
    Daily(u64),
    /// Once in so many days, at 9.
    Every(u64),
    /// So many at the stroke of 8, 12 and 16, every day.
    Batches(u64),
    /// So many times on Saturdays and Sundays alone, from 8 to 17.
    Weekends(u64),
    /// So many times every day, from 1 to 4 at night.
    Nightly(u64),
    /// So many times a day from 8 to 17 in the first week of every four, and then not at all.
    Campaigns(u64),
}

/// The zone of every portal.
pub fn zone() -> TimeZone {
    TimeZone::get("Asia/Ho_Chi_Minh").expect("bundled")
}

impl Rhythm {
    /// When it publishes on a day, in seconds after midnight.
    fn times(self, seed: u64, day: u64, weekday: i8) -> Vec<i64> {
        let (count, first, last) = match self {
            Self::Office(count) => (if weekday < 5 { count } else { 0 }, 8, 17),
            Self::Weekends(count) => (if weekday < 5 { 0 } else { count }, 8, 17),
            Self::Daily(count) => (count, 6, 22),
            Self::Nightly(count) => (count, 1, 4),
            Self::Every(days) => (u64::from(day.is_multiple_of(days)), 9, 10),
            Self::Campaigns(count) => (if day % 28 < 7 { count } else { 0 }, 8, 17),
            Self::Batches(count) => {
                let batch = |hour: i64| std::iter::repeat_n(hour * 3600, count as usize);
                return [8, 12, 16].into_iter().flat_map(batch).collect();
            }
        };
        let span = (last - first) * 3600;
        let time = |k: u64| first * 3600 + (chance(seed, day * 1000 + k) % span as u64) as i64;
        let mut times: Vec<i64> = (0..count).map(time).collect();
        times.sort_unstable();
        times
    }
}

/// What a portal publishes from `from`, a midnight, until `until`.
pub fn articles(
    seed: u64,
    rhythm: Rhythm,
    from: Timestamp,
    until: Timestamp,
    spells: &[Spell],
) -> Vec<Article> {
    let zone = zone();
    let days = until.duration_since(from).as_hours() / 24 + 1;
    let mut times: Vec<Timestamp> = Vec::new();
    for day in 0..days {
        let midnight = from + SignedDuration::from_hours(24 * day);
        let weekday = zone.to_datetime(midnight).weekday().to_monday_zero_offset();
        let seconds = rhythm.times(seed, day as u64, weekday);
        times.extend(seconds.into_iter().map(|second| midnight + SignedDuration::from_secs(second)));
    }
    for burst in spells.iter().filter(|spell| spell.what == What::Burst) {
        times.extend((0..40).map(|n| burst.from + SignedDuration::from_secs(n * 90)));
    }
    times.sort_unstable();
    let is_quiet = |at: &Timestamp| {
        spells.iter().any(|spell| spell.what == What::Quiet && spell.from <= *at && *at < spell.until)
    };
    times.retain(|at| *at < until && !is_quiet(at));
    let article = |(n, at): (u64, Timestamp)| Article {
        n,
        at,
        path: format!("/tin-{seed}-{n}.html"),
        title: title(seed, n),
    };
    (1..).zip(times).map(article).collect()
}
