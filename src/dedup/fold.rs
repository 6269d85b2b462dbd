//! Folding Vietnamese text: never for what is published, only for comparing and finding.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// NFC, lower case, white space collapsed: the same words however they were typed into a computer.
pub fn spoken(text: &str) -> String {
    collapse(&ComposingNormalizerBorrowed::new_nfc().normalize(text).to_lowercase())
}

/// NFC with white space collapsed; case and marks stay: what counts as the same published words.
pub fn written(text: &str) -> String {
    collapse(&ComposingNormalizerBorrowed::new_nfc().normalize(text))
}

/// Lower case without any mark, `đ` as `d`: what search compares.
pub fn searchable(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfd()
        .normalize(&text.to_lowercase())
        .chars()
        .filter(|letter| !('\u{300}'..='\u{36f}').contains(letter))
        .map(|letter| if letter == 'đ' { 'd' } else { letter })
        .collect()
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
