//! An existing source held against its portal as it is now: what of its file still holds, and what must change. Pure but for
//! [`relearn`], which fetches as [`super::learn`] does.
//!
//! The operator's word stands wherever it still holds: id, title, language, zone, rhythm, backfill and every rule that finds
//! something. What does not answer any more goes, and what was learned takes its place where nothing else is left.

mod rules;

use std::collections::HashSet;

use url::Url;

use super::gather::{self, Watch};
use super::{LearnError, Learned, infer};
use crate::config::{ArticleRules, Discover, Listing, Setting, Source};
use crate::crawl::Asked;
use crate::extract::text;
use crate::fetch::Fetcher;
use crate::model::{DiscoveryMethod, UrlKey, short_text};

/// One thing in the source file that has to change.
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
    /// What is kept though it did not answer now.
    pub notes: Vec<String>,
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
    let portal = gather::gather(fetcher, asked, pages, watch).await?;
    let learned = infer::infer(&portal)?;
    let (rules, differences) = rules::infer(&portal, source, &learned.source);
    Ok(Relearned { learned, rules, differences })
}

/// What must change. `moved` is the source with its home where the portal is now; `answers` is what its discovery methods
/// answer there.
pub fn mend(source: &Source, moved: &Source, relearned: Relearned, answers: &[Asked]) -> Mended {
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
        wp_json: switch(
            "discover.wp_json",
            &moved.discover.wp_json,
            DiscoveryMethod::WpJson,
            answers,
            &mut differences,
        ),
        feeds: feeds(moved, learned, answers, &mut differences),
        sitemap: switch(
            "discover.sitemap",
            &moved.discover.sitemap,
            DiscoveryMethod::Sitemap,
            answers,
            &mut differences,
        ),
        listings: listings(moved, learned, answers, &mut differences),
    };
    differences.extend(relearned.differences);
    let is_kept = |asked: &&Asked| asked.may_pass && asked.trouble.is_some();
    let kept = answers.iter().filter(is_kept);
    let note = |asked: &Asked| {
        Some(format!("kept, and not seen now: {} ({})", asked.trouble.as_ref()?, short_text(&asked.url)))
    };
    let notes = kept.filter_map(note).collect();
    Mended { source: Source { discover, article: relearned.rules, ..moved.clone() }, differences, notes }
}

/// A method that is switched on stays so if any address of it answers.
fn switch(
    key: &'static str,
    setting: &Setting<()>,
    method: DiscoveryMethod,
    answers: &[Asked],
    differences: &mut Vec<Difference>,
) -> Setting<()> {
    let of_method: Vec<&Asked> = answers.iter().filter(|answer| answer.method == method).collect();
    if *setting != Setting::Use(()) || of_method.iter().any(|asked| asked.trouble.is_none() || asked.may_pass)
    {
        return setting.clone();
    }
    let said = of_method.iter().find_map(|asked| asked.trouble.as_ref());
    let why = said.map_or_else(|| "nothing answers".to_owned(), Clone::clone);
    differences.push(Difference { key, before: Some("true".to_owned()), after: None, why });
    Setting::Find
}

/// Why an address of the source file is of no use any more; `None` if it is.
fn failure_of(answers: &[Asked], method: DiscoveryMethod, url: &Url, may_be_empty: bool) -> Option<String> {
    let asked = answers.iter().find(|asked| asked.method == method && asked.url == url.as_str())?;
    match &asked.trouble {
        None if asked.named == Some(0) && !may_be_empty => Some("it names no article".to_owned()),
        Some(why) if !asked.may_pass => Some(why.clone()),
        _ => None,
    }
}

fn feeds(
    moved: &Source,
    learned: &Discover,
    answers: &[Asked],
    differences: &mut Vec<Difference>,
) -> Setting<Vec<Url>> {
    let Setting::Use(feeds) = &moved.discover.feeds else { return moved.discover.feeds.clone() };
    let mut kept = Vec::new();
    for feed in feeds {
        match failure_of(answers, DiscoveryMethod::Feed, feed, true) {
            None => kept.push(feed.clone()),
            Some(why) => differences.push(removed("discover.feeds", feed, why)),
        }
    }
    if !kept.is_empty() {
        return Setting::Use(kept);
    }
    if let Setting::Use(new) = &learned.feeds {
        differences.extend(new.iter().map(|feed| added("discover.feeds", feed.to_string())));
    }
    found_or_left_out(learned.feeds.clone())
}

fn listings(
    moved: &Source,
    learned: &Discover,
    answers: &[Asked],
    differences: &mut Vec<Difference>,
) -> Setting<Vec<Listing>> {
    let Setting::Use(listings) = &moved.discover.listings else { return moved.discover.listings.clone() };
    let new = learned.named_listings();
    let mut kept: Vec<Listing> = Vec::new();
    for listing in listings {
        let Some(why) = failure_of(answers, DiscoveryMethod::Listing, &listing.url, false) else {
            kept.push(listing.clone());
            continue;
        };
        differences.push(removed("discover.listings", &listing.url, why));
        // The same section, elsewhere: under the operator's name of it.
        if let Some(section) = new.iter().find(|section| is_same_category(section, listing)) {
            differences.push(added("discover.listings", listing_text(section)));
            kept.push(Listing { url: section.url.clone(), category: listing.category.clone() });
        }
    }
    let mut seen = HashSet::new();
    kept.retain(|listing| seen.insert(UrlKey::of(&listing.url)));
    if !kept.is_empty() {
        return Setting::Use(kept);
    }
    differences.extend(new.iter().map(|listing| added("discover.listings", listing_text(listing))));
    found_or_left_out(learned.listings.clone())
}

fn is_same_category(one: &Listing, other: &Listing) -> bool {
    let bare = |listing: &Listing| {
        listing.category.as_deref().map(|name| text::strip_diacritics(&text::normalize(name)))
    };
    bare(one).is_some() && bare(one) == bare(other)
}

fn listing_text(listing: &Listing) -> String {
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

fn removed(key: &'static str, url: &Url, why: String) -> Difference {
    // Messages begin with the address, which stands beside them anyway.
    let why = why.strip_prefix(url.as_str()).map_or(why.as_str(), str::trim_start).to_owned();
    Difference { key, before: Some(url.to_string()), after: None, why }
}

fn added(key: &'static str, after: String) -> Difference {
    Difference { key, before: None, after: Some(after), why: "found on the portal now".to_owned() }
}
