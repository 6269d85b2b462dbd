//! The page without what nobody reads, so that html5ever never sees it, and a look at how deep it nests.
//!
//! html5ever needs quadratic time for deeply nested blocks (4,000 open `<div>`s take as long as a hundred pages), and most
//! bytes of a news page are scripts and styles. One scan over the tags, which allocates nothing but the copy, answers for
//! both: it counts how deep blocks nest and leaves out what is deeper than anyone looks, scripts (JSON-LD stays), styles,
//! drawings and comments.

use html5ever::tendril::StrTendril;

use super::parse::ParseError;

/// The most blocks that may be open: what is left open by mistake is laid flat, but not a page of nothing else.
const MAX_NESTING: usize = 40_000;

/// What nests deeper stands beside what is so deep, as in Chromium and WebKit (`kMaximumHTMLParserDOMTreeDepth`): its tags
/// are left out, its text is not.
const MAX_OPEN_BLOCKS: usize = 512;

/// html5ever compares each attribute with all before it, so a tag may have no more words than these, which also bounds the
/// words of a value: it takes 5 ms, and no page comes near.
const MAX_ATTRIBUTES: usize = 5_000;

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

/// The page without comments, styles, drawings and scripts other than JSON-LD, and with the lines of its texts run into
/// one: html5ever takes a token for each line end, and a page has more of these than of tags.
///
/// # Errors
/// For a page with a tag of more than [`MAX_ATTRIBUTES`], or more than [`MAX_NESTING`] blocks open.
pub(super) fn strip(html: &str) -> Result<StrTendril, ParseError> {
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    let mut scan = Scan {
        html,
        out: StrTendril::with_capacity(u32::try_from(html.len()).unwrap_or(0)),
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
    out: StrTendril,
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
            self.out.push_slice(rest[..at].trim_end_matches([' ', '\t']));
            self.out.push_char(' ');
            rest = rest[at..].trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        }
        self.out.push_slice(rest);
    }

    /// Copies an end tag. Gives the offset after it.
    fn end_tag(&mut self, open: usize) -> usize {
        let bytes = self.html.as_bytes();
        let name = tag_name(bytes, open + 2);
        let close = find(bytes, open, b'>').map_or(bytes.len(), |end| end + 1);
        let nests = match Kind::of(name) {
            Kind::Verbatim => {
                self.verbatim = self.verbatim.saturating_sub(1);
                true
            }
            kind => matches!(kind, Kind::Deep | Kind::Drawing) && !name.is_empty(),
        };
        let is_beyond = nests && self.depth > MAX_OPEN_BLOCKS;
        self.depth = self.depth.saturating_sub(usize::from(nests));
        if !is_beyond {
            self.out.push_slice(&self.html[open..close]);
        }
        close
    }

    /// Copies a start tag, or leaves the whole element out if nobody reads it. Gives the offset after what was taken.
    fn start_tag(&mut self, open: usize) -> Result<usize, ParseError> {
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
                self.out.push_slice(&html[open..end]);
            }
            return Ok(end);
        }
        if attributes(tag) > MAX_ATTRIBUTES {
            return Err(ParseError::Beyond { what: "the number of attributes", limit: MAX_ATTRIBUTES });
        }
        self.verbatim += usize::from(kind == Kind::Verbatim);
        // A slash closes nothing that is HTML.
        let nests = match kind {
            Kind::Verbatim | Kind::Deep => true,
            Kind::Drawing => !tag.ends_with("/>"),
            _ => false,
        };
        self.depth += usize::from(nests);
        if self.depth > MAX_NESTING {
            return Err(ParseError::Beyond { what: "nesting", limit: MAX_NESTING });
        }
        if !(nests && self.depth > MAX_OPEN_BLOCKS) {
            self.out.push_slice(tag);
        }
        Ok(close)
    }
}

/// How many words and attributes a tag has at most: a solidus or a quoted value parts attributes as well as white space.
fn attributes(tag: &str) -> usize {
    // An attribute takes two bytes at least: most tags need not be looked at.
    if tag.len() / 2 <= MAX_ATTRIBUTES {
        return 0;
    }
    let bytes = tag.as_bytes();
    let (mut at, mut last, mut parted) = (0, b' ', 0);
    while let Some(&byte) = bytes.get(at) {
        let is_value = last == b'=' && !byte.is_ascii_whitespace();
        let end = match byte {
            b'"' | b'\'' if is_value => find(bytes, at + 1, byte),
            _ if is_value => bytes[at..].iter().position(u8::is_ascii_whitespace).map(|found| at + found),
            _ => Some(at),
        };
        parted += usize::from(is_value || byte == b'/');
        let Some(end) = end else { break };
        if !byte.is_ascii_whitespace() {
            last = if is_value { b'"' } else { byte };
        }
        at = end + 1;
    }
    parted + tag.split_ascii_whitespace().count()
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
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr3(b'>', b'"', b'\'', rest)) {
        let mark = at + found;
        let quote = match bytes[mark] {
            b'>' => return mark + 1,
            quote => quote,
        };
        // A quotation mark opens a value only after an equals sign.
        let before = bytes[from..mark].iter().rfind(|byte| !byte.is_ascii_whitespace());
        at = mark + 1;
        if before == Some(&b'=') {
            match find(bytes, at, quote) {
                Some(end) => at = end + 1,
                None => return bytes.len(),
            }
        }
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
