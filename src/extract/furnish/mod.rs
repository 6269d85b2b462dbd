//! Furnishing: from the blocks that read like content to the body of an article.
//!
//! The content finder says which blocks are content. What is left is to put things where they belong: rules of the
//! source file applied, title and date line out of the body, the byline into the draft, pictures and players of the
//! content in, captions told from text.

mod byline;
mod captions;
mod files;
mod head;
mod media;
mod rules;

use scraper::Html;

use super::Context;
use super::body::arena::Arena;
use super::body::hints as h;
use super::body::render::Keep;
use super::byline::Byline;
use super::meta::Meta;
use crate::article::{Draft, Found, Origin};

/// The page while it is furnished.
pub(super) struct Room<'a> {
    /// The page's tree.
    pub document: &'a Html,
    /// The page, flat.
    pub arena: &'a Arena,
    /// For each block, how much it reads like content, 0 to 1.
    pub likely: &'a [f32],
    /// What the page says of itself.
    pub meta: &'a Meta,
    /// What stays.
    pub keep: Keep,
    /// What did not go as the rules wanted, for the report.
    pub notes: Vec<String>,
}

/// Puts everything where it belongs; gives the byline that was taken out.
pub(super) fn furnish(room: &mut Room<'_>, context: &Context<'_>) -> Byline {
    rules::apply(room, context.rules);
    media::rescue(room);
    head::clear(room);
    files::take_in(room);
    media::take_in(room);
    captions::mark(room);
    let byline = byline::take_out(room);
    media::take_in(room);
    byline
}

/// The draft of metadata, byline and body. A person in the byline is who wrote the text; who is named in the page's
/// head is often only the account that entered it, but where the text names nobody it is all there is.
pub(super) fn draft(meta: Meta, byline: Byline, body: String, context: &Context<'_>) -> Draft {
    let signed = (!byline.authors.is_empty()).then(|| Found::new(byline.authors, Origin::Visible));
    let ruled = meta.authors.as_ref().is_some_and(|authors| authors.origin == Origin::Rule);
    Draft {
        title: meta.title,
        published: meta.published,
        updated: meta.updated,
        authors: if ruled { meta.authors } else { signed.or(meta.authors) },
        credit: byline.credit.or(meta.credit),
        categories: meta.categories,
        tags: meta.tags,
        image: meta.image,
        language: meta.language.or_else(|| Some(context.language.to_owned()).filter(|tag| !tag.is_empty())),
        canonical: meta.canonical,
        post_id: meta.post_id,
        next_page: meta.next_page,
        body,
        decisions: Vec::new(),
    }
}

impl Room<'_> {
    /// The kept blocks, in reading order.
    pub fn kept(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let kept = self.keep.blocks.iter().enumerate().filter(|(_, kept)| **kept);
        kept.map(|(index, _)| index)
    }

    /// The text of a block.
    pub fn text(&self, block: usize) -> &str {
        self.arena.text_of(&self.arena.blocks[block])
    }

    /// Whether a node or one above it, up to four, is aligned to the middle or the right.
    pub fn is_aligned(&self, node: u32) -> bool {
        let own = self.arena.nodes[node as usize].aligned;
        own || self.arena.ancestors(node).take(3).any(|above| self.arena.nodes[above].aligned)
    }

    /// The names on the elements around a block's own, which say nothing against what stands beside it. Its own names
    /// are often about its looks ("has-text-align-right").
    pub fn names_around(&self, block: usize) -> h::Hints {
        let around = self.arena.nodes[self.arena.blocks[block].owner as usize].parent;
        self.arena.nodes.get(around as usize).map_or(0, |node| node.all)
    }

    /// An attribute of an element.
    pub fn attribute(&self, index: usize, name: &str) -> Option<&str> {
        self.document.tree.get(self.arena.nodes[index].dom)?.value().as_element()?.attr(name)
    }

    /// Share of a block in bold or italics.
    pub fn emphasis(&self, block: usize) -> f32 {
        let stats = &self.arena.blocks[block].stats;
        stats.bold.max(stats.italic) as f32 / stats.bytes.max(1) as f32
    }

    /// The blocks of a DOM node's subtree, if the node is in the arena.
    pub fn blocks_of(&self, dom: ego_tree::NodeId) -> Option<std::ops::Range<usize>> {
        let index = self.arena.nodes.iter().position(|node| node.dom == dom)?;
        Some(self.arena.blocks_in(index))
    }
}
