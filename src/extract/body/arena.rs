//! The page as a flat list of nodes and a list of text blocks, made in one walk; everything after works on these.
//!
//! A block is a run of text that no block-level element, picture or empty line interrupts (the unit of boilerpipe,
//! Kohlschütter et al. 2010). Nodes stand in document order with the end of their subtree, so a subtree is a range of
//! nodes and, since blocks are numbered in the same order, a range of blocks.

use ego_tree::NodeId;

use super::hints::Hints;
use super::stats::Stats;
use super::tag::Tag;

/// No block, no node.
pub const NONE: u32 = u32::MAX;

/// An element or a text.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its place in the DOM.
    pub dom: NodeId,
    /// Its parent's index.
    pub parent: u32,
    /// The index after its last descendant.
    pub end: u32,
    /// For text: its block. For elements: the number of blocks that began before it.
    pub block: u32,
    /// What it is.
    pub tag: Tag,
    /// How many elements stand around it.
    pub depth: u16,
    /// Hints of its own attributes.
    pub own: Hints,
    /// Hints of itself, its parent and grandparent.
    pub near: Hints,
    /// Hints of itself and all its ancestors.
    pub all: Hints,
    /// A hash of its tag and class.
    pub look: u32,
    /// 1 if style or attribute centre it, 2 if they set it to the right.
    pub aligned: u8,
}

/// A run of text.
#[derive(Clone, Debug)]
pub struct Block {
    /// The block-level element it stands in.
    pub owner: u32,
    /// Its first text node.
    pub first: u32,
    /// The index after its last text node.
    pub last: u32,
    /// Where its text stands in [`Arena::text`].
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Where its words stand in [`Arena::words`].
    pub words: (u32, u32),
    /// Counted while walking and after.
    pub stats: Stats,
}

/// A picture, player or frame.
#[derive(Clone, Copy, Debug)]
pub struct Media {
    /// Its node.
    pub node: u32,
    /// The number of blocks before it.
    pub block: u32,
    /// It stands in a `<noscript>`: the twin of a picture that scripts load.
    pub twin: bool,
}

/// The page, flat.
#[derive(Debug, Default)]
pub struct Arena {
    /// Elements and texts in document order.
    pub nodes: Vec<Node>,
    /// Text blocks in document order.
    pub blocks: Vec<Block>,
    /// Media in document order.
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

    /// The ancestors of a node, nearest first.
    pub fn ancestors(&self, node: u32) -> impl Iterator<Item = usize> {
        let parent = |at: u32| self.nodes.get(at as usize).map(|node| node.parent).filter(|at| *at != NONE);
        std::iter::successors(parent(node), move |at| parent(*at)).map(|at| at as usize)
    }
}
