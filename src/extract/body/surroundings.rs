//! Evidence of a block's surroundings: where it stands in the tree and the page, what holds it, what stands beside it.

use super::arena::NONE;
use super::evidence::{Filler, LONG, MANY};
use super::hints;
use super::tag::Tag;
use super::witness::Witness;

/// The kinds of phrases that a heading passes on to what stands under it.
const PASSED_ON: [usize; 5] = [0, 1, 2, 5, 7];

impl Witness<'_> {
    pub(super) fn place(&self, f: &mut Filler, index: usize) {
        let block = &self.arena.blocks[index];
        let owner = &self.arena.nodes[block.owner as usize];
        let all = self.sums.chars(&self.page).max(1.0);
        f.put(index as f32 / self.page.len() as f32);
        f.put(self.sums.chars(&(0..index)) / all);
        f.put(f32::from(owner.depth));
        let (seen, article) = self.elements_around(owner.parent, owner.tag, block.owner);
        for value in seen {
            f.put(value);
        }
        let share = if article == NONE { -1.0 } else { self.share_of(article) };
        f.put(share);
        f.flag(self.region.inside[index]);
        let container = self.container[index];
        let score = |node: u32| self.region.scores.get(node as usize).copied().unwrap_or(0.0);
        let parent = self.arena.nodes.get(container as usize).map_or(NONE, |node| node.parent);
        f.put(score(container).max(score(parent)) / self.region.best.max(1.0));
        f.put(score(container) / self.region.best.max(1.0));
        let (up, down) = self.hops(container);
        f.put(up);
        f.put(down);
        f.flag(container == self.main);
    }

    /// How many elements of each kind stand around a block, its own included, and the nearest `<article>`. What stands
    /// around the owner is remembered: the next block is likely to stand there too.
    fn elements_around(&self, parent: u32, tag: Tag, owner: u32) -> ([f32; 9], u32) {
        let (known, mut seen, mut article) = self.last_around.get();
        if known != parent || parent == NONE {
            (seen, article) = ([0.0; 9], NONE);
            for at in std::iter::once(parent)
                .filter(|at| *at != NONE)
                .map(|at| at as usize)
                .chain(self.arena.ancestors(parent))
            {
                note(self.arena.nodes[at].tag, at as u32, &mut seen, &mut article);
            }
            self.last_around.set((parent, seen, article));
        }
        let above = article;
        note(tag, owner, &mut seen, &mut article);
        (seen, if tag == Tag::Article { owner } else { above })
    }

    fn share_of(&self, node: u32) -> f32 {
        let range = self.arena.blocks_in(node as usize);
        self.sums.chars(&range) / self.sums.chars(&self.page).max(1.0)
    }

    /// Steps from a node, and from the main container, up to what holds both. The last answer is remembered.
    fn hops(&self, from: u32) -> (f32, f32) {
        let (known, hops) = self.last_hops.get();
        if known == from {
            return hops;
        }
        let hops = self.count_hops(from);
        self.last_hops.set((from, hops));
        hops
    }

    fn count_hops(&self, from: u32) -> (f32, f32) {
        if self.main == NONE || from == NONE {
            return (30.0, 30.0);
        }
        let main = &self.arena.nodes[self.main as usize];
        let mut at = from;
        let mut up = 0.0;
        while at != NONE {
            let node = &self.arena.nodes[at as usize];
            if at <= self.main && self.main < node.end {
                return (up, f32::from(main.depth.saturating_sub(node.depth)));
            }
            at = node.parent;
            up += 1.0;
        }
        (30.0, 30.0)
    }

    pub(super) fn containers(&self, f: &mut Filler, index: usize) {
        let own = self.arena.blocks[index].stats.chars as f32;
        let mut at = self.container[index];
        for level in 0..3 {
            let range = if at == NONE { index..index + 1 } else { self.arena.blocks_in(at as usize) };
            let chars = self.sums.chars(&range);
            f.put(chars.min(LONG));
            f.put(self.sums.link_density(&range));
            f.put(self.sums.paragraphs(&range).min(MANY));
            if level < 2 {
                f.put(own / chars.max(1.0));
                let media = self.media_sums[range.end.max(range.start)] - self.media_sums[range.start];
                f.put(media.min(9) as f32);
            }
            at = self.arena.nodes.get(at as usize).map_or(NONE, |node| node.parent);
        }
        let look = self.looks.get(&self.look_of[index]).copied().unwrap_or_default();
        f.put(look.count.min(MANY));
        f.put(look.chars / look.count.max(1.0));
        f.put(look.linked / look.bytes.max(1.0));
        f.put(look.stops / look.count.max(1.0));
        f.put(look.chars / self.sums.chars(&self.page).max(1.0));
    }

    pub(super) fn neighbours(&self, f: &mut Filler, index: usize) {
        let block = &self.arena.blocks[index];
        for (offset, full) in [(-1_isize, true), (-2, false), (1, true), (2, false)] {
            let other = index.checked_add_signed(offset).filter(|at| *at < self.page.len());
            let Some(other) = other else {
                for _ in 0..if full { 5 } else { 3 } {
                    f.put(-1.0);
                }
                continue;
            };
            let stats = &self.arena.blocks[other].stats;
            f.put(stats.chars as f32);
            f.put(stats.link_density());
            if full {
                f.put(stats.ending as u8 as f32);
                f.put(self.arena.nodes[self.arena.blocks[other].owner as usize].tag as u8 as f32);
            }
            let same_look = self.look_of[other] == self.look_of[index];
            let same_place = self.container[other] == self.container[index];
            f.put(f32::from(u8::from(same_look)) + 2.0 * f32::from(u8::from(same_place)));
        }
        let owner_of =
            |at: Option<usize>| at.and_then(|at| self.arena.blocks.get(at)).map_or(NONE, |b| b.owner);
        f.flag(owner_of(index.checked_sub(1)) == block.owner);
        f.flag(owner_of(Some(index + 1)) == block.owner);
        let owner = &self.arena.nodes[block.owner as usize];
        let is_item = owner.tag == Tag::Li || owner.all & hints::CARD != 0;
        f.put(if is_item { self.share_of(self.container[index]) } else { -1.0 });
        self.order(f, index);
    }

    /// How far along its container and the main container a block stands, and under which heading.
    fn order(&self, f: &mut Filler, index: usize) {
        let own = self.container[index];
        let range = if own == NONE { index..index + 1 } else { self.arena.blocks_in(own as usize) };
        let chars = self.sums.chars(&range).max(1.0);
        f.put(self.sums.chars(&(range.start..index.max(range.start))) / chars);
        f.put(self.sums.chars(&(index + 1..range.end.max(index + 1))) / chars);
        f.put((range.end.saturating_sub(index + 1)).min(40) as f32);
        let main =
            if self.main == NONE { index..index + 1 } else { self.arena.blocks_in(self.main as usize) };
        f.put(main.start.saturating_sub(index).min(60) as f32);
        f.put((index + 1).saturating_sub(main.end).min(60) as f32);
        let heading = self.heading_above[index];
        match heading {
            Some(heading) => {
                f.put((index - heading).min(60) as f32);
                f.put(self.arena.nodes[self.arena.blocks[heading].owner as usize].tag as u8 as f32);
                for kind in PASSED_ON {
                    f.put(self.phrases(heading)[kind]);
                }
            }
            None => {
                for _ in 0..2 + PASSED_ON.len() {
                    f.put(-1.0);
                }
            }
        }
    }
}

/// Counts an element among those around a block.
fn note(tag: Tag, at: u32, seen: &mut [f32; 9], article: &mut u32) {
    let place = match tag {
        Tag::Article => {
            if *article == NONE {
                *article = at;
            }
            0
        }
        Tag::Main => 1,
        Tag::Aside | Tag::Nav | Tag::Footer => 2,
        Tag::Form => 3,
        Tag::Header => 4,
        Tag::Ul | Tag::Ol | Tag::Dl => 5,
        Tag::Table => 6,
        Tag::Figure | Tag::Figcaption => 7,
        Tag::Blockquote => 8,
        _ => return,
    };
    seen[place] += 1.0;
}
