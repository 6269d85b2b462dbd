//! Normal form, diacritics, and what nobody sees.

use super::fold::strip_by_unicode;
use super::*;

#[test]
fn titles_become_plain() {
    assert_eq!(normalize(" \u{feff}Tie\u{302}\u{301}ng\u{a0}\u{200b} Việt\u{ad}\u{1f} "), "Tiếng Việt");
    assert_eq!(
        normalize("👩\u{200d}👧 a\u{200d}b می\u{200c}خواهم \u{200c}"),
        "👩\u{200d}👧 ab می\u{200c}خواهم"
    );
    assert_eq!(normalize("\u{202e}abc\u{2066}\u{200f}"), "abc\u{200f}");
    assert_eq!(normalize("\u{fffe}\u{10ffff}\u{0}"), "");
}

#[test]
fn orderly_text_is_what_nothing_is_done_to() {
    for c in '\0'..=char::MAX {
        if is_normal(&format!("a{c}b")) {
            for text in [format!("{c}"), format!("e{c}"), format!("{c}{c}o")] {
                assert_eq!(nfc(&text), text, "{c:?}");
            }
            assert!(!is_invisible(c) && !is_joiner(c), "{c:?}");
            assert!(c == ' ' || !c.is_whitespace(), "{c:?}");
        }
    }
    assert!(is_normal(" Tiếng Việt – “tốt”… ") && !is_normal("hai  dấu cách"));
}

#[test]
fn search_folds_everything() {
    for text in ["Cảng BIỂN", "cang bien", "CẢNG biển", "ca\u{309}ng bie\u{302}\u{309}n"] {
        assert_eq!(strip_diacritics(text), "cang bien");
    }
    assert_eq!(strip_diacritics("Đường Đà Nẵng"), "duong da nang");
}

#[test]
fn both_ways_to_write_vietnamese_are_one() {
    assert_eq!(normalize("  Tha\u{300}nh\u{a0}phô\u{301}\n Hải Phòng\u{200b} "), "Thành phố Hải Phòng");
    assert_eq!(strip_diacritics("Thứ Bảy, Đường"), "thu bay, duong");
    assert_eq!(strip_diacritics("수요일"), "수요일");
}

proptest::proptest! {
    #[test]
    fn bare_is_what_its_definition_says(text in "[ -~À-ỹ\\u{300}-\\u{36f}‐-‧ß수요일я\\u{5b0}]{0,20}") {
        proptest::prop_assert_eq!(strip_diacritics(&text), strip_by_unicode(&text));
    }
}

#[test]
fn the_quick_look_at_a_letter_says_what_unicode_says() {
    for c in char::MIN..=char::MAX {
        assert_eq!(is_letter_or_digit(c), c.is_alphanumeric(), "{c:?}");
    }
}
