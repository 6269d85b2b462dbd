//! The page as a flat list of nodes and a list of text blocks, made in one walk; everything after works on these. The walk
//! goes from node to node without recursion, so the depth of a page costs no stack.
//!
//! A block is a run of text that no block-level element, picture or empty line interrupts (the unit of boilerpipe,
//! Kohlschütter et al. 2010). Nodes stand in document order with the end of their subtree, so a subtree is a range of
//! nodes and, since blocks are numbered in the same order, a range of blocks.

use ego_tree::{NodeId, NodeRef};
use scraper::{Html, Node as Dom};

use super::class_hints::{AttributeHints, ClassHints, HintCache};
use super::stats::TextStats;
use super::tag::Tag;
use super::whitespace::{fold_space, is_blank};

/// No block, no node.
pub const NONE: u32 = u32::MAX;

/// An element or a text.
#[derive(Clone, Debug)]
pub struct Node {
    pub dom: NodeId,
    pub parent: u32,
    /// The index after its last descendant.
    pub end: u32,
    /// For text: its block. For elements: the number of blocks that began before it.
    pub block: u32,
    pub tag: Tag,
    /// How many elements stand around it.
    pub depth: u16,
    pub own: ClassHints,
    /// Hints of itself, its parent and grandparent.
    pub near: ClassHints,
    /// Hints of itself and all its ancestors.
    pub all: ClassHints,
    /// A hash of its tag and class.
    pub style: u32,
    /// 1 if style or attribute centre it, 2 if they set it to the right.
    pub aligned: u8,
}

#[derive(Clone, Debug)]
pub struct Block {
    /// The block-level element it stands in.
    pub owner: u32,
    /// Its first text node.
    pub first: u32,
    /// The index after its last text node.
    pub last: u32,
    /// Its range in [`Arena::text`].
    pub from: usize,
    pub to: usize,
    /// Its range in [`Arena::words`].
    pub words: (u32, u32),
    pub stats: TextStats,
}

/// A picture, player or frame.
#[derive(Clone, Copy, Debug)]
pub struct Media {
    pub node: u32,
    /// The number of blocks before it.
    pub block: u32,
    /// Whether it stands in a `<noscript>` and repeats a picture that scripts load.
    pub twin: bool,
}

/// The page, flat; all lists in document order.
#[derive(Debug, Default)]
pub struct Arena {
    pub nodes: Vec<Node>,
    pub blocks: Vec<Block>,
    pub media: Vec<Media>,
    /// The text of all blocks, white space folded.
    pub text: String,
    /// The hashes of the words of all blocks.
    pub words: Vec<u32>,
    /// Titles, meta elements and scripts, wherever they stand.
    pub head: Vec<NodeId>,
}

impl Arena {
    /// The text of a block, white space folded.
    pub fn text_of(&self, block: &Block) -> &str {
        &self.text[block.from..block.to]
    }

    /// The characters of the chosen blocks.
    pub fn chars(&self, chosen: &[bool]) -> u32 {
        let blocks = self.blocks.iter().zip(chosen).filter(|(_, chosen)| **chosen);
        blocks.map(|(block, _)| block.stats.chars).sum()
    }

    /// The hashes of a block's words.
    pub fn words_of(&self, block: &Block) -> &[u32] {
        &self.words[block.words.0 as usize..block.words.1 as usize]
    }

    /// The blocks in the subtree of a block-level element.
    pub fn blocks_in(&self, node: usize) -> std::ops::Range<usize> {
        let entry = &self.nodes[node];
        let to = self.nodes.get(entry.end as usize).map_or(self.blocks.len(), |after| after.block as usize);
        entry.block as usize..to
    }

    /// How many blocks begin before a node, for elements inside a block as well.
    pub fn blocks_before(&self, node: usize) -> usize {
        (self.nodes[node].block as usize).saturating_sub(1)
    }

    /// A node and its ancestors, nearest first.
    pub fn self_and_ancestors(&self, node: u32) -> impl Iterator<Item = usize> {
        std::iter::once(node as usize).chain(self.ancestors(node))
    }

    /// The ancestors of a node, nearest first.
    pub fn ancestors(&self, node: u32) -> impl Iterator<Item = usize> {
        let parent = |at: u32| self.nodes.get(at as usize).map(|node| node.parent).filter(|at| *at != NONE);
        std::iter::successors(parent(node), move |at| parent(*at)).map(|at| at as usize)
    }
}

/// About what a page of news has.
const TYPICAL_TEXT_BYTES: usize = 16 << 10;

impl Arena {
    pub fn of(document: &Html, cache: &mut HintCache) -> Self {
        let mut walk = Walk::default();
        walk.arena.nodes.reserve(document.tree.values().len());
        walk.arena.text.reserve(TYPICAL_TEXT_BYTES);
        let root = document.tree.root();
        let mut at = root.first_child();
        while let Some(node) = at {
            if walk.enter(node, cache)
                && let Some(child) = node.first_child()
            {
                at = Some(child);
                continue;
            }
            at = next_after(node, root.id(), &mut walk);
        }
        walk.close_block();
        let Arena { blocks, text, words, .. } = &mut walk.arena;
        for block in blocks {
            let from = words.len() as u32;
            block.stats.count(&text[block.from..block.to], words);
            block.words = (from, words.len() as u32);
        }
        walk.arena
    }
}

/// The next node after a subtree is done; leaves every element that ends on the way.
fn next_after<'a>(node: NodeRef<'a, Dom>, root: NodeId, walk: &mut Walk) -> Option<NodeRef<'a, Dom>> {
    let mut node = node;
    loop {
        walk.leave(node);
        if let Some(next) = node.next_sibling() {
            return Some(next);
        }
        node = node.parent().filter(|parent| parent.id() != root)?;
    }
}

#[derive(Default)]
struct Walk {
    arena: Arena,
    /// Open elements: their index in the arena.
    open: Vec<u32>,
    /// The open block, if any.
    block: Option<u32>,
    /// Line breaks since the last text.
    breaks: u8,
    /// Whether a space is due before the next word.
    space: bool,
    links: u16,
    /// Depth of links to documents.
    documents: u16,
    bolds: u16,
    italics: u16,
    /// Depth of players, `<noscript>` and the like, whose text is not shown.
    silent: u16,
    players: u16,
}

impl Walk {
    /// Adds a node. Gives whether its children are to be walked.
    fn enter(&mut self, node: NodeRef<'_, Dom>, cache: &mut HintCache) -> bool {
        match node.value() {
            Dom::Text(text) => {
                self.text(node.id(), &text.text);
                false
            }
            Dom::Element(element) => {
                let tag = Tag::of(&element.name.local);
                if matches!(tag, Tag::Skip | Tag::Hidden) {
                    if matches!(element.name(), "title" | "meta" | "script") {
                        self.arena.head.push(node.id());
                    }
                    return false;
                }
                self.element(node.id(), element, tag, cache.read(element, tag));
                true
            }
            _ => false,
        }
    }

    fn element(&mut self, dom: NodeId, element: &scraper::node::Element, tag: Tag, found: AttributeHints) {
        let AttributeHints { hints: own, style, aligned } = found;
        let parent = self.open.last().copied().unwrap_or(NONE);
        let above = self.arena.nodes.get(parent as usize);
        let grand = above.and_then(|above| self.arena.nodes.get(above.parent as usize));
        let near = own | above.map_or(0, |above| above.own) | grand.map_or(0, |grand| grand.own);
        let all = own | above.map_or(0, |above| above.all);
        let depth = above.map_or(0, |above| above.depth.saturating_add(1));
        if tag.is_block() || tag.is_media() {
            if tag.is_block() {
                self.close_block();
            }
            self.breaks = self.breaks.saturating_add(1);
        }
        let index = self.arena.nodes.len() as u32;
        let block = self.arena.blocks.len() as u32;
        self.arena.nodes.push(Node {
            dom,
            parent,
            end: NONE,
            block,
            tag,
            depth,
            own,
            near,
            all,
            style,
            aligned,
        });
        self.open.push(index);
        self.count(tag, element);
        if tag.is_media() && self.players <= u16::from(tag == Tag::Player) {
            let twin = self.silent > u16::from(tag == Tag::Player);
            self.arena.media.push(Media { node: index, block, twin });
        }
    }

    /// Counts what is open around the text to come.
    fn count(&mut self, tag: Tag, element: &scraper::node::Element) {
        match tag {
            Tag::A => {
                self.links += 1;
                let leads_to_file = self.documents > 0 || element.attr("href").is_some_and(is_document);
                self.documents += u16::from(leads_to_file);
            }
            Tag::Bold => self.bolds += 1,
            Tag::Italic => self.italics += 1,
            Tag::Br => {
                self.breaks = self.breaks.saturating_add(1);
                self.space = true;
            }
            Tag::Player => {
                self.silent += 1;
                self.players += 1;
            }
            Tag::Noscript | Tag::Head => self.silent += 1,
            _ => {}
        }
    }

    fn leave(&mut self, node: NodeRef<'_, Dom>) {
        let Some(&index) = self.open.last() else { return };
        if self.arena.nodes[index as usize].dom != node.id() {
            return;
        }
        self.open.pop();
        let end = self.arena.nodes.len() as u32;
        let node = &mut self.arena.nodes[index as usize];
        node.end = end;
        match node.tag {
            Tag::A => {
                self.links -= 1;
                self.documents = self.documents.saturating_sub(1);
            }
            Tag::Bold => self.bolds -= 1,
            Tag::Italic => self.italics -= 1,
            Tag::Player => {
                self.silent -= 1;
                self.players -= 1;
            }
            Tag::Noscript | Tag::Head => self.silent -= 1,
            tag if tag.is_block() => self.close_block(),
            _ => {}
        }
    }

    fn close_block(&mut self) {
        if let Some(block) = self.block.take() {
            self.arena.blocks[block as usize].last = self.arena.nodes.len() as u32;
        }
        self.breaks = 0;
        self.space = false;
    }

    fn text(&mut self, dom: NodeId, text: &str) {
        if self.silent > 0 {
            return;
        }
        if text.chars().all(is_blank) {
            self.space = true;
            if let Some(block) = self.block {
                self.leaf(dom, Tag::Space, block);
            }
            return;
        }
        if self.breaks >= 2 {
            self.close_block();
        }
        self.breaks = 0;
        let index = self.arena.nodes.len() as u32;
        let block = self.block.unwrap_or_else(|| self.open_block(index));
        self.block = Some(block);
        self.space |= text.starts_with(is_blank);
        let before = self.arena.text.len();
        let starts_block = self.arena.blocks[block as usize].from == before;
        if self.space && !starts_block {
            self.arena.text.push(' ');
        }
        fold_space(text, &mut self.arena.text);
        self.space = text.ends_with(is_blank);
        let to = self.arena.text.len();
        let entry = &mut self.arena.blocks[block as usize];
        entry.to = to;
        entry.last = index + 1;
        let grown = (to - before) as u32;
        entry.stats.bytes += grown;
        entry.stats.linked += if self.links > 0 { grown } else { 0 };
        entry.stats.attached += if self.documents > 0 { grown } else { 0 };
        entry.stats.bold += if self.bolds > 0 { grown } else { 0 };
        entry.stats.italic += if self.italics > 0 { grown } else { 0 };
        entry.stats.links += u16::from(self.links > 0);
        self.leaf(dom, Tag::Text, block);
    }

    /// Adds a text or white space to the nodes.
    fn leaf(&mut self, dom: NodeId, tag: Tag, block: u32) {
        let index = self.arena.nodes.len() as u32;
        let parent = self.open.last().copied().unwrap_or(NONE);
        let above = self.arena.nodes.get(parent as usize);
        let (near, all) = above.map_or((0, 0), |above| (above.near, above.all));
        let depth = above.map_or(0, |above| above.depth.saturating_add(1));
        self.arena.nodes.push(Node {
            dom,
            parent,
            end: index + 1,
            block,
            tag,
            depth,
            own: 0,
            near,
            all,
            style: 0,
            aligned: 0,
        });
    }

    fn open_block(&mut self, first: u32) -> u32 {
        let owner = self
            .open
            .iter()
            .rev()
            .copied()
            .find(|index| self.arena.nodes[*index as usize].tag.is_block())
            .unwrap_or(0);
        let at = self.arena.text.len();
        self.arena.blocks.push(Block {
            owner,
            first,
            last: first + 1,
            from: at,
            to: at,
            words: (0, 0),
            stats: TextStats::default(),
        });
        self.space = false;
        self.arena.blocks.len() as u32 - 1
    }
}

/// Whether an address is that of a document, as portals attach decisions and forms.
fn is_document(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let Some((_, ending)) = path.rsplit_once('.') else { return false };
    ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "rtf", "zip", "rar", "7z", "epub"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}
