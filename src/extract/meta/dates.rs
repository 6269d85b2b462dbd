//! Published and updated: what machines are told, what people see, and which of them is right.
//!
//! Rules, in this order: a selector of the source file; JSON-LD; OpenGraph; other meta tags; microdata; `<time>`;
//! visible text by the title; the URL. Two corrections: a moment that only gives the day yields to one that gives the
//! time of the same day, and where metadata and the visible line differ by exactly the zone's offset (a CMS that takes
//! its local time for UTC, or the other way round) the visible local time is right.

use ego_tree::NodeId;
use jiff::Timestamp;
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
}

/// Decides both dates.
pub(super) fn decide(
    document: &Html,
    harvest: &Harvest<'_>,
    ld: &Ld,
    anchor: Option<u32>,
    language: Option<&str>,
    page: &Page,
    context: &Context<'_>,
) -> Dates {
    let dating = DateContext {
        zone: context.time_zone,
        fetched: page.fetched,
        language: language.unwrap_or(context.language),
        max_future: context.max_future,
    };
    let seen = seen(harvest, anchor, &dating);
    let shown = seen.iter().find(|seen| !seen.updated);
    let place = shown.map(|seen| seen.node);
    let updated = updated(harvest, ld, &seen, &dating);
    let mut dates = Dates { place, ..Dates::default() };
    let published = by_rule(document, context, &dating).or_else(|| {
        let mut claims = claims(harvest, ld, &dating);
        claims.extend(seen.iter().filter(|seen| !seen.updated).map(|seen| (seen.read, seen.origin)));
        claims.extend(of_url(page, &dating).map(|read| (read, Origin::Url)));
        settle(&claims, shown, &dating)
    });
    let published = published.or_else(|| {
        // A page that names its last change alone was published no later.
        seen.iter().find(|seen| seen.updated).map(|seen| (seen.read, seen.origin))
    });
    if let Some((read, origin)) = published {
        dates.has_time = read.has_time();
        dates.published = Some(Found::new(read.at, origin));
        dates.updated = updated.filter(|updated| updated.value > read.at);
    }
    dates
}

/// Chooses among claims, best origin first, and corrects the choice by what people see.
fn settle(
    claims: &[(ReadDate, Origin)],
    shown: Option<&Seen>,
    dating: &DateContext<'_>,
) -> Option<(ReadDate, Origin)> {
    let (mut best, mut origin) = claims.first().copied()?;
    let day = |read: &ReadDate| dating.zone.to_datetime(read.at).date();
    let is_midnight = dating.zone.to_datetime(best.at).time() == jiff::civil::Time::midnight();
    if best.precision == Precision::Day || is_midnight {
        let timed = claims.iter().find(|(read, _)| read.has_time() && day(read) == day(&best));
        if let Some((read, better)) = timed {
            (best, origin) = (*read, *better);
        }
    }
    if let Some(shown) = shown
        && shown.read.has_time()
        && !shown.read.had_zone
        && best.has_time()
        && differ_by_zone(best.at, shown.read.at, dating)
    {
        return Some((shown.read, shown.origin));
    }
    Some((best, origin))
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
        let graph = name.starts_with("og:") || name.starts_with("article:");
        claim(content, if graph { Origin::OpenGraph } else { Origin::MetaTag });
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

fn updated(
    harvest: &Harvest<'_>,
    ld: &Ld,
    seen: &[Seen],
    dating: &DateContext<'_>,
) -> Option<Found<Timestamp>> {
    let of_ld = ld.article.modified.as_deref().map(|value| (value.to_owned(), Origin::JsonLd));
    let metas = harvest.metas(hints::UPDATED).map(|(name, content)| {
        let graph = name.starts_with("og:") || name.starts_with("article:");
        (content.to_owned(), if graph { Origin::OpenGraph } else { Origin::MetaTag })
    });
    let properties = harvest
        .properties(&["dateModified", "modified"])
        .filter(|spot| !spot.chrome)
        .map(|spot| (stamped(spot.element), Origin::Microdata));
    of_ld
        .into_iter()
        .chain(metas)
        .chain(properties)
        .find_map(|(value, origin)| Some(Found::new(date::read(&value, dating)?.at, origin)))
        .or_else(|| seen.iter().find(|seen| seen.updated).map(|seen| Found::new(seen.read.at, seen.origin)))
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

/// Dates that people see near the title, those with a clock time first.
fn seen(harvest: &Harvest<'_>, anchor: Option<u32>, dating: &DateContext<'_>) -> Vec<Seen> {
    let first_paragraph =
        |from: u32| harvest.paragraphs.iter().copied().find(|at| *at > from).unwrap_or(u32::MAX);
    let until = match anchor {
        Some(anchor) => first_paragraph(anchor).min(anchor + AFTER),
        None => first_paragraph(0),
    };
    let near = |spot: &Spot<'_>| anchor.is_none_or(|anchor| spot.at + BEFORE >= anchor) && spot.at <= until;
    let mut seen = Vec::new();
    for spot in harvest.times.iter().filter(|spot| !spot.chrome && !spot.listed && near(spot)) {
        seen.extend(read_spot(spot, Origin::TimeElement, dating));
    }
    let hinted = harvest.hinted.iter().filter(|(hint, _)| *hint == Hint::Date).map(|(_, spot)| spot);
    for spot in
        hinted.chain(&harvest.dated).filter(|spot| !spot.chrome && !spot.listed && near(spot)).take(60)
    {
        seen.extend(read_spot(spot, Origin::Visible, dating));
    }
    seen.sort_by_key(|seen| std::cmp::Reverse(seen.read.precision));
    seen
}

/// A line with a date is no longer than this, in bytes.
const LINE: usize = 200;

fn read_spot(spot: &Spot<'_>, origin: Origin, dating: &DateContext<'_>) -> Option<Seen> {
    let line = text::visible_within(spot.element, LINE);
    if line.len() > LINE {
        return None;
    }
    let stamp = spot.element.attr("datetime").and_then(|value| date::read(value, dating));
    let read = stamp.or_else(|| date::find_in(&line, dating).map(|(read, _)| read))?;
    let label = text::bare(&line);
    let class = spot.element.attr("class").unwrap_or_default().to_ascii_lowercase();
    let updated = hints::UPDATED_WORDS.iter().any(|word| label.contains(word))
        || class.contains("updated") && !class.contains("published")
        || class.contains("modified");
    Some(Seen { read, node: spot.element.id(), updated, origin })
}
