//! Features of a block's surroundings: where it stands in the tree and on the page, what holds it, what stands beside
//! it.

use super::{Column, MAX_CHARS, MAX_COUNT, PageFeatures, Row, phrases};
use crate::extract::body::arena::NONE;
use crate::extract::body::class_hints;
use crate::extract::body::tag::Tag;

/// How many elements of each kind stand around a block, in the order of [`count_around`].
const AROUND: [Column; 9] = [
    Column::ArticlesAround,
    Column::MainsAround,
    Column::AsidesAround,
    Column::FormsAround,
    Column::HeadersAround,
    Column::ListsAround,
    Column::TablesAround,
    Column::FiguresAround,
    Column::QuotesAround,
];

/// The size of the containers, from the block's own outwards.
const CONTAINERS: [[Column; 3]; 3] = [
    [Column::Container1Chars, Column::Container1Links, Column::Container1Paragraphs],
    [Column::Container2Chars, Column::Container2Links, Column::Container2Paragraphs],
    [Column::Container3Chars, Column::Container3Links, Column::Container3Paragraphs],
];

/// The block's share of the two nearest containers, and their media.
const CONTAINER_SHARES: [[Column; 2]; 2] =
    [[Column::Container1Share, Column::Container1Media], [Column::Container2Share, Column::Container2Media]];

/// The columns of a block before or after: length, link density, likeness.
const NEIGHBOURS: [(isize, [Column; 3]); 4] = [
    (-1, [Column::Previous1Chars, Column::Previous1Links, Column::Previous1Same]),
    (-2, [Column::Previous2Chars, Column::Previous2Links, Column::Previous2Same]),
    (1, [Column::Next1Chars, Column::Next1Links, Column::Next1Same]),
    (2, [Column::Next2Chars, Column::Next2Links, Column::Next2Same]),
];

/// More columns of the nearest two: ending and tag.
const NEAREST: [(isize, [Column; 2]); 2] =
    [(-1, [Column::Previous1Ending, Column::Previous1Tag]), (1, [Column::Next1Ending, Column::Next1Tag])];

/// What a heading says of the blocks under it: the column, and the kind of phrase.
const HEADING_PHRASES: [(Column, usize); 5] = [
    (Column::HeadingSaysMore, phrases::MORE),
    (Column::HeadingSaysSubscribe, phrases::SUBSCRIBE),
    (Column::HeadingSaysFollow, phrases::FOLLOW),
    (Column::HeadingSaysAuthor, phrases::AUTHOR),
    (Column::HeadingSaysComment, phrases::COMMENT),
];

/// Caps on counts of blocks between this one and another place.
const MAX_CONTAINER_BLOCKS: usize = 40;
const MAX_BLOCK_DISTANCE: usize = 60;

impl PageFeatures<'_> {
    pub(super) fn fill_position(&self, row: &mut Row, index: usize) {
        let block = &self.arena.blocks[index];
        let owner = &self.arena.nodes[block.owner as usize];
        let all = self.sums.chars(&self.page).max(1.0);
        row.set(Column::Position, index as f32 / self.page.len() as f32);
        row.set(Column::CharsBefore, self.sums.chars(&(0..index)) / all);
        row.set(Column::Depth, f32::from(owner.depth));
        let (around, article) = self.elements_around(owner.parent, owner.tag, block.owner);
        for (column, count) in AROUND.into_iter().zip(around) {
            row.set(column, count);
        }
        let share = if article == NONE { -1.0 } else { self.share_of(article) };
        row.set(Column::ArticleShare, share);
        row.set_flag(Column::IsInReadable, self.readability.inside[index]);
        let container = self.container[index];
        let score = |node: u32| self.readability.scores.get(node as usize).copied().unwrap_or(0.0);
        let parent = self.arena.nodes.get(container as usize).map_or(NONE, |node| node.parent);
        let best = self.readability.best.max(1.0);
        row.set(Column::ReadabilityOfContainers, score(container).max(score(parent)) / best);
        row.set(Column::ReadabilityOfContainer, score(container) / best);
        let (up, down) = self.hops_to_main(container);
        row.set(Column::HopsUpToMain, up);
        row.set(Column::HopsDownToMain, down);
        row.set_flag(Column::IsInMain, container == self.main);
    }

    /// How many elements of each kind stand around a block, its owner included, and the nearest `<article>`. The result
    /// for the owner's parent is kept, since the next block mostly has the same.
    fn elements_around(&self, parent: u32, tag: Tag, owner: u32) -> ([f32; 9], u32) {
        let (known, mut around, mut article) = self.last_around.get();
        if known != parent || parent == NONE {
            (around, article) = ([0.0; 9], NONE);
            let first = (parent != NONE).then_some(parent as usize);
            for at in first.into_iter().chain(self.arena.ancestors(parent)) {
                let tag = self.arena.nodes[at].tag;
                if tag == Tag::Article && article == NONE {
                    article = at as u32;
                }
                count_around(tag, &mut around);
            }
            self.last_around.set((parent, around, article));
        }
        count_around(tag, &mut around);
        (around, if tag == Tag::Article { owner } else { article })
    }

    fn share_of(&self, node: u32) -> f32 {
        let range = self.arena.blocks_in(node as usize);
        self.sums.chars(&range) / self.sums.chars(&self.page).max(1.0)
    }

    /// Steps from a node, and from the main container, up to what holds both. The last result is kept.
    fn hops_to_main(&self, from: u32) -> (f32, f32) {
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

    pub(super) fn fill_containers(&self, row: &mut Row, index: usize) {
        let own = self.arena.blocks[index].stats.chars as f32;
        let mut at = self.container[index];
        for (level, [chars_column, links, paragraphs]) in CONTAINERS.into_iter().enumerate() {
            let range = self.blocks_in_or(at, index);
            let chars = self.sums.chars(&range);
            row.set(chars_column, chars.min(MAX_CHARS));
            row.set(links, self.sums.link_density(&range));
            row.set(paragraphs, self.sums.paragraphs(&range).min(MAX_COUNT));
            if let Some([share, media_column]) = CONTAINER_SHARES.get(level) {
                row.set(*share, own / chars.max(1.0));
                let media = self.media_sums[range.end.max(range.start)] - self.media_sums[range.start];
                row.set(*media_column, media.min(9) as f32);
            }
            at = self.arena.nodes.get(at as usize).map_or(NONE, |node| node.parent);
        }
    }

    /// The blocks in an element; the block alone where there is none.
    fn blocks_in_or(&self, node: u32, index: usize) -> std::ops::Range<usize> {
        if node == NONE { index..index + 1 } else { self.arena.blocks_in(node as usize) }
    }

    /// What the blocks of the same style are like.
    pub(super) fn fill_style(&self, row: &mut Row, index: usize) {
        let style = self.styles.get(&self.style_of[index]).copied().unwrap_or_default();
        row.set(Column::StyleBlocks, style.blocks.min(MAX_COUNT));
        row.set(Column::StyleChars, style.chars / style.blocks.max(1.0));
        row.set(Column::StyleLinks, style.linked / style.bytes.max(1.0));
        row.set(Column::StyleStops, style.stops / style.blocks.max(1.0));
        row.set(Column::StyleShare, style.chars / self.sums.chars(&self.page).max(1.0));
    }

    pub(super) fn fill_neighbours(&self, row: &mut Row, index: usize) {
        let neighbour =
            |offset: isize| index.checked_add_signed(offset).and_then(|at| self.arena.blocks.get(at));
        for (offset, [chars, links, same]) in NEIGHBOURS {
            let Some(block) = neighbour(offset) else {
                [chars, links, same].into_iter().for_each(|column| row.set(column, -1.0));
                continue;
            };
            row.set(chars, block.stats.chars as f32);
            row.set(links, block.stats.link_density());
            let other = index.wrapping_add_signed(offset);
            let same_style = self.style_of[other] == self.style_of[index];
            let same_container = self.container[other] == self.container[index];
            row.set(same, f32::from(u8::from(same_style)) + 2.0 * f32::from(u8::from(same_container)));
        }
        for (offset, [ending, tag]) in NEAREST {
            let block = neighbour(offset);
            row.set(ending, block.map_or(-1.0, |block| block.stats.ending as u8 as f32));
            row.set(tag, block.map_or(-1.0, |block| self.owner_tag(block.owner)));
        }
        let owner = self.arena.blocks[index].owner;
        let shares_owner = |offset: isize| neighbour(offset).map_or(NONE, |block| block.owner) == owner;
        row.set_flag(Column::SharesOwnerWithPrevious, shares_owner(-1));
        row.set_flag(Column::SharesOwnerWithNext, shares_owner(1));
        let owner = &self.arena.nodes[owner as usize];
        let is_item = owner.tag == Tag::Li || owner.all & class_hints::CARD != 0;
        row.set(Column::ListShare, if is_item { self.share_of(self.container[index]) } else { -1.0 });
    }

    fn owner_tag(&self, owner: u32) -> f32 {
        self.arena.nodes[owner as usize].tag as u8 as f32
    }

    /// How far along its container and the main container a block stands.
    pub(super) fn fill_order(&self, row: &mut Row, index: usize) {
        let range = self.blocks_in_or(self.container[index], index);
        let chars = self.sums.chars(&range).max(1.0);
        let before = self.sums.chars(&(range.start..index.max(range.start)));
        let after = self.sums.chars(&(index + 1..range.end.max(index + 1)));
        row.set(Column::ContainerCharsBefore, before / chars);
        row.set(Column::ContainerCharsAfter, after / chars);
        let blocks_after = range.end.saturating_sub(index + 1).min(MAX_CONTAINER_BLOCKS);
        row.set(Column::ContainerBlocksAfter, blocks_after as f32);
        let main = self.blocks_in_or(self.main, index);
        let before_main = main.start.saturating_sub(index).min(MAX_BLOCK_DISTANCE);
        row.set(Column::BlocksBeforeMain, before_main as f32);
        let after_main = (index + 1).saturating_sub(main.end).min(MAX_BLOCK_DISTANCE);
        row.set(Column::BlocksAfterMain, after_main as f32);
    }

    /// Under which heading a block stands, and what that says.
    pub(super) fn fill_heading(&self, row: &mut Row, index: usize) {
        let heading = self.heading_above[index];
        let distance = heading.map_or(-1.0, |heading| (index - heading).min(MAX_BLOCK_DISTANCE) as f32);
        row.set(Column::BlocksSinceHeading, distance);
        let tag = heading.map_or(-1.0, |heading| self.owner_tag(self.arena.blocks[heading].owner));
        row.set(Column::HeadingTag, tag);
        for (column, kind) in HEADING_PHRASES {
            row.set(column, heading.map_or(-1.0, |heading| self.phrases(heading)[kind]));
        }
    }
}

fn count_around(tag: Tag, around: &mut [f32; 9]) {
    let slot = match tag {
        Tag::Article => 0,
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
    around[slot] += 1.0;
}
