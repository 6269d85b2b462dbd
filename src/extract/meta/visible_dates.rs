//! Dates that people see near the title.

use ego_tree::NodeId;
use jiff::Timestamp;
use scraper::ElementRef;

use super::collected::{Collected, Spot};
use super::vocabulary::{self, ElementRole};
use crate::dates::{self, DateContext, Precision, ReadDate};
use crate::extract::text;
use crate::model::Origin;

/// A date that was seen in the page's text.
pub(super) struct VisibleDate {
    pub read: ReadDate,
    pub node: NodeId,
    pub updated: bool,
    pub origin: Origin,
    /// Bytes in the element's line, and of the date alone.
    pub length: usize,
    pub span: usize,
}

/// How far before and after the title, in nodes, its date may stand.
const MAX_NODES_BEFORE: u32 = 24;
const MAX_NODES_AFTER: u32 = 120;

/// As [`MAX_NODES_AFTER`], for dates in lists and links, which are mostly those of other articles.
const MAX_NODES_AFTER_LISTED: u32 = 40;

/// Dates that people see near the title: those outside lists first, and of these the ones with a clock time.
pub(super) fn near_title(
    collected: &Collected<'_>,
    anchor: Option<u32>,
    dating: &DateContext<'_>,
) -> Vec<VisibleDate> {
    // The lead may stand above the date, the text never does: the second paragraph ends the search.
    let text_from =
        |from: u32| collected.paragraphs.iter().copied().filter(|at| *at > from).nth(1).unwrap_or(u32::MAX);
    let until = match anchor {
        Some(anchor) => text_from(anchor).min(anchor + MAX_NODES_AFTER),
        None => text_from(0),
    };
    let near = |spot: &Spot<'_>| {
        let last = if spot.listed {
            anchor.map_or(0, |anchor| anchor + MAX_NODES_AFTER_LISTED).min(until)
        } else {
            until
        };
        !spot.chrome && spot.at <= last && anchor.is_none_or(|anchor| spot.at + MAX_NODES_BEFORE >= anchor)
    };
    let times = collected.times.iter().map(|spot| (spot, Origin::TimeElement, MAX_LINE_BYTES));
    let hinted = collected.hinted.iter().filter(|(role, _)| *role == ElementRole::Date);
    let hinted = hinted.map(|(_, spot)| (spot, Origin::Visible, MAX_LINE_BYTES));
    let plain = collected.dated.iter().map(|spot| (spot, Origin::Visible, MAX_BYTES_BESIDE));
    let spots = times.chain(hinted).chain(plain).filter(|(spot, ..)| near(spot)).take(60);
    let mut seen: Vec<(bool, VisibleDate)> = spots
        .flat_map(|(spot, origin, besides)| {
            read_spot(spot, origin, besides, dating).into_iter().map(move |seen| (spot, seen))
        })
        .filter(|(spot, seen)| !is_today_at_top(spot, seen, anchor, dating) && !is_of_another(spot, seen))
        .map(|(spot, seen)| (spot.listed, seen))
        .collect();
    seen.sort_by_key(|(listed, seen)| (*listed, std::cmp::Reverse(seen.read.precision)));
    seen.into_iter().map(|(_, seen)| seen).collect()
}

/// Portals show today's date on top of every page; before the title it says nothing of the article.
fn is_today_at_top(
    spot: &Spot<'_>,
    seen: &VisibleDate,
    anchor: Option<u32>,
    dating: &DateContext<'_>,
) -> bool {
    let day = |at: Timestamp| dating.zone.to_datetime(at).date();
    let on_top = anchor.is_none_or(|anchor| spot.at < anchor);
    on_top && seen.read.precision != Precision::Exact && day(seen.read.at) == day(dating.fetched)
}

/// A date in a list item that links elsewhere, or in a list item, link or caption that has more words, is another
/// article's or the picture's.
fn is_of_another(spot: &Spot<'_>, seen: &VisibleDate) -> bool {
    if !spot.listed {
        return false;
    }
    let holder = spot
        .element
        .ancestors()
        .filter_map(ElementRef::wrap)
        .chain([spot.element])
        .find(|element| matches!(element.value().name(), "li" | "a" | "figcaption" | "option"));
    let most = if seen.read.has_time() { MAX_BYTES_BESIDE } else { MAX_BYTES_BESIDE_DAY };
    holder.is_some_and(|holder| {
        let linked = holder.value().name() == "li"
            && holder.descendent_elements().any(|inner| {
                let around = || inner.descendants().any(|node| node.id() == seen.node);
                inner.value().name() == "a"
                    && !around()
                    && !text::visible_within(inner, MAX_LINE_BYTES).is_empty()
            });
        linked || text::visible_within(holder, 2 * MAX_LINE_BYTES).len() > seen.span + most
    })
}

/// A line with a date is no longer than this, in bytes.
const MAX_LINE_BYTES: usize = 200;

/// What may stand beside a date in a line whose class says nothing of it, in bytes: with a clock time in the date, and
/// without. More is a sentence or a caption.
const MAX_BYTES_BESIDE: usize = 60;
const MAX_BYTES_BESIDE_DAY: usize = 24;

/// The dates of a line, at most the published and the updated one: each is what the words before it say.
fn read_spot(spot: &Spot<'_>, origin: Origin, besides: usize, dating: &DateContext<'_>) -> Vec<VisibleDate> {
    let line = text::visible_within(spot.element, MAX_LINE_BYTES);
    if line.len() > MAX_LINE_BYTES {
        return Vec::new();
    }
    let class = spot.element.attr("class").unwrap_or_default().to_ascii_lowercase();
    let changed = class.contains("updated") && !class.contains("published") || class.contains("modified");
    let node = spot.element.id();
    if let Some(read) = spot.element.attr("datetime").and_then(|value| dates::read(value, dating)) {
        return vec![VisibleDate {
            read,
            node,
            updated: changed || says_updated(&line),
            origin,
            length: line.len(),
            span: line.len(),
        }];
    }
    let all = dates::find_all(&line, dating);
    let dates: usize = all.iter().map(|(_, place)| place.len()).sum();
    let timed = all.iter().any(|(read, _)| read.has_time());
    let rest = line.len() - dates;
    let sentence = line.ends_with(['.', '!', '?', ';']) && rest > MAX_BYTES_BESIDE_DAY;
    let plain = besides < MAX_LINE_BYTES;
    if rest > besides || (plain && (sentence || (!timed && rest > MAX_BYTES_BESIDE_DAY))) {
        return Vec::new();
    }
    let mut before = 0;
    let mut seen = Vec::new();
    for (read, place) in all.into_iter().take(3) {
        let updated = changed || says_updated(&line[before..place.start]);
        let span = place.len();
        before = place.end;
        seen.push(VisibleDate { read, node, updated, origin, length: line.len(), span });
    }
    seen
}

fn says_updated(label: &str) -> bool {
    if label.is_empty() {
        return false;
    }
    let label = text::strip_diacritics(label);
    vocabulary::UPDATED_WORDS.iter().any(|word| label.contains(word))
}
