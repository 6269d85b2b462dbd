//! Published and updated: what machines are told, what people see, and which of them is right.
//!
//! Rules, in this order: a selector of the source file; JSON-LD; OpenGraph; other meta tags; microdata; `<time>`;
//! visible text by the title; the URL. Two corrections: a moment that only gives the day yields to one that gives the
//! time of the same day, and where metadata and the visible line differ by exactly the zone's offset (a CMS that takes
//! its local time for UTC, or the other way round) the visible local time is right.

use ego_tree::NodeId;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil};
use scraper::{ElementRef, Html};

use super::harvest::{Harvest, Spot};
use super::hints::{self, Hint};
use super::json_ld::Ld;
use crate::article::{Found, Origin, Page};
use crate::extract::date::{self, DateContext, Precision, ReadDate};
use crate::extract::{Context, text};

/// What the page says of its dates.
#[derive(Default)]
pub(super) struct Dates {
    pub published: Option<Found<Timestamp>>,
    pub has_time: bool,
    pub updated: Option<Found<Timestamp>>,
    /// The innermost element that shows the publication date.
    pub place: Option<NodeId>,
}

/// A date that was seen in the page's text.
struct Seen {
    read: ReadDate,
    node: NodeId,
    updated: bool,
    origin: Origin,
    /// Bytes in the element's line.
    length: usize,
}

/// Decides both dates.
pub(super) fn decide(
    document: &Html,
    harvest: &Harvest<'_>,
    ld: &Ld,
    anchor: Option<u32>,
    dating: &DateContext<'_>,
    page: &Page,
    context: &Context<'_>,
) -> Dates {
    let seen = seen(harvest, anchor, dating);
    let shown = seen.iter().find(|seen| !seen.updated);
    let innermost = |at: Timestamp| {
        let same = seen.iter().filter(|seen| !seen.updated && seen.read.at == at);
        same.min_by_key(|seen| seen.length).map(|seen| seen.node)
    };
    let mut dates = Dates { place: shown.and_then(|shown| innermost(shown.read.at)), ..Dates::default() };
    let by_rule = by_rule(document, context, dating).map(|choice| (choice, SignedDuration::ZERO));
    let published = by_rule.or_else(|| {
        let mut claims = claims(harvest, ld, dating);
        claims.extend(seen.iter().filter(|seen| !seen.updated).map(|seen| (seen.read, seen.origin)));
        claims.extend(of_url(page, dating).map(|read| (read, Origin::Url)));
        settle(&claims, shown, dating)
    });
    // A page that names its last change alone was published no later.
    let published = published.or_else(|| {
        let changed = seen.iter().find(|seen| seen.updated)?;
        Some(((changed.read, changed.origin), SignedDuration::ZERO))
    });
    if let Some(((read, origin), shift)) = published {
        dates.has_time = read.has_time();
        dates.published = Some(Found::new(read.at, origin));
        dates.updated = updated(harvest, ld, &seen, shift, dating).filter(|updated| updated.value > read.at);
    }
    dates
}

/// Chooses among claims, best origin first, and corrects the choice by what people see. The second value is how far
/// the metadata's clock was found to be off.
fn settle(
    claims: &[(ReadDate, Origin)],
    shown: Option<&Seen>,
    dating: &DateContext<'_>,
) -> Option<((ReadDate, Origin), SignedDuration)> {
    let mut best = claims.first().copied()?;
    if let Some(day) = mere_day(&best.0, dating) {
        let same_day = |read: &ReadDate| dating.zone.to_datetime(read.at).date() == day;
        let timed = claims
            .iter()
            .find(|(read, _)| read.has_time() && mere_day(read, dating).is_none() && same_day(read));
        best = timed.copied().unwrap_or(best);
    }
    if let Some(shown) = shown
        && shown.read.has_time()
        && !shown.read.had_zone
        && best.0.has_time()
        && differ_by_zone(best.0.at, shown.read.at, dating)
    {
        let shift = shown.read.at.duration_since(best.0.at);
        return Some(((shown.read, shown.origin), shift));
    }
    Some((best, SignedDuration::ZERO))
}

/// The day, if a date names no more than that, or a midnight that stands for it: in the source's zone or in UTC, as
/// machines that know the day alone write it.
fn mere_day(read: &ReadDate, dating: &DateContext<'_>) -> Option<civil::Date> {
    let local = dating.zone.to_datetime(read.at);
    if read.precision == Precision::Day || local.time() == civil::Time::midnight() {
        return Some(local.date());
    }
    let utc = TimeZone::UTC.to_datetime(read.at);
    (read.had_zone && utc.time() == civil::Time::midnight()).then(|| utc.date())
}

/// Whether two moments differ by exactly the zone's offset, to the minute that the visible line gives.
fn differ_by_zone(told: Timestamp, shown: Timestamp, dating: &DateContext<'_>) -> bool {
    let offset = i64::from(dating.zone.to_offset(shown).seconds());
    let apart = told.as_second() - shown.as_second();
    let close = |apart: i64| (0..60).contains(&apart);
    offset != 0 && (close(apart - offset) || close(apart + offset))
}

fn by_rule(document: &Html, context: &Context<'_>, dating: &DateContext<'_>) -> Option<(ReadDate, Origin)> {
    let rule = context.rules.published.as_ref()?;
    document.select(&rule.selector).find_map(|element| {
        let read = ["datetime", "content"]
            .iter()
            .filter_map(|name| element.attr(name))
            .find_map(|value| date::read(value, dating))
            .or_else(|| date::find_in(&text::visible_within(element, 400), dating).map(|(read, _)| read))?;
        Some((read, Origin::Rule))
    })
}

/// What metadata claims, best origin first.
fn claims(harvest: &Harvest<'_>, ld: &Ld, dating: &DateContext<'_>) -> Vec<(ReadDate, Origin)> {
    let mut claims = Vec::new();
    let mut claim = |value: &str, origin: Origin| {
        if let Some(read) = date::read(value, dating) {
            claims.push((read, origin));
        }
    };
    if let Some(published) = &ld.article.published {
        claim(published, Origin::JsonLd);
    }
    for (name, content) in harvest.metas(hints::PUBLISHED) {
        claim(content, origin_of(name));
    }
    for spot in
        harvest.properties(&["datePublished", "dateCreated", "created", "issued"]).filter(|spot| !spot.chrome)
    {
        claim(&stamped(spot.element), Origin::Microdata);
    }
    claims
}

/// The machine's value of an element, else its text.
fn stamped(element: ElementRef<'_>) -> String {
    ["datetime", "content"]
        .iter()
        .find_map(|name| element.attr(name))
        .map_or_else(|| text::visible_within(element, 200), str::to_owned)
}

/// The time of the last change; what metadata says is put right by as much as its publication time was.
fn updated(
    harvest: &Harvest<'_>,
    ld: &Ld,
    seen: &[Seen],
    shift: SignedDuration,
    dating: &DateContext<'_>,
) -> Option<Found<Timestamp>> {
    let of_ld = ld.article.modified.as_deref().map(|value| (value.to_owned(), Origin::JsonLd));
    let metas = harvest.metas(hints::UPDATED).map(|(name, content)| (content.to_owned(), origin_of(name)));
    let properties = harvest
        .properties(&["dateModified", "modified"])
        .filter(|spot| !spot.chrome)
        .map(|spot| (stamped(spot.element), Origin::Microdata));
    let told = of_ld.into_iter().chain(metas).chain(properties).find_map(|(value, origin)| {
        let at = date::read(&value, dating)?.at.checked_add(shift).ok()?;
        Some(Found::new(at, origin))
    });
    told.or_else(|| seen.iter().find(|seen| seen.updated).map(|seen| Found::new(seen.read.at, seen.origin)))
}

/// OpenGraph's own names and those of its `article` vocabulary; the rest are plain meta tags.
fn origin_of(name: &str) -> Origin {
    if name.starts_with("og:") || name.starts_with("article:") { Origin::OpenGraph } else { Origin::MetaTag }
}

/// `/2024/07/03/` in the path.
fn of_url(page: &Page, dating: &DateContext<'_>) -> Option<ReadDate> {
    let parts: Vec<&str> = page.url.path().split(['/', '-', '_']).collect();
    parts.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        let shaped = year.len() == 4 && month.len() == 2 && day.len() == 2;
        if shaped { date::read(&format!("{year}-{month}-{day}"), dating) } else { None }
    })
}

/// How far before and after the title, in nodes, its date may stand.
const BEFORE: u32 = 24;
const AFTER: u32 = 120;

/// As [`AFTER`], for dates in lists and links, which are mostly those of other articles.
const AFTER_LISTED: u32 = 40;

/// Dates that people see near the title: those outside lists first, and of these the ones with a clock time.
fn seen(harvest: &Harvest<'_>, anchor: Option<u32>, dating: &DateContext<'_>) -> Vec<Seen> {
    // The lead may stand above the date, the text never does: the second paragraph ends the search.
    let text_from =
        |from: u32| harvest.paragraphs.iter().copied().filter(|at| *at > from).nth(1).unwrap_or(u32::MAX);
    let until = match anchor {
        Some(anchor) => text_from(anchor).min(anchor + AFTER),
        None => text_from(0),
    };
    let near = |spot: &Spot<'_>| {
        let last =
            if spot.listed { anchor.map_or(0, |anchor| anchor + AFTER_LISTED).min(until) } else { until };
        !spot.chrome && spot.at <= last && anchor.is_none_or(|anchor| spot.at + BEFORE >= anchor)
    };
    let times = harvest.times.iter().filter(|spot| near(spot)).map(|spot| (spot, Origin::TimeElement, LINE));
    let hinted = harvest.hinted.iter().filter(|(hint, spot)| *hint == Hint::Date && near(spot));
    let hinted = hinted.map(|(_, spot)| (spot, Origin::Visible, LINE));
    let plain = harvest.dated.iter().filter(|spot| near(spot)).map(|spot| (spot, Origin::Visible, BESIDES));
    let spots = times.chain(hinted).chain(plain).take(60);
    let mut seen: Vec<(bool, Seen)> = spots
        .flat_map(|(spot, origin, besides)| {
            read_spot(spot, origin, besides, dating).into_iter().map(move |seen| (spot, seen))
        })
        .filter(|(spot, seen)| !is_today_at_top(spot, seen, anchor, dating))
        .map(|(spot, seen)| (spot.listed, seen))
        .collect();
    seen.sort_by_key(|(listed, seen)| (*listed, std::cmp::Reverse(seen.read.precision)));
    seen.into_iter().map(|(_, seen)| seen).collect()
}

/// Portals show the day above everything, whatever the article: today's date before the title says nothing.
fn is_today_at_top(spot: &Spot<'_>, seen: &Seen, anchor: Option<u32>, dating: &DateContext<'_>) -> bool {
    let day = |at: Timestamp| dating.zone.to_datetime(at).date();
    let on_top = anchor.is_none_or(|anchor| spot.at < anchor);
    on_top && seen.read.precision != Precision::Exact && day(seen.read.at) == day(dating.fetched)
}

/// A line with a date is no longer than this, in bytes.
const LINE: usize = 200;

/// What may stand beside a date in a line whose class says nothing of it, in bytes: with a clock time in the date, and
/// without. More is a sentence or a caption.
const BESIDES: usize = 60;
const BESIDES_DAY: usize = 24;

/// The dates of a line, at most the published and the updated one: each is what the words before it say.
fn read_spot(spot: &Spot<'_>, origin: Origin, besides: usize, dating: &DateContext<'_>) -> Vec<Seen> {
    let line = text::visible_within(spot.element, LINE);
    if line.len() > LINE {
        return Vec::new();
    }
    let class = spot.element.attr("class").unwrap_or_default().to_ascii_lowercase();
    let changed = class.contains("updated") && !class.contains("published") || class.contains("modified");
    let node = spot.element.id();
    if let Some(read) = spot.element.attr("datetime").and_then(|value| date::read(value, dating)) {
        return vec![Seen {
            read,
            node,
            updated: changed || says_updated(&line),
            origin,
            length: line.len(),
        }];
    }
    let all = date::find_all(&line, dating);
    let dates: usize = all.iter().map(|(_, place)| place.len()).sum();
    let timed = all.iter().any(|(read, _)| read.has_time());
    let rest = line.len() - dates;
    let sentence = line.ends_with(['.', '!', '?', ';']) && rest > BESIDES_DAY;
    let plain = besides < LINE;
    if rest > besides || (plain && (sentence || (!timed && rest > BESIDES_DAY))) {
        return Vec::new();
    }
    let mut before = 0;
    let mut seen = Vec::new();
    for (read, place) in all.into_iter().take(3) {
        let updated = changed || says_updated(&line[before..place.start]);
        before = place.end;
        seen.push(Seen { read, node, updated, origin, length: line.len() });
    }
    seen
}

fn says_updated(label: &str) -> bool {
    let label = text::bare(label);
    hints::UPDATED_WORDS.iter().any(|word| label.contains(word))
}
