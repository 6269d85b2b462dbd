//! White space, folded while a text is copied.

/// Appends a text that is not blank, every run of white space made one space and none left at its ends.
pub(super) fn fold_space(text: &str, out: &mut String) {
    let text = text.trim_matches(is_blank);
    let bytes = text.as_bytes();
    let (mut copied, mut at) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        // Of what is not ASCII only characters with these first bytes can be white space.
        let may_be_wide = |byte: u8| matches!(byte, 0xc2 | 0xe1 | 0xe2 | 0xe3);
        let is_lone_space =
            byte == b' ' && bytes.get(at + 1).is_some_and(|next| *next > b' ' && !may_be_wide(*next));
        let is_space = byte <= b' ' || (may_be_wide(byte) && text[at..].starts_with(char::is_whitespace));
        if is_lone_space || !is_space {
            at += 1;
            continue;
        }
        out.push_str(&text[copied..at]);
        out.push(' ');
        at = bytes.len() - text[at..].trim_start_matches(is_blank).len();
        copied = at;
    }
    out.push_str(&text[copied..]);
}

/// White space, and control characters, which are as good as.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c <= ' '
}
