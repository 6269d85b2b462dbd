//! Folding Vietnamese text: never for what is published, only for comparing and finding.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::letters::{Letter, Letters, Read, all_bytes, is_within};

/// NFC, lower case, white space collapsed: the same name however it was typed into a computer.
pub fn spoken(text: &str) -> String {
    let lower = ComposingNormalizerBorrowed::new_nfc().normalize(text).to_lowercase();
    let mut out = String::with_capacity(lower.len());
    for word in lower.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// NFC with white space collapsed; case and marks stay, since readers see them: what counts as the same published
/// words.
pub fn written(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    written_to(text, |piece| out.push_str(piece));
    out
}

/// What [`written`] gives, piece by piece.
pub(crate) fn written_to(text: &str, mut take: impl FnMut(&str)) {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let mut is_first = true;
    // NFC never joins anything with a line end.
    for line in text.split('\n') {
        let mut separated = |piece: &str| {
            if !std::mem::take(&mut is_first) {
                take(" ");
            }
            take(piece);
        };
        if is_written(line) {
            if !line.is_empty() {
                separated(line);
            }
        } else {
            nfc.normalize(line).split_whitespace().for_each(separated);
        }
    }
}

/// Whether a line is as [`written`] would have it; some that are go unrecognised. Spaces stand alone in it and between
/// other letters, and of these NFC keeps all whatever stands around them: it knows ASCII, U+00A1 to U+023F, U+1E00 to
/// U+1EFF, and the dashes, quotes and dots from U+2010 to U+2027.
fn is_written(line: &str) -> bool {
    let is_apart = !line.starts_with(' ') && !line.ends_with(' ');
    is_apart
        && all_bytes(line, |[byte, second, third]| {
            ((byte == b' ') & (second != b' '))
                | is_within(byte, 0x21, 0x7e)
                | is_within(byte, 0x80, 0xbf)
                | ((byte == 0xc2) & (second > 0xa0))
                | is_within(byte, 0xc3, 0xc8)
                | ((byte == 0xe1) & is_within(second, 0xb8, 0xbb))
                | ((byte == 0xe2) & (second == 0x80) & is_within(third, 0x90, 0xa7))
        })
}

/// Lower case without any mark, `đ` as `d`: what search compares. "cảng biển", "CẢNG BIỂN" and "cang bien" are one.
pub fn searchable(text: &str) -> String {
    // The lower case of Σ depends on the letters around it.
    if text.contains('Σ') {
        return bare(&text.to_lowercase());
    }
    let mut bare = Bare(String::with_capacity(text.len()));
    Letters::table().read(text, &mut bare);
    bare.0
}

/// What was read of a text, as search has it.
struct Bare(String);

impl Read for Bare {
    #[inline]
    fn ascii(&mut self, letter: u8, _: &str) {
        self.0.push(char::from(letter.to_ascii_lowercase()));
    }

    #[inline]
    fn letter(&mut self, known: &Letter, _: char, _: &str) {
        self.0.push(known.bare);
    }

    fn stretch(&mut self, text: &str, _: &str) {
        self.0.push_str(&bare(&text.to_lowercase()));
    }
}

/// A text in lower case without its marks.
pub(crate) fn bare(lower: &str) -> String {
    apart(lower)
        .chars()
        .filter(|letter| !is_mark(*letter))
        .map(|letter| if letter == 'đ' { 'd' } else { letter })
        .collect()
}

/// NFD: letters and their marks apart.
pub(crate) fn apart(text: &str) -> Cow<'_, str> {
    DecomposingNormalizerBorrowed::new_nfd().normalize(text)
}

/// The combining marks that Vietnamese letters decompose into all stand in this block.
pub(crate) fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// The five tone marks: grave, acute, tilde, hook above, dot below. Circumflex, breve and horn make other letters.
pub(crate) fn is_tone(letter: char) -> bool {
    matches!(letter, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}
