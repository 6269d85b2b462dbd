//! Drives html5ever over a page. Its tree builder gets plain texts and plain tags at once; all else goes through its
//! tokenizer as well. Either way the tree is the one that html5ever alone would build.

use std::cell::Cell;

use ego_tree::Tree;
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use scraper::{Html, HtmlTreeSink, Node};

use super::{MAX_DEPTH, refs, tag};
use crate::model::NotArticle;

/// How much is parsed between two looks at how deep the tree is, in bytes.
const STRETCH: usize = 32 << 10;

/// What the tokenizer hands tokens to.
type Builder = TreeBuilder<ego_tree::NodeId, HtmlTreeSink>;

/// Builds the tree of a page.
///
/// # Errors
/// [`NotArticle::Unreadable`] for a page that turns out nested deeper than [`MAX_DEPTH`]: the scan before counts tags, and
/// end tags that close nothing deceive it.
pub(super) fn document(page: &StrTendril) -> Result<Html, NotArticle> {
    let mut html = Html::new_document();
    // A page has about as many elements and texts as it has tags.
    let tags = memchr::memchr_iter(b'<', page.as_bytes()).count();
    html.tree = Tree::with_capacity(Node::Document, tags + 16);
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let watched = Watched {
        builder: TreeBuilder::new(HtmlTreeSink::new(html), options),
        is_between: Cell::new(true),
        is_raw: Cell::new(false),
    };
    let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
    let drive = Drive { page, tokenizer: Tokenizer::new(watched, options), queue: BufferQueue::default() };
    drive.run()?;
    drive.tokenizer.end();
    Ok(drive.tokenizer.sink.builder.sink.finish())
}

/// How deep what was parsed last stands.
fn depth(document: &Html) -> usize {
    std::iter::successors(Some(document.tree.root()), |node| node.last_child()).count()
}

struct Drive<'a> {
    page: &'a StrTendril,
    tokenizer: Tokenizer<Watched>,
    queue: BufferQueue,
}

impl Drive<'_> {
    fn run(&self) -> Result<(), NotArticle> {
        let bytes = self.page.as_bytes();
        let after = |byte: u8, from: usize| {
            memchr::memchr(byte, &bytes[from..]).map_or(bytes.len(), |found| from + found + 1)
        };
        let watched = &self.tokenizer.sink;
        let (mut at, mut looked) = (0, 0);
        while at < bytes.len() {
            if at - looked >= STRETCH {
                looked = at;
                if depth(&watched.builder.sink.0.borrow()) > MAX_DEPTH {
                    return Err(NotArticle::Unreadable);
                }
            }
            if !watched.is_between.get() || watched.is_raw.get() {
                at = self.feed(at, after(b'>', at));
                continue;
            }
            let open = memchr::memchr(b'<', &bytes[at..]).map_or(bytes.len(), |found| at + found);
            // What may be a character reference is read together with the tag after it, so that it surely ends.
            let text = self.plain_text(at, open);
            let is_plain = text.is_some();
            if let Some(text) = text.filter(|_| open > at) {
                watched.take(Token::CharacterTokens(text));
            }
            at = match tag::plain(self.page, open).filter(|_| is_plain) {
                Some((tag, next)) => {
                    watched.take(Token::TagToken(tag));
                    next
                }
                None => self.feed(if is_plain { open } else { at }, after(b'>', open)),
            };
        }
        Ok(())
    }

    /// The text of a part of the page, its character references decoded; `None` if the tokenizer has to read it.
    fn plain_text(&self, from: usize, to: usize) -> Option<StrTendril> {
        let bytes = &self.page.as_bytes()[from..to];
        match memchr::memchr3(b'&', b'\r', 0, bytes) {
            None => Some(self.part(from, to)),
            Some(at) if memchr::memchr2(b'\r', 0, &bytes[at..]).is_none() => {
                refs::decoded(&self.page[from..to])
            }
            Some(_) => None,
        }
    }

    /// A part of the page: nothing is copied.
    fn part(&self, from: usize, to: usize) -> StrTendril {
        // Pages are shorter than `MAX_BYTES`.
        self.page.subtendril(from as u32, (to - from) as u32)
    }

    /// Has the tokenizer read a part of the page. Gives the part's end.
    fn feed(&self, from: usize, to: usize) -> usize {
        self.tokenizer.sink.is_between.set(false);
        self.queue.push_back(self.part(from, to));
        // It also stops at scripts and named encodings, to be asked again.
        while !matches!(self.tokenizer.feed(&self.queue), TokenizerResult::Done) {}
        to
    }
}

/// The tree builder, watched to know where the tokenizer stands.
struct Watched {
    builder: Builder,
    /// The last part ended with the last byte of a tag, comment or doctype, so that nothing waits in the tokenizer.
    is_between: Cell<bool>,
    /// An element is open in which tags are text.
    is_raw: Cell<bool>,
}

impl Watched {
    /// Takes a token that did not come from the tokenizer. Those to which there is an answer never come this way.
    fn take(&self, token: Token) {
        match self.builder.process_token(token, 1) {
            TokenSinkResult::RawData(_) | TokenSinkResult::Plaintext => self.is_raw.set(true),
            TokenSinkResult::Continue
            | TokenSinkResult::Script(_)
            | TokenSinkResult::EncodingIndicator(_) => {}
        }
    }
}

impl TokenSink for Watched {
    type Handle = ego_tree::NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Self::Handle> {
        match &token {
            Token::TagToken(tag) => {
                self.is_between.set(true);
                if tag.kind == TagKind::EndTag {
                    self.is_raw.set(false);
                }
            }
            Token::CommentToken(_) | Token::DoctypeToken(_) => self.is_between.set(true),
            Token::CharacterTokens(_) | Token::NullCharacterToken => self.is_between.set(false),
            Token::EOFToken | Token::ParseError(_) => {}
        }
        let answer = self.builder.process_token(token, line);
        if matches!(answer, TokenSinkResult::RawData(_) | TokenSinkResult::Plaintext) {
            self.is_raw.set(true);
        }
        answer
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
