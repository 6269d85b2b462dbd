//! What was kept, written out again as an HTML fragment.
//!
//! The arena is in document order, so one pass writes it: an element is written if something in it is kept. Figures that
//! the page had no markup for are written as such in the place of their picture. Nothing is made safe here; that is the
//! affair of `clean`.

use std::collections::{HashMap, HashSet};

use scraper::{Html, Node as Dom};

use super::arena::{Arena, NONE};
use super::tag::Tag;
use crate::extract::captions::Plan;

/// Writes what is kept: content blocks, media and captions.
pub fn render(document: &Html, arena: &Arena, content: &[bool], plan: &Plan) -> String {
    let leaves = Leaves::new(arena, content, plan);
    let figures: HashMap<u32, &Vec<usize>> =
        plan.figures.iter().map(|(node, captions)| (*node, captions)).collect();
    let root = leaves.root(arena, &figures);
    if root == NONE {
        return String::new();
    }
    let layout = layout_tables(arena, &leaves);
    let mut out = Writer {
        document,
        arena,
        leaves: &leaves,
        content,
        layout: &layout,
        html: String::with_capacity(arena.text.len() * 2),
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
    out.html
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

/// What is written for its own sake: texts and media.
struct Leaves(Vec<u32>);

impl Leaves {
    /// Counts those before each node.
    fn new(arena: &Arena, content: &[bool], plan: &Plan) -> Self {
        let mut marks = vec![0_u32; arena.nodes.len() + 1];
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
        let mut total = 0;
        for mark in &mut marks {
            (*mark, total) = (total, total + *mark);
        }
        Self(marks)
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
fn layout_tables(arena: &Arena, leaves: &Leaves) -> HashSet<u32> {
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
    leaves: &'a Leaves,
    content: &'a [bool],
    /// Tables that only lay out, with their rows and cells.
    layout: &'a HashSet<u32>,
    html: String,
    open: Vec<usize>,
}

impl<'a> Writer<'a> {
    fn close_before(&mut self, at: usize) {
        while let Some(index) = self.open.pop_if(|index| self.arena.nodes[*index].end as usize <= at) {
            self.end(index);
        }
    }

    fn end(&mut self, index: usize) {
        if self.layout.contains(&(index as u32)) {
            self.html.push_str("</div>");
        } else if let Some(name) = self.name(index) {
            self.html.push_str("</");
            self.html.push_str(name);
            self.html.push('>');
        }
    }

    fn name(&self, index: usize) -> Option<&'a str> {
        let element = self.document.tree.get(self.arena.nodes[index].dom)?.value().as_element()?;
        Some(element.name())
    }

    /// Writes a text or opens an element.
    fn write(&mut self, index: usize) {
        let node = &self.arena.nodes[index];
        match self.document.tree.get(node.dom).map(|found| found.value()) {
            Some(Dom::Text(text)) => escape(text, false, &mut self.html),
            Some(Dom::Element(_)) if self.layout.contains(&(index as u32)) => {
                if matches!(node.tag, Tag::Td | Tag::Th) {
                    self.html.push_str("<div>");
                    self.open.push(index);
                }
            }
            Some(Dom::Element(element)) => {
                self.start(element);
                if !is_void(element.name()) {
                    self.open.push(index);
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, element: &scraper::node::Element) {
        self.html.push('<');
        self.html.push_str(element.name());
        for (name, value) in &element.attrs {
            self.html.push(' ');
            self.html.push_str(&name.local);
            self.html.push_str("=\"");
            escape(value, true, &mut self.html);
            self.html.push('"');
        }
        self.html.push('>');
    }

    /// Writes what a player or picture has inside and is no leaf itself, line breaks, rules and white space between kept
    /// texts.
    fn keep_break(&mut self, index: usize) {
        let node = &self.arena.nodes[index];
        let in_player = self.open.last().is_some_and(|open| {
            matches!(self.arena.nodes[*open].tag, Tag::Player | Tag::Picture)
                && self.leaves.any(*open, self.arena.nodes[*open].end as usize)
        });
        let is_gap = node.tag == Tag::Space && self.content[node.block as usize];
        if is_gap || in_player || (matches!(node.tag, Tag::Br | Tag::Hr) && !self.html.is_empty()) {
            self.write(index);
        }
    }

    /// Writes an element's media as a figure, everything that lays them out left away, and the captions under them.
    fn figure(&mut self, frame: usize, captions: &[usize]) {
        self.html.push_str("<figure>");
        let end = self.arena.nodes[frame].end as usize;
        let mut at = frame;
        while at < end {
            self.close_before(at);
            let node = &self.arena.nodes[at];
            let in_media = self
                .open
                .last()
                .is_some_and(|open| matches!(self.arena.nodes[*open].tag, Tag::Player | Tag::Picture));
            let is_link = node.tag == Tag::A && self.leaves.any(at, node.end as usize);
            let is_media = matches!(node.tag, Tag::Img | Tag::Player | Tag::Picture)
                && self.leaves.any(at, node.end as usize);
            if is_link || is_media || in_media {
                self.write(at);
            }
            at += 1;
        }
        self.close_before(end);
        self.html.push_str("<figcaption>");
        for (number, block) in captions.iter().enumerate() {
            if number > 0 {
                self.html.push(' ');
            }
            escape(self.arena.text_of(&self.arena.blocks[*block]), false, &mut self.html);
        }
        self.html.push_str("</figcaption></figure>");
    }
}

/// Elements without an end tag (HTML Standard, section 13.1.2).
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Escapes as the HTML fragment serialisation algorithm does (HTML Standard, section 13.3).
fn escape(text: &str, in_attribute: bool, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\u{a0}']) {
        out.push_str(&rest[..at]);
        let c = rest[at..].chars().next().unwrap_or_default();
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '"' => out.push('"'),
            _ => out.push_str("&nbsp;"),
        }
        rest = &rest[at + c.len_utf8()..];
    }
    out.push_str(rest);
}
