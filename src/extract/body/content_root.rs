//! The element that holds the article's text, for pages where the classifier kept next to nothing: an article of one
//! line, one picture, one table or one attachment, which features made for texts cannot see.

use ego_tree::NodeId;

use super::arena::{Arena, NONE, Node};
use super::choice::{Choice, Why};
use super::class_hints as h;
use super::prefix_sums::PrefixSums;
use super::tag::Tag;

/// With fewer characters kept the article may have none, and its root is looked for.
const MIN_ARTICLE_TEXT_CHARS: u32 = 160;

/// A text with a lower probability is no content under any title.
const MIN_TEXT_PROBABILITY: f32 = 0.01;

/// Names of what may stand in the root and is none of the article.
const FOREIGN_NAMES: h::ClassHints =
    h::SHARE | h::RELATED | h::NAV | h::AD | h::PROMO | h::COMMENT | h::TAGS | h::AUTHOR;

/// Names of what stands around a title without its text.
const FRAME_NAMES: h::ClassHints = h::NAV | h::FOOTER | h::HEADER | h::SIDE;

/// The elements that show metadata, as nodes of the arena; [`NONE`] where nothing does.
#[derive(Clone, Copy, Debug)]
pub struct MetadataPositions {
    pub title: u32,
    pub published: u32,
    pub author: u32,
}

impl MetadataPositions {
    pub fn locate(
        arena: &Arena,
        title: Option<NodeId>,
        published: Option<NodeId>,
        author: Option<NodeId>,
    ) -> Self {
        let locate = |dom: Option<NodeId>| {
            let found = dom.and_then(|dom| arena.nodes.iter().position(|node| node.dom == dom));
            found.map_or(NONE, |at| at as u32)
        };
        Self { title: locate(title), published: locate(published), author: locate(author) }
    }
}

/// The root of an article of which next to nothing was kept: where other pages of the source have it, else where this
/// page names it, else by its title.
pub fn find_root(
    arena: &Arena,
    probabilities: &[f32],
    learned: Option<u32>,
    shown: &MetadataPositions,
    choice: &Choice,
) -> Option<u32> {
    if choice.chars(arena) >= MIN_ARTICLE_TEXT_CHARS {
        return None;
    }
    let named = || named_root(arena, probabilities);
    learned.or_else(named).or_else(|| root_by_title(arena, probabilities, shown, choice))
}

/// The element that the page names as the place of its text, else its only `<article>`, else `<main>`. Of several that
/// are so named the one with most content, then the first.
pub fn named_root(arena: &Arena, probabilities: &[f32]) -> Option<u32> {
    let all = |wanted: &dyn Fn(&Node) -> bool| -> Vec<u32> {
        (0..arena.nodes.len()).filter(|at| wanted(&arena.nodes[*at])).map(|at| at as u32).collect()
    };
    let content = |root: &u32| -> u64 {
        let range = arena.blocks_in(*root as usize);
        let blocks = arena.blocks[range.clone()].iter().zip(&probabilities[range]);
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

/// The innermost element with the title and text under it, for a page that shows title and date, names no place for its
/// text, and of which nothing was kept: a post of a few short lines.
fn root_by_title(
    arena: &Arena,
    probabilities: &[f32],
    shown: &MetadataPositions,
    choice: &Choice,
) -> Option<u32> {
    if shown.title == NONE || shown.published == NONE || choice.keep.contains(&true) {
        return None;
    }
    let title = arena.nodes.get(shown.title as usize)?.end;
    let is_text = |index: usize| {
        let block = &arena.blocks[index];
        let owner = &arena.nodes[block.owner as usize];
        block.first >= title
            && probabilities[index] > MIN_TEXT_PROBABILITY
            && block.stats.link_density() < 0.3
            && matches!(choice.why[index], Why::Weighed(_))
            && !owner.tag.is_heading()
            && owner.near & FRAME_NAMES == 0
    };
    let is_closed = |at: &usize| {
        !matches!(arena.nodes[*at].tag, Tag::Body | Tag::Html) && arena.nodes[*at].own & FRAME_NAMES == 0
    };
    let mut around = arena.ancestors(shown.title).take_while(is_closed);
    around.find(|at| arena.blocks_in(*at).any(is_text)).map(|at| at as u32)
}

/// Keeps what stands in the root and drops what stands elsewhere. Gives the root, unless it holds nothing but links.
pub fn keep_root(
    arena: &Arena,
    sums: &PrefixSums,
    probabilities: &[f32],
    root: u32,
    choice: &mut Choice,
) -> Option<u32> {
    let inside = arena.blocks_in(root as usize);
    for index in 0..arena.blocks.len() {
        if choice.keep[index]
            && !inside.contains(&index)
            && matches!(choice.why[index], Why::Weighed(_) | Why::Container)
        {
            choice.drop(index, Why::Outside);
        }
    }
    for index in inside.clone() {
        let block = &arena.blocks[index];
        let is_foreign = arena
            .self_and_ancestors(block.owner)
            .take_while(|at| *at as u32 > root)
            .any(|at| arena.nodes[at].own & FOREIGN_NAMES != 0);
        let is_open = matches!(choice.why[index], Why::Weighed(_));
        if !is_foreign
            && is_open
            && (block.stats.is_attachment() || probabilities[index] > MIN_TEXT_PROBABILITY)
        {
            choice.keep(index, Why::Container);
        }
    }
    (sums.link_density(&inside) < 0.8 || sums.chars(&inside) < 400.0).then_some(root)
}
