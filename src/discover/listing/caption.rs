//! The title in a link that may hold a whole card.

use url::Url;

use super::links::Link;
use super::teaser::DATE;
use crate::discover::dom::{self, Flat, Kind};
use crate::discover::{hints, text};
use crate::text::{normalize, strip_diacritics};

/// Most pieces of a card that are looked at.
const MAX_PIECES: usize = 40;
/// Most words of a piece that are compared with an address.
const MAX_WORDS: usize = 100;
/// A text and an address are alike if at least this share of their words is common to both.
const MIN_LIKENESS: f64 = 0.5;

/// The title in a link: of its headings, of the parts whose class says so and of its other parts the one that reads as
/// the address does; where none does, the heading or part so named with most words, else the first part with some words
/// that is no date.
pub(super) fn of(tree: &Flat<'_>, link: &Link, url: &Url) -> String {
    let inside = tree.below(link.spot).skip(1);
    let named = inside.filter(|at| dom::is_heading(tree.name(*at)) || is_called_title(tree, *at));
    let named: Vec<String> = named.take(MAX_PIECES).map(|at| normalize(&tree.text(at))).collect();
    let pieces = pieces(tree, link.spot);
    if named.len() + pieces.len() > 1 {
        let slug = slug(url);
        let alike = named.iter().chain(&pieces).map(|piece| (likeness(piece, &slug), piece));
        // Of equals the first: max_by takes the last.
        let best = alike.rev().max_by(|(a, _), (b, _)| a.total_cmp(b));
        if let Some((_, piece)) = best.filter(|(likeness, _)| *likeness >= MIN_LIKENESS) {
            return piece.clone();
        }
    }
    let longest =
        named.iter().rev().max_by_key(|title| text::words(title)).filter(|title| text::words(title) > 0);
    let reads = |piece: &&String| text::words(piece) >= 3 && !(piece.len() < 60 && DATE.is_match(piece));
    longest.or_else(|| pieces.iter().find(reads)).or(pieces.first()).unwrap_or(&link.text).clone()
}

fn is_called_title(tree: &Flat<'_>, at: usize) -> bool {
    let mut names =
        tree.element(at).into_iter().flat_map(|element| element.classes()).flat_map(hints::name_words);
    names.any(|word| matches!(word.as_str(), "title" | "headline" | "tieude"))
}

/// The parts of a card: the outermost elements that hold text of their own. A link with text of its own is one part.
fn pieces(tree: &Flat<'_>, anchor: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut at = anchor;
    while at < tree.below(anchor).end && pieces.len() < MAX_PIECES {
        if tree.spots[at].is_hidden && at != anchor {
            at = tree.spots[at].end;
        } else if has_own_text(tree, at) {
            pieces.push(normalize(&tree.text(at)));
            at = tree.spots[at].end;
        } else {
            at += 1;
        }
    }
    pieces
}

fn has_own_text(tree: &Flat<'_>, at: usize) -> bool {
    let mut child = at + 1;
    while child < tree.spots[at].end {
        if matches!(tree.spots[child].kind, Some(Kind::Text(piece)) if !piece.trim().is_empty()) {
            return true;
        }
        child = tree.spots[child].end;
    }
    false
}

/// The words of the segment that names what an address is of: its longest.
fn slug(url: &Url) -> Vec<String> {
    let words = |segment: &str| -> Vec<String> {
        segment
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    url.path().to_ascii_lowercase().split('/').map(words).max_by_key(Vec::len).unwrap_or_default()
}

/// How far a text and an address have their words in common, without diacritics: 0 for not at all, 1 for the same.
fn likeness(piece: &str, slug: &[String]) -> f64 {
    let folded = strip_diacritics(piece);
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .collect();
    let shared = words.iter().filter(|word| slug.iter().any(|it| it == *word)).count();
    if shared < 2 { 0.0 } else { 2.0 * shared as f64 / (words.len() + slug.len()) as f64 }
}

/// What a link without text says of itself: its `title`, `aria-label`, its picture's `alt`.
pub(super) fn attributes<'a>(tree: &Flat<'a>, link: &Link) -> Vec<&'a str> {
    let inside = tree.below(link.spot);
    let elements = inside.filter_map(|at| tree.element(at));
    elements
        .flat_map(|element| ["title", "aria-label", "alt"].into_iter().filter_map(|name| element.attr(name)))
        .collect()
}

/// A title that the page cut, as the link's `title` has it whole.
pub(super) fn whole(title: String, tree: &Flat<'_>, own: &[&Link]) -> String {
    let Some(start) = title.strip_suffix('…').or_else(|| title.strip_suffix("...")) else { return title };
    let start = start.trim_end();
    let attributes = own.iter().flat_map(|link| attributes(tree, link)).filter_map(text::title);
    let longer =
        attributes.filter(|it| it.starts_with(start) && it.len() > title.len()).max_by_key(String::len);
    longer.unwrap_or(title)
}
