//! The element that holds the article, found as Readability does (Arc90 2009, Mozilla): paragraphs give points for
//! length and commas to the elements around them, and class names and link density weigh these.

use super::arena::{Arena, NONE};
use super::class_hints as h;
use super::prefix_sums::PrefixSums;
use super::tag::Tag;

/// Names that speak for an element as the article's container, and against.
const BODY_NAMES: h::ClassHints = h::BODY;
const FOREIGN_NAMES: h::ClassHints =
    h::NAV | h::FOOTER | h::SIDE | h::COMMENT | h::RELATED | h::PROMO | h::CONSENT | h::SHARE;

#[derive(Debug)]
pub struct Readability {
    pub best: f32,
    pub scores: Vec<f32>,
    /// For each block, whether it stands in the best element or a sibling that belongs to it.
    pub inside: Vec<bool>,
}

impl Readability {
    pub fn of(arena: &Arena, sums: &PrefixSums) -> Self {
        let mut scores = vec![0_f32; arena.nodes.len()];
        for block in &arena.blocks {
            let owner = &arena.nodes[block.owner as usize];
            let stats = &block.stats;
            if stats.chars < 25 || owner.tag == Tag::Li || owner.tag.is_heading() {
                continue;
            }
            let trust = if owner.all & FOREIGN_NAMES != 0 && owner.all & BODY_NAMES == 0 { 0.3 } else { 1.0 };
            let points = 1.0 + stats.commas.min(10) as f32 + (stats.chars as f32 / 100.0).min(3.0);
            let points = points * trust * (1.0 - stats.link_density());
            let own = if matches!(owner.tag, Tag::P | Tag::Pre) { block.owner } else { NONE };
            let from = if own == NONE { block.owner } else { owner.parent };
            spread(arena, &mut scores, from, points);
        }
        let (mut top, mut best) = (NONE, 0.0);
        for (index, score) in scores.iter_mut().enumerate() {
            if *score <= 0.0 {
                continue;
            }
            let node = &arena.nodes[index];
            let weight = match (node.own & BODY_NAMES != 0, node.own & FOREIGN_NAMES != 0) {
                (true, _) => 25.0,
                (false, true) => -25.0,
                _ => 0.0,
            };
            *score = (*score + weight).max(0.0) * (1.0 - sums.link_density(&arena.blocks_in(index)));
            if *score > best {
                (top, best) = (index as u32, *score);
            }
        }
        let inside = blocks_inside(arena, &scores, top, best);
        Self { best, scores, inside }
    }
}

/// Gives a paragraph's points to the elements around it: all, half, then a third of the rest at each step.
fn spread(arena: &Arena, scores: &mut [f32], from: u32, points: f32) {
    let mut at = from;
    for level in 0..5_u8 {
        if at == NONE {
            break;
        }
        scores[at as usize] += match level {
            0 => points,
            1 => points / 2.0,
            _ => points / (f32::from(level) * 3.0),
        };
        at = arena.nodes[at as usize].parent;
    }
}

/// The blocks of the best element and of its siblings that score at least a fifth as well.
fn blocks_inside(arena: &Arena, scores: &[f32], top: u32, best: f32) -> Vec<bool> {
    let mut inside = vec![false; arena.blocks.len()];
    if top == NONE {
        return inside;
    }
    let parent = arena.nodes[top as usize].parent;
    let mut at = if parent == NONE { top } else { parent + 1 };
    let end = if parent == NONE { arena.nodes[top as usize].end } else { arena.nodes[parent as usize].end };
    while at < end {
        let node = &arena.nodes[at as usize];
        if at == top || (node.tag.is_block() && scores[at as usize] >= (best * 0.2).max(10.0)) {
            inside[arena.blocks_in(at as usize)].fill(true);
        }
        at = node.end.max(at + 1);
    }
    inside
}
