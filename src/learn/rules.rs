//! Where on the pages things stand, told from what extraction found there: evidence for whoever reads the source file, and
//! ready to be used should the extractor one day need help. Pure.

use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};

use super::sample::{self, Reading};
use crate::config::Source;
use crate::extract::{meta, text};
use crate::html;

/// Pages that are held against each other.
const MAX_PAGES: usize = 24;
/// Share of the content that an element must hold, and of its text that must be content, to be where the content stands.
const HOLDS: f64 = 0.9;
const PURE: f64 = 0.6;
/// Elements above the innermost one with the content that are tried as well.
const ABOVE: usize = 3;
/// Elements whose name alone says what they hold.
const TELLING: &[&str] = &["article", "main", "h1", "time", "address"];

/// A rule that could stand in `[article]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The key in the source file.
    pub key: &'static str,
    /// The selector, or for `cut_at` the text.
    pub value: String,
    /// Pages on which it holds.
    pub holds: usize,
    /// Pages that it was tried on.
    pub of: usize,
}

/// Letters that a piece of text needs to be looked for in the content: shorter ones stand anywhere.
const PIECE: usize = 12;
/// Elements above a piece of text that are told of it.
const LEVELS: usize = 64;
/// Elements whose text nobody reads.
const UNSEEN: &[&str] = &["script", "style", "template", "title", "textarea", "option", "noscript"];

/// A page with what was found on it.
struct Seen {
    document: Html,
    /// For each element with text: bytes of it that are content, and all.
    sizes: HashMap<NodeId, (usize, usize)>,
    /// Bytes of content on the page.
    total: usize,
    /// The element around the middle of the content.
    middle: Option<NodeId>,
    /// The lines below the content.
    below: Vec<String>,
    title: Option<NodeId>,
    published: Option<NodeId>,
    author: Option<NodeId>,
}

/// The rules that hold on more than half of the pages, in the order of the source file's keys.
pub(super) fn infer(readings: &[&Reading<'_>], source: &Source) -> Vec<Rule> {
    let seen: Vec<Seen> =
        readings.iter().take(MAX_PAGES).filter_map(|reading| see(reading, source)).collect();
    let place = |key, of: fn(&Seen) -> Option<NodeId>| {
        let named = |seen: &Seen| of(seen).map(|node| names(seen, node)).unwrap_or_default();
        let holds = |seen: &Seen, selector: &Selector| {
            let first = seen.document.select(selector).next().map(|element| element.id());
            f64::from(u8::from(first.is_some() && first == of(seen)))
        };
        best(key, &seen, named, holds)
    };
    let content =
        best("body", &seen, content_names, |seen, selector| purity(seen, selector).unwrap_or_default());
    let rules = [
        place("title", |seen| seen.title),
        content,
        place("published", |seen| seen.published),
        place("author", |seen| seen.author),
        below_text(&seen),
    ];
    rules.into_iter().flatten().collect()
}

fn see(reading: &Reading<'_>, source: &Source) -> Option<Seen> {
    let page = &reading.specimen.page;
    let document = html::parse(&page.html).ok()?;
    let places =
        meta::read(&document, page, &sample::context(source, Some(&reading.specimen.candidate))).places;
    let title = places.title.or_else(|| titled(&document, reading.specimen.candidate.title.as_deref()?));
    let mut seen = Seen {
        sizes: HashMap::new(),
        total: 0,
        middle: None,
        below: Vec::new(),
        title,
        published: places.published,
        author: places.author,
        document,
    };
    weigh(&mut seen, &reading.article.cleaned.text);
    Some(seen)
}

/// Tells every piece of text that is content from the rest, and sums both up over the elements above.
fn weigh(seen: &mut Seen, content: &str) {
    let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let content = squeezed(&text::fold(content));
    let mut kept: Vec<(NodeId, usize)> = Vec::new();
    for node in seen.document.tree.nodes() {
        let (Some(words), Some(parent)) = (node.value().as_text(), node.parent()) else { continue };
        let is_unseen = parent.value().as_element().is_some_and(|element| UNSEEN.contains(&element.name()));
        let line = text::fold(words);
        if is_unseen || line.is_empty() {
            continue;
        }
        let piece = squeezed(&line);
        let is_content = piece.chars().count() >= PIECE && content.contains(&piece);
        if is_content {
            kept.push((parent.id(), piece.len()));
            seen.below.clear();
        } else {
            seen.below.push(line);
        }
        for above in node.ancestors().take(LEVELS) {
            let size = seen.sizes.entry(above.id()).or_default();
            size.0 += if is_content { piece.len() } else { 0 };
            size.1 += piece.len();
        }
    }
    seen.total = kept.iter().map(|(_, size)| size).sum();
    let mut before = 0;
    let is_middle = |(_, size): &&(NodeId, usize)| {
        before += size;
        before * 2 >= seen.total
    };
    seen.middle = kept.iter().find(is_middle).map(|(node, _)| *node);
}

/// The innermost element that reads as the listing's title does.
fn titled(document: &Html, title: &str) -> Option<NodeId> {
    let title = text::fold(title);
    let reads = |element: &ElementRef<'_>| text::visible_within(*element, title.len() + 40) == title;
    let elements = document.root_element().descendent_elements().filter(reads);
    elements.filter(|element| element.value().name() != "a").last().map(|element| element.id())
}

/// The selector that holds on the most pages, of those that the pages' own names make; `holds` gives 0 where it does
/// not, and up to 1 for how well.
fn best(
    key: &'static str,
    seen: &[Seen],
    names: impl Fn(&Seen) -> Vec<String>,
    holds: impl Fn(&Seen, &Selector) -> f64,
) -> Option<Rule> {
    let mut tried: Vec<String> = Vec::new();
    for name in seen.iter().flat_map(names) {
        if !tried.contains(&name) {
            tried.push(name);
        }
    }
    let rated = tried.into_iter().filter_map(|name| {
        let selector = Selector::parse(&name).ok()?;
        let marks: Vec<f64> =
            seen.iter().map(|seen| holds(seen, &selector)).filter(|mark| *mark > 0.0).collect();
        Some((name, marks.len(), marks.iter().sum::<f64>()))
    });
    let (value, holds, _) =
        rated.reduce(|best, next| if (next.1, next.2) > (best.1, best.2) { next } else { best })?;
    (holds * 2 > seen.len()).then_some(Rule { key, value, holds, of: seen.len() })
}

/// The selectors that an element's own names make, the plainest first.
fn names(seen: &Seen, node: NodeId) -> Vec<String> {
    let Some(element) = seen.document.tree.get(node).and_then(ElementRef::wrap) else { return Vec::new() };
    let value = element.value();
    let tag = value.name();
    let mut names: Vec<String> =
        value.classes().filter(|class| is_name(class)).map(|class| format!("{tag}.{class}")).collect();
    names.extend(value.attr("id").filter(|id| is_name(id)).map(|id| format!("{tag}#{id}")));
    names.extend(
        value.attr("itemprop").filter(|it| is_name(it)).map(|it| format!("{tag}[itemprop=\"{it}\"]")),
    );
    names.extend(TELLING.contains(&tag).then(|| tag.to_owned()));
    names
}

/// Whether a class or id needs no escapes in a selector and is not one article's own, as `post-7301`.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    !name.is_empty()
        && name.len() <= 60
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(plain)
        && digits < 4
}

/// The names of the innermost element that holds the content, and of those above it.
fn content_names(seen: &Seen) -> Vec<String> {
    let Some(middle) = seen.middle.and_then(|node| seen.document.tree.get(node)) else { return Vec::new() };
    let holds = |node: &ego_tree::NodeRef<'_, scraper::Node>| {
        seen.sizes.get(&node.id()).is_some_and(|(kept, _)| *kept as f64 >= seen.total as f64 * HOLDS)
    };
    let around = std::iter::once(middle).chain(middle.ancestors()).filter(holds);
    around.take(1 + ABOVE).flat_map(|node| names(seen, node.id())).collect()
}

/// How much of the one element that a selector finds is content; `None` if it finds several, or does not hold it all.
fn purity(seen: &Seen, selector: &Selector) -> Option<f64> {
    let mut found = seen.document.select(selector);
    let (element, None) = (found.next()?, found.next()) else { return None };
    let (kept, all) = seen.sizes.get(&element.id())?;
    let pure = *kept as f64 / (*all).max(1) as f64;
    (*kept as f64 >= seen.total as f64 * HOLDS && pure >= PURE).then_some(pure)
}

/// The short line that stands first below the text of most pages: "Tiện ích thông tin".
fn below_text(seen: &[Seen]) -> Option<Rule> {
    const LETTERS: std::ops::RangeInclusive<usize> = 6..=60;
    let mut lines: HashMap<&str, (usize, usize)> = HashMap::new();
    for seen in seen {
        let mut own: HashMap<&str, usize> = HashMap::new();
        for (place, line) in seen.below.iter().enumerate().filter(|_| seen.total > 0) {
            if LETTERS.contains(&line.chars().count()) && line.chars().any(char::is_alphabetic) {
                own.entry(line).or_insert(place);
            }
        }
        for (line, place) in own {
            let entry = lines.entry(line).or_default();
            entry.0 += 1;
            entry.1 += place;
        }
    }
    let common = lines.into_iter().filter(|(_, (count, _))| *count >= 3 && *count * 5 >= seen.len() * 4);
    // The nearest to the text on average; of several as near the first by name, so that runs agree.
    let (line, (count, _)) = common.min_by_key(|(line, (count, places))| (places / count, *line))?;
    Some(Rule { key: "cut_at", value: line.to_owned(), holds: count, of: seen.len() })
}
