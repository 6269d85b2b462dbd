//! Builds a body: keeps the open blocks, the marks in force and the line being read.

use url::Url;

use super::inline::{self, LinePart};
use super::marks::Marks;
use super::model::{
    Block, FigureItem, Group, GroupKind, Inline, Language, Leaf, Mark, MarkId, Picture, TextBlock, TextStyle,
};
use super::pictures::{PictureContext, emoji_character, picture_of_renditions, read_picture};
use super::renditions::{Rendition, family};
use super::{flow, normalize};
use crate::model::Element;

/// Blocks nested deeper are no structure of an article; they are flattened.
const MAX_DEPTH: usize = 48;

const ROOT_IS_OPEN: &str = "the root is opened first and closed last";

/// A block that is still open.
struct Open {
    kind: GroupKind,
    /// What is written on it.
    language: Language,
    /// What is in force inside of it.
    inner_language: Language,
    blocks: Vec<Block>,
    run: Vec<Leaf>,
    style: TextStyle,
}

/// A body that is being built.
pub(super) struct BodyBuilder<'a> {
    pub base: &'a Url,
    known_pictures: &'a [Url],
    open: Vec<Open>,
    /// The inline elements.
    pub marks: Marks,
    /// Language and direction in force at this place.
    pub language: Language,
    /// The table section being read.
    pub section: &'static str,
    /// What the `<source>` elements of the open `<picture>` offer.
    pub sources: Vec<Rendition>,
    /// Inside of `<noscript>`.
    pub noscript: bool,
    /// How many pictures were read.
    pub pictures: usize,
}

impl<'a> BodyBuilder<'a> {
    /// An empty body. `base` resolves addresses, `known_pictures` are pictures known to exist.
    pub fn new(base: &'a Url, known_pictures: &'a [Url]) -> Self {
        let mut build = Self {
            base,
            known_pictures,
            open: Vec::new(),
            marks: Marks::default(),
            language: Language::default(),
            section: "tbody",
            sources: Vec::new(),
            noscript: false,
            pictures: 0,
        };
        build.start(GroupKind::Root);
        build
    }

    /// The finished blocks, and the marks that their leaves refer to.
    pub fn finish(mut self) -> (Vec<Block>, Vec<Mark>) {
        while self.open.len() > 1 {
            self.end_group();
        }
        self.flush();
        let blocks = self.open.pop().map(|root| root.blocks).unwrap_or_default();
        (flow::flow(blocks), self.marks.all)
    }

    fn top(&mut self) -> &mut Open {
        self.open.last_mut().expect(ROOT_IS_OPEN)
    }

    fn start(&mut self, kind: GroupKind) {
        let outside = self.open.last().map(|open| open.inner_language.clone()).unwrap_or_default();
        let language = difference(&self.language, &outside);
        let (inner_language, blocks, run) = (self.language.clone(), Vec::new(), Vec::new());
        self.open.push(Open { kind, language, inner_language, blocks, run, style: TextStyle::Paragraph });
    }

    /// Opens a block that holds blocks; false where it cannot stand, and its content goes to where it is.
    pub fn start_group(&mut self, kind: GroupKind) -> bool {
        let parent = &self.top().kind;
        let is_part = !kind.may_stand_in(&GroupKind::Root);
        if !kind.may_stand_in(parent) || (!is_part && self.open.len() > MAX_DEPTH) {
            self.boundary();
            return false;
        }
        self.flush();
        self.start(kind);
        true
    }

    /// Closes the innermost block.
    pub fn end_group(&mut self) {
        self.flush();
        if self.open.len() > 1
            && let Some(Open { kind, language, blocks, .. }) = self.open.pop()
        {
            let outside = &mut self.open.last_mut().expect(ROOT_IS_OPEN).blocks;
            normalize::close(Group { kind, language, blocks }, &self.marks.all, outside);
        }
    }

    /// Sets the style of what follows; a paragraph in a heading is the heading, and verbatim text stays so.
    pub fn set_style(&mut self, style: TextStyle) -> TextStyle {
        self.boundary();
        let before = self.top().style;
        if before == TextStyle::Paragraph || style == TextStyle::Verbatim {
            self.top().style = style;
        }
        before
    }

    /// Goes back to a style that [`BodyBuilder::set_style`] gave.
    pub fn restore_style(&mut self, style: TextStyle) {
        self.boundary();
        if self.top().style == TextStyle::Verbatim && style != TextStyle::Verbatim {
            self.flush();
        }
        self.top().style = style;
    }

    /// A block begins or ends here.
    pub fn boundary(&mut self) {
        if self.top().style != TextStyle::Verbatim {
            return self.flush();
        }
        let is_amid = match self.top().run.last().map(|leaf| &leaf.content) {
            Some(Inline::Text(text)) => !text.ends_with('\n'),
            Some(_) => true,
            None => false,
        };
        if is_amid {
            self.text("\n");
        }
    }

    /// Makes blocks of the line that was read so far.
    pub fn flush(&mut self) {
        let open = self.open.last_mut().expect(ROOT_IS_OPEN);
        if open.run.is_empty() {
            return;
        }
        let run = std::mem::take(&mut open.run);
        let style = open.style;
        let language = difference(&self.language, &open.inner_language);
        if style == TextStyle::Verbatim {
            let leaves = inline::verbatim(run);
            if !leaves.is_empty() {
                self.push(Block::TextBlock(TextBlock { style, language, leaves }));
            }
            return;
        }
        inline::split(run, |piece| {
            open.blocks.push(match piece {
                LinePart::TextBlock(leaves) => {
                    Block::TextBlock(TextBlock { style, language: language.clone(), leaves })
                }
                LinePart::Picture(picture, marks) => {
                    let link = marks.iter().find_map(|id| self.marks.href(*id)).map(str::to_owned);
                    flow::figure_of(FigureItem::Picture { picture, link })
                }
            });
        });
    }

    fn push(&mut self, block: Block) {
        self.top().blocks.push(block);
    }

    /// A rule across the page.
    pub fn rule(&mut self) {
        self.flush();
        self.push(Block::Rule);
    }

    /// A frame, player or link that stands alone.
    pub fn media(&mut self, media: FigureItem) {
        self.flush();
        self.push(flow::figure_of(media));
    }

    /// Text under the marks in force.
    pub fn text(&mut self, text: &str) {
        let open = self.open.last_mut().expect(ROOT_IS_OPEN);
        if let Some(Leaf { content: Inline::Text(before), marks }) = open.run.last_mut()
            && *marks == self.marks.active
        {
            before.push_str(text);
        } else if !(open.run.is_empty() && open.style != TextStyle::Verbatim && text.trim_ascii().is_empty())
        {
            open.run.push(Leaf { content: Inline::Text(text.to_owned()), marks: self.marks.active.clone() });
        }
    }

    /// A line break.
    pub fn line_break(&mut self) {
        let marks = self.marks.active.clone();
        self.top().run.push(Leaf { content: Inline::Break, marks });
    }

    /// An `<img>`.
    pub fn image(&mut self, element: Element<'_>) {
        if let Some(character) = emoji_character(element) {
            return self.text(&character);
        }
        let link = self.marks.active.iter().find_map(|id| self.marks.href(*id));
        let around =
            PictureContext { base: self.base, known: self.known_pictures, link, sources: &self.sources };
        if let Some(picture) = read_picture(element, &around) {
            self.picture(picture);
        }
    }

    /// What the `<source>` elements of a `<picture>` without `<img>` offer.
    pub fn image_of_sources(&mut self) {
        if let Some(picture) = picture_of_renditions(self.sources.clone()) {
            self.picture(picture);
        }
    }

    /// A picture in the line. A link to the picture itself says nothing and goes.
    pub fn picture(&mut self, mut picture: Picture) {
        self.pictures += 1;
        picture.in_noscript = self.noscript;
        let is_itself = |id: &MarkId| {
            let href = self.marks.href(*id);
            href.and_then(|href| Url::parse(href).ok())
                .is_some_and(|url| family(&super::renditions::unwrap_photon(url)) == family(&picture.url))
        };
        let marks = self.marks.active.iter().filter(|id| !is_itself(id)).copied().collect();
        let leaf = Leaf { content: Inline::Picture(Box::new(picture)), marks };
        if self.top().style == TextStyle::Verbatim {
            self.flush();
        }
        self.top().run.push(leaf);
    }
}

/// What has to be written for `inner` to be in force where `outer` is.
fn difference(inner: &Language, outer: &Language) -> Language {
    let lang = inner.lang.clone().filter(|_| inner.lang != outer.lang);
    Language { lang, dir: inner.dir.filter(|_| inner.dir != outer.dir) }
}
