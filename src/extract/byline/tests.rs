//! Bylines and what only looks like one.

use super::shape::is_organisation;
use super::{Placement, names, read};

const LAST: Placement = Placement { last_block: true, aligned_end: false, emphasised: false };
const RIGHT: Placement = Placement { last_block: true, aligned_end: true, emphasised: true };
const NOWHERE: Placement = Placement { last_block: false, aligned_end: false, emphasised: false };

/// Reads a block into `authors | credit`, `-` where there is none.
fn told(block: &str, placement: Placement) -> String {
    match read(block, placement) {
        None => "-".to_owned(),
        Some(byline) => {
            let authors = byline.authors.join(", ");
            byline.credit.map_or(authors.clone(), |credit| format!("{authors} | {credit}"))
        }
    }
}

#[test]
fn bylines_at_the_end_of_a_body() {
    for (block, expected) in [
        ("Hoàng Tùng", "Hoàng Tùng"),
        ("  Hoàng\u{a0}Tùng ", "Hoàng Tùng"),
        ("CAO MINH", "CAO MINH"),
        ("Hoàng Tùng", "Hoàng Tùng"),
        ("Tin, ảnh: Hoàng Tùng", "Hoàng Tùng"),
        ("Tin, ảnh: Cao Minh", "Cao Minh"),
        ("Bài, ảnh: Hoàng Tùng – Cao Minh", "Hoàng Tùng, Cao Minh"),
        ("Bài, ảnh: HOÀNG TÙNG - CAO MINH", "HOÀNG TÙNG, CAO MINH"),
        ("Tin và ảnh: Hồng Nhung", "Hồng Nhung"),
        ("Bài: Hoàng Tùng - Ảnh: Cao Minh", "Hoàng Tùng"),
        ("Bài: Hoàng Tùng; Ảnh: Cao Minh", "Hoàng Tùng"),
        ("Hoàng Tùng – Cao Minh", "Hoàng Tùng, Cao Minh"),
        ("Hoàng Tùng, Cao Minh", "Hoàng Tùng, Cao Minh"),
        ("Hoàng Tùng và Cao Minh", "Hoàng Tùng, Cao Minh"),
        ("Thực hiện: Hoàng Tùng", "Hoàng Tùng"),
        ("Nhóm thực hiện: Hoàng Tùng, Cao Minh", "Hoàng Tùng, Cao Minh"),
        ("Hoàng Tùng (tổng hợp)", "Hoàng Tùng"),
        ("Hoàng Tùng (t/h)", "Hoàng Tùng"),
        ("Đức Nghĩa (thực hiện)", "Đức Nghĩa"),
        ("Hoàng Tùng (Theo TTXVN)", "Hoàng Tùng | TTXVN"),
        ("Hoàng Tùng/TTXVN", "Hoàng Tùng | TTXVN"),
        ("Theo TTXVN", " | TTXVN"),
        ("(Theo TTXVN)", " | TTXVN"),
        ("Theo Báo Hải Phòng", " | Báo Hải Phòng"),
        ("Theo Tuổi Trẻ", " | Tuổi Trẻ"),
        ("Theo haiphong.gov.vn", " | haiphong.gov.vn"),
        ("(Nguồn: Báo Hải Phòng)", " | Báo Hải Phòng"),
        ("Nguồn: Báo Nhân Dân", " | Báo Nhân Dân"),
        ("Nguồn tin: Cổng TTĐT Chính phủ", " | Cổng TTĐT Chính phủ"),
        ("Đài Khí tượng Thủy văn khu vực Đông Bắc", " | Đài Khí tượng Thủy văn khu vực Đông Bắc"),
        ("TTXVN", " | TTXVN"),
        ("Ban Biên tập", " | Ban Biên tập"),
        ("By Jane Doe and John Roe", "Jane Doe, John Roe"),
        ("By JANE DOE", "JANE DOE"),
        ("Von Jane Doe", "Jane Doe"),
        ("Par Jean-Pierre Dupont et Anne Roy", "Jean-Pierre Dupont, Anne Roy"),
        ("Por María de la Cruz", "María de la Cruz"),
        ("Text: Jane Doe / Foto: John Roe", "Jane Doe"),
        ("作者：王小明", "王小明"),
        ("Nguyễn Thị Minh Khai", "Nguyễn Thị Minh Khai"),
    ] {
        assert_eq!(told(block, LAST), expected, "{block}");
    }
    assert_eq!(told("Hải", RIGHT), "Hải", "one word, but where only bylines stand");
}

#[test]
fn what_is_no_byline() {
    for block in [
        "",
        "Ảnh: Hoàng Tùng",
        "Ảnh: TTXVN",
        "Foto: Jane Doe",
        "Photo: AP",
        "Đồng chí Lê Trí Vũ phát biểu tại Hội nghị.",
        "Lãnh đạo Ủy ban MTTQ Việt Nam thành phố phát biểu tại Hội nghị.",
        "Tin khác",
        "Tiện ích thông tin",
        "Kết quả thực hiện nhiệm vụ",
        "Hải",
        "Theo đó, các đơn vị phải hoàn thành trước ngày 30/6",
        "Theo kế hoạch của thành phố",
        "Theo Nghị quyết của Đảng bộ",
        "Thời gian: 8 giờ 30 phút",
        "Địa điểm: Hội trường lớn",
        "Số lượng: 25 người",
        "By the end of the year",
        "Von der Küste bis zu den Bergen",
        "Par exemple",
        "Read more",
        "12 km",
        "Quận Lê Chân: 25, quận Hồng Bàng: 30",
        "https://haiphong.gov.vn/tin-tuc",
        "Trân trọng cảm ơn!",
    ] {
        assert_eq!(told(block, LAST), "-", "{block}");
    }
}

#[test]
fn a_bare_name_needs_its_place() {
    assert_eq!(told("Hoàng Tùng", NOWHERE), "-");
    assert_eq!(told("Hoàng Tùng", Placement { emphasised: true, ..NOWHERE }), "Hoàng Tùng");
    assert_eq!(told("Tin, ảnh: Hoàng Tùng", NOWHERE), "Hoàng Tùng");
    assert_eq!(told("Theo TTXVN", NOWHERE), " | TTXVN");
}

#[test]
fn strings_that_hold_authors() {
    for (claim, expected) in [
        ("Jane Doe", "Jane Doe"),
        ("By Jane Doe, Political Correspondent", "Jane Doe"),
        ("Jane Doe | Fox News", "Jane Doe | Fox News"),
        ("Deutsche Welle (www.dw.com)", " | Deutsche Welle"),
        ("Bild: SN/APA", ""),
        ("https://www.facebook.com/portal", ""),
        ("Ban Biên tập", " | Ban Biên tập"),
        ("admin", " | admin"),
        ("By", ""),
        ("Anne van den Berg & Ludwig von Mises", "Anne van den Berg, Ludwig von Mises"),
        ("渡辺洋介", "渡辺洋介"),
    ] {
        let byline = names(claim);
        let authors = byline.authors.join(", ");
        let told = byline.credit.map_or(authors.clone(), |credit| format!("{authors} | {credit}"));
        assert_eq!(told, expected, "{claim}");
    }
}

#[test]
fn names_that_begin_as_organisations_do() {
    for person in [
        "Bảo Anh",
        "Đại Dương",
        "Công Vinh",
        "Trung Hiếu",
        "Thành Nam",
        "Văn Lượng",
        "Trường Giang",
        "Thanh Tân",
        "Sid Doe",
        "Đoàn Minh",
    ] {
        assert!(!is_organisation(person), "{person}");
        assert_eq!(told(person, LAST), person);
    }
    for organisation in
        ["Báo Hải Phòng", "Công an thành phố", "Trung tâm Y tế", "Văn phòng UBND", "Sở Y tế", "dpa"]
    {
        assert!(is_organisation(organisation), "{organisation}");
    }
}

#[test]
fn a_name_with_a_word_of_an_agency_is_a_person() {
    let found = read("Thanh Tân", RIGHT).expect("a byline");
    assert_eq!(found.authors, ["Thanh Tân"]);
}
