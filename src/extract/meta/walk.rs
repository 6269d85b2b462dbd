//! The one walk over the document that collects metadata.

use std::borrow::Cow;

use ego_tree::{NodeId, NodeRef};
use rustc_hash::{FxBuildHasher, FxHashMap};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

use super::attributes::Attributes;
use super::collected::{Collected, Spot};
use super::vocabulary::{self, ElementRole};
use crate::extract::text;
use crate::html::hidden::is_unread;

const MIN_PARAGRAPH_BYTES: usize = 180;

/// A shorter text may be part of the title by chance.
const MIN_TITLE_BYTES: usize = 16;

const TYPICAL_NAMES: usize = 100;

/// How many places of the title are kept: the breadcrumb, the title itself, a share box.
const MAX_TITLED: usize = 8;

/// Walks the document once. `listed` is the title that a listing gave.
pub(super) fn walk<'a>(document: &'a Html, listed: Option<&str>) -> Collected<'a> {
    let listed = listed.map(|title| text::normalize(title.trim_end_matches(['…', '.'])));
    let known = FxHashMap::with_capacity_and_hasher(TYPICAL_NAMES, FxBuildHasher);
    let mut walker = Walker { listed, known, ..Walker::default() };
    // Going from node to node by hand visits each once; ego_tree's traversal visits each edge.
    let mut next = Some(document.tree.root());
    while let Some(node) = next {
        walker.open(node);
        next = node.first_child();
        let mut ended = Some(node);
        while next.is_none()
            && let Some(node) = ended
        {
            walker.close(node.id());
            next = node.next_sibling();
            ended = node.parent();
        }
    }
    walker.collected
}

/// A stretch of the page, from an element's start to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Region {
    Unseen,
    Chrome,
    Listed,
    Trail(ElementRole),
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

#[derive(Default)]
struct Walker<'a> {
    collected: Collected<'a>,
    at: u32,
    regions: Vec<(NodeId, Region)>,
    counts: [u32; 4],
    /// What names were found to say: the names of a page repeat.
    known: FxHashMap<&'a str, Option<ElementRole>>,
    listed: Option<String>,
}

impl<'a> Walker<'a> {
    fn open(&mut self, node: NodeRef<'a, Node>) {
        self.at += 1;
        match node.value() {
            Node::Text(text) if !self.within(Region::Unseen) => self.text(node, text),
            Node::Element(found) if !self.within(Region::Unseen) => {
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
        let is_long = text.len() >= MIN_PARAGRAPH_BYTES;
        let text = text.trim();
        if is_long {
            if !self.within(Region::Chrome) && text.len() >= MIN_PARAGRAPH_BYTES {
                self.collected.paragraphs.push(self.at);
            }
            return;
        }
        if self.collected.titled.len() < MAX_TITLED
            && self.is_title(text)
            && let Some(parent) = node.parent().and_then(ElementRef::wrap)
        {
            self.collected.titled.push(self.spot(parent));
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).take(4).count();
        let brief = digits > 0 && text.len() <= 40;
        if (digits >= 4 || brief)
            && let Some(parent) = node.parent().and_then(ElementRef::wrap)
        {
            self.collected.dated.push(self.spot(parent));
        }
    }

    /// Whether a text is what `<title>` begins or ends with, as most portals add their name, or is the listing's title.
    fn is_title(&self, text: &str) -> bool {
        let in_title = |title: &str| title.trim().starts_with(text) || title.trim().ends_with(text);
        text.len() >= MIN_TITLE_BYTES
            && (self.collected.title_tag.as_deref().is_some_and(in_title)
                || self.listed.as_deref().is_some_and(|listed| text.starts_with(listed)))
    }

    fn element(&mut self, element: ElementRef<'a>, found: &'a Element) {
        let attributes = Attributes::of(found);
        match found.name() {
            "meta" => self.meta(element, &attributes),
            "link" => return self.rel(&attributes),
            "script" => {
                self.script(element, &attributes);
                return self.enter(element, Region::Unseen);
            }
            name if name == "noscript" || is_unread(name) => return self.enter(element, Region::Unseen),
            "title" if self.collected.title_tag.is_none() => {
                self.collected.title_tag = Some(element.text().collect());
                return self.enter(element, Region::Unseen);
            }
            "html" => self.collected.language = attributes.lang,
            "body" => self.collected.body_class = attributes.class,
            "h1" => self.collected.headings.push(self.spot(element)),
            "h2" | "h3" => self.collected.lesser.push(self.spot(element)),
            "time" => self.collected.times.push(self.spot(element)),
            // Above an article's text its footer is the line of date and author, as Drupal has it.
            "footer" if self.collected.paragraphs.is_empty() && in_article(element) => {}
            "nav" | "footer" | "aside" | "dialog" => self.enter(element, Region::Chrome),
            "li" | "option" | "figcaption" => self.enter(element, Region::Listed),
            "a" => self.anchor(element, &attributes),
            "article" => self.article(&attributes),
            _ => {}
        }
        // A class of the page as a whole says nothing of this place.
        if !matches!(found.name(), "html" | "body" | "main" | "article") {
            for name in [attributes.class, attributes.id, attributes.test_id].into_iter().flatten() {
                self.named(element, name);
            }
        }
        let rdfa = attributes.property.filter(|_| found.name() != "meta");
        for name in [attributes.itemprop, rdfa].into_iter().flatten() {
            self.collected.properties.push((name, self.spot(element)));
        }
    }

    fn named(&mut self, element: ElementRef<'a>, name: &'a str) {
        let Some(role) = *self.known.entry(name).or_insert_with(|| vocabulary::role_of(name)) else { return };
        match role {
            ElementRole::Chrome => self.enter(element, Region::Chrome),
            ElementRole::Breadcrumb | ElementRole::Tags | ElementRole::Category => {
                self.enter(element, Region::Trail(role))
            }
            ElementRole::Author | ElementRole::Date | ElementRole::Pager => {
                let spot = self.spot(element);
                self.collected.hinted.push((role, spot));
            }
        }
    }

    fn meta(&mut self, element: ElementRef<'a>, attributes: &Attributes<'a>) {
        let Some(content) = attributes.content.filter(|content| !content.trim().is_empty()) else { return };
        // In the head a property describes the page as any meta tag does.
        let in_head =
            || element.parent().and_then(ElementRef::wrap).is_some_and(|up| up.value().name() == "head");
        let itemprop = attributes.itemprop.filter(|_| in_head());
        for name in
            [attributes.property, attributes.name, attributes.http_equiv, itemprop].into_iter().flatten()
        {
            self.collected.metas.push((lower_case(name.trim()), content));
        }
    }

    fn rel(&mut self, attributes: &Attributes<'a>) {
        if let (Some(rel), Some(href)) = (attributes.rel, attributes.href) {
            self.collected.rels.push((rel, href));
        }
    }

    fn script(&mut self, element: ElementRef<'a>, attributes: &Attributes<'a>) {
        if attributes.kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json")) {
            self.collected.json_ld.push(element.text().collect());
        }
    }

    /// The first `<article>`. Its id says nothing where others have such ids too: it may be a teaser's.
    fn article(&mut self, attributes: &Attributes<'a>) {
        if !self.collected.has_article {
            (self.collected.article_id, self.collected.article_class) = (attributes.id, attributes.class);
        } else if attributes.id.is_some() && attributes.id != self.collected.article_id {
            self.collected.article_id = None;
        }
        self.collected.has_article = true;
    }

    fn anchor(&mut self, element: ElementRef<'a>, attributes: &Attributes<'a>) {
        self.rel(attributes);
        let spot = self.spot(element);
        let trail = self.regions.iter().rev().find_map(|(_, region)| match region {
            Region::Trail(role) => Some(*role),
            _ => None,
        });
        let words = |word: &str| {
            attributes
                .rel
                .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case(word)))
        };
        let trail = match (words("tag"), words("category")) {
            (true, true) => Some(ElementRole::Category),
            (true, false) => Some(ElementRole::Tags),
            (false, _) => trail,
        };
        self.collected.trails.extend(trail.map(|role| (role, spot)));
        if words("author") {
            self.collected.hinted.push((ElementRole::Author, spot));
        }
        let Some(href) = attributes.href else { return };
        if spot.chrome {
            self.collected.menu.push((href, element));
        }
        let in_pager = self.collected.hinted.last().is_some_and(|(role, spot)| {
            *role == ElementRole::Pager && element.ancestors().any(|node| node.id() == spot.element.id())
        });
        if in_pager || attributes.class.is_some_and(|class| class.contains("post-page-numbers")) {
            self.collected.pagers.push(href);
        }
        self.enter(element, Region::Listed);
    }
}

fn lower_case(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return name.to_ascii_lowercase().into();
    }
    name.into()
}

fn in_article(element: ElementRef<'_>) -> bool {
    let mut around = element.ancestors().take(4).filter_map(ElementRef::wrap);
    around.any(|element| element.value().name() == "article")
}
