//! Whether a canonical link names the article that it stands on (pure).
//!
//! Portals get `rel=canonical` wrong in a few ways: every page points at its section, at one fixed page, at the script
//! without the parameter that names the article, or at the page that was cached before it. Believed, each makes one
//! article of many. So the link must show that it means this article: by the end of its address, by the number in it,
//! or by words of the title. A right link that shows nothing of this costs a duplicate at most, which its text joins.

use url::Url;

use crate::model::UrlKey;
use crate::text::strip_diacritics;

/// A number names an article only with at least so many digits; shorter ones are counts and page numbers.
const MIN_ID_DIGITS: usize = 3;
/// A path's last segment of at least so many words names one article, whatever parameters follow.
const MIN_TELLING_WORDS: usize = 3;
/// Segments after an article's address that choose a view or a part of it.
const VIEW_SEGMENTS: &[&str] = &["amp", "print", "page", "trang"];

/// Whether `canonical` can be an address of the article with this title that answers to the addresses `own`.
pub(super) fn names_this(canonical: &Url, own: &[&Url], title: Option<&str>) -> bool {
    own.iter().any(|own| UrlKey::path_of(own) == UrlKey::path_of(canonical))
        || own.iter().any(|own| is_its_address(canonical, own))
        || (!own.iter().any(|own| is_above(canonical, own))
            && title.is_some_and(|title| reads_like(canonical, title)))
}

fn is_its_address(canonical: &Url, own: &Url) -> bool {
    if is_above(canonical, own) {
        return false;
    }
    let (theirs, ours) = (segments(canonical), segments(own));
    let part = ours.iter().rposition(|segment| !is_view(segment)).map(|last| &ours[last]);
    let end = theirs.last().zip(part).is_some_and(|(theirs, ours)| stem(theirs) == stem(ours));
    let bare = parameters(own).is_empty() && parameters(canonical).is_empty();
    let telling = theirs.last().is_some_and(|last| words(last).count() >= MIN_TELLING_WORDS);
    let (number, other) = (number_of(canonical), number_of(own));
    // Where both have a number, it decides: `detail.aspx?id=7` is not `detail.aspx?id=8`.
    match (&number, &other) {
        (Some(number), Some(other)) => number == other,
        _ => end && (bare || telling),
    }
}

/// Whether an address is that of a list the other stands in: `/tin-tuc` and `/tin-tuc/bai.html`.
fn is_above(list: &Url, own: &Url) -> bool {
    let (theirs, ours) = (segments(list), segments(own));
    ours.len() > theirs.len()
        && ours.starts_with(&theirs)
        && !ours[theirs.len()..].iter().all(|segment| is_view(segment))
}

fn is_view(segment: &str) -> bool {
    VIEW_SEGMENTS.contains(&segment)
        || (segment.len() < MIN_ID_DIGITS && segment.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Half of the words of the address are words of the title, whose tone marks addresses leave out.
fn reads_like(canonical: &Url, title: &str) -> bool {
    let title = strip_diacritics(title);
    let title: Vec<&str> =
        title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let segments = segments(canonical);
    let slug = segments.iter().max_by_key(|segment| words(segment).count());
    let slug: Vec<&str> = slug.map(|slug| words(slug).collect()).unwrap_or_default();
    let shared = slug.iter().filter(|word| title.contains(word)).count();
    shared >= 2 && shared * 2 >= slug.len()
}

fn segments(url: &Url) -> Vec<String> {
    let path = UrlKey::path_of(url);
    let path = path.split('?').next().unwrap_or_default();
    path.split('/').filter(|segment| !segment.is_empty()).map(str::to_lowercase).collect()
}

/// A segment without its ending, if it has one.
fn stem(segment: &str) -> &str {
    segment.rsplit_once('.').map_or(segment, |(stem, _)| stem)
}

fn words(segment: &str) -> impl Iterator<Item = &str> {
    let words = stem(segment).split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().any(char::is_alphabetic))
}

/// The parameters that say which article it is: all but those that [`UrlKey`] drops.
fn parameters(url: &Url) -> Vec<String> {
    let path = UrlKey::path_of(url);
    let query = path.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter(|pair| !pair.is_empty()).map(str::to_lowercase).collect()
}

/// The last number in an address that is no year: of its parameters, else of its path.
fn number_of(url: &Url) -> Option<String> {
    let last = |text: &str| {
        let mut numbers = text.split(|c: char| !c.is_ascii_digit());
        let is_year =
            |number: &str| number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
        numbers.rfind(|number| number.len() >= MIN_ID_DIGITS && !is_year(number)).map(str::to_owned)
    };
    let values: Vec<String> = parameters(url)
        .iter()
        .filter_map(|pair| pair.split_once('=').map(|(_, value)| value.to_owned()))
        .collect();
    last(&values.join("&")).or_else(|| last(&segments(url).join("/")))
}
