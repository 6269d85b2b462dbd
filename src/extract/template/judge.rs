//! What the template says of a page's blocks, as one more piece of evidence.
//!
//! It speaks where many pages have shown something, and is silent elsewhere. Guards, each for a mistake that learning
//! from repetition is known to make: see the constants.

use std::ops::Range;

use super::learn::{place_now, trusted};
use super::observe::{Sight, holds_blocks};
use super::verdict::{Judgement, Past, Reason, Verdict};
use crate::extract::body::arena::Arena;
use crate::extract::body::hints as h;
use crate::extract::body::tag::Tag;
use crate::extract::byline;
use crate::model::{Place, Template};

/// Other articles that must have a text before it is boilerplate at the edge of the content, and amid it, where headings
/// of a series and formulas recur as well.
const AT_EDGE: u32 = 3;
const AMID: u32 = 5;
/// Where the general evidence gives a block a lower probability, fewer articles are enough at the edge: all others that
/// were seen. Measured on sites with two pages: what recurred there and was content lay above, the rest below.
const SURE: f32 = 0.9;
/// For that the text has so many words, or so many and stands at the same place.
const LINE: u32 = 12;
const LABEL: u32 = 4;
/// At the edge it must be on this share of the stories since the first, unless it is long, or most of what stands at its
/// place recurs: headings of a series and formulas are short and stand among texts that do not.
const EDGE_SHARE: f32 = 0.25;
const EDGE_WORDS: u32 = 25;
/// Amid the content it must be on this share of the pages since it was first seen, always at the same place.
const AMID_SHARE: f32 = 0.5;
/// As long as all were read on one day, as on a first visit, it is this share: a series may fill a day.
const DAY_SHARE: f32 = 0.8;
/// A text of more words is boilerplate only if it was on more articles: it might be the only copy of a statement.
const LONG: u32 = 60;
const LONG_ON: u32 = 5;
/// Recurring texts that are more than this share of the content were learned wrongly.
const MOST: f32 = 0.3;
/// What is true of this share of a place is true of the place.
const MOSTLY: f32 = 0.7;
/// What is known of a place counts from so many pages on.
const PLACE_PAGES: f32 = 4.0;

struct Scene<'a> {
    arena: &'a Arena,
    sight: &'a Sight,
    kept: &'a [bool],
    /// For each block, how probable the general evidence finds it that it is content.
    likely: &'a [f32],
    /// For each block, where its text was seen.
    past: Vec<Past>,
    /// For each block, what is known of its place.
    places: Vec<Place>,
    /// The element where other pages have their text.
    home: Option<u32>,
}

/// Gives for each block what the template says against the general evidence, `kept`. `is_known` says that this very page
/// was learned.
pub fn judge(
    template: &Template,
    sight: &Sight,
    arena: &Arena,
    kept: &[bool],
    likely: &[f32],
    is_known: bool,
) -> Judgement {
    let mut verdicts = vec![None; arena.blocks.len()];
    let scene = Scene::new(template, sight, arena, kept, likely, is_known);
    let body = scene.body();
    scene.rescue(&body, &mut verdicts);
    // Few are objected to, and to tell a byline is dear.
    let drops: Vec<(usize, Reason)> = (0..kept.len())
        .filter(|index| kept[*index] || verdicts[*index].is_some() || scene.is_imprint(*index))
        .filter_map(|index| scene.objection(index, &body).map(|reason| (index, reason)))
        .filter(|(index, _)| scene.is_imprint(*index) || !scene.is_exempt(*index))
        .collect();
    let is_too_much = scene.is_too_much(&drops);
    for (index, reason) in drops {
        let may_be_text = matches!(reason, Reason::Recurs { .. } | Reason::Rotates { .. });
        if !(is_too_much && may_be_text && !scene.is_certain(index)) {
            verdicts[index] = Some(Verdict::Drop(reason));
        }
    }
    Judgement { verdicts, home: scene.home }
}

impl<'a> Scene<'a> {
    fn new(
        template: &Template,
        sight: &'a Sight,
        arena: &'a Arena,
        kept: &'a [bool],
        likely: &'a [f32],
        is_known: bool,
    ) -> Self {
        let (now, own) = (template.pages, u32::from(is_known));
        let mut scene = Self {
            arena,
            sight,
            kept,
            likely,
            past: Vec::with_capacity(kept.len()),
            places: Vec::with_capacity(kept.len()),
            home: None,
        };
        for mark in &sight.blocks {
            let block = template.blocks.get(&mark.text).copied().unwrap_or_default();
            scene.past.push(Past {
                on: block.pages.saturating_sub(own),
                of: (template.stories + 1 - block.first).saturating_sub(own),
                days: block.days,
                here: block.place == mark.place && block.here >= block.pages.min(AMID),
            });
            scene.places.push(
                template.places.get(&mark.place).map(|place| place_now(place, now)).unwrap_or_default(),
            );
        }
        scene.home = trusted(template).into_iter().find_map(|path| scene.home_at(path)).map(|at| at as u32);
        scene
    }

    /// Of the elements at a path the one with the most content, else the most text.
    fn home_at(&self, path: u64) -> Option<usize> {
        let nodes = self.arena.nodes.iter().enumerate();
        let found = nodes.filter(|(index, node)| self.sight.paths[*index] == path && holds_blocks(node.tag));
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
        self.past[index].on >= AT_EDGE
    }

    fn kept_share(&self, index: usize) -> f32 {
        self.places[index].kept / self.places[index].blocks.max(1.0)
    }

    /// The range from the first to the last paragraph that is this page's own.
    fn body(&self) -> Range<usize> {
        let is_own = |index: usize| self.kept[index] && !self.recurs(index) && !self.is_doubtful(index);
        let own = |index: &usize| is_own(*index) && self.arena.blocks[*index].stats.words >= LINE;
        let (first, last) = ((0..self.kept.len()).find(own), (0..self.kept.len()).rfind(own));
        first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
    }

    /// Bylines, source lines and captions recur; they are for others to read. Attachments are the article's own.
    fn is_exempt(&self, index: usize) -> bool {
        let block = &self.arena.blocks[index];
        let hints = byline::Hints { last_block: true, aligned_end: false, emphasised: false };
        let owner = &self.arena.nodes[block.owner as usize];
        let is_caption = owner.tag == Tag::Figcaption || owner.near & h::CAPTION != 0;
        let is_attached = block.stats.attached * 2 > block.stats.bytes;
        let is_byline = || byline::read(self.arena.text_of(block), hints).is_some();
        is_caption || is_attached || (block.stats.words <= 24 && is_byline())
    }

    /// Why a block is no content, if it is none.
    fn objection(&self, index: usize, body: &Range<usize>) -> Option<Reason> {
        let place = &self.places[index];
        let stats = &self.arena.blocks[index].stats;
        let Past { on, of, .. } = self.past[index];
        let is_amid = body.contains(&index);
        if on > 0 && self.is_boilerplate(index, is_amid) {
            return Some(Reason::Recurs { on, of });
        }
        if place.pages < PLACE_PAGES {
            return None;
        }
        let pages = place.pages.round() as u32;
        if on > 0 && place.repeated >= MOSTLY * place.blocks && !is_amid && stats.words <= LONG {
            return Some(Reason::Rotates { on: pages });
        }
        if self.sight.blocks[index].titled && place.titled >= MOSTLY * place.pages {
            return Some(Reason::Title { on: pages });
        }
        // Amid the text a list of links may be what the article is about.
        let is_list = place.linked >= MOSTLY * place.words && stats.link_density() >= MOSTLY;
        if is_list && (!is_amid || self.kept_share(index) < 0.5) {
            return Some(Reason::Links { on: pages });
        }
        (self.is_outside(index) && self.kept_share(index) <= 0.2).then_some(Reason::Outside)
    }

    fn is_outside(&self, index: usize) -> bool {
        self.home.is_some_and(|home| !self.arena.blocks_in(home as usize).contains(&index))
    }

    fn is_boilerplate(&self, index: usize, is_amid: bool) -> bool {
        let past = &self.past[index];
        let words = self.arena.blocks[index].stats.words;
        if (words > LONG && past.on < LONG_ON) || self.is_in_own_group(index) {
            return false;
        }
        if is_amid {
            let share = if past.days > 1 { AMID_SHARE } else { DAY_SHARE };
            return past.on >= AMID && past.share() >= share && past.here;
        }
        let place = &self.places[index];
        let is_odd = past.share() >= EDGE_SHARE
            || words >= EDGE_WORDS
            || (place.pages >= PLACE_PAGES && place.repeated >= 0.5 * place.blocks);
        (past.on >= AT_EDGE && is_odd) || self.is_doubtful(index)
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
        let is_layout = blocks.clone().any(|block| self.arena.blocks[block].stats.words > LONG);
        !is_layout && blocks.clone().any(|block| !self.recurs(block))
    }

    /// Whether a text that the general evidence is not sure of was on all other pages, few as they are.
    fn is_doubtful(&self, index: usize) -> bool {
        let past = &self.past[index];
        let words = self.arena.blocks[index].stats.words;
        let is_odd = words >= LINE || (past.here && words >= LABEL);
        past.on > 0 && past.on == past.of && self.likely[index] < SURE && is_odd
    }

    /// On nearly every page, always at the same place.
    fn is_certain(&self, index: usize) -> bool {
        let past = &self.past[index];
        past.on >= LONG_ON && past.share() >= DAY_SHARE && past.here
    }

    /// Whether a line stands on nearly every page, outside of where the text stands: no byline, whatever it reads like.
    fn is_imprint(&self, index: usize) -> bool {
        self.is_outside(index) && self.is_certain(index)
    }

    /// Whether recurring texts would take more of the content than boilerplate ever is.
    fn is_too_much(&self, drops: &[(usize, Reason)]) -> bool {
        let all = self.words(0..self.kept.len(), |index| self.kept[index]);
        let recurring = drops
            .iter()
            .filter(|(_, reason)| matches!(reason, Reason::Recurs { .. } | Reason::Rotates { .. }));
        let dropped: u32 = recurring
            .filter(|(index, _)| self.kept[*index])
            .map(|(index, _)| self.arena.blocks[*index].stats.words)
            .sum();
        dropped as f32 > MOST * all as f32
    }

    /// Keeps what stands where other pages have their text.
    fn rescue(&self, body: &Range<usize>, verdicts: &mut [Option<Verdict>]) {
        let Some(home) = self.home.map(|home| self.arena.blocks_in(home as usize)) else { return };
        let reads = |index: usize| !self.recurs(index) && self.reads_like_content(index);
        let whole = self.words(home.clone(), reads);
        let found = self.words(home.clone(), |index| self.kept[index]);
        let elsewhere = self.words(0..self.kept.len(), |index| {
            self.kept[index] && !home.contains(&index) && !self.recurs(index)
        });
        // Where the general evidence found more elsewhere, this may be a new design that uses an old name.
        let is_missed = found * 2 < whole && elsewhere <= whole;
        for index in home.clone() {
            let on = self.places[index].pages.round() as u32;
            let is_usual = self.places[index].pages >= PLACE_PAGES && self.kept_share(index) >= 0.9;
            if !self.kept[index] && reads(index) && (is_missed || (is_usual && body.contains(&index))) {
                verdicts[index] = Some(Verdict::Keep(Reason::Content { on }));
            }
        }
        let is_alien = |index: &usize| {
            self.kept[*index] && self.places[*index].pages >= 1.0 && self.kept_share(*index) < 0.5
        };
        for index in
            (0..self.kept.len()).filter(|index| is_missed && !home.contains(index) && is_alien(index))
        {
            verdicts[index] = Some(Verdict::Drop(Reason::Outside));
        }
    }

    fn reads_like_content(&self, index: usize) -> bool {
        let block = &self.arena.blocks[index];
        let density = block.stats.link_density();
        if self.places[index].pages < 1.0 {
            let tag = self.arena.nodes[block.owner as usize].tag;
            return density < 0.3 && matches!(tag, Tag::P | Tag::Blockquote | Tag::Li | Tag::Td);
        }
        density < 0.5 && self.kept_share(index) >= 0.5 && !self.sight.blocks[index].titled
    }
}
