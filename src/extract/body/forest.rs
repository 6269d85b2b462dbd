//! Boosted trees (Friedman 2001): the learned table that weighs the evidence, read from text and walked.

use super::evidence::Row;

/// A split or a leaf.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Which column to look at; a leaf's value stands in `value`.
    column: u8,
    /// How far to go if the column is above the threshold; to the next node else. 0 for a leaf.
    above: u16,
    /// The threshold, or a leaf's value.
    value: f32,
}

/// After so many trees a sum this low is surely no content, and the rest need not be asked: the trees after move a sum by
/// less than what is missing to one half.
const SURELY_NOT: [(usize, f32); 2] = [(16, -3.0), (32, -3.5)];

/// A sum of trees.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    base: f32,
    /// All trees, one after the other, and where each begins.
    nodes: Vec<Node>,
    roots: Vec<u32>,
}

impl Forest {
    /// Reads the table: the base value on the first line, then a tree a line in preorder, `column<threshold` for a split
    /// and `=value` for a leaf. Gives `None` if it is damaged.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let mut forest = Self { base: lines.next()?.parse().ok()?, ..Self::default() };
        for line in lines {
            forest.roots.push(u32::try_from(forest.nodes.len()).ok()?);
            forest.nodes.extend(tree(line)?);
        }
        Some(forest)
    }

    /// The probability that a row is content, 0 to 1.
    pub fn probability(&self, row: &Row) -> f32 {
        let mut sum = self.base;
        for (number, root) in self.roots.iter().enumerate() {
            if SURELY_NOT.iter().any(|(after, low)| number == *after && sum < *low) {
                break;
            }
            let mut at = *root as usize;
            let mut node = &self.nodes[at];
            while node.above != 0 {
                at += if row[node.column as usize] > node.value { node.above as usize } else { 1 };
                node = &self.nodes[at];
            }
            sum += node.value;
        }
        1.0 / (1.0 + (-sum).exp())
    }
}

fn tree(line: &str) -> Option<Vec<Node>> {
    let mut nodes: Vec<Node> = Vec::new();
    // Splits whose lower branch is being read.
    let mut waiting: Vec<usize> = Vec::new();
    for word in line.split_ascii_whitespace() {
        if let Some(value) = word.strip_prefix('=') {
            nodes.push(Node { column: 0, above: 0, value: value.parse().ok()? });
            if let Some(split) = waiting.pop() {
                nodes[split].above = u16::try_from(nodes.len() - split).ok()?;
            }
        } else {
            let (column, threshold) = word.split_once('<')?;
            waiting.push(nodes.len());
            nodes.push(Node { column: column.parse().ok()?, above: 1, value: threshold.parse().ok()? });
        }
    }
    (waiting.is_empty() && !nodes.is_empty()).then_some(nodes)
}
