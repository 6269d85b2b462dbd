//! What becomes of each HTML element, by its name.

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Gone with everything in it.
    Drop,
    /// Its content stays, in line.
    Unwrap,
    /// Its content stays, as blocks of its own.
    Divide,
    /// An inline element that is kept under this name.
    Mark(&'static str),
    Paragraph,
    Heading(u8),
    Verbatim,
    Quote,
    List(&'static str),
    Item,
    Terms,
    Term,
    Detail,
    Table,
    Section(&'static str),
    Row,
    Cell(&'static str),
    TableCaption,
    Figure,
    Caption,
    Rule,
    Break,
    Image,
    Picture,
    Source,
    Frame,
    /// A frame that a custom element stands for: the prefix of its address, and the attribute that holds the rest.
    Embed(&'static str, &'static str),
    Player(&'static str),
    Noscript,
    Object,
}

/// The role of an HTML element by its name. Unknown names are unwrapped: in line, or as blocks if they are custom
/// elements (HTML Standard section 4.13.3: their names hold a hyphen).
pub(super) fn role(tag: &str) -> Role {
    common(tag)
        .or_else(|| structure(tag))
        .or_else(|| mark(tag))
        .or_else(|| embedded(tag))
        .unwrap_or(if tag.contains('-') { Role::Divide } else { Role::Unwrap })
}

/// The elements that nearly all bodies are made of.
fn common(tag: &str) -> Option<Role> {
    Some(match tag {
        "p" | "address" | "legend" | "summary" => Role::Paragraph,
        "a" => Role::Mark("a"),
        "b" => Role::Mark("b"),
        "strong" => Role::Mark("strong"),
        "i" => Role::Mark("i"),
        "em" => Role::Mark("em"),
        "span" | "font" => Role::Unwrap,
        "br" => Role::Break,
        "img" | "amp-img" | "amp-anim" => Role::Image,
        "figure" => Role::Figure,
        "figcaption" => Role::Caption,
        "div" | "section" | "article" | "main" | "header" | "footer" | "aside" | "nav" | "center"
        | "form" | "fieldset" | "details" | "hgroup" | "search" | "marquee" | "body" | "html" => Role::Divide,
        _ => return None,
    })
}

/// Headings, lists, quotations, tables.
fn structure(tag: &str) -> Option<Role> {
    Some(match tag {
        "h1" => Role::Heading(1),
        "h2" => Role::Heading(2),
        "h3" => Role::Heading(3),
        "h4" => Role::Heading(4),
        "h5" => Role::Heading(5),
        "h6" => Role::Heading(6),
        "ul" | "menu" | "dir" => Role::List("ul"),
        "ol" => Role::List("ol"),
        "li" => Role::Item,
        "dl" => Role::Terms,
        "dt" => Role::Term,
        "dd" => Role::Detail,
        "blockquote" => Role::Quote,
        "pre" | "xmp" | "listing" | "plaintext" => Role::Verbatim,
        "hr" => Role::Rule,
        "table" => Role::Table,
        "caption" => Role::TableCaption,
        "thead" => Role::Section("thead"),
        "tbody" => Role::Section("tbody"),
        "tfoot" => Role::Section("tfoot"),
        "tr" => Role::Row,
        "td" => Role::Cell("td"),
        "th" => Role::Cell("th"),
        _ => return None,
    })
}

/// The rarer inline elements; obsolete names become their heirs.
fn mark(tag: &str) -> Option<Role> {
    Some(Role::Mark(match tag {
        "u" => "u",
        "s" | "strike" => "s",
        "sub" => "sub",
        "sup" => "sup",
        "small" => "small",
        "mark" => "mark",
        "code" | "tt" => "code",
        "kbd" => "kbd",
        "samp" => "samp",
        "var" => "var",
        "q" => "q",
        "cite" => "cite",
        "abbr" | "acronym" => "abbr",
        "dfn" => "dfn",
        "del" => "del",
        "ins" => "ins",
        "time" => "time",
        "bdi" => "bdi",
        "bdo" => "bdo",
        "ruby" => "ruby",
        "rt" => "rt",
        "rp" => "rp",
        _ => return None,
    }))
}

/// Media, and what never belongs into an article.
fn embedded(tag: &str) -> Option<Role> {
    Some(match tag {
        "picture" => Role::Picture,
        "source" => Role::Source,
        "iframe" | "amp-iframe" => Role::Frame,
        "amp-youtube" => Role::Embed("https://www.youtube.com/embed/", "data-videoid"),
        "lite-youtube" => Role::Embed("https://www.youtube.com/embed/", "videoid"),
        "video" | "amp-video" => Role::Player("video"),
        "audio" | "amp-audio" => Role::Player("audio"),
        "noscript" => Role::Noscript,
        "object" | "embed" => Role::Object,
        "script" | "style" | "template" | "applet" | "canvas" | "input" | "button" | "select" | "option"
        | "optgroup" | "datalist" | "textarea" | "progress" | "meter" | "output" | "dialog" | "map"
        | "area" | "frame" | "frameset" | "noframes" | "noembed" | "param" | "track" | "title" | "head"
        | "link" | "meta" | "base" | "col" | "colgroup" | "svg" | "math" => Role::Drop,
        _ => return None,
    })
}

/// Whether two neighbours of this mark may be joined: true of formatting, not of things such as links or keys.
pub(super) fn is_formatting(tag: &str) -> bool {
    matches!(
        tag,
        "b" | "strong" | "i" | "em" | "u" | "s" | "sub" | "sup" | "small" | "mark" | "code" | "span" | "ruby"
    )
}
