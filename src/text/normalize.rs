//! Normal form: NFC, nothing invisible, every run of white space one space.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use super::invisible::{is_invisible, without_stray_joiners};

/// NFC without a copy where the text is ASCII or composed already.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Text as one line as people see it, for titles, names and captions, and for comparing what was published: NFC, without
/// controls, invisible characters and what XML 1.0 forbids; every run of white space (no-break spaces too) is one space,
/// and none stands at the ends. Case, marks and typographic signs stay, since readers see them. Entities are already
/// decoded by whoever parsed it.
pub fn normalize(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    normalize_to(raw, |piece| out.push_str(piece));
    out
}

/// What [`normalize`] gives, piece by piece.
pub(crate) fn normalize_to(raw: &str, mut take: impl FnMut(&str)) {
    let mut is_first = true;
    // NFC never joins anything with a line end, nor does a joiner.
    for line in raw.split('\n') {
        let mut separated = |piece: &str| {
            if !std::mem::take(&mut is_first) {
                take(" ");
            }
            take(piece);
        };
        if is_normal(line) {
            match line.trim_matches(' ') {
                "" => {}
                line => separated(line),
            }
        } else {
            visible(line).split_whitespace().for_each(separated);
        }
    }
}

/// Whether text is sure to be in normal form but for a space at either end: nothing in it is to be dropped, to be composed
/// or to be folded. Told by the bytes of the letters that nearly all text here is written in; all of them are looked at,
/// three at a time, which is quicker than decoding letters and asking after each whether to go on.
pub(crate) fn is_normal(text: &str) -> bool {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'.');
    let after = |count: usize| bytes.get(count..).unwrap_or_default();
    let starts_odd = is_odd(b'.', b'.', byte(0)) | is_odd(b'.', byte(0), byte(1));
    let threes = bytes.iter().zip(after(1)).zip(after(2));
    !threes.fold(starts_odd, |odd, ((a, b), c)| odd | is_odd(*a, *b, *c))
}

/// Whether a byte of UTF-8, given the two before it, may belong to anything else than characters that stay as they are
/// whatever stands around them: ASCII with single spaces, Latin letters, and of the general punctuation (`E2 80`) what is
/// neither space nor invisible.
fn is_odd(first: u8, second: u8, third: u8) -> bool {
    let is_control = (third < b' ') | (third == 0x7F);
    let is_twice = (second == b' ') & (third == b' ');
    let is_other = (third >= 0xC0) & !matches!(third, 0xC2..=0xCB | 0xE1 | 0xE2);
    let is_latin_1 = (second == 0xC2) & ((third <= 0xA0) | (third == 0xAD));
    let is_other_block =
        ((second == 0xE1) & !matches!(third, 0xB8..=0xBB)) | ((second == 0xE2) & (third != 0x80));
    let is_invisible = (first == 0xE2) & !matches!(third, 0x90..=0xA7 | 0xB0..=0xBF);
    is_control | is_twice | is_other | is_latin_1 | is_other_block | is_invisible
}

/// NFC without what is invisible; white space stays as it is.
fn visible(raw: &str) -> Cow<'_, str> {
    if !raw.contains(is_invisible) {
        return nfc_without_stray_joiners(raw);
    }
    let kept: String = raw.chars().filter(|c| !is_invisible(*c)).collect();
    Cow::Owned(nfc_without_stray_joiners(&kept).into_owned())
}

/// NFC without joiners that join nothing, of text in which nothing is invisible.
pub(crate) fn nfc_without_stray_joiners(raw: &str) -> Cow<'_, str> {
    let mut text = nfc(raw);
    // Taking a joiner out can let its neighbours compose, which can strand another one: at most a few rounds.
    for _ in 0..4 {
        let Some(joined) = without_stray_joiners(&text) else { break };
        text = Cow::Owned(nfc(&joined).into_owned());
    }
    text
}
