//! How an address is made, apart from what it says: `/*.html`, `/#/#/*`, `/*/*-#`, `/Detail.aspx?contentid=#`.

use url::Url;

use crate::discover::hints;

/// How many digits a number in an address needs to look like an article's: fewer are years, counts, ages.
const MIN_ID_DIGITS: usize = 4;

/// The make of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Segments as `*` (words) or `#` (number), the ending, the names of parameters.
    pub(super) skeleton: String,
    /// The first segment, or for addresses with parameters the whole path, as it is, before the skeleton: it tells
    /// `/tag/*` from `/bai-viet/*`.
    pub(super) literal: String,
    /// Whether one of the last two segments or a parameter holds a number like an article's.
    pub(super) id: bool,
    /// Whether the path holds a date, as `/2024/07/03/`.
    pub(super) dated: bool,
    /// Words in the segment that names what the address is of.
    pub(super) slug: usize,
}

impl Shape {
    pub(super) fn of(url: &Url) -> Self {
        let segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
        let ending = hints::extension(url);
        let masked: Vec<&str> =
            segments.iter().map(|segment| if is_number(segment) { "#" } else { "*" }).collect();
        let mut skeleton = format!("/{}", masked.join("/"));
        if !ending.is_empty() {
            skeleton.push('.');
            skeleton.push_str(&ending);
        }
        let mut names: Vec<String> = Vec::new();
        let mut id = segments.iter().rev().take(2).any(|segment| holds_id(segment));
        for (name, value) in url.query_pairs().take(64) {
            if !hints::is_pager(&name) || is_long_number(&value) {
                id |= is_long_number(&value) || holds_id(&value);
            }
            names.push(masked_digits(&name.to_lowercase()));
        }
        names.sort();
        names.dedup();
        let literal = if names.is_empty() {
            if segments.len() > 1 { segments[0].to_lowercase() } else { String::new() }
        } else {
            url.path().to_lowercase()
        };
        if !names.is_empty() {
            skeleton.push('?');
            skeleton.push_str(&names.join("&"));
        }
        let slug = slug_of(&segments);
        let literal = format!("{literal} {skeleton}");
        Self { skeleton, literal, id, dated: is_dated(&segments), slug }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_long_number(text: &str) -> bool {
    text.len() >= MIN_ID_DIGITS && is_number(text)
}

/// Whether a segment holds a number set apart, as `slug-760833.html`, `123456-slug`, `id12345`.
fn holds_id(segment: &str) -> bool {
    segment.split(|c: char| !c.is_ascii_alphanumeric()).any(|piece| {
        let digits = piece.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        is_long_number(digits) && !is_year(digits)
    })
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20"))
}

fn is_dated(segments: &[&str]) -> bool {
    segments.windows(2).any(|pair| is_year(pair[0]) && is_number(pair[1]) && pair[1].len() <= 2)
}

/// Words in the segment that names what the address is of: the last, or one before it where the address ends in its
/// number ("/slug/760833", "/slug/articleshow/112880627.cms", "/slug-1018106/artikel").
fn slug_of(segments: &[&str]) -> usize {
    let mut from_end = segments.iter().rev();
    let last = from_end.next().copied().unwrap_or_default();
    let numbered_before = from_end.clone().next().is_some_and(|segment| holds_id(segment));
    let before = if holds_id(last) || last.starts_with("index.") { 2 } else { usize::from(numbered_before) };
    from_end.take(before).map(|segment| slug_words(segment)).max().unwrap_or_default().max(slug_words(last))
}

/// Words of a slug: pieces between `-` and `_` that hold a letter.
fn slug_words(segment: &str) -> usize {
    let stem = segment.rsplit_once('.').map_or(segment, |(stem, _)| stem);
    let pieces = stem.split(['-', '_', '+', '.']).flat_map(|piece| piece.split("%20"));
    pieces.filter(|piece| piece.chars().any(|c| c.is_ascii_alphabetic())).count()
}

fn masked_digits(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}
