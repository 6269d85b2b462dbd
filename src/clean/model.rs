//! The shape of a clean body. Whatever the markup of the page was, its content is read into these few forms and written
//! from them, so that the output is one normal form: read again it gives the same tree, which is what makes cleaning
//! idempotent. Text is a flat run of leaves, each with the inline elements ("marks") that are in force for it (the
//! model of rich-text editors such as ProseMirror), so misnested, empty and doubled inline markup cannot exist.

use std::rc::Rc;

use url::Url;

/// Index of a mark in the table that the build keeps.
pub(super) type MarkId = u32;

/// Attributes in the order they are written.
pub(super) type Attrs = Vec<(&'static str, String)>;

/// An inline element that is in force for some text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mark {
    pub tag: &'static str,
    pub attrs: Attrs,
}

impl Mark {
    /// Where the mark links to.
    pub fn href(&self) -> Option<&str> {
        if self.tag != "a" {
            return None;
        }
        self.attrs.iter().find(|(name, _)| *name == "href").map(|(_, value)| value.as_str())
    }
}

/// Language and direction, in force until something inside says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tongue {
    pub lang: Option<Rc<str>>,
    pub dir: Option<&'static str>,
}

/// What a leaf is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text(String),
    Break,
    Picture(Box<Picture>),
}

/// The smallest piece of a line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub content: Content,
    /// Outermost first.
    pub marks: Vec<MarkId>,
}

/// A picture whose best rendition has been found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub url: Url,
    /// Renditions with their widths in pixels, ascending; empty or two and more.
    pub srcset: Vec<(Url, u32)>,
    pub alt: String,
    pub title: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Pixels across, where an address or descriptor tells; to choose between two renditions.
    pub pixels: u32,
    /// The page loads it by script.
    pub lazy: bool,
    /// It stood in a `<noscript>`.
    pub twin: bool,
}

/// What a figure shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Media {
    Picture { picture: Box<Picture>, link: Option<String> },
    Frame { attrs: Attrs },
    Player { tag: &'static str, attrs: Attrs, sources: Vec<(Url, String)> },
    Link { href: String, label: String },
}

/// A figure: media, perhaps other content (a table, a quotation, figures of a gallery), and its caption.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Figure {
    pub tongue: Tongue,
    pub media: Vec<Media>,
    pub blocks: Vec<Block>,
    pub caption: Vec<Leaf>,
}

/// How a block of text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Paragraph,
    Heading(u8),
    Verbatim,
}

/// A block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    pub style: Style,
    pub tongue: Tongue,
    pub leaves: Vec<Leaf>,
}

/// What holds other blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Root,
    Quote { cite: Option<String> },
    List { tag: &'static str, attrs: Attrs },
    Item,
    Terms,
    Term,
    Detail,
    Table,
    TableCaption,
    Row { section: &'static str },
    Cell { tag: &'static str, attrs: Attrs },
    Figure,
    Caption,
}

impl Shape {
    /// Whether it can only stand in another shape, which then owns it.
    pub fn fits(&self, parent: &Shape) -> bool {
        match self {
            Self::Item => matches!(parent, Self::List { .. }),
            Self::Term | Self::Detail => matches!(parent, Self::Terms),
            Self::TableCaption | Self::Row { .. } => matches!(parent, Self::Table),
            Self::Cell { .. } => matches!(parent, Self::Row { .. }),
            Self::Root | Self::Quote { .. } | Self::List { .. } | Self::Terms | Self::Table => true,
            Self::Figure | Self::Caption => true,
        }
    }
}

/// A block that holds blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub shape: Shape,
    pub tongue: Tongue,
    pub blocks: Vec<Block>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Lines(Lines),
    Rule,
    Figure(Box<Figure>),
    Group(Group),
}

impl Block {
    /// Whether it is a plain paragraph without attributes, which may lose its `<p>` in a list item or cell.
    pub fn is_plain(&self) -> bool {
        matches!(self, Self::Lines(lines) if lines.style == Style::Paragraph && lines.tongue == Tongue::default())
    }
}
