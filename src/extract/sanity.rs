//! Whether what was found is an article at all.
//!
//! An error page with status 200, a bot check, a login form and a listing all have text; publishing it would be worse
//! than publishing nothing. Only pages with little content are rejected: a long text that happens to speak of errors is
//! an article.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Fragment, NotArticle, Page};

use super::meta::Meta;

/// What tells an article from other pages.
#[derive(Clone, Debug, Default)]
pub struct ContentMeasure {
    /// The share of the page's text in links.
    pub page_links: f32,
    /// Characters kept.
    pub chars: u32,
    /// Pictures and players kept.
    pub media: u32,
    /// Teasers on the page: a linked headline each.
    pub teasers: u32,
    /// Characters of kept text that stand in teasers.
    pub teased: u32,
    /// The first heading of the page.
    pub heading: String,
    /// The text that was kept, a line for each block, if it has fewer than [`FEW_SENTENCES_CHARS`] characters.
    pub text: String,
}

/// Marks of bot checks in the source of a page: Cloudflare, Imperva, DataDome, PerimeterX, Akamai, Sucuri, DDoS-Guard.
const BOT_CHECK_MARKS: &[&str] = &[
    "_cf_chl_opt",
    "cf-challenge",
    "cf-browser-verification",
    "/cdn-cgi/challenge-platform/h/",
    "_Incapsula_Resource",
    "captcha-delivery.com",
    "px-captcha",
    "sucuri_cloudproxy",
    "ddos-guard",
    "Just a moment...",
    "Checking your browser",
    "Checking if the site connection is secure",
    "verify you are human",
    "Access to this page has been denied",
    "Pardon Our Interruption",
];

/// How headings and titles of error pages and maintenance notices read, lower case.
const ERROR_HEADINGS: &[&str] = &[
    "404",
    "403",
    "500",
    "502",
    "503",
    "not found",
    "page not found",
    "error",
    "forbidden",
    "bad gateway",
    "service unavailable",
    "maintenance",
    "under construction",
    "access denied",
    "bảo trì",
    "không tìm thấy",
    "không tồn tại",
    "lỗi",
    "gián đoạn",
    "nicht gefunden",
    "fehler",
    "wartung",
    "introuvable",
    "erreur",
    "indisponible",
    "no encontrada",
    "mantenimiento",
    "not available",
    "không truy cập được",
    "không khả dụng",
];

/// What short pages without date and picture say instead of an article, lower case.
const ERROR_SENTENCES: &[&str] = &[
    "không tồn tại",
    "không tìm thấy",
    "đã bị xóa",
    "đã bị xoá",
    "đã được gỡ",
    "tạm ngừng hoạt động",
    "đang bảo trì",
    "nâng cấp hệ thống",
    "does not exist",
    "no longer exists",
    "could not be found",
    "cannot be found",
    "has been removed",
    "no longer available",
    "establishing a database connection",
];

/// What servers and their languages print when they fail, wherever it stands in a short text.
const SERVER_FAULTS: &[&str] = &[
    "Error establishing a database connection",
    "Server Error in '/' Application",
    "Fatal error: Uncaught",
    "mysqli_connect()",
    "mysql_connect()",
    "SQLSTATE[",
    "Whitelabel Error Page",
    "Traceback (most recent call last)",
    "java.lang.NullPointerException",
];

/// How headings of login walls read, lower case.
const LOGIN_HEADINGS: &[&str] = &[
    "log in",
    "login",
    "sign in",
    "subscribe to",
    "subscribers only",
    "to continue reading",
    "đăng nhập",
    "anmelden",
    "connectez-vous",
    "se connecter",
    "iniciar sesión",
    "register to",
];

/// Text of this length, in characters, is an article whatever it speaks of.
pub const MIN_ARTICLE_CHARS: u32 = 900;

/// So much of a page's headings is looked at, in characters.
const MAX_HEADING_CHARS: usize = 10_000;

/// Text of fewer characters is a few sentences.
pub(super) const FEW_SENTENCES_CHARS: u32 = 300;

/// A field for a password, as HTML lets it be written.
static PASSWORD_FIELD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?i)type\s*=\s*["']?password\b"#).expect("a constant pattern"));

/// Says why a page is no article, or `None` if it is one.
pub fn reject_reason(
    page: &Page,
    meta: &Meta,
    measure: &ContentMeasure,
    content: &Fragment,
) -> Option<NotArticle> {
    let has_content = measure.chars > 0 || measure.media > 0 || !content.is_empty();
    let headings = headings(meta, measure);
    if measure.chars < MIN_ARTICLE_CHARS {
        if BOT_CHECK_MARKS.iter().any(|mark| page.html.contains(mark)) {
            return Some(NotArticle::Challenge);
        }
        // A date of its own outweighs a word in the title: "500 triệu đồng", "lỗi hẹn". Errors have none.
        let claims = meta.published.is_some();
        if SERVER_FAULTS.iter().any(|fault| measure.text.contains(fault))
            && measure.chars < FEW_SENTENCES_CHARS
        {
            return Some(NotArticle::ErrorPage);
        }
        if !claims && (is_error(&headings, measure) || has_error_sentence(measure)) {
            return Some(NotArticle::ErrorPage);
        }
        if !claims
            && measure.chars < 400
            && PASSWORD_FIELD.is_match(&page.html)
            && contains_phrase(&headings, LOGIN_HEADINGS)
        {
            return Some(NotArticle::LoginWall);
        }
    }
    if is_listing(page, meta, measure) {
        return Some(NotArticle::Listing);
    }
    (!has_content).then_some(NotArticle::Empty)
}

/// What a page that should list articles is instead, if it is short and says so itself: a bot check, a login, an error
/// page or a notice of maintenance with status 200.
pub fn why_not_listing(html: &str) -> Option<NotArticle> {
    let tree = crate::html::parse(html).ok()?;
    // Elements within each other repeat their text: it is read until there is enough of it.
    let read = |selector: &str, max_chars: usize| -> String {
        let Ok(selector) = scraper::Selector::parse(selector) else { return String::new() };
        let texts = tree.select(&selector).flat_map(|element| element.text().chain(["\n"]));
        texts.flat_map(str::chars).take(max_chars).collect::<String>().to_lowercase()
    };
    let text = read("body p, body div, body h1, body h2, body li, body td", MIN_ARTICLE_CHARS as usize);
    if text.chars().count() >= MIN_ARTICLE_CHARS as usize {
        return None;
    }
    let headings = read("title, h1, h2", MAX_HEADING_CHARS);
    if BOT_CHECK_MARKS.iter().any(|mark| html.contains(mark)) {
        return Some(NotArticle::Challenge);
    }
    if contains_phrase(&headings, ERROR_HEADINGS)
        || contains_phrase(&text, ERROR_SENTENCES)
        || SERVER_FAULTS.iter().any(|fault| html.contains(fault))
    {
        return Some(NotArticle::ErrorPage);
    }
    (PASSWORD_FIELD.is_match(html) && contains_phrase(&headings, LOGIN_HEADINGS))
        .then_some(NotArticle::LoginWall)
}

fn headings(meta: &Meta, measure: &ContentMeasure) -> String {
    let title = meta.title.as_ref().map_or("", |title| &title.value);
    format!("{title}\n{}", measure.heading).to_lowercase()
}

fn contains_phrase(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| {
        text.match_indices(phrase).any(|(at, found)| {
            let before = text[..at].chars().next_back();
            let after = text[at + found.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
    })
}

/// A short page whose heading speaks of an error.
fn is_error(headings: &str, measure: &ContentMeasure) -> bool {
    measure.chars < 500 && measure.media <= 1 && contains_phrase(headings, ERROR_HEADINGS)
}

/// A few sentences, one of which says that there is nothing here.
fn has_error_sentence(measure: &ContentMeasure) -> bool {
    measure.chars < FEW_SENTENCES_CHARS
        && measure.media == 0
        && contains_phrase(&measure.text.to_lowercase(), ERROR_SENTENCES)
}

/// A page of teasers: many linked headlines, and the text that was kept stands among them or is next to nothing.
fn is_listing(page: &Page, meta: &Meta, measure: &ContentMeasure) -> bool {
    let claims = meta.kinds.iter().any(|kind| kind.contains("article") || kind.contains("posting"));
    let is_front = page.url.path() == "/" && page.url.query().is_none();
    if measure.teasers < 5 {
        return false;
    }
    let in_teasers = measure.teased * 2 > measure.chars;
    let is_thin = measure.chars < 500 && measure.page_links > 0.4;
    if is_front {
        return in_teasers || measure.chars < 1_500;
    }
    !claims && (in_teasers || is_thin)
}
