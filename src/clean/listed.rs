//! Seeing at a glance that a fragment holds nothing but what the allow-list allows.
//!
//! Nearly every body is made of a few elements with a few attributes, written in the one form that [`super::write`] has.
//! Such a fragment can be told by its letters. A parser finds no tag in it but those that are read here, as each `<` begins
//! one of the list, each `&` one of the references of a serialiser, and no element is among those whose content is not
//! parsed as HTML (HTML Standard section 13.1.2). It leaves each of them where it is, as each is closed in its place and
//! stands where it may (section 13.2.6 moves and closes only what does not): lines hold no blocks, no inline element is
//! in another of its kind, items are in lists, rows and cells in tables. So the sanitiser would give back the same bytes,
//! which is what the tests ask it. What is written in any other way is not told to be bad: it is left to the sanitiser.

#[cfg(test)]
mod tests;

use memchr::{memchr, memchr2, memmem};
use url::Url;

use super::guard::{ANYWHERE, ATTRIBUTES, TAGS, is_srcset};

/// What may stand between the tags of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// Blocks and lines.
    Blocks,
    /// Text and inline elements.
    Line,
    /// Items of a list.
    Items,
    /// Terms and details.
    Terms,
    /// Caption and sections of a table.
    Sections,
    Rows,
    Cells,
    /// It has no end tag.
    Nothing,
}

/// What an element is part of, and what it holds; `None` for those that are left to the sanitiser. Among them are
/// `iframe`, whose content is raw text, `audio` and `video`, as what a player may play is the sanitiser's to say, and
/// `ruby`, of whose parts some close others.
fn model(tag: &str) -> Option<(Content, Content)> {
    use Content::{Blocks, Cells, Items, Line, Nothing, Rows, Sections, Terms};
    Some(match tag {
        "p" | "figcaption" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" => (Blocks, Line),
        "figure" | "blockquote" => (Blocks, Blocks),
        "hr" => (Blocks, Nothing),
        "a" | "strong" | "em" | "b" | "i" | "u" | "s" | "sub" | "sup" | "small" | "span" | "mark"
        | "code" | "abbr" | "bdi" | "bdo" | "cite" | "del" | "dfn" | "ins" | "kbd" | "q" | "samp"
        | "time" | "var" => (Line, Line),
        "br" | "img" => (Line, Nothing),
        "ul" | "ol" => (Blocks, Items),
        "li" => (Items, Blocks),
        "dl" => (Blocks, Terms),
        "dt" => (Terms, Line),
        "dd" => (Terms, Blocks),
        "table" => (Blocks, Sections),
        "caption" => (Sections, Line),
        "thead" | "tbody" | "tfoot" => (Sections, Rows),
        "tr" => (Rows, Cells),
        "td" | "th" => (Cells, Blocks),
        _ => return None,
    })
}

/// What was read so far.
struct Open<'a> {
    /// Elements that are open, innermost last, and what each may hold.
    elements: Vec<(&'a str, Content)>,
    /// The scheme, host and port of the last address, which mostly are those of the next.
    origin: &'a str,
}

impl<'a> Open<'a> {
    /// What may stand at this place.
    fn content(&self) -> Content {
        self.elements.last().map_or(Content::Blocks, |(_, content)| *content)
    }

    /// Opens an element; `None` if it is not listed or may not stand here. An inline element within another of its name
    /// would close that one (`a`), or be one too many for the parser to remember.
    fn start(&mut self, name: &'a str) -> Option<()> {
        let (part, content) = model(name).filter(|_| name == "p" || TAGS.binary_search(&name).is_ok())?;
        let here = self.content();
        let is_inline = part == Content::Line;
        let fits = part == here || (is_inline && here == Content::Blocks);
        let is_line = |open: &&(&str, Content)| open.1 == Content::Line;
        let is_twice =
            is_inline && self.elements.iter().rev().take_while(is_line).any(|(open, _)| *open == name);
        if content != Content::Nothing {
            self.elements.push((name, content));
        }
        (fits && !is_twice).then_some(())
    }

    /// Closes the innermost element; `None` if this is not its name.
    fn end(&mut self, name: &str) -> Option<()> {
        self.elements.pop().filter(|(open, _)| *open == name).map(|_| ())
    }

    /// Whether a value is an http(s) address as a parsed URL is written. What stands before its path is asked of the
    /// parser, which takes any path but not any host and port (URL Standard section 4.4).
    fn is_web(&mut self, value: &'a str) -> bool {
        let Some(rest) = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://")) else {
            return false;
        };
        let Some(host) = memchr(b'/', rest.as_bytes()) else { return false };
        let is_plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b':')
        };
        let (origin, path) = value.split_at(value.len() - rest.len() + host);
        let is_known = origin == self.origin
            || (rest[..host].bytes().all(is_plain) && Url::parse(&value[..=origin.len()]).is_ok());
        if is_known {
            self.origin = origin;
        }
        is_known && path.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

/// Whether a fragment surely has nothing that is not on the list, and is written as the sanitiser would write it.
pub(super) fn is_listed(html: &str) -> bool {
    // All of them are looked at, which is quicker than asking after each whether to go on.
    let has_odd = html.bytes().fold(false, |odd, byte| odd | is_odd(byte));
    if has_odd || html.starts_with('\u{feff}') || memmem::find(html.as_bytes(), NO_BREAK_SPACE).is_some() {
        return false;
    }
    let mut open = Open { elements: Vec::with_capacity(8), origin: "" };
    let mut rest = html;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        let (text, piece) = rest.split_at(at);
        let is_text = is_text_in(open.content(), text);
        match tag(&piece[1..], &mut open) {
            Some(after) if is_text => rest = after,
            _ => return false,
        }
    }
    is_text_in(Content::Blocks, rest) && open.elements.is_empty()
}

/// A serialiser writes it as a reference.
const NO_BREAK_SPACE: &[u8] = "\u{a0}".as_bytes();

/// Control characters that are no white space of HTML, and the one that a parser makes another of.
fn is_odd(byte: u8) -> bool {
    (byte < b' ' && byte != b'\n' && byte != b'\t') || byte == 0x7f
}

/// Whether a text may stand where `content` is held: a parser moves words that stand between rows out of the table.
fn is_text_in(content: Content, text: &str) -> bool {
    match content {
        Content::Blocks | Content::Line => is_escaped(text, &["amp;", "lt;", "gt;"]),
        _ => text.bytes().all(|byte| matches!(byte, b'\n' | b'\t' | b' ')),
    }
}

/// Whether a text has no markup and no other references than those that a serialiser writes there.
fn is_escaped(text: &str, references: &[&str]) -> bool {
    let mut rest = text;
    while let Some(at) = memchr2(b'&', b'>', rest.as_bytes()) {
        let after = &rest[at + 1..];
        if rest.as_bytes()[at] == b'>' || !references.iter().any(|known| after.starts_with(known)) {
            return false;
        }
        rest = after;
    }
    true
}

/// Reads a tag up to its end and gives what follows it, if the tag is listed and stands where it may.
fn tag<'a>(piece: &'a str, open: &mut Open<'a>) -> Option<&'a str> {
    if let Some(end) = piece.strip_prefix('/') {
        let (name, after) = end.split_once('>')?;
        return open.end(name).map(|()| after);
    }
    let (name, mut rest) = piece.split_at(piece.bytes().position(|byte| matches!(byte, b' ' | b'>'))?);
    open.start(name)?;
    let attributes = rest;
    while let Some(attribute) = rest.strip_prefix(' ') {
        let before = &attributes[..attributes.len() - rest.len()];
        let (attr, value) = attribute.split_once("=\"")?;
        let (value, after) = value.split_once('"')?;
        rest = Some(after).filter(|_| is_attribute(name, attr, value, open) && !has(before, attr))?;
    }
    let after = rest.strip_prefix('>')?;
    // A line end at the start of verbatim text is the parser's.
    (name != "pre" || !after.starts_with('\n')).then_some(after)
}

/// Whether an attribute stands among others as they are written; a parser keeps the first of two. In doubt it does, as
/// a value may read so.
fn has(attributes: &str, name: &str) -> bool {
    !attributes.is_empty()
        && memmem::find_iter(attributes.as_bytes(), name)
            .any(|at| attributes[..at].ends_with(' ') && attributes[at + name.len()..].starts_with("=\""))
}

fn is_attribute<'a>(tag: &str, name: &str, value: &'a str, open: &mut Open<'a>) -> bool {
    let of_tag =
        || ATTRIBUTES.iter().find(|(known, _)| *known == tag).is_some_and(|(_, all)| all.contains(&name));
    let is_sane = match name {
        "href" | "src" | "cite" => open.is_web(value),
        "srcset" => is_srcset(value, |address| open.is_web(address)),
        _ => true,
    };
    let is_value = is_escaped(value, &["amp;", "lt;", "gt;", "quot;"]) && !value.contains('<');
    is_sane && is_value && (of_tag() || ANYWHERE.contains(&name))
}
