//! The title: among heading, OpenGraph, JSON-LD and `<title>` the one they agree on, without the site's name.

use std::hash::BuildHasher as _;

use ego_tree::NodeId;
use rustc_hash::FxBuildHasher;
use scraper::{ElementRef, Html};

use super::collected::{Collected, Spot};
use super::json_ld::Ld;
use super::site::{Site, key};
use super::vocabulary;
use crate::extract::{Context, text};
use crate::model::{Found, Origin};

/// The title, and the element that shows it.
pub(super) struct Title {
    pub found: Found<String>,
    pub node: Option<NodeId>,
    /// Its number in the order of the page.
    pub at: Option<u32>,
    /// Whether it seems to stand among navigation or other articles, which means that class names mislead here.
    pub chrome: bool,
}

/// A title that an origin claims, with what it is compared by.
pub(super) struct Claim {
    pub title: Found<String>,
    /// Its letters and digits, as [`super::site::key`] has them.
    pub key: String,
    words: Wording,
}

impl Claim {
    fn new(title: String, origin: Origin) -> Self {
        let mut bare = text::strip_diacritics(&title);
        let words = wording(&bare);
        bare.retain(text::is_letter_or_digit);
        Self { title: Found::new(title, origin), key: bare, words }
    }
}

/// A heading shows the title if at least this share of the words is the same.
const MIN_SHARED_WORDS: f32 = 0.5;

/// What quotes begin with.
const QUOTES: &[char] = &['"', '“', '„', '«', '»', '\'', '‘', '‚', '(', '「', '『'];

/// A heading of fewer words is no headline.
const MIN_HEADLINE_WORDS: usize = 5;

/// A heading of more elements is split for visual effect, and each piece is part of the title.
const MAX_PIECES: usize = 12;

/// What may stand between a kicker and the title.
const KICKER_MARKS: &[char] = &[':', '|', '–', '—', '•', '·', '/', '+', ' '];

pub(super) fn decide(
    document: &Html,
    collected: &Collected<'_>,
    ld: &Ld,
    site: &Site,
    context: &Context<'_>,
) -> Option<Title> {
    if let Some(title) = by_rule(document, context) {
        return Some(title);
    }
    let claims = claims(collected, ld, site);
    let seen = title_heading(collected, &claims, site);
    let spot = seen.as_ref().map(|(spot, _)| *spot);
    let is_told = claims.iter().any(|claim| claim.title.origin != Origin::TitleTag);
    let heading = seen.map(|(_, heading)| heading);
    // Old portals have one `<title>` for all pages: then what the page and the listing call the article is its title.
    let listed = context.candidate.and_then(|candidate| candidate.title.as_deref());
    let found = match (heading, listed) {
        (Some(heading), Some(listed)) if !is_told && is_same(&heading, listed) => heading.title,
        (heading, _) => best_title(heading, claims)?,
    };
    Some(Title {
        found,
        node: spot.map(|spot| spot.element.id()),
        at: spot.map(|spot| spot.at),
        chrome: spot.is_some_and(|spot| spot.chrome),
    })
}

/// Whether a heading is what a listing called the article, which it may have cut.
fn is_same(heading: &Claim, listed: &str) -> bool {
    let listed = key(listed.trim_end_matches(['…', '.']));
    !listed.is_empty() && heading.key.starts_with(&listed)
}

/// How much an origin counts. A heading counts more than JSON-LD, and is outvoted by two origins that agree on another
/// title. Publishers write `og:title` with most care. The rest breaks ties.
fn weight(origin: Origin) -> f32 {
    match origin {
        Origin::OpenGraph => 1.4,
        Origin::Heading => 1.3,
        Origin::JsonLd => 1.0,
        _ => 0.3,
    }
}

/// A title with the weight of the origins that say it.
struct Vote {
    key: String,
    weight: f32,
    origins: Vec<Origin>,
    title: Found<String>,
}

/// The title most origins agree on, letters and digits compared. A heading that shares fewer words than
/// [`MIN_SHARED_WORDS`] with every title in the metadata is some other heading and has no vote, unless the metadata
/// contradict each other; then what people read is the title.
fn best_title(mut heading: Option<Claim>, claims: Vec<Claim>) -> Option<Found<String>> {
    let is_other = |heading: &mut Claim| {
        !claims.is_empty()
            && claims.iter().all(|claim| shared(&heading.words, &claim.words) < MIN_SHARED_WORDS)
    };
    if let Some(heading) = heading.take_if(is_other)
        && is_shown_title(&heading.words, &claims)
    {
        return Some(heading.title);
    }
    let mut votes: Vec<Vote> = Vec::new();
    for Claim { title, key, .. } in heading.into_iter().chain(claims) {
        let (weight, origin) = (weight(title.origin), title.origin);
        match votes.iter_mut().find(|vote| vote.key == key) {
            // An origin that repeats itself has one vote.
            Some(vote) if vote.origins.contains(&origin) => {}
            Some(vote) => {
                vote.weight += weight;
                vote.origins.push(origin);
            }
            None => votes.push(Vote { key, weight, origins: vec![origin], title }),
        }
    }
    join_cut(&mut votes);
    let best =
        votes.into_iter().reduce(|best, other| if other.weight > best.weight { other } else { best })?;
    Some(best.title)
}

/// Whether a heading in words of its own is the title all the same: OpenGraph and JSON-LD differ from each other, and the
/// heading is long enough for a headline and shares some words with them.
fn is_shown_title(words: &Wording, claims: &[Claim]) -> bool {
    let of =
        |origin: Origin| claims.iter().find(|claim| claim.title.origin == origin).map(|claim| &claim.words);
    let (Some(graph), Some(ld)) = (of(Origin::OpenGraph), of(Origin::JsonLd)) else { return false };
    let known = words.iter().filter(|word| has(graph, word) || has(ld, word)).count();
    shared(graph, ld) < MIN_SHARED_WORDS
        && words.len() >= MIN_HEADLINE_WORDS
        && known >= 2
        && known * 5 >= words.len()
}

fn by_rule(document: &Html, context: &Context<'_>) -> Option<Title> {
    let rule = context.rules.title.as_ref()?;
    let (element, title) = document
        .select(&rule.selector)
        .map(|element| (element, shown(element)))
        .find(|(_, title)| !title.is_empty())?;
    Some(Title { found: Found::new(title, Origin::Rule), node: Some(element.id()), at: None, chrome: false })
}

/// The text of an element, or what it carries in `content`.
fn shown(element: ElementRef<'_>) -> String {
    match element.attr("content") {
        Some(content) => text::normalize(content),
        None => text::visible_within(element, 2_000),
    }
}

/// What the page's metadata claims the title to be, best first.
fn claims(collected: &Collected<'_>, ld: &Ld, site: &Site) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let mut claim = |title: String, origin: Origin| {
        let claim = Claim::new(site.taken_off(&title).to_owned(), origin);
        claims.extend(Some(claim).filter(|claim| is_title(claim, site)));
    };
    for (name, content) in collected.metas(vocabulary::TITLES) {
        claim(text::normalize(content), vocabulary::origin_of(name));
    }
    if let Some(headline) = &ld.article.headline {
        claim(headline.clone(), Origin::JsonLd);
    }
    for spot in collected.properties(&["headline"]).take(2) {
        claim(shown(spot.element), Origin::Microdata);
    }
    if let Some(title) = &collected.title_tag {
        claim(text::normalize(title), Origin::TitleTag);
    }
    claims
}

/// Whether something is said, and not the site's name.
fn is_title(claim: &Claim, site: &Site) -> bool {
    !claim.title.value.is_empty() && !site.has_key(&claim.key)
}

/// The heading that shows the title.
fn title_heading<'a>(collected: &Collected<'a>, claims: &[Claim], site: &Site) -> Option<(Spot<'a>, Claim)> {
    let readable = |spot: &Spot<'a>| {
        let heading = site.taken_off(&read_heading(spot.element, claims)).to_owned();
        let heading = Claim::new(heading, Origin::Heading);
        is_title(&heading, site).then_some((*spot, heading))
    };
    let agreement =
        |heading: &Claim| claims.iter().map(|claim| shared(&heading.words, &claim.words)).fold(0.0, f32::max);
    let mut best: Option<(f32, Spot<'a>, Claim)> = None;
    for list in [&collected.headings, &collected.lesser] {
        for (spot, heading) in list.iter().take(20).filter_map(readable) {
            let score = agreement(&heading);
            if score >= MIN_SHARED_WORDS && best.as_ref().is_none_or(|best| score > best.0 + 0.05) {
                best = Some((score, spot, heading));
            }
        }
        // Lesser headings are asked only where no main heading shows the title.
        if best.is_some() {
            break;
        }
    }
    if let Some((_, spot, heading)) = best {
        return Some((spot, heading));
    }
    // A single heading of the first level is the title even if metadata tells it in other words.
    let mut firsts =
        collected.headings.iter().filter(|spot| !spot.chrome && !spot.listed).filter_map(readable);
    match (firsts.next(), firsts.next()) {
        (Some(only), None) => Some(only),
        (None, _) => unmarked(collected, site),
        _ => None,
    }
}

/// Reads a heading without the kicker above the title or the line below it, which many sites put into the same element:
/// what its class calls so goes, and so does what stands before or after the title as metadata tell it.
fn read_heading(element: ElementRef<'_>, claims: &[Claim]) -> String {
    let whole = text::visible_within(element, 1_000);
    let pieces: Vec<ElementRef<'_>> = element.descendent_elements().skip(1).take(MAX_PIECES + 1).collect();
    if pieces.len() > MAX_PIECES {
        return whole;
    }
    let mut title = whole.as_str();
    for piece in pieces {
        let words = text::visible_within(piece, 300);
        if words.is_empty() {
            continue;
        }
        let before = title.strip_prefix(words.as_str()).map(|rest| rest.trim_start_matches(KICKER_MARKS));
        let after = title.strip_suffix(words.as_str()).map(|rest| rest.trim_end_matches(KICKER_MARKS));
        let is_kicker = is_kicker(piece);
        let is_title = |rest: &&str| {
            !rest.is_empty() && (is_kicker || claims.iter().any(|claim| claim.key == key(rest)))
        };
        title = before.filter(is_title).or_else(|| after.filter(is_title)).unwrap_or(title);
    }
    title.to_owned()
}

fn is_kicker(piece: ElementRef<'_>) -> bool {
    let names = [piece.attr("class"), piece.attr("id"), piece.attr("data-testid")];
    names.into_iter().flatten().any(|name| {
        let name = name.to_ascii_lowercase();
        vocabulary::KICKERS.iter().any(|word| name.contains(word))
    })
}

/// On a page without headings, the element that shows what `<title>` begins or ends with.
fn unmarked<'a>(collected: &Collected<'a>, site: &Site) -> Option<(Spot<'a>, Claim)> {
    let titled = collected.titled.iter().filter(|spot| !spot.chrome && !spot.listed);
    let read = titled.map(|spot| (*spot, text::visible_within(spot.element, 300)));
    let short = read.filter(|(_, title)| title.len() < 300);
    let mut claims = short.map(|(spot, title)| (spot, Claim::new(title, Origin::Heading)));
    claims.find(|(_, claim)| !site.has_key(&claim.key) && claim.words.len() >= 3)
}

/// Where one title is the beginning of another, gives the votes of the wrong one to the right one. If the rest begins
/// with a separator, it is the site's or the section's name and the shorter title is right. Otherwise the shorter one was
/// cut off, for instance at a quotation mark by software that does not escape; always so if the longer is the heading.
fn join_cut(votes: &mut Vec<Vote>) {
    for cut in (0..votes.len()).rev() {
        let start = votes[cut].title.value.trim_end_matches(['…', '.']);
        let longer = votes.iter().position(|other| {
            start.len() > 12
                && other.title.value.len() > votes[cut].title.value.len()
                && other.title.value.starts_with(start)
        });
        let Some(longer) = longer else { continue };
        let rest = votes[longer].title.value[start.len()..].trim_start();
        let is_read = votes[longer].title.origin == Origin::Heading;
        let marked = !is_read && rest.starts_with(|c: char| !c.is_alphanumeric() && !QUOTES.contains(&c));
        let (from, to) = if marked { (longer, cut) } else { (cut, longer) };
        votes[to].weight += votes[from].weight;
        votes.remove(from);
        return;
    }
}

/// The words of a title, folded and hashed, sorted, each once.
type Wording = Vec<u64>;

/// The words of a title that is [`text::strip_diacritics`].
fn wording(bare: &str) -> Wording {
    let words = bare.split(|c: char| !text::is_letter_or_digit(c)).filter(|word| !word.is_empty());
    let mut words: Wording = words.map(|word| FxBuildHasher.hash_one(word)).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// How far two titles have the same words: shared over all (Jaccard).
fn shared(one: &Wording, other: &Wording) -> f32 {
    let shared = one.iter().filter(|word| has(other, word)).count();
    let all = one.len() + other.len() - shared;
    if all == 0 { 0.0 } else { to_f32(shared) / to_f32(all) }
}

fn has(words: &Wording, word: &u64) -> bool {
    words.binary_search(word).is_ok()
}

fn to_f32(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
