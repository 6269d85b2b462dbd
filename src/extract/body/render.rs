//! What was kept, written out again as an HTML fragment.
//!
//! The arena is in document order, so one pass writes it: an element is written if something in it is kept. Nothing is
//! made safe here; that is the affair of `clean`.

use std::collections::{HashMap, HashSet};

use scraper::{Html, Node as Dom};

use super::arena::{Arena, NONE};
use super::tag::Tag;

/// What of the page stays.
#[derive(Debug, Default)]
pub struct Keep {
    /// For each block.
    pub blocks: Vec<bool>,
    /// For each block: whether it is a caption, to stand in a `<figcaption>`.
    pub captions: Vec<bool>,
    /// For each medium.
    pub media: Vec<bool>,
    /// The block from which on nothing is content, whatever it reads like.
    pub end: usize,
    /// Elements that are written as something else: what stands for their start and their end tag.
    pub names: HashMap<u32, (&'static str, &'static str)>,
    /// What is written after a medium.
    pub after: HashMap<u32, &'static str>,
}

/// Writes what is kept.
pub fn render(document: &Html, arena: &Arena, keep: &Keep) -> String {
    let leaves = leaves(arena, keep);
    let root = common_root(arena, &leaves);
    let mut out =
        Writer { document, arena, keep, html: String::with_capacity(arena.text.len() * 2), open: Vec::new() };
    let (mut at, end) = match root {
        NONE => return String::new(),
        root if arena.nodes[root as usize].tag == Tag::Text || arena.nodes[root as usize].tag.is_media() => {
            (root as usize, arena.nodes[root as usize].end as usize)
        }
        root => (root as usize + 1, arena.nodes[root as usize].end as usize),
    };
    let media: HashSet<u32> =
        arena.media.iter().zip(&keep.media).filter(|(_, kept)| **kept).map(|(media, _)| media.node).collect();
    while at < end {
        out.close_before(at);
        let node = &arena.nodes[at];
        let next = node.end as usize;
        let kept = leaves[next] > leaves[at];
        let skipped = !kept || (node.tag.is_media() && !media.contains(&(at as u32)));
        if skipped && !(node.tag == Tag::Br && out.in_text()) {
            at = next.max(at + 1);
            continue;
        }
        if node.tag == Tag::Text {
            out.text(at);
        } else {
            out.start(at);
        }
        at += 1;
    }
    out.close_before(usize::MAX);
    out.html
}

/// How many kept texts and media stand before each node.
fn leaves(arena: &Arena, keep: &Keep) -> Vec<u32> {
    let mut marks = vec![0_u32; arena.nodes.len() + 1];
    for (media, kept) in arena.media.iter().zip(&keep.media) {
        marks[media.node as usize] = u32::from(*kept);
    }
    for (index, node) in arena.nodes.iter().enumerate() {
        if node.tag == Tag::Text {
            marks[index] = u32::from(keep.blocks[node.block as usize]);
        }
    }
    let mut total = 0;
    for mark in &mut marks {
        (*mark, total) = (total, total + *mark);
    }
    marks
}

/// The deepest element around everything that is kept.
fn common_root(arena: &Arena, leaves: &[u32]) -> u32 {
    let all = leaves[arena.nodes.len()];
    let mut root = NONE;
    let mut at = 0;
    while at < arena.nodes.len() && all > 0 {
        let end = arena.nodes[at].end as usize;
        if leaves[end] - leaves[at] == all {
            root = at as u32;
            at += 1;
        } else {
            at = end.max(at + 1);
        }
    }
    root
}

struct Writer<'a> {
    document: &'a Html,
    arena: &'a Arena,
    keep: &'a Keep,
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
        if let Some((_, end)) = self.keep.names.get(&(index as u32)) {
            self.html.push_str(end);
        } else if let Some(name) = self.name(index) {
            self.html.push_str("</");
            self.html.push_str(name);
            self.html.push('>');
        }
        self.html.push_str(self.keep.after.get(&(index as u32)).copied().unwrap_or_default());
    }

    fn in_text(&self) -> bool {
        !self.html.is_empty()
    }

    fn name(&self, index: usize) -> Option<&'a str> {
        let element = self.document.tree.get(self.arena.nodes[index].dom)?.value().as_element()?;
        Some(element.name())
    }

    fn start(&mut self, index: usize) {
        let node = &self.arena.nodes[index];
        let Some(Dom::Element(element)) = self.document.tree.get(node.dom).map(|found| found.value()) else {
            return;
        };
        if let Some((start, _)) = self.keep.names.get(&(index as u32)) {
            self.html.push_str(start);
            self.open.push(index);
            return;
        }
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
        if !matches!(node.tag, Tag::Br | Tag::Hr | Tag::Img) {
            self.open.push(index);
        } else {
            self.html.push_str(self.keep.after.get(&(index as u32)).copied().unwrap_or_default());
        }
    }

    fn text(&mut self, index: usize) {
        if let Some(Dom::Text(text)) =
            self.document.tree.get(self.arena.nodes[index].dom).map(|found| found.value())
        {
            escape(text, false, &mut self.html);
        }
    }
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
