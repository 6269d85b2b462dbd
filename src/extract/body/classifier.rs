//! Boosted trees (Friedman 2001) that tell from a block's features how likely it is content. The trees are learned by
//! `scripts/train.sh` from annotated pages and stand in `model.txt`.
//!
//! A tree is not walked: each split crosses out the leaves that it leads away from, and the first leaf left is the one
//! (QuickScorer, Lucchese et al. 2015). No step waits for the one before it, and several rows are weighed side by side.

use std::sync::LazyLock;

use super::features::{self, ROW_SLOTS, Row};

/// The model that is shipped. A test reads it, so that one that does not fit the features fails there.
pub static MODEL: LazyLock<Classifier> = LazyLock::new(|| {
    Classifier::read(include_str!("model.txt"))
        .expect("the model in the source fits the features in the source")
});

/// How many rows are weighed side by side.
pub const LANES: usize = 8;

/// A tree has at most so many leaves: one for each bit.
const MAX_LEAVES: usize = u32::BITS as usize;

/// After so many trees a sum below the bound is surely no content, and the rest need not be asked: together the later
/// trees add less than what is missing to one half.
const SURELY_NOT: [(usize, f32); 2] = [(16, -3.0), (32, -3.5)];

#[derive(Clone, Copy, Debug)]
struct Split {
    threshold: f32,
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

#[derive(Clone, Debug, Default)]
pub struct Classifier {
    base: f32,
    trees: Vec<Tree>,
}

impl Classifier {
    /// Reads a model: a header of `name: value` lines, of which `columns` must name the features that this program
    /// fills, in their order; an empty line; the base value; then a tree a line in preorder, `column<threshold` for a
    /// split and `=value` for a leaf.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn read(text: &str) -> Result<Self, String> {
        let (header, trees) = text.split_once("\n\n").ok_or("no header")?;
        let columns = header.lines().find_map(|line| line.strip_prefix("columns: ")).ok_or("no columns")?;
        if !features::names().iter().eq(columns.split(' ')) {
            return Err("the columns are not those of the features".to_owned());
        }
        let mut lines = trees.lines();
        let base = lines.next().and_then(|base| base.parse().ok()).ok_or("no base value")?;
        let trees: Option<Vec<Tree>> = lines.map(read_tree).collect();
        Ok(Self { base, trees: trees.ok_or("a damaged tree")? })
    }

    /// The probabilities that rows are content, 0 to 1; of no more than [`LANES`] rows.
    pub fn probabilities(&self, rows: &[Row]) -> [f32; LANES] {
        let mut columns = [[0.0_f32; LANES]; ROW_SLOTS];
        for (lane, row) in rows.iter().take(LANES).enumerate() {
            // No split asks for a column behind them.
            for (column, value) in columns.iter_mut().zip(&row.0[..features::WIDTH]) {
                column[lane] = *value;
            }
        }
        let mut sums = [self.base; LANES];
        let mut is_open = [true; LANES];
        for (number, tree) in self.trees.iter().enumerate() {
            if let Some((_, low)) = SURELY_NOT.iter().find(|(after, _)| *after == number) {
                is_open = std::array::from_fn(|lane| is_open[lane] && sums[lane] >= *low);
                if !is_open[..rows.len()].contains(&true) {
                    break;
                }
            }
            let leaves = tree.leaves(&columns);
            for lane in 0..LANES {
                sums[lane] += if is_open[lane] { leaves[lane] } else { 0.0 };
            }
        }
        sums.map(|sum| 1.0 / (1.0 + (-sum).exp()))
    }
}

impl Tree {
    /// The leaf of each row.
    fn leaves(&self, columns: &[[f32; LANES]; ROW_SLOTS]) -> [f32; LANES] {
        let mut left = [u32::MAX; LANES];
        for &Split { threshold, column, above } in &self.splits {
            let column = &columns[column as usize];
            for lane in 0..LANES {
                // Without a branch: all lanes take the same few instructions at once.
                let is_above = u32::from(column[lane] > threshold);
                left[lane] &= above | is_above.wrapping_sub(1);
            }
        }
        left.map(|left| self.leaves.get(left.trailing_zeros() as usize).copied().unwrap_or_default())
    }
}

fn read_tree(line: &str) -> Option<Tree> {
    let mut tree = Tree::default();
    // Splits whose lower branch is being read, with the first leaf of it.
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    for word in line.split_ascii_whitespace() {
        if let Some(value) = word.strip_prefix('=') {
            tree.leaves.push(value.parse().ok()?);
            if let Some((split, first)) = waiting.pop() {
                let lower =
                    (first..tree.leaves.len()).fold(0_u32, |lower, leaf| lower | 1 << (leaf % MAX_LEAVES));
                tree.splits[split].above = !lower;
            }
        } else {
            let (column, threshold) = word.split_once('<')?;
            waiting.push((tree.splits.len(), tree.leaves.len()));
            let column: u8 = column.parse().ok()?;
            if usize::from(column) >= features::WIDTH {
                return None;
            }
            tree.splits.push(Split { threshold: threshold.parse().ok()?, column, above: u32::MAX });
        }
    }
    let is_whole = waiting.is_empty() && tree.leaves.len() == tree.splits.len() + 1;
    (is_whole && tree.leaves.len() <= MAX_LEAVES).then_some(tree)
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
        if row.0[column] > value { above } else { below }
    }

    #[test]
    fn crossing_out_leads_where_walking_leads() {
        let text = include_str!("model.txt");
        let classifier = Classifier::read(text).expect("the model");
        let mut lines = text.split_once("\n\n").expect("a header").1.lines();
        let base: f32 = lines.next().expect("a line").parse().expect("a number");
        let trees: Vec<&str> = lines.collect();
        let mut random = fastrand::Rng::with_seed(1);
        let splits: Vec<Split> = classifier.trees.iter().flat_map(|tree| &tree.splits).copied().collect();
        let mut likely = 0;
        for _ in 0..200 {
            let mut rows = vec![Row::EMPTY; random.usize(1..=LANES)];
            for row in &mut rows {
                for _ in 0..400 {
                    let split = splits[random.usize(..splits.len())];
                    row.0[split.column as usize] = split.threshold * random.usize(..3) as f32;
                }
            }
            for (row, found) in rows.iter().zip(classifier.probabilities(&rows)) {
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

    #[test]
    fn a_model_of_other_columns_is_refused() {
        let text = include_str!("model.txt");
        for (from, to) in
            [("OwnerTag", "Tag"), (" ParentTag", ""), ("columns", "names"), ("Says:note", "Says:note New")]
        {
            assert!(Classifier::read(&text.replace(from, to)).is_err(), "{from} for {to}");
        }
        assert!(Classifier::read(&format!("{text}250<1 =0.1 =0.2\n")).is_err(), "a column that is not there");
    }
}
