//! The encoding that a page names in itself (HTML standard, "prescan a byte stream to determine its encoding").

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far is looked. The standard says 1024 bytes; pages that put scripts first put the element later.
const PRESCAN_BYTES: usize = 4096;

/// The encoding named by the first `<meta>` that names one, or by an XML declaration.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN_BYTES)];
    if let Some(declaration) = xml_declaration(head) {
        return for_label(declaration);
    }
    let mut at = 0;
    while let Some(found) = find(&head[at..], b"<") {
        let tag = &head[at + found..];
        at += found + 1;
        if tag.starts_with(b"<!--") {
            // "<!-->" is a whole comment, so the search starts at its own dashes.
            at += 1 + find(&tag[2..], b"-->")? + 3;
        } else if let Some(attributes) = meta_attributes(tag)
            && let Some(label) = label_of(attributes)
        {
            return for_label(label);
        }
    }
    None
}

fn for_label(label: &[u8]) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label_no_replacement(label)?;
    // The page was read byte by byte, so it is not UTF-16; `x-user-defined` is a script's trick.
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return Some(UTF_8);
    }
    if encoding.name() == "x-user-defined" { Some(WINDOWS_1252) } else { Some(encoding) }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn find_ignoring_case(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))
}

fn xml_declaration(head: &[u8]) -> Option<&[u8]> {
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..find(declaration, b"?>")?];
    let value = &declaration[find(declaration, b"encoding")? + b"encoding".len()..];
    value_after_equals(value)
}

/// What follows `<meta` up to the end of the tag or of what is looked at.
fn meta_attributes(tag: &[u8]) -> Option<&[u8]> {
    let (name, rest) = tag.split_at_checked(b"<meta".len())?;
    (name.eq_ignore_ascii_case(b"<meta") && rest.first().is_some_and(|byte| is_space(*byte) || *byte == b'/'))
        .then_some(rest)
}

fn label_of(attributes: &[u8]) -> Option<&[u8]> {
    let (mut charset, mut content, mut pragma) = (None, None, false);
    for (name, value) in Attributes(attributes) {
        match name.to_ascii_lowercase().as_slice() {
            b"charset" => charset = charset.or(Some(value)),
            b"content" => content = content.or_else(|| charset_in(value)),
            b"http-equiv" => pragma = value.eq_ignore_ascii_case(b"content-type"),
            _ => {}
        }
    }
    charset.or(content.filter(|_| pragma))
}

/// The label in `text/html; charset=…`.
fn charset_in(content: &[u8]) -> Option<&[u8]> {
    let found = find_ignoring_case(content, b"charset")?;
    value_after_equals(&content[found + b"charset".len()..])
}

fn value_after_equals(text: &[u8]) -> Option<&[u8]> {
    let value = trim_start(text).strip_prefix(b"=").map(trim_start)?;
    match value.first()? {
        quote @ (b'"' | b'\'') => {
            let inside = &value[1..];
            Some(&inside[..inside.iter().position(|byte| byte == quote)?])
        }
        _ => Some(
            &value[..value.iter().position(|byte| is_space(*byte) || *byte == b';').unwrap_or(value.len())],
        ),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn trim_start(text: &[u8]) -> &[u8] {
    &text[text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len())..]
}

/// Name and value of each attribute up to `>` (HTML standard, "get an attribute").
struct Attributes<'a>(&'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.0.iter().position(|byte| !is_space(*byte) && *byte != b'/')?;
        let rest = &self.0[start..];
        if rest.starts_with(b">") {
            return None;
        }
        let end = |byte: &u8| is_space(*byte) || matches!(*byte, b'=' | b'/' | b'>');
        // A stray "=" at the start belongs to the name, as in the standard.
        let name_end = rest[1..].iter().position(end).map_or(rest.len(), |at| at + 1);
        let (name, rest) = rest.split_at(name_end);
        let Some(value) = trim_start(rest).strip_prefix(b"=").map(trim_start) else {
            self.0 = rest;
            return Some((name, b""));
        };
        let (value, rest) = match value.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let inside = &value[1..];
                let close = inside.iter().position(|byte| byte == quote)?;
                (&inside[..close], &inside[close + 1..])
            }
            _ => value.split_at(
                value.iter().position(|byte| is_space(*byte) || *byte == b'>').unwrap_or(value.len()),
            ),
        };
        self.0 = rest;
        Some((name, value))
    }
}
