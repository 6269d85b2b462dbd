//! The model of a clean body. Whatever the markup of the page was, its content is read into these few forms and written
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

/// Language and direction of a block, unless something inside says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Language {
    pub lang: Option<Rc<str>>,
    pub dir: Option<&'static str>,
}

/// What a leaf is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Inline {
    Text(String),
    Break,
    Picture(Box<Picture>),
}

/// The smallest piece of a line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub content: Inline,
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
    /// The width in pixels by which two renditions are compared; 0 if unknown.
    pub pixels: u32,
    /// The page loads it by script.
    pub lazy: bool,
    /// It stands in a `<noscript>`.
    pub in_noscript: bool,
}

/// What a figure shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FigureItem {
    Picture { picture: Box<Picture>, link: Option<String> },
    Frame { attrs: Attrs },
    Player { tag: &'static str, attrs: Attrs, sources: Vec<(Url, String)> },
    Link { href: String, label: String },
}

/// A figure: media, perhaps other content (a table, a quotation, figures of a gallery), and its caption.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Figure {
    pub language: Language,
    pub media: Vec<FigureItem>,
    pub blocks: Vec<Block>,
    pub caption: Vec<Leaf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextStyle {
    Paragraph,
    Heading(u8),
    Verbatim,
}

/// A block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextBlock {
    pub style: TextStyle,
    pub language: Language,
    pub leaves: Vec<Leaf>,
}

/// What holds other blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GroupKind {
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

impl GroupKind {
    /// Whether it may stand in a group of another kind.
    pub fn may_stand_in(&self, parent: &GroupKind) -> bool {
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
    pub kind: GroupKind,
    pub language: Language,
    pub blocks: Vec<Block>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    TextBlock(TextBlock),
    Rule,
    Figure(Box<Figure>),
    Group(Group),
}

impl Block {
    /// Whether it is a plain paragraph without attributes, which may lose its `<p>` in a list item or cell.
    pub fn is_plain(&self) -> bool {
        matches!(self, Self::TextBlock(lines) if lines.style == TextStyle::Paragraph && lines.language == Language::default())
    }
}
