//! A page, ready to give evidence: what is counted once for all blocks.

use std::collections::HashMap;

use super::arena::{Arena, Block, NONE};
use super::facts::Facts;
use super::phrases;
use super::region::Region;
use super::stats::{Ending, QuickHash};
use super::sums::Sums;
use super::tag::Tag;

/// What blocks that look alike have in common on this page.
#[derive(Clone, Copy, Default)]
pub(super) struct Look {
    pub(super) count: f32,
    pub(super) chars: f32,
    pub(super) linked: f32,
    pub(super) bytes: f32,
    pub(super) stops: f32,
}

/// A page, ready to give evidence of its blocks.
pub struct Witness<'a> {
    pub(super) arena: &'a Arena,
    pub(super) sums: &'a Sums,
    pub(super) region: &'a Region,
    pub(super) facts: &'a Facts,
    pub(super) looks: HashMap<u32, Look, QuickHash>,
    /// The look of each block.
    pub(super) look_of: Vec<u32>,
    /// The container of each block: what holds its paragraph.
    pub(super) container: Vec<u32>,
    /// The container that holds most running text.
    pub(super) main: u32,
    /// Media before each block.
    pub(super) media: Vec<u32>,
    /// Media before each block, summed up.
    pub(super) media_sums: Vec<u32>,
    pub(super) repeated: Vec<bool>,
    pub(super) phrases: Vec<[f32; phrases::KINDS]>,
    /// The nearest heading at or before each block, itself excepted.
    pub(super) heading_above: Vec<Option<usize>>,
    pub(super) page: std::ops::Range<usize>,
}

impl<'a> Witness<'a> {
    /// Looks at the page as a whole.
    pub fn new(arena: &'a Arena, sums: &'a Sums, region: &'a Region, facts: &'a Facts) -> Self {
        let container: Vec<u32> = arena.blocks.iter().map(|block| container(arena, block.owner)).collect();
        let look_of: Vec<u32> = arena.blocks.iter().map(|block| look(arena, block.owner)).collect();
        let mut looks: HashMap<u32, Look, QuickHash> = HashMap::default();
        let mut held: HashMap<u32, f32, QuickHash> = HashMap::default();
        let mut texts: HashMap<&str, u32, QuickHash> = HashMap::default();
        for (index, block) in arena.blocks.iter().enumerate() {
            let stats = &block.stats;
            let look = looks.entry(look_of[index]).or_default();
            look.count += 1.0;
            look.chars += stats.chars as f32;
            look.linked += stats.linked as f32;
            look.bytes += stats.bytes as f32;
            look.stops += f32::from(u8::from(stats.ending == Ending::Stop));
            if stats.chars >= 40 && stats.link_density() < 0.5 {
                *held.entry(container[index]).or_default() += stats.chars as f32;
            }
            *texts.entry(arena.text_of(block)).or_default() += 1;
        }
        let main =
            held.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map_or(NONE, |(node, _)| *node);
        let repeated = arena
            .blocks
            .iter()
            .map(|block| texts.get(arena.text_of(block)).is_some_and(|n| *n > 1))
            .collect();
        let phrases = arena.blocks.iter().map(|block| phrases::of(arena.text_of(block))).collect();
        let mut media = vec![0_u32; arena.blocks.len() + 1];
        for one in &arena.media {
            media[one.block as usize] += 1;
        }
        Self {
            arena,
            sums,
            region,
            facts,
            looks,
            look_of,
            container,
            main,
            media_sums: running_sums(&media),
            media,
            repeated,
            phrases,
            heading_above: headings_above(arena),
            page: 0..arena.blocks.len(),
        }
    }

    /// The container of a block.
    pub fn container(&self, index: usize) -> u32 {
        self.container[index]
    }
}

/// What holds a block's paragraph: the parent of a paragraph, heading or item; for text that stands bare in a division,
/// the division.
fn container(arena: &Arena, owner: u32) -> u32 {
    let node = &arena.nodes[owner as usize];
    match node.tag {
        Tag::Div
        | Tag::Section
        | Tag::Article
        | Tag::Main
        | Tag::Body
        | Tag::Td
        | Tag::Custom
        | Tag::Center => owner,
        _ if node.parent == NONE => owner,
        _ => node.parent,
    }
}

fn headings_above(arena: &Arena) -> Vec<Option<usize>> {
    let mut last = None;
    let above = |(index, block): (usize, &Block)| {
        let found = last;
        if arena.nodes[block.owner as usize].tag.is_heading() {
            last = Some(index);
        }
        found
    };
    arena.blocks.iter().enumerate().map(above).collect()
}

/// What a block looks like: tag and class of the three elements around it.
fn look(arena: &Arena, owner: u32) -> u32 {
    let mut look = 0_u32;
    let mut at = owner;
    for _ in 0..3 {
        let Some(node) = arena.nodes.get(at as usize) else { break };
        look = look.rotate_left(5).wrapping_mul(0x9e37_79b1) ^ node.look;
        at = node.parent;
    }
    look
}

/// Sums of the values before each index.
fn running_sums(values: &[u32]) -> Vec<u32> {
    let mut total = 0;
    let mut sums = vec![0];
    sums.extend(values.iter().map(|value| {
        total += value;
        total
    }));
    sums
}
