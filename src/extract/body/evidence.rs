//! The evidence: everything that is known of a block, as one row of numbers, each with its name.
//!
//! Text and link density, length and neighbours are boilerpipe's (Kohlschütter et al. 2010), names of classes
//! Readability's and trafilatura's, the statistics of blocks that look alike come from site style trees (Yi & Liu 2003)
//! reduced to one page; the weights are learned, see `model`.

use std::collections::HashMap;

use super::arena::{Arena, NONE};
use super::facts::Facts;
use super::hints;
use super::phrases;
use super::region::Region;
use super::stats::{Ending, QuickHash};
use super::sums::Sums;
use super::tag::Tag;

/// Beyond these a text is long and blocks are many: annotators stop reading where the learner must not conclude that long
/// articles are none.
const LONG: f32 = 15_000.0;
const MANY: f32 = 30.0;

/// The names of the columns, hints and phrases excepted.
const COLUMNS: &[&str] = &[
    "tag",
    "parent tag",
    "chars",
    "words",
    "word length",
    "link density",
    "links",
    "bold",
    "italic",
    "capitals",
    "uppers",
    "digits",
    "commas",
    "sentences",
    "bars",
    "ending",
    "aligned",
    "starts upper",
    "year",
    "clock",
    "position",
    "chars before",
    "depth",
    "in article",
    "in main",
    "in aside",
    "in form",
    "in header",
    "in list",
    "in table",
    "in figure",
    "in quote",
    "article share",
    "region inside",
    "region score",
    "region own score",
    "main hops up",
    "main hops down",
    "main same",
    "c1 chars",
    "c1 links",
    "c1 paragraphs",
    "c1 share",
    "c1 media",
    "c2 chars",
    "c2 links",
    "c2 paragraphs",
    "c2 share",
    "c2 media",
    "c3 chars",
    "c3 links",
    "c3 paragraphs",
    "look count",
    "look chars",
    "look links",
    "look stops",
    "look share",
    "title",
    "after title",
    "from title",
    "description",
    "publisher",
    "media before",
    "media after",
    "media own",
    "repeated",
    "page chars",
    "page paragraphs",
    "page links",
    "p1 chars",
    "p1 links",
    "p1 ending",
    "p1 tag",
    "p1 same",
    "p2 chars",
    "p2 links",
    "p2 same",
    "n1 chars",
    "n1 links",
    "n1 ending",
    "n1 tag",
    "n1 same",
    "n2 chars",
    "n2 links",
    "n2 same",
    "p1 owner",
    "n1 owner",
    "list item share",
    "before in c1",
    "after in c1",
    "blocks after in c1",
    "before main",
    "after main",
    "heading distance",
    "heading tag",
    "heading says more",
    "heading says subscribe",
    "heading says follow",
    "heading says author",
    "heading says comment",
];

/// How many columns a row has.
pub const WIDTH: usize = COLUMNS.len() + hints::KINDS + phrases::KINDS;

/// The names of all columns, in order.
pub fn names() -> Vec<&'static str> {
    COLUMNS.iter().chain(&hints::NAMES).chain(&phrases::NAMES).copied().collect()
}

/// A row.
pub type Row = [f32; WIDTH];

/// Fills a row from left to right.
struct Filler {
    row: Row,
    at: usize,
}

impl Filler {
    fn put(&mut self, value: f32) {
        self.row[self.at] = value;
        self.at += 1;
    }

    fn flag(&mut self, value: bool) {
        self.put(f32::from(u8::from(value)));
    }
}

/// What blocks that look alike have in common on this page.
#[derive(Clone, Copy, Default)]
struct Look {
    count: f32,
    chars: f32,
    linked: f32,
    bytes: f32,
    stops: f32,
}

/// A page, ready to give evidence of its blocks.
pub struct Witness<'a> {
    arena: &'a Arena,
    sums: &'a Sums,
    region: &'a Region,
    facts: &'a Facts,
    looks: HashMap<u32, Look, QuickHash>,
    /// The look of each block.
    look_of: Vec<u32>,
    /// The container of each block: what holds its paragraph.
    container: Vec<u32>,
    /// The container that holds most running text.
    main: u32,
    /// Media before each block.
    media: Vec<u32>,
    repeated: Vec<bool>,
    phrases: Vec<[f32; phrases::KINDS]>,
    /// The nearest heading at or before each block, itself excepted.
    heading_above: Vec<Option<usize>>,
    page: std::ops::Range<usize>,
}

impl<'a> Witness<'a> {
    /// Looks at the page as a whole.
    pub fn new(arena: &'a Arena, sums: &'a Sums, region: &'a Region, facts: &'a Facts) -> Self {
        let container: Vec<u32> = arena.blocks.iter().map(|block| container(arena, block.owner)).collect();
        let look_of: Vec<u32> = arena.blocks.iter().map(|block| look(arena, block.owner)).collect();
        let mut looks: HashMap<u32, Look, QuickHash> = HashMap::default();
        let mut held: HashMap<u32, f32, QuickHash> = HashMap::default();
        let mut texts: HashMap<&str, u32, QuickHash> = HashMap::default();
        for (index, block) in arena.blocks.iter().enumerate() {
            let stats = &block.stats;
            let look = looks.entry(look_of[index]).or_default();
            look.count += 1.0;
            look.chars += stats.chars as f32;
            look.linked += stats.linked as f32;
            look.bytes += stats.bytes as f32;
            look.stops += f32::from(u8::from(stats.ending == Ending::Stop));
            if stats.chars >= 40 && stats.link_density() < 0.5 {
                *held.entry(container[index]).or_default() += stats.chars as f32;
            }
            *texts.entry(arena.text_of(block)).or_default() += 1;
        }
        let main =
            held.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map_or(NONE, |(node, _)| *node);
        let repeated = arena
            .blocks
            .iter()
            .map(|block| texts.get(arena.text_of(block)).is_some_and(|n| *n > 1))
            .collect();
        let phrases = arena.blocks.iter().map(|block| phrases::of(arena.text_of(block))).collect();
        let mut media = vec![0_u32; arena.blocks.len() + 1];
        for one in &arena.media {
            media[one.block as usize] += 1;
        }
        Self {
            arena,
            sums,
            region,
            facts,
            looks,
            look_of,
            container,
            main,
            media,
            repeated,
            phrases,
            heading_above: headings_above(arena),
            page: 0..arena.blocks.len(),
        }
    }

    /// The container of a block.
    pub fn container(&self, index: usize) -> u32 {
        self.container[index]
    }

    /// The look of a block.
    pub fn look(&self, index: usize) -> u32 {
        self.look_of[index]
    }

    /// All that is known of a block.
    pub fn row(&self, index: usize) -> Row {
        let mut f = Filler { row: [0.0; WIDTH], at: 0 };
        self.shape(&mut f, index);
        self.place(&mut f, index);
        self.containers(&mut f, index);
        self.page_wide(&mut f, index);
        self.neighbours(&mut f, index);
        let owner = &self.arena.nodes[self.arena.blocks[index].owner as usize];
        let inner = self.inner(index);
        for bit in 0..hints::KINDS {
            let mask = 1 << bit;
            let level = if (owner.own | inner) & mask != 0 {
                3.0
            } else if owner.near & mask != 0 {
                2.0
            } else {
                f32::from(u8::from(owner.all & mask != 0))
            };
            f.put(level);
        }
        for value in self.phrases[index] {
            f.put(value);
        }
        debug_assert_eq!(f.at, WIDTH, "every column has a value");
        f.row
    }

    /// Hints of inline elements around the first text, below the owner.
    fn inner(&self, index: usize) -> hints::Hints {
        let block = &self.arena.blocks[index];
        self.arena
            .ancestors(block.first)
            .take_while(|at| *at as u32 != block.owner)
            .fold(0, |all, at| all | self.arena.nodes[at].own)
    }

    fn shape(&self, f: &mut Filler, index: usize) {
        let block = &self.arena.blocks[index];
        let owner = &self.arena.nodes[block.owner as usize];
        let parent = self.arena.nodes.get(owner.parent as usize).map_or(Tag::Html, |node| node.tag);
        let stats = &block.stats;
        let text = self.arena.text_of(block);
        let (bytes, chars, words) =
            (stats.bytes.max(1) as f32, stats.chars.max(1) as f32, stats.words.max(1) as f32);
        f.put(owner.tag as u8 as f32);
        f.put(parent as u8 as f32);
        f.put(chars);
        f.put(words);
        f.put(chars / words);
        f.put(stats.link_density());
        f.put(f32::from(stats.links));
        f.put(stats.bold as f32 / bytes);
        f.put(stats.italic as f32 / bytes);
        f.put(stats.capitals as f32 / words);
        f.put(stats.uppers as f32 / chars);
        f.put(stats.digits as f32 / chars);
        f.put(stats.commas as f32 / words);
        f.put(stats.sentences as f32);
        f.put(stats.bars as f32 / words);
        f.put(stats.ending as u8 as f32);
        f.flag(owner.aligned > 0);
        f.flag(text.starts_with(char::is_uppercase));
        let (year, clock) = dates(text);
        f.flag(year);
        f.flag(clock);
    }

    fn place(&self, f: &mut Filler, index: usize) {
        let block = &self.arena.blocks[index];
        let owner = &self.arena.nodes[block.owner as usize];
        let all = self.sums.chars(&self.page).max(1.0);
        f.put(index as f32 / self.page.len() as f32);
        f.put(self.sums.chars(&(0..index)) / all);
        f.put(f32::from(owner.depth));
        let mut seen = [0.0_f32; 9];
        let mut article = NONE;
        for at in std::iter::once(block.owner as usize).chain(self.arena.ancestors(block.owner)) {
            let place = match self.arena.nodes[at].tag {
                Tag::Article => {
                    if article == NONE {
                        article = at as u32;
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
                _ => continue,
            };
            seen[place] += 1.0;
        }
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

    fn share_of(&self, node: u32) -> f32 {
        let range = self.arena.blocks_in(node as usize);
        self.sums.chars(&range) / self.sums.chars(&self.page).max(1.0)
    }

    /// Steps from a node, and from the main container, up to what holds both.
    fn hops(&self, from: u32) -> (f32, f32) {
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

    fn containers(&self, f: &mut Filler, index: usize) {
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
                let media: u32 = self.media[range.start..range.end.max(range.start)].iter().sum();
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

    fn page_wide(&self, f: &mut Filler, index: usize) {
        let block = &self.arena.blocks[index];
        let words = self.arena.words_of(block);
        f.put(self.facts.like_title[index]);
        let after = self.facts.title_block.map(|title| index as f32 - title as f32);
        f.put(after.unwrap_or(-99.0).clamp(-99.0, MANY));
        f.put(self.facts.title_block.map_or(-1.0, |title| {
            if title < index { self.sums.chars(&(title..index)).min(LONG) } else { -1.0 }
        }));
        f.put(self.facts.description_share(words));
        f.put(self.facts.article_share(words));
        f.put(self.media[index].min(5) as f32);
        f.put(self.media[index + 1].min(5) as f32);
        let owner = &self.arena.nodes[block.owner as usize];
        let next = self.arena.media.partition_point(|one| one.node < block.owner);
        let holds = |node: u32| node >= block.owner && node < owner.end;
        f.flag(self.arena.media.get(next).is_some_and(|one| holds(one.node)));
        f.flag(self.repeated[index]);
        f.put(self.sums.chars(&self.page).min(LONG));
        f.put(self.sums.paragraphs(&self.page).min(MANY));
        f.put(self.sums.link_density(&self.page));
    }

    fn neighbours(&self, f: &mut Filler, index: usize) {
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
}

/// The kinds of phrases that a heading passes on to what stands under it.
const PASSED_ON: [usize; 5] = [0, 1, 2, 5, 7];

impl Witness<'_> {
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
                    f.put(self.phrases[heading][kind]);
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

/// What holds a block's paragraph: the parent of a paragraph, heading or item; for text that stands bare in a division,
/// the division.
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

fn headings_above(arena: &Arena) -> Vec<Option<usize>> {
    let mut last = None;
    let above = |(index, block): (usize, &super::arena::Block)| {
        let found = last;
        if arena.nodes[block.owner as usize].tag.is_heading() {
            last = Some(index);
        }
        found
    };
    arena.blocks.iter().enumerate().map(above).collect()
}

/// What a block looks like: tag and class of the three elements around it.
fn look(arena: &Arena, owner: u32) -> u32 {
    let mut look = 0_u32;
    let mut at = owner;
    for _ in 0..3 {
        let Some(node) = arena.nodes.get(at as usize) else { break };
        look = look.rotate_left(5).wrapping_mul(0x9e37_79b1) ^ node.look;
        at = node.parent;
    }
    look
}

/// Whether a short text names a year, and a time of day.
fn dates(text: &str) -> (bool, bool) {
    if text.len() > 200 {
        return (false, false);
    }
    let bytes = text.as_bytes();
    let (mut year, mut clock) = (false, false);
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = bytes[at..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |n| at + n);
        year |= end - at == 4 && (bytes[at..].starts_with(b"19") || bytes[at..].starts_with(b"20"));
        clock |= end - at <= 2
            && matches!(bytes.get(end), Some(b':' | b'h' | b'.'))
            && bytes.get(end + 1..end + 3).is_some_and(|minutes| minutes.iter().all(u8::is_ascii_digit))
            && !bytes.get(end + 3).is_some_and(u8::is_ascii_digit);
        at = end;
    }
    (year, clock)
}
