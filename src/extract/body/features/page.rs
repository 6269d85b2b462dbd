//! What is counted once for a page and serves the features of all its blocks; and the features that are the same for
//! every block or come from the page's head.

use std::cell::{Cell, OnceCell};
use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHasher};

use super::{Column, MAX_CHARS, MAX_COUNT, Row, phrases};
use crate::extract::body::arena::{Arena, Block, NONE};
use crate::extract::body::page_head::PageHead;
use crate::extract::body::prefix_sums::{PrefixSums, sums_before};
use crate::extract::body::readability::Readability;
use crate::extract::body::stats::{Ending, TextStats};
use crate::extract::body::tag::Tag;

/// Running text has at least so many characters in a block, and fewer than half of them in links.
const MIN_RUNNING_CHARS: u32 = 40;

/// What the blocks of one style have in common on this page.
#[derive(Clone, Copy, Default)]
pub(super) struct StyleStats {
    pub(super) blocks: f32,
    pub(super) chars: f32,
    pub(super) linked: f32,
    pub(super) bytes: f32,
    pub(super) stops: f32,
}

impl StyleStats {
    fn add(&mut self, stats: &TextStats) {
        self.blocks += 1.0;
        self.chars += stats.chars as f32;
        self.linked += stats.linked as f32;
        self.bytes += stats.bytes as f32;
        self.stops += f32::from(u8::from(stats.ending == Ending::Stop));
    }
}

/// A page whose blocks can be described.
pub(crate) struct PageFeatures<'a> {
    pub(super) arena: &'a Arena,
    pub(super) sums: &'a PrefixSums,
    pub(super) readability: &'a Readability,
    head: &'a PageHead,
    pub(super) styles: FxHashMap<u64, StyleStats>,
    /// The style of each block: tag and class of the three elements around it, hashed.
    pub(super) style_of: Vec<u64>,
    /// For each block the element that holds its paragraph.
    pub(super) container: Vec<u32>,
    /// The container that holds most running text.
    pub(super) main: u32,
    /// How many media stand right before each block.
    media: Vec<u32>,
    pub(super) media_sums: Vec<u32>,
    repeated: Vec<bool>,
    /// The phrases of each block, looked for when they are first asked for: most blocks are links in menus, which are
    /// never asked.
    phrases: Vec<OnceCell<[f32; phrases::KINDS]>>,
    /// The nearest heading before each block.
    pub(super) heading_above: Vec<Option<usize>>,
    pub(super) page: std::ops::Range<usize>,
    /// The last results for an owner and for a container: neighbouring blocks mostly share them.
    pub(super) last_around: Cell<(u32, [f32; 9], u32)>,
    pub(super) last_hops: Cell<(u32, (f32, f32))>,
}

impl<'a> PageFeatures<'a> {
    pub(crate) fn new(
        arena: &'a Arena,
        sums: &'a PrefixSums,
        readability: &'a Readability,
        head: &'a PageHead,
    ) -> Self {
        let container: Vec<u32> = arena.blocks.iter().map(|block| container(arena, block.owner)).collect();
        let style_of: Vec<u64> = arena.blocks.iter().map(|block| style(arena, block.owner)).collect();
        let mut styles: FxHashMap<u64, StyleStats> = FxHashMap::default();
        let mut running: FxHashMap<u32, f32> = FxHashMap::default();
        for (index, block) in arena.blocks.iter().enumerate() {
            let stats = &block.stats;
            styles.entry(style_of[index]).or_default().add(stats);
            if stats.chars >= MIN_RUNNING_CHARS && stats.link_density() < 0.5 {
                *running.entry(container[index]).or_default() += stats.chars as f32;
            }
        }
        let main = running.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
        let media = media_before(arena);
        Self {
            arena,
            sums,
            readability,
            head,
            styles,
            style_of,
            container,
            main: main.map_or(NONE, |(node, _)| *node),
            media_sums: sums_before(media.iter().copied()),
            media,
            repeated: repeated(arena),
            phrases: vec![OnceCell::new(); arena.blocks.len()],
            heading_above: headings_above(arena),
            page: 0..arena.blocks.len(),
            last_around: Cell::new((NONE, [0.0; 9], NONE)),
            last_hops: Cell::new((NONE, (30.0, 30.0))),
        }
    }

    /// The kinds of phrases in a block.
    pub(super) fn phrases(&self, index: usize) -> &[f32; phrases::KINDS] {
        self.phrases[index].get_or_init(|| phrases::of(self.arena.text_of(&self.arena.blocks[index])))
    }

    /// How a block stands to the title, and what of it the head repeats.
    pub(super) fn fill_title(&self, row: &mut Row, index: usize) {
        let words = self.arena.words_of(&self.arena.blocks[index]);
        row.set(Column::LikeTitle, self.head.like_title[index]);
        let after = self.head.title_block.map(|title| index as f32 - title as f32);
        row.set(Column::BlocksAfterTitle, after.unwrap_or(-99.0).clamp(-99.0, MAX_COUNT));
        let title = self.head.title_block.filter(|title| *title < index);
        let chars = title.map_or(-1.0, |title| self.sums.chars(&(title..index)).min(MAX_CHARS));
        row.set(Column::CharsAfterTitle, chars);
        row.set(Column::InDescription, self.head.description_share(words));
        row.set(Column::InPublishedCopy, self.head.article_share(words));
    }

    pub(super) fn fill_media(&self, row: &mut Row, index: usize) {
        let block = &self.arena.blocks[index];
        row.set(Column::MediaBefore, self.media[index].min(5) as f32);
        row.set(Column::MediaAfter, self.media[index + 1].min(5) as f32);
        let owner = &self.arena.nodes[block.owner as usize];
        let next = self.arena.media.partition_point(|one| one.node < block.owner);
        let holds = |node: u32| node >= block.owner && node < owner.end;
        row.set_flag(Column::HoldsMedia, self.arena.media.get(next).is_some_and(|one| holds(one.node)));
        row.set_flag(Column::IsRepeated, self.repeated[index]);
    }

    pub(super) fn fill_page(&self, row: &mut Row) {
        row.set(Column::PageChars, self.sums.chars(&self.page).min(MAX_CHARS));
        row.set(Column::PageParagraphs, self.sums.paragraphs(&self.page).min(MAX_COUNT));
        row.set(Column::PageLinks, self.sums.link_density(&self.page));
    }
}

/// The element that holds a block's paragraph: the parent of a paragraph, heading or item, and the division itself for
/// text that stands bare in a division.
fn container(arena: &Arena, owner: u32) -> u32 {
    let node = &arena.nodes[owner as usize];
    match node.tag {
        Tag::Div
        | Tag::Section
        | Tag::Article
        | Tag::Main
        | Tag::Body
        | Tag::Td
        | Tag::Custom
        | Tag::Center => owner,
        _ if node.parent == NONE => owner,
        _ => node.parent,
    }
}

/// Whether each block's text stands on the page more than once.
fn repeated(arena: &Arena) -> Vec<bool> {
    let mut texts: FxHashMap<&str, u32> = FxHashMap::default();
    for block in &arena.blocks {
        *texts.entry(arena.text_of(block)).or_default() += 1;
    }
    arena.blocks.iter().map(|block| texts[arena.text_of(block)] > 1).collect()
}

fn media_before(arena: &Arena) -> Vec<u32> {
    let mut media = vec![0_u32; arena.blocks.len() + 1];
    for one in &arena.media {
        media[one.block as usize] += 1;
    }
    media
}

fn headings_above(arena: &Arena) -> Vec<Option<usize>> {
    let mut last = None;
    let above = |(index, block): (usize, &Block)| {
        let found = last;
        if arena.nodes[block.owner as usize].tag.is_heading() {
            last = Some(index);
        }
        found
    };
    arena.blocks.iter().enumerate().map(above).collect()
}

fn style(arena: &Arena, owner: u32) -> u64 {
    let mut hasher = FxHasher::default();
    let mut at = owner;
    for _ in 0..3 {
        let Some(node) = arena.nodes.get(at as usize) else { break };
        hasher.write_u32(node.style);
        at = node.parent;
    }
    hasher.finish()
}
