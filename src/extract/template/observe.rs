//! What one page shows of its source's template: hashes and counts, nothing that grows with its text.

use std::collections::BTreeMap;

use scraper::Html;

use super::path;
use super::sketch;
use crate::article::Sketch;
use crate::extract::body::arena::{Arena, NONE};
use crate::extract::body::tag::Tag;

/// A page as the template sees it: every block with the hash of its text and of its place.
#[derive(Debug)]
pub struct Sight {
    /// The path of every node.
    pub paths: Vec<u64>,
    /// For each block.
    pub blocks: Vec<Mark>,
}

/// A block as the template sees it.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
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
    /// The day it was fetched, counted from 1970.
    pub(super) day: i32,
    /// The texts of its blocks and where each stands, each text once.
    pub(super) blocks: Vec<(u64, u64)>,
    /// What stands at each place.
    pub(super) places: Vec<(u64, Count)>,
    /// The paths of its elements, ascending.
    pub(super) elements: Vec<u64>,
    /// The element that holds the content; 0 if there is too little to say so.
    pub(super) home: u64,
    /// What it reads like.
    pub(super) sketch: Sketch,
}

/// What stands at a place of a page.
#[derive(Clone, Debug, Default)]
pub struct Count {
    pub(super) texts: Vec<u64>,
    pub(super) kept: u32,
    pub(super) words: u32,
    pub(super) linked: f32,
    pub(super) titled: bool,
}

/// A title with fewer characters may stand anywhere by chance.
const TITLE: usize = 12;
/// Content with fewer words does not tell where content stands.
const ENOUGH: u32 = 60;

impl Sight {
    /// Looks at a page.
    pub fn of(document: &Html, arena: &Arena, title: Option<&str>) -> Self {
        let paths = path::paths(document, arena);
        let title = title.filter(|title| title.len() >= TITLE);
        let marks = arena.blocks.iter().map(|block| {
            let text = arena.text_of(block);
            let says = text.chars().any(char::is_alphabetic);
            Mark {
                text: if says { path::add(path::SEED, text.as_bytes()) | 1 } else { 0 },
                place: paths[block.owner as usize],
                titled: title.is_some_and(|title| text.len() < title.len() * 2 + 40 && text.contains(title)),
            }
        });
        Self { blocks: marks.collect(), paths }
    }

    /// What the page shows. `kept` is what the general evidence took for content, before the template had its say, so
    /// that the template does not teach itself.
    pub fn observe(&self, arena: &Arena, kept: &[bool], key: &str, day: i32) -> Observation {
        let mut blocks: Vec<(u64, u64)> = self.blocks.iter().filter(|mark| mark.text != 0).map(|mark| (mark.text, mark.place)).collect();
        blocks.sort_unstable();
        blocks.dedup_by_key(|block| block.0);
        let mut elements: Vec<u64> = arena.nodes.iter().zip(&self.paths).filter(|(node, _)| node.tag.is_block()).map(|(_, path)| *path).collect();
        elements.sort_unstable();
        elements.dedup();
        let content = arena.blocks.iter().zip(kept).filter(|(_, kept)| **kept);
        Observation {
            key: path::add(path::SEED, key.as_bytes()),
            day,
            blocks,
            places: self.places(arena, kept),
            elements,
            home: home(arena, kept).map_or(0, |node| self.paths[node]),
            sketch: sketch::of(content.map(|(block, _)| arena.text_of(block))),
        }
    }

    fn places(&self, arena: &Arena, kept: &[bool]) -> Vec<(u64, Count)> {
        let mut places: BTreeMap<u64, Count> = BTreeMap::new();
        for (index, block) in arena.blocks.iter().enumerate() {
            let mark = &self.blocks[index];
            let count = places.entry(mark.place).or_default();
            count.texts.push(mark.text);
            count.kept += u32::from(kept[index]);
            count.words += block.stats.words;
            count.linked += block.stats.words as f32 * block.stats.link_density();
            count.titled |= mark.titled;
        }
        places.into_iter().collect()
    }
}

/// The deepest element that holds nine tenths of the content's words.
fn home(arena: &Arena, kept: &[bool]) -> Option<usize> {
    let words: Vec<u32> = std::iter::once(0)
        .chain(arena.blocks.iter().zip(kept).scan(0, |sum, (block, kept)| {
            *sum += if *kept { block.stats.words } else { 0 };
            Some(*sum)
        }))
        .collect();
    let all = *words.last()?;
    if all < ENOUGH {
        return None;
    }
    let (mut found, mut at) = (NONE as usize, 0);
    while at < arena.nodes.len() {
        let node = &arena.nodes[at];
        let range = arena.blocks_in(at);
        if holds_blocks(node.tag) && (words[range.end] - words[range.start]) * 10 >= all * 9 {
            found = at;
            at += 1;
        } else if holds_blocks(node.tag) {
            at = (node.end as usize).max(at + 1);
        } else {
            at += 1;
        }
    }
    (found != NONE as usize && !matches!(arena.nodes[found].tag, Tag::Html | Tag::Body)).then_some(found)
}

/// Whether an element holds the text of an article, rather than a paragraph of it.
pub fn holds_blocks(tag: Tag) -> bool {
    tag.is_block() && !tag.is_heading() && !matches!(tag, Tag::P | Tag::Blockquote | Tag::Pre | Tag::Li | Tag::Figcaption | Tag::Hr)
}
