//! A piece of a page as a tree: what extraction hands to cleaning, without a detour over text.

use std::ops::Range;

use html5ever::LocalName;

/// Content as a tree, flat: nodes stand in document order, each with the end of its subtree, so that a subtree is a range
/// and depth costs no stack. It owns its texts; the page's document is left behind.
///
/// Nothing in it is safe: names, addresses and texts are the page's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragment {
    nodes: Vec<Node>,
    attrs: Vec<(LocalName, Range<usize>)>,
    /// The values of all attributes.
    values: String,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    /// The index after the last descendant.
    end: usize,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// An HTML element and where its attributes stand.
    Element(LocalName, Range<usize>),
    Text(Range<usize>),
}

/// A node of a [`Fragment`].
#[derive(Clone, Copy, Debug)]
pub enum Piece<'a> {
    Element(Element<'a>),
    /// A text, character references decoded.
    Text(&'a str),
}

/// An element of a [`Fragment`].
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    fragment: &'a Fragment,
    at: usize,
    name: &'a LocalName,
    attrs: &'a [(LocalName, Range<usize>)],
}

impl Fragment {
    /// Whether there is neither an element nor a text.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All texts in document order, nothing between them.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A node by its place in document order, and the place after its last descendant.
    pub(crate) fn get(&self, at: usize) -> Option<(Piece<'_>, usize)> {
        let Node { end, what } = self.nodes.get(at)?;
        let piece = match what {
            What::Text(place) => Piece::Text(&self.text[place.clone()]),
            What::Element(name, attrs) => {
                Piece::Element(Element { fragment: self, at, name, attrs: &self.attrs[attrs.clone()] })
            }
        };
        Some((piece, *end))
    }

    /// Appends an element without content. Gives its place, for [`Fragment::close`].
    pub(crate) fn open<'v>(
        &mut self,
        name: LocalName,
        attrs: impl IntoIterator<Item = (LocalName, &'v str)>,
    ) -> usize {
        let first = self.attrs.len();
        for (name, value) in attrs {
            let from = self.values.len();
            self.values.push_str(value);
            self.attrs.push((name, from..self.values.len()));
        }
        let at = self.nodes.len();
        self.nodes.push(Node { end: at + 1, what: What::Element(name, first..self.attrs.len()) });
        at
    }

    /// Ends an element: everything that was appended since it was opened is its content.
    pub(crate) fn close(&mut self, at: usize) {
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(at) {
            node.end = end;
        }
    }

    pub(crate) fn push_text(&mut self, text: &str) {
        let (from, at) = (self.text.len(), self.nodes.len());
        self.text.push_str(text);
        self.nodes.push(Node { end: at + 1, what: What::Text(from..self.text.len()) });
    }
}

impl<'a> Element<'a> {
    /// Its name, lower case.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Whether it has no attributes.
    pub fn is_plain(&self) -> bool {
        self.attrs.is_empty()
    }

    pub fn attrs(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let values = &self.fragment.values;
        self.attrs.iter().map(move |(name, place)| (&**name, &values[place.clone()]))
    }

    pub fn attr(&self, name: &str) -> Option<&'a str> {
        self.attrs().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// How many bytes of text it holds.
    pub fn text_len(&self) -> usize {
        let nodes = &self.fragment.nodes;
        let inside = nodes.get(self.at).map_or(&[][..], |node| &nodes[self.at..node.end]);
        inside.iter().map(|node| if let What::Text(place) = &node.what { place.len() } else { 0 }).sum()
    }

    /// The elements in it, in document order.
    pub fn descendants(&self) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let fragment = self.fragment;
        let end = fragment.nodes.get(self.at).map_or(self.at, |node| node.end);
        (self.at + 1..end).filter_map(move |at| match fragment.get(at)?.0 {
            Piece::Element(element) => Some(element),
            Piece::Text(_) => None,
        })
    }
}
