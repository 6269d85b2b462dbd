//! From everything that was fetched to what is known of the portal. Pure.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::locale::{self, Inferred, ObservedOffset};
use super::portal_sample::{PortalSample, Section, Tried};
use super::sample::{self, Reading, Sample};
use super::write::{self, Findings};
use super::{LearnError, Learned, name, pattern, title};
use crate::config::{self, ArticleRules, Backfill, Discover, Every, KeepRules, Listing, Setting, Source};
use crate::model::NotArticle;

/// Listings that are followed at each visit where API or feed answer: they only add names of categories then, and a visit
/// with nothing new should be a dozen requests.
const MAX_LISTINGS_BESIDES: usize = 8;
/// Text of so many pages tells the language.
const LANGUAGE_SAMPLES: usize = 6;
/// Reference bounds of the rhythm and the backfill, those of the configuration.
const DEFAULT_EVERY: Every =
    Every { min: Duration::from_secs(5 * 60), max: Duration::from_secs(6 * 60 * 60) };
const DEFAULT_BACKFILL: Backfill = Backfill::Articles(200);

type Read<'a> = Vec<Result<Reading<'a>, NotArticle>>;

/// Infers the source and writes its file.
pub(super) fn infer(portal: &PortalSample) -> Result<Learned, LearnError> {
    let mut source = draft(portal, "", TimeZone::UTC);
    source.time_zone = locale::presumed(&portal.home, None);
    let first = articles(sample::read(&portal.page_samples, &source));
    let language = language(portal, &first);
    source.language.clone_from(&language.value);
    source.time_zone = locale::presumed(&portal.home, Some(&language.value));
    let again = articles(sample::read(&portal.page_samples, &source));
    let zone = locale::time_zone(&portal.home, &language.value, &observed(portal, &again, &source.time_zone));
    source = draft(portal, &language.value, zone.value.clone());
    let mut read = sample::read(&portal.page_samples, &source);
    let cut_at = cut_at(&read);
    if !cut_at.is_empty() {
        source.article.cut_at.clone_from(&cut_at);
        read = sample::read(&portal.page_samples, &source);
    }
    if let Some(title) = title::infer(&read.iter().filter_map(|read| read.as_ref().ok()).collect::<Vec<_>>())
    {
        source.article.title = Some(title);
        read = sample::read(&portal.page_samples, &source);
    }
    conclude(portal, source, read, &language, &zone)
}

fn conclude(
    portal: &PortalSample,
    source: Source,
    read: Read<'_>,
    language: &Inferred<String>,
    zone: &Inferred<TimeZone>,
) -> Result<Learned, LearnError> {
    let others = others(portal, &read);
    let readings = articles(read);
    if !readings.iter().any(Reading::is_plausible) {
        let tried = portal.tried.iter().cloned().chain(others).collect();
        let home = Box::new(portal.home.clone());
        return Err(LearnError::NoArticle { home, tried, advice: super::ADVICE });
    }
    let repeated: HashSet<String> = sample::repeated(&readings);
    let sample = |reading| sample::sample(reading, &repeated, &source.time_zone, &portal.zone);
    let samples: Vec<Sample> = readings.iter().map(sample).collect();
    let fetched = samples.len() + others.len();
    let points: u32 = samples.iter().map(Sample::score).sum();
    let score = points / u32::try_from(fetched.max(1)).unwrap_or(u32::MAX);
    let findings = Findings {
        portal,
        source: &source,
        language: &language.why,
        zone: &zone.why,
        patterns: &pattern::patterns(samples.iter().map(|sample| &sample.url)),
        unfollowed: unfollowed(portal),
        readings: &readings,
        pages: (samples.len(), fetched),
        score,
    };
    let toml = write::file(&findings);
    let loaded = config::read_source(Path::new("learned.toml"), &toml).map_err(|faults| {
        LearnError::Unloadable { home: Box::new(portal.home.clone()), why: faults.to_string() }
    })?;
    Ok(Learned { source: loaded, toml, samples, others, score })
}

fn articles(read: Read<'_>) -> Vec<Reading<'_>> {
    read.into_iter().filter_map(Result::ok).collect()
}

fn others(portal: &PortalSample, read: &Read<'_>) -> Vec<Tried> {
    let pairs = portal.page_samples.iter().zip(read);
    let other = pairs.filter_map(|(page_sample, read)| {
        let why = read.as_ref().err()?;
        Some(Tried { url: page_sample.page.url.clone(), outcome: why.to_string() })
    });
    other.collect()
}

/// The source as far as the methods tell.
fn draft(portal: &PortalSample, language: &str, zone: TimeZone) -> Source {
    let listings = followed(portal)
        .iter()
        .map(|section| Listing { url: section.url.clone(), category: section.name.clone() });
    let listings: Vec<Listing> = listings.collect();
    let feeds: Vec<url::Url> = portal.feeds.iter().map(|feed| feed.url.clone()).collect();
    let some = |is: bool| if is { Setting::Use(()) } else { Setting::Find };
    Source {
        extra_ca: None,
        id: name::id(&portal.home),
        title: write::title(portal),
        home: portal.home.clone(),
        language: language.to_owned(),
        time_zone: zone,
        every: DEFAULT_EVERY,
        backfill: DEFAULT_BACKFILL,
        discover: Discover {
            wp_json: some(portal.api.is_some()),
            feeds: if feeds.is_empty() { Setting::Find } else { Setting::Use(feeds) },
            sitemap: some(!portal.sitemaps.is_empty()),
            listings: if listings.is_empty() { Setting::Find } else { Setting::Use(listings) },
        },
        article: ArticleRules::default(),
        keep: KeepRules::default(),
    }
}

fn followed(portal: &PortalSample) -> &[Section] {
    let cheap = portal.api.is_some() || !portal.feeds.is_empty();
    let most = if cheap { MAX_LISTINGS_BESIDES } else { usize::MAX };
    &portal.sections[..portal.sections.len().min(most)]
}

fn unfollowed(portal: &PortalSample) -> &[Section] {
    &portal.sections[followed(portal).len()..]
}

fn language(portal: &PortalSample, readings: &[Reading<'_>]) -> Inferred<String> {
    let stated = readings
        .iter()
        .filter_map(|reading| reading.article.draft.language.clone())
        .filter(|tag| !tag.is_empty());
    let stated: Vec<String> = stated.chain(portal.advertised.language.clone()).collect();
    let text: Vec<&str> =
        readings.iter().take(LANGUAGE_SAMPLES).map(|reading| reading.article.cleaned.text.as_str()).collect();
    locale::language(&stated, &text.join("\n"), &portal.home)
}

/// Every offset that the portal shows: in the API, in feeds and pages, and between the two.
fn observed(portal: &PortalSample, readings: &[Reading<'_>], presumed: &TimeZone) -> Vec<ObservedOffset> {
    let api = portal.api.iter().flat_map(|api| locale::of_api(&api.document.bytes));
    let feeds = portal
        .feeds
        .iter()
        .flat_map(|feed| locale::in_text(&String::from_utf8_lossy(&feed.document.bytes), "feed"));
    let pages =
        portal.page_samples.iter().flat_map(|page_sample| locale::in_text(&page_sample.page.html, "pages"));
    let between = readings.iter().filter_map(|reading| reading.offset(presumed));
    api.chain(feeds).chain(pages).chain(between).collect()
}

/// The line from which on the texts have to be cut off, where the extractor takes the portal's own lines for text: one
/// that stands in the last third of most texts, behind at least two blocks.
fn cut_at(read: &Read<'_>) -> Vec<String> {
    let readings: Vec<&Reading<'_>> = read.iter().filter_map(|read| read.as_ref().ok()).collect();
    let place = |line: &str, reading: &&Reading<'_>| reading.blocks().position(|block| block == line);
    let is_last = |line: &str| {
        let mut with =
            readings.iter().filter_map(|reading| Some((place(line, reading)?, reading.blocks().count())));
        with.all(|(at, count)| at >= 2 && at * 3 >= count * 2)
    };
    let lines = readings.first().map(|first| first.blocks().collect::<Vec<_>>()).unwrap_or_default();
    let stands = |line: &str| readings.iter().filter(|reading| place(line, reading).is_some()).count();
    let is_portals = |line: &&&str| {
        line.chars().count() <= 100 && stands(line) >= 3 && stands(line) * 2 > readings.len() && is_last(line)
    };
    lines.iter().find(is_portals).map(|line| (*line).to_owned()).into_iter().collect()
}
