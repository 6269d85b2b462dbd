//! Made-up prose: sentences that no other number gives, of Vietnamese words.

const WORDS: [&str; 40] = [
    "cảng",
    "tàu",
    "cầu",
    "trường",
    "đường",
    "biển",
    "nhà",
    "xã",
    "chợ",
    "đảo",
    "hồ",
    "rừng",
    "phố",
    "sông",
    "bến",
    "kênh",
    "vườn",
    "xưởng",
    "lớp",
    "đội",
    "nhóm",
    "hội",
    "quỹ",
    "trạm",
    "kho",
    "bãi",
    "lễ",
    "giải",
    "sách",
    "thuyền",
    "gạo",
    "muối",
    "cá",
    "tôm",
    "hoa",
    "đèn",
    "nước",
    "gió",
    "mưa",
    "nắng",
];

/// A number that looks like chance, the same for the same two.
pub fn chance(seed: u64, n: u64) -> u64 {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ n.wrapping_mul(0xD1B5_4A32_D192_ED03);
    x ^= x >> 32;
    x = x.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    x ^= x >> 32;
    x = x.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    x ^ (x >> 32)
}

/// A sentence of some 28 words.
pub fn sentence(seed: u64, n: u64) -> String {
    let word = |k: u64| {
        let chance = chance(seed ^ k, n);
        format!("{} {}", WORDS[(chance % 40) as usize], WORDS[((chance >> 16) % 40) as usize])
    };
    let words: Vec<String> = (0..14).map(word).collect();
    format!("Ngày {} {}, số {}.", n % 28 + 1, words.join(" "), chance(seed, n) % 100_000)
}

/// A headline.
pub fn title(seed: u64, n: u64) -> String {
    const VERBS: [&str; 6] = ["Khánh thành", "Ra quân dọn", "Mở rộng", "Sửa chữa", "Kiểm tra", "Trao thưởng"];
    const PLACES: [&str; 8] =
        ["Đồ Sơn", "Cát Bà", "Kiến An", "Vĩnh Bảo", "Tiên Lãng", "An Lão", "Thủy Nguyên", "Cát Hải"];
    let chance = chance(seed, n.wrapping_add(77));
    format!(
        "{} {} {} số {} tại {}",
        VERBS[(chance % 6) as usize],
        WORDS[((chance >> 8) % 40) as usize],
        WORDS[((chance >> 16) % 40) as usize],
        n,
        PLACES[((chance >> 24) % 8) as usize]
    )
}
