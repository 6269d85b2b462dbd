//! What one page shows of its source's template: hashes and counts, nothing that grows with its text.

use std::collections::BTreeMap;

use scraper::Html;

use super::path;
use super::sketch;
use crate::extract::body::arena::Arena;
use crate::extract::body::prefix_sums::sums_before;
use crate::extract::body::tag::Tag;
use crate::model::Sketch;

/// A page as the template sees it: every block with the hash of its text and of its place.
#[derive(Debug)]
pub struct PageView {
    pub paths: Vec<u64>,
    /// For each block.
    pub blocks: Vec<BlockView>,
}

/// A block as the template sees it.
#[derive(Clone, Copy, Debug)]
pub struct BlockView {
    /// The hash of its text; 0 for one without letters, which says nothing.
    pub text: u64,
    /// The path of the element it stands in.
    pub place: u64,
    /// Whether it holds the page's title.
    pub titled: bool,
}

/// What a page shows of its source's template.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// The address, as a hash.
    pub(super) key: u64,
    /// The addresses of the article's further pages, as hashes.
    pub(super) more: Vec<u64>,
    /// The day it was fetched, counted from 1970.
    pub(super) day: i32,
    /// The texts of its blocks and where each stands, each text once.
    pub(super) blocks: Vec<(u64, u64)>,
    /// What stands at each place.
    pub(super) places: Vec<(u64, PlaceCounts)>,
    /// The paths of the elements that hold half of the content or more.
    pub(super) holders: Vec<u64>,
    /// The element that holds the content; 0 if there is too little to say so.
    pub(super) root: u64,
    /// What it reads like.
    pub(super) sketch: Sketch,
}

/// What stands at a place of a page.
#[derive(Clone, Debug, Default)]
pub struct PlaceCounts {
    pub(super) texts: Vec<u64>,
    pub(super) kept: u32,
    pub(super) words: u32,
    pub(super) linked: f32,
    pub(super) titled: bool,
}

/// A title with fewer characters may stand anywhere by chance.
const MIN_TITLE_BYTES: usize = 12;
/// The content root is the deepest element with this share of the content.
const ROOT_SHARE: f32 = 0.9;
/// Content of fewer words does not show where content stands.
const MIN_CONTENT_WORDS: u32 = 60;

impl Observation {
    /// Takes in a further page of the same article: what stands on several of its pages counts once, as one story.
    pub fn join(&mut self, next: Observation) {
        self.more.push(next.key);
        self.more.extend(next.more);
        self.blocks.extend(next.blocks);
        // Stable: of equals the first page's stays.
        self.blocks.sort_by_key(|block| block.0);
        self.blocks.dedup_by_key(|block| block.0);
        for (path, count) in next.places {
            match self.places.iter_mut().find(|place| place.0 == path) {
                Some((_, known)) => known.join(count),
                None => self.places.push((path, count)),
            }
        }
    }
}

impl PlaceCounts {
    fn join(&mut self, next: PlaceCounts) {
        self.texts.extend(next.texts);
        self.kept += next.kept;
        self.words += next.words;
        self.linked += next.linked;
        self.titled |= next.titled;
    }
}

impl PageView {
    pub fn of(document: &Html, arena: &Arena, title: Option<&str>) -> Self {
        let paths = path::paths(document, arena);
        let title = title.filter(|title| title.len() >= MIN_TITLE_BYTES);
        let marks = arena.blocks.iter().map(|block| {
            let text = arena.text_of(block);
            let says = text.chars().any(char::is_alphabetic);
            BlockView {
                text: if says { path::add(path::SEED, text.as_bytes()) | 1 } else { 0 },
                place: paths[block.owner as usize],
                titled: title.is_some_and(|title| text.len() < title.len() * 2 + 40 && text.contains(title)),
            }
        });
        Self { blocks: marks.collect(), paths }
    }

    /// What the page shows. `kept` is what the classifier took for content, before the template had its say, so
    /// that the template does not teach itself.
    pub fn observe(&self, arena: &Arena, kept: &[bool], key: &str, day: i32) -> Observation {
        let mut blocks: Vec<(u64, u64)> = self
            .blocks
            .iter()
            .filter(|block_view| block_view.text != 0)
            .map(|block_view| (block_view.text, block_view.place))
            .collect();
        blocks.sort_unstable();
        blocks.dedup_by_key(|block| block.0);
        let held = holders(arena, kept);
        let content = arena.blocks.iter().zip(kept).filter(|(_, kept)| **kept);
        Observation {
            key: path::add(path::SEED, key.as_bytes()),
            more: Vec::new(),
            day,
            blocks,
            places: self.places(arena, kept),
            root: held
                .iter()
                .rev()
                .find(|(_, share)| *share >= ROOT_SHARE)
                .map_or(0, |(node, _)| self.paths[*node]),
            holders: held.iter().map(|(node, _)| self.paths[*node]).collect(),
            sketch: sketch::of(content.map(|(block, _)| arena.text_of(block))),
        }
    }

    fn places(&self, arena: &Arena, kept: &[bool]) -> Vec<(u64, PlaceCounts)> {
        let mut places: BTreeMap<u64, PlaceCounts> = BTreeMap::new();
        for (index, block) in arena.blocks.iter().enumerate() {
            let block_view = &self.blocks[index];
            let count = places.entry(block_view.place).or_default();
            count.texts.push(block_view.text);
            count.kept += u32::from(kept[index]);
            count.words += block.stats.words;
            count.linked += block.stats.words as f32 * block.stats.link_density();
            count.titled |= block_view.titled;
        }
        places.into_iter().collect()
    }
}

/// The elements that hold half of the content's words or more, outermost first, with the share that each holds; none if
/// there are too few words to tell.
fn holders(arena: &Arena, kept: &[bool]) -> Vec<(usize, f32)> {
    let blocks = arena.blocks.iter().zip(kept);
    let words = sums_before(blocks.map(|(block, kept)| if *kept { block.stats.words } else { 0 }));
    let all = words[arena.blocks.len()];
    let mut held = Vec::new();
    let mut at = 0;
    while at < arena.nodes.len() && all >= MIN_CONTENT_WORDS {
        let node = &arena.nodes[at];
        at += 1;
        if !node.tag.is_block() {
            continue;
        }
        let range = arena.blocks_in(at - 1);
        let share = words[range.end].saturating_sub(words[range.start]) as f32 / all as f32;
        if share < 0.5 {
            at = (node.end as usize).max(at);
        } else if holds_blocks(node.tag) && !matches!(node.tag, Tag::Html | Tag::Body) {
            held.push((at - 1, share));
        }
    }
    held
}

/// Whether an element holds the text of an article, rather than a paragraph of it.
pub fn holds_blocks(tag: Tag) -> bool {
    tag.is_block()
        && !tag.is_heading()
        && !matches!(tag, Tag::P | Tag::Blockquote | Tag::Pre | Tag::Li | Tag::Figcaption | Tag::Hr)
}
