//! The body under construction: open blocks, marks in force, the line being read.

use std::collections::HashMap;
use std::rc::Rc;

use scraper::node::Element;
use url::Url;

use super::inline::{self, Piece};
use super::links::target;
use super::model::{
    Attrs, Block, Content, Figure, Group, Leaf, Lines, Mark, MarkId, Media, Picture, Shape, Style, Tongue,
};
use super::pictures::{Around, bare, emoji, repair};
use super::renditions::{Candidate, family};
use super::roles::is_type;
use super::settle;

/// Blocks within blocks beyond this depth are no article's structure any more; deeper ones are laid flat.
const DEEPEST: usize = 48;

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
    marks: Vec<Mark>,
    known: HashMap<Mark, MarkId>,
    active: Vec<MarkId>,
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
            marks: Vec::new(),
            known: HashMap::new(),
            active: Vec::new(),
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
        (settle::flow(blocks), self.marks)
    }

    fn top(&mut self) -> &mut Open {
        self.open.last_mut().expect("the root is opened first and closed last")
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
            let closed = settle::close(Group { shape, tongue, blocks }, &self.marks);
            self.top().blocks.extend(closed);
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
        let spoken = self.tongue.clone();
        let open = self.top();
        if open.run.is_empty() {
            return;
        }
        let run = std::mem::take(&mut open.run);
        let style = open.style;
        let tongue = difference(&spoken, &open.spoken);
        if style == Style::Verbatim {
            let leaves = inline::verbatim(run);
            if !leaves.is_empty() {
                self.push(Block::Lines(Lines { style, tongue, leaves }));
            }
            return;
        }
        for piece in inline::pieces(run) {
            let block = match piece {
                Piece::Lines(leaves) => Block::Lines(Lines { style, tongue: tongue.clone(), leaves }),
                Piece::Picture(picture, marks) => {
                    let link = marks.iter().find_map(|id| self.marks[*id as usize].href()).map(str::to_owned);
                    figure(Media::Picture { picture, link })
                }
            };
            self.push(block);
        }
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
        let open = self.open.last_mut().expect("the root is opened first and closed last");
        if let Some(Leaf { content: Content::Text(before), marks }) = open.run.last_mut()
            && *marks == self.active
        {
            before.push_str(text);
        } else if !(open.run.is_empty() && open.style != Style::Verbatim && text.trim_ascii().is_empty()) {
            open.run.push(Leaf { content: Content::Text(text.to_owned()), marks: self.active.clone() });
        }
    }

    /// A line break.
    pub fn line_break(&mut self) {
        let marks = self.active.clone();
        self.top().run.push(Leaf { content: Content::Break, marks });
    }

    /// An `<img>`.
    pub fn image(&mut self, element: &Element) {
        if let Some(character) = emoji(element) {
            return self.text(&character);
        }
        let link = self.active.iter().find_map(|id| self.marks[*id as usize].href());
        let around = Around { base: self.base, proven: self.proven, link, sources: &self.sources };
        if let Some(picture) = repair(element, &around) {
            self.picture(picture);
        }
    }

    /// What the `<source>` elements of a `<picture>` without `<img>` offer.
    pub fn image_of_sources(&mut self) {
        if let Some(picture) = bare(&self.sources) {
            self.picture(picture);
        }
    }

    /// A picture in the line. A link to the picture itself says nothing and goes.
    pub fn picture(&mut self, mut picture: Picture) {
        self.pictures += 1;
        picture.twin = self.noscript;
        let kin = family(&picture.url);
        let is_itself = |id: &MarkId| {
            let href = self.marks[*id as usize].href();
            href.and_then(|href| Url::parse(href).ok())
                .is_some_and(|url| family(&super::renditions::original(&url)) == kin)
        };
        let marks = self.active.iter().filter(|id| !is_itself(id)).copied().collect();
        let leaf = Leaf { content: Content::Picture(Box::new(picture)), marks };
        if self.top().style == Style::Verbatim {
            self.flush();
        }
        self.top().run.push(leaf);
    }

    /// Puts an inline element in force; false if it says nothing: a link that leads nowhere, one of its kind already in
    /// force, a language without a name.
    pub fn start_mark(&mut self, tag: &'static str, element: &Element) -> bool {
        if self.active.iter().any(|id| self.marks[*id as usize].tag == tag) {
            return false;
        }
        let Some(attrs) = self.mark_attrs(tag, element) else { return false };
        let mark = Mark { tag, attrs };
        let next = MarkId::try_from(self.marks.len()).unwrap_or(MarkId::MAX);
        let id = if is_type(tag) { *self.known.entry(mark.clone()).or_insert(next) } else { next };
        if id == next {
            self.marks.push(mark);
        }
        self.active.push(id);
        true
    }

    /// Ends what [`Build::start_mark`] put in force last.
    pub fn end_mark(&mut self) {
        self.active.pop();
    }

    fn mark_attrs(&self, tag: &str, element: &Element) -> Option<Attrs> {
        let mut attrs = Attrs::new();
        let address = |name| element.attr(name).and_then(|value| target(value, self.base));
        match tag {
            "a" => attrs.push(("href", address("href")?)),
            "q" => attrs.extend(address("cite").map(|cite| ("cite", cite))),
            "del" | "ins" => {
                attrs.extend(address("cite").map(|cite| ("cite", cite)));
                attrs.extend(datetime(element));
            }
            "time" => attrs.extend(datetime(element)),
            _ => {}
        }
        if matches!(tag, "a" | "abbr" | "dfn") {
            let title = super::chars::text(element.attr("title").unwrap_or_default());
            attrs.extend((!title.is_empty()).then_some(("title", title)));
        }
        let Tongue { lang, dir } = tongue_of(element);
        attrs.extend(lang.map(|lang| ("lang", lang.to_string())));
        attrs.extend(dir.map(|dir| ("dir", dir.to_owned())));
        (tag != "span" || !attrs.is_empty()).then_some(attrs)
    }
}

fn datetime(element: &Element) -> Option<(&'static str, String)> {
    let value = super::chars::text(element.attr("datetime")?);
    (!value.is_empty()).then_some(("datetime", value))
}

fn figure(media: Media) -> Block {
    Block::Figure(Box::new(Figure { media: vec![media], ..Figure::default() }))
}

/// Language and direction that an element sets, if they have the shape of such (BCP 47; HTML Standard section 3.2.6.4).
pub(super) fn tongue_of(element: &Element) -> Tongue {
    let is_tag = |lang: &&str| {
        (2..=35).contains(&lang.len())
            && lang.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let lang = element.attr("lang").map(str::trim).filter(is_tag).map(Rc::from);
    let dir = ["ltr", "rtl", "auto"]
        .into_iter()
        .find(|known| element.attr("dir").is_some_and(|dir| dir.trim().eq_ignore_ascii_case(known)));
    Tongue { lang, dir }
}

/// What has to be written for `inner` to be in force where `outer` is.
fn difference(inner: &Tongue, outer: &Tongue) -> Tongue {
    let lang = inner.lang.clone().filter(|_| inner.lang != outer.lang);
    Tongue { lang, dir: inner.dir.filter(|_| inner.dir != outer.dir) }
}
