//! Unit tests.

use super::kind::check_page;

#[test]
fn what_looks_like_a_page_is_one() {
    for (kind, body) in [
        ("text/html; charset=utf-8", "chỉ có chữ"),
        ("text/html", ""),
        ("text/html", "<title>Chùa\u{b} Vẽ\u{1f}</title>"),
        ("application/xhtml+xml", "<?xml version=\"1.0\"?><html>"),
        ("text/plain", "<p>"),
        ("", "  <!DOCTYPE HTML><p>"),
        ("", "<!-- x --><html>"),
        ("", "\u{feff}<html lang=vi>"),
        ("application/octet-stream", "<HTML>"),
        ("text/xml", "<?xml version=\"1.0\"?>\n<!DOCTYPE html>"),
        ("application/xml", "<html xmlns='http://www.w3.org/1999/xhtml'>"),
    ] {
        assert_eq!(check_page(kind, body.as_bytes()), Ok(()), "{kind}: {body}");
    }
    let utf16: Vec<u8> = "<html>ạ".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(check_page("text/html", &utf16), Ok(()));
    assert_eq!(check_page("", &utf16), Ok(()));
}

#[test]
fn what_does_not_is_none() {
    for (kind, body) in [
        ("text/html", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..]),
        ("text/html", b"\x1f\x8b\x08\0\0\0\0\0"),
        ("text/html", b"%PDF-1.7\n"),
        ("", b"{\"a\":1}"),
        ("", b"<address>x"),
        ("", b"<rss version=\"2.0\">"),
        ("application/xml", b"<?xml version=\"1.0\"?><urlset>"),
        ("application/octet-stream", b"MZ\x90\0\x03\0\0\0"),
        ("image/svg+xml", b"<svg>"),
        ("video/mp4", b"<html>"),
    ] {
        assert!(check_page(kind, body).is_err(), "{kind}: {body:?}");
    }
}
