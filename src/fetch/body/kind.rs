//! Whether a body is a page for people (after the MIME Sniffing standard, mimesniff.spec.whatwg.org).

use super::super::charset::unmarked_utf16;
use super::super::headers::essence;
use super::super::trouble::Trouble;
use crate::model::Cause;

/// How many bytes are looked at: the "resource header" of the standard, section 5.2.
const SNIFFED_BYTES: usize = 1445;

/// Tags a document may begin with, from section 7.1 of the standard, with those that its XHTML cousins begin with.
const OPENINGS: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a",
    "<style",
    "<title",
    "<b",
    "<body",
    "<br",
    "<p",
    "<!--",
    "<meta",
    "<link",
    "<section",
    "<article",
    "<main",
];

/// Whether a body can be read as HTML, given its `Content-Type` (lower case, empty if none). A type that says HTML or
/// text is believed unless the bytes are binary; one that says nothing (`application/octet-stream`, XML, no type) has
/// to look like HTML; any other is refused.
pub(crate) fn check_page(content_type: &str, body: &[u8]) -> Result<(), Trouble> {
    let head = &body[..body.len().min(SNIFFED_BYTES)];
    let kind = essence(content_type);
    match kind {
        "text/html" | "application/xhtml+xml" | "text/plain" if !is_binary(head) => Ok(()),
        "" | "application/octet-stream" | "text/xml" | "application/xml" | "unknown/unknown" | "*/*"
            if looks_like_html(head) =>
        {
            Ok(())
        }
        "text/html" | "application/xhtml+xml" | "text/plain" | "" | "application/octet-stream" => {
            Err(Trouble::unreadable(
                Cause::WrongType,
                format!("{} where a page was expected", say(kind, is_binary(head))),
            ))
        }
        _ => Err(Trouble::unreadable(Cause::WrongType, format!("{kind} where a page was expected"))),
    }
}

fn say(kind: &str, binary: bool) -> String {
    let what = if binary { "binary content" } else { "no HTML" };
    if kind.is_empty() { format!("{what} without a content type") } else { format!("{what} sent as {kind}") }
}

/// Whether it is no text: bytes that no text holds (section 3, "binary data byte") beyond a few. The standard stops at
/// the first, but titles pasted from a word processor bring a vertical tab along, and are titles all the same.
fn is_binary(head: &[u8]) -> bool {
    if is_utf16(head) {
        return false;
    }
    let binary = |byte: &&u8| matches!(byte, 0x00..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    let count = head.iter().filter(binary).count();
    head.starts_with(b"%PDF-") || (count > 2 && count * 50 > head.len())
}

fn is_utf16(head: &[u8]) -> bool {
    matches!(head, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) || unmarked_utf16(head).is_some()
}

fn looks_like_html(head: &[u8]) -> bool {
    if is_binary(head) {
        return false;
    }
    // Dropping the zero bytes of UTF-16 leaves what the tags are compared with.
    let plain: Vec<u8> = head.iter().copied().filter(|byte| byte.is_ascii() && *byte != 0).collect();
    let text = String::from_utf8_lossy(&plain).to_ascii_lowercase();
    let text = text.trim_start();
    if text.starts_with("<?xml") {
        return text.contains("<html") || text.contains("<!doctype html");
    }
    OPENINGS.iter().any(|opening| {
        text.strip_prefix(opening).is_some_and(|rest| {
            *opening == "<!--" || rest.starts_with(|c: char| c == '>' || c.is_whitespace())
        })
    })
}
