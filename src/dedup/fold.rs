//! Folding Vietnamese text: never for what is published, only for comparing and finding.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// NFC, lower case, white space collapsed: the same name however it was typed into a computer.
pub fn spoken(text: &str) -> String {
    collapse(&ComposingNormalizerBorrowed::new_nfc().normalize(text).to_lowercase())
}

/// NFC with white space collapsed; case and marks stay, since readers see them: what counts as the same published
/// words.
pub fn written(text: &str) -> String {
    collapse(&ComposingNormalizerBorrowed::new_nfc().normalize(text))
}

/// Lower case without any mark, `đ` as `d`: what search compares. "cảng biển", "CẢNG BIỂN" and "cang bien" are one.
pub fn searchable(text: &str) -> String {
    apart(&text.to_lowercase())
        .chars()
        .filter(|letter| !is_mark(*letter))
        .map(|letter| if letter == 'đ' { 'd' } else { letter })
        .collect()
}

/// NFD: letters and their marks apart.
pub(super) fn apart(text: &str) -> Cow<'_, str> {
    DecomposingNormalizerBorrowed::new_nfd().normalize(text)
}

/// The combining marks that Vietnamese letters decompose into all stand in this block.
pub(super) fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// The five tone marks: grave, acute, tilde, hook above, dot below. Circumflex, breve and horn make other letters.
pub(super) fn is_tone(letter: char) -> bool {
    matches!(letter, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
