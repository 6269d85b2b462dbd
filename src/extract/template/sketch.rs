//! What a page reads like, in a few numbers: the same story at two addresses must not count twice.
//!
//! A sample of the runs of five words, the least hashes of all (Broder 1997). Two pages that share 15 % of it are one
//! story. Runs that half of all pages have are boilerplate that the general evidence let through, and say nothing.

use std::collections::VecDeque;

use super::path;
use crate::article::Sketch;

/// Words of a run.
const RUN: usize = 5;
/// Hashes of a sketch.
const SIZE: usize = 64;
/// Sketches that are kept.
pub const RECENT: usize = 64;
/// From this share on two pages are one story. Measured on sites with several pages: above it stand the same story at
/// two addresses and agency texts, under it nothing but formulas.
const SAME: f32 = 0.15;

/// The sketch of a text, given block by block.
pub fn of<'a>(blocks: impl Iterator<Item = &'a str>) -> Sketch {
    let mut words: Vec<u64> = Vec::new();
    for text in blocks {
        words.extend(text.split(' ').map(|word| path::add(path::SEED, word.as_bytes())));
    }
    let fold = |run: &[u64]| {
        let hash = run.iter().fold(0_u64, |all, word| all.rotate_left(11).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word);
        (hash >> 32) as u32
    };
    let mut runs: Vec<u32> = words.windows(RUN).map(fold).collect();
    if runs.is_empty() && !words.is_empty() {
        runs.push(fold(&words));
    }
    runs.sort_unstable();
    runs.dedup();
    runs.truncate(SIZE);
    Sketch { runs }
}

/// Whether a page tells what one of the recent pages told, or nothing of its own.
pub fn is_told(page: &Sketch, recent: &VecDeque<Sketch>) -> bool {
    let has = |other: &Sketch, run: &u32| other.runs.binary_search(run).is_ok();
    let is_common = |run: &u32| recent.len() >= 4 && recent.iter().filter(|other| has(other, run)).count() * 2 > recent.len();
    let own: Vec<u32> = page.runs.iter().copied().filter(|run| !is_common(run)).collect();
    if own.len() * 4 < page.runs.len() {
        return true;
    }
    recent.iter().any(|other| {
        // Only hashes below the largest of both samples could be in both.
        let bound = other.runs.last().copied().unwrap_or(0);
        let whole = other.runs.len() < SIZE;
        let comparable = own.iter().filter(|run| whole || **run <= bound).count();
        let shared = own.iter().filter(|run| has(other, run)).count();
        shared as f32 >= SAME * comparable.max(1) as f32 && shared > 0
    })
}
