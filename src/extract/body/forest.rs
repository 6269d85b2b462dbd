//! Boosted trees (Friedman 2001): the learned table that weighs the evidence, read from text and walked.

/// A split or a leaf.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Which column to look at; a leaf's value stands in `value`.
    column: u16,
    /// Where to go if the column is above the threshold; to the next node else. 0 for a leaf.
    above: u16,
    /// The threshold, or a leaf's value.
    value: f32,
}

/// A sum of trees.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    base: f32,
    trees: Vec<Vec<Node>>,
}

impl Forest {
    /// Reads the table: the base value on the first line, then a tree a line in preorder, `column<threshold` for a split
    /// and `=value` for a leaf. Gives `None` if it is damaged.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let base = lines.next()?.parse().ok()?;
        let trees = lines.map(tree).collect::<Option<Vec<_>>>()?;
        Some(Self { base, trees })
    }

    /// The probability that a row is content, 0 to 1.
    pub fn probability(&self, row: &[f32]) -> f32 {
        let mut sum = self.base;
        for tree in &self.trees {
            let mut at = 0;
            loop {
                let node = &tree[at];
                if node.above == 0 {
                    sum += node.value;
                    break;
                }
                at = if row[node.column as usize] > node.value { node.above as usize } else { at + 1 };
            }
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
            let next = u16::try_from(nodes.len()).ok()?;
            if let Some(split) = waiting.pop() {
                nodes[split].above = next;
            }
        } else {
            let (column, threshold) = word.split_once('<')?;
            waiting.push(nodes.len());
            nodes.push(Node { column: column.parse().ok()?, above: 1, value: threshold.parse().ok()? });
        }
    }
    (waiting.is_empty() && !nodes.is_empty()).then_some(nodes)
}
