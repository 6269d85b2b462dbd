//! Unit tests.

use encoding_rs::{EUC_JP, GBK, SHIFT_JIS, WINDOWS_1252, WINDOWS_1258};
use icu_normalizer::DecomposingNormalizerBorrowed;

use super::prescan::declared;
use super::*;

const TEXT: &str = "Lễ khánh thành Công trình cầu Hoàng Gia kết nối Thành phố Hải Phòng với Thị xã Quảng Yên, \
                    tỉnh Quảng Ninh; Ủy viên Trung ương Đảng, Bí thư Thành ủy dự lễ.";
const VN: Option<&str> = Some("thanhphohaiphong.gov.vn");

/// Text as windows-1258 has it: composed vowels, with their tones as marks of their own.
fn windows_1258(text: &str) -> Vec<u8> {
    let tones = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
    let mut spread = String::new();
    for c in text.chars() {
        let apart =
            DecomposingNormalizerBorrowed::new_nfd().normalize(c.encode_utf8(&mut [0; 4])).into_owned();
        let letter: String = apart.chars().filter(|part| !tones.contains(part)).collect();
        spread.push_str(&nfc(&letter));
        spread.extend(apart.chars().filter(|part| tones.contains(part)));
    }
    let (bytes, _, unmappable) = WINDOWS_1258.encode(&spread);
    assert!(!unmappable, "{spread}");
    bytes.into_owned()
}

fn page(meta: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"vi\"><head>{meta}<title>Tin</title></head><body><p>{TEXT}</p></body></html>"
    )
}

#[track_caller]
fn reads(bytes: &[u8], label: Option<&str>, expected: &str, encoding: &str, source: Source) {
    let decoded = decode(bytes, label, VN);
    assert_eq!(decoded.text, expected);
    assert_eq!((decoded.encoding, decoded.source, decoded.mended), (encoding, source, false));
}

#[test]
fn utf8_is_utf8_whatever_the_label_says() {
    let plain = page("");
    reads(plain.as_bytes(), Some("utf-8"), &plain, "UTF-8", Source::Header);
    reads(plain.as_bytes(), Some("UTF8"), &plain, "UTF-8", Source::Header);
    for wrong in ["iso-8859-1", "windows-1252", "windows-1258", "us-ascii", "gbk", "utf-16", "no-such-thing"]
    {
        reads(plain.as_bytes(), Some(wrong), &plain, "UTF-8", Source::Bytes);
        let lying = page(&format!("<meta charset={wrong}>"));
        reads(lying.as_bytes(), None, &lying, "UTF-8", Source::Bytes);
    }
    reads(plain.as_bytes(), None, &plain, "UTF-8", Source::Bytes);
}

#[test]
fn a_mark_at_the_start_decides_and_goes() {
    let plain = page("<meta charset=windows-1258>");
    let marked = format!("\u{feff}\u{feff}{plain}");
    reads(marked.as_bytes(), Some("iso-8859-1"), &plain, "UTF-8", Source::Bom);
    let little: Vec<u8> = format!("\u{feff}{plain}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    reads(&little, Some("utf-8"), &plain, "UTF-16LE", Source::Bom);
    let big: Vec<u8> = format!("\u{feff}{plain}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    reads(&big, None, &plain, "UTF-16BE", Source::Bom);
}

#[test]
fn utf16_without_a_mark_is_seen_by_its_zeros() {
    let plain = page("");
    let little: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
    reads(&little, None, &plain, "UTF-16LE", Source::Bytes);
    let big: Vec<u8> = plain.encode_utf16().flat_map(u16::to_be_bytes).collect();
    reads(&big, Some("utf-8"), &plain, "UTF-16BE", Source::Bytes);
    let indented = format!("\n{plain}");
    let little: Vec<u8> = indented.encode_utf16().flat_map(u16::to_le_bytes).collect();
    reads(&little, Some("utf-16"), &indented, "UTF-16LE", Source::Bytes);
}

#[test]
fn windows_1258_comes_out_composed_by_header_meta_or_guess() {
    for (label, meta, source) in [
        (Some("windows-1258"), "", Source::Header),
        (Some("cp1258"), "<meta charset=utf-8>", Source::Header),
        (None, "<meta charset=\"windows-1258\">", Source::Meta),
        (Some("iso-8859-1"), "<meta charset=x-cp1258>", Source::Meta),
        (None, "<meta http-equiv=Content-Type content='text/html; charset=windows-1258'>", Source::Meta),
        (Some("utf-8"), "<meta charset=windows-1258>", Source::Meta),
        (None, "", Source::Guess),
        (Some("utf-8"), "<meta charset=utf-8>", Source::Guess),
        (Some("iso-8859-1"), "", Source::Guess),
        (None, "<meta charset=iso-8859-1>", Source::Guess),
    ] {
        let plain = page(meta);
        reads(&windows_1258(&plain), label, &plain, "windows-1258", source);
    }
}

#[test]
fn other_legacy_text_is_read_by_its_label_or_guessed() {
    let french = "<p>L’été dernier, à l’entrée du château, les élèves ont déjà fêté la rentrée.</p>";
    let (bytes, ..) = WINDOWS_1252.encode(french);
    assert_eq!(decode(&bytes, Some("iso-8859-1"), None).text, french);
    assert_eq!(decode(&bytes, Some("iso-8859-1"), VN).text, french);
    assert_eq!(decode(&bytes, None, Some("a.fr")).text, french);
    let chinese = "<p>海防市位于越南北部沿海地区，是重要的港口城市。</p>";
    let (bytes, ..) = GBK.encode(chinese);
    assert_eq!(decode(&bytes, Some("gb2312"), VN).text, chinese);
    assert_eq!(decode(&bytes, Some("utf-8"), Some("a.cn")).text, chinese);
    let japanese = "<p>ハイフォン市はベトナム北部の港湾都市である。</p>";
    let (bytes, ..) = EUC_JP.encode(japanese);
    assert_eq!(decode(&bytes, Some("shift_jis"), Some("a.jp")).text, japanese, "a label that cannot be true");
    let (bytes, ..) = SHIFT_JIS.encode(japanese);
    assert_eq!(decode(&bytes, None, Some("a.jp")).text, japanese);
}

#[test]
fn a_letter_cut_in_two_does_not_spoil_the_page() {
    let mut bytes = page("").into_bytes();
    bytes.extend_from_slice("<p>cắt giữa chữ ế".as_bytes());
    bytes.pop();
    let decoded = decode(&bytes, Some("utf-8"), VN);
    assert!(decoded.text.starts_with(&page("")) && decoded.text.ends_with("chữ \u{fffd}"));
    assert_eq!(decode(&bytes, Some("iso-8859-1"), VN).text, decoded.text);
}

#[test]
fn ascii_is_ascii() {
    for label in [None, Some("utf-8"), Some("windows-1258"), Some("utf-16"), Some("x")] {
        assert_eq!(decode(b"<p>Hai Phong", label, VN).text, "<p>Hai Phong");
    }
    assert_eq!(decode(b"", None, None).text, "");
}

#[test]
fn utf8_keeps_its_normal_form() {
    let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(TEXT).into_owned();
    assert_eq!(decode(apart.as_bytes(), None, VN).text, apart);
}

#[test]
fn strange_hosts_are_no_trouble() {
    for host in ["127.0.0.1", "[::1]", "", "localhost", "A.VN", "xn--p1ai", "a."] {
        assert!(decode(b"\xe9\xf4 caf\xe9", None, Some(host)).text.ends_with("café"), "{host}");
    }
}

#[test]
fn double_encoding_is_undone_where_it_is_certain() {
    let latin1 = |text: &str| -> String { text.bytes().map(char::from).collect() };
    let cp1252 = |text: &str| WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned();
    let plain = page("");
    for twice in [latin1(&plain), cp1252(&plain), latin1(&latin1(&plain)), cp1252(&latin1(&plain))] {
        let decoded = decode(twice.as_bytes(), Some("utf-8"), VN);
        assert_eq!((decoded.text.as_str(), decoded.mended), (plain.as_str(), true));
    }
}

#[test]
fn text_that_is_right_is_left_alone() {
    for right in [
        page("").as_str(),
        "Der Straßenverkehr über die Brücke wächst für alle – größer, schöner, öfter: äöüß ÄÖÜ",
        "« L’été » : à l’œuvre, ça va, où ? naïve, façade, château, déjà, élève, août, Noël",
        "Español: ¿qué? ¡señor! años, corazón, pingüino, mañana, aquí, Ñandú",
        "Português: São João, ações, não é, órgão, você, à, avô, Ã São Ã Â",
        "The letters Ã© and Ã¨ are what é and è become",
        "© 2024 · 20 °C ± 1 ½ ¼ ¾ § ¶ « » ¡ ¿ × ÷",
        "Только кириллица, и ничего больше",
        "đđđđđđđđđđ ươ",
        &format!("{TEXT} Táº¡i cá»\u{9d}"),
    ] {
        let decoded = decode(right.as_bytes(), None, VN);
        assert_eq!((decoded.text.as_str(), decoded.mended), (right, false));
    }
}

#[test]
fn the_encoding_is_found_where_pages_name_it() {
    for (head, expected) in [
        ("<meta charset=windows-1258>", Some("windows-1258")),
        ("<META CharSet = 'Windows-1258' >", Some("windows-1258")),
        ("<meta/charset=\"windows-1258\"/>", Some("windows-1258")),
        ("<meta name=x content='charset=gbk'><meta charset=windows-1258>", Some("windows-1258")),
        ("<meta content='text/html;charset=\"gbk\"' http-equiv=content-type>", Some("GBK")),
        ("<meta http-equiv=\"Content-Type\" content=\"text/html; CHARSET = gbk ; x\">", Some("GBK")),
        ("<meta content='text/html; charset=gbk'>", None),
        ("<!-- <meta charset=gbk> --><meta charset=big5>", Some("Big5")),
        ("<!--><meta charset=gbk>-->", Some("GBK")),
        ("<!-- <meta charset=gbk>", None),
        ("<metadata charset=gbk>", None),
        ("<meta charset=utf-16le>", Some("UTF-8")),
        ("<meta charset=x-user-defined>", Some("windows-1252")),
        ("<meta charset=nonsense><meta charset=gbk>", None),
        ("<meta charset", None),
        ("<meta charset=\"gbk", None),
        ("<meta", None),
        ("<", None),
        ("<meta =x charset=gbk>", Some("GBK")),
        ("<meta a=b/c charset=gbk>", Some("GBK")),
        ("<?xml version=\"1.0\" encoding=\"windows-1258\"?><html>", Some("windows-1258")),
        ("<?xml version=\"1.0\"?><meta charset=gbk>", Some("GBK")),
        ("", None),
    ] {
        assert_eq!(declared(head.as_bytes()).map(Encoding::name), expected, "{head}");
    }
    let late = format!("<script>{}</script><meta charset=gbk>", "x".repeat(2000));
    assert_eq!(declared(late.as_bytes()).map(Encoding::name), Some("GBK"));
    let too_late = format!("<script>{}</script><meta charset=gbk>", "x".repeat(5000));
    assert_eq!(declared(too_late.as_bytes()), None);
}

proptest::proptest! {
    #[test]
    fn any_bytes_become_text(bytes: Vec<u8>, label in "[a-z0-9-]{0,12}", host in "[a-zA-Z0-9.:-]{0,12}") {
        let decoded = decode(&bytes, Some(&label), Some(&host));
        proptest::prop_assert!(!decoded.encoding.is_empty());
    }

    #[test]
    fn any_head_is_scanned(head in "[<>!\\-=/'\" a-zé]{0,40}", meta in "<meta[ =/'\">a-z;-]{0,40}") {
        declared(head.as_bytes());
        declared(format!("{head}{meta}").as_bytes());
        proptest::prop_assert!(true);
    }

    #[test]
    fn utf8_comes_back_as_it_was(text in "[a-zàáạảãđươ<> ]{0,60}") {
        proptest::prop_assert_eq!(decode(text.as_bytes(), Some("iso-8859-1"), None).text, text);
    }
}
