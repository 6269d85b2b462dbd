//! The title: among heading, OpenGraph, JSON-LD and `<title>` the one they agree on, without the site's name.

use std::collections::BTreeSet;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::harvest::{Harvest, Spot};
use super::hints;
use super::json_ld::Ld;
use crate::article::{Found, Origin, Page};
use crate::extract::{Context, text};

/// The title with where it is seen.
pub(super) struct Title {
    pub found: Found<String>,
    /// The element that shows it.
    pub node: Option<NodeId>,
    /// Its number in the order of the page.
    pub at: Option<u32>,
}

/// What sites put between an article's title and their own name.
const SEPARATORS: &[&str] =
    &[" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " • ", " · ", " / ", " // ", " ~ ", "|"];

/// A heading shows the title if so much of the words are the same.
const AGREES: f32 = 0.5;

/// The names the site goes by, its own first.
pub(super) fn site_names(harvest: &Harvest<'_>, ld: &Ld, page: &Page, context: &Context<'_>) -> Vec<String> {
    let metas = harvest.metas(&["og:site_name", "application-name", "apple-mobile-web-app-title"]);
    let mut names: Vec<String> = metas.map(|(_, name)| text::fold(name)).collect();
    names.extend(ld.site.clone());
    names.extend(context.site_name.map(text::fold));
    let host = page.url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    names.push(host.to_owned());
    names.extend(host.split('.').rev().nth(1).map(str::to_owned));
    names.extend(host.split('.').next().map(str::to_owned));
    names.retain(|name| !name.is_empty());
    names
}

/// Letters and digits alone, for comparing names.
pub(super) fn key(text: &str) -> String {
    text::bare(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a text is one of the site's names.
pub(super) fn is_site(name: &str, site: &[String]) -> bool {
    let name = key(name);
    !name.is_empty() && site.iter().any(|site| key(site) == name)
}

/// Decides the title.
pub(super) fn decide(
    document: &Html,
    harvest: &Harvest<'_>,
    ld: &Ld,
    site: &[String],
    context: &Context<'_>,
) -> Option<Title> {
    if let Some(title) = by_rule(document, context) {
        return Some(title);
    }
    let claims = claims(harvest, ld, site);
    let seen = seen(harvest, &claims, site);
    let (node, at) = match &seen {
        Some((spot, _)) => (Some(spot.element.id()), Some(spot.at)),
        None => (None, None),
    };
    let found = elect(seen.map(|(_, heading)| heading), claims)?;
    Some(Title { found, node, at })
}

/// How much an origin's word counts. What people see counts more than what JSON-LD says, and is outvoted by two origins
/// that agree on other words; `og:title` is what publishers write with most care; the rest breaks ties.
fn weight(origin: Origin) -> f32 {
    match origin {
        Origin::OpenGraph => 1.4,
        Origin::Heading => 1.3,
        Origin::JsonLd => 1.0,
        _ => 0.3,
    }
}

/// The title most origins agree on, letters and digits compared. A heading that tells the title in other words than all
/// metadata (less than [`AGREES`] of them) is some other heading and has no vote.
fn elect(heading: Option<String>, claims: Vec<Found<String>>) -> Option<Found<String>> {
    let mut votes: Vec<(String, f32, Found<String>)> = Vec::new();
    let heading = heading.filter(|heading| {
        claims.is_empty() || claims.iter().any(|claim| similarity(heading, &claim.value) >= AGREES)
    });
    let heading = heading.map(|heading| Found::new(heading, Origin::Heading));
    let mut heard = Vec::new();
    for claim in heading.into_iter().chain(claims) {
        let ballot = (claim.origin, key(&claim.value));
        if heard.contains(&ballot) {
            continue;
        }
        let weight = weight(claim.origin);
        match votes.iter_mut().find(|(key, ..)| *key == ballot.1) {
            Some((_, sum, _)) => *sum += weight,
            None => votes.push((ballot.1.clone(), weight, claim)),
        }
        heard.push(ballot);
    }
    let best = votes.into_iter().reduce(|best, other| if other.1 > best.1 { other } else { best })?;
    Some(best.2)
}

fn by_rule(document: &Html, context: &Context<'_>) -> Option<Title> {
    let rule = context.rules.title.as_ref()?;
    let (element, title) = document
        .select(&rule.selector)
        .map(|element| (element, shown(element)))
        .find(|(_, title)| !title.is_empty())?;
    Some(Title { found: Found::new(title, Origin::Rule), node: Some(element.id()), at: None })
}

/// The text of an element, or what it carries in `content`.
fn shown(element: ElementRef<'_>) -> String {
    match element.attr("content") {
        Some(content) => text::fold(content),
        None => text::visible_within(element, 2_000),
    }
}

/// What the page's metadata claims the title to be, best first.
fn claims(harvest: &Harvest<'_>, ld: &Ld, site: &[String]) -> Vec<Found<String>> {
    let mut claims: Vec<Found<String>> = Vec::new();
    let mut claim = |title: String, origin: Origin| {
        let title = without_site(&title, site);
        if !title.is_empty() && !is_site(&title, site) {
            claims.push(Found::new(title, origin));
        }
    };
    for (name, content) in harvest.metas(hints::TITLES) {
        let origin = if name.starts_with("og:") { Origin::OpenGraph } else { Origin::MetaTag };
        claim(text::fold(content), origin);
    }
    if let Some(headline) = &ld.article.headline {
        claim(headline.clone(), Origin::JsonLd);
    }
    for spot in harvest.properties(&["headline"]).take(2) {
        claim(shown(spot.element), Origin::Microdata);
    }
    if let Some(title) = &harvest.title_tag {
        claim(text::fold(title), Origin::TitleTag);
    }
    claims
}

/// The heading that shows the title.
fn seen<'a>(harvest: &Harvest<'a>, claims: &[Found<String>], site: &[String]) -> Option<(Spot<'a>, String)> {
    let readable = |spot: &Spot<'a>| {
        let heading = text::visible_within(spot.element, 1_000);
        (!heading.is_empty() && !is_site(&heading, site)).then_some((*spot, heading))
    };
    let agreement =
        |heading: &str| claims.iter().map(|claim| similarity(heading, &claim.value)).fold(0.0, f32::max);
    let all = harvest.headings.iter().take(20).chain(harvest.lesser.iter().take(30));
    let mut best: Option<(f32, Spot<'a>, String)> = None;
    for (spot, heading) in all.filter_map(readable) {
        let score = agreement(&heading);
        if score >= AGREES && best.as_ref().is_none_or(|best| score > best.0 + 0.05) {
            best = Some((score, spot, heading));
        }
    }
    if let Some((_, spot, heading)) = best {
        return Some((spot, heading));
    }
    // A single heading of the first level is the title even if metadata tells it in other words.
    let mut firsts = harvest.headings.iter().filter(|spot| !spot.chrome && !spot.listed).filter_map(readable);
    let only = firsts.next()?;
    firsts.next().is_none().then_some(only)
}

/// How far two titles have the same words: shared over all (Jaccard).
pub(super) fn similarity(one: &str, other: &str) -> f32 {
    let words = |text: &str| -> BTreeSet<String> {
        text::bare(text)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (one, other) = (words(one), words(other));
    let shared = one.intersection(&other).count();
    let all = one.len() + other.len() - shared;
    if all == 0 { 0.0 } else { to_f32(shared) / to_f32(all) }
}

fn to_f32(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// Takes the site's name off either end of a title.
pub(super) fn without_site(title: &str, site: &[String]) -> String {
    let mut title = title.trim();
    for _ in 0..3 {
        let Some(shorter) = SEPARATORS.iter().find_map(|separator| one_side(title, separator, site)) else {
            break;
        };
        title = shorter;
    }
    title.to_owned()
}

fn one_side<'t>(title: &'t str, separator: &str, site: &[String]) -> Option<&'t str> {
    if let Some((head, tail)) = title.rsplit_once(separator)
        && is_site(tail, site)
        && !head.trim().is_empty()
    {
        return Some(head.trim());
    }
    let (head, tail) = title.split_once(separator)?;
    (is_site(head, site) && !tail.trim().is_empty()).then(|| tail.trim())
}
