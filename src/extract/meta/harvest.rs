//! The one walk over the document: everything that may say something about the article, in the order of the page.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

use super::hints::{self, Hint};

/// An element with its place.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    /// The element.
    pub element: ElementRef<'a>,
    /// Its number in the order of the page.
    pub at: u32,
    /// Whether it stands among navigation, comments or other articles.
    pub chrome: bool,
    /// Whether it stands in a link, list item or figure, as the dates of other articles and of pictures do.
    pub listed: bool,
}

/// What the walk brings home. Names are lower case; values are as the parser gave them.
#[derive(Default)]
pub(super) struct Harvest<'a> {
    /// `lang` of `<html>`.
    pub language: Option<&'a str>,
    /// `<title>`, the first outside pictures.
    pub title_tag: Option<String>,
    /// Meta tags: name or property, content.
    pub metas: Vec<(String, &'a str)>,
    /// `<link>` and `<a>` with a `rel`: the rel, the address.
    pub rels: Vec<(&'a str, &'a str)>,
    /// Scripts of type `application/ld+json`.
    pub json_ld: Vec<String>,
    /// Headings of the first level.
    pub headings: Vec<Spot<'a>>,
    /// Headings of the second and third level.
    pub lesser: Vec<Spot<'a>>,
    /// `<time>` elements.
    pub times: Vec<Spot<'a>>,
    /// Microdata and RDFa: property, element.
    pub properties: Vec<(&'a str, Spot<'a>)>,
    /// Elements whose class or id says what they hold.
    pub hinted: Vec<(Hint, Spot<'a>)>,
    /// Elements with short text in which digits stand.
    pub dated: Vec<Spot<'a>>,
    /// Where texts as long as a paragraph stand.
    pub paragraphs: Vec<u32>,
    /// Links that carry `rel=tag` or stand in a box of tags, categories or a breadcrumb: what they are, element.
    pub trails: Vec<(Hint, Spot<'a>)>,
    /// Links between the pages of the article: address, element.
    pub pagers: Vec<(&'a str, ElementRef<'a>)>,
    /// Classes of `<body>`.
    pub body_class: Option<&'a str>,
    /// The `id` of the first `<article>`.
    pub article_id: Option<&'a str>,
}

impl<'a> Harvest<'a> {
    /// Contents of the meta tags of these names, best name first.
    pub fn metas<'h>(&'h self, names: &'h [&str]) -> impl Iterator<Item = (&'h str, &'a str)> {
        names.iter().flat_map(move |name| {
            self.metas.iter().filter(move |(key, _)| key == name).map(|(key, value)| (key.as_str(), *value))
        })
    }

    /// The first meta tag of these names.
    pub fn meta(&self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| self.metas.iter().find(|(key, _)| key == name).map(|(_, value)| *value))
    }

    /// Elements with one of these properties, whatever their vocabulary's prefix.
    pub fn properties<'h>(&'h self, names: &'h [&str]) -> impl Iterator<Item = Spot<'a>> {
        self.properties
            .iter()
            .filter(move |(property, _)| {
                property.split_ascii_whitespace().any(|property| {
                    let local = property.rsplit([':', '/']).next().unwrap_or(property);
                    names.iter().any(|name| name.eq_ignore_ascii_case(local))
                })
            })
            .map(|(_, spot)| *spot)
    }
}

/// Texts of so many bytes are paragraphs.
const PARAGRAPH: usize = 180;

/// Walks the document once.
pub(super) fn walk(document: &Html) -> Harvest<'_> {
    let mut walker = Walker { harvest: Harvest::default(), at: 0, regions: Vec::new(), counts: [0; 4] };
    for edge in document.tree.root().traverse() {
        match edge {
            Edge::Open(node) => walker.open(node),
            Edge::Close(node) => walker.close(node.id()),
        }
    }
    walker.harvest
}

/// A stretch of the page, from an element's start to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Region {
    Unseen,
    Chrome,
    Listed,
    Trail(Hint),
}

impl Region {
    fn index(self) -> usize {
        match self {
            Self::Unseen => 0,
            Self::Chrome => 1,
            Self::Listed => 2,
            Self::Trail(_) => 3,
        }
    }
}

struct Walker<'a> {
    harvest: Harvest<'a>,
    at: u32,
    regions: Vec<(NodeId, Region)>,
    counts: [u32; 4],
}

impl<'a> Walker<'a> {
    fn open(&mut self, node: NodeRef<'a, Node>) {
        self.at += 1;
        match node.value() {
            Node::Text(text) if !self.within(Region::Unseen) => self.text(node, text),
            Node::Element(found) => {
                if let Some(element) = ElementRef::wrap(node) {
                    self.element(element, found);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, id: NodeId) {
        while let Some((node, region)) = self.regions.last().copied() {
            if node != id {
                break;
            }
            self.regions.pop();
            self.counts[region.index()] -= 1;
        }
    }

    fn enter(&mut self, element: ElementRef<'a>, region: Region) {
        self.regions.push((element.id(), region));
        self.counts[region.index()] += 1;
    }

    fn within(&self, region: Region) -> bool {
        self.counts[region.index()] > 0
    }

    fn spot(&self, element: ElementRef<'a>) -> Spot<'a> {
        Spot {
            element,
            at: self.at,
            chrome: self.within(Region::Chrome),
            listed: self.within(Region::Listed),
        }
    }

    fn text(&mut self, node: NodeRef<'a, Node>, text: &str) {
        if text.len() < 3 {
            return;
        }
        if text.len() >= PARAGRAPH {
            if !self.within(Region::Chrome) && text.trim().len() >= PARAGRAPH {
                self.harvest.paragraphs.push(self.at);
            }
            return;
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).take(4).count();
        let brief = digits > 0 && text.trim().len() <= 40;
        if (digits >= 4 || brief)
            && let Some(parent) = node.parent().and_then(ElementRef::wrap)
        {
            self.harvest.dated.push(self.spot(parent));
        }
    }

    fn element(&mut self, element: ElementRef<'a>, found: &'a Element) {
        match found.name() {
            "meta" => self.meta(element, found),
            "link" => {
                self.rel(found);
                return;
            }
            "script" => {
                self.script(element, found);
                return self.enter(element, Region::Unseen);
            }
            "style" | "template" | "noscript" | "svg" | "select" | "textarea" | "iframe" => {
                return self.enter(element, Region::Unseen);
            }
            "title" if self.harvest.title_tag.is_none() => {
                self.harvest.title_tag = Some(element.text().collect());
                return self.enter(element, Region::Unseen);
            }
            "html" => self.harvest.language = found.attr("lang").or_else(|| found.attr("xml:lang")),
            "body" => self.harvest.body_class = found.attr("class"),
            "h1" => self.harvest.headings.push(self.spot(element)),
            "h2" | "h3" => self.harvest.lesser.push(self.spot(element)),
            "time" => self.harvest.times.push(self.spot(element)),
            "nav" | "footer" | "aside" | "form" | "dialog" => self.enter(element, Region::Chrome),
            "li" | "option" | "figcaption" => self.enter(element, Region::Listed),
            "a" => self.anchor(element, found),
            "article" if self.harvest.article_id.is_none() => self.harvest.article_id = found.attr("id"),
            _ => {}
        }
        self.attributes(element, found);
    }

    fn attributes(&mut self, element: ElementRef<'a>, found: &'a Element) {
        for (name, value) in found.attrs() {
            match name {
                "class" | "id" | "data-testid" => self.hint(element, found, value),
                "itemprop" | "property" if found.name() != "meta" || name == "itemprop" => {
                    let spot = self.spot(element);
                    self.harvest.properties.push((value, spot));
                }
                _ => {}
            }
        }
    }

    fn hint(&mut self, element: ElementRef<'a>, found: &Element, value: &str) {
        let Some(hint) = hints::hint(value) else { return };
        let frame = matches!(found.name(), "html" | "body" | "main" | "article");
        match hint {
            Hint::Chrome if !frame => self.enter(element, Region::Chrome),
            Hint::Chrome => {}
            _ if frame => {}
            Hint::Breadcrumb | Hint::Tags | Hint::Category => self.enter(element, Region::Trail(hint)),
            Hint::Author | Hint::Date | Hint::Pager => {
                let spot = self.spot(element);
                self.harvest.hinted.push((hint, spot));
            }
        }
    }

    fn meta(&mut self, element: ElementRef<'a>, found: &'a Element) {
        let Some(content) = found.attr("content").filter(|content| !content.trim().is_empty()) else {
            return;
        };
        for name in ["property", "name", "http-equiv"] {
            if let Some(name) = found.attr(name) {
                self.harvest.metas.push((name.trim().to_ascii_lowercase(), content));
            }
        }
        if let Some(property) = found.attr("itemprop") {
            // In the head it describes the page as any meta tag does.
            let in_head =
                element.parent().and_then(ElementRef::wrap).is_some_and(|up| up.value().name() == "head");
            if in_head {
                self.harvest.metas.push((property.trim().to_ascii_lowercase(), content));
            }
        }
    }

    fn rel(&mut self, found: &'a Element) {
        if let (Some(rel), Some(href)) = (found.attr("rel"), found.attr("href")) {
            self.harvest.rels.push((rel, href));
        }
    }

    fn script(&mut self, element: ElementRef<'a>, found: &Element) {
        let is_ld = found.attr("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
        if is_ld {
            self.harvest.json_ld.push(element.text().collect());
        }
    }

    fn anchor(&mut self, element: ElementRef<'a>, found: &'a Element) {
        let spot = self.spot(element);
        self.rel(found);
        let rel = found.attr("rel").unwrap_or_default();
        let trail = self.regions.iter().rev().find_map(|(_, region)| match region {
            Region::Trail(hint) => Some(*hint),
            _ => None,
        });
        let words = |word: &str| rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case(word));
        if words("tag") {
            let hint = if words("category") { Hint::Category } else { Hint::Tags };
            self.harvest.trails.push((hint, spot));
        } else if let Some(hint) = trail {
            self.harvest.trails.push((hint, spot));
        }
        if words("author") {
            self.harvest.hinted.push((Hint::Author, spot));
        }
        if let Some(href) = found.attr("href") {
            let pager = self.harvest.hinted.last().is_some_and(|(hint, spot)| {
                *hint == Hint::Pager && element.ancestors().any(|node| node.id() == spot.element.id())
            });
            let class = found.attr("class").unwrap_or_default();
            if pager || class.contains("post-page-numbers") {
                self.harvest.pagers.push((href, element));
            }
            self.enter(element, Region::Listed);
        }
    }
}
