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

/// The longest page that is parsed, in bytes. A page of 10 MB is still read; the fetcher's own limit is below.
pub const MAX_BYTES: usize = 16 << 20;

/// Elements that html5ever closes by itself when the next one opens, or that have no content: they do not nest.
const FLAT: &[&str] = &[
    "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "br", "hr",
    "img", "input", "meta", "link", "base", "area", "col", "embed", "param", "source", "track", "wbr",
    "html", "head", "body", "a", "b", "i", "u", "em", "strong", "font", "small", "big", "s", "strike", "tt",
    "code", "nobr", "rb", "rt", "rp",
];

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
    Ok(driver::parse_document(HtmlTreeSink::new(Html::new_document()), options).one(lean))
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

/// The page without comments, styles, drawings and scripts other than JSON-LD.
pub fn lean(html: &str) -> Result<String, NotArticle> {
    let bytes = html.as_bytes();
    let mut out = String::with_capacity(html.len());
    let (mut copied, mut at, mut depth) = (0, 0, 0_usize);
    while let Some(open) = find(bytes, at, b'<') {
        let Some(&next) = bytes.get(open + 1) else { break };
        if next == b'!' && bytes[open..].starts_with(b"<!--") {
            out.push_str(&html[copied..open]);
            at = end_of_comment(html, open);
            copied = at;
        } else if next == b'/' {
            let name = tag_name(bytes, open + 2);
            if !name.is_empty() && nests(name) {
                depth = depth.saturating_sub(1);
            }
            at = open + 2;
        } else if next.is_ascii_alphabetic() {
            let name = tag_name(bytes, open + 1);
            let close = end_of_tag(bytes, open + 1 + name.len());
            let tag = &html[open..close];
            if let Some(resume) = cut(html, name, tag, close) {
                out.push_str(&html[copied..open]);
                copied = resume;
                at = resume;
                continue;
            }
            if nests(name) && !tag.ends_with("/>") {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(NotArticle::Unreadable);
                }
            }
            at = close;
        } else {
            at = open + 1;
        }
    }
    out.push_str(&html[copied..]);
    Ok(out)
}

/// Where to go on after an element that nobody reads, or `None` if it is read.
fn cut(html: &str, name: &[u8], tag: &str, close: usize) -> Option<usize> {
    let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
    if is("script") {
        let is_data = tag.as_bytes().windows(6).any(|part| part.eq_ignore_ascii_case(b"ld+jso"));
        return if is_data { None } else { end_of_element(html, close, "script") };
    }
    if is("style") {
        return end_of_element(html, close, "style");
    }
    if is("svg") && !tag.ends_with("/>") {
        let end = end_of_element(html, close, "svg")?;
        // A drawing that was never closed would take the text up to the next one with it.
        let inside = &html.as_bytes()[close..end];
        let nested = inside.windows(4).any(|part| part.eq_ignore_ascii_case(b"<svg"));
        return (!nested).then_some(end);
    }
    None
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

fn nests(name: &[u8]) -> bool {
    !FLAT.iter().any(|flat| name.eq_ignore_ascii_case(flat.as_bytes()))
}

fn find(bytes: &[u8], from: usize, what: u8) -> Option<usize> {
    memchr::memchr(what, bytes.get(from..)?).map(|at| from + at)
}
