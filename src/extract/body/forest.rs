//! Boosted trees (Friedman 2001): the learned table that weighs the evidence, read from text.
//!
//! A tree is not walked: each split crosses out the leaves that it leads away from, and the first leaf left is the one
//! (QuickScorer, Lucchese et al. 2015). No step waits for the one before it, and some rows are weighed side by side.

use super::evidence::Row;

/// So many rows are weighed side by side.
pub const SIDE_BY_SIDE: usize = 8;

/// Leaves of a tree at most: one for each bit.
const LEAVES: usize = u32::BITS as usize;

/// A question of a tree.
#[derive(Clone, Copy, Debug)]
struct Split {
    /// The threshold.
    value: f32,
    /// Which column to look at.
    column: u8,
    /// The leaves that are left if the column is above the threshold, one bit each.
    above: u32,
}

#[derive(Clone, Debug, Default)]
struct Tree {
    splits: Vec<Split>,
    /// From the one that is met where no column is above its threshold.
    leaves: Vec<f32>,
}

/// After so many trees a sum this low is surely no content, and the rest need not be asked: the trees after move a sum by
/// less than what is missing to one half.
const SURELY_NOT: [(usize, f32); 2] = [(16, -3.0), (32, -3.5)];

/// A sum of trees.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    base: f32,
    trees: Vec<Tree>,
}

impl Forest {
    /// Reads the table: the base value on the first line, then a tree a line in preorder, `column<threshold` for a split
    /// and `=value` for a leaf. Gives `None` if it is damaged.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let base = lines.next()?.parse().ok()?;
        Some(Self { base, trees: lines.map(tree).collect::<Option<_>>()? })
    }

    /// The probabilities that rows are content, 0 to 1; of no more than [`SIDE_BY_SIDE`] rows.
    pub fn probabilities(&self, rows: &[Row]) -> [f32; SIDE_BY_SIDE] {
        let mut columns = [[0.0_f32; SIDE_BY_SIDE]; 256];
        for (lane, row) in rows.iter().take(SIDE_BY_SIDE).enumerate() {
            for (column, value) in columns.iter_mut().zip(row) {
                column[lane] = *value;
            }
        }
        let mut sums = [self.base; SIDE_BY_SIDE];
        let mut is_open = [true; SIDE_BY_SIDE];
        for (number, tree) in self.trees.iter().enumerate() {
            if let Some((_, low)) = SURELY_NOT.iter().find(|(after, _)| *after == number) {
                is_open = std::array::from_fn(|lane| is_open[lane] && sums[lane] >= *low);
                if !is_open[..rows.len()].contains(&true) {
                    break;
                }
            }
            let leaves = tree.leaves(&columns);
            for lane in 0..SIDE_BY_SIDE {
                sums[lane] += if is_open[lane] { leaves[lane] } else { 0.0 };
            }
        }
        sums.map(|sum| 1.0 / (1.0 + (-sum).exp()))
    }
}

impl Tree {
    /// The leaf of each row.
    fn leaves(&self, columns: &[[f32; SIDE_BY_SIDE]; 256]) -> [f32; SIDE_BY_SIDE] {
        let mut left = [u32::MAX; SIDE_BY_SIDE];
        for &Split { value, column, above } in &self.splits {
            let column = &columns[column as usize];
            for lane in 0..SIDE_BY_SIDE {
                // Without a branch: all lanes take the same few instructions at once.
                let is_above = u32::from(column[lane] > value);
                left[lane] &= above | is_above.wrapping_sub(1);
            }
        }
        left.map(|left| self.leaves.get(left.trailing_zeros() as usize).copied().unwrap_or_default())
    }
}

fn tree(line: &str) -> Option<Tree> {
    let mut tree = Tree::default();
    // Splits whose lower branch is being read, with the first leaf of it.
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    for word in line.split_ascii_whitespace() {
        if let Some(value) = word.strip_prefix('=') {
            tree.leaves.push(value.parse().ok()?);
            if let Some((split, first)) = waiting.pop() {
                let lower =
                    (first..tree.leaves.len()).fold(0_u32, |lower, leaf| lower | 1 << (leaf % LEAVES));
                tree.splits[split].above = !lower;
            }
        } else {
            let (column, value) = word.split_once('<')?;
            waiting.push((tree.splits.len(), tree.leaves.len()));
            let (column, value) = (column.parse().ok()?, value.parse().ok()?);
            tree.splits.push(Split { value, column, above: u32::MAX });
        }
    }
    let is_whole = waiting.is_empty() && tree.leaves.len() == tree.splits.len() + 1;
    (is_whole && tree.leaves.len() <= LEAVES).then_some(tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks a tree as it is written.
    fn walked(words: &mut std::str::SplitAsciiWhitespace<'_>, row: &Row) -> f32 {
        let word = words.next().expect("a whole tree");
        if let Some(value) = word.strip_prefix('=') {
            return value.parse().expect("a number");
        }
        let (column, value) = word.split_once('<').expect("a split");
        let (column, value): (usize, f32) =
            (column.parse().expect("a number"), value.parse().expect("a number"));
        let (below, above) = (walked(words, row), walked(words, row));
        if row[column] > value { above } else { below }
    }

    #[test]
    fn crossing_out_leads_where_walking_leads() {
        let text = include_str!("table/first.txt");
        let forest = Forest::read(text).expect("the table");
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let base: f32 = lines.next().expect("a line").parse().expect("a number");
        let trees: Vec<&str> = lines.collect();
        let mut random = fastrand::Rng::with_seed(1);
        let splits: Vec<Split> = forest.trees.iter().flat_map(|tree| &tree.splits).copied().collect();
        let mut likely = 0;
        for _ in 0..200 {
            let mut rows = vec![[0.0; 256]; random.usize(1..=SIDE_BY_SIDE)];
            for row in &mut rows {
                for _ in 0..400 {
                    let split = splits[random.usize(..splits.len())];
                    row[split.column as usize] = split.value * random.usize(..3) as f32;
                }
            }
            for (row, found) in rows.iter().zip(forest.probabilities(&rows)) {
                let mut sum = base;
                for (number, tree) in trees.iter().enumerate() {
                    if SURELY_NOT.iter().any(|(after, low)| *after == number && sum < *low) {
                        break;
                    }
                    sum += walked(&mut tree.split_ascii_whitespace(), row);
                }
                assert!((found - 1.0 / (1.0 + (-sum).exp())).abs() < 1e-6, "{found} for {sum}");
                likely += u32::from(found > 0.3);
            }
        }
        assert!(likely > 10, "rows of all kinds were weighed");
    }
}
