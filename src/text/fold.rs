//! What text is compared and found by, never published: letter case and diacritics gone.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::char_table::{CharTable, Letter, Visitor};
use super::normalize;

/// Normal form in lower case: the same name however it was typed into a computer.
pub fn lowercase_nfc(text: &str) -> String {
    normalize(text).to_lowercase()
}

/// Lower case without any mark, `đ` as `d`, `ß` as `ss`: what search, titles and the words of dates are compared by.
/// "cảng biển", "CẢNG BIỂN" and "cang bien" are one. Scripts without case or marks come back as they are. White space
/// and invisible characters are the matter of [`super::normalize()`].
pub fn strip_diacritics(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let table = CharTable::shared();
    let mut bare = Bare(String::with_capacity(text.len()));
    for line in text.split_inclusive('\n') {
        let start = bare.0.len();
        if !bare.push_known(line, table) {
            bare.0.truncate(start);
            table.read(line, &mut bare);
        }
    }
    bare.0
}

/// What was read of a text, without diacritics.
struct Bare(String);

impl Bare {
    /// Appends a line, or its beginning and says `false` if the table does not know all of its letters. For the single
    /// words that dates are looked for in this is twice as quick as [`CharTable::read`].
    fn push_known(&mut self, line: &str, table: &CharTable) -> bool {
        for letter in line.chars() {
            match table.get(letter) {
                _ if letter.is_ascii() => self.0.push(letter.to_ascii_lowercase()),
                Some(known) => self.0.push(known.bare),
                None => return false,
            }
        }
        true
    }
}

impl Visitor for Bare {
    #[inline]
    fn ascii(&mut self, letter: u8, _: &str) {
        self.0.push(char::from(letter.to_ascii_lowercase()));
    }

    #[inline]
    fn letter(&mut self, known: &Letter, _: char, _: &str) {
        self.0.push(known.bare);
    }

    fn stretch(&mut self, text: &str, _: &str) {
        self.0.push_str(&strip_by_unicode(text));
    }
}

/// What [`strip_diacritics`] says, by the definition.
pub(super) fn strip_by_unicode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in decomposed(text).chars().filter(|c| !is_mark(*c)) {
        for lower in c.to_lowercase() {
            match lower {
                'đ' => out.push('d'),
                // As Unicode's CaseFolding.txt has these two.
                'ß' => out.push_str("ss"),
                'ς' => out.push('σ'),
                lower => out.push(lower),
            }
        }
    }
    // Hangul comes apart as well and has to be put together again.
    match ComposingNormalizerBorrowed::new_nfc().normalize(&out) {
        Cow::Borrowed(_) => out,
        Cow::Owned(composed) => composed,
    }
}

/// NFD: letters and their marks apart.
pub(crate) fn decomposed(text: &str) -> Cow<'_, str> {
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
