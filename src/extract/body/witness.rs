//! A page, ready to give evidence: what is counted once for all blocks.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;

use super::arena::{Arena, Block, NONE};
use super::facts::Facts;
use super::phrases;
use super::region::Region;
use super::stats::{Ending, QuickHash, Stats};
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

impl Look {
    fn add(&mut self, stats: &Stats) {
        self.count += 1.0;
        self.chars += stats.chars as f32;
        self.linked += stats.linked as f32;
        self.bytes += stats.bytes as f32;
        self.stops += f32::from(u8::from(stats.ending == Ending::Stop));
    }
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
    /// What each block says, once it is asked: most are links in menus, and nobody asks.
    phrases: Vec<OnceCell<[f32; phrases::KINDS]>>,
    /// The nearest heading at or before each block, itself excepted.
    pub(super) heading_above: Vec<Option<usize>>,
    pub(super) page: std::ops::Range<usize>,
    /// What stands around the last block's owner, and its way to the main container.
    pub(super) last_around: Cell<(u32, [f32; 9], u32)>,
    pub(super) last_hops: Cell<(u32, (f32, f32))>,
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
            looks.entry(look_of[index]).or_default().add(stats);
            if stats.chars >= 40 && stats.link_density() < 0.5 {
                *held.entry(container[index]).or_default() += stats.chars as f32;
            }
            *texts.entry(arena.text_of(block)).or_default() += 1;
        }
        let main =
            held.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map_or(NONE, |(node, _)| *node);
        let is_repeated = |block| texts.get(arena.text_of(block)).is_some_and(|n| *n > 1);
        let repeated = arena.blocks.iter().map(is_repeated).collect();
        let media = media_before(arena);
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
            phrases: vec![OnceCell::new(); arena.blocks.len()],
            heading_above: headings_above(arena),
            page: 0..arena.blocks.len(),
            last_around: Cell::new((NONE, [0.0; 9], NONE)),
            last_hops: Cell::new((NONE, (30.0, 30.0))),
        }
    }

    /// What a block says.
    pub(super) fn phrases(&self, index: usize) -> &[f32; phrases::KINDS] {
        self.phrases[index].get_or_init(|| phrases::of(self.arena.text_of(&self.arena.blocks[index])))
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

/// How many media stand right before each block.
fn media_before(arena: &Arena) -> Vec<u32> {
    let mut media = vec![0_u32; arena.blocks.len() + 1];
    for one in &arena.media {
        media[one.block as usize] += 1;
    }
    media
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
