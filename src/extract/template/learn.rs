//! Learning a page: counts that fade with the pages that come after.

use std::ops::Range;

use super::page_view::{Observation, PlaceCounts};
use super::sketch;
use crate::model::{Home, Place, Recurrence, Sketch, Template};

/// How many texts, places, content roots and addresses are kept; the least useful are forgotten first.
pub const MAX_BLOCKS: usize = 4_000;
pub const MAX_PLACES: usize = 600;
const MAX_HOMES: usize = 60;
const MAX_KNOWN: usize = 512;
/// A text that was on so many pages is still forgotten when it was on none of the next 300.
const MAX_BLOCK_AGE_STORIES: u32 = 300;
/// Aged texts are looked for once in so many pages.
const PAGES_BETWEEN_CLEANUPS: u32 = 16;
/// What is left of a place's counts after a page: half after 34.
const PLACE_DECAY: f32 = 0.98;
/// What is left of a content root's votes after a page: half after seven, so that a new one is trusted soon.
const HOME_DECAY: f32 = 0.9;
/// How many pages of a new design have come by the time that a redesign is noticed.
const REDESIGN_LAG_PAGES: u32 = 4;
/// After so many pages much more is known than before them: texts amid the content are told after six, boilerplate on a
/// quarter of the pages after two dozen; where it is rarer the first two pages that have it stay as they are. Geometric,
/// so that a page is read again only a few times however long the source lives.
const RIPE_PAGES: [u32; 3] = [8, 16, 32];
/// A content root is trusted with so many votes, and this share of them all.
const MIN_HOME_VOTES: f32 = 2.4;
const MIN_HOME_SHARE: f32 = 0.2;

/// A weight after the pages between.
pub fn faded(weight: f32, rate: f32, last: u32, now: u32) -> f32 {
    weight * rate.powi(now.saturating_sub(last).min(10_000) as i32)
}

/// The counts of a place as of now.
pub fn place_now(place: &Place, now: u32) -> Place {
    let rate = faded(1.0, PLACE_DECAY, place.last, now);
    Place {
        pages: place.pages * rate,
        blocks: place.blocks * rate,
        kept: place.kept * rate,
        repeated: place.repeated * rate,
        words: place.words * rate,
        linked: place.linked * rate,
        titled: place.titled * rate,
        last: now,
    }
}

/// The elements that are trusted to hold the text of an article, the best first.
pub fn trusted_roots(template: &Template) -> Vec<u64> {
    let now = template.pages;
    let mut homes: Vec<(u64, f32)> = template
        .homes
        .iter()
        .map(|(path, home)| (*path, faded(home.votes, HOME_DECAY, home.last, now)))
        .collect();
    let all: f32 = homes.iter().map(|(_, votes)| votes).sum();
    homes.retain(|(_, votes)| *votes >= MIN_HOME_VOTES && *votes >= MIN_HOME_SHARE * all);
    homes.sort_by(|a, b| b.1.total_cmp(&a.1));
    homes.into_iter().map(|(path, _)| path).collect()
}

/// The pages that were read too early: of the present design, and before as many pages as it takes to tell, given that so
/// many have come by now. Counted by [`Template::pages`] at their reading.
pub fn unripe(template: &Template) -> Option<Range<u32>> {
    let age = template.pages.saturating_sub(template.born);
    let ripe = RIPE_PAGES.iter().rev().find(|ripe| **ripe <= age)?;
    Some(template.born..template.born + ripe)
}

/// Whether so many pages of the present design were learned from that those to come tell little more.
pub fn is_ripe(template: &Template) -> bool {
    RIPE_PAGES.last().is_some_and(|ripe| template.pages.saturating_sub(template.born) >= *ripe)
}

/// Whether a page was learned before, under its address.
pub fn knows(template: &Template, key: u64) -> bool {
    template.known.contains(&key)
}

/// Learns what a page showed. A page that was learned before, or is a recent one at another address, changes nothing; the
/// texts of a page that tells what a recent one told are not counted again.
pub fn learn(template: &mut Template, page: &Observation) {
    if knows(template, page.key) {
        return;
    }
    for key in page.more.iter().chain([&page.key]) {
        push(&mut template.known, *key, MAX_KNOWN);
    }
    let share = sketch::share(&page.sketch, &template.recent);
    let told = share >= sketch::SAME_STORY_SHARE;
    push(&mut template.recent, Sketch { told, ..page.sketch.clone() }, sketch::MAX_RECENT_SKETCHES);
    notice_redesign(template, page);
    if share >= sketch::SAME_PAGE_SHARE {
        return;
    }
    template.pages += 1;
    learn_places(template, page);
    if !told {
        template.stories += 1;
        learn_blocks(template, page);
    }
    if page.root != 0 {
        let now = template.pages;
        let home = template.homes.entry(page.root).or_default();
        *home = Home { votes: faded(home.votes, HOME_DECAY, home.last, now) + 1.0, last: now };
    }
    forget(template);
}

fn push<T>(list: &mut std::collections::VecDeque<T>, item: T, most: usize) {
    list.push_back(item);
    if list.len() > most {
        list.pop_front();
    }
}

/// Notices a redesign: three of the last four pages have their content elsewhere than it used to stand. What is known of
/// places is forgotten then; texts are not, since a portal takes most of them along.
fn notice_redesign(template: &mut Template, page: &Observation) {
    let trusted = trusted_roots(template);
    if trusted.is_empty() || page.root == 0 {
        return;
    }
    let has_one = trusted.iter().any(|path| page.holders.contains(path));
    template.misses = template.misses << 1 | u8::from(!has_one);
    if (template.misses & 0b1111).count_ones() >= 3 {
        template.misses = 0;
        template.born = template.pages.saturating_sub(REDESIGN_LAG_PAGES);
        template.homes.clear();
        template.places.clear();
    }
}

fn learn_places(template: &mut Template, page: &Observation) {
    let now = template.pages;
    for (path, count) in &page.places {
        let place = template.places.entry(*path).or_default();
        let was = place_now(place, now);
        let PlaceCounts { texts, kept, words, linked, titled } = count;
        let repeated = texts.iter().filter(|text| template.blocks.contains_key(text)).count();
        *place = Place {
            pages: was.pages + 1.0,
            blocks: was.blocks + texts.len() as f32,
            kept: was.kept + *kept as f32,
            repeated: was.repeated + repeated as f32,
            words: was.words + *words as f32,
            linked: was.linked + linked,
            titled: was.titled + f32::from(u8::from(*titled)),
            last: now,
        };
    }
}

fn learn_blocks(template: &mut Template, page: &Observation) {
    let now = template.stories;
    for (text, place) in &page.blocks {
        let fresh = Recurrence { first: now, place: *place, day: page.day, days: 1, ..Recurrence::default() };
        let block = template.blocks.entry(*text).or_insert(fresh);
        block.pages += 1;
        block.last = now;
        if block.day != page.day {
            block.day = page.day;
            block.days = block.days.saturating_add(1);
        }
        block.here = if block.place == *place { block.here + 1 } else { 1 };
        block.place = *place;
    }
}

/// Keeps the template within bounds: what was on few pages and long ago goes first.
fn forget(template: &mut Template) {
    let now = template.pages;
    if now.is_multiple_of(PAGES_BETWEEN_CLEANUPS) {
        template.blocks.retain(|_, block| template.stories - block.last <= MAX_BLOCK_AGE_STORIES);
    }
    if template.blocks.len() > MAX_BLOCKS {
        let worth = |block: &Recurrence| (block.pages.min(5), block.last);
        let mut all: Vec<(u32, u32)> = template.blocks.values().map(worth).collect();
        // A fifth goes at once, so that this is done once in many pages.
        let (_, least, _) = all.select_nth_unstable(template.blocks.len() - MAX_BLOCKS * 4 / 5);
        let least = *least;
        template.blocks.retain(|_, block| worth(block) >= least);
    }
    if template.places.len() > MAX_PLACES {
        let worth = |place: &Place| place_now(place, now).pages;
        let mut all: Vec<f32> = template.places.values().map(worth).collect();
        let (_, least, _) =
            all.select_nth_unstable_by(template.places.len() - MAX_PLACES * 4 / 5, f32::total_cmp);
        let least = *least;
        template.places.retain(|_, place| worth(place) >= least);
    }
    if template.homes.len() > MAX_HOMES {
        template.homes.retain(|_, home| faded(home.votes, HOME_DECAY, home.last, now) > 0.5);
    }
}
