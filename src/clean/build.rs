//! The body under construction: open blocks, marks in force, the line being read.

use url::Url;

use super::inline::{self, Piece};
use super::marks::Marks;
use super::model::{
    Block, Content, Figure, Group, Leaf, Lines, Mark, MarkId, Media, Picture, Shape, Style, Tongue,
};
use super::pictures::{Around, bare, emoji, repair};
use super::renditions::{Candidate, family};
use super::settle;
use crate::model::Element;

/// Blocks within blocks beyond this depth are no article's structure any more; deeper ones are laid flat.
const DEEPEST: usize = 48;

/// Why there is always an open block.
const ROOT: &str = "the root is opened first and closed last";

/// A block that is still open.
struct Open {
    shape: Shape,
    /// What is written on it.
    tongue: Tongue,
    /// What is in force inside of it.
    spoken: Tongue,
    blocks: Vec<Block>,
    run: Vec<Leaf>,
    style: Style,
}

/// The body under construction.
pub(super) struct Build<'a> {
    pub base: &'a Url,
    proven: &'a [Url],
    open: Vec<Open>,
    /// The inline elements.
    pub marks: Marks,
    /// Language and direction in force at this place.
    pub tongue: Tongue,
    /// The table section being read.
    pub section: &'static str,
    /// What the `<source>` elements of the open `<picture>` offer.
    pub sources: Vec<Candidate>,
    /// Inside of `<noscript>`.
    pub noscript: bool,
    /// How many pictures were read.
    pub pictures: usize,
}

impl<'a> Build<'a> {
    /// An empty body. `base` resolves addresses, `proven` are pictures known to exist.
    pub fn new(base: &'a Url, proven: &'a [Url]) -> Self {
        let mut build = Self {
            base,
            proven,
            open: Vec::new(),
            marks: Marks::default(),
            tongue: Tongue::default(),
            section: "tbody",
            sources: Vec::new(),
            noscript: false,
            pictures: 0,
        };
        build.start(Shape::Root);
        build
    }

    /// The finished blocks, and the marks that their leaves refer to.
    pub fn finish(mut self) -> (Vec<Block>, Vec<Mark>) {
        while self.open.len() > 1 {
            self.end_group();
        }
        self.flush();
        let blocks = self.open.pop().map(|root| root.blocks).unwrap_or_default();
        (settle::flow(blocks), self.marks.all)
    }

    fn top(&mut self) -> &mut Open {
        self.open.last_mut().expect(ROOT)
    }

    fn start(&mut self, shape: Shape) {
        let outside = self.open.last().map(|open| open.spoken.clone()).unwrap_or_default();
        let tongue = difference(&self.tongue, &outside);
        let (spoken, blocks, run) = (self.tongue.clone(), Vec::new(), Vec::new());
        self.open.push(Open { shape, tongue, spoken, blocks, run, style: Style::Paragraph });
    }

    /// Opens a block that holds blocks; false where it cannot stand, and its content goes to where it is.
    pub fn start_group(&mut self, shape: Shape) -> bool {
        let parent = &self.top().shape;
        let is_part = !shape.fits(&Shape::Root);
        if !shape.fits(parent) || (!is_part && self.open.len() > DEEPEST) {
            self.boundary();
            return false;
        }
        self.flush();
        self.start(shape);
        true
    }

    /// Closes the innermost block.
    pub fn end_group(&mut self) {
        self.flush();
        if self.open.len() > 1
            && let Some(Open { shape, tongue, blocks, .. }) = self.open.pop()
        {
            let outside = &mut self.open.last_mut().expect(ROOT).blocks;
            settle::close(Group { shape, tongue, blocks }, &self.marks.all, outside);
        }
    }

    /// Sets the style of what follows; a paragraph in a heading is the heading, and verbatim text stays so.
    pub fn set_style(&mut self, style: Style) -> Style {
        self.boundary();
        let before = self.top().style;
        if before == Style::Paragraph || style == Style::Verbatim {
            self.top().style = style;
        }
        before
    }

    /// Goes back to a style that [`Build::set_style`] gave.
    pub fn restore_style(&mut self, style: Style) {
        self.boundary();
        if self.top().style == Style::Verbatim && style != Style::Verbatim {
            self.flush();
        }
        self.top().style = style;
    }

    /// A block begins or ends here.
    pub fn boundary(&mut self) {
        if self.top().style != Style::Verbatim {
            return self.flush();
        }
        let is_amid = match self.top().run.last().map(|leaf| &leaf.content) {
            Some(Content::Text(text)) => !text.ends_with('\n'),
            Some(_) => true,
            None => false,
        };
        if is_amid {
            self.text("\n");
        }
    }

    /// Makes blocks of the line that was read so far.
    pub fn flush(&mut self) {
        let open = self.open.last_mut().expect(ROOT);
        if open.run.is_empty() {
            return;
        }
        let run = std::mem::take(&mut open.run);
        let style = open.style;
        let tongue = difference(&self.tongue, &open.spoken);
        if style == Style::Verbatim {
            let leaves = inline::verbatim(run);
            if !leaves.is_empty() {
                self.push(Block::Lines(Lines { style, tongue, leaves }));
            }
            return;
        }
        inline::pieces(run, |piece| {
            open.blocks.push(match piece {
                Piece::Lines(leaves) => Block::Lines(Lines { style, tongue: tongue.clone(), leaves }),
                Piece::Picture(picture, marks) => {
                    let link = marks.iter().find_map(|id| self.marks.href(*id)).map(str::to_owned);
                    figure(Media::Picture { picture, link })
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
    pub fn media(&mut self, media: Media) {
        self.flush();
        self.push(figure(media));
    }

    /// Text under the marks in force.
    pub fn text(&mut self, text: &str) {
        let open = self.open.last_mut().expect(ROOT);
        if let Some(Leaf { content: Content::Text(before), marks }) = open.run.last_mut()
            && *marks == self.marks.active
        {
            before.push_str(text);
        } else if !(open.run.is_empty() && open.style != Style::Verbatim && text.trim_ascii().is_empty()) {
            open.run.push(Leaf { content: Content::Text(text.to_owned()), marks: self.marks.active.clone() });
        }
    }

    /// A line break.
    pub fn line_break(&mut self) {
        let marks = self.marks.active.clone();
        self.top().run.push(Leaf { content: Content::Break, marks });
    }

    /// An `<img>`.
    pub fn image(&mut self, element: Element<'_>) {
        if let Some(character) = emoji(element) {
            return self.text(&character);
        }
        let link = self.marks.active.iter().find_map(|id| self.marks.href(*id));
        let around = Around { base: self.base, proven: self.proven, link, sources: &self.sources };
        if let Some(picture) = repair(element, &around) {
            self.picture(picture);
        }
    }

    /// What the `<source>` elements of a `<picture>` without `<img>` offer.
    pub fn image_of_sources(&mut self) {
        if let Some(picture) = bare(self.sources.clone()) {
            self.picture(picture);
        }
    }

    /// A picture in the line. A link to the picture itself says nothing and goes.
    pub fn picture(&mut self, mut picture: Picture) {
        self.pictures += 1;
        picture.twin = self.noscript;
        let is_itself = |id: &MarkId| {
            let href = self.marks.href(*id);
            href.and_then(|href| Url::parse(href).ok())
                .is_some_and(|url| family(&super::renditions::original(url)) == family(&picture.url))
        };
        let marks = self.marks.active.iter().filter(|id| !is_itself(id)).copied().collect();
        let leaf = Leaf { content: Content::Picture(Box::new(picture)), marks };
        if self.top().style == Style::Verbatim {
            self.flush();
        }
        self.top().run.push(leaf);
    }
}

fn figure(media: Media) -> Block {
    Block::Figure(Box::new(Figure { media: vec![media], ..Figure::default() }))
}

/// What has to be written for `inner` to be in force where `outer` is.
fn difference(inner: &Tongue, outer: &Tongue) -> Tongue {
    let lang = inner.lang.clone().filter(|_| inner.lang != outer.lang);
    Tongue { lang, dir: inner.dir.filter(|_| inner.dir != outer.dir) }
}
