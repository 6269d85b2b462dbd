//! Bytes to text: which encoding a page is in, whatever it says. Pure.
//!
//! The order is that of the HTML standard (byte order mark, HTTP, `<meta>`, guess) with one rule before the labels:
//! bytes that are UTF-8, and more than ASCII, are UTF-8 whatever the label says. Text in another encoding does not pass
//! for UTF-8 by chance, while servers with a wrong default label are common. The same goes for text that is UTF-8 but
//! for a few bytes, which is what a string cut in the middle of a letter leaves behind.
//!
//! Legacy text is given in NFC, since windows-1258 writes tones as marks of their own. UTF-8 stays as it was sent: its
//! attributes hold file names, and a name in another normal form is another file. Text double-encoded on the server is
//! mended where that is certain (`mojibake`).

mod mojibake;
mod prescan;

#[cfg(test)]
mod tests;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1258};

use crate::text::nfc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Bom,
    /// The bytes are UTF-8, or UTF-16 by the look of a tag.
    Bytes,
    /// The `charset` of the HTTP header.
    Header,
    /// A `<meta>` element or an XML declaration.
    Meta,
    /// Letter statistics.
    Guess,
}

/// A page as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text; bytes that mean nothing in the encoding are U+FFFD.
    pub text: String,
    /// The encoding's name in the Encoding standard: `UTF-8`, `windows-1258`.
    pub encoding: &'static str,
    pub source: Source,
    /// Whether double encoding was undone.
    pub mended: bool,
}

/// Decodes a page. `label` is the `charset` of its `Content-Type`, `host` where it came from (its last label helps the
/// guess). Never fails: in the worst case the text holds U+FFFD.
pub fn decode(bytes: &[u8], label: Option<&str>, host: Option<&str>) -> Decoded {
    let (encoding, source) = choose(bytes, label, host);
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    // Files glued together on the server bring a mark each.
    let text = text.trim_start_matches('\u{feff}');
    let mended = if encoding == UTF_8 { mojibake::mended(text) } else { None };
    Decoded {
        encoding: encoding.name(),
        source,
        mended: mended.is_some(),
        text: mended.unwrap_or_else(|| {
            if encoding == UTF_8 || is_utf16(encoding) { text.to_owned() } else { nfc(text).into_owned() }
        }),
    }
}

fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

fn choose(bytes: &[u8], label: Option<&str>, host: Option<&str>) -> (&'static Encoding, Source) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, Source::Bom);
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return (encoding, Source::Bytes);
    }
    let header = label.and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
    if is_utf8(bytes) {
        let source = if header == Some(UTF_8) { Source::Header } else { Source::Bytes };
        return (UTF_8, source);
    }
    for (encoding, source) in declared(header, prescan::declared(bytes)) {
        if encoding == WINDOWS_1252 && guess(bytes, host) == WINDOWS_1258 {
            return (WINDOWS_1258, Source::Guess);
        }
        if fits(encoding, bytes) {
            return (encoding, source);
        }
    }
    if bytes.is_ascii() { (UTF_8, Source::Bytes) } else { (guess(bytes, host), Source::Guess) }
}

/// What was declared, the more credible first. The header goes before the page, but "ISO-8859-1" (which means
/// windows-1252) is what old servers say of everything, so a page that names something else is believed over it, and
/// so are the letters where they are Vietnamese: the two encodings differ in just those.
fn declared(
    header: Option<&'static Encoding>,
    meta: Option<&'static Encoding>,
) -> impl Iterator<Item = (&'static Encoding, Source)> {
    let header = header.map(|encoding| (encoding, Source::Header));
    let meta = meta.map(|encoding| (encoding, Source::Meta));
    let default_label = header.is_some_and(|(encoding, _)| encoding == WINDOWS_1252);
    let order = if default_label { [meta, header] } else { [header, meta] };
    order.into_iter().flatten()
}

/// Whether bytes that are not UTF-8 may be in a declared encoding: every byte means something in it. UTF-16
/// has been seen by its zeros before, so a label that names it is wrong.
fn fits(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    if encoding == UTF_8 {
        return bytes.is_ascii();
    }
    !is_utf16(encoding) && encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
}

/// Whether the bytes are UTF-8 and more than ASCII; a broken sequence in twenty whole ones is let pass.
fn is_utf8(bytes: &[u8]) -> bool {
    if Encoding::utf8_valid_up_to(bytes) == bytes.len() {
        return !bytes.is_ascii();
    }
    let (mut whole, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken * 20 <= whole
}

/// UTF-16 without a mark: a page begins with ASCII, and there every other byte is zero.
pub(super) fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [1..=0x7f, 0, 1..=0x7f, 0, ..] => Some(UTF_16LE),
        [0, 1..=0x7f, 0, 1..=0x7f, ..] => Some(UTF_16BE),
        _ => None,
    }
}

fn guess(bytes: &[u8], host: Option<&str>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let tld = host.and_then(|host| host.rsplit('.').next()).map(str::to_ascii_lowercase);
    let tld = tld.filter(|tld| !tld.is_empty() && tld.bytes().all(|byte| byte.is_ascii_lowercase()));
    detector.guess(tld.as_deref().map(str::as_bytes), Utf8Detection::Deny)
}
