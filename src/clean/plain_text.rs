//! The text, pictures and files of a body.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use url::Url;

use crate::model::Image;

use super::Cleaned;
use super::links::attachment;
use super::model::{Block, Figure, FigureItem, Group, GroupKind, Inline, Leaf, Mark, Picture};
use crate::text::normalize;

/// Reads text, pictures and files out of blocks in reading order. `length` is about how many bytes of text there are.
pub(super) fn collect<'a>(blocks: &'a [Block], marks: &'a [Mark], length: usize) -> Cleaned {
    let mut collector = TextCollector {
        marks,
        cleaned: Cleaned { text: String::with_capacity(length), ..Cleaned::default() },
        links: Vec::new(),
        pictures: HashMap::new(),
        files: HashSet::new(),
    };
    collector.blocks(blocks);
    collector.take_links();
    let words = collector.cleaned.text.split_ascii_whitespace();
    collector.cleaned.words = words.filter(|word| says_something(word)).count();
    collector.cleaned
}

/// Whether a word has a letter or a digit. Most have an ASCII one, for which Unicode's tables are not needed.
fn says_something(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_alphanumeric()) || word.contains(char::is_alphanumeric)
}

struct TextCollector<'a> {
    marks: &'a [Mark],
    cleaned: Cleaned,
    /// Links to files that were met in the block being read, with their text.
    links: Vec<(u32, String)>,
    /// Where in the list a picture stands.
    pictures: HashMap<&'a Url, usize>,
    files: HashSet<Url>,
}

impl<'a> TextCollector<'a> {
    /// Depth is bounded by the build, so this may call itself.
    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            match block {
                Block::TextBlock(lines) => {
                    let text = self.lines(&lines.leaves);
                    self.paragraph(&text);
                }
                Block::Rule => {}
                Block::Figure(figure) => self.figure(figure),
                Block::Group(group) if matches!(group.kind, GroupKind::Row { .. }) => self.row(group),
                Block::Group(group) => self.blocks(&group.blocks),
            }
        }
    }

    fn paragraph(&mut self, paragraph: &str) {
        if paragraph.is_empty() {
            return;
        }
        if !self.cleaned.text.is_empty() {
            self.cleaned.text.push_str("\n\n");
        }
        self.cleaned.text.push_str(paragraph);
    }

    /// A row is one block, its cells joined by spaces, so it is first read into a text of its own.
    fn row(&mut self, row: &'a Group) {
        let before = std::mem::take(&mut self.cleaned.text);
        self.blocks(&row.blocks);
        let cells = normalize(&std::mem::replace(&mut self.cleaned.text, before));
        self.paragraph(&cells);
    }

    fn lines(&mut self, leaves: &'a [Leaf]) -> Cow<'a, str> {
        if let [Leaf { content: Inline::Text(text), marks }] = leaves
            && marks.is_empty()
        {
            return text.into();
        }
        let mut out = String::new();
        for leaf in leaves {
            match &leaf.content {
                Inline::Text(text) => {
                    out.push_str(text);
                    self.link(leaf, text);
                }
                Inline::Break => {
                    out.truncate(out.trim_end_matches(' ').len());
                    out.push('\n');
                }
                Inline::Picture(picture) => {
                    self.picture(picture, None);
                    self.link(leaf, &picture.alt);
                }
            }
        }
        self.take_links();
        if leaves.iter().any(|leaf| matches!(leaf.content, Inline::Picture(_))) {
            // A picture between two spaces leaves both.
            return out.lines().map(normalize).collect::<Vec<_>>().join("\n").into();
        }
        out.into()
    }

    fn figure(&mut self, figure: &'a Figure) {
        let caption = normalize(&super::flow::plain_text(&figure.caption));
        for media in &figure.media {
            match media {
                FigureItem::Picture { picture, link } => {
                    self.picture(picture, (!caption.is_empty()).then_some(caption.as_str()));
                    link.iter().for_each(|link| self.file(link, &picture.alt));
                }
                FigureItem::Player { sources, .. } => {
                    // The renditions of one film are one attachment.
                    sources.iter().take(1).for_each(|(url, _)| self.file(url.as_str(), &caption));
                }
                FigureItem::Link { href, label } => self.file(href, label),
                FigureItem::Frame { .. } => {}
            }
        }
        self.blocks(&figure.blocks);
        for leaf in &figure.caption {
            if let Inline::Text(text) = &leaf.content {
                self.link(leaf, text);
            }
        }
        self.take_links();
    }

    fn picture(&mut self, picture: &'a Picture, caption: Option<&str>) {
        let images = &mut self.cleaned.images;
        if let Some(place) = self.pictures.get(&picture.url) {
            let known = &mut images[*place].caption;
            *known = known.take().or_else(|| caption.map(str::to_owned));
            return;
        }
        self.pictures.insert(&picture.url, images.len());
        let (url, alt) = (picture.url.clone(), picture.alt.clone());
        let (width, height) = (picture.width, picture.height);
        images.push(Image { url, alt, width, height, caption: caption.map(str::to_owned) });
    }

    fn link(&mut self, leaf: &Leaf, text: &str) {
        let Some(id) = leaf.marks.iter().find(|id| self.marks[**id as usize].tag == "a") else { return };
        // The leaves of one link follow each other.
        match self.links.last_mut() {
            Some((known, title)) if known == id => title.push_str(text),
            _ => self.links.push((*id, text.to_owned())),
        }
    }

    fn take_links(&mut self) {
        for (id, title) in std::mem::take(&mut self.links) {
            if let Some(href) = self.marks[id as usize].href() {
                self.file(href, &title);
            }
        }
    }

    fn file(&mut self, href: &str, title: &str) {
        let Ok(url) = Url::parse(href) else { return };
        if let Some(attachment) = attachment(&url, &normalize(title))
            && self.files.insert(url)
        {
            self.cleaned.attachments.push(attachment);
        }
    }
}
