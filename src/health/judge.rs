//! What a record says: findings, with damping.

use jiff::Timestamp;

use super::finding::{Finding, Kind};
use super::record::{Listing, Pages, Record};
use super::run::{FIELDS, collapsed, lost};
use super::silence::Rhythm;
use super::visit::Failure;
use crate::article::{Cause, NotArticle};

/// What is seen at so many visits in a row is no accident.
const CONFIRMED: u32 = 2;
/// So many dead links in a row are no accident.
const MANY_PAGES: u32 = 3;
/// A listing that usually names so few articles may rightly name none.
const FEW_NAMED: f32 = 3.0;

/// Everything that is wrong, gravest first, at most one of a kind.
pub(super) fn findings(record: &Record, at: Timestamp, rhythm: Rhythm<'_>) -> Vec<Finding> {
    let is_total = record.failed_visits >= CONFIRMED;
    let mut found: Vec<Finding> = Vec::new();
    for (url, listing) in &record.listings {
        found.extend(of_listing(url, listing, at).map(|finding| Finding { is_total, ..finding }));
    }
    if is_total {
        // Where nothing can be read, one cause is behind what each of the listings shows.
        let gravest = found.iter().map(|finding| finding.kind).min();
        found.retain(|finding| Some(finding.kind) == gravest);
    }
    for (unread, is_new) in [(&record.new, true), (&record.known, false)] {
        found.extend(unread.failed.as_ref().and_then(|pages| of_failed(pages, is_new, at)));
        found.extend(unread.held.as_ref().and_then(|pages| of_held(pages, is_new, at)));
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

fn of_listing(url: &str, listing: &Listing, at: Timestamp) -> Option<Finding> {
    let usual = listing
        .typical
        .map_or_else(|| "articles".to_owned(), |typical| format!("about {typical:.0} articles"));
    if let Some(failing) = listing.failing.as_ref().filter(|streak| streak.count >= CONFIRMED) {
        let kind = Kind::of(failing.last.cause)?;
        return Some(finding(kind, failing.since, at, url, usual, failing.last.why.clone()));
    }
    if let Some(moved) = listing.moved.as_ref().filter(|streak| streak.count >= CONFIRMED) {
        let came = format!("it leads to {}", moved.last);
        return Some(finding(Kind::Moved, moved.since, at, url, usual, came));
    }
    let empty = listing.empty.as_ref().filter(|streak| streak.count >= CONFIRMED)?;
    // A page that never named an article is no listing, or filled by scripts; a feed may be empty from the beginning.
    let is_strange = listing.typical.map_or(listing.is_page, |typical| typical >= FEW_NAMED);
    let came = match empty.last {
        0 => "it names no article".to_owned(),
        named => format!("it names {named} alone"),
    };
    is_strange.then(|| finding(Kind::ListingEmpty, empty.since, at, url, usual, came))
}

/// Whether so many pages at so many visits are no accident.
fn is_confirmed<T>(pages: &Pages<T>, least: u32) -> bool {
    pages.visits >= CONFIRMED && pages.pages >= least
}

/// Article pages that cannot be fetched, one after the other. Two dead links are nothing unusual.
fn of_failed(pages: &Pages<Failure>, is_new: bool, at: Timestamp) -> Option<Finding> {
    let (kind, least) = match pages.why.cause {
        Cause::Missing => (Kind::HeldAll, MANY_PAGES),
        cause => (Kind::of(cause)?, CONFIRMED),
    };
    let which = if is_new { "new" } else { "known" };
    let came = format!("{}; the same of {} {which} pages in a row", pages.why.why, pages.pages);
    let told = finding(kind, pages.since, at, &pages.url, "an article".to_owned(), came);
    is_confirmed(pages, least).then_some(Finding { is_total: is_new, ..told })
}

fn of_held(pages: &Pages<NotArticle>, is_new: bool, at: Timestamp) -> Option<Finding> {
    let kind = match pages.why {
        NotArticle::Challenge | NotArticle::LoginWall => Kind::Blocked,
        NotArticle::ErrorPage | NotArticle::Stranger | NotArticle::Cut => Kind::HeldAll,
        NotArticle::Empty | NotArticle::Listing | NotArticle::Unreadable => Kind::TemplateChanged,
    };
    let which = if is_new { "new" } else { "known" };
    let came = format!("{}; the same of {} {which} pages in a row, all held back", pages.why, pages.pages);
    let told = finding(kind, pages.since, at, &pages.url, "an article".to_owned(), came);
    is_confirmed(pages, CONFIRMED).then_some(Finding { is_total: is_new, ..told })
}

fn of_shapes(record: &Record, at: Timestamp) -> Vec<Finding> {
    let shapes: Vec<_> = record.shapes.iter().copied().collect();
    let mut found = Vec::new();
    let mut missing = Vec::new();
    let mut usual = Vec::new();
    for (name, has) in FIELDS {
        if let Some((run, share)) = lost(&shapes, has) {
            missing.push(format!("the last {run} articles have no {name}"));
            usual.push(format!("{name} in {:.0} % of articles", share * 100.0));
        }
    }
    let without_place =
        |kind, expected, came| Finding { url: None, ..finding(kind, at, at, "", expected, came) };
    if !missing.is_empty() {
        found.push(without_place(Kind::FieldsLost, usual.join(", "), missing.join(", ")));
    }
    if let Some((run, longest, short)) = collapsed(&shapes) {
        let came = format!("the last {run} articles have at most {longest} characters");
        found.push(without_place(Kind::TextCollapsed, format!("{short} characters and more"), came));
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
