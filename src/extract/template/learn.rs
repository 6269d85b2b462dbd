//! Learning a page: counts that fade with the pages that come after.

use std::ops::Range;

use super::observe::{Count, Observation};
use super::sketch;
use crate::model::{Home, Place, Recurrence, Sketch, Template};

/// Texts, places and homes that are kept; the least useful are forgotten first.
pub const BLOCKS: usize = 4_000;
/// Places that are kept.
pub const PLACES: usize = 600;
const HOMES: usize = 60;
/// Addresses that are kept.
const KNOWN: usize = 512;
/// A text that was on so many pages is still forgotten when it was on none of the next 300.
const BLOCK_AGE: u32 = 300;
/// What has aged is looked for once in so many pages.
const TIDIED: u32 = 16;
/// What is left of a place's counts after a page: half after 34.
const PLACE_FADES: f32 = 0.98;
/// What is left of a home's votes after a page: half after seven, so that a new one is trusted soon.
const HOME_FADES: f32 = 0.9;
/// What has come of the new design by the time that a redesign is noticed.
const NOTICED: u32 = 4;
/// After so many pages there is much more known than before them: texts amid the content are told after six, boilerplate
/// on a quarter of the pages after two dozen; of what is rarer the first two that have it stay as they are. Geometric, so
/// that a page is read again but a few times however long the source lives.
const RIPE: [u32; 3] = [8, 16, 32];
/// A home needs so many votes, and this share of them all.
const HOME_VOTES: f32 = 2.4;
const HOME_SHARE: f32 = 0.2;

/// A weight after the pages between.
pub fn faded(weight: f32, rate: f32, last: u32, now: u32) -> f32 {
    weight * rate.powi(now.saturating_sub(last).min(10_000) as i32)
}

/// The counts of a place as of now.
pub fn place_now(place: &Place, now: u32) -> Place {
    let rate = faded(1.0, PLACE_FADES, place.last, now);
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

/// The homes that are trusted to hold the text of an article, the best first.
pub fn trusted(template: &Template) -> Vec<u64> {
    let now = template.pages;
    let mut homes: Vec<(u64, f32)> = template
        .homes
        .iter()
        .map(|(path, home)| (*path, faded(home.votes, HOME_FADES, home.last, now)))
        .collect();
    let all: f32 = homes.iter().map(|(_, votes)| votes).sum();
    homes.retain(|(_, votes)| *votes >= HOME_VOTES && *votes >= HOME_SHARE * all);
    homes.sort_by(|a, b| b.1.total_cmp(&a.1));
    homes.into_iter().map(|(path, _)| path).collect()
}

/// The pages that were read too early: of the present design, and before as many pages as it takes to tell, given that so
/// many have come by now. Counted by [`Template::pages`] at their reading.
pub fn unripe(template: &Template) -> Option<Range<u32>> {
    let age = template.pages.saturating_sub(template.born);
    let ripe = RIPE.iter().rev().find(|ripe| **ripe <= age)?;
    Some(template.born..template.born + ripe)
}

/// Whether so many pages of the present design were learned from that those to come tell little more.
pub fn is_ripe(template: &Template) -> bool {
    RIPE.last().is_some_and(|ripe| template.pages.saturating_sub(template.born) >= *ripe)
}

/// Whether a page was learned before, under its address.
pub fn knows(template: &Template, key: u64) -> bool {
    template.known.contains(&key)
}

/// Takes in what a page showed. A page that was learned before, or is the twin of a recent one, changes nothing; the
/// texts of one that tells what a recent one told are not counted again.
pub fn learn(template: &mut Template, page: &Observation) {
    if knows(template, page.key) {
        return;
    }
    for key in page.more.iter().chain([&page.key]) {
        push(&mut template.known, *key, KNOWN);
    }
    let share = sketch::share(&page.sketch, &template.recent);
    let told = share >= sketch::SAME;
    push(&mut template.recent, Sketch { told, ..page.sketch.clone() }, sketch::RECENT);
    watch(template, page);
    if share >= sketch::TWIN {
        return;
    }
    template.pages += 1;
    learn_places(template, page);
    if !told {
        template.stories += 1;
        learn_blocks(template, page);
    }
    if page.home != 0 {
        let now = template.pages;
        let home = template.homes.entry(page.home).or_default();
        *home = Home { votes: faded(home.votes, HOME_FADES, home.last, now) + 1.0, last: now };
    }
    forget(template);
}

fn push<T>(list: &mut std::collections::VecDeque<T>, item: T, most: usize) {
    list.push_back(item);
    if list.len() > most {
        list.pop_front();
    }
}

/// Notices a redesign: three of the last four pages have their content elsewhere than
/// where it used to stand. What is
/// known of places is forgotten then; texts are not, since a portal takes most of them along.
fn watch(template: &mut Template, page: &Observation) {
    let trusted = trusted(template);
    if trusted.is_empty() || page.home == 0 {
        return;
    }
    let has_one = trusted.iter().any(|path| page.holders.contains(path));
    template.misses = template.misses << 1 | u8::from(!has_one);
    if (template.misses & 0b1111).count_ones() >= 3 {
        template.misses = 0;
        template.born = template.pages.saturating_sub(NOTICED);
        template.homes.clear();
        template.places.clear();
    }
}

fn learn_places(template: &mut Template, page: &Observation) {
    let now = template.pages;
    for (path, count) in &page.places {
        let place = template.places.entry(*path).or_default();
        let was = place_now(place, now);
        let Count { texts, kept, words, linked, titled } = count;
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
    if now.is_multiple_of(TIDIED) {
        template.blocks.retain(|_, block| template.stories - block.last <= BLOCK_AGE);
    }
    if template.blocks.len() > BLOCKS {
        let worth = |block: &Recurrence| (block.pages.min(5), block.last);
        let mut all: Vec<(u32, u32)> = template.blocks.values().map(worth).collect();
        // A fifth goes at once, so that this is done once in many pages.
        let (_, least, _) = all.select_nth_unstable(template.blocks.len() - BLOCKS * 4 / 5);
        let least = *least;
        template.blocks.retain(|_, block| worth(block) >= least);
    }
    if template.places.len() > PLACES {
        let worth = |place: &Place| place_now(place, now).pages;
        let mut all: Vec<f32> = template.places.values().map(worth).collect();
        let (_, least, _) =
            all.select_nth_unstable_by(template.places.len() - PLACES * 4 / 5, f32::total_cmp);
        let least = *least;
        template.places.retain(|_, place| worth(place) >= least);
    }
    if template.homes.len() > HOMES {
        template.homes.retain(|_, home| faded(home.votes, HOME_FADES, home.last, now) > 0.5);
    }
}
