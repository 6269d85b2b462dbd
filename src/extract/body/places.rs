//! Where the metadata stands that people see, and what that says of where the text is.

use super::arena::{Arena, NONE};
use super::decide::{Choice, Why};
use super::hints as h;
use super::tag::Tag;

/// Where the metadata stands that people see, as nodes of the arena; [`NONE`] where nothing does.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// The title.
    pub title: u32,
    /// The publication date.
    pub published: u32,
    /// The author.
    pub author: u32,
}

/// Names of what stands around a title without its text.
const FRAME: h::Hints = h::NAV | h::FOOTER | h::HEADER | h::SIDE;

/// A text less likely than this is no content under any title.
const HOPELESS: f32 = 0.01;

impl Places {
    /// The innermost element that has the title and text under it, for a page that shows title and date, names no place for
    /// its text, and of which nothing was taken for content: a post of a few short lines.
    pub fn home(&self, arena: &Arena, verdicts: &[f32], choice: &Choice) -> Option<u32> {
        if self.title == NONE || self.published == NONE || choice.keep.contains(&true) {
            return None;
        }
        let title = arena.nodes.get(self.title as usize)?.end;
        let is_text = |index: usize| {
            let block = &arena.blocks[index];
            let owner = &arena.nodes[block.owner as usize];
            block.first >= title
                && verdicts[index] > HOPELESS
                && block.stats.link_density() < 0.3
                && matches!(choice.why[index], Why::Weighed(_))
                && !owner.tag.is_heading()
                && owner.near & FRAME == 0
        };
        let is_closed = |at: &usize| {
            !matches!(arena.nodes[*at].tag, Tag::Body | Tag::Html) && arena.nodes[*at].own & FRAME == 0
        };
        let around = arena.ancestors(self.title).take_while(is_closed);
        around.into_iter().find(|at| arena.blocks_in(*at).any(is_text)).map(|at| at as u32)
    }
}

/// The arena's node for a node of the DOM.
pub fn locate(arena: &Arena, dom: Option<ego_tree::NodeId>) -> u32 {
    let found = dom.and_then(|dom| arena.nodes.iter().position(|node| node.dom == dom));
    found.map_or(NONE, |at| at as u32)
}
