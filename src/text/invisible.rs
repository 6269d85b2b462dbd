//! The characters that nobody sees: the one rule for what is published, compared and found.

/// Characters that never belong into text: controls, what XML 1.0 section 2.2 forbids or discourages, invisible format
/// characters (soft hyphen, zero-width space, word joiner, byte order mark) and the overrides and isolates of Unicode's
/// bidirectional algorithm, which would run on into a reader's own interface when unbalanced (Unicode Technical Report 36,
/// section 2.4). The plain marks U+200E and U+200F act on the spot and stay, and joiners stay where they join.
pub(crate) fn is_invisible(c: char) -> bool {
    match c {
        ' '..='~' | '\u{AE}'..='\u{17FF}' | '\u{1E00}'..='\u{200A}' => false,
        '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' => true,
        '\u{2066}'..='\u{2069}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFC}' => true,
        c if u32::from(c) & 0xFFFE == 0xFFFE => true,
        c => c.is_control() && !c.is_whitespace(),
    }
}

/// Zero-width non-joiner and joiner.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// The text without joiners that join nothing, or `None` if there are none such. Of a run of joiners one stays, and
/// only between characters that can be joined: emoji, Arabic, the Indic scripts; a zero-width non-joiner between any.
pub(super) fn without_stray_joiners(text: &str) -> Option<String> {
    // Joiners are looked for by their bytes, since nearly no text has any.
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

/// Whether a zero-width joiner beside this character means something: everything from Arabic on but Latin letters with
/// diacritics and spaces.
fn is_joinable(c: char) -> bool {
    c >= '\u{600}' && !matches!(c, '\u{1E00}'..='\u{1EFF}') && !c.is_whitespace()
}
