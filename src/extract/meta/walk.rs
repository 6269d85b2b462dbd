//! The one walk over the document.

use std::borrow::Cow;
use std::collections::HashMap;

use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

use super::bits::Bits;
use super::harvest::{Harvest, Spot};
use super::hints::{self, Hint};
use crate::extract::body::stats::QuickHash;
use crate::extract::text;
use crate::html::hidden::is_unread;

/// Texts of so many bytes are paragraphs.
const PARAGRAPH: usize = 180;

/// Texts of fewer bytes stand in a title by chance.
const TITLE: usize = 16;

/// Most pages have fewer names of elements than these.
const NAMES: usize = 100;

/// So many places of the title are kept: the trail from the front page, the title, a box to share it.
const MOST_TITLED: usize = 8;

/// Walks the document once. `listed` is the title that a listing gave.
pub(super) fn walk<'a>(document: &'a Html, listed: Option<&str>) -> Harvest<'a> {
    let listed = listed.map(|title| text::fold(title.trim_end_matches(['…', '.'])));
    let known = HashMap::with_capacity_and_hasher(NAMES, QuickHash::default());
    let mut walker = Walker { listed, known, ..Walker::default() };
    // By hand from node to node: a traversal of edges asks twice of each.
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

#[derive(Default)]
struct Walker<'a> {
    harvest: Harvest<'a>,
    at: u32,
    regions: Vec<(NodeId, Region)>,
    counts: [u32; 4],
    /// What names were found to say: the names of a page repeat.
    known: HashMap<&'a str, Option<Hint>, QuickHash>,
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
        let is_long = text.len() >= PARAGRAPH;
        let text = text.trim();
        if is_long {
            if !self.within(Region::Chrome) && text.len() >= PARAGRAPH {
                self.harvest.paragraphs.push(self.at);
            }
            return;
        }
        if self.harvest.titled.len() < MOST_TITLED
            && self.is_title(text)
            && let Some(parent) = node.parent().and_then(ElementRef::wrap)
        {
            self.harvest.titled.push(self.spot(parent));
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).take(4).count();
        let brief = digits > 0 && text.len() <= 40;
        if (digits >= 4 || brief)
            && let Some(parent) = node.parent().and_then(ElementRef::wrap)
        {
            self.harvest.dated.push(self.spot(parent));
        }
    }

    /// Whether a text is what `<title>` begins or ends with, as most portals add their name, or is the listing's title.
    fn is_title(&self, text: &str) -> bool {
        let in_title = |title: &str| title.trim().starts_with(text) || title.trim().ends_with(text);
        text.len() >= TITLE
            && (self.harvest.title_tag.as_deref().is_some_and(in_title)
                || self.listed.as_deref().is_some_and(|listed| text.starts_with(listed)))
    }

    fn element(&mut self, element: ElementRef<'a>, found: &'a Element) {
        let bits = Bits::of(found);
        match found.name() {
            "meta" => self.meta(element, &bits),
            "link" => return self.rel(&bits),
            "script" => {
                self.script(element, &bits);
                return self.enter(element, Region::Unseen);
            }
            name if name == "noscript" || is_unread(name) => return self.enter(element, Region::Unseen),
            "title" if self.harvest.title_tag.is_none() => {
                self.harvest.title_tag = Some(element.text().collect());
                return self.enter(element, Region::Unseen);
            }
            "html" => self.harvest.language = bits.lang,
            "body" => self.harvest.body_class = bits.class,
            "h1" => self.harvest.headings.push(self.spot(element)),
            "h2" | "h3" => self.harvest.lesser.push(self.spot(element)),
            "time" => self.harvest.times.push(self.spot(element)),
            // Above an article's text its footer is the line of date and author, as Drupal has it.
            "footer" if self.harvest.paragraphs.is_empty() && in_article(element) => {}
            "nav" | "footer" | "aside" | "dialog" => self.enter(element, Region::Chrome),
            "li" | "option" | "figcaption" => self.enter(element, Region::Listed),
            "a" => self.anchor(element, &bits),
            "article" => self.article(&bits),
            _ => {}
        }
        // A class of the page as a whole says nothing of this place.
        if !matches!(found.name(), "html" | "body" | "main" | "article") {
            for name in [bits.class, bits.id, bits.test_id].into_iter().flatten() {
                self.named(element, name);
            }
        }
        let rdfa = bits.property.filter(|_| found.name() != "meta");
        for name in [bits.itemprop, rdfa].into_iter().flatten() {
            self.harvest.properties.push((name, self.spot(element)));
        }
    }

    fn named(&mut self, element: ElementRef<'a>, name: &'a str) {
        let Some(hint) = *self.known.entry(name).or_insert_with(|| hints::hint(name)) else { return };
        match hint {
            Hint::Chrome => self.enter(element, Region::Chrome),
            Hint::Breadcrumb | Hint::Tags | Hint::Category => self.enter(element, Region::Trail(hint)),
            Hint::Author | Hint::Date | Hint::Pager => {
                let spot = self.spot(element);
                self.harvest.hinted.push((hint, spot));
            }
        }
    }

    fn meta(&mut self, element: ElementRef<'a>, bits: &Bits<'a>) {
        let Some(content) = bits.content.filter(|content| !content.trim().is_empty()) else { return };
        // In the head a property describes the page as any meta tag does.
        let in_head =
            || element.parent().and_then(ElementRef::wrap).is_some_and(|up| up.value().name() == "head");
        let itemprop = bits.itemprop.filter(|_| in_head());
        for name in [bits.property, bits.name, bits.http_equiv, itemprop].into_iter().flatten() {
            self.harvest.metas.push((lower_case(name.trim()), content));
        }
    }

    fn rel(&mut self, bits: &Bits<'a>) {
        if let (Some(rel), Some(href)) = (bits.rel, bits.href) {
            self.harvest.rels.push((rel, href));
        }
    }

    fn script(&mut self, element: ElementRef<'a>, bits: &Bits<'a>) {
        if bits.kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json")) {
            self.harvest.json_ld.push(element.text().collect());
        }
    }

    /// The first `<article>`. Its id says nothing where others have such ids too: it may be a teaser's.
    fn article(&mut self, bits: &Bits<'a>) {
        if !self.harvest.has_article {
            (self.harvest.article_id, self.harvest.article_class) = (bits.id, bits.class);
        } else if bits.id.is_some() && bits.id != self.harvest.article_id {
            self.harvest.article_id = None;
        }
        self.harvest.has_article = true;
    }

    fn anchor(&mut self, element: ElementRef<'a>, bits: &Bits<'a>) {
        self.rel(bits);
        let spot = self.spot(element);
        let trail = self.regions.iter().rev().find_map(|(_, region)| match region {
            Region::Trail(hint) => Some(*hint),
            _ => None,
        });
        let words = |word: &str| {
            bits.rel.is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case(word)))
        };
        let trail = match (words("tag"), words("category")) {
            (true, true) => Some(Hint::Category),
            (true, false) => Some(Hint::Tags),
            (false, _) => trail,
        };
        self.harvest.trails.extend(trail.map(|hint| (hint, spot)));
        if words("author") {
            self.harvest.hinted.push((Hint::Author, spot));
        }
        let Some(href) = bits.href else { return };
        if spot.chrome {
            self.harvest.menu.push((href, element));
        }
        let in_pager = self.harvest.hinted.last().is_some_and(|(hint, spot)| {
            *hint == Hint::Pager && element.ancestors().any(|node| node.id() == spot.element.id())
        });
        if in_pager || bits.class.is_some_and(|class| class.contains("post-page-numbers")) {
            self.harvest.pagers.push(href);
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
