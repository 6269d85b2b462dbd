//! A page's tree, bounded before it is built and flattened so that every walk over it is a loop.

use std::ops::Range;

use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{QualName, local_name, ns};
use scraper::node::Element;
use scraper::{Html, HtmlTreeSink, Node};
use url::Url;

use super::DiscoverError;

/// Deepest nesting that is parsed: the parser's time grows with the square of it (5,000 levels take about 0.1 s).
const MAX_DEPTH: usize = 5_000;
/// Most tags that are parsed: a listing of 100,000 links has about 300,000.
const MAX_TAGS: usize = 600_000;
/// Most places below a link or teaser that are looked at.
const MAX_SPOTS: usize = 4_000;
/// Longest text of a place that is looked at, in bytes.
const MAX_TEXT: usize = 64 * 1024;
/// Elements whose content is no text for people.
const UNSEEN: &[&str] =
    &["script", "style", "template", "svg", "math", "iframe", "object", "textarea", "select"];
/// Elements that end by themselves, by their parent's end or that the parser limits: they make no depth.
const FLAT: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot",
    "colgroup", "rt", "rp", "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike",
    "strong", "tt", "u",
];
/// Elements whose content the tokenizer takes as text up to their end tag.
const RAW: &[&str] = &["script", "style", "textarea", "title", "iframe", "noembed", "xmp"];

/// Parses a page with scripting off, so that `<noscript>` holds elements.
///
/// # Errors
/// If the page has nothing in it, or more tags or levels than are believed.
pub(super) fn parse(url: &Url, html: &str) -> Result<Html, DiscoverError> {
    if html.trim().is_empty() {
        return Err(DiscoverError::Empty { url: Box::new(url.clone()), expected: "a web page" });
    }
    let beyond =
        |what, limit: usize| DiscoverError::Beyond { url: Box::new(url.clone()), what, limit: limit as u64 };
    let survey = Survey::of(html);
    if survey.depth > MAX_DEPTH {
        return Err(beyond("nesting", MAX_DEPTH));
    }
    if survey.tags > MAX_TAGS {
        return Err(beyond("the number of tags", MAX_TAGS));
    }
    Ok(driver::parse_document(HtmlTreeSink::new(Html::new_document()), options()).one(html))
}

/// The text of a piece of HTML: entities decoded, tags gone. Only the first 64 KiB are looked at, which is more than
/// any title has.
pub(super) fn fragment_text(html: &str) -> String {
    let html = &html[..html.floor_char_boundary(MAX_TEXT)];
    if Survey::of(html).depth > MAX_DEPTH {
        return String::new();
    }
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let sink = HtmlTreeSink::new(Html::new_fragment());
    let parsed = driver::parse_fragment(sink, options(), body, Vec::new(), false).one(html);
    let tree = Flat::of(&parsed);
    tree.text(0)
}

fn options() -> ParseOpts {
    ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    }
}

/// How deep and how large a tree will be, told from the tags alone.
#[derive(Debug, Default, PartialEq, Eq)]
struct Survey {
    tags: usize,
    depth: usize,
}

impl Survey {
    fn of(html: &str) -> Self {
        let mut survey = Self::default();
        let mut depth = 0_usize;
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
                continue;
            }
            let closing = rest.starts_with('/');
            let name = tag_name(rest.trim_start_matches('/'));
            if name.is_empty() {
                continue;
            }
            survey.tags += 1;
            if closing {
                depth -= usize::from(depth > 0 && !FLAT.contains(&name.as_str()));
            } else if RAW.contains(&name.as_str()) {
                rest = after_raw(rest, &name);
            } else if !FLAT.contains(&name.as_str()) {
                depth += 1;
                survey.depth = survey.depth.max(depth);
            }
        }
        survey
    }
}

fn tag_name(rest: &str) -> String {
    rest.chars().take(20).take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// What comes after the end tag of a raw element, or nothing if it never ends.
fn after_raw<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = rest[from..].find("</") {
        let tail = &rest[from + at + 2..];
        if tag_name(tail) == name {
            return tail;
        }
        from += at + 2;
    }
    ""
}

/// What stands at a place of the tree.
pub(super) enum Kind<'a> {
    /// An element.
    Element(&'a Element),
    /// A piece of text.
    Text(&'a str),
}

/// One place of the tree. Its subtree is the range from it up to `end`.
pub(super) struct Spot<'a> {
    /// Index of the parent; 0 is the document itself and its own parent.
    pub(super) parent: usize,
    /// One past the last index of the subtree.
    pub(super) end: usize,
    /// What stands there; the document is `None`.
    pub(super) kind: Option<Kind<'a>>,
}

/// A tree in document order, without what people do not see.
pub(super) struct Flat<'a> {
    /// The places.
    pub(super) spots: Vec<Spot<'a>>,
}

impl<'a> Flat<'a> {
    /// Flattens a tree.
    pub(super) fn of(html: &'a Html) -> Self {
        let mut flat = Self { spots: vec![Spot { parent: 0, end: 0, kind: None }] };
        let mut open: Vec<usize> = vec![0];
        let root = html.tree.root();
        let mut next = Some(root);
        while let Some(node) = next {
            let here = flat.push(node.value(), open.last().copied().unwrap_or_default());
            if let Some(child) = here.and_then(|_| node.first_child()) {
                open.extend(here);
                next = Some(child);
                continue;
            }
            // Up to the first ancestor that has another child, closing what is left behind.
            let mut left = node;
            next = loop {
                if let Some(sibling) = left.next_sibling() {
                    break Some(sibling);
                }
                let Some(parent) = left.parent() else { break None };
                flat.close(open.pop());
                left = parent;
            };
        }
        flat.close(Some(0));
        flat
    }

    /// Adds what stands at a node, and gives the place that its children belong to: none if people do not see them.
    fn push(&mut self, node: &'a Node, parent: usize) -> Option<usize> {
        let kind = match node {
            Node::Element(element) if UNSEEN.contains(&element.name()) => return None,
            Node::Element(element) => Kind::Element(element),
            Node::Text(text) => Kind::Text(text),
            _ => return Some(parent),
        };
        let here = self.spots.len();
        self.spots.push(Spot { parent, end: here + 1, kind: Some(kind) });
        Some(here)
    }

    fn close(&mut self, place: Option<usize>) {
        let end = self.spots.len();
        if let Some(spot) = place.and_then(|place| self.spots.get_mut(place)) {
            spot.end = end;
        }
    }

    /// The element at a place, if it is one.
    pub(super) fn element(&self, at: usize) -> Option<&'a Element> {
        match self.spots.get(at)?.kind {
            Some(Kind::Element(element)) => Some(element),
            _ => None,
        }
    }

    /// The name of the element at a place, or nothing.
    pub(super) fn name(&self, at: usize) -> &'a str {
        self.element(at).map_or("", Element::name)
    }

    /// The subtree of a place, or as much of it as any link or teaser has: what is nested in itself without end would
    /// otherwise be walked through once for each of its levels.
    pub(super) fn below(&self, at: usize) -> Range<usize> {
        at..self.spots[at].end.min(at + MAX_SPOTS)
    }

    /// The text below a place, blocks set apart by blanks.
    pub(super) fn text(&self, at: usize) -> String {
        let mut text = String::new();
        for spot in &self.spots[self.below(at)] {
            match &spot.kind {
                Some(Kind::Text(piece)) => text.push_str(&piece[..piece.floor_char_boundary(MAX_TEXT)]),
                Some(Kind::Element(element)) if !is_inline(element.name()) => text.push(' '),
                _ => {}
            }
            if text.len() > MAX_TEXT {
                break;
            }
        }
        text
    }

    /// The places above one, nearest first, without the document.
    pub(super) fn above(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let mut here = at;
        std::iter::from_fn(move || {
            here = self.spots[here].parent;
            (here != 0).then_some(here)
        })
    }

    /// The places of all elements of one name, in document order.
    pub(super) fn all<'b>(&'b self, name: &'b str) -> impl Iterator<Item = (usize, &'a Element)> + 'b {
        (0..self.spots.len())
            .filter_map(move |at| self.element(at).filter(|it| it.name() == name).map(|it| (at, it)))
    }
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

/// Whether an element is one of HTML's headings.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}
