//! The elements that extraction tells apart, as one byte each.

use html5ever::LocalName;

/// What an element is to us. The order is by how readily running text stands in it, which lets a tree split on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Tag {
    P,
    Blockquote,
    Pre,
    H2,
    H3,
    H4,
    H5,
    H1,
    Li,
    Dd,
    Dt,
    Td,
    Th,
    Section,
    Article,
    Main,
    Div,
    Custom,
    Body,
    Header,
    Figcaption,
    Figure,
    Caption,
    Details,
    Summary,
    Address,
    Aside,
    Footer,
    Nav,
    Form,
    Label,
    Button,
    Ul,
    Ol,
    Dl,
    Table,
    Tr,
    Rows,
    Center,
    Hr,
    Html,
    /// Inline elements from here on.
    A,
    Bold,
    Italic,
    Time,
    Inline,
    Br,
    Img,
    Picture,
    /// Video, audio, iframe, embed, object.
    Player,
    /// Text that scripts or forms own.
    Hidden,
    Noscript,
    Head,
    Text,
    Skip,
}

impl Tag {
    /// Reads an element's name.
    pub fn of(name: &LocalName) -> Self {
        match &**name {
            "p" => Self::P,
            "div" => Self::Div,
            "a" => Self::A,
            "span" | "font" | "small" | "big" | "u" | "s" | "sub" | "sup" | "abbr" | "cite" | "q"
            | "code" | "mark" | "ins" | "del" | "kbd" | "var" | "samp" | "tt" | "bdi" | "bdo" | "nobr"
            | "wbr" | "data" | "dfn" | "acronym" | "strike" | "ruby" | "rb" | "rt" | "rp" | "blink" => {
                Self::Inline
            }
            "li" => Self::Li,
            "ul" | "menu" | "dir" => Self::Ul,
            "ol" => Self::Ol,
            "img" | "amp-img" => Self::Img,
            "br" => Self::Br,
            "strong" | "b" => Self::Bold,
            "em" | "i" => Self::Italic,
            "h1" => Self::H1,
            "h2" => Self::H2,
            "h3" => Self::H3,
            "h4" => Self::H4,
            "h5" | "h6" => Self::H5,
            "section" => Self::Section,
            "article" => Self::Article,
            "main" => Self::Main,
            "header" | "hgroup" => Self::Header,
            "footer" => Self::Footer,
            "nav" => Self::Nav,
            "aside" => Self::Aside,
            "figure" => Self::Figure,
            "figcaption" => Self::Figcaption,
            "picture" => Self::Picture,
            "time" => Self::Time,
            "blockquote" => Self::Blockquote,
            "pre" | "xmp" | "listing" => Self::Pre,
            "table" => Self::Table,
            "tr" => Self::Tr,
            "td" => Self::Td,
            "th" => Self::Th,
            "tbody" | "thead" | "tfoot" | "colgroup" => Self::Rows,
            "caption" => Self::Caption,
            "dl" => Self::Dl,
            "dt" => Self::Dt,
            "dd" => Self::Dd,
            "form" | "fieldset" => Self::Form,
            "label" | "legend" => Self::Label,
            "button" => Self::Button,
            "address" => Self::Address,
            "details" => Self::Details,
            "summary" => Self::Summary,
            "center" => Self::Center,
            "hr" => Self::Hr,
            "body" => Self::Body,
            "html" => Self::Html,
            "video" | "audio" | "iframe" | "embed" | "object" | "amp-video" | "amp-youtube"
            | "amp-iframe" => Self::Player,
            "head" => Self::Head,
            "noscript" => Self::Noscript,
            "script" | "style" | "template" | "link" | "meta" | "title" | "base" | "svg" | "math"
            | "canvas" | "frameset" | "frame" | "noframes" | "param" | "map" | "area" | "dialog" => {
                Self::Skip
            }
            "select" | "option" | "textarea" | "input" | "datalist" | "optgroup" | "progress" | "meter" => {
                Self::Hidden
            }
            "source" | "track" | "col" => Self::Inline,
            _ => Self::Custom,
        }
    }

    /// Whether text before, in and after the element are different blocks.
    pub fn is_block(self) -> bool {
        self < Self::A
    }

    /// Whether the element shows something without text.
    pub fn is_media(self) -> bool {
        matches!(self, Self::Img | Self::Player)
    }

    /// Whether it is a heading.
    pub fn is_heading(self) -> bool {
        matches!(self, Self::H1 | Self::H2 | Self::H3 | Self::H4 | Self::H5)
    }
}
