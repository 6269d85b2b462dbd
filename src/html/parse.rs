//! Text → tree, the one way: bounded in size and depth, without what nobody reads.

use ego_tree::Tree;
use html5ever::driver::{self, ParseOpts, Parser};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{QualName, local_name, ns};
use scraper::{Html, HtmlTreeSink, Node};

use super::strip;
use crate::model::NotArticle;

/// The longest text that is parsed, in bytes. A page of 10 MB is still read; the fetcher's own limit is below.
const MAX_BYTES: usize = 16 << 20;
/// Most tags that are parsed: a listing of 100,000 links has about 300,000.
const MAX_TAGS: usize = 600_000;
/// The deepest tree that is built of what [`strip`] does not see nest. html5ever's time grows with the square of it: 5,000
/// levels take about 0.1 s.
const MAX_TREE_DEPTH: usize = 5_000;
/// How much is parsed between two looks at how deep the tree is, in bytes.
const STRETCH: usize = 8 << 10;

/// Why a text is not parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// A picture, an archive, or text in an encoding that was not recognised.
    #[error("it is no text")]
    Binary,
    /// There is more of something than any page has.
    #[error("{what} exceeds {limit}")]
    Beyond {
        /// Of what: `nesting`.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
}

impl From<ParseError> for NotArticle {
    fn from(_: ParseError) -> Self {
        Self::Unreadable
    }
}

/// Parses a page with scripting off, so that `<noscript>` holds elements.
///
/// # Errors
/// Says what is beyond all bounds.
pub fn parse(html: &str) -> Result<Html, ParseError> {
    if is_binary(html) {
        return Err(ParseError::Binary);
    }
    let (html, tags) = stripped(html)?;
    let mut document = Html::new_document();
    document.tree = Tree::with_capacity(Node::Document, tags + 16);
    run(driver::parse_document(HtmlTreeSink::new(document), options()), &html)
}

/// Parses a piece of a page: what may stand in a `<body>`.
///
/// # Errors
/// As [`parse`].
pub fn parse_fragment(html: &str) -> Result<Html, ParseError> {
    let (html, _) = stripped(html)?;
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let sink = HtmlTreeSink::new(Html::new_fragment());
    run(driver::parse_fragment(sink, options(), body, Vec::new(), false), &html)
}

/// The text without what nobody reads, and about how many elements, and texts, it has.
fn stripped(html: &str) -> Result<(StrTendril, usize), ParseError> {
    if html.len() > MAX_BYTES {
        return Err(ParseError::Beyond { what: "the size in bytes", limit: MAX_BYTES });
    }
    let stripped = strip::strip(html)?;
    let tags = memchr::memchr_iter(b'<', stripped.as_bytes()).count();
    if tags > MAX_TAGS {
        return Err(ParseError::Beyond { what: "the number of tags", limit: MAX_TAGS });
    }
    Ok((stripped, tags))
}

fn options() -> ParseOpts {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    ParseOpts { tree_builder, ..ParseOpts::default() }
}

/// Feeds the parser bit by bit: end tags that close nothing deceive the count of [`strip`], so the tree itself is looked at.
fn run(mut parser: Parser<HtmlTreeSink>, html: &StrTendril) -> Result<Html, ParseError> {
    let mut at = 0;
    while at < html.len() {
        let end = html.floor_char_boundary(at + STRETCH);
        // Pages are shorter than `MAX_BYTES`.
        parser.process(html.subtendril(at as u32, (end - at) as u32));
        at = end;
        if depth(&parser.tokenizer.sink.sink.0.borrow()) > MAX_TREE_DEPTH {
            return Err(ParseError::Beyond { what: "nesting", limit: MAX_TREE_DEPTH });
        }
    }
    Ok(parser.finish())
}

/// How deep what was parsed last stands.
fn depth(document: &Html) -> usize {
    std::iter::successors(Some(document.tree.root()), |node| node.last_child()).count()
}

/// Whether the first characters are not those of text: more than one in ten is a control or replacement character.
fn is_binary(html: &str) -> bool {
    let (mut odd, mut all) = (0_usize, 0_usize);
    for c in html.chars().take(4_000) {
        all += 1;
        odd += usize::from(c == '\u{fffd}' || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')));
    }
    odd * 10 > all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_in_an_address_is_one_attribute() {
        let picture = "iVBORw0KGgo/AAAA+5".repeat(60_000);
        for tag in [
            format!("<img alt=x src=\"data:image/png;base64,{picture}\">"),
            format!("<img alt=x src=data:image/png;base64,{picture} >"),
        ] {
            assert!(parse(&format!("<p>{tag}</p>")).is_ok());
        }
    }

    #[test]
    fn what_is_beyond_all_bounds_is_refused() {
        let what = |html: &str| match parse(html).expect_err("refused") {
            ParseError::Beyond { what, .. } => what,
            ParseError::Binary => "text",
        };
        assert_eq!(what(&"<div>".repeat(50_000)), "nesting");
        assert_eq!(what(&"<div></x>".repeat(50_000)), "nesting");
        assert_eq!(what(&"<br>".repeat(700_000)), "the number of tags");
        assert_eq!(what(&" ".repeat(17 << 20)), "the size in bytes");
        assert_eq!(what("\0\u{1}PNG"), "text");
        assert!(parse(&"<div>".repeat(5_000)).is_ok_and(|document| depth(&document) < 600));
        assert!(parse_fragment(&"<div>".repeat(5_000)).is_ok());
    }

    #[test]
    fn stretches_of_a_page_make_one_tree() {
        let page = format!("<p>đầu {}&amp;{}</p><p>cuối", "ế".repeat(STRETCH / 3 - 4), "x".repeat(STRETCH));
        let html = parse(&page).expect("a page");
        assert_eq!(html.html(), Html::parse_document(&page).html());
    }
}
