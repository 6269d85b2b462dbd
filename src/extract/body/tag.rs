//! The elements that extraction tells apart, as one byte each.

use html5ever::{LocalName, local_name};

/// Writes the look-up of a tag by an element's name. Names are compared as atoms, that is as numbers.
macro_rules! name_table {
    ($($tag:ident [$($known:tt)+])*) => {
        fn known(name: &LocalName) -> Option<Tag> {
            match *name {
                $($(local_name!($known))|+ => Some(Tag::$tag),)*
                _ => None,
            }
        }
    };
}

name_table! {
    P ["p"]
    Div ["div"]
    A ["a"]
    Inline ["span" "font" "small" "big" "u" "s" "sub" "sup" "abbr" "cite" "q" "code" "mark" "ins" "del"
        "kbd" "var" "samp" "tt" "bdi" "bdo" "nobr" "wbr" "data" "dfn" "acronym" "strike" "ruby" "rb"
        "rt" "rp" "blink"]
    Li ["li"]
    Ul ["ul" "menu" "dir"]
    Ol ["ol"]
    Img ["img"]
    Br ["br"]
    Bold ["strong" "b"]
    Italic ["em" "i"]
    H1 ["h1"]
    H2 ["h2"]
    H3 ["h3"]
    H4 ["h4"]
    H5 ["h5" "h6"]
    Section ["section"]
    Article ["article"]
    Main ["main"]
    Header ["header" "hgroup"]
    Footer ["footer"]
    Nav ["nav"]
    Aside ["aside"]
    Figure ["figure"]
    Figcaption ["figcaption"]
    Picture ["picture"]
    Time ["time"]
    Blockquote ["blockquote"]
    Pre ["pre" "xmp" "listing"]
    Table ["table"]
    Tr ["tr"]
    Td ["td"]
    Th ["th"]
    Rows ["tbody" "thead" "tfoot" "colgroup"]
    Caption ["caption"]
    Dl ["dl"]
    Dt ["dt"]
    Dd ["dd"]
    Form ["form" "fieldset"]
    Label ["label" "legend"]
    Button ["button"]
    Address ["address"]
    Details ["details"]
    Summary ["summary"]
    Center ["center"]
    Hr ["hr"]
    Body ["body"]
    Html ["html"]
    Player ["video" "audio" "iframe" "embed" "object"]
    Head ["head"]
    Noscript ["noscript"]
    Skip ["script" "style" "template" "link" "meta" "title" "base" "svg" "math" "canvas" "frameset"
        "frame" "noframes" "noembed" "param" "map" "area" "dialog"]
    Hidden ["select" "option" "textarea" "input" "datalist" "optgroup" "progress" "meter"]
    Inline ["source" "track" "col"]
}

/// What an element is. The order is by how often running text stands in it, which lets a tree of the classifier split on
/// it.
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
    /// Text of forms.
    Hidden,
    Noscript,
    Head,
    Text,
    /// White space between two parts of a block.
    Space,
    Skip,
}

impl Tag {
    pub fn of(name: &LocalName) -> Self {
        if let Some(tag) = known(name) {
            return tag;
        }
        match &**name {
            "amp-img" => Self::Img,
            "amp-video" | "amp-youtube" | "amp-iframe" => Self::Player,
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

    pub fn is_heading(self) -> bool {
        matches!(self, Self::H1 | Self::H2 | Self::H3 | Self::H4 | Self::H5)
    }
}
