//! White space across the pieces of inline text: every run of it is one space, however many pieces it spans.

use crate::text::{is_normal, nfc_without_stray_joiners};

/// Makes text NFC with every run of white space one space; `after_space` says whether one would come twice. Nothing in
/// the text is to be dropped.
pub(super) fn fold_text(text: &mut String, after_space: &mut bool) {
    if is_normal(text) {
        if *after_space && text.starts_with(' ') {
            text.remove(0);
        }
        *after_space = if text.is_empty() { *after_space } else { text.ends_with(' ') };
        return;
    }
    let mut out = String::with_capacity(text.len());
    fold_spaces(&nfc_without_stray_joiners(text), after_space, &mut out);
    *text = out;
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
