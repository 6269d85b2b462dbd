//! Prefix sums over the blocks, so that what a subtree holds is the difference of two look-ups.

use std::ops::Range;

use super::arena::Arena;
use super::tag::Tag;

/// PrefixSums of the blocks before each index.
#[derive(Debug, Default)]
pub struct PrefixSums {
    chars: Vec<u32>,
    bytes: Vec<u32>,
    linked: Vec<u32>,
    paragraphs: Vec<u32>,
}

impl PrefixSums {
    pub fn of(arena: &Arena) -> Self {
        let mut sums = Self::default();
        let mut total = [0_u32; 4];
        sums.push(total);
        for block in &arena.blocks {
            let stats = &block.stats;
            let is_paragraph = stats.chars >= 80 && stats.link_density() < 0.4;
            let counts_as = is_paragraph
                || (arena.nodes[block.owner as usize].tag == Tag::P
                    && stats.chars >= 40
                    && stats.sentences > 0);
            total[0] += stats.chars;
            total[1] += stats.bytes;
            total[2] += stats.linked;
            total[3] += u32::from(counts_as);
            sums.push(total);
        }
        sums
    }

    fn push(&mut self, total: [u32; 4]) {
        self.chars.push(total[0]);
        self.bytes.push(total[1]);
        self.linked.push(total[2]);
        self.paragraphs.push(total[3]);
    }

    pub fn chars(&self, range: &Range<usize>) -> f32 {
        difference(&self.chars, range)
    }

    pub fn link_density(&self, range: &Range<usize>) -> f32 {
        difference(&self.linked, range) / difference(&self.bytes, range).max(1.0)
    }

    pub fn paragraphs(&self, range: &Range<usize>) -> f32 {
        difference(&self.paragraphs, range)
    }
}

fn difference(sums: &[u32], range: &Range<usize>) -> f32 {
    (sums[range.end.max(range.start)] - sums[range.start]) as f32
}

/// The sum of the values before each index, and of all.
pub fn sums_before(values: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut sums = vec![0];
    for value in values {
        sums.push(sums[sums.len() - 1] + value);
    }
    sums
}
