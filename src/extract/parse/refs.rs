//! Plain character references, decoded without html5ever's tokenizer, which takes a step for each of their characters.

use html5ever::tendril::StrTendril;

/// The names that are met on most pages. All others, and all without a semicolon, are left to the tokenizer.
const NAMES: [(&str, char); 16] = [
    ("amp", '&'),
    ("quot", '"'),
    ("nbsp", '\u{a0}'),
    ("lt", '<'),
    ("gt", '>'),
    ("raquo", '»'),
    ("laquo", '«'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("bull", '•'),
    ("copy", '©'),
];
/// References are no longer, without ampersand and semicolon.
const LONGEST: usize = 8;

/// Decodes a text or value; `None` if it holds what may be a reference that is not plain. The text may not be cut within
/// a reference.
pub(super) fn decoded(text: &str) -> Option<StrTendril> {
    let mut out = StrTendril::with_capacity(u32::try_from(text.len()).ok()?);
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_slice(&rest[..at]);
        rest = &rest[at + 1..];
        // HTML Standard, section 13.2.5.72: anything else after an ampersand makes it one.
        if !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#') {
            out.push_char('&');
            continue;
        }
        let end = rest.bytes().take(LONGEST + 1).position(|byte| byte == b';')?;
        out.push_char(referred(&rest[..end])?);
        rest = &rest[end + 1..];
    }
    out.push_slice(rest);
    Some(out)
}

fn referred(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Controls stand for other characters (section 13.2.5.80).
    number.parse().ok().and_then(char::from_u32).filter(|c| !c.is_control())
}
