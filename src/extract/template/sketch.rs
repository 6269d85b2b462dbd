//! A sketch of a page's text, by which the same story at two addresses is recognised and not counted twice.
//!
//! It is a sample of the shingles of five words, those with the least hashes (Broder 1997). Two pages that share 15 % of
//! it are one story. Shingles that several stories have are formulas, or boilerplate that the classifier let through, and
//! are left out of the comparison.

use std::collections::VecDeque;

use super::path;
use crate::model::Sketch;

const SHINGLE_WORDS: usize = 5;
const SKETCH_HASHES: usize = 64;
pub const MAX_RECENT_SKETCHES: usize = 64;
/// From this share on two pages are one story. Measured on sites with several pages: above it were the same story at two
/// addresses and agency texts, under it nothing but formulas.
pub const SAME_STORY_SHARE: f32 = 0.15;
/// From this share on two pages are the same page.
pub const SAME_PAGE_SHARE: f32 = 0.6;
/// A shingle that so many stories have is a formula.
const MIN_FORMULA_STORIES: usize = 3;
/// So is one that nearly all of so many pages in a row have, whether they count as one story or not: no story fills a
/// portal for that long, but long boilerplate under short texts makes all pages look like one story.
const MIN_FORMULA_PAGES: usize = 12;
const FORMULA_PAGE_SHARE: f32 = 0.9;

/// The sketch of a text, given block by block.
pub fn of<'a>(blocks: impl Iterator<Item = &'a str>) -> Sketch {
    let mut words: Vec<u64> = Vec::new();
    for text in blocks {
        words.extend(text.as_bytes().split(|byte| *byte == b' ').map(|word| path::add(path::SEED, word)));
    }
    let fold = |run: &[u64]| {
        let hash = run
            .iter()
            .fold(0_u64, |all, word| all.rotate_left(11).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word);
        (hash >> 32) as u32
    };
    let mut runs: Vec<u32> = words.windows(SHINGLE_WORDS).map(fold).collect();
    if runs.is_empty() && !words.is_empty() {
        runs.push(fold(&words));
    }
    Sketch { runs: least(&runs), told: false }
}

/// The least of the runs, sorted, each once.
fn least(runs: &[u32]) -> Vec<u32> {
    let distinct = |bound: u32| {
        let mut some: Vec<u32> = runs.iter().copied().filter(|run| *run <= bound).collect();
        some.sort_unstable();
        some.dedup();
        some
    };
    // Hashes fall evenly: of a long text the least are nearly always among twice as many as are wanted.
    let share = u32::MAX / u32::try_from(runs.len()).unwrap_or(u32::MAX).max(1);
    let mut found = distinct(share.saturating_mul(2 * SKETCH_HASHES as u32));
    if found.len() < SKETCH_HASHES {
        found = distinct(u32::MAX);
    }
    found.truncate(SKETCH_HASHES);
    found
}

/// The largest share of a page that one of the recent pages has as well; 1 if the page has nothing of its own.
pub fn share(page: &Sketch, recent: &VecDeque<Sketch>) -> f32 {
    // For each recent page, which of the page's runs it has.
    let page_runs = Own::new(&page.runs);
    let has = recent.iter().map(|other| (other, page_runs.among(&other.runs)));
    // Most have none of them.
    let has: Vec<(&Sketch, u64)> = has.filter(|(_, has)| *has != 0).collect();
    let is_formula = |bit: usize| {
        let (mut stories, mut pages) = (0, 0_usize);
        for (other, _) in has.iter().filter(|(_, has)| *has >> bit & 1 != 0) {
            stories += usize::from(!other.told);
            pages += 1;
        }
        let everywhere =
            recent.len() >= MIN_FORMULA_PAGES && pages as f32 >= FORMULA_PAGE_SHARE * recent.len() as f32;
        stories >= MIN_FORMULA_STORIES || everywhere
    };
    let own = (0..page.runs.len()).filter(|bit| !is_formula(*bit)).fold(0_u64, |own, bit| own | 1 << bit);
    if own.count_ones() as usize * 4 < page.runs.len() {
        return 1.0;
    }
    let shares = has.iter().map(|(other, has)| {
        // Of a full sketch only hashes below its largest could be in it.
        let bound =
            if other.runs.len() < SKETCH_HASHES { u32::MAX } else { other.runs.last().copied().unwrap_or(0) };
        let within = page.runs.partition_point(|run| *run <= bound);
        let comparable = (own & below(within)).count_ones();
        let shared = (own & has).count_ones();
        shared as f32 / comparable.max(1) as f32
    });
    shares.fold(0.0, f32::max)
}

/// The lowest bits, so many of them.
fn below(count: usize) -> u64 {
    1_u64.checked_shl(count as u32).map_or(u64::MAX, |bit| bit - 1)
}

/// The runs of a page, to be looked up many times.
struct Own<'a> {
    runs: &'a [u32],
    /// A bit for the lowest bits of each run, so that most runs of other pages are ruled out by one look-up.
    filter: [u64; 64],
}

impl<'a> Own<'a> {
    fn new(runs: &'a [u32]) -> Self {
        let mut filter = [0; 64];
        for run in runs {
            filter[(run >> 6 & 63) as usize] |= 1 << (run & 63);
        }
        Self { runs, filter }
    }

    /// Which of the runs are among `others`, a bit each.
    fn among(&self, others: &[u32]) -> u64 {
        let may_be = |run: &&u32| self.filter[(*run >> 6 & 63) as usize] >> (*run & 63) & 1 != 0;
        let found = others.iter().filter(may_be).filter_map(|run| self.runs.binary_search(run).ok());
        found.fold(0, |bits, place| bits | 1 << place)
    }
}
