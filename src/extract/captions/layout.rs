//! What stands around each picture on a page whose content is known, and whether the picture is part of the article.

use super::{FOREIGN_NAMES, MAX_CAPTION_WORDS, is_in_figcaption};
use crate::extract::body::arena::{Arena, NONE, Node};
use crate::extract::body::class_hints as h;
use crate::extract::body::prefix_sums::{PrefixSums, sums_before};
use crate::extract::body::tag::Tag;

/// How many texts and levels around a medium are looked at. A page with more is no gallery but made to be slow.
const MAX_NEIGHBOURS: usize = 400;

/// The page with its content marked.
pub(super) struct Layout<'a> {
    arena: &'a Arena,
    sums: &'a PrefixSums,
    content: &'a [bool],
    /// Content texts before each node.
    texts: Vec<u32>,
    /// Media before each node, twins left out.
    media: Vec<u32>,
    /// The first and the last content block.
    ends: Option<(usize, usize)>,
    /// The container of most of the content.
    root: u32,
}

impl<'a> Layout<'a> {
    pub(super) fn new(
        arena: &'a Arena,
        sums: &'a PrefixSums,
        content: &'a [bool],
        root: Option<u32>,
    ) -> Self {
        let is_content = |node: &Node| node.tag == Tag::Text && content[node.block as usize];
        let texts = sums_before(arena.nodes.iter().map(|node| u32::from(is_content(node))));
        let mut shown = vec![0; arena.nodes.len()];
        for medium in arena.media.iter().filter(|medium| !medium.twin) {
            shown[medium.node as usize] = 1;
        }
        let media = sums_before(shown);
        let first = content.iter().position(|kept| *kept);
        let ends = first.zip(content.iter().rposition(|kept| *kept));
        let mut layout = Self { arena, sums, content, texts, media, ends, root: NONE };
        layout.root = root.unwrap_or_else(|| layout.find_content_root());
        layout
    }

    /// The deepest element that holds nine tenths of the content's texts.
    fn find_content_root(&self) -> u32 {
        let all = self.texts[self.arena.nodes.len()];
        let (mut root, mut at) = (NONE, 0);
        while at < self.arena.nodes.len() && all > 0 {
            let end = self.arena.nodes[at].end as usize;
            let holds = self.texts[end] - self.texts[at];
            if self.arena.nodes[at].tag.is_block() && holds * 10 >= all * 9 {
                root = at as u32;
                at += 1;
            } else {
                at = end.max(at + 1);
            }
        }
        root
    }

    fn has_content(&self, node: usize) -> bool {
        self.texts[self.arena.nodes[node].end as usize] > self.texts[node]
    }

    /// Whether what surrounds a medium ends here.
    fn is_edge(&self, node: usize) -> bool {
        self.arena.nodes[node].tag == Tag::Body || node as u32 == self.root
    }

    /// The largest element around a medium without content.
    fn wrapper(&self, medium: u32) -> u32 {
        let climb = self.arena.ancestors(medium).take(MAX_NEIGHBOURS);
        let fits = |at: &usize| !self.has_content(*at) && !self.is_edge(*at);
        climb.take_while(fits).last().map_or(medium, |at| at as u32)
    }

    /// The largest element around a medium without content and without other media.
    pub(super) fn frame(&self, medium: u32) -> u32 {
        let alone = |at: &usize| {
            let end = self.arena.nodes[*at].end as usize;
            !self.has_content(*at) && self.media[end] - self.media[*at] <= 1 && !self.is_edge(*at)
        };
        self.arena
            .ancestors(medium)
            .take(MAX_NEIGHBOURS)
            .take_while(alone)
            .last()
            .map_or(medium, |at| at as u32)
    }

    /// Whether a block stands in a `figcaption` within the frame, or within the figure around it.
    pub(super) fn in_figcaption(&self, frame: u32, block: usize) -> bool {
        let figure = self
            .arena
            .self_and_ancestors(frame)
            .take(4)
            .find(|at| self.arena.nodes[*at].tag == Tag::Figure)
            .unwrap_or(frame as usize);
        let owner = self.arena.blocks[block].owner;
        let in_figure = figure as u32 <= owner && owner < self.arena.nodes[figure].end;
        in_figure
            && self
                .arena
                .self_and_ancestors(owner)
                .take_while(|at| *at > figure)
                .any(|at| self.arena.nodes[at].tag == Tag::Figcaption)
    }

    /// Whether no other medium stands between a frame and a block after it.
    pub(super) fn is_nearest(&self, frame: u32, block: usize) -> bool {
        let end = self.arena.nodes[frame as usize].end as usize;
        let first = self.arena.blocks[block].first as usize;
        first >= end && self.media[first] == self.media[end]
    }

    pub(super) fn texts_in(&self, node: u32) -> std::ops::Range<usize> {
        if self.arena.nodes[node as usize].tag.is_block() {
            self.arena.blocks_in(node as usize)
        } else {
            0..0
        }
    }

    /// Whether a text that is no content is the legend of the picture it stands with.
    pub(super) fn is_legend(&self, index: usize) -> bool {
        let block = &self.arena.blocks[index];
        let owner = &self.arena.nodes[block.owner as usize];
        let named = owner.near & h::CAPTION != 0 && owner.own & (h::SHARE | h::AD) == 0;
        let emphasised = owner.aligned > 0 || block.stats.is_italic();
        block.stats.words <= MAX_CAPTION_WORDS
            && block.stats.link_density() < 0.6
            && (is_in_figcaption(self.arena, block.owner) || named || (emphasised && block.stats.words > 2))
    }

    /// Whether a medium is part of the article.
    pub(super) fn belongs(&self, index: usize) -> bool {
        let medium = &self.arena.media[index];
        let in_root = self.root != NONE
            && self.root <= medium.node
            && medium.node < self.arena.nodes[self.root as usize].end;
        let Some((first, last)) = self.ends.or(in_root.then_some((usize::MAX, 0))) else { return false };
        let wrapper = self.wrapper(medium.node);
        let top = &self.arena.nodes[wrapper as usize];
        let foreign = self
            .arena
            .self_and_ancestors(medium.node)
            .take(MAX_NEIGHBOURS + 1)
            .take_while(|at| *at >= wrapper as usize)
            .any(|at| {
                self.arena.nodes[at].own & FOREIGN_NAMES != 0
                    || matches!(self.arena.nodes[at].tag, Tag::Nav | Tag::Aside | Tag::Footer)
            });
        if foreign || top.all & h::HIDDEN != 0 && top.near & h::HIDDEN != 0 {
            return false;
        }
        let range = self.texts_in(wrapper);
        let other = self.foreign_text(&range);
        if other > 600 || (other > 40 && self.sums.link_density(&range) > 0.5) {
            return false;
        }
        let at = medium.block as usize;
        let inside = at > first && at <= last;
        // A gallery above the text stands there as a whole.
        let is_shown = self.texts_in(self.frame(medium.node)).any(|block| self.is_legend(block));
        let end = if is_shown { top.end } else { medium.node };
        inside || in_root || self.is_hero(medium.node, end, first)
    }

    /// Characters around a medium that are no legend, counted as far as it matters.
    fn foreign_text(&self, range: &std::ops::Range<usize>) -> u32 {
        let mut other = 0;
        for block in range.clone().take(MAX_NEIGHBOURS).filter(|block| !self.is_legend(*block)) {
            other += self.arena.blocks[block].stats.chars;
            if other > 600 {
                break;
            }
        }
        other
    }

    /// Whether a medium, or what it is part of up to `end`, stands right above the text, in the same article.
    fn is_hero(&self, medium: u32, end: u32, first: usize) -> bool {
        let Some(block) = self.arena.blocks.get(first) else { return false };
        let article = self.arena.ancestors(block.owner).find(|at| {
            matches!(self.arena.nodes[*at].tag, Tag::Article | Tag::Main)
                || self.arena.nodes[*at].own & h::CONTENT != 0
        });
        let near = block.first.saturating_sub(end) < 60;
        let holds = |at: usize| at < medium as usize && medium < self.arena.nodes[at].end;
        medium < block.first && near && article.is_some_and(holds) && self.content[first]
    }
}
