//! Made-up prose.

/// A sentence that no other number gives.
pub fn sentence(number: usize) -> String {
    const WORDS: [&str; 13] =
        ["cảng", "tàu", "cầu", "trường", "đường", "biển", "nhà", "xã", "chợ", "đảo", "hồ", "rừng", "phố"];
    let mut state = number as u64 * 7_919 + 17;
    let mut picked = String::from("Hôm nay");
    for _ in 0..28 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        picked.push_str(&format!(" {}{}", WORDS[(state >> 40) as usize % WORDS.len()], (state >> 50) % 97));
    }
    picked + "."
}
