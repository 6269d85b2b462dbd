//! Seeing at a glance that a fragment holds nothing but what the allow-list allows.
//!
//! Nearly every body is made of a few elements with a few attributes, written in the one form that [`super::write`] has.
//! Such a fragment can be told by its letters: a parser finds no tag in it but those that are read here, as each `<` begins one
//! of the list, each `&` one of the four references of a serialiser, no element is among those whose content is not
//! parsed as HTML (HTML Standard section 13.1.2), and each opened element is closed in its place. What is written in any
//! other way is not told to be bad: it is left to the sanitiser.

use memchr::{memchr, memchr2, memmem};

use super::guard::{ANYWHERE, ATTRIBUTES, TAGS};

/// Elements that are left to the sanitiser: the content of the first is raw text, and what a player may play is the
/// sanitiser's to say.
const LEFT: &[&str] = &["iframe", "audio", "source", "video"];
/// Elements without end tag.
const VOID: &[&str] = &["br", "hr", "img"];
/// What follows an ampersand.
const REFERENCES: &[&str] = &["amp;", "lt;", "gt;", "quot;"];

/// Whether a fragment surely has nothing that is not on the list.
pub(super) fn is_listed(html: &str) -> bool {
    // All of them are looked at, which is quicker than asking after each whether to go on.
    let has_odd = html.bytes().fold(false, |odd, byte| odd | is_odd(byte));
    if has_odd || memmem::find(html.as_bytes(), NO_BREAK_SPACE).is_some() {
        return false;
    }
    let mut open: Vec<&str> = Vec::with_capacity(8);
    let mut rest = html;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        let (text, piece) = rest.split_at(at);
        match tag(&piece[1..], &mut open) {
            Some(after) if is_text(text) => rest = after,
            _ => return false,
        }
    }
    is_text(rest) && open.is_empty()
}

/// A serialiser writes it as a reference.
const NO_BREAK_SPACE: &[u8] = "\u{a0}".as_bytes();

/// Control characters that are no white space of HTML, and the one that a parser makes another of.
fn is_odd(byte: u8) -> bool {
    (byte < b' ' && byte != b'\n' && byte != b'\t') || byte == 0x7f
}

/// Whether a text has no markup and no other references than a serialiser writes.
fn is_text(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = memchr2(b'&', b'>', rest.as_bytes()) {
        let after = &rest[at + 1..];
        if rest.as_bytes()[at] == b'>' || !REFERENCES.iter().any(|known| after.starts_with(known)) {
            return false;
        }
        rest = after;
    }
    true
}

/// Reads a tag up to its end and gives what follows it, if the tag is listed and stands where it may.
fn tag<'a>(piece: &'a str, open: &mut Vec<&'a str>) -> Option<&'a str> {
    if let Some(end) = piece.strip_prefix('/') {
        let (name, after) = end.split_once('>')?;
        return (open.pop() == Some(name)).then_some(after);
    }
    let (name, mut rest) = piece.split_at(piece.bytes().position(|byte| matches!(byte, b' ' | b'>'))?);
    if name != "p" && (TAGS.binary_search(&name).is_err() || LEFT.contains(&name)) {
        return None;
    }
    while let Some(attribute) = rest.strip_prefix(' ') {
        let (attr, value) = attribute.split_once("=\"")?;
        let (value, after) = value.split_once('"')?;
        rest = Some(after).filter(|_| is_attribute(name, attr, value))?;
    }
    let after = rest.strip_prefix('>')?;
    if !VOID.contains(&name) {
        open.push(name);
    }
    // A line end at the start of verbatim text is the parser's.
    (name != "pre" || !after.starts_with('\n')).then_some(after)
}

fn is_attribute(tag: &str, name: &str, value: &str) -> bool {
    let of_tag =
        || ATTRIBUTES.iter().find(|(known, _)| *known == tag).is_some_and(|(_, all)| all.contains(&name));
    let is_sane = match name {
        "href" | "src" | "cite" => is_web(value),
        "srcset" => value.split(", ").all(|entry| is_web(entry.split(' ').next().unwrap_or_default())),
        _ => true,
    };
    let is_value = is_text(value) && !value.contains('<');
    is_sane && is_value && (of_tag() || ANYWHERE.contains(&name))
}

/// Whether a value is an http(s) address as a parsed URL is written.
fn is_web(value: &str) -> bool {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_alphanumeric())
            && rest.bytes().all(|byte| byte.is_ascii_graphic())
    })
}
