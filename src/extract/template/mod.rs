//! What the pages of one source have in common, learned from the pages themselves, a page at a time.
//!
//! 1. [`path`]: where things stand. [`observe`]: what a page shows: the texts of its blocks, what stands at each place,
//!    which element holds the content, all as hashes and counts.
//! 2. [`learn`]: counts that fade. Near-duplicates ([`sketch`]) count once.
//! 3. [`judge`]: what many pages have shown, said against the general evidence: texts that recur are boilerplate, so are
//!    places with nothing but links; what stands where the text of other pages stands is content.
//!
//! Ideas: site style trees (Yi and Liu 2003), voting for the place of the content in the manner of wrapper induction
//! (RoadRunner, Crescenzi et al. 2001), hashes of blocks over the last pages. What is learned is never taken from a page
//! that the template itself had judged: it learns from the general evidence alone.

mod judge;
mod learn;
mod observe;
mod path;
mod sketch;
#[cfg(test)]
mod tests;

pub use judge::{Reason, Verdict};
pub use observe::{Observation, Sight};

use scraper::Html;

use super::body::arena::Arena;
use crate::article::{Page, Template};

/// What looking at a page with a template in mind gives.
#[derive(Debug)]
pub struct Opinion {
    /// For each block, what the template says against the general evidence.
    pub verdicts: Vec<Option<Verdict>>,
    /// What the page teaches.
    pub observation: Observation,
}

/// What the general evidence says, block by block.
#[derive(Clone, Copy, Debug)]
pub struct General<'a> {
    /// What it takes for content.
    pub kept: &'a [bool],
    /// How probable it finds it that a block is content, 0 to 1.
    pub likely: &'a [f32],
}

/// Holds a page against the template.
pub fn consult(template: &Template, document: &Html, arena: &Arena, general: General<'_>, title: Option<&str>, page: &Page) -> Opinion {
    let General { kept, likely } = general;
    let sight = Sight::of(document, arena, title);
    let day = page.fetched.as_second().div_euclid(86_400) as i32;
    let observation = sight.observe(arena, kept, page.url.as_str(), day);
    let is_known = learn::knows(template, observation.key);
    Opinion { verdicts: judge::judge(template, &sight, arena, kept, likely, is_known), observation }
}

impl Template {
    /// Learns what a page showed. A page that was learned before, or tells the story of a recent one, changes nothing.
    pub fn learn(&mut self, page: &Observation) {
        learn::learn(self, page);
    }
}
