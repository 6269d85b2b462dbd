//! The words of a heading that are the title: without the kicker above them or the line below, which many sites put into
//! the same element.

use scraper::ElementRef;

use super::hints;
use super::site::key;
use super::title::Claim;
use crate::extract::text;

/// Headings that hold more elements are pieced together for effect: each piece is part of the title.
const PIECES: usize = 12;

/// What may stand between a kicker and the title.
const MARKS: &[char] = &[':', '|', '–', '—', '•', '·', '/', '+', ' '];

/// Reads a heading. What its class calls a kicker goes, and so does what stands before or after the title as metadata
/// tell it.
pub(super) fn read(element: ElementRef<'_>, claims: &[Claim]) -> String {
    let whole = text::visible_within(element, 1_000);
    let pieces: Vec<ElementRef<'_>> = element.descendent_elements().skip(1).take(PIECES + 1).collect();
    if pieces.len() > PIECES {
        return whole;
    }
    let mut title = whole.as_str();
    for piece in pieces {
        let words = text::visible_within(piece, 300);
        if words.is_empty() {
            continue;
        }
        let before = title.strip_prefix(words.as_str()).map(|rest| rest.trim_start_matches(MARKS));
        let after = title.strip_suffix(words.as_str()).map(|rest| rest.trim_end_matches(MARKS));
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
        hints::KICKERS.iter().any(|word| name.contains(word))
    })
}
