//! The links of a page: where each leads, what it reads, and which of them lead to one place.

use std::collections::HashMap;
use std::ops::Range;

use url::Url;

use super::MAX_LINKS;
use crate::discover::dom::{self, Flat, Kind};
use crate::discover::{Context, hints, text};
use crate::model::{Page, UrlKey};
use crate::text::normalize;

/// Longest link text that is kept, in bytes: a card that is one link holds its whole excerpt.
const MAX_LINK_TEXT_BYTES: usize = 2_000;
/// A link of more words is too long for the name of a section.
const MAX_SECTION_NAME_WORDS: usize = 7;
/// How many digits the shortest date of news has: "3/7/24".
const MIN_DATE_DIGITS: usize = 4;

/// One `<a href>` that stays on the site.
pub(super) struct Link {
    /// Where it stands in the tree.
    pub(super) spot: usize,
    /// Which place it leads to: an index into [`Links::places`].
    pub(super) place: usize,
    /// Its text, squashed.
    pub(super) text: String,
    /// How many words the text has; 0 if it only says "Xem thêm".
    pub(super) words: usize,
    /// Whether it stands in a heading or holds one.
    pub(super) heading: bool,
    /// Whether it holds a picture.
    pub(super) picture: bool,
}

/// A place on the site that the page links to.
pub(super) struct Place {
    /// Its address, in the spelling that answered.
    pub(super) url: Url,
    /// The links that lead to it: indices into [`Links::links`].
    pub(super) links: Vec<usize>,
}

/// All links of a page.
pub(super) struct Links {
    pub(super) links: Vec<Link>,
    pub(super) places: Vec<Place>,
    /// For each spot of the tree, how many links stand before it, so that a subtree's count is a difference.
    before: Vec<u32>,
    pub(super) off_site: usize,
    pub(super) over_limit: usize,
}

impl Links {
    pub(super) fn of(tree: &Flat<'_>, page: &Page, context: &Context<'_>) -> Self {
        let base = tree.base_url(&page.url);
        let own = UrlKey::of(&page.url);
        let home = UrlKey::of(context.home);
        let mut found =
            Self { links: Vec::new(), places: Vec::new(), before: Vec::new(), off_site: 0, over_limit: 0 };
        let mut places: HashMap<UrlKey, usize> = HashMap::new();
        let mut spots = Vec::new();
        for (spot, anchor) in tree.all("a") {
            let Some(href) = anchor.attr("href").map(str::trim).filter(|href| leads_somewhere(href)) else {
                continue;
            };
            if spots.len() >= MAX_LINKS {
                found.over_limit += 1;
                continue;
            }
            spots.push(spot);
            let Some(url) = context.within(href, &base, &page.url) else {
                found.off_site += usize::from(base.join(href).is_ok_and(|url| url.has_host()));
                continue;
            };
            let key = UrlKey::of(&url);
            if key == own || key == home || hints::is_file(&url) || hints::is_never_article(&url) {
                continue;
            }
            let place = *places.entry(key).or_insert_with(|| {
                found.places.push(Place { url, links: Vec::new() });
                found.places.len() - 1
            });
            found.places[place].links.push(found.links.len());
            found.links.push(Link::of(tree, spot, place));
        }
        found.before = counts_before(tree.spots.len(), &spots);
        found
    }

    /// How many links stand below a spot, those that leave the site among them.
    pub(super) fn below(&self, spot: usize, tree: &Flat<'_>) -> usize {
        (self.before[tree.spots[spot].end] - self.before[spot]) as usize
    }
}

impl Link {
    fn of(tree: &Flat<'_>, spot: usize, place: usize) -> Self {
        let text = normalize(&truncated(&tree.text(spot)));
        let words = if hints::is_generic(&text) { 0 } else { text::words(&text) };
        let inside = tree.below(spot);
        let has = |wanted: fn(&str) -> bool| inside.clone().any(|at| wanted(tree.name(at)));
        let in_heading = tree.above(spot).take(3).any(|at| dom::is_heading(tree.name(at)));
        Self {
            spot,
            place,
            words,
            text,
            heading: in_heading || has(dom::is_heading),
            picture: has(|name| matches!(name, "img" | "picture" | "amp-img")),
        }
    }
}

/// Whether an `href` is one that can lead to another page.
fn leads_somewhere(href: &str) -> bool {
    let scheme = href.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let other = ["javascript", "mailto", "tel", "data", "sms", "zalo", "viber", "whatsapp", "about", "blob"];
    !href.is_empty() && !href.starts_with('#') && !other.contains(&scheme.trim())
}

fn counts_before(len: usize, spots: &[usize]) -> Vec<u32> {
    let mut before = vec![0_u32; len + 1];
    for spot in spots {
        before[spot + 1] += 1;
    }
    for at in 1..before.len() {
        before[at] += before[at - 1];
    }
    before
}

fn truncated(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_LINK_TEXT_BYTES)].to_owned()
}

/// Counts of words before each spot of a tree, so that a subtree's count is a difference.
pub(super) struct Words {
    /// All words.
    pub(super) all: Vec<u32>,
    /// Words in links.
    pub(super) linked: Vec<u32>,
    /// Links that are longer than the name of a section.
    pub(super) long_links: Vec<u32>,
    /// Texts beside links that hold as many digits as a date does.
    pub(super) dates: Vec<u32>,
}

impl Words {
    pub(super) fn of(tree: &Flat<'_>) -> Self {
        let zeros = vec![0_u32; tree.spots.len() + 1];
        let mut counts =
            Self { all: zeros.clone(), linked: zeros.clone(), long_links: zeros.clone(), dates: zeros };
        let mut anchor_end = 0;
        for (at, spot) in tree.spots.iter().enumerate() {
            let (mut all, mut linked, mut long, mut dates) = (0, 0, 0, 0);
            match &spot.kind {
                Some(Kind::Element(element)) if element.name() == "a" && at >= anchor_end => {
                    anchor_end = spot.end;
                    long = u32::from(text::words(&tree.text(at)) > MAX_SECTION_NAME_WORDS);
                }
                Some(Kind::Text(piece)) => {
                    all = u32::try_from(text::words(piece)).unwrap_or(u32::MAX);
                    linked = if at < anchor_end { all } else { 0 };
                    let digits = piece.bytes().filter(u8::is_ascii_digit).count();
                    dates = u32::from(at >= anchor_end && digits >= MIN_DATE_DIGITS);
                }
                _ => {}
            }
            counts.all[at + 1] = counts.all[at].saturating_add(all);
            counts.linked[at + 1] = counts.linked[at].saturating_add(linked);
            counts.long_links[at + 1] = counts.long_links[at] + long;
            counts.dates[at + 1] = counts.dates[at] + dates;
        }
        counts
    }

    /// The count within a subtree.
    pub(super) fn within(counts: &[u32], range: &Range<usize>) -> u32 {
        counts[range.end] - counts[range.start]
    }
}
