//! Reads one `<img>`: the address that a script would have put in, the best rendition, sane attributes.

use url::Url;

use super::links::resource;
use super::model::Picture;
use super::renditions::{self, MAX_WIDTH_PIXELS, Rendition};
use super::web_data::{COUNTERS, FURNITURE, LAZY_SRC, ORIGINALS, PLACEHOLDERS, SRCSETS};
use crate::html::hidden::declares;
use crate::model::Element;
use crate::text::normalize;

/// What helps to find the best rendition of a picture.
pub(super) struct PictureContext<'a> {
    pub base: &'a Url,
    /// Pictures that the page proves to exist.
    pub known: &'a [Url],
    /// Where the surrounding link leads.
    pub link: Option<&'a str>,
    /// What the `<source>` elements of a `<picture>` offer.
    pub sources: &'a [Rendition],
}

/// The picture that an `<img>` means, or `None` if it means none: a placeholder that nothing replaces, a counter, an
/// address that is not http(s).
pub(super) fn read_picture(element: Element<'_>, around: &PictureContext<'_>) -> Option<Picture> {
    let width = pixels(element.attr("width"));
    let height = pixels(element.attr("height"));
    if is_invisible(element) {
        return None;
    }
    let (mut renditions, lazy) = renditions_of(element, around, width);
    renditions.retain(|rendition| !is_counter_or_furniture(&rendition.url));
    let (index, pixels) = renditions::best_rendition(&renditions)?;
    let url = renditions[index].url.clone();
    let alt = normalize(element.attr("alt").unwrap_or_default());
    let title = normalize(element.attr("title").unwrap_or_default());
    let title = if title == alt { String::new() } else { title };
    let (width, height) = (width.filter(|w| *w > 0), height.filter(|h| *h > 0));
    let srcset = published_srcset(&renditions, &url);
    Some(Picture { url, srcset, alt, title, width, height, pixels, lazy, in_noscript: false })
}

/// The picture of a `<picture>` without `<img>`, or of a `<video>`'s poster.
pub(super) fn picture_of_renditions(mut renditions: Vec<Rendition>) -> Option<Picture> {
    renditions::fill_widths(&mut renditions);
    let (index, pixels) = renditions::best_rendition(&renditions)?;
    let url = renditions[index].url.clone();
    let srcset = published_srcset(&renditions, &url);
    let (alt, title) = (String::new(), String::new());
    Some(Picture {
        url,
        srcset,
        alt,
        title,
        width: None,
        height: None,
        pixels,
        lazy: true,
        in_noscript: false,
    })
}

fn renditions_of(
    element: Element<'_>,
    around: &PictureContext<'_>,
    shown: Option<u32>,
) -> (Vec<Rendition>, bool) {
    // Every name in the tables but `srcset` begins so; most pictures have no such attribute.
    let has_data = element.attrs().any(|(name, _)| name.starts_with("data"));
    let (lazy_src, srcsets, originals) =
        if has_data { (LAZY_SRC, SRCSETS, ORIGINALS) } else { (&[][..], &["srcset"][..], &[][..]) };
    let named = |name: &&str| element.attr(name).and_then(|value| address(value, around.base));
    let late = lazy_src.iter().find_map(named).or_else(|| address_in_unknown_attribute(element, around.base));
    let lazy =
        late.is_some() || element.attr("data-srcset").is_some() || element.attr("data-lazy-srcset").is_some();
    let mut found: Vec<Rendition> = Vec::new();
    if let Some(url) = late.or_else(|| element.attr("src").and_then(|value| address(value, around.base))) {
        found.push(Rendition::new(url, None));
    }
    for value in srcsets.iter().filter_map(|name| element.attr(name)) {
        found.extend(renditions::parse_srcset(value, around.base, shown));
    }
    found.extend_from_slice(around.sources);
    found.retain(|rendition| !is_placeholder(&rendition.url));
    let linked = around.link.and_then(|link| address(link, around.base));
    let originals = originals.iter().filter_map(named);
    let known = around.known.iter().cloned().map(renditions::unwrap_photon).chain(linked).chain(originals);
    let known: Vec<Rendition> = known
        .map(|url| Rendition::new(url, None))
        .filter(|proof| found.iter().any(|rendition| rendition.family == proof.family))
        .collect();
    found.extend(known);
    renditions::fill_widths(&mut found);
    (found, lazy)
}

/// A picture's address, Photon unwrapped. A bare word (`src=x`) names no file; it is written to make a handler fire.
fn address(value: &str, base: &Url) -> Option<Url> {
    if !value.contains(['.', '/', '?']) {
        return None;
    }
    let url = renditions::unwrap_photon(resource(value, base)?);
    (!is_placeholder(&url)).then_some(url)
}

/// The picture in a `data-` attribute that no table names, found by its ending.
fn address_in_unknown_attribute(element: Element<'_>, base: &Url) -> Option<Url> {
    let is_known = |name: &str| ORIGINALS.contains(&name) || SRCSETS.contains(&name);
    let looks_like_one = |value: &str| {
        let path = value.split(['?', '#']).next().unwrap_or_default().trim();
        let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        path.contains('/')
            && !path.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '<' | ','))
            && matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "webp" | "gif" | "avif")
    };
    let is_thumbnail =
        |name: &str| ["thumb", "small", "low", "blur", "placeholder"].iter().any(|w| name.contains(w));
    element
        .attrs()
        .filter(|(name, _)| name.starts_with("data-") && !is_known(name) && !is_thumbnail(name))
        .filter(|(_, value)| looks_like_one(value))
        .find_map(|(_, value)| address(value, base))
}

/// Renditions worth offering beside the chosen one: at least two widths of its family, none too wide, itself among them.
fn published_srcset(renditions: &[Rendition], chosen: &Url) -> Vec<(Url, u32)> {
    if renditions.iter().filter(|rendition| rendition.width.is_some()).count() < 2 {
        return Vec::new();
    }
    let family = renditions::family(chosen);
    let mut set: Vec<(Url, u32)> = Vec::new();
    for Rendition { url, width, family: theirs } in renditions {
        let Some(width) = width.filter(|width| *width <= MAX_WIDTH_PIXELS) else { continue };
        let is_new = set.iter().all(|(other, known)| other != url && *known != width);
        if is_new && *theirs == family && !url.as_str().ends_with(',') {
            set.push((url.clone(), width));
        }
    }
    set.sort_by_key(|(_, width)| *width);
    if set.len() < 2 || !set.iter().any(|(url, _)| url == chosen) {
        set.clear();
    }
    set
}

/// A size attribute in CSS pixels; percentages and words are none.
pub(super) fn pixels(value: Option<&str>) -> Option<u32> {
    let value = value?.trim();
    let digits = value.strip_suffix("px").unwrap_or(value).split('.').next().unwrap_or_default();
    digits.parse().ok().filter(|pixels| *pixels <= 20_000)
}

/// Whether a picture is not meant to be seen: it is hidden, or about a pixel large.
fn is_invisible(element: Element<'_>) -> bool {
    let side = |name: &str| pixels(element.attr(name));
    let style = element.attr("style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    let is_hidden =
        declares(&style, "display", "none") && LAZY_SRC.iter().all(|name| element.attr(name).is_none());
    let is_tiny = match (side("width"), side("height")) {
        (Some(width), Some(height)) => width.min(height) == 0 || width.max(height) <= 2,
        (Some(one), None) | (None, Some(one)) => one <= 1,
        (None, None) => style.contains("width:1px") && style.contains("height:1px"),
    };
    is_hidden || is_tiny
}

fn is_placeholder(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default().as_bytes();
    PLACEHOLDERS.iter().any(|known| {
        let ends = name.len().checked_sub(known.len()).map(|at| name.split_at(at));
        ends.is_some_and(|(before, end)| {
            end.eq_ignore_ascii_case(known.as_bytes())
                && matches!(before.last(), None | Some(b'-' | b'_' | b'.'))
        })
    })
}

/// Whether a picture counts visits or belongs to the portal's furniture.
fn is_counter_or_furniture(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let path = url.path().as_bytes();
    let begins = |rest: &[u8], part: &str| {
        rest.get(..part.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(part.as_bytes()))
    };
    memchr::memchr_iter(b'/', path).any(|at| FURNITURE.iter().any(|part| begins(&path[at..], part)))
        || COUNTERS.iter().any(|(known, path)| host == *known && url.path().starts_with(path))
}

/// The character that an emoji picture stands for (WordPress and Facebook put pictures in index of characters).
pub(super) fn emoji_character(element: Element<'_>) -> Option<String> {
    let source = element.attr("src").or_else(|| element.attr("data-src")).unwrap_or_default();
    let is_emoji = element.attr("class").is_some_and(|class| {
        class.split_ascii_whitespace().any(|class| matches!(class, "emoji" | "wp-smiley" | "twemoji"))
    }) || source.contains("s.w.org/images/core/emoji/")
        || source.contains("/images/emoji.php");
    let alt = normalize(element.attr("alt")?);
    (is_emoji && (1..=16).contains(&alt.chars().count())).then_some(alt)
}

/// Whether two neighbours show the same picture: one family, or one name in a pair of which one was loaded by script and
/// the other stood in its `<noscript>`.
pub(super) fn shows_same(one: &Picture, other: &Picture) -> bool {
    let name = |picture: &Picture| picture.url.path().rsplit('/').next().unwrap_or_default().to_owned();
    let is_pair = (one.lazy && other.in_noscript) || (one.in_noscript && other.lazy);
    one.url == other.url
        || renditions::family(&one.url) == renditions::family(&other.url)
        || (is_pair && name(one) == name(other) && !name(one).is_empty())
}

/// Makes one picture of two that show the same: the larger rendition, with the words and sizes that either has.
pub(super) fn merge_pictures(one: &mut Picture, other: Picture) {
    let is_one_family = renditions::family(&one.url) == renditions::family(&other.url);
    let (first, second) = match renditions::is_larger(other.pixels, one.pixels, is_one_family) {
        true => (other, one.clone()),
        false => (one.clone(), other),
    };
    let either = |a: String, b: String| if a.is_empty() { b } else { a };
    let (width, height) =
        if first.width.is_some() { (first.width, first.height) } else { (second.width, second.height) };
    let alt = either(first.alt, second.alt);
    let title = either(first.title, second.title);
    let title = if title == alt { String::new() } else { title };
    *one = Picture { alt, title, width, height, lazy: false, in_noscript: false, ..first };
}
