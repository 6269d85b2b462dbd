//! A page as the learner sees it: the same evidence that extraction weighs, to be labelled.

use scraper::Html;

use super::arena::Arena;
use super::decide;
use super::evidence::{self, Row};
use super::facts::Facts;
use super::names::Memo;
use super::region::Region;
use super::sums::Sums;
use super::witness::Witness;
use crate::html;
use crate::model::NotArticle;

/// A page with its evidence.
pub struct Study {
    arena: Arena,
    facts: Facts,
    rows: Vec<Row>,
}

/// The names of the columns.
pub fn names() -> Vec<&'static str> {
    evidence::names()
}

impl Study {
    /// Reads a page.
    ///
    /// # Errors
    /// As [`html::parse`].
    pub fn of(page: &str) -> Result<Self, NotArticle> {
        let document: Html = html::parse(page)?;
        let arena = Arena::of(&document, &mut Memo::new(&super::READER));
        let sums = Sums::of(&arena);
        let region = Region::find(&arena, &sums);
        let facts = Facts::of(&document, &arena);
        let witness = Witness::new(&arena, &sums, &region, &facts);
        let mut rows: Vec<Row> = vec![[0.0; 256]; arena.blocks.len()];
        for (index, row) in rows.iter_mut().enumerate() {
            witness.fill(index, row);
        }
        Ok(Self { arena, facts, rows })
    }

    /// The texts of the blocks.
    pub fn texts(&self) -> Vec<&str> {
        self.arena.blocks.iter().map(|block| self.arena.text_of(block)).collect()
    }

    /// The evidence of each block.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.rows.iter().map(|row| &row[..evidence::WIDTH])
    }

    /// Verdicts as extraction uses them: brought into line, and without the title.
    pub fn settled(&self, verdicts: &[f32]) -> Vec<f32> {
        let mut settled = verdicts.to_vec();
        decide::settle(&self.arena, &mut settled);
        for (index, verdict) in settled.iter_mut().enumerate() {
            if decide::shows_title(&self.arena, &self.facts, index) {
                *verdict = 0.0;
            }
        }
        settled
    }

    /// Whether a block is nothing but a short link.
    pub fn is_plain_link(&self, index: usize) -> bool {
        let stats = &self.arena.blocks[index].stats;
        stats.link_density() > 0.95 && stats.words < 8
    }

    /// Where a block stands, for people.
    pub fn place(&self, index: usize) -> String {
        let block = &self.arena.blocks[index];
        format!("{:?}", self.arena.nodes[block.owner as usize].tag)
    }
}
