//! The next page of a listing.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::links::{Link, Links};
use super::same_place;
use super::shape::Shape;
use crate::discover::dom::Flat;
use crate::discover::{hints, site};
use crate::model::Page;

/// Page numbers in a path: `/page/2`, `/trang-2`, `-p2`, `/2`, `.page2`.
static PATH_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)([/_.-])(?:(?:page|trang|pages|p|pg|tr)[/_.-]?)?\d{1,5}$").expect("a constant pattern")
});
/// A number as the text of a link: "2", "Trang 2", "Page 2".
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:(?:current |go to )?(?:page|trang)(?: hiện tại)?\s*)?(\d{1,5})\W*$")
        .expect("a constant pattern")
});

/// Most places below an element that marks a page's number.
const MAX_MARK_PLACES: usize = 12;
/// From how many words on the end of an address is an article's rather than a list's.
const MAX_LIST_SLUG: usize = 4;

/// The next page: what the page itself calls so (`rel=next`), else the link whose number is one more than this page's,
/// else one that reads "Trang sau", "Next" or "»" and leads to another page of the same list.
pub(super) fn find(tree: &Flat<'_>, links: &Links, page: &Page) -> Option<Url> {
    declared(tree, page)
        .or_else(|| numbered(tree, links, &page.url))
        .or_else(|| worded(tree, links, &page.url))
}

/// Which places are other pages of this listing, and so no articles.
pub(super) fn pager(links: &Links, page: &Url) -> Vec<bool> {
    let is_pager = |place: &super::links::Place| {
        let mut texts = place.links.iter().map(|link| links.links[*link].text.as_str());
        is_page_of(&place.url, page)
            && texts.any(|text| NUMBER.is_match(text) || says_next(text) || text.len() <= 4)
    };
    links.places.iter().map(is_pager).collect()
}

fn declared(tree: &Flat<'_>, page: &Page) -> Option<Url> {
    let base = tree.base_url(&page.url);
    let header = page.links.iter().filter(|(rel, _)| has_next(rel)).map(|(_, url)| url.clone());
    let linked = ["link", "a"].into_iter().flat_map(|name| tree.all(name));
    let linked = linked.filter(|(_, element)| element.attr("rel").is_some_and(has_next));
    let linked = linked.filter_map(|(_, element)| base.join(element.attr("href")?.trim()).ok());
    // Old themes put `rel=next` on articles, for the article before.
    let is_list = |url: &Url| is_page_of(url, &page.url) || Shape::of(url).slug <= MAX_LIST_SLUG;
    header
        .chain(linked)
        .find(|url| is_another(url, &page.url) && is_list(url))
        .map(|url| site::settle(&url, &page.url))
}

fn has_next(rel: &str) -> bool {
    rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"))
}

fn numbered(tree: &Flat<'_>, links: &Links, page: &Url) -> Option<Url> {
    let numbers: Vec<(u32, &Link)> =
        links.links.iter().filter_map(|link| Some((number(&link.text)?, link))).collect();
    let numbers: Vec<(u32, &Link)> =
        numbers.into_iter().filter(|(_, link)| is_page_of(&links.places[link.place].url, page)).collect();
    let first = numbers.first()?.1;
    let current = marked_number(tree, first.spot).or_else(|| number_of(page)).unwrap_or(1);
    let (_, link) = numbers.iter().find(|(number, _)| *number == current + 1)?;
    let url = &links.places[link.place].url;
    is_another(url, page).then(|| url.clone())
}

fn worded(tree: &Flat<'_>, links: &Links, page: &Url) -> Option<Url> {
    let suits = |link: &&Link| {
        let url = &links.places[link.place].url;
        is_another(url, page) && is_page_of(url, page) && !leads_back(url, page)
    };
    let by = |wanted: &dyn Fn(&Link) -> bool| {
        let link = links.links.iter().filter(suits).find(|link| wanted(link))?;
        Some(links.places[link.place].url.clone())
    };
    by(&|link| says_next(&link.text) || labels(tree, link).iter().any(|label| says_next(label)))
        .or_else(|| by(&|link| has_next_class(tree, link)))
        .or_else(|| by(&|link| hints::is_next_sign(&link.text)))
}

fn labels<'a>(tree: &Flat<'a>, link: &Link) -> Vec<&'a str> {
    let Some(element) = tree.element(link.spot) else { return Vec::new() };
    ["title", "aria-label"].into_iter().filter_map(|name| element.attr(name)).collect()
}

fn has_next_class(tree: &Flat<'_>, link: &Link) -> bool {
    let near = std::iter::once(link.spot).chain(tree.above(link.spot).take(1));
    near.filter_map(|at| tree.element(at))
        .flat_map(|element| element.classes())
        .any(|class| hints::name_words(class).iter().any(|word| word == "next" || word == "older"))
}

fn says_next(text: &str) -> bool {
    hints::says_next(text)
}

fn number(text: &str) -> Option<u32> {
    NUMBER.captures(text)?.get(1)?.as_str().parse().ok().filter(|number| *number > 0)
}

/// The number of this page as its page list marks it: beside the links there is a number that is no link, or one that
/// is marked as current.
fn marked_number(tree: &Flat<'_>, beside: usize) -> Option<u32> {
    let list = tree.above(beside).take(4);
    list.flat_map(|list| tree.below(list)).find_map(|at| {
        let element = tree.element(at)?;
        let is_current = element.attr("aria-current").is_some_and(|current| current != "false")
            || element.classes().flat_map(hints::name_words).any(|word| {
                matches!(word.as_str(), "current" | "active" | "selected" | "currentpage" | "cur")
            });
        (is_current && tree.below(at).len() <= MAX_MARK_PLACES).then(|| number(&tree.text(at))).flatten()
    })
}

/// The number that a page's own address holds.
fn number_of(page: &Url) -> Option<u32> {
    let by_query = page
        .query_pairs()
        .filter(|(name, _)| hints::is_pager(name))
        .find_map(|(_, value)| value.parse().ok());
    let path = page.path().trim_end_matches('/');
    let path = path.strip_suffix(&format!(".{}", hints::extension(page))).unwrap_or(path);
    let digits =
        || path.rsplit(|c: char| !c.is_ascii_digit()).next().filter(|digits| digits.len() <= 5)?.parse().ok();
    by_query.or_else(|| PATH_NUMBER.is_match(path).then(digits).flatten())
}

fn is_another(url: &Url, page: &Url) -> bool {
    site::is_within(url, page) && !same_place(url, page)
}

/// Whether an address is another page of the listing at `page`: the same path but for the page's number, and another
/// value of a parameter that pages.
fn is_page_of(url: &Url, page: &Url) -> bool {
    if list_path(url) != list_path(page) {
        return false;
    }
    let fixed = |url: &Url| -> Vec<(String, String)> {
        let pairs = url.query_pairs().filter(|(name, _)| !hints::is_pager(name));
        let mut pairs: Vec<_> = pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        pairs.sort();
        pairs
    };
    let (theirs, ours) = (fixed(url), fixed(page));
    let pages = url.query_pairs().any(|(name, _)| hints::is_pager(&name));
    let numbered = url.path() != page.path();
    // The first page often goes without the parameters that the others have, huge ones for Liferay.
    (pages || numbered) && (theirs == ours || ours.iter().all(|pair| theirs.contains(pair)) && pages)
}

fn list_path(url: &Url) -> String {
    let path = url.path().trim_end_matches('/').to_lowercase();
    let path = path.strip_suffix(&format!(".{}", hints::extension(url))).unwrap_or(&path).to_owned();
    let bare = PATH_NUMBER.replace(&path, "").trim_end_matches(['/', '-', '_', '.']).to_owned();
    ["/index", "/default", "/home"]
        .iter()
        .find_map(|index| bare.strip_suffix(index))
        .unwrap_or(&bare)
        .to_owned()
}

/// Whether the numbers say that an address is of an earlier page.
fn leads_back(url: &Url, page: &Url) -> bool {
    match (number_of(url), number_of(page)) {
        (Some(theirs), Some(ours)) => theirs <= ours,
        (None, Some(_)) => true,
        _ => false,
    }
}
