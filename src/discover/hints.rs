//! Words that portals use in addresses, classes and link texts, as data. They only ever add to other evidence, but for
//! [`is_file`] and [`is_never_article`], which name what no portal uses for articles.

use url::Url;

/// Endings of files that are no web pages.
const FILES: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "ico", "bmp", "tif", "tiff", "css", "js", "json",
    "xml", "rss", "atom", "txt", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "rtf",
    "csv", "zip", "rar", "7z", "gz", "tgz", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "avi", "mov",
    "wmv", "flv", "apk", "exe", "ics", "woff", "woff2", "ttf", "eot", "swf",
];
/// Endings of web pages.
const PAGES: &[&str] = &[
    "html", "htm", "shtml", "xhtml", "aspx", "asp", "php", "jsp", "jspx", "do", "vnp", "chn", "epi", "tpo",
    "ldo", "htx", "vov", "dnn",
];
/// Path segments of what is never an article, anywhere in a path.
const NEVER: &[&str] = &[
    "wp-admin",
    "wp-login.php",
    "wp-json",
    "wp-content",
    "wp-includes",
    "xmlrpc.php",
    "feed",
    "rss",
    "atom",
    "login",
    "logout",
    "signin",
    "signup",
    "register",
    "dang-nhap",
    "dang-ky",
    "cart",
    "checkout",
    "search",
    "tim-kiem",
    "sitemap",
    "so-do-trang",
    "so-do-site",
    "site-map",
    "cdn-cgi",
    "api",
];
/// Path segments that name lists: of a category, a tag, an author, a page of a list.
const LISTS: &[&str] = &[
    "category",
    "categories",
    "tag",
    "tags",
    "author",
    "authors",
    "page",
    "topic",
    "topics",
    "chuyen-muc",
    "chuyen-de",
    "danh-muc",
    "the-loai",
    "tac-gia",
    "tu-khoa",
    "the",
    "chu-de",
    "label",
    "labels",
    "section",
    "sections",
    "user",
    "users",
    "taxonomy",
    "term",
];
/// Whole last segments that are pages about the portal.
const ABOUT: &[&str] = &[
    "gioi-thieu",
    "lien-he",
    "contact",
    "contact-us",
    "about",
    "about-us",
    "lien-ket",
    "hoi-dap",
    "faq",
    "gop-y",
    "privacy-policy",
    "privacy",
    "terms",
    "chinh-sach-bao-mat",
    "dieu-khoan-su-dung",
    "quang-cao",
    "rss-feeds",
    "trang-chu",
    "home",
    "index",
    "default",
    "english",
    "vi",
    "en",
    "help",
    "tro-giup",
    "toa-soan",
    "dat-bao",
];
/// How the last segments of such pages begin, where they go on in many ways.
const ABOUT_STARTS: &[&str] = &[
    "chinh-sach-bao-mat",
    "chinh-sach-rieng-tu",
    "chinh-sach-quyen-rieng-tu",
    "dieu-khoan-su-dung",
    "dieu-khoan-dich-vu",
    "privacy-policy",
    "privacy-notice",
    "terms-of-",
    "terms-and-conditions",
    "cookie-policy",
    "so-do-",
];
/// Query parameters that choose a page of a list.
const PAGERS: &[&str] = &[
    "page",
    "paged",
    "p",
    "pg",
    "trang",
    "start",
    "offset",
    "pageindex",
    "pagenumber",
    "pageno",
    "pagenum",
    "currentpage",
    "curpage",
    "cur",
    "skip",
    "from",
    "cp",
    "pn",
    "tranghientai",
    "pageid",
];
/// Query parameters that name what a page shows and are no article's number.
const LIST_PARAMETERS: &[&str] = &[
    "s", "q", "search", "keyword", "cat", "tag", "author", "sort", "order", "orderby", "lang", "m",
    "monthnum",
];
/// Link texts that stand for another text.
const GENERIC: &[&str] = &[
    "xem thêm",
    "xem tiếp",
    "xem chi tiết",
    "chi tiết",
    "đọc tiếp",
    "đọc thêm",
    "tiếp tục đọc",
    "xem",
    "tại đây",
    "read more",
    "continue reading",
    "more",
    "details",
    "view",
    "view more",
    "learn more",
    "xem bài viết",
    "đọc bài",
    "bình luận",
    "comment",
    "comments",
    "no comments",
    "leave a comment",
    "xem ngay",
    "chi tiết bài viết",
];
/// Link texts that lead to the next page of a list.
const NEXT: &[&str] = &[
    "trang sau",
    "trang tiếp",
    "trang tiếp theo",
    "trang kế",
    "trang kế tiếp",
    "tiếp",
    "tiếp theo",
    "kế tiếp",
    "sau",
    "next",
    "next page",
    "older",
    "older posts",
    "older entries",
    "cũ hơn",
    "bài cũ hơn",
    "tin cũ hơn",
    "bài viết cũ hơn",
    "các bài cũ hơn",
    "xem thêm",
    "xem thêm tin",
    "tải thêm",
    "load more",
    "more",
    "show more",
    "go to next page",
];
/// Signs that lead to the next page, unless they lead to the last.
const NEXT_SIGNS: &[&str] = &["›", "»", "→", ">", ">>", "⟩", "❯"];

/// The last path segment's ending, lower case, or nothing.
pub(super) fn extension(url: &Url) -> String {
    let last = url.path().rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default();
    match last.rsplit_once('.') {
        Some((_, ending)) if (1..=5).contains(&ending.len()) => ending.to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// Whether an address is of a file that is no web page.
pub(super) fn is_file(url: &Url) -> bool {
    FILES.contains(&extension(url).as_str())
}

/// Whether an address ends as web pages do.
pub(super) fn is_page(url: &Url) -> bool {
    PAGES.contains(&extension(url).as_str())
}

/// Whether an address is one that no portal gives an article: a login, a feed, a search.
pub(super) fn is_never_article(url: &Url) -> bool {
    segments(url).any(|segment| NEVER.contains(&segment.as_str()))
}

/// Whether an address looks like a list of articles or a page about the portal.
pub(super) fn is_list_like(url: &Url) -> bool {
    let segments: Vec<String> = segments(url).collect();
    let last =
        segments.last().map(|last| last.split('.').next().unwrap_or_default().to_owned()).unwrap_or_default();
    let names_list =
        segments.iter().take(segments.len().saturating_sub(1)).any(|it| LISTS.contains(&it.as_str()));
    let lone_list = segments.len() == 1 && LISTS.contains(&last.as_str());
    let lists_by_query =
        url.query_pairs().any(|(name, _)| LIST_PARAMETERS.contains(&name.to_lowercase().as_str()));
    names_list || lone_list || lists_by_query && !is_page(url) || is_about(url)
}

/// Whether an address is of a page about the portal.
pub(super) fn is_about(url: &Url) -> bool {
    let last = segments(url).last().map(|last| last.split('.').next().unwrap_or_default().to_owned());
    last.is_some_and(|last| {
        ABOUT.contains(&last.as_str()) || ABOUT_STARTS.iter().any(|start| last.starts_with(start))
    })
}

/// Whether a piece of a page's title only says that it is the front page.
pub(super) fn is_home_word(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "" | "trang chủ" | "home" | "trang nhất" | "index")
}

/// Whether a query parameter chooses a page of a list. Liferay prefixes it with the portlet's name: `_101_cur`.
pub(super) fn is_pager(name: &str) -> bool {
    let name = name.to_lowercase();
    PAGERS.contains(&name.as_str())
        || name.ends_with("_cur")
        || name.ends_with("_page")
        || name.ends_with("_start")
}

/// Whether a link's text says nothing of where it leads.
pub(super) fn is_generic(text: &str) -> bool {
    GENERIC.contains(&bare(text).as_str())
}

/// Whether a link's text says that it leads to the next page.
pub(super) fn says_next(text: &str) -> bool {
    NEXT.contains(&bare(text).as_str())
}

/// Whether a link's text is a sign for the next page.
pub(super) fn is_next_sign(text: &str) -> bool {
    NEXT_SIGNS.contains(&text.trim())
}

/// A text without the signs around it, lower case.
fn bare(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// The segments of a path, lower case.
pub(super) fn segments(url: &Url) -> impl Iterator<Item = String> + '_ {
    url.path().split('/').filter(|segment| !segment.is_empty()).map(str::to_ascii_lowercase)
}

/// The words that a class or id is made of: `mainMenu-2 td_nav` gives `main menu td nav`.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_lower = false;
    for c in name.chars().take(400) {
        if !c.is_ascii_alphabetic() || (c.is_ascii_uppercase() && was_lower) {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if c.is_ascii_alphabetic() {
            word.push(c.to_ascii_lowercase());
        }
        was_lower = c.is_ascii_lowercase();
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}
