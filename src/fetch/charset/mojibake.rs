//! Text that was UTF-8, was read as Latin-1 or windows-1252, and was written as UTF-8 again: "Táº¡i" for "Tại".
//!
//! It is undone only where it is certain: every character of the page that is not ASCII stands for one byte, and all
//! those bytes together are UTF-8 with at least [`CERTAIN`] letters. Right text fails the first test at its first
//! Vietnamese letter (U+1EA1 stands for no byte) and the second at its first French or German one ("é" before a
//! consonant is no UTF-8). A page that is only partly double-encoded is left alone, since there the right part would be
//! harmed by the same guess that mends the wrong one.

use encoding_rs::WINDOWS_1252;

/// Letters that have to come out of it before it is believed; a page that quotes "Ã©" as a curiosity has fewer.
const CERTAIN: usize = 8;
/// How often a text has been seen to be encoded over.
const ROUNDS: usize = 2;

/// The text as it was meant, or `None` if nothing is to be mended.
pub(super) fn mended(text: &str) -> Option<String> {
    let mut mended = once(text)?;
    for _ in 1..ROUNDS {
        match once(&mended) {
            Some(again) => mended = again,
            None => break,
        }
    }
    Some(mended)
}

fn once(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Vec<u8> = text.chars().map(byte_of).collect::<Option<_>>()?;
    let mended = String::from_utf8(bytes).ok()?;
    let letters = mended.chars().filter(|c| !c.is_ascii()).count();
    (letters >= CERTAIN).then_some(mended)
}

/// The byte that a character stands for, in Latin-1 (which has control characters at 0x80 to 0x9F) or in windows-1252
/// (which has letters and quotes there).
fn byte_of(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    (!unmappable).then(|| bytes.first().copied()).flatten()
}
