//! Boosted trees (Friedman 2001): the learned table that weighs the evidence, read from text and walked.

use super::evidence::Row;

/// A split or a leaf.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// The threshold, or a leaf's value.
    value: f32,
    /// Which column to look at.
    column: u8,
    /// How far to go if the column is not above the threshold: to the next node. 0 for a leaf.
    below: u8,
    /// How far to go if it is. 0 for a leaf.
    above: u16,
}

/// So many trees are walked side by side: a step in a tree waits for the one before it, not for those in other trees.
const SIDE_BY_SIDE: usize = 8;

/// Trees that are walked side by side.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    /// Where each begins.
    roots: [u32; SIDE_BY_SIDE],
    /// So many steps lead to a leaf in any of them; at a leaf a step leads nowhere.
    depth: u8,
}

/// After so many trees a sum this low is surely no content, and the rest need not be asked: the trees after move a sum by
/// less than what is missing to one half.
const SURELY_NOT: [(usize, f32); 2] = [(16, -3.0), (32, -3.5)];

/// A sum of trees.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    base: f32,
    /// All trees, one after the other.
    nodes: Vec<Node>,
    groups: Vec<Group>,
}

impl Forest {
    /// Reads the table: the base value on the first line, then a tree a line in preorder, `column<threshold` for a split
    /// and `=value` for a leaf. Gives `None` if it is damaged.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let base = lines.next()?.parse().ok()?;
        // The first node is the tree of one leaf, of no weight, that fills the last group.
        let mut forest = Self { base, nodes: vec![Node::default()], groups: Vec::new() };
        for (number, line) in lines.enumerate() {
            let root = u32::try_from(forest.nodes.len()).ok()?;
            let (nodes, depth) = tree(line)?;
            forest.nodes.extend(nodes);
            if number % SIDE_BY_SIDE == 0 {
                forest.groups.push(Group::default());
            }
            let group = forest.groups.last_mut()?;
            group.roots[number % SIDE_BY_SIDE] = root;
            group.depth = group.depth.max(depth);
        }
        Some(forest)
    }

    /// The probability that a row is content, 0 to 1.
    pub fn probability(&self, row: &Row) -> f32 {
        let mut sum = self.base;
        for (number, group) in self.groups.iter().enumerate() {
            let trees = number * SIDE_BY_SIDE;
            if SURELY_NOT.iter().any(|(after, low)| trees == *after && sum < *low) {
                break;
            }
            let mut at = group.roots;
            for _ in 0..group.depth {
                for at in &mut at {
                    let node = &self.nodes[*at as usize];
                    let is_above = row[node.column as usize] > node.value;
                    *at += if is_above { u32::from(node.above) } else { u32::from(node.below) };
                }
            }
            for at in at {
                sum += self.nodes[at as usize].value;
            }
        }
        1.0 / (1.0 + (-sum).exp())
    }
}

/// A tree and how many steps lead to its deepest leaf.
fn tree(line: &str) -> Option<(Vec<Node>, u8)> {
    let mut nodes: Vec<Node> = Vec::new();
    // Splits whose lower branch is being read, with their depth.
    let mut waiting: Vec<(usize, u8)> = Vec::new();
    let (mut depth, mut deepest) = (0_u8, 0);
    for word in line.split_ascii_whitespace() {
        if let Some(value) = word.strip_prefix('=') {
            nodes.push(Node { value: value.parse().ok()?, ..Node::default() });
            deepest = deepest.max(depth);
            if let Some((split, above)) = waiting.pop() {
                nodes[split].above = u16::try_from(nodes.len() - split).ok()?;
                depth = above;
            }
        } else {
            let (column, value) = word.split_once('<')?;
            depth = depth.checked_add(1)?;
            waiting.push((nodes.len(), depth));
            let (column, value) = (column.parse().ok()?, value.parse().ok()?);
            nodes.push(Node { value, column, below: 1, above: 1 });
        }
    }
    (waiting.is_empty() && !nodes.is_empty()).then_some((nodes, deepest))
}
