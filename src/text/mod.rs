//! Letters and words: what form text is kept and compared in, and which characters nobody sees.
//!
//! Vietnamese reaches us composed and decomposed ("dựng sẵn" and "tổ hợp"), windows-1258 even half and half, and both
//! look alike; everything that is compared or published passes through here first.

mod char_table;
mod fold;
mod invisible;
mod normalize;
#[cfg(test)]
mod tests;

pub(crate) use char_table::{CharTable, Letter, Visitor};
pub(crate) use fold::{decomposed, is_mark, is_tone};
pub use fold::{lowercase_nfc, strip_diacritics};
pub(crate) use invisible::{is_invisible, is_joiner};
pub(crate) use normalize::{is_normal, nfc_without_stray_joiners, normalize_to};
pub use normalize::{nfc, normalize};

/// As [`char::is_alphanumeric`], quickly for Latin letters: it is asked for every letter of a page.
pub fn is_letter_or_digit(c: char) -> bool {
    match c {
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        '×' | '÷' => false,
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => true,
        _ => c.is_alphanumeric(),
    }
}
