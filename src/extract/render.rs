//! What was kept, copied out of the document as a fragment.
//!
//! The arena is in document order, so one pass copies it: an element is copied if something in it is kept. Figures that
//! the page had no markup for are written as such in the place of their picture. Nothing is made safe here: that is what
//! `clean` does.

use std::collections::{HashMap, HashSet};

use html5ever::{LocalName, local_name};
use scraper::{Html, Node as Dom};

use super::body::arena::{Arena, NONE};
use super::body::prefix_sums::sums_before;
use super::body::tag::Tag;
use super::captions::MediaPlan;

use crate::model::Fragment;

/// Writes what is kept: content blocks, media and captions.
pub fn render(document: &Html, arena: &Arena, content: &[bool], plan: &MediaPlan) -> Fragment {
    let leaves = LeafCounts::new(arena, content, plan);
    let figures: HashMap<u32, &Vec<usize>> =
        plan.figures.iter().map(|(node, captions)| (*node, captions)).collect();
    let root = leaves.root(arena, &figures);
    if root == NONE {
        return Fragment::default();
    }
    let layout = layout_tables(arena, &leaves);
    let mut out = Writer {
        document,
        arena,
        leaves: &leaves,
        content,
        layout: &layout,
        fragment: Fragment::default(),
        open: Vec::new(),
    };
    let whole =
        (is_whole(arena.nodes[root as usize].tag) && !layout.contains(&root)) || figures.contains_key(&root);
    let mut at = root as usize + usize::from(!whole);
    let end = arena.nodes[root as usize].end as usize;
    while at < end {
        out.close_before(at);
        let next = arena.nodes[at].end as usize;
        if let Some(captions) = figures.get(&(at as u32)) {
            out.figure(at, captions);
            at = next;
        } else if leaves.any(at, next) {
            out.write(at);
            at += 1;
        } else {
            // Inside an inline element there may be white space that parts two words.
            let step = if arena.nodes[at].tag == Tag::Inline { 1 } else { next - at };
            out.keep_break(at);
            at += step;
        }
    }
    out.close_before(usize::MAX);
    out.fragment
}

/// Whether an element means something by itself, so that it is written although it holds everything.
fn is_whole(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Text
            | Tag::Table
            | Tag::Ul
            | Tag::Ol
            | Tag::Dl
            | Tag::Figure
            | Tag::Blockquote
            | Tag::Pre
            | Tag::P
    ) || tag.is_media()
        || tag.is_heading()
}

/// How many leaves, which are written for their own sake (texts and media), stand before each node.
struct LeafCounts(Vec<u32>);

impl LeafCounts {
    fn new(arena: &Arena, content: &[bool], plan: &MediaPlan) -> Self {
        let mut marks = vec![0_u32; arena.nodes.len()];
        let in_figures: Vec<usize> =
            plan.figures.iter().flat_map(|(_, captions)| captions).copied().collect();
        for (media, kept) in arena.media.iter().zip(&plan.media) {
            marks[media.node as usize] = u32::from(*kept);
        }
        for (index, node) in arena.nodes.iter().enumerate() {
            if node.tag == Tag::Text {
                let block = node.block as usize;
                let native = plan.captions[block] && !in_figures.contains(&block);
                marks[index] = u32::from(content[block] || native);
            }
        }
        Self(sums_before(marks))
    }

    fn any(&self, from: usize, to: usize) -> bool {
        self.0[to] > self.0[from]
    }

    /// The deepest element around all of them that can stand alone.
    fn root(&self, arena: &Arena, figures: &HashMap<u32, &Vec<usize>>) -> u32 {
        let all = self.0[arena.nodes.len()];
        let (mut root, mut at) = (NONE, 0);
        while at < arena.nodes.len() && all > 0 {
            let end = arena.nodes[at].end as usize;
            if self.0[end] - self.0[at] == all {
                root = at as u32;
                if figures.contains_key(&root) {
                    return root;
                }
                at += 1;
            } else {
                at = end.max(at + 1);
            }
        }
        let stands = |at: u32| {
            let tag = arena.nodes[at as usize].tag;
            (tag.is_block()
                && !matches!(tag, Tag::Tr | Tag::Rows | Tag::Li | Tag::Dt | Tag::Dd | Tag::Figcaption))
                || tag.is_media()
        };
        let climb = std::iter::once(root).chain(arena.ancestors(root).map(|at| at as u32));
        if root == NONE { NONE } else { climb.into_iter().find(|at| stands(*at)).unwrap_or(root) }
    }
}

/// Tables that only lay out: no row of theirs has two cells with something in them, and a cell holds a picture or long
/// text. Given with their rows and cells.
fn layout_tables(arena: &Arena, leaves: &LeafCounts) -> HashSet<u32> {
    let table_of =
        |at: usize| arena.ancestors(at as u32).find(|around| arena.nodes[*around].tag == Tag::Table);
    let (mut wide, mut big) = (HashSet::new(), HashSet::new());
    let mut filled: HashMap<u32, u32> = HashMap::new();
    let mut parts = Vec::new();
    for (at, node) in arena.nodes.iter().enumerate() {
        if !matches!(node.tag, Tag::Table | Tag::Rows | Tag::Tr | Tag::Td | Tag::Th) {
            continue;
        }
        let table = if node.tag == Tag::Table { Some(at) } else { table_of(at) };
        let Some(table) = table else { continue };
        parts.push((at, table));
        if matches!(node.tag, Tag::Td | Tag::Th) && leaves.any(at, node.end as usize) {
            let cells = filled.entry(node.parent).or_default();
            *cells += 1;
            if *cells > 1 {
                wide.insert(table);
            }
            let has_media = arena.nodes[at..node.end as usize].iter().any(|inner| inner.tag.is_media());
            let is_long = arena.blocks[arena.blocks_in(at)].iter().any(|block| block.stats.chars > 200);
            if has_media || is_long {
                big.insert(table);
            }
        }
    }
    let is_layout = |table: &usize| big.contains(table) && !wide.contains(table);
    parts.into_iter().filter(|(_, table)| is_layout(table)).map(|(at, _)| at as u32).collect()
}

struct Writer<'a> {
    document: &'a Html,
    arena: &'a Arena,
    leaves: &'a LeafCounts,
    content: &'a [bool],
    /// Tables that only lay out, with their rows and cells.
    layout: &'a HashSet<u32>,
    fragment: Fragment,
    /// Open elements: their places in the arena and in the fragment.
    open: Vec<(usize, usize)>,
}

impl Writer<'_> {
    fn close_before(&mut self, at: usize) {
        while let Some((_, place)) =
            self.open.pop_if(|(index, _)| self.arena.nodes[*index].end as usize <= at)
        {
            self.fragment.close(place);
        }
    }

    fn open(&mut self, index: usize, name: LocalName) {
        let place = self.fragment.open(name, None);
        self.open.push((index, place));
    }

    /// Writes a text or opens an element.
    fn write(&mut self, index: usize) {
        let node = &self.arena.nodes[index];
        match self.document.tree.get(node.dom).map(|found| found.value()) {
            Some(Dom::Text(text)) => self.fragment.push_text(text),
            Some(Dom::Element(_)) if self.layout.contains(&(index as u32)) => {
                if matches!(node.tag, Tag::Td | Tag::Th) {
                    self.open(index, local_name!("div"));
                }
            }
            Some(Dom::Element(element)) => {
                let attrs = element.attrs.iter().map(|(name, value)| (name.local.clone(), &**value));
                let place = self.fragment.open(element.name.local.clone(), attrs);
                self.open.push((index, place));
            }
            _ => {}
        }
    }

    /// Whether the innermost open element is a player or picture.
    fn in_media(&self) -> Option<usize> {
        let (index, _) = *self.open.last()?;
        matches!(self.arena.nodes[index].tag, Tag::Player | Tag::Picture).then_some(index)
    }

    /// Writes what a player or picture has inside and is no leaf itself, line breaks, rules and white space between kept
    /// texts.
    fn keep_break(&mut self, index: usize) {
        let node = &self.arena.nodes[index];
        let in_player =
            self.in_media().is_some_and(|open| self.leaves.any(open, self.arena.nodes[open].end as usize));
        let is_gap = node.tag == Tag::Space && self.content[node.block as usize];
        let is_break = matches!(node.tag, Tag::Br | Tag::Hr) && !self.fragment.is_empty();
        if is_gap || in_player || is_break {
            self.write(index);
        }
    }

    /// Writes an element's media and the captions under them as a figure, without the elements that laid them out.
    fn figure(&mut self, frame: usize, captions: &[usize]) {
        let figure = self.fragment.open(local_name!("figure"), None);
        let end = self.arena.nodes[frame].end as usize;
        for at in frame..end {
            self.close_before(at);
            let node = &self.arena.nodes[at];
            let is_media = matches!(node.tag, Tag::A | Tag::Img | Tag::Player | Tag::Picture)
                && self.leaves.any(at, node.end as usize);
            if is_media || self.in_media().is_some() {
                self.write(at);
            }
        }
        self.close_before(end);
        let caption = self.fragment.open(local_name!("figcaption"), None);
        for (number, block) in captions.iter().enumerate() {
            if number > 0 {
                self.fragment.push_text(" ");
            }
            self.fragment.push_text(self.arena.text_of(&self.arena.blocks[*block]));
        }
        self.fragment.close(caption);
        self.fragment.close(figure);
    }
}
