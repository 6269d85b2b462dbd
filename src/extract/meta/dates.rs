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

use super::collected::Collected;
use super::json_ld::Ld;
use super::visible_dates::{VisibleDate, near_title};
use super::vocabulary;
use crate::dates::{self, DateContext, Precision, ReadDate};
use crate::extract::{Context, text};
use crate::model::{Found, Origin, Page};

/// What the page says of its dates.
#[derive(Default)]
pub(super) struct Dates {
    pub published: Option<Found<Timestamp>>,
    pub updated: Option<Found<Timestamp>>,
    /// The innermost element that shows the publication date.
    pub place: Option<NodeId>,
}

pub(super) fn decide(
    document: &Html,
    collected: &Collected<'_>,
    ld: &Ld,
    anchor: Option<u32>,
    dating: &DateContext<'_>,
    page: &Page,
    context: &Context<'_>,
) -> Dates {
    let visible = near_title(collected, anchor, dating);
    let shown = visible.iter().find(|date| !date.updated);
    let innermost = |at: Timestamp| {
        let same = visible.iter().filter(|date| !date.updated && date.read.at == at);
        same.min_by_key(|date| date.length).map(|date| date.node)
    };
    let mut dates = Dates { place: shown.and_then(|shown| innermost(shown.read.at)), ..Dates::default() };
    let by_rule = by_rule(document, context, dating).map(|choice| (choice, SignedDuration::ZERO));
    let published = by_rule.or_else(|| {
        let mut claims = claims(collected, ld, dating);
        claims.extend(visible.iter().filter(|date| !date.updated).map(|date| (date.read, date.origin)));
        claims.extend(of_url(page, dating).map(|read| (read, Origin::Url)));
        settle(&claims, shown, dating)
    });
    // A page that names its last change alone was published no later.
    let published = published.or_else(|| {
        let changed = visible.iter().find(|date| date.updated)?;
        dates.place = dates.place.or(Some(changed.node));
        Some(((changed.read, changed.origin), SignedDuration::ZERO))
    });
    if let Some(((read, origin), shift)) = published {
        dates.published = Some(Found::new(read.at, origin));
        dates.updated =
            updated(collected, ld, &visible, shift, dating).filter(|updated| updated.value > read.at);
    }
    dates
}

/// Chooses among claims, best origin first, and corrects the choice by what people see. The second value is how far
/// the metadata's clock was found to be off.
fn settle(
    claims: &[(ReadDate, Origin)],
    shown: Option<&VisibleDate>,
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
            .find_map(|value| dates::read(value, dating))
            .or_else(|| dates::find_in(&text::visible_within(element, 400), dating).map(|(read, _)| read))?;
        Some((read, Origin::Rule))
    })
}

/// What metadata claims, best origin first.
fn claims(collected: &Collected<'_>, ld: &Ld, dating: &DateContext<'_>) -> Vec<(ReadDate, Origin)> {
    let mut claims = Vec::new();
    let mut claim = |value: &str, origin: Origin| {
        if let Some(read) = dates::read(value, dating) {
            claims.push((read, origin));
        }
    };
    if let Some(published) = &ld.article.published {
        claim(published, Origin::JsonLd);
    }
    for (name, content) in collected.metas(vocabulary::PUBLISHED) {
        claim(content, vocabulary::origin_of(name));
    }
    for spot in collected
        .properties(&["datePublished", "dateCreated", "created", "issued"])
        .filter(|spot| !spot.chrome)
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
    collected: &Collected<'_>,
    ld: &Ld,
    visible: &[VisibleDate],
    shift: SignedDuration,
    dating: &DateContext<'_>,
) -> Option<Found<Timestamp>> {
    let of_ld = ld.article.modified.as_deref().map(|value| (value.to_owned(), Origin::JsonLd));
    let metas = collected
        .metas(vocabulary::UPDATED)
        .map(|(name, content)| (content.to_owned(), vocabulary::origin_of(name)));
    let properties = collected
        .properties(&["dateModified", "modified"])
        .filter(|spot| !spot.chrome)
        .map(|spot| (stamped(spot.element), Origin::Microdata));
    let told = of_ld.into_iter().chain(metas).chain(properties).find_map(|(value, origin)| {
        let at = dates::read(&value, dating)?.at.checked_add(shift).ok()?;
        Some(Found::new(at, origin))
    });
    told.or_else(|| {
        visible.iter().find(|date| date.updated).map(|date| Found::new(date.read.at, date.origin))
    })
}

/// `/2024/07/03/` in the path.
fn of_url(page: &Page, dating: &DateContext<'_>) -> Option<ReadDate> {
    let parts: Vec<&str> = page.url.path().split(['/', '-', '_']).collect();
    parts.windows(3).find_map(|window| {
        let [year, month, day] = window else { return None };
        let shaped = year.len() == 4 && month.len() == 2 && day.len() == 2;
        if shaped { dates::read(&format!("{year}-{month}-{day}"), dating) } else { None }
    })
}
