//! Plain tags, read without html5ever's tokenizer, which takes a step for each character of a name and a copy of each
//! value. What is not plain is left to it: here is no judgement on what broken markup means.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tag, TagKind};
use html5ever::{Attribute, LocalName, QualName, ns};

use super::refs;

/// Elements whose start tag changes how the tokenizer reads on.
const LEFT_ALONE: &[&str] = &[
    "title",
    "textarea",
    "style",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "script",
    "plaintext",
];

/// Reads the tag that begins at an offset, if it is plain: names of ASCII letters, digits and the like, values without
/// character references but plain ones, no attribute twice, nothing that the HTML Standard (section 13.2.5) calls an error but a stray
/// solidus or a missing space. Gives the offset after it.
pub(super) fn plain(page: &StrTendril, open: usize) -> Option<(Tag, usize)> {
    let mut reader = Reader { page, bytes: page.as_bytes(), at: open + 1 };
    let kind = if reader.take(b'/') { TagKind::EndTag } else { TagKind::StartTag };
    if !reader.peek()?.is_ascii_alphabetic() {
        return None;
    }
    let name = reader.name(|byte| byte.is_ascii_alphanumeric() || byte == b'-')?;
    if kind == TagKind::StartTag && LEFT_ALONE.contains(&&*name) {
        return None;
    }
    let mut tag = Tag { kind, name, self_closing: false, attrs: Vec::new(), had_duplicate_attributes: false };
    loop {
        reader.skip_space();
        match reader.peek()? {
            b'>' => return Some((tag, reader.at + 1)),
            _ if kind == TagKind::EndTag => return None,
            b'/' => {
                reader.at += 1;
                tag.self_closing = reader.peek()? == b'>';
            }
            _ => {
                let attribute = reader.attribute()?;
                if tag.attrs.iter().any(|known| known.name.local == attribute.name.local) {
                    return None;
                }
                tag.attrs.push(attribute);
            }
        }
    }
}

struct Reader<'a> {
    page: &'a StrTendril,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// A name of some bytes, all of them ASCII, that ends as names do.
    fn name(&mut self, belongs: impl Fn(u8) -> bool) -> Option<LocalName> {
        let from = self.at;
        let mut is_lower = true;
        while let Some(byte) = self.peek().filter(|byte| belongs(*byte)) {
            is_lower &= !byte.is_ascii_uppercase();
            self.at += 1;
        }
        let next = self.peek()?;
        if self.at == from || !(is_space(next) || matches!(next, b'/' | b'>' | b'=')) {
            return None;
        }
        let name = &self.page[from..self.at];
        Some(if is_lower { LocalName::from(name) } else { LocalName::from(name.to_ascii_lowercase()) })
    }

    fn attribute(&mut self) -> Option<Attribute> {
        let local = self.name(|byte| {
            byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'<' | b'=' | b'>' | b'/')
        })?;
        self.skip_space();
        let value = if self.take(b'=') {
            self.skip_space();
            self.value()?
        } else {
            StrTendril::new()
        };
        Some(Attribute { name: QualName::new(None, ns!(), local), value })
    }

    /// A value; where nothing has to be decoded, as a part of the page: nothing is copied.
    fn value(&mut self) -> Option<StrTendril> {
        let rest = self.bytes.get(self.at..)?;
        let (skipped, length) = match *rest.first()? {
            quote @ (b'"' | b'\'') => (1, memchr::memchr(quote, &rest[1..])?),
            _ => (0, rest.iter().position(|byte| is_space(*byte) || *byte == b'>')?),
        };
        let value = &rest[skipped..skipped + length];
        let is_odd = memchr::memchr2(b'\r', 0, value).is_some();
        let is_bare = skipped == 0;
        if is_odd || (is_bare && (value.is_empty() || value.iter().any(|byte| b"\"'<=`".contains(byte)))) {
            return None;
        }
        let from = self.at + skipped;
        self.at += length + 2 * skipped;
        match memchr::memchr(b'&', value) {
            Some(_) => refs::decoded(&self.page[from..from + length]),
            None => Some(self.page.subtendril(u32::try_from(from).ok()?, u32::try_from(length).ok()?)),
        }
    }
}

/// White space within tags (HTML Standard, section 13.2.5.32).
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c')
}
