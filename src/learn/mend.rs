//! An existing source held against its portal as it is now: what of its file still holds, and what must change. Pure but for
//! [`relearn`], which fetches as [`super::learn`] does.
//!
//! The operator's word stands wherever it still holds: id, title, language, zone, rhythm, backfill and every rule that finds
//! something. What does not answer any more goes, and what was learned takes its place where nothing else is left.

use std::collections::HashSet;

use url::Url;

use super::gather::{self, Watch};
use super::material::Material;
use super::sample::{self, Reading};
use super::{LearnError, Learned, infer};
use crate::article::{Rung, UrlKey};
use crate::config::{ArticleRules, Css, Discover, Listing, Setting, Source};
use crate::extract::{parse, text};
use crate::fetch::Fetcher;

/// A rule is dropped if the pages read this many points of a hundred better without it.
const WORSE_POINTS: u32 = 5;

/// What one address of the source file answered.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Which discovery method it belongs to.
    pub rung: Rung,
    /// The address.
    pub url: Url,
    /// How many articles it names, or why it gave nothing.
    pub answer: Result<usize, String>,
}

/// One key of the source file that has to change, or that is kept against doubts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key: `home`, `discover.listings`.
    pub key: &'static str,
    /// What goes, or stands for something else.
    pub before: Option<String>,
    /// What comes.
    pub after: Option<String>,
    /// Why.
    pub why: String,
}

/// A portal that was learned anew, with what became of the operator's rules.
#[derive(Debug)]
pub struct Relearned {
    /// What was learned.
    pub learned: Learned,
    /// The rules that still hold, with those that are needed now.
    rules: ArticleRules,
    differences: Vec<Difference>,
}

/// A source file's settings as they should be, and why.
#[derive(Debug)]
pub struct Mended {
    /// The source, under its old id.
    pub source: Source,
    /// What must change.
    pub differences: Vec<Difference>,
}

/// Learns the portal of a source anew at `asked`: its home, or where the portal has moved to.
///
/// # Errors
/// As [`super::learn`].
pub async fn relearn(
    fetcher: &Fetcher,
    source: &Source,
    asked: &Url,
    pages: usize,
    watch: Watch<'_>,
) -> Result<Relearned, LearnError> {
    let material = gather::gather(fetcher, asked, pages, watch).await?;
    let learned = infer::infer(&material)?;
    let (rules, differences) = rules(&material, source, &learned.source);
    Ok(Relearned { learned, rules, differences })
}

/// What must change. `moved` is the source with its home where the portal is now; `heard` is what its discovery methods
/// answer there.
pub fn mend(source: &Source, moved: &Source, relearned: Relearned, heard: &[Heard]) -> Mended {
    let mut differences = Vec::new();
    if moved.home != source.home {
        differences.push(Difference {
            key: "home",
            before: Some(source.home.to_string()),
            after: Some(moved.home.to_string()),
            why: "the portal answers there now; every other address of the file moves with it".to_owned(),
        });
    }
    let learned = &relearned.learned.source.discover;
    let discover = Discover {
        wp_json: switch("discover.wp_json", &moved.discover.wp_json, Rung::WpJson, heard, &mut differences),
        feeds: feeds(moved, learned, heard, &mut differences),
        sitemap: switch("discover.sitemap", &moved.discover.sitemap, Rung::Sitemap, heard, &mut differences),
        listings: listings(moved, learned, heard, &mut differences),
    };
    differences.extend(relearned.differences);
    Mended { source: Source { discover, article: relearned.rules, ..moved.clone() }, differences }
}

/// A method that is switched on stays so if any address of it answers.
fn switch(
    key: &'static str,
    setting: &Setting<()>,
    rung: Rung,
    heard: &[Heard],
    differences: &mut Vec<Difference>,
) -> Setting<()> {
    let answers: Vec<&Heard> = heard.iter().filter(|heard| heard.rung == rung).collect();
    if *setting != Setting::Use(()) || answers.iter().any(|heard| heard.answer.is_ok()) {
        return setting.clone();
    }
    let said = answers.iter().find_map(|heard| heard.answer.as_ref().err());
    let why = said.map_or_else(|| "nothing answers".to_owned(), Clone::clone);
    differences.push(Difference { key, before: Some("true".to_owned()), after: None, why });
    Setting::Find
}

/// Why an address of the source file is of no use any more; `None` if it is.
fn dead(heard: &[Heard], rung: Rung, url: &Url, may_be_empty: bool) -> Option<String> {
    let heard = heard.iter().find(|heard| heard.rung == rung && heard.url == *url)?;
    match &heard.answer {
        Ok(0) if !may_be_empty => Some("it names no article".to_owned()),
        Ok(_) => None,
        Err(why) => Some(why.clone()),
    }
}

fn feeds(
    moved: &Source,
    learned: &Discover,
    heard: &[Heard],
    differences: &mut Vec<Difference>,
) -> Setting<Vec<Url>> {
    let Setting::Use(feeds) = &moved.discover.feeds else { return moved.discover.feeds.clone() };
    let mut kept = Vec::new();
    for feed in feeds {
        match dead(heard, Rung::Feed, feed, true) {
            None => kept.push(feed.clone()),
            Some(why) => differences.push(out("discover.feeds", feed, why)),
        }
    }
    if !kept.is_empty() {
        return Setting::Use(kept);
    }
    if let Setting::Use(new) = &learned.feeds {
        differences.extend(new.iter().map(|feed| comes("discover.feeds", feed.to_string())));
    }
    found_or_left_out(learned.feeds.clone())
}

fn listings(
    moved: &Source,
    learned: &Discover,
    heard: &[Heard],
    differences: &mut Vec<Difference>,
) -> Setting<Vec<Listing>> {
    let Setting::Use(listings) = &moved.discover.listings else { return moved.discover.listings.clone() };
    let new = learned.named_listings();
    let mut kept: Vec<Listing> = Vec::new();
    for listing in listings {
        let Some(why) = dead(heard, Rung::Listing, &listing.url, false) else {
            kept.push(listing.clone());
            continue;
        };
        differences.push(out("discover.listings", &listing.url, why));
        // The same section, elsewhere: under the operator's name of it.
        if let Some(section) = new.iter().find(|section| is_same_category(section, listing)) {
            differences.push(comes("discover.listings", in_words(section)));
            kept.push(Listing { url: section.url.clone(), category: listing.category.clone() });
        }
    }
    let mut seen = HashSet::new();
    kept.retain(|listing| seen.insert(UrlKey::of(&listing.url)));
    if !kept.is_empty() {
        return Setting::Use(kept);
    }
    differences.extend(new.iter().map(|listing| comes("discover.listings", in_words(listing))));
    found_or_left_out(learned.listings.clone())
}

fn is_same_category(one: &Listing, other: &Listing) -> bool {
    let bare = |listing: &Listing| listing.category.as_deref().map(|name| text::bare(&text::fold(name)));
    bare(one).is_some() && bare(one) == bare(other)
}

fn in_words(listing: &Listing) -> String {
    match &listing.category {
        Some(category) => format!("{} ({category})", listing.url),
        None => listing.url.to_string(),
    }
}

fn found_or_left_out<T>(learned: Setting<Vec<T>>) -> Setting<Vec<T>> {
    match learned {
        Setting::Use(found) => Setting::Use(found),
        Setting::Find | Setting::Forbidden => Setting::Find,
    }
}

fn out(key: &'static str, url: &Url, why: String) -> Difference {
    // Messages begin with the address, which stands beside them anyway.
    let why = why.strip_prefix(url.as_str()).map_or(why.as_str(), str::trim_start).to_owned();
    Difference { key, before: Some(url.to_string()), after: None, why }
}

fn comes(key: &'static str, after: String) -> Difference {
    Difference { key, before: None, after: Some(after), why: "found on the portal now".to_owned() }
}

/// The operator's rules that still hold on the pages, with those that the extractor needs now.
fn rules(material: &Material, source: &Source, learned: &Source) -> (ArticleRules, Vec<Difference>) {
    let pages = Pages::of(material, learned);
    let mut differences = Vec::new();
    let mut rules = source.article.clone();
    for key in ["title", "body", "published", "author"] {
        let Some(css) = selector(&mut rules, key).clone() else { continue };
        if let Some(why) = pages.doubt(key, &css, material, learned) {
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
    fn of(material: &Material, learned: &Source) -> Self {
        let readings = sample::read(&material.specimens, learned);
        let read = material.specimens.iter().zip(&readings).filter(|(_, reading)| reading.is_ok());
        let documents = read.filter_map(|(specimen, _)| parse::parse(&specimen.page.html).ok()).collect();
        Self { documents, score: score(material, learned) }
    }

    /// Why a selector is of no use any more; `None` if it is.
    fn doubt(&self, key: &str, css: &Css, material: &Material, learned: &Source) -> Option<String> {
        let of = self.documents.len();
        let finds = |page: &&scraper::Html| page.select(&css.selector).next().is_some();
        if !self.documents.iter().any(|page| finds(&page)) {
            return Some(format!("it finds nothing on any of {of} article pages"));
        }
        let mut with = learned.clone();
        *selector(&mut with.article, key) = Some(css.clone());
        let score = score(material, &with);
        let better = self.score;
        (score + WORSE_POINTS < better)
            .then(|| format!("the pages read better without it: {better} of 100 points, with it {score}"))
    }
}

/// Points of a hundred over all pages, read by the rules of a source.
fn score(material: &Material, source: &Source) -> u32 {
    let readings: Vec<Reading<'_>> =
        sample::read(&material.specimens, source).into_iter().filter_map(Result::ok).collect();
    let repeated = sample::repeated(&readings);
    let points = |reading| sample::sample(reading, &repeated, &source.time_zone, &material.zone).score();
    let sum: u32 = readings.iter().map(points).sum();
    sum / u32::try_from(material.specimens.len().max(1)).unwrap_or(u32::MAX)
}
