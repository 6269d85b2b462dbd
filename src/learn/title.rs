//! Where the title stands on pages that do not mark it, told by the titles that the listings give. Pure.

use scraper::{ElementRef, Html, Selector};

use super::sample::Reading;
use crate::config::Css;
use crate::extract::text;
use crate::html;

/// Pages that are compared.
const MAX_PAGES: usize = 24;
/// Fewer pages do not tell.
const MIN_PAGES: usize = 3;
/// Longest class or id that is taken for a name.
const MAX_NAME_CHARS: usize = 60;
/// Elements whose name alone says what they hold.
const TELLING_ELEMENTS: &[&str] = &["article", "main", "h1", "time", "address"];

/// The selector of the title, for portals on most of whose pages nothing marks it. It must hold on four pages of five.
pub(super) fn infer(readings: &[&Reading<'_>]) -> Option<Css> {
    let untitled = readings.iter().filter(|reading| reading.article.draft.title.is_none()).count();
    if readings.len() < MIN_PAGES || untitled * 2 < readings.len() {
        return None;
    }
    let pages: Vec<(Html, Option<&str>)> = readings
        .iter()
        .take(MAX_PAGES)
        .filter_map(|reading| {
            let document = html::parse(&reading.page_sample.page.html).ok()?;
            Some((document, reading.page_sample.candidate.title.as_deref()))
        })
        .collect();
    let titles: Vec<Option<ElementRef<'_>>> =
        pages.iter().map(|(document, title)| title_element(document, (*title)?)).collect();
    let mut tried: Vec<String> = Vec::new();
    let mut best: Option<(usize, Css)> = None;
    for name in titles.iter().flatten().flat_map(|title| names(*title)) {
        if tried.contains(&name) {
            continue;
        }
        tried.push(name.clone());
        let Ok(selector) = Selector::parse(&name) else { continue };
        let first = |document: &Html| document.select(&selector).next().map(|element| element.id());
        let holds = pages
            .iter()
            .zip(&titles)
            .filter(|((document, _), title)| title.is_some_and(|title| first(document) == Some(title.id())));
        let count = holds.count();
        if best.as_ref().is_none_or(|(most, _)| count > *most) {
            best = Some((count, Css { text: name, selector }));
        }
    }
    best.filter(|(count, _)| count * 5 >= pages.len() * 4).map(|(_, css)| css)
}

/// The innermost element that reads as the listing's title does.
fn title_element<'a>(document: &'a Html, title: &str) -> Option<ElementRef<'a>> {
    let title = text::normalize(title);
    let reads = |element: &ElementRef<'_>| text::visible_within(*element, title.len() + 40) == title;
    let elements = document.root_element().descendent_elements().filter(reads);
    elements.filter(|element| element.value().name() != "a").last()
}

/// The selectors that an element's own names make, the plainest first.
fn names(element: ElementRef<'_>) -> Vec<String> {
    let value = element.value();
    let tag = value.name();
    let mut names: Vec<String> =
        value.classes().filter(|class| is_name(class)).map(|class| format!("{tag}.{class}")).collect();
    names.extend(value.attr("id").filter(|id| is_name(id)).map(|id| format!("{tag}#{id}")));
    names.extend(
        value.attr("itemprop").filter(|it| is_name(it)).map(|it| format!("{tag}[itemprop=\"{it}\"]")),
    );
    names.extend(TELLING_ELEMENTS.contains(&tag).then(|| tag.to_owned()));
    names
}

/// Whether a class or id needs no escapes in a selector and is not one article's own, as `post-7301`.
fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    name.len() <= MAX_NAME_CHARS
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(is_plain)
        && digits < 4
}
