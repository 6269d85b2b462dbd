//! Characters: what may stand in published text. NFC, no controls, no invisible debris, sane spaces.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Plain text for titles, names and captions: entities are already decoded by whoever parsed it; here it becomes NFC,
/// loses controls, invisible characters and what XML 1.0 forbids, and every run of white space (no-break spaces too)
/// becomes one space; none at the ends.
pub fn text(raw: &str) -> String {
    if is_orderly(raw) {
        return raw.trim_matches(' ').to_owned();
    }
    let mut out = String::with_capacity(raw.len());
    let mut after_space = true;
    fold_spaces(&tidy(raw), &mut after_space, &mut out);
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// Makes text NFC with every run of white space one space; `after_space` says whether one would come twice. Nothing in
/// the text is to be dropped.
pub(super) fn fold_text(text: &mut String, after_space: &mut bool) {
    if is_orderly(text) {
        if *after_space && text.starts_with(' ') {
            text.remove(0);
        }
        *after_space = if text.is_empty() { *after_space } else { text.ends_with(' ') };
        return;
    }
    let mut out = String::with_capacity(text.len());
    fold_spaces(&composed(text), after_space, &mut out);
    *text = out;
}

/// Whether text is sure to be in order but for a space at either end: nothing in it is to be dropped, to be composed or
/// to be folded. Told by the bytes of the letters that nearly all text here is written in; all of them are looked at, three
/// at a time, which is quicker than decoding letters and asking after each whether to go on.
pub(super) fn is_orderly(text: &str) -> bool {
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

/// Appends `raw` with every run of white space made one space; `after_space` says whether one would come twice.
fn fold_spaces(raw: &str, after_space: &mut bool, out: &mut String) {
    for (place, word) in raw.split(char::is_whitespace).enumerate() {
        if place > 0 && !*after_space {
            out.push(' ');
            *after_space = true;
        }
        if !word.is_empty() {
            out.push_str(word);
            *after_space = false;
        }
    }
}

/// NFC without what must not be published; white space stays as it is.
fn tidy(raw: &str) -> Cow<'_, str> {
    if !raw.contains(is_dropped) {
        return composed(raw);
    }
    let kept: String = raw.chars().filter(|c| !is_dropped(*c)).collect();
    Cow::Owned(composed(&kept).into_owned())
}

/// NFC without joiners that join nothing, of text in which nothing is to be dropped.
pub(super) fn composed(raw: &str) -> Cow<'_, str> {
    if raw.is_ascii() {
        return Cow::Borrowed(raw);
    }
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let mut text = nfc.normalize(raw);
    // Taking a joiner out can let its neighbours compose, which can strand another one: at most a few rounds.
    for _ in 0..4 {
        let Some(joined) = without_stray_joiners(&text) else { break };
        text = Cow::Owned(nfc.normalize(&joined).into_owned());
    }
    text
}

/// Characters that never belong into published text: controls, what XML 1.0 section 2.2 forbids or discourages,
/// invisible format characters (soft hyphen, zero-width space, word joiner, byte order mark) and the overrides and
/// isolates of Unicode's bidirectional algorithm, which would run on into a reader's own interface when unbalanced
/// (Unicode Technical Report 36, section 2.4). The plain marks U+200E and U+200F act on the spot and stay.
pub(super) fn is_dropped(c: char) -> bool {
    match c {
        ' '..='~' | '\u{AE}'..='\u{17FF}' | '\u{1E00}'..='\u{200A}' => false,
        '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' => true,
        '\u{2066}'..='\u{2069}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFC}' => true,
        c if u32::from(c) & 0xFFFE == 0xFFFE => true,
        c => c.is_control() && !c.is_whitespace(),
    }
}

/// The text without joiners that join nothing, or `None` if there are none such. Of a run of joiners one stays, and
/// only between characters that can be joined: emoji, Arabic, the Indic scripts; a zero-width non-joiner between any.
fn without_stray_joiners(text: &str) -> Option<String> {
    // By their bytes, since nearly no text has any.
    if !text.as_bytes().windows(3).any(|bytes| matches!(bytes, [0xE2, 0x80, 0x8C | 0x8D])) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut waiting = None;
    for c in text.chars() {
        if is_joiner(c) {
            waiting = waiting.or(Some(c));
            continue;
        }
        if let (Some(joiner), Some(before)) = (waiting.take(), out.chars().next_back()) {
            let fits = match joiner {
                '\u{200C}' => !before.is_whitespace() && !c.is_whitespace(),
                _ => is_joinable(before) && is_joinable(c),
            };
            if fits {
                out.push(joiner);
            }
        }
        out.push(c);
    }
    (out.len() != text.len()).then_some(out)
}

/// Zero-width non-joiner and joiner.
pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Whether a zero-width joiner beside this character means something: everything from Arabic on but Latin letters with
/// diacritics and spaces.
fn is_joinable(c: char) -> bool {
    c >= '\u{600}' && !matches!(c, '\u{1E00}'..='\u{1EFF}') && !c.is_whitespace()
}
