//! A page's tree, bounded before it is built and flattened so that every walk over it is a loop.

use std::ops::Range;

use scraper::node::Element;
use scraper::{Html, Node};
use url::Url;

use super::DiscoverError;
use crate::html::hidden::{is_hidden, is_unread};
use crate::html::{self, ParseError, base_url};

/// Most places below a link or teaser that are looked at.
const MAX_SPOTS: usize = 4_000;
/// Longest text of a place that is looked at, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// Parses a page with scripting off, so that `<noscript>` holds elements.
///
/// # Errors
/// If the page has nothing in it, or more tags or levels than are believed.
pub(super) fn parse(url: &Url, html: &str) -> Result<Html, DiscoverError> {
    if html.trim().is_empty() {
        return Err(DiscoverError::Empty { url: Box::new(url.clone()), expected: "a web page" });
    }
    html::parse(html).map_err(|fault| {
        let url = Box::new(url.clone());
        match fault {
            ParseError::Beyond { what, limit } => DiscoverError::Beyond { url, what, limit: limit as u64 },
            ParseError::Binary => {
                DiscoverError::Malformed { url, expected: "a web page", reason: fault.to_string() }
            }
        }
    })
}

/// The text of a piece of HTML: entities decoded, tags gone. Only the first 64 KiB are looked at, which is more than
/// any title has.
pub(super) fn fragment_text(html: &str) -> String {
    let html = &html[..html.floor_char_boundary(MAX_TEXT)];
    html::parse_fragment(html).map_or_else(|_| String::new(), |parsed| Flat::of(&parsed).text(0))
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
    /// Whether it says of itself that visitors do not see it.
    pub(super) is_hidden: bool,
}

/// A tree in document order, without what people do not see.
pub(super) struct Flat<'a> {
    /// The places.
    pub(super) spots: Vec<Spot<'a>>,
    document: &'a Html,
}

impl<'a> Flat<'a> {
    /// Flattens a tree.
    pub(super) fn of(html: &'a Html) -> Self {
        let mut flat =
            Self { spots: vec![Spot { parent: 0, end: 0, kind: None, is_hidden: false }], document: html };
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
            Node::Element(element) if is_unread(element.name()) => return None,
            Node::Element(element) => Kind::Element(element),
            Node::Text(text) => Kind::Text(text),
            _ => return Some(parent),
        };
        let here = self.spots.len();
        let is_hidden = matches!(kind, Kind::Element(element) if is_hidden(element.attrs()));
        self.spots.push(Spot { parent, end: here + 1, kind: Some(kind), is_hidden });
        Some(here)
    }

    fn close(&mut self, place: Option<usize>) {
        let end = self.spots.len();
        if let Some(spot) = place.and_then(|place| self.spots.get_mut(place)) {
            spot.end = end;
        }
    }

    /// What the addresses of the page at this address are relative to.
    pub(super) fn base_url(&self, page: &Url) -> Url {
        base_url(self.document, page)
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

    /// The text below a place, blocks set apart by blanks, without what is hidden in it, unless nothing else is there.
    pub(super) fn text(&self, at: usize) -> String {
        let shown = self.text_with(at, false);
        if shown.trim().is_empty() { self.text_with(at, true) } else { shown }
    }

    fn text_with(&self, at: usize, hidden: bool) -> String {
        let mut text = String::new();
        let (mut here, end) = (at, self.below(at).end);
        while here < end {
            let spot = &self.spots[here];
            if spot.is_hidden && !hidden && here != at {
                here = spot.end;
                continue;
            }
            here += 1;
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
