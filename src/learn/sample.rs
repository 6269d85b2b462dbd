//! Article pages read as they would be published, and how well that went. Pure.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::locale::{ObservedOffset, between};
use super::portal_sample::PageSample;
use crate::config::Source;
use crate::extract::page::{self, ExtractedArticle};
use crate::extract::{Context, text};
use crate::model::{Candidate, DiscoveryMethod, Draft, NotArticle, Origin};

/// Letters that a text needs to be one, unless the article is a picture, a table or a file.
const MIN_LETTERS: usize = 150;
/// Share of the pages on which a block has to stand again to be the portal's rather than the articles'.
const REPEATED: f64 = 0.5;

/// A page that was read.
pub(super) struct Reading<'a> {
    pub page_sample: &'a PageSample,
    pub article: ExtractedArticle,
}

/// One thing that was looked at in an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What should hold, in words.
    pub what: &'static str,
    /// Points it counts for.
    pub weight: u32,
    /// Whether it holds.
    pub holds: bool,
}

/// An article as it would be published, with its score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Where it stands.
    pub url: Url,
    /// Title.
    pub title: Option<String>,
    /// Publication time.
    pub published: Option<Timestamp>,
    /// Authors, or whom it is credited to.
    pub author: Option<String>,
    /// The main category.
    pub category: Option<String>,
    /// The first block of the text.
    pub first: String,
    /// The last block of the text.
    pub last: String,
    /// Letters of the text.
    pub letters: usize,
    /// Pictures, and how many of them have a caption.
    pub pictures: (usize, usize),
    /// Files.
    pub files: usize,
    /// What was looked at; what cannot be told for this article is left out.
    pub checks: Vec<Check>,
}

impl Sample {
    /// Points of a hundred.
    pub fn score(&self) -> u32 {
        let points = |checks: &mut dyn Iterator<Item = &Check>| checks.map(|check| check.weight).sum::<u32>();
        let held = points(&mut self.checks.iter().filter(|check| check.holds));
        held * 100 / points(&mut self.checks.iter()).max(1)
    }
}

/// Reads the pages by what is known of the source.
pub(super) fn read<'a>(
    page_samples: &'a [PageSample],
    source: &Source,
) -> Vec<Result<Reading<'a>, NotArticle>> {
    page_samples.iter().map(|page_sample| read_one(page_sample, source)).collect()
}

fn read_one<'a>(page_sample: &'a PageSample, source: &Source) -> Result<Reading<'a>, NotArticle> {
    let article = page::read(&page_sample.page, &context(source, Some(&page_sample.candidate)))?;
    Ok(Reading { page_sample, article })
}

/// What extraction may know of the source that is being learned.
pub(super) fn context<'a>(source: &'a Source, candidate: Option<&'a Candidate>) -> Context<'a> {
    Context { candidate, ..Context::of_source(source) }
}

impl Reading<'_> {
    fn letters(&self) -> usize {
        self.article.cleaned.text.chars().filter(|c| c.is_alphanumeric()).count()
    }

    fn has_media(&self) -> bool {
        !self.article.cleaned.images.is_empty() || !self.article.cleaned.attachments.is_empty()
    }

    /// Whether it reads as an article does: enough text, or a picture or file in its stead, and something that names or
    /// dates it.
    pub fn is_plausible(&self) -> bool {
        let known = self.article.draft.title.is_some() || self.article.draft.published.is_some();
        known && (self.letters() >= MIN_LETTERS || self.has_media())
    }

    /// The blocks of the text.
    pub fn blocks(&self) -> impl Iterator<Item = &str> {
        self.article.cleaned.text.split("\n\n").map(str::trim).filter(|block| !block.is_empty())
    }

    /// The offset that the page's own time shows against the feed's or API's moment, where it reads without a zone.
    pub fn offset(&self, presumed: &TimeZone) -> Option<ObservedOffset> {
        let given = self.article.draft.published.as_ref().filter(|found| found.origin == Origin::Visible)?;
        let moment = self.page_sample.candidate.published?;
        let is_moment =
            matches!(self.page_sample.candidate.method, DiscoveryMethod::WpJson | DiscoveryMethod::Feed);
        is_moment.then(|| between(presumed.to_datetime(given.value), moment)).flatten()
    }
}

/// The blocks that stand on so many pages of different articles that they are the portal's own.
pub(super) fn repeated(readings: &[Reading<'_>]) -> HashSet<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for reading in readings {
        let blocks: HashSet<&str> = reading.blocks().collect();
        for block in blocks {
            *counts.entry(block).or_default() += 1;
        }
    }
    let is_common = |count: usize| count >= 3 && count as f64 >= readings.len() as f64 * REPEATED;
    counts.into_iter().filter(|(_, count)| is_common(*count)).map(|(block, _)| block.to_owned()).collect()
}

/// The article as it would be published, with what was looked at. `presumed` is the zone that the listings were read in.
pub(super) fn sample(
    reading: &Reading<'_>,
    repeated: &HashSet<String>,
    zone: &TimeZone,
    presumed: &TimeZone,
) -> Sample {
    let candidate = &reading.page_sample.candidate;
    let ExtractedArticle { draft, cleaned, .. } = &reading.article;
    let images = reading.article.images();
    let mut sample = Sample {
        url: reading.page_sample.page.url.clone(),
        title: draft.title.as_ref().map(|found| found.value.clone()).or_else(|| candidate.title.clone()),
        published: draft.published.as_ref().map(|found| found.value).or(candidate.published),
        author: draft.authors.as_ref().map(|found| found.value.join(", ")).or_else(|| draft.credit.clone()),
        category: draft.categories.iter().chain(&candidate.categories).next().cloned(),
        first: reading.blocks().next().unwrap_or_default().to_owned(),
        last: reading.blocks().last().unwrap_or_default().to_owned(),
        letters: reading.letters(),
        pictures: (images.len(), images.iter().filter(|image| image.caption.is_some()).count()),
        files: cleaned.attachments.len(),
        checks: Vec::new(),
    };
    let is_own = !reading.blocks().any(|block| repeated.contains(block));
    sample.checks = vec![
        Check { what: "a title", weight: 15, holds: sample.title.is_some() },
        Check { what: "a date", weight: 15, holds: sample.published.is_some() },
        Check { what: "a text of plausible length", weight: 25, holds: reading.is_plausible() },
        Check { what: "no block that stands on other pages", weight: 15, holds: is_own },
        Check { what: "an author", weight: 5, holds: sample.author.is_some() },
        Check { what: "a category", weight: 5, holds: sample.category.is_some() },
    ];
    sample.checks.extend(against_listing(draft, candidate, zone, presumed));
    sample
}

/// What page and listing both say, held against each other.
fn against_listing<'a>(
    draft: &'a Draft,
    candidate: &'a Candidate,
    zone: &TimeZone,
    presumed: &TimeZone,
) -> impl Iterator<Item = Check> + use<'a> {
    let title = draft.title.as_ref().zip(candidate.title.as_deref()).map(|(page, listed)| {
        let holds = is_same_title(&page.value, listed);
        Check { what: "the title that the listing gives", weight: 10, holds }
    });
    let date = draft.published.as_ref().zip(candidate.published).map(|(page, listed)| {
        // A listing's date without an offset was read in the presumed zone.
        let local = zone.to_timestamp(presumed.to_datetime(listed)).unwrap_or(listed);
        let holds = is_same_date(page.value, listed, zone) || is_same_date(page.value, local, zone);
        Check { what: "the date that the listing gives", weight: 10, holds }
    });
    title.into_iter().chain(date)
}

/// The same letters and digits, or as many of them as a listing shows.
fn is_same_title(page: &str, listed: &str) -> bool {
    let bare = |title: &str| {
        text::strip_diacritics(title).chars().filter(|c| c.is_alphanumeric()).collect::<String>()
    };
    let (page, listed) = (bare(page), bare(listed));
    !listed.is_empty() && (page.starts_with(&listed) || listed.starts_with(&page))
}

/// The same moment within an hour, or the same day where one of the two gives only that.
fn is_same_date(page: Timestamp, listed: Timestamp, zone: &TimeZone) -> bool {
    let (a, b) = (zone.to_datetime(page), zone.to_datetime(listed));
    let is_midnight = a.time() == jiff::civil::Time::midnight() || b.time() == jiff::civil::Time::midnight();
    page.duration_since(listed).abs() <= SignedDuration::from_hours(1)
        || (is_midnight && a.date() == b.date())
}
