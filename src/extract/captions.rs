//! Pictures, players and their captions: what of them belongs to the article, and which lines are captions although no
//! markup says so.
//!
//! A caption is told by where it stands before by how it reads: in a `figcaption` or a caption class; in the row under a
//! picture; right after a picture and centred, or in italics; or, bare, as a short line after a picture where the page's
//! paragraphs are long.

use super::body::arena::{Arena, NONE};
use super::body::decide::named_home;
use super::body::hints as h;
use super::body::sums::Sums;
use super::body::tag::Tag;

/// What is done with media and captions.
#[derive(Debug, Default)]
pub struct Plan {
    /// For each medium, whether it stays.
    pub media: Vec<bool>,
    /// For each block, whether it is a caption of a medium that stays.
    pub captions: Vec<bool>,
    /// Figures that the page had no markup for: the element that is written as one, and its captions.
    pub figures: Vec<(u32, Vec<usize>)>,
}

/// Names of elements whose pictures belong to something else than the article.
const FOREIGN: h::Hints =
    h::RELATED | h::AD | h::PROMO | h::SHARE | h::AUTHOR | h::NAV | h::COMMENT | h::FOOTER;

/// Captions are shorter, in words: agencies write up to five sentences.
const LONGEST: u32 = 90;

/// Decides on media and captions, given which blocks are content.
/// `home` is the element whose media are the article where there is no text to go by.
pub fn plan(arena: &Arena, sums: &Sums, keep: &[bool], home: Option<u32>) -> Plan {
    let strict: Vec<bool> =
        (0..keep.len()).map(|index| keep[index] && is_caption(arena, keep, index)).collect();
    let content: Vec<bool> = keep.iter().zip(&strict).map(|(kept, caption)| *kept && !*caption).collect();
    let home = home.or_else(|| if content.contains(&true) { None } else { named_home(arena) });
    let scene = Scene::new(arena, sums, &content, home);
    let mut plan = Plan {
        media: (0..arena.media.len()).map(|index| scene.belongs(index)).collect(),
        captions: vec![false; keep.len()],
        figures: Vec::new(),
    };
    let mut taken = vec![false; keep.len()];
    for (index, medium) in arena.media.iter().enumerate() {
        if !plan.media[index] || medium.twin {
            continue;
        }
        let frame = scene.frame(medium.node);
        let inside: Vec<usize> = scene
            .texts_in(frame)
            .filter(|block| !taken[*block] && !content[*block] && (strict[*block] || scene.is_legend(*block)))
            .collect();
        let next = medium_text(arena, frame);
        let is_nearest = |block: &usize| scene.is_nearest(frame, *block);
        let after = (next..next + 2).take_while(|block| strict.get(*block) == Some(&true)).filter(is_nearest);
        let mut captions = inside;
        captions.extend(after.filter(|block| !taken[*block]));
        captions.sort_unstable();
        captions.dedup();
        for block in &captions {
            taken[*block] = true;
            plan.captions[*block] = true;
        }
        let native = captions.iter().all(|block| scene.in_figcaption(frame, *block));
        if !captions.is_empty() && !native {
            plan.figures.push((frame, captions));
        }
    }
    plan
}

/// The first block after an element's last.
fn medium_text(arena: &Arena, node: u32) -> usize {
    let end = arena.nodes[node as usize].end as usize;
    arena.nodes.get(end).map_or(arena.blocks.len(), |after| after.block as usize)
}

/// Whether a block that was taken for content is a caption.
fn is_caption(arena: &Arena, keep: &[bool], index: usize) -> bool {
    let block = &arena.blocks[index];
    let owner = &arena.nodes[block.owner as usize];
    if block.stats.words > LONGEST || owner.tag.is_heading() {
        return false;
    }
    let in_figcaption = owner.tag == Tag::Figcaption
        || arena.ancestors(block.owner).take(3).any(|at| arena.nodes[at].tag == Tag::Figcaption);
    if in_figcaption {
        return true;
    }
    let Some(picture) = picture_before(arena, index) else { return false };
    if under_picture(arena, block.owner, picture) {
        return true;
    }
    let emphasised = block.stats.italic * 10 >= block.stats.bytes * 9;
    let named = owner.near & h::CAPTION != 0 && owner.near & h::BODY == 0;
    if (owner.aligned > 0 || emphasised || named) && block.stats.sentences <= 3 {
        return true;
    }
    is_bare_caption(arena, keep, index)
}

/// The picture that stands between a block and the one before it, or in the same paragraph before it.
fn picture_before(arena: &Arena, index: usize) -> Option<u32> {
    let at = arena.media.partition_point(|medium| (medium.block as usize) <= index);
    let last = arena.media.get(at.checked_sub(1)?)?;
    (last.block as usize == index && last.node < arena.blocks[index].first).then_some(last.node)
}

/// Whether a text stands in the table row under a picture's.
fn under_picture(arena: &Arena, owner: u32, picture: u32) -> bool {
    let table_of = |node: u32| arena.ancestors(node).find(|at| arena.nodes[*at].tag == Tag::Table);
    let row_of = |node: u32| arena.ancestors(node).find(|at| arena.nodes[*at].tag == Tag::Tr);
    let in_cell = std::iter::once(owner as usize)
        .chain(arena.ancestors(owner))
        .take(4)
        .any(|at| arena.nodes[at].tag == Tag::Td);
    let table = table_of(owner);
    in_cell
        && table.is_some()
        && table == table_of(picture)
        && row_of(owner) != row_of(picture)
        && table.is_some_and(|table| arena.blocks_in(table).len() <= 4)
}

/// Whether a line is a caption by nothing but its length: at most 30 words in one sentence after a picture, where the
/// next paragraph and the text's paragraphs on the whole are several times as long.
fn is_bare_caption(arena: &Arena, keep: &[bool], index: usize) -> bool {
    let stats = &arena.blocks[index].stats;
    if stats.words > 30 || stats.sentences > 1 || stats.link_density() > 0.2 {
        return false;
    }
    let mut lengths: Vec<u32> = arena
        .blocks
        .iter()
        .zip(keep)
        .filter(|(block, kept)| **kept && block.stats.sentences > 0)
        .map(|(block, _)| block.stats.chars)
        .collect();
    lengths.sort_unstable();
    let middle = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    middle > 4 * stats.chars
}

/// The page with its content marked.
struct Scene<'a> {
    arena: &'a Arena,
    sums: &'a Sums,
    content: &'a [bool],
    /// Content texts before each node.
    texts: Vec<u32>,
    /// Media before each node, twins left out.
    media: Vec<u32>,
    /// The first and the last content block.
    ends: Option<(usize, usize)>,
    /// The container of most of the content.
    home: u32,
}

impl<'a> Scene<'a> {
    fn new(arena: &'a Arena, sums: &'a Sums, content: &'a [bool], home: Option<u32>) -> Self {
        let (mut texts, mut media) = (vec![0], vec![0]);
        let (mut text, mut seen) = (0, 0);
        for node in &arena.nodes {
            text += u32::from(node.tag == Tag::Text && content[node.block as usize]);
            texts.push(text);
        }
        let mut next = arena.media.iter().peekable();
        for index in 0..arena.nodes.len() {
            if let Some(medium) = next.next_if(|medium| medium.node as usize == index) {
                seen += u32::from(!medium.twin);
            }
            media.push(seen);
        }
        let first = content.iter().position(|kept| *kept);
        let ends = first.zip(content.iter().rposition(|kept| *kept));
        let mut scene = Self { arena, sums, content, texts, media, ends, home: NONE };
        scene.home = home.unwrap_or_else(|| scene.find_home());
        scene
    }

    /// The deepest element that holds nine tenths of the content's texts.
    fn find_home(&self) -> u32 {
        let all = self.texts[self.arena.nodes.len()];
        let (mut home, mut at) = (NONE, 0);
        while at < self.arena.nodes.len() && all > 0 {
            let end = self.arena.nodes[at].end as usize;
            let holds = self.texts[end] - self.texts[at];
            if self.arena.nodes[at].tag.is_block() && holds * 10 >= all * 9 {
                home = at as u32;
                at += 1;
            } else {
                at = end.max(at + 1);
            }
        }
        home
    }

    fn has_content(&self, node: usize) -> bool {
        self.texts[self.arena.nodes[node].end as usize] > self.texts[node]
    }

    /// Whether what surrounds a medium ends here.
    fn is_edge(&self, node: usize) -> bool {
        self.arena.nodes[node].tag == Tag::Body || node as u32 == self.home
    }

    /// The largest element around a medium without content.
    fn wrapper(&self, medium: u32) -> u32 {
        let climb = self.arena.ancestors(medium);
        let fits = |at: &usize| !self.has_content(*at) && !self.is_edge(*at);
        climb.take_while(fits).last().map_or(medium, |at| at as u32)
    }

    /// The largest element around a medium without content and without other media.
    fn frame(&self, medium: u32) -> u32 {
        let alone = |at: &usize| {
            let end = self.arena.nodes[*at].end as usize;
            !self.has_content(*at) && self.media[end] - self.media[*at] <= 1 && !self.is_edge(*at)
        };
        self.arena.ancestors(medium).take_while(alone).last().map_or(medium, |at| at as u32)
    }

    /// Whether a block stands in a `figcaption` within the frame, or within the figure around it.
    fn in_figcaption(&self, frame: u32, block: usize) -> bool {
        let figure = std::iter::once(frame as usize)
            .chain(self.arena.ancestors(frame).take(3))
            .find(|at| self.arena.nodes[*at].tag == Tag::Figure)
            .unwrap_or(frame as usize);
        let owner = self.arena.blocks[block].owner;
        let in_figure = figure as u32 <= owner && owner < self.arena.nodes[figure].end;
        in_figure
            && std::iter::once(owner as usize)
                .chain(self.arena.ancestors(owner))
                .take_while(|at| *at > figure)
                .any(|at| self.arena.nodes[at].tag == Tag::Figcaption)
    }

    /// Whether no other medium stands between a frame and a block after it.
    fn is_nearest(&self, frame: u32, block: usize) -> bool {
        let end = self.arena.nodes[frame as usize].end as usize;
        let first = self.arena.blocks[block].first as usize;
        first >= end && self.media[first] == self.media[end]
    }

    fn texts_in(&self, node: u32) -> std::ops::Range<usize> {
        if self.arena.nodes[node as usize].tag.is_block() {
            self.arena.blocks_in(node as usize)
        } else {
            0..0
        }
    }

    /// Whether a text that is no content is the legend of the picture it stands with.
    fn is_legend(&self, index: usize) -> bool {
        let block = &self.arena.blocks[index];
        let owner = &self.arena.nodes[block.owner as usize];
        let in_figcaption = owner.tag == Tag::Figcaption
            || self
                .arena
                .ancestors(block.owner)
                .take(3)
                .any(|at| self.arena.nodes[at].tag == Tag::Figcaption);
        let named = owner.near & h::CAPTION != 0 && owner.own & (h::SHARE | h::AD) == 0;
        let emphasised = owner.aligned > 0 || block.stats.italic * 10 >= block.stats.bytes * 9;
        block.stats.words <= LONGEST
            && block.stats.link_density() < 0.6
            && (in_figcaption || named || (emphasised && block.stats.words > 2))
    }

    /// Whether a medium is part of the article.
    fn belongs(&self, index: usize) -> bool {
        let medium = &self.arena.media[index];
        let in_home = self.home != NONE
            && self.home <= medium.node
            && medium.node < self.arena.nodes[self.home as usize].end;
        let Some((first, last)) = self.ends.or(in_home.then_some((usize::MAX, 0))) else { return false };
        let wrapper = self.wrapper(medium.node);
        let top = &self.arena.nodes[wrapper as usize];
        let foreign = std::iter::once(medium.node as usize)
            .chain(self.arena.ancestors(medium.node).take_while(|at| *at >= wrapper as usize))
            .any(|at| {
                self.arena.nodes[at].own & FOREIGN != 0
                    || matches!(self.arena.nodes[at].tag, Tag::Nav | Tag::Aside | Tag::Footer)
            });
        if foreign || top.all & h::HIDDEN != 0 && top.near & h::HIDDEN != 0 {
            return false;
        }
        let range = self.texts_in(wrapper);
        let other = range.clone().filter(|block| !self.is_legend(*block));
        let other: u32 = other.map(|block| self.arena.blocks[block].stats.chars).sum();
        if other > 600 || (other > 40 && self.sums.link_density(&range) > 0.5) {
            return false;
        }
        let at = medium.block as usize;
        let inside = at > first && at <= last;
        inside || in_home || self.is_hero(medium.node, first)
    }

    /// Whether a medium stands right above the text, in the same article.
    fn is_hero(&self, medium: u32, first: usize) -> bool {
        let Some(block) = self.arena.blocks.get(first) else { return false };
        let article = self.arena.ancestors(block.owner).find(|at| {
            matches!(self.arena.nodes[*at].tag, Tag::Article | Tag::Main)
                || self.arena.nodes[*at].own & h::CONTENT != 0
        });
        let near = block.first.saturating_sub(medium) < 60;
        let holds = |at: usize| at < medium as usize && medium < self.arena.nodes[at].end;
        medium < block.first && near && article.is_some_and(holds) && self.content[first]
    }
}
