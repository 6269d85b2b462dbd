//! The operator's rules for article pages, held against the pages as they are now. Pure.

use super::Difference;
use crate::config::{ArticleRules, Css, Source};
use crate::html;
use crate::learn::portal_sample::PortalSample;
use crate::learn::sample::{self, Reading};

/// A rule is dropped if the pages read this many points of a hundred better without it.
const WORSE_POINTS: u32 = 5;

/// The operator's rules that still hold on the pages, with those that the extractor needs now.
pub(super) fn infer(
    portal: &PortalSample,
    source: &Source,
    learned: &Source,
) -> (ArticleRules, Vec<Difference>) {
    let pages = Pages::of(portal, learned);
    let mut differences = Vec::new();
    let mut rules = source.article.clone();
    for key in ["title", "body", "published", "author"] {
        let Some(css) = selector(&mut rules, key).clone() else { continue };
        if let Some(why) = pages.doubt(key, &css, portal, learned) {
            let name = article_key(key);
            differences.push(Difference { key: name, before: Some(css.text), after: None, why });
            *selector(&mut rules, key) = None;
        }
    }
    if rules.title.is_none() && learned.article.title.is_some() {
        rules.title.clone_from(&learned.article.title);
        let after = rules.title.as_ref().map(|css| css.text.clone());
        let why = "nothing marks the title on these pages".to_owned();
        differences.push(Difference { key: "article.title", before: None, after, why });
    }
    for line in learned.article.cut_at.iter().filter(|line| !source.article.cut_at.contains(line)) {
        rules.cut_at.push(line.clone());
        let why = "the extractor takes this line of the portal and what follows for text".to_owned();
        differences.push(Difference { key: "article.cut_at", before: None, after: Some(line.clone()), why });
    }
    (rules, differences)
}

fn selector<'a>(rules: &'a mut ArticleRules, key: &str) -> &'a mut Option<Css> {
    match key {
        "title" => &mut rules.title,
        "body" => &mut rules.body,
        "published" => &mut rules.published,
        _ => &mut rules.author,
    }
}

fn article_key(key: &str) -> &'static str {
    match key {
        "title" => "article.title",
        "body" => "article.body",
        "published" => "article.published",
        _ => "article.author",
    }
}

/// The article pages, parsed, and how well they read without the operator's rules.
struct Pages {
    documents: Vec<scraper::Html>,
    score: u32,
}

impl Pages {
    fn of(portal: &PortalSample, learned: &Source) -> Self {
        let readings = sample::read(&portal.page_samples, learned);
        let read = portal.page_samples.iter().zip(&readings).filter(|(_, reading)| reading.is_ok());
        let documents =
            read.filter_map(|(page_sample, _)| html::parse(&page_sample.page.html).ok()).collect();
        Self { documents, score: score(portal, learned) }
    }

    /// Why a selector is of no use any more; `None` if it is.
    fn doubt(&self, key: &str, css: &Css, portal: &PortalSample, learned: &Source) -> Option<String> {
        let of = self.documents.len();
        let finds = |page: &&scraper::Html| page.select(&css.selector).next().is_some();
        if !self.documents.iter().any(|page| finds(&page)) {
            return Some(format!("it finds nothing on any of {of} article pages"));
        }
        let mut with = learned.clone();
        *selector(&mut with.article, key) = Some(css.clone());
        let score = score(portal, &with);
        let better = self.score;
        (score + WORSE_POINTS < better)
            .then(|| format!("the pages read better without it: {better} of 100 points, with it {score}"))
    }
}

/// Points of a hundred over all pages, read by the rules of a source.
fn score(portal: &PortalSample, source: &Source) -> u32 {
    let readings: Vec<Reading<'_>> =
        sample::read(&portal.page_samples, source).into_iter().filter_map(Result::ok).collect();
    let repeated = sample::repeated(&readings);
    let points = |reading| sample::sample(reading, &repeated, &source.time_zone, &portal.zone).score();
    let sum: u32 = readings.iter().map(points).sum();
    sum / u32::try_from(portal.page_samples.len().max(1)).unwrap_or(u32::MAX)
}
