//! What a record says: findings, with damping.

use jiff::Timestamp;

use super::finding::{Finding, Kind};
use super::record::{Held, Listing, Record};
use super::run::{FIELDS, collapsed, lost};
use super::silence::Rhythm;
use crate::article::{Cause, NotArticle};

/// What is seen at so many visits in a row is no accident.
const CONFIRMED: u32 = 2;
/// So many different pages in a row are no accident, be it at one visit.
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
    found.extend(of_pages(record, at).map(|finding| Finding { is_total, ..finding }));
    let held = [(&record.held_new, true), (&record.held_known, false)];
    found.extend(held.into_iter().filter_map(|(held, is_new)| of_held(held.as_ref()?, is_new, at)));
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

fn finding(kind: Kind, since: Timestamp, at: Timestamp, url: &str, expected: String, came: String) -> Finding {
    Finding { kind, since, seen: at, url: Some(url.to_owned()), expected, came, is_total: false }
}

fn of_listing(url: &str, listing: &Listing, at: Timestamp) -> Option<Finding> {
    let usual = listing.typical.map_or_else(|| "articles".to_owned(), |typical| format!("about {typical:.0} articles"));
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
    is_strange.then(|| {
        finding(Kind::ListingEmpty, empty.since, at, url, usual, "it names no article".to_owned())
    })
}

/// Article pages that cannot be fetched, one after the other, though the listings can.
fn of_pages(record: &Record, at: Timestamp) -> Option<Finding> {
    let pages = record.pages.as_ref()?;
    let (url, failure) = &pages.last;
    // Two dead links are nothing unusual.
    let few = pages.count >= CONFIRMED && pages.since < at && failure.cause != Cause::Missing;
    let is_confirmed = pages.count >= MANY_PAGES || few;
    let kind = match failure.cause {
        Cause::Missing => Some(Kind::HeldAll),
        cause => Kind::of(cause),
    };
    let kind = kind.filter(|_| is_confirmed)?;
    let came = format!("{}; the same of {} pages in a row", failure.why, pages.count);
    Some(finding(kind, pages.since, at, url, "an article".to_owned(), came))
}

fn of_held(held: &Held, is_new: bool, at: Timestamp) -> Option<Finding> {
    if held.pages < MANY_PAGES && (held.pages < CONFIRMED || held.visits < CONFIRMED) {
        return None;
    }
    let kind = match held.why {
        NotArticle::Challenge | NotArticle::LoginWall => Kind::Blocked,
        NotArticle::ErrorPage | NotArticle::Stranger | NotArticle::Cut => Kind::HeldAll,
        NotArticle::Empty | NotArticle::Listing | NotArticle::Unreadable => Kind::TemplateChanged,
    };
    let which = if is_new { "new" } else { "known" };
    let came = format!("{}; the same of {} {which} pages in a row, all held back", held.why, held.pages);
    let told = finding(kind, held.since, at, &held.url, "an article".to_owned(), came);
    Some(Finding { is_total: is_new, ..told })
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
