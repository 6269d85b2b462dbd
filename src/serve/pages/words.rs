//! The words of the pages, in each language.

use super::super::negotiate::Language;
use crate::health::{Kind, Status};

/// Every text of the pages that is not an article's.
pub struct Words {
    /// BCP 47 tag.
    pub tag: &'static str,
    /// The same as Open Graph writes it.
    pub locale: &'static str,
    /// What the site is, in a line.
    pub tagline: &'static str,
    /// For those who come by keyboard.
    pub skip: &'static str,
    pub to_front: &'static str,
    /// Heading of the sources.
    pub sources: &'static str,
    /// Heading of the newest articles.
    pub latest: &'static str,
    /// Search, as a verb.
    pub search: &'static str,
    /// In the empty search field.
    pub search_hint: &'static str,
    /// Heading of what a search found.
    pub found: &'static str,
    /// A search that found nothing.
    pub found_nothing: &'static str,
    /// Back to everything.
    pub show_all: &'static str,
    /// Subscribe, as a verb.
    pub subscribe: &'static str,
    pub subscribe_how: &'static str,
    /// What a feed address is, for a browser that opened one.
    pub feed_heading: &'static str,
    /// The same, at length.
    pub feed_text: &'static str,
    /// The file with every feed.
    pub opml: &'static str,
    /// Heading of the categories.
    pub categories: &'static str,
    /// Heading of the months.
    pub months: &'static str,
    /// A source without articles.
    pub empty: &'static str,
    pub by: &'static str,
    /// From whom, where that is no person.
    pub credit: &'static str,
    /// Before the time of the last edit.
    pub updated: &'static str,
    /// Where the portal gives no date.
    pub first_seen: &'static str,
    /// Link to the article at the portal.
    pub original: &'static str,
    /// Link to the portal.
    pub portal: &'static str,
    /// Heading of the files.
    pub files: &'static str,
    /// Heading of the tags.
    pub tags: &'static str,
    /// Heading of the same release at other portals.
    pub related: &'static str,
    /// Heading of the earlier texts.
    pub edits: &'static str,
    /// Before the time at which an earlier text was replaced.
    pub until: &'static str,
    /// Before the time of the newest article.
    pub newest: &'static str,
    pub never: &'static str,
    article: &'static str,
    /// Several.
    articles: &'static str,
    /// `{n}` articles a day, a week, a month.
    rhythms: [&'static str; 3],
    /// Heading of the 404 page.
    pub not_found: &'static str,
    pub not_found_text: &'static str,
    /// Whose the articles are.
    pub colophon: &'static str,
    status: [&'static str; 4],
    /// What is wrong with a source, for readers: it does not answer, it turns us away or has moved, its pages cannot be
    /// read, a part of its articles is missing, it is silent.
    troubles: [&'static str; 5],
    /// Monday first.
    pub(super) weekdays: [&'static str; 7],
    /// English months; empty where months are numbers.
    pub(super) month_names: [&'static str; 12],
}

const VIETNAMESE: Words = Words {
    tag: "vi",
    locale: "vi_VN",
    tagline: "Tin của các cổng thông tin, sạch và trọn vẹn",
    skip: "Đến nội dung chính",
    to_front: "Về trang đầu",
    sources: "Nguồn tin",
    latest: "Tin mới nhất",
    search: "Tìm",
    search_hint: "Tìm bài, có dấu hay không dấu",
    found: "Kết quả tìm kiếm",
    found_nothing: "Không có bài nào khớp với từ khóa này.",
    show_all: "Xem tất cả bài",
    subscribe: "Theo dõi",
    subscribe_how: "Chép địa chỉ này vào trình đọc tin của bạn:",
    feed_heading: "Đây là địa chỉ để theo dõi tin",
    feed_text: "Địa chỉ này dành cho trình đọc tin (Feedly, NetNewsWire, Miniflux, FreshRSS…): chép vào đó, và mỗi bài mới sẽ tự đến, trọn vẹn cả chữ lẫn ảnh. Bên dưới là những bài đang có.",
    opml: "Mọi nguồn trong một tệp OPML",
    categories: "Chuyên mục",
    months: "Lưu trữ",
    empty: "Chưa có bài nào: nguồn này đang được đọc lần đầu.",
    by: "Tác giả:",
    credit: "Nguồn:",
    updated: "Sửa lúc",
    first_seen: "nguồn không ghi ngày; thấy lần đầu",
    original: "Xem bài gốc",
    portal: "Cổng thông tin",
    files: "Tệp đính kèm",
    tags: "Từ khóa",
    related: "Cùng bài này tại",
    edits: "Những lần sửa",
    until: "Bản cho đến",
    newest: "Bài mới nhất",
    never: "chưa có",
    article: "bài",
    articles: "bài",
    rhythms: ["khoảng {n} bài mỗi ngày", "khoảng {n} bài mỗi tuần", "khoảng {n} bài mỗi tháng"],
    not_found: "Không có trang này",
    not_found_text: "Địa chỉ có thể đã bị gõ sai, hoặc bài đã được gỡ khỏi cổng thông tin.",
    colophon: "Nội dung thuộc về các cổng thông tin; mỗi bài đều dẫn về bài gốc.",
    status: ["Hoạt động tốt", "Đang chờ lần đọc đầu tiên", "Có trục trặc", "Đang gặp sự cố"],
    troubles: [
        "Cổng thông tin tạm thời không trả lời. Các bài đã có vẫn đọc được.",
        "Hiện chưa lấy được bài mới từ cổng thông tin này. Các bài đã có vẫn đọc được.",
        "Cổng thông tin đã thay đổi nên bài mới tạm thời chưa đọc được. Các bài đã có vẫn đọc được.",
        "Một vài bài mới có thể thiếu ngày, tác giả, ảnh hoặc một phần nội dung; xin xem thêm bài gốc.",
        "Đã lâu cổng thông tin này không đăng bài mới.",
    ],
    weekdays: ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"],
    month_names: [""; 12],
};

const ENGLISH: Words = Words {
    tag: "en",
    locale: "en_GB",
    tagline: "News portals, whole and clean",
    skip: "Skip to content",
    to_front: "To the front page",
    sources: "Sources",
    latest: "Latest news",
    search: "Search",
    search_hint: "Search, with or without diacritics",
    found: "Search results",
    found_nothing: "No article matches these words.",
    show_all: "Show all articles",
    subscribe: "Subscribe",
    subscribe_how: "Copy this address into your feed reader:",
    feed_heading: "This is an address to subscribe to",
    feed_text: "It is meant for a feed reader (Feedly, NetNewsWire, Miniflux, FreshRSS…): copy it there, and every new article comes to you by itself, whole and with its pictures. Below is what it holds now.",
    opml: "Every source in one OPML file",
    categories: "Categories",
    months: "Archive",
    empty: "No articles yet: this source is being read for the first time.",
    by: "By",
    credit: "Credit:",
    updated: "Edited",
    first_seen: "the source gives no date; first seen",
    original: "Read the original",
    portal: "Portal",
    files: "Files",
    tags: "Tags",
    related: "Also published at",
    edits: "Edits",
    until: "Text until",
    newest: "Newest article",
    never: "none yet",
    article: "article",
    articles: "articles",
    rhythms: ["about {n} a day", "about {n} a week", "about {n} a month"],
    not_found: "There is no such page",
    not_found_text: "The address may be mistyped, or the portal has taken the article down.",
    colophon: "The articles belong to their portals; every one links to its original.",
    status: ["Working well", "Waiting for its first visit", "Some trouble", "In trouble"],
    troubles: [
        "The portal does not answer at the moment. Articles that are here can still be read.",
        "New articles cannot be fetched from this portal at the moment. Those that are here can still be read.",
        "The portal has changed, and its new articles cannot be read yet. Those that are here can still be read.",
        "Some new articles may lack their date, author, pictures or part of their text; please see the original.",
        "The portal has published nothing new for unusually long.",
    ],
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    month_names: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};

impl Words {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Vietnamese => &VIETNAMESE,
            Language::English => &ENGLISH,
        }
    }

    pub fn status(&self, status: Status) -> &'static str {
        self.status[status as usize]
    }

    /// What is wrong with a source, in one sentence.
    pub fn trouble(&self, kind: Kind) -> &'static str {
        self.troubles[match kind {
            Kind::HostGone | Kind::Unreachable | Kind::ServerErrors => 0,
            Kind::Tls | Kind::Blocked | Kind::RateLimited | Kind::Robots | Kind::Moved => 1,
            Kind::ListingGone | Kind::ListingEmpty | Kind::ListingBroken => 1,
            Kind::HeldAll | Kind::TemplateChanged => 2,
            Kind::FieldsLost | Kind::TextCollapsed => 3,
            Kind::Late => 4,
        }]
    }

    /// "1 article", "12 articles".
    pub fn count(&self, articles: u64) -> String {
        let noun = if articles == 1 { self.article } else { self.articles };
        format!("{articles} {noun}")
    }

    /// How often a source publishes, of `articles` over `days`; `None` if that says nothing yet.
    pub fn rhythm(&self, articles: usize, days: f64) -> Option<String> {
        if articles < 3 || days <= 0.0 {
            return None;
        }
        let a_day = articles as f64 / days;
        let (rhythm, rate) = match a_day {
            rate if rate >= 1.0 => (self.rhythms[0], rate),
            rate if rate * 7.0 >= 1.0 => (self.rhythms[1], rate * 7.0),
            rate => (self.rhythms[2], (rate * 30.0).max(1.0)),
        };
        Some(rhythm.replace("{n}", &format!("{rate:.0}")))
    }
}
