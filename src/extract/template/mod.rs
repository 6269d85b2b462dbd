//! What the pages of one source have in common, learned from the pages themselves, a page at a time.
//!
//! 1. [`path`]: where things stand. [`page_view`]: what a page shows: the texts of its blocks, what stands at each place,
//!    which element holds the content, all as hashes and counts.
//! 2. [`learn`]: counts that fade. Near-duplicates ([`sketch`]) count once.
//! 3. [`apply`]: what many pages have shown, said against the classifier: texts that recur are boilerplate, so are
//!    places with nothing but links; what stands where the text of other pages stands is content.
//!
//! Ideas: site style trees (Yi and Liu 2003), voting for the place of the content in the manner of wrapper induction
//! (RoadRunner, Crescenzi et al. 2001), hashes of blocks over the last pages. The template learns from what the classifier
//! says of a page, never from what the template itself said of it.

mod apply;
mod learn;
mod page_view;
mod path;
mod sketch;
#[cfg(test)]
mod tests;

use scraper::Html;

use self::apply::Verdict;
pub use self::page_view::Observation;
use self::page_view::PageView;
use super::body::arena::Arena;
use super::body::choice::{Choice, Why};
use crate::model::{Page, Template};

/// A template and the page that is held against it.
#[derive(Clone, Copy, Debug)]
pub struct Learned<'a> {
    pub template: &'a Template,
    pub title: Option<&'a str>,
    /// The page: its address and the day of its fetch.
    pub page: &'a Page,
}

/// What holding a page against a template gives.
#[derive(Debug, Default)]
pub(crate) struct TemplateAdvice {
    /// For each block, what the template says against the classifier.
    verdicts: Vec<Option<Verdict>>,
    /// The element where other pages have their text.
    pub root: Option<u32>,
    /// What the page teaches.
    pub observation: Observation,
}

impl TemplateAdvice {
    /// Overrules the choice where the template has something to say.
    pub fn apply(&self, choice: &mut Choice) {
        for (index, verdict) in self.verdicts.iter().enumerate() {
            match verdict {
                Some(Verdict::Keep(reason)) => choice.keep(index, Why::Learned(*reason)),
                Some(Verdict::Drop(reason)) => choice.drop(index, Why::Learned(*reason)),
                None => {}
            }
        }
    }
}

impl Learned<'_> {
    /// Holds the page against the template. For each block, `kept` says whether the classifier takes it for content,
    /// `likely` how probable it finds that, 0 to 1.
    pub(crate) fn compare(
        &self,
        document: &Html,
        arena: &Arena,
        kept: &[bool],
        likely: &[f32],
    ) -> TemplateAdvice {
        let view = PageView::of(document, arena, self.title);
        let day = self.page.fetched.as_second().div_euclid(86_400) as i32;
        let observation = view.observe(arena, kept, self.page.url.as_str(), day);
        let is_known = learn::knows(self.template, observation.key);
        let (verdicts, root) = apply::judge(self.template, &view, arena, kept, likely, is_known);
        TemplateAdvice { verdicts, root, observation }
    }
}

impl Template {
    /// Learns what a page showed. A page that was learned before, or tells the story of a recent one, changes nothing.
    pub fn learn(&mut self, page: &Observation) {
        learn::learn(self, page);
    }

    /// The pages that were read before there was enough known to tell their boilerplate, as a range of
    /// [`Template::pages`] at their reading; `None` while it is too early for all.
    pub fn unripe(&self) -> Option<std::ops::Range<u32>> {
        learn::unripe(self)
    }

    /// Whether there is enough known to read all pages by.
    pub fn is_ripe(&self) -> bool {
        learn::is_ripe(self)
    }
}
