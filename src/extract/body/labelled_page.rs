//! A page as the trainer sees it: the features that extraction weighs, to be labelled block by block.

use scraper::Html;

use super::arena::Arena;
use super::class_hints::HintCache;
use super::classifier::Classifier;
use super::decide;
use super::features::{self, PageFeatures, Row};
use super::page_head::PageHead;
use super::prefix_sums::PrefixSums;
use super::readability::Readability;
use crate::html;
use crate::model::NotArticle;

/// A page with the features of its blocks.
pub struct LabelledPage {
    arena: Arena,
    head: PageHead,
    rows: Vec<Row>,
}

/// The names of the columns.
pub fn columns() -> Vec<String> {
    features::names()
}

/// Whether a model is one that extraction would load.
///
/// # Errors
/// Says what does not fit.
pub fn check_model(text: &str) -> Result<(), String> {
    Classifier::read(text).map(drop)
}

impl LabelledPage {
    /// Reads a page.
    ///
    /// # Errors
    /// As [`html::parse`].
    pub fn of(page: &str) -> Result<Self, NotArticle> {
        Self::of_filled(page, 0.0)
    }

    /// As [`LabelledPage::of`], with `empty` in columns that nothing fills.
    pub(super) fn of_filled(page: &str, empty: f32) -> Result<Self, NotArticle> {
        let document: Html = html::parse(page)?;
        let arena = Arena::of(&document, &mut HintCache::new());
        let sums = PrefixSums::of(&arena);
        let readability = Readability::of(&arena, &sums);
        let head = PageHead::of(&document, &arena);
        let features = PageFeatures::new(&arena, &sums, &readability, &head);
        let mut rows = vec![Row([empty; features::ROW_SLOTS]); arena.blocks.len()];
        for (index, row) in rows.iter_mut().enumerate() {
            features.fill(index, row);
        }
        drop(features);
        Ok(Self { arena, head, rows })
    }

    /// The texts of the blocks.
    pub fn texts(&self) -> Vec<&str> {
        self.arena.blocks.iter().map(|block| self.arena.text_of(block)).collect()
    }

    /// The features of each block.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.rows.iter().map(|row| &row.0[..features::WIDTH])
    }

    /// Probabilities as extraction uses them: smoothed, and without the title.
    pub fn smoothed(&self, probabilities: &[f32]) -> Vec<f32> {
        let mut smoothed = probabilities.to_vec();
        decide::smooth(&self.arena, &mut smoothed);
        for (index, probability) in smoothed.iter_mut().enumerate() {
            if decide::shows_title(&self.arena, &self.head, index) {
                *probability = 0.0;
            }
        }
        smoothed
    }

    /// Whether a block is nothing but a short link.
    pub fn is_plain_link(&self, index: usize) -> bool {
        self.arena.blocks[index].stats.is_plain_link()
    }

    /// The name of the element that a block stands in.
    pub fn element(&self, index: usize) -> String {
        let block = &self.arena.blocks[index];
        format!("{:?}", self.arena.nodes[block.owner as usize].tag)
    }
}
