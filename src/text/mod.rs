//! Letters and words: normal form, white space, diacritics.
//!
//! Vietnamese reaches us composed and decomposed ("dựng sẵn" and "tổ hợp"), windows-1258 even half and half, and both
//! look alike; everything that is compared or published passes through here first.

use std::borrow::Cow;
use std::sync::LazyLock;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// NFC without a copy where the text is ASCII or composed already.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Visible text as one line: NFC, every run of white space and control characters one space, none at the ends; soft
/// hyphens, zero-width spaces and byte order marks gone. Typographic marks stay as they are.
pub fn fold(text: &str) -> String {
    let composed = nfc(text);
    let mut out = String::with_capacity(composed.len());
    let mut space = false;
    for c in composed.chars() {
        match c {
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            c if c.is_whitespace() || c.is_control() => space = true,
            c => {
                if space && !out.is_empty() {
                    out.push(' ');
                }
                space = false;
                out.push(c);
            }
        }
    }
    out
}

/// As [`char::is_alphanumeric`], quickly for Latin letters: it is asked for every letter of a page.
pub fn is_letter_or_digit(c: char) -> bool {
    match c {
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        '×' | '÷' => false,
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => true,
        _ => c.is_alphanumeric(),
    }
}

/// For comparing only: lower case, without diacritics, `đ` as `d`. Scripts without case or marks come back as they are.
pub fn strip_diacritics(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            // Dashes, quotation marks and the like.
            '\u{2010}'..='\u{2027}' => out.push(c),
            _ => match LATIN.bare(c) {
                Some(bare) => out.push(bare),
                None => return bare_by_unicode(text),
            },
        }
    }
    out
}

/// What [`strip_diacritics`] says, by the definition.
fn bare_by_unicode(text: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    let mut out = String::with_capacity(text.len());
    for c in decomposed.chars().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')) {
        match c {
            'đ' | 'Đ' => out.push('d'),
            'ß' => out.push_str("ss"),
            c => out.extend(c.to_lowercase()),
        }
    }
    // Hangul comes apart in NFD as well and has to be put together again.
    match ComposingNormalizerBorrowed::new_nfc().normalize(&out) {
        Cow::Borrowed(_) => out,
        Cow::Owned(composed) => composed,
    }
}

/// Latin letters that are one letter without their diacritics: looked up, since titles are compared many times.
struct Latin(Vec<Option<char>>);

static LATIN: LazyLock<Latin> = LazyLock::new(|| {
    let bare = |c: char| {
        let bare = bare_by_unicode(c.encode_utf8(&mut [0; 4]));
        let mut letters = bare.chars();
        letters.next().filter(|_| letters.next().is_none())
    };
    Latin(('\0'..='\u{24f}').chain('\u{1e00}'..='\u{1eff}').map(bare).collect())
});

impl Latin {
    fn bare(&self, c: char) -> Option<char> {
        let at = match c {
            '\0'..='\u{24f}' => c as usize,
            '\u{1e00}'..='\u{1eff}' => c as usize - 0x1e00 + 0x250,
            _ => return None,
        };
        self.0[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_write_vietnamese_are_one() {
        assert_eq!(fold("  Tha\u{300}nh\u{a0}phô\u{301}\n Hải Phòng\u{200b} "), "Thành phố Hải Phòng");
        assert_eq!(strip_diacritics("Thứ Bảy, Đường"), "thu bay, duong");
        assert_eq!(strip_diacritics("수요일"), "수요일");
    }

    proptest::proptest! {
        #[test]
        fn bare_is_what_its_definition_says(text in "[ -~À-ỹ\\u{300}-\\u{36f}‐-‧ß수요일я\\u{5b0}]{0,20}") {
            proptest::prop_assert_eq!(strip_diacritics(&text), bare_by_unicode(&text));
        }
    }

    #[test]
    fn the_quick_look_at_a_letter_says_what_unicode_says() {
        for c in char::MIN..=char::MAX {
            assert_eq!(is_letter_or_digit(c), c.is_alphanumeric(), "{c:?}");
        }
    }
}
