//! Text → DOM, once: bounds are checked and what nobody reads is cut out before html5ever sees it.
//!
//! html5ever needs quadratic time for deeply nested blocks (20,000 open `<div>`s take the better part of a second, 100,000
//! half a minute), and most bytes of a news page are scripts and styles. One scan over the tags, which allocates
//! nothing but the copy, answers for both: it counts how deep blocks nest and leaves out scripts (JSON-LD stays), styles,
//! drawings and comments.

use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::{Html, HtmlTreeSink};

use crate::article::NotArticle;

/// The deepest nesting of blocks that is parsed. Measured with html5ever 0.40: 10,000 open `<div>`s take 0.4 s.
pub const MAX_DEPTH: usize = 10_000;

/// html5ever compares each attribute with all before it, so a tag may have no more words than these, which also bounds the
/// words of a value: it takes 5 ms, and no page comes near.
const MAX_ATTRIBUTES: usize = 5_000;

/// How much is parsed between two looks at how deep the tree is.
const STRETCH: usize = 32 << 10;

/// The longest page that is parsed, in bytes. A page of 10 MB is still read; the fetcher's own limit is below.
pub const MAX_BYTES: usize = 16 << 20;

/// What an element is to the scan.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// html5ever closes it by itself when the next one opens, it has no content, or its nesting costs nothing.
    Flat,
    /// White space in it means something.
    Verbatim,
    Script,
    Style,
    Drawing,
    /// It nests.
    Deep,
}

impl Kind {
    fn of(name: &[u8]) -> Self {
        let mut lower = [0_u8; 12];
        let Some(lower) = lower.get_mut(..name.len()) else { return Self::Deep };
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        match &*lower {
            b"script" => Self::Script,
            b"style" => Self::Style,
            b"svg" => Self::Drawing,
            b"pre" | b"textarea" | b"listing" | b"xmp" | b"plaintext" => Self::Verbatim,
            b"p" | b"li" | b"dt" | b"dd" | b"td" | b"th" | b"tr" | b"tbody" | b"thead" | b"tfoot"
            | b"option" | b"optgroup" | b"br" | b"hr" | b"img" | b"input" | b"meta" | b"link" | b"base"
            | b"area" | b"col" | b"embed" | b"param" | b"source" | b"track" | b"wbr" | b"html" | b"head"
            | b"body" | b"a" | b"b" | b"i" | b"u" | b"em" | b"strong" | b"font" | b"small" | b"big"
            | b"s" | b"strike" | b"tt" | b"code" | b"nobr" => Self::Flat,
            _ => Self::Deep,
        }
    }
}

/// Parses a page with scripting disabled, so that `<noscript>` holds elements.
///
/// # Errors
/// [`NotArticle::Unreadable`] for a page that is larger or nested deeper than [`MAX_BYTES`] and [`MAX_DEPTH`], or is no
/// text at all.
pub fn parse(html: &str) -> Result<Html, NotArticle> {
    if html.len() > MAX_BYTES || is_binary(html) {
        return Err(NotArticle::Unreadable);
    }
    let lean = lean(html)?;
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let mut parser = driver::parse_document(HtmlTreeSink::new(Html::new_document()), options);
    let mut rest = lean.as_str();
    while !rest.is_empty() {
        let (stretch, later) = rest.split_at(rest.floor_char_boundary(STRETCH));
        parser.process(stretch.into());
        if depth(&parser.tokenizer.sink.sink.0.borrow()) > MAX_DEPTH {
            return Err(NotArticle::Unreadable);
        }
        rest = later;
    }
    Ok(parser.finish())
}

/// How deep what was parsed last stands: the scan counts tags, and end tags that close nothing deceive it.
fn depth(document: &Html) -> usize {
    std::iter::successors(Some(document.tree.root()), |node| node.last_child()).count()
}

/// Whether the first bytes are those of a picture, an archive or text in an encoding that was not recognised: more than
/// one in ten is a control or replacement character.
fn is_binary(html: &str) -> bool {
    let (mut odd, mut all) = (0_usize, 0_usize);
    for c in html.chars().take(4_000) {
        all += 1;
        odd += usize::from(c == '\u{fffd}' || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')));
    }
    odd * 10 > all
}

/// The page without comments, styles, drawings and scripts other than JSON-LD, and with the lines of its texts run into
/// one: html5ever takes a token for each line end, and a page has more of these than of tags.
fn lean(html: &str) -> Result<String, NotArticle> {
    let mut scan = Scan {
        html,
        out: String::with_capacity(html.len()),
        depth: 0,
        verbatim: 0,
        ends: [NextEnd::default(); 3],
    };
    let bytes = html.as_bytes();
    let (mut text, mut at) = (0, 0);
    while let Some(open) = find(bytes, at, b'<') {
        let Some(&next) = bytes.get(open + 1) else { break };
        let close = match next {
            b'!' if bytes[open..].starts_with(b"<!--") => {
                scan.text(text, open);
                end_of_comment(html, open)
            }
            b'/' => {
                scan.text(text, open);
                scan.end_tag(open)
            }
            _ if next.is_ascii_alphabetic() => {
                scan.text(text, open);
                scan.start_tag(open)?
            }
            _ => {
                at = open + 1;
                continue;
            }
        };
        (text, at) = (close, close);
    }
    scan.text(text, html.len());
    Ok(scan.out)
}

/// The state of the scan.
struct Scan<'a> {
    html: &'a str,
    out: String,
    /// How many elements that nest are open.
    depth: usize,
    /// How many elements are open in which white space means something.
    verbatim: usize,
    /// The next ends of scripts, styles and drawings.
    ends: [NextEnd; 3],
}

impl Scan<'_> {
    /// Copies a text, every white space that holds a line end made one space.
    fn text(&mut self, from: usize, to: usize) {
        let mut rest = &self.html[from..to];
        while self.verbatim == 0
            && let Some(at) = memchr::memchr2(b'\n', b'\r', rest.as_bytes())
        {
            self.out.push_str(rest[..at].trim_end_matches([' ', '\t']));
            self.out.push(' ');
            rest = rest[at..].trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        }
        self.out.push_str(rest);
    }

    /// Copies an end tag. Gives the offset after it.
    fn end_tag(&mut self, open: usize) -> usize {
        let bytes = self.html.as_bytes();
        let name = tag_name(bytes, open + 2);
        match Kind::of(name) {
            Kind::Deep if !name.is_empty() => self.depth = self.depth.saturating_sub(1),
            Kind::Verbatim => {
                self.verbatim = self.verbatim.saturating_sub(1);
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
        let close = find(bytes, open, b'>').map_or(bytes.len(), |end| end + 1);
        self.out.push_str(&self.html[open..close]);
        close
    }

    /// Copies a start tag, or leaves the whole element out if nobody reads it. Gives the offset after what was taken.
    fn start_tag(&mut self, open: usize) -> Result<usize, NotArticle> {
        let (html, bytes) = (self.html, self.html.as_bytes());
        let name = tag_name(bytes, open + 1);
        let close = end_of_tag(bytes, open + 1 + name.len());
        let tag = &html[open..close];
        let kind = Kind::of(name);
        let end = match kind {
            Kind::Script => self.ends[0].after(html, close, "script"),
            Kind::Style => self.ends[1].after(html, close, "style"),
            // A drawing that was never closed would take the text up to the next one with it.
            Kind::Drawing if !tag.ends_with("/>") => self.ends[2]
                .after(html, close, "svg")
                .filter(|end| memchr::memmem::find(&bytes[close..*end], b"<svg").is_none()),
            _ => None,
        };
        if let Some(end) = end {
            let is_data = tag.as_bytes().windows(6).any(|part| part.eq_ignore_ascii_case(b"ld+jso"));
            if kind == Kind::Script && is_data {
                self.out.push_str(&html[open..end]);
            }
            return Ok(end);
        }
        match kind {
            Kind::Verbatim => {
                self.verbatim += 1;
                self.depth += 1;
            }
            // A slash closes nothing that is HTML.
            Kind::Deep => self.depth += 1,
            Kind::Drawing if !tag.ends_with("/>") => self.depth += 1,
            _ => {}
        }
        if self.depth > MAX_DEPTH || attributes(tag) > MAX_ATTRIBUTES {
            return Err(NotArticle::Unreadable);
        }
        self.out.push_str(tag);
        Ok(close)
    }
}

/// How many attributes a tag has at most.
fn attributes(tag: &str) -> usize {
    // An attribute takes two bytes at least: most tags need not be looked at.
    if tag.len() / 2 <= MAX_ATTRIBUTES { 0 } else { tag.split_ascii_whitespace().count() }
}

/// The next end tag of a name, remembered, so that many start tags before it, or none after, cost one search.
#[derive(Clone, Copy, Default)]
struct NextEnd(Option<Option<usize>>);

impl NextEnd {
    /// The offset after the next end tag from an offset on; `None` if there is none.
    fn after(&mut self, html: &str, from: usize, name: &str) -> Option<usize> {
        if let Some(known) = self.0
            && known.is_none_or(|end| end > from)
        {
            return known;
        }
        let found = end_of_element(html, from, name);
        self.0 = Some(found);
        found
    }
}

/// The offset after `</name …>`, looking from `from`; `None` if it is never closed.
fn end_of_element(html: &str, from: usize, name: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut at = from;
    while let Some(open) = find(bytes, at, b'<') {
        let end = open + 2 + name.len();
        if bytes.get(open + 1) == Some(&b'/')
            && bytes.get(open + 2..end).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && bytes.get(end).is_some_and(|next| matches!(next, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r'))
        {
            return find(bytes, end, b'>').map(|close| close + 1);
        }
        at = open + 1;
    }
    None
}

/// The offset after a comment; one that is never closed ends at its first `>`, as browsers do with `<!-->`, so that a
/// slip does not swallow the page.
fn end_of_comment(html: &str, open: usize) -> usize {
    let rest = &html[open + 4..];
    if rest.starts_with('>') || rest.starts_with("->") {
        return open + 4 + rest.find('>').unwrap_or(0) + 1;
    }
    match memchr::memmem::find(rest.as_bytes(), b"-->") {
        Some(end) => open + 4 + end + 3,
        None => rest.find('>').map_or(html.len(), |end| open + 4 + end + 1),
    }
}

/// The offset after the `>` that closes a tag, quoted attribute values skipped.
fn end_of_tag(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    let mut last = b' ';
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return at + 1,
            b'"' | b'\'' if last == b'=' => match find(bytes, at + 1, byte) {
                Some(end) => at = end,
                None => return bytes.len(),
            },
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        at += 1;
    }
    bytes.len()
}

fn tag_name(bytes: &[u8], from: usize) -> &[u8] {
    let rest = bytes.get(from..).unwrap_or_default();
    let end =
        rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-').unwrap_or(rest.len());
    &rest[..end]
}

fn find(bytes: &[u8], from: usize, what: u8) -> Option<usize> {
    memchr::memchr(what, bytes.get(from..)?).map(|at| from + at)
}
