//! The second look: what the first verdicts on the blocks around, in the same container and of the same look say of a
//! block. A heading belongs to the article if what follows does; a lone paragraph in a column of teasers does not.
//! (The idea of Web2Text, Vogels et al. 2018, who smooth with a hidden Markov model.)

use std::collections::HashMap;
use std::ops::Range;

use super::arena::{Arena, NONE};
use super::evidence::{Row, WIDTH, Witness};

const COLUMNS: &[&str] = &[
    "first verdict",
    "verdict p1",
    "verdict p2",
    "verdict p3",
    "verdict n1",
    "verdict n2",
    "verdict n3",
    "verdict around",
    "verdict far around",
    "verdict before",
    "verdict after",
    "verdict container",
    "verdict container 2",
    "verdict container 3",
    "verdict look",
    "mass before",
    "mass after",
    "strong before",
    "strong after",
    "mass",
    "container mass share",
    "look mass share",
    "same container as strong before",
    "same container as strong after",
    "same look as strong before",
    "same look as strong after",
];

/// How many columns the second row has.
pub const WIDTH2: usize = WIDTH + COLUMNS.len();

/// The names of the columns that this look adds.
pub fn names() -> Vec<&'static str> {
    COLUMNS.to_vec()
}

/// A block that is surely content: this likely, this long.
const STRONG: (f32, u32) = (0.7, 70);

/// First verdicts, summed up.
pub struct Verdicts<'a> {
    arena: &'a Arena,
    witness: &'a Witness<'a>,
    first: &'a [f32],
    /// Running sums of characters, and of characters times verdict.
    chars: Vec<f32>,
    mass: Vec<f32>,
    looks: HashMap<u32, (f32, f32)>,
    /// The nearest strong block before and after each.
    before: Vec<Option<usize>>,
    after: Vec<Option<usize>>,
}

impl<'a> Verdicts<'a> {
    /// Sums up a page.
    pub fn new(arena: &'a Arena, witness: &'a Witness<'a>, first: &'a [f32]) -> Self {
        let (mut chars, mut mass) = (vec![0.0], vec![0.0]);
        let mut looks: HashMap<u32, (f32, f32)> = HashMap::new();
        let (mut all, mut kept) = (0.0, 0.0);
        for (index, block) in arena.blocks.iter().enumerate() {
            let weight = block.stats.chars as f32 + 1.0;
            all += weight;
            kept += weight * first[index];
            chars.push(all);
            mass.push(kept);
            let look = looks.entry(witness.look(index)).or_default();
            look.0 += weight;
            look.1 += weight * first[index];
        }
        let strong = |index: &usize| first[*index] > STRONG.0 && arena.blocks[*index].stats.chars > STRONG.1;
        let n = first.len();
        let (mut before, mut after) = (vec![None; n], vec![None; n]);
        let mut last = None;
        for index in 0..n {
            before[index] = last;
            last = if strong(&index) { Some(index) } else { last };
        }
        last = None;
        for index in (0..n).rev() {
            after[index] = last;
            last = if strong(&index) { Some(index) } else { last };
        }
        Self { arena, witness, first, chars, mass, looks, before, after }
    }

    /// The row of the second look.
    pub fn row(&self, index: usize, row: &Row) -> [f32; WIDTH2] {
        let mut out = [0.0; WIDTH2];
        out[..WIDTH].copy_from_slice(row);
        for (slot, value) in out[WIDTH..].iter_mut().zip(self.columns(index)) {
            *slot = value;
        }
        out
    }

    fn columns(&self, index: usize) -> [f32; COLUMNS.len()] {
        let n = self.first.len();
        let at = |offset: isize| {
            index.checked_add_signed(offset).and_then(|at| self.first.get(at)).copied().unwrap_or(-1.0)
        };
        let window = |width: usize| self.mean(&(index.saturating_sub(width)..(index + width + 1).min(n)));
        let container = self.witness.container(index);
        let second = self.arena.nodes.get(container as usize).map_or(NONE, |node| node.parent);
        let third = self.arena.nodes.get(second as usize).map_or(NONE, |node| node.parent);
        let total = self.mass[n].max(1.0);
        let look = self.looks.get(&self.witness.look(index)).copied().unwrap_or_default();
        let strong = |other: Option<usize>| other.map_or(99.0, |other| other.abs_diff(index).min(98) as f32);
        let place =
            |other: Option<usize>| other.is_some_and(|other| self.witness.container(other) == container);
        let like = |other: Option<usize>| {
            other.is_some_and(|other| self.witness.look(other) == self.witness.look(index))
        };
        let flag = |value: bool| f32::from(u8::from(value));
        let (before, after) = (self.before[index], self.after[index]);
        [
            self.first[index],
            at(-1),
            at(-2),
            at(-3),
            at(1),
            at(2),
            at(3),
            window(2),
            window(6),
            self.mean(&(index.saturating_sub(5)..index)),
            self.mean(&((index + 1).min(n)..(index + 6).min(n))),
            self.inside(container),
            self.inside(second),
            self.inside(third),
            look.1 / look.0.max(1.0),
            self.mass[index] / total,
            (self.mass[n] - self.mass[index + 1]) / total,
            strong(before),
            strong(after),
            total.ln_1p(),
            self.share(container) / total,
            look.1 / total,
            flag(place(before)),
            flag(place(after)),
            flag(like(before)),
            flag(like(after)),
        ]
    }

    fn mean(&self, range: &Range<usize>) -> f32 {
        let chars = self.chars[range.end] - self.chars[range.start];
        if chars > 0.0 { (self.mass[range.end] - self.mass[range.start]) / chars } else { -1.0 }
    }

    fn inside(&self, node: u32) -> f32 {
        if node == NONE { -1.0 } else { self.mean(&self.arena.blocks_in(node as usize)) }
    }

    fn share(&self, node: u32) -> f32 {
        if node == NONE {
            return 0.0;
        }
        let range = self.arena.blocks_in(node as usize);
        self.mass[range.end] - self.mass[range.start]
    }
}
