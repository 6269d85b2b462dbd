//! The words of the pages, in each language.

use super::Language;
use crate::serve::health::Status;

/// Every text of the pages that is not an article's.
pub struct Words {
    /// BCP 47 tag.
    pub tag: &'static str,
    pub not_found: &'static str,
    pub to_front: &'static str,
    status: [&'static str; 4],
}

const VIETNAMESE: Words = Words {
    tag: "vi",
    not_found: "Không tìm thấy trang này",
    to_front: "Về trang đầu",
    status: ["Hoạt động tốt", "Đang chờ lần đọc đầu tiên", "Lần đọc gần nhất bị lỗi", "Đang gặp sự cố"],
};

const ENGLISH: Words = Words {
    tag: "en",
    not_found: "There is no such page",
    to_front: "To the front page",
    status: ["Working well", "Waiting for its first visit", "The last visit failed", "In trouble"],
};

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Vietnamese => &VIETNAMESE,
            Language::English => &ENGLISH,
        }
    }

    /// A status in words.
    pub fn status(&self, status: Status) -> &'static str {
        self.status[status as usize]
    }
}
