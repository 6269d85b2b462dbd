//! What a record says: findings, with damping.

use jiff::{SignedDuration, Timestamp};

use super::finding::{Finding, Kind};
use super::listing::{CONFIRMED, Listing, Streak};
use super::pages::{Pages, Unread};
use super::record::Record;
use super::run::{FIELDS, collapsed, lost, same_text};
use super::silence::Rhythm;
use crate::model::{Cause, NotArticle};

/// So many pages in a row that give nothing are remarkable at the least: two broken ones are nothing unusual.
const MANY_PAGES: u32 = 3;
/// Where pages often give nothing (articles for members, dead links), so many in a row must be less likely than this.
const CHANCE: f64 = 1e-4;
/// Pages that may be sections and no articles: a new menu brings several at once. So many, one after the other, in the
/// place of so many articles that should have come, are articles that cannot be read.
const MANY_DOUBTFUL: u32 = 5;
const ARTICLES_MISSED: f64 = 3.0;
/// A listing that usually names so few articles may rightly name none.
const FEW_NAMED: f32 = 3.0;
/// A feed that names as many articles each time, though news came, holds its newest, however old they are: at the least
/// this part of what is typical, while so many articles came out.
const STEADY: (f32, usize) = (0.9, 3);
/// A feed of the last day's articles is rightly empty after a day without any. It is strange once so many should have come.
const EXPECTED: f64 = 6.0;
/// … or after so long, where it is not known how many that are.
const EMPTY_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Everything that is wrong, gravest first, at most one of a kind.
pub(super) fn findings(record: &Record, at: Timestamp, rhythm: Rhythm<'_>) -> Vec<Finding> {
    // Where a listing answers, what is wrong with another one is no reason why no page can be read.
    let is_total = record.failed_visits >= CONFIRMED
        && record.listings.values().filter(|listing| listing.asked == at).all(Listing::is_in_trouble);
    let mut found: Vec<Finding> = Vec::new();
    for (url, listing) in &record.listings {
        found.extend(of_listing(url, listing, at, rhythm).map(|finding| Finding { is_total, ..finding }));
    }
    if is_total {
        // Where nothing can be read, one cause is behind what each of the listings shows.
        let gravest = found.iter().map(|finding| finding.kind).min();
        found.retain(|finding| Some(finding.kind) == gravest);
    }
    // Where nothing of the source answers, its pages fare no better.
    if !is_total || found.is_empty() {
        for (unread, is_new) in [(&record.new, true), (&record.known, false)] {
            found.extend(of_pages(unread, is_new, at, rhythm));
        }
    }
    let is_explained = !found.is_empty();
    found.extend(of_shapes(record, at));
    if !is_explained {
        found.extend(of_silence(record, at, rhythm));
    }
    // What speaks of the whole before what speaks of a part, and of each kind the first.
    found.sort_by_key(|finding| (finding.kind, !finding.is_total, finding.since));
    found.dedup_by_key(|finding| finding.kind);
    found
}

fn finding(
    kind: Kind,
    since: Timestamp,
    at: Timestamp,
    url: &str,
    expected: String,
    came: String,
) -> Finding {
    Finding { kind, since, seen: at, url: Some(url.to_owned()), expected, came, is_total: false }
}

fn of_listing(url: &str, listing: &Listing, at: Timestamp, rhythm: Rhythm<'_>) -> Option<Finding> {
    let usual = listing
        .typical
        .map_or_else(|| "articles".to_owned(), |typical| format!("about {typical:.0} articles"));
    if let Some(failing) = listing.failing.as_ref().filter(|failing| failing.is_confirmed()) {
        let kind = Kind::of(failing.last.cause)?;
        return Some(finding(kind, failing.since, at, url, usual, failing.last.why.clone()));
    }
    if let Some(moved) = confirmed(listing.moved.as_ref()) {
        let came = format!("it leads to {}", moved.last);
        return Some(finding(Kind::Moved, moved.since, at, url, usual, came));
    }
    let empty = confirmed(listing.empty.as_ref())?;
    let came = match empty.last {
        0 => "it names no article".to_owned(),
        named => format!("it names {named} alone"),
    };
    let told = finding(Kind::ListingEmpty, empty.since, at, url, usual, came);
    is_emptiness_strange(listing, empty.since, at, rhythm).then_some(told)
}

/// Whether something came at several visits.
fn confirmed<T>(streak: Option<&Streak<T>>) -> Option<&Streak<T>> {
    streak.filter(|streak| streak.count >= CONFIRMED)
}

/// Whether a listing that names nothing since `since` names too little. A page that never named an article is no listing,
/// or filled by scripts; a feed may be empty from the beginning, and one that holds what is new, now more, now less, may be
/// empty as long as nothing new is to be expected.
fn is_emptiness_strange(listing: &Listing, since: Timestamp, at: Timestamp, rhythm: Rhythm<'_>) -> bool {
    let Some(typical) = listing.typical else { return listing.is_page };
    let (share, news) = STEADY;
    let saw_news = || listing.first_named.is_some_and(|first| rhythm.came(first, since) >= news);
    let is_steady = || listing.least.is_some_and(|least| least >= share * typical) && saw_news();
    let is_overdue = || match rhythm.expected(since, at) {
        Some(expected) => expected >= EXPECTED,
        None => at.duration_since(since) >= EMPTY_FOR,
    };
    typical >= FEW_NAMED && (listing.is_page || is_steady() || is_overdue())
}

/// Article pages that give nothing, one after the other: not fetched, or held back.
fn of_pages(unread: &Unread, is_new: bool, at: Timestamp, rhythm: Rhythm<'_>) -> Vec<Finding> {
    let which = if is_new { "new" } else { "known" };
    let least = (1..).take(60).find(|n| unread.share_missed().powi(*n) < CHANCE).unwrap_or(i32::MAX);
    let least = u32::try_from(least).unwrap_or(MANY_PAGES).max(MANY_PAGES);
    let mut found = Vec::new();
    if let Some(pages) = many(unread.failed.as_ref(), least)
        && let Some(kind) = kind_of_failed(pages.why.cause)
    {
        let came = format!("{}; the same of {} {which} pages in a row", pages.why.why, pages.pages);
        found.push(finding(kind, pages.since, at, &pages.url, "an article".to_owned(), came));
    }
    let held = many(unread.held.as_ref(), least);
    let is_missed = |pages: &&Pages<_>| rhythm.expected(pages.since, at) >= Some(ARTICLES_MISSED);
    let doubtful = || many(unread.doubtful.as_ref(), MANY_DOUBTFUL).filter(is_missed);
    if let Some(pages) = held.or_else(doubtful) {
        let came =
            format!("{}; the same of {} {which} pages in a row, all held back", pages.why, pages.pages);
        let kind = kind_of_held(pages.why);
        found.push(finding(kind, pages.since, at, &pages.url, "an article".to_owned(), came));
    }
    found.into_iter().map(|finding| Finding { is_total: is_new, ..finding }).collect()
}

/// Whether so many pages gave nothing, at several visits.
fn many<T>(pages: Option<&Pages<T>>, least: u32) -> Option<&Pages<T>> {
    pages.filter(|pages| pages.pages >= least && pages.visits >= CONFIRMED)
}

/// A new page that is not there is the portal's answer about that page; several say that its links lead nowhere.
fn kind_of_failed(cause: Cause) -> Option<Kind> {
    if cause == Cause::Missing { Some(Kind::HeldAll) } else { Kind::of(cause) }
}

fn kind_of_held(why: NotArticle) -> Kind {
    match why {
        NotArticle::Challenge | NotArticle::LoginWall => Kind::Blocked,
        NotArticle::ErrorPage | NotArticle::Stranger | NotArticle::Cut => Kind::HeldAll,
        NotArticle::Empty | NotArticle::Listing | NotArticle::Unreadable => Kind::TemplateChanged,
    }
}

fn of_shapes(record: &Record, at: Timestamp) -> Vec<Finding> {
    let shapes: Vec<_> = record.shapes.iter().copied().collect();
    let mut found = Vec::new();
    let mut missing = Vec::new();
    let mut usual = Vec::new();
    let mut since = at;
    for (name, has) in FIELDS {
        if let Some(run) = lost(&shapes, has) {
            missing.push(format!("the last {} articles have no {name}", run.length));
            usual.push(format!("{name} in {:.0} % of articles", run.share * 100.0));
            since = since.min(run.since);
        }
    }
    let without_place =
        |kind, since, expected, came| Finding { url: None, ..finding(kind, since, at, "", expected, came) };
    if !missing.is_empty() {
        found.push(without_place(Kind::FieldsLost, since, usual.join(", "), missing.join(", ")));
    }
    if let Some(run) = same_text(&shapes) {
        let came = format!("the last {} new pages have the same text", run.length);
        let expected = "articles of their own".to_owned();
        found.push(without_place(Kind::TemplateChanged, run.since, expected, came));
    }
    if let Some((run, longest, short)) = collapsed(&shapes) {
        let came = format!("the last {} articles have at most {longest} characters", run.length);
        let expected = format!("{short} characters and more");
        found.push(without_place(Kind::TextCollapsed, run.since, expected, came));
    }
    found
}

fn of_silence(record: &Record, at: Timestamp, rhythm: Rhythm<'_>) -> Option<Finding> {
    let silence = rhythm.silence(record.heard, at)?;
    let hours = at.duration_since(silence.since).as_hours();
    let came = format!("no new article for {}", in_words(hours as f64));
    let expected = format!("at most {} between two, as it usually is", in_words(silence.usual_hours));
    let told = finding(Kind::Late, silence.since, at, "", expected, came);
    Some(Finding { url: None, ..told })
}

fn in_words(hours: f64) -> String {
    if hours < 48.0 { format!("{:.0} hours", hours.max(1.0)) } else { format!("{:.0} days", hours / 24.0) }
}
