//! What the template says of a page's blocks, against the classifier.
//!
//! It speaks where many pages have shown something, and is silent elsewhere. The constants guard against the mistakes
//! that learning from repetition is known to make.

use std::ops::Range;

use super::learn::{place_now, trusted_roots};
use super::page_view::{PageView, holds_blocks};
use crate::extract::body::arena::Arena;
use crate::extract::body::choice::TemplateReason;
use crate::extract::body::class_hints as h;
use crate::extract::body::tag::Tag;
use crate::extract::byline;
use crate::model::{Place, Template};

/// How many other articles must have a text before it is boilerplate at the edge of the content, and amid it, where
/// headings of a series and formulas recur as well.
const MIN_STORIES_AT_EDGE: u32 = 3;
const MIN_STORIES_AMID: u32 = 5;
/// Where the classifier gives a block a lower probability, fewer articles are enough at the edge: all others that were
/// seen. Measured on sites with two pages: what recurred there and was content lay above, the rest below.
const CERTAIN_PROBABILITY: f32 = 0.9;
/// For that the text must have so many words, or so many and stand at the same place.
const DISTINCT_WORDS: u32 = 12;
const DISTINCT_WORDS_IN_PLACE: u32 = 4;
/// At the edge a text must be on this share of the stories since the first, unless it has so many words or most of what
/// stands at its place recurs: headings of a series and formulas are short and stand among texts that do not recur.
const MIN_EDGE_SHARE: f32 = 0.25;
const LONG_EDGE_WORDS: u32 = 25;
/// Amid the content it must be on this share of the stories since the first, always at the same place; while all were
/// read on one day, as on a first visit, on the larger share, since a series may fill a day.
const MIN_AMID_SHARE: f32 = 0.5;
const MIN_ONE_DAY_SHARE: f32 = 0.8;
/// A text of more words must be on so many articles: it might be the only copy of a statement.
const LONG_TEXT_WORDS: u32 = 60;
const MIN_STORIES_OF_LONG: u32 = 5;
/// If recurring texts are more than this share of the content, they were learned wrongly.
const MAX_RECURRING_SHARE: f32 = 0.3;
/// What is true of this share of a place is true of the place.
const TYPICAL_SHARE: f32 = 0.7;
/// What is known of a place counts from so many pages on.
const MIN_PLACE_PAGES: f32 = 4.0;

/// What the template has to say against the classifier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    Drop(TemplateReason),
    Keep(TemplateReason),
}

/// Where a text was seen before.
#[derive(Clone, Copy, Debug)]
struct TextHistory {
    /// On how many other stories.
    on: u32,
    /// Of how many since the first.
    of: u32,
    /// On how many days.
    days: u16,
    /// At the same place, on the last pages that had it.
    here: bool,
}

impl TextHistory {
    /// The share of the stories since the first that had it.
    fn share(&self) -> f32 {
        self.on as f32 / self.of.max(1) as f32
    }
}

/// A page held against the template.
struct Comparison<'a> {
    arena: &'a Arena,
    view: &'a PageView,
    kept: &'a [bool],
    /// For each block, how likely the classifier finds it content.
    likely: &'a [f32],
    /// For each block, where its text was seen.
    history: Vec<TextHistory>,
    /// For each block, what is known of its place.
    places: Vec<Place>,
    /// The element where other pages have their text.
    root: Option<u32>,
}

/// What the template says of each block against the classifier, which takes those in `kept` for content; and the element
/// where other pages have their text. `is_known` says that this very page was learned.
pub fn judge(
    template: &Template,
    view: &PageView,
    arena: &Arena,
    kept: &[bool],
    likely: &[f32],
    is_known: bool,
) -> (Vec<Option<Verdict>>, Option<u32>) {
    let mut verdicts = vec![None; arena.blocks.len()];
    let comparison = Comparison::new(template, view, arena, kept, likely, is_known);
    let body = comparison.body();
    comparison.keep_in_root(&body, &mut verdicts);
    // Telling a byline is costly, so only blocks with an objection are asked whether they are one.
    let drops: Vec<(usize, TemplateReason)> = (0..kept.len())
        .filter(|index| kept[*index] || verdicts[*index].is_some() || comparison.is_imprint(*index))
        .filter_map(|index| comparison.objection(index, &body).map(|reason| (index, reason)))
        .filter(|(index, _)| comparison.is_imprint(*index) || !comparison.is_exempt(*index))
        .collect();
    let is_too_much = comparison.is_too_much(&drops);
    for (index, reason) in drops {
        let may_be_text = matches!(reason, TemplateReason::Recurs { .. } | TemplateReason::Rotates { .. });
        if !(is_too_much && may_be_text && !comparison.is_certain(index)) {
            verdicts[index] = Some(Verdict::Drop(reason));
        }
    }
    (verdicts, comparison.root)
}

impl<'a> Comparison<'a> {
    fn new(
        template: &Template,
        view: &'a PageView,
        arena: &'a Arena,
        kept: &'a [bool],
        likely: &'a [f32],
        is_known: bool,
    ) -> Self {
        let (now, own) = (template.pages, u32::from(is_known));
        let mut comparison = Self {
            arena,
            view,
            kept,
            likely,
            history: Vec::with_capacity(kept.len()),
            places: Vec::with_capacity(kept.len()),
            root: None,
        };
        for block_view in &view.blocks {
            let block = template.blocks.get(&block_view.text).copied().unwrap_or_default();
            comparison.history.push(TextHistory {
                on: block.pages.saturating_sub(own),
                of: (template.stories + 1 - block.first).saturating_sub(own),
                days: block.days,
                here: block.place == block_view.place && block.here >= block.pages.min(MIN_STORIES_AMID),
            });
            comparison.places.push(
                template.places.get(&block_view.place).map(|place| place_now(place, now)).unwrap_or_default(),
            );
        }
        comparison.root =
            trusted_roots(template).into_iter().find_map(|path| comparison.root_at(path)).map(|at| at as u32);
        comparison
    }

    /// Of the elements at a path the one with the most content, else the most text.
    fn root_at(&self, path: u64) -> Option<usize> {
        let nodes = self.arena.nodes.iter().enumerate();
        let found = nodes.filter(|(index, node)| self.view.paths[*index] == path && holds_blocks(node.tag));
        let range = |at: &usize| self.arena.blocks_in(*at);
        found.map(|(index, _)| index).max_by_key(|at| {
            (self.words(range(at), |index| self.kept[index]), self.words(range(at), |_| true))
        })
    }

    fn words(&self, range: Range<usize>, counts: impl Fn(usize) -> bool) -> u32 {
        range.filter(|index| counts(*index)).map(|index| self.arena.blocks[index].stats.words).sum()
    }

    /// Whether enough stories had a text that it may be none of this page's own; one alone may be the same story.
    fn recurs(&self, index: usize) -> bool {
        self.history[index].on >= MIN_STORIES_AT_EDGE
    }

    fn kept_share(&self, index: usize) -> f32 {
        self.places[index].kept / self.places[index].blocks.max(1.0)
    }

    /// The range from the first to the last paragraph that is this page's own.
    fn body(&self) -> Range<usize> {
        let is_own = |index: usize| self.kept[index] && !self.recurs(index) && !self.is_doubtful(index);
        let own = |index: &usize| is_own(*index) && self.arena.blocks[*index].stats.words >= DISTINCT_WORDS;
        let (first, last) = ((0..self.kept.len()).find(own), (0..self.kept.len()).rfind(own));
        first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
    }

    /// Bylines, source lines and captions recur; they are for others to read. Attachments are the article's own.
    fn is_exempt(&self, index: usize) -> bool {
        let block = &self.arena.blocks[index];
        let placement = byline::Placement { last_block: true, aligned_end: false, emphasised: false };
        let owner = &self.arena.nodes[block.owner as usize];
        let is_caption = owner.tag == Tag::Figcaption || owner.near & h::CAPTION != 0;
        let is_attached = block.stats.is_attachment();
        let is_byline = || byline::read(self.arena.text_of(block), placement).is_some();
        is_caption || is_attached || (block.stats.words <= 24 && is_byline())
    }

    /// Why a block is no content, if it is none.
    fn objection(&self, index: usize, body: &Range<usize>) -> Option<TemplateReason> {
        let place = &self.places[index];
        let stats = &self.arena.blocks[index].stats;
        let TextHistory { on, of, .. } = self.history[index];
        let is_amid = body.contains(&index);
        if on > 0 && self.is_boilerplate(index, is_amid) {
            return Some(TemplateReason::Recurs { on, of });
        }
        if place.pages < MIN_PLACE_PAGES {
            return None;
        }
        let pages = place.pages.round() as u32;
        if on > 0
            && place.repeated >= TYPICAL_SHARE * place.blocks
            && !is_amid
            && stats.words <= LONG_TEXT_WORDS
        {
            return Some(TemplateReason::Rotates { on: pages });
        }
        if self.view.blocks[index].titled && place.titled >= TYPICAL_SHARE * place.pages {
            return Some(TemplateReason::Title { on: pages });
        }
        // Amid the text a list of links may be what the article is about.
        let is_list = place.linked >= TYPICAL_SHARE * place.words && stats.link_density() >= TYPICAL_SHARE;
        if is_list && (!is_amid || self.kept_share(index) < 0.5) {
            return Some(TemplateReason::Links { on: pages });
        }
        (self.is_outside(index) && self.kept_share(index) <= 0.2).then_some(TemplateReason::Outside)
    }

    fn is_outside(&self, index: usize) -> bool {
        self.root.is_some_and(|root| !self.arena.blocks_in(root as usize).contains(&index))
    }

    fn is_boilerplate(&self, index: usize, is_amid: bool) -> bool {
        let history = &self.history[index];
        let words = self.arena.blocks[index].stats.words;
        if (words > LONG_TEXT_WORDS && history.on < MIN_STORIES_OF_LONG) || self.is_in_own_group(index) {
            return false;
        }
        if is_amid {
            let share = if history.days > 1 { MIN_AMID_SHARE } else { MIN_ONE_DAY_SHARE };
            return history.on >= MIN_STORIES_AMID && history.share() >= share && history.here;
        }
        let place = &self.places[index];
        let is_odd = history.share() >= MIN_EDGE_SHARE
            || words >= LONG_EDGE_WORDS
            || (place.pages >= MIN_PLACE_PAGES && place.repeated >= 0.5 * place.blocks);
        (history.on >= MIN_STORIES_AT_EDGE && is_odd) || self.is_doubtful(index)
    }

    /// Whether a block is part of a table or list that has something of this page's own: such a group stands or falls as a
    /// whole, and the heads of its columns recur. A table that lays out the page is no group.
    fn is_in_own_group(&self, index: usize) -> bool {
        let is_group =
            |at: &usize| matches!(self.arena.nodes[*at].tag, Tag::Table | Tag::Ul | Tag::Ol | Tag::Dl);
        let Some(group) = self.arena.ancestors(self.arena.blocks[index].owner).find(is_group) else {
            return false;
        };
        let blocks = self.arena.blocks_in(group);
        let is_layout = blocks.clone().any(|block| self.arena.blocks[block].stats.words > LONG_TEXT_WORDS);
        !is_layout && blocks.clone().any(|block| !self.recurs(block))
    }

    /// Whether a text that the classifier is not sure of was on all other pages, few as they are.
    fn is_doubtful(&self, index: usize) -> bool {
        let history = &self.history[index];
        let words = self.arena.blocks[index].stats.words;
        let is_odd = words >= DISTINCT_WORDS || (history.here && words >= DISTINCT_WORDS_IN_PLACE);
        history.on > 0 && history.on == history.of && self.likely[index] < CERTAIN_PROBABILITY && is_odd
    }

    /// On nearly every page, always at the same place.
    fn is_certain(&self, index: usize) -> bool {
        let history = &self.history[index];
        history.on >= MIN_STORIES_OF_LONG && history.share() >= MIN_ONE_DAY_SHARE && history.here
    }

    /// Whether a line stands on nearly every page, outside of where the text stands: no byline, whatever it reads like.
    fn is_imprint(&self, index: usize) -> bool {
        self.is_outside(index) && self.is_certain(index)
    }

    /// Whether recurring texts would take more of the content than boilerplate ever is.
    fn is_too_much(&self, drops: &[(usize, TemplateReason)]) -> bool {
        let all = self.words(0..self.kept.len(), |index| self.kept[index]);
        let recurring = drops.iter().filter(|(_, reason)| {
            matches!(reason, TemplateReason::Recurs { .. } | TemplateReason::Rotates { .. })
        });
        let dropped: u32 = recurring
            .filter(|(index, _)| self.kept[*index])
            .map(|(index, _)| self.arena.blocks[*index].stats.words)
            .sum();
        dropped as f32 > MAX_RECURRING_SHARE * all as f32
    }

    /// Keeps what stands where other pages have their text.
    fn keep_in_root(&self, body: &Range<usize>, verdicts: &mut [Option<Verdict>]) {
        let Some(root) = self.root.map(|root| self.arena.blocks_in(root as usize)) else { return };
        let reads = |index: usize| !self.recurs(index) && self.reads_like_content(index);
        let whole = self.words(root.clone(), reads);
        let found = self.words(root.clone(), |index| self.kept[index]);
        let elsewhere = self.words(0..self.kept.len(), |index| {
            self.kept[index] && !root.contains(&index) && !self.recurs(index)
        });
        // Where the classifier found more elsewhere, this may be a new design that uses an old name.
        let is_missed = found * 2 < whole && elsewhere <= whole;
        for index in root.clone() {
            let on = self.places[index].pages.round() as u32;
            let is_usual = self.places[index].pages >= MIN_PLACE_PAGES && self.kept_share(index) >= 0.9;
            if !self.kept[index] && reads(index) && (is_missed || (is_usual && body.contains(&index))) {
                verdicts[index] = Some(Verdict::Keep(TemplateReason::Content { on }));
            }
        }
        let is_alien = |index: &usize| {
            self.kept[*index] && self.places[*index].pages >= 1.0 && self.kept_share(*index) < 0.5
        };
        for index in
            (0..self.kept.len()).filter(|index| is_missed && !root.contains(index) && is_alien(index))
        {
            verdicts[index] = Some(Verdict::Drop(TemplateReason::Outside));
        }
    }

    fn reads_like_content(&self, index: usize) -> bool {
        let block = &self.arena.blocks[index];
        let density = block.stats.link_density();
        if self.places[index].pages < 1.0 {
            let tag = self.arena.nodes[block.owner as usize].tag;
            return density < 0.3 && matches!(tag, Tag::P | Tag::Blockquote | Tag::Li | Tag::Td);
        }
        density < 0.5 && self.kept_share(index) >= 0.5 && !self.view.blocks[index].titled
    }
}
