//! Which words of a page are those of its gold text: a longest common subsequence that prefers runs.

use std::collections::HashMap;

use tinsach::extract::body::labelled_page::LabelledPage;

/// Words as Python's `\w+` sees them.
pub fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect()
}

/// For each block, the share of its words that stand in the gold text, in order and in runs.
pub fn label(page: &LabelledPage, gold: &str) -> Vec<f32> {
    let texts = page.texts();
    let mut ids: HashMap<&str, u32> = HashMap::new();
    let (mut page, mut owner) = (Vec::new(), Vec::new());
    for (index, text) in texts.iter().enumerate() {
        for word in words(text) {
            let next = ids.len() as u32;
            page.push(*ids.entry(word).or_insert(next));
            owner.push(index);
        }
    }
    let gold: Vec<u32> =
        words(gold).into_iter().map(|word| ids.get(word).copied().unwrap_or(u32::MAX)).collect();
    let pairs = pairs(&page, &gold);
    let mut matched = vec![0_u32; texts.len()];
    for (at, (i, j)) in pairs.iter().enumerate() {
        let follows = at > 0 && pairs[at - 1] == (i.wrapping_sub(1), j.wrapping_sub(1));
        let leads = pairs.get(at + 1) == Some(&(i + 1, j + 1));
        matched[owner[*i]] += u32::from(follows || leads);
    }
    let mut sizes = vec![0_u32; texts.len()];
    for index in owner {
        sizes[index] += 1;
    }
    matched.iter().zip(&sizes).map(|(m, n)| if *n == 0 { 0.0 } else { *m as f32 / *n as f32 }).collect()
}

/// Matched positions, ascending.
fn pairs(a: &[u32], b: &[u32]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    if a.len().saturating_mul(width) > 600_000_000 {
        return Vec::new();
    }
    // 1: match is best here; 2: drop a's word; 3: drop b's; 4: the match continues a run.
    let mut trace = vec![0_u8; (a.len() + 1) * width];
    let (mut best, mut run) = (vec![0_i32; width], vec![i32::MIN / 2; width]);
    for (i, x) in a.iter().enumerate() {
        let (mut diagonal_best, mut diagonal_run) = (best[0], run[0]);
        run[0] = i32::MIN / 2;
        for (j, y) in b.iter().enumerate() {
            let (up_best, up_run) = (best[j + 1], run[j + 1]);
            let mut mark = 0;
            let here = if x == y {
                let (fresh, longer) = (diagonal_best + 1, diagonal_run + 4);
                mark |= if longer >= fresh { 4 } else { 0 };
                fresh.max(longer)
            } else {
                i32::MIN / 2
            };
            let left = best[j];
            let (value, from) = if here >= up_best && here >= left {
                (here, 1)
            } else if up_best >= left {
                (up_best, 2)
            } else {
                (left, 3)
            };
            trace[(i + 1) * width + j + 1] = mark | from;
            best[j + 1] = value;
            run[j + 1] = here;
            (diagonal_best, diagonal_run) = (up_best, up_run);
        }
    }
    let (mut i, mut j, mut in_run) = (a.len(), b.len(), false);
    let mut pairs = Vec::new();
    while i > 0 && j > 0 {
        let mark = trace[i * width + j];
        if in_run || mark & 3 == 1 {
            pairs.push((i - 1, j - 1));
            in_run = mark & 4 != 0;
            i -= 1;
            j -= 1;
        } else if mark & 3 == 2 {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    pairs.reverse();
    pairs
}
