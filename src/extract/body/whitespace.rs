//! White space, made single while a text is copied.

/// Appends a text that is not blank, every run of white space made one space and none left at its ends.
pub(super) fn fold_space(text: &str, out: &mut String) {
    let text = text.trim_matches(is_blank);
    let bytes = text.as_bytes();
    if is_folded(bytes) {
        out.push_str(text);
        return;
    }
    let (mut copied, mut at) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        // What is white space, or begins with a byte that white space may begin with, is looked at closely.
        let is_lone_space = byte == b' ' && next > b' ' && !matches!(next, 0xc2 | 0xe1 | 0xe2 | 0xe3);
        let is_space =
            byte <= b' ' || (may_be_wide(byte, next) && text[at..].starts_with(char::is_whitespace));
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

/// Whether there is surely nothing to fold. Without a branch, so that many bytes are looked at together.
fn is_folded(bytes: &[u8]) -> bool {
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let is_odd = |(&byte, &next): (&u8, &u8)| {
        (byte < b' ') | ((byte == b' ') & (next == b' ')) | may_be_wide(byte, next)
    };
    !pairs.fold(false, |odd, pair| odd | is_odd(pair))
}

/// Whether white space of Unicode begins with these two bytes: U+0085 and U+00A0, U+1680, U+2000 to U+205F, U+3000.
fn may_be_wide(first: u8, second: u8) -> bool {
    ((first == 0xc2) & ((second == 0x85) | (second == 0xa0)))
        | ((first == 0xe1) & (second == 0x9a))
        | ((first == 0xe2) & (second & 0xfe == 0x80))
        | ((first == 0xe3) & (second == 0x80))
}

/// White space, and control characters, which are as good as.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c <= ' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_white_space_that_is_not_ascii_is_looked_at() {
        for space in ('\u{80}'..=char::MAX).filter(|c| c.is_whitespace()) {
            let bytes = space.to_string().into_bytes();
            assert!(may_be_wide(bytes[0], bytes[1]), "{space:?}");
            let mut folded = String::new();
            fold_space(&format!("{space}một{space} {space}hai {space}{space}ạ{space}\u{2019}"), &mut folded);
            assert_eq!(folded, "một hai ạ \u{2019}", "{space:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn runs_of_white_space_become_one_space(text in "[a ạ\u{a0}\u{2003}\u{3000}\u{2019}\u{1}\n\t]{0,12}") {
            let words: Vec<&str> = text.split(is_blank).filter(|word| !word.is_empty()).collect();
            let mut folded = String::new();
            fold_space(&text, &mut folded);
            proptest::prop_assert_eq!(folded, words.join(" "));
        }
    }
}
