//! From evidence to a decision on every block: two opinions, what to do where they disagree, and the parts of an article
//! that are no body.

use super::arena::{Arena, Node};
use super::facts::Facts;
use super::hints as h;
use super::places::Places;
use super::region::Region;
use super::sums::Sums;
use super::tag::Tag;
use crate::extract::template::Reason;

/// From here on a block is taken for content. Where the measures of precision and recall meet on held-back sites.
pub const CONTENT: f32 = 0.48;

/// Why a block was kept or dropped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Why {
    /// The evidence, summed up: the probability that it is content.
    Weighed(f32),
    /// Little was found; the best container was taken.
    Container,
    /// It shows the title.
    Title,
    /// It shows the date or the author, above the text.
    Header,
    /// It names the author, below the text.
    Byline,
    /// It is a caption.
    Caption,
    /// It stands outside of the place that the page names for its body, which has little text or none.
    Outside,
    /// It is a link to a document, among content.
    Attachment,
    /// It stands in what the body rule selects.
    BodyRule,
    /// It stands outside of what the body rule selects.
    OutsideRule,
    /// The remove rule of this number took it.
    Remove(usize),
    /// It stands at or after the text of the cut rule of this number.
    CutAt(usize),
    /// Other pages of the source say so.
    Learned(Reason),
}

/// A decision on every block.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Whether it stays.
    pub keep: Vec<bool>,
    /// Why.
    pub why: Vec<Why>,
}

impl Choice {
    /// Takes a block out.
    pub fn drop(&mut self, index: usize, why: Why) {
        self.keep[index] = false;
        self.why[index] = why;
    }

    /// Characters that stay.
    pub fn chars(&self, arena: &Arena) -> u32 {
        arena
            .blocks
            .iter()
            .zip(&self.keep)
            .filter(|(_, kept)| **kept)
            .map(|(block, _)| block.stats.chars)
            .sum()
    }
}

/// Brings verdicts into line where blocks stand or fall together: the cells of a table, the items of a list.
pub fn settle(arena: &Arena, verdicts: &mut [f32]) {
    let mut at = 0;
    while at < arena.nodes.len() {
        let node = &arena.nodes[at];
        let share = match node.tag {
            Tag::Table => 1.0,
            Tag::Ul | Tag::Ol | Tag::Dl => 0.5,
            _ => {
                at += 1;
                continue;
            }
        };
        let range = arena.blocks_in(at);
        let blocks = &arena.blocks[range.clone()];
        // Tables within tables lay out a page.
        let holds_table =
            || arena.nodes[at + 1..node.end as usize].iter().any(|inner| inner.tag == Tag::Table);
        let is_layout =
            blocks.iter().any(|block| block.stats.chars > 400) || (node.tag == Tag::Table && holds_table());
        if blocks.len() >= 3 && !is_layout {
            let weight: f32 = blocks.iter().map(|block| block.stats.chars as f32 + 5.0).sum();
            let mean = blocks
                .iter()
                .zip(&verdicts[range.clone()])
                .map(|(block, p)| (block.stats.chars as f32 + 5.0) * p)
                .sum::<f32>()
                / weight;
            for p in &mut verdicts[range] {
                *p += (mean - *p) * share;
            }
            at = node.end as usize;
        } else {
            at += 1;
        }
    }
    fill_gaps(arena, verdicts);
}

/// Fewer characters than this are next to nothing.
const LITTLE: u32 = 250;

/// What stands between two blocks that are surely content, and is no link, belongs to them if there is some reason to
/// think so: a short quotation, a line of dialogue, a heading.
fn fill_gaps(arena: &Arena, verdicts: &mut [f32]) {
    for index in 1..verdicts.len().saturating_sub(1) {
        let between = verdicts[index - 1].min(verdicts[index + 1]);
        let is_unsure = verdicts[index] > GAP && verdicts[index] < CONTENT;
        if is_unsure && between > 0.7 && arena.blocks[index].stats.link_density() < 0.3 {
            verdicts[index] = CONTENT;
        }
    }
}

/// From here on a block between content is content.
const GAP: f32 = 0.25;

/// Two opinions make a choice: the verdicts decide, unless they find next to nothing where the container scoring found
/// an article; then its container is taken, but for what is surely none of it.
pub fn choose(arena: &Arena, region: &Region, verdicts: &[f32]) -> Choice {
    let keep: Vec<bool> = verdicts.iter().map(|p| *p >= CONTENT).collect();
    let mut choice = Choice { keep, why: verdicts.iter().map(|p| Why::Weighed(*p)).collect() };
    let found = choice.chars(arena);
    if found >= LITTLE {
        return choice;
    }
    let home = named_home(arena, verdicts).map(|home| arena.blocks_in(home as usize));
    let candidates: Vec<usize> = (0..verdicts.len())
        .filter(|index| region.inside[*index] && verdicts[*index] > 0.08)
        .filter(|index| home.as_ref().is_none_or(|home| home.contains(index)))
        .filter(|index| arena.blocks[*index].stats.link_density() < 0.4)
        .collect();
    let second: u32 = candidates.iter().map(|index| arena.blocks[*index].stats.chars).sum();
    if second > 2 * found + if home.is_some() { 0 } else { 150 } {
        for index in candidates {
            choice.keep[index] = true;
            choice.why[index] = Why::Container;
        }
    }
    choice
}

/// Attachments: a block that is a link to a document stays where the article does, in a container that holds content.
pub fn keep_attachments(arena: &Arena, choice: &mut Choice) {
    let mut kept = vec![0_u32];
    kept.extend(choice.keep.iter().scan(0, |sum, kept| {
        *sum += u32::from(*kept);
        Some(*sum)
    }));
    for index in 0..arena.blocks.len() {
        let stats = &arena.blocks[index].stats;
        if choice.keep[index] || stats.attached * 2 <= stats.bytes {
            continue;
        }
        let place = arena.ancestors(arena.blocks[index].owner).take(2);
        let has_content = place.into_iter().any(|at| {
            let range = arena.blocks_in(at);
            arena.nodes[at].tag != Tag::Body && kept[range.end] > kept[range.start]
        });
        if has_content
            && arena.nodes[arena.blocks[index].owner as usize].near & (h::RELATED | h::NAV | h::FOOTER) == 0
        {
            choice.keep[index] = true;
            choice.why[index] = Why::Attachment;
        }
    }
}

/// For an article of one line, one picture, one table or one attachment, which evidence made for texts cannot see: where
/// next to nothing was kept and the place of the body is known, what stands there stays. Gives that place, unless it
/// holds nothing but links.
pub fn rescue(arena: &Arena, sums: &Sums, verdicts: &[f32], home: u32, choice: &mut Choice) -> Option<u32> {
    let inside = arena.blocks_in(home as usize);
    for index in 0..arena.blocks.len() {
        if choice.keep[index]
            && !inside.contains(&index)
            && matches!(choice.why[index], Why::Weighed(_) | Why::Container)
        {
            choice.drop(index, Why::Outside);
        }
    }
    for index in inside {
        let owner = arena.blocks[index].owner;
        let foreign = std::iter::once(owner as usize)
            .chain(arena.ancestors(owner))
            .take_while(|at| *at as u32 > home)
            .any(|at| arena.nodes[at].own & FOREIGN != 0);
        let is_settled = !matches!(choice.why[index], Why::Weighed(_));
        let stats = &arena.blocks[index].stats;
        let is_attachment = stats.attached * 2 > stats.bytes;
        if !foreign && !is_settled && (is_attachment || verdicts[index] > 0.01) {
            choice.keep[index] = true;
            choice.why[index] = Why::Container;
        }
    }
    let range = arena.blocks_in(home as usize);
    (sums.link_density(&range) < 0.8 || sums.chars(&range) < 400.0).then_some(home)
}

/// Names of what may stand in the place of the body and is none of it.
const FOREIGN: h::Hints =
    h::SHARE | h::RELATED | h::NAV | h::AD | h::PROMO | h::COMMENT | h::TAGS | h::AUTHOR;

/// Less text than this, in characters, may mean that the article has none.
pub const SHORT: u32 = 160;

/// The element that the page names as the place of its body, else its only `<article>`, else `<main>`. Of several that
/// are so named the one with most content, then the first.
pub fn named_home(arena: &Arena, verdicts: &[f32]) -> Option<u32> {
    let all = |wanted: &dyn Fn(&Node) -> bool| -> Vec<u32> {
        (0..arena.nodes.len()).filter(|at| wanted(&arena.nodes[*at])).map(|at| at as u32).collect()
    };
    let content = |home: &u32| -> u64 {
        let range = arena.blocks_in(*home as usize);
        let blocks = arena.blocks[range.clone()].iter().zip(&verdicts[range]);
        blocks.map(|(block, p)| (block.stats.chars as f32 * p) as u64).sum()
    };
    let named = all(&|node| {
        node.own & h::BODY != 0
            && node.tag.is_block()
            && node.tag != Tag::Body
            && node.all & (h::SIDE | h::FOOTER) == 0
    });
    let named = named.into_iter().rev().max_by_key(content);
    let articles = all(&|node| node.tag == Tag::Article);
    let article = if articles.len() == 1 { articles.first().copied() } else { None };
    named.or(article).or_else(|| all(&|node| node.tag == Tag::Main).first().copied())
}

/// A date or author line is shorter, in characters.
const HEADER_LINE: u32 = 140;

/// Whether a block is the title, or a heading that repeats it.
pub fn shows_title(arena: &Arena, facts: &Facts, index: usize) -> bool {
    let block = &arena.blocks[index];
    let is_heading = arena.nodes[block.owner as usize].tag.is_heading();
    let repeats = facts.like_title[index] > 0.85 && block.stats.words > 2 && is_heading;
    repeats || (facts.title_block == Some(index) && facts.like_title[index] > 0.75)
}

/// Takes title, date line and author line out: the draft carries them in fields of their own.
pub fn drop_header(arena: &Arena, facts: &Facts, places: &Places, choice: &mut Choice) {
    for index in 0..arena.blocks.len() {
        let block = &arena.blocks[index];
        let is_in = |node: u32| {
            arena.nodes.get(node as usize).is_some_and(|found| block.first < found.end && node < block.last)
        };
        if is_in(places.title) || shows_title(arena, facts, index) {
            choice.drop(index, Why::Title);
        } else if block.stats.chars <= HEADER_LINE
            && block.stats.sentences < 2
            && (is_in(places.published) || is_in(places.author))
        {
            choice.drop(index, Why::Header);
        }
    }
}
