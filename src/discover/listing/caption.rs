//! The title in a link that may hold a whole card.

use icu_normalizer::DecomposingNormalizerBorrowed;
use url::Url;

use super::links::Link;
use super::teaser::DATE;
use crate::discover::dom::{self, Flat, Kind};
use crate::discover::{hints, text};

/// Most pieces of a card that are looked at.
const MAX_PIECES: usize = 40;

/// The title in a link: its heading, else the part whose class says so, else the part that reads as the address does,
/// else the first part with some words that is no date.
pub(super) fn of(tree: &Flat<'_>, link: &Link, url: &Url) -> String {
    let inside = link.spot + 1..tree.spots[link.spot].end;
    if let Some(heading) = inside.clone().find(|at| dom::is_heading(tree.name(*at))) {
        return tree.text(heading);
    }
    let names_title = |at: &usize| {
        let names =
            tree.element(*at).into_iter().flat_map(|element| element.classes()).flat_map(hints::name_words);
        names.into_iter().any(|word| matches!(word.as_str(), "title" | "headline" | "tieude"))
    };
    if let Some(title) =
        inside.filter(names_title).map(|at| tree.text(at)).find(|title| text::words(title) > 0)
    {
        return title;
    }
    let pieces = pieces(tree, link.spot);
    let slug = slug(url);
    let alike =
        pieces.iter().map(|piece| (shared(piece, &slug), piece)).rev().max_by_key(|(shared, _)| *shared);
    match alike {
        Some((shared, piece)) if shared >= 2 && pieces.len() > 1 => piece.clone(),
        _ => {
            let reads =
                |piece: &&String| text::words(piece) >= 3 && !(piece.len() < 60 && DATE.is_match(piece));
            pieces.iter().find(reads).or(pieces.first()).unwrap_or(&link.text).clone()
        }
    }
}

/// The parts of a card: the outermost elements that hold text of their own. A link with text of its own is one part.
fn pieces(tree: &Flat<'_>, anchor: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut at = anchor;
    while at < tree.spots[anchor].end && pieces.len() < MAX_PIECES {
        if has_own_text(tree, at) {
            pieces.push(text::plain(&tree.text(at)));
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

/// The words of an address.
fn slug(url: &Url) -> Vec<String> {
    let path = url.path().to_ascii_lowercase();
    path.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// How many words of a text stand in an address, where diacritics are gone.
fn shared(piece: &str, slug: &[String]) -> usize {
    let folded: String = DecomposingNormalizerBorrowed::new_nfd()
        .normalize(&piece.to_lowercase().replace('đ', "d"))
        .chars()
        .filter(|c| c.is_ascii())
        .collect();
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.take(slug.len() + 10).filter(|word| slug.iter().any(|it| it == word)).count()
}

/// What a link without text says of itself: its `title`, `aria-label`, its picture's `alt`.
pub(super) fn attributes<'a>(tree: &Flat<'a>, link: &Link) -> Vec<&'a str> {
    let inside = link.spot..tree.spots[link.spot].end;
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
