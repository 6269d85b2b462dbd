//! Words that portals use in addresses, classes and link texts, as data. They only ever add to other evidence, but for
//! [`is_file`] and [`is_never_article`], which name what no portal uses for articles.

mod words;

use url::Url;

use words::{
    ABOUT, ABOUT_STARTS, ARTICLE_PARAMETERS, FILES, GENERIC, LIST_PARAMETERS, LISTS, NEVER, NEXT, NEXT_SIGNS,
    PAGERS, PAGES,
};

/// The last path segment's ending, lower case, or nothing.
pub(in crate::discover) fn extension(url: &Url) -> String {
    let last = url.path().rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default();
    match last.rsplit_once('.') {
        Some((_, ending)) if (1..=5).contains(&ending.len()) => ending.to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// Whether an address is of a file that is no web page.
pub(in crate::discover) fn is_file(url: &Url) -> bool {
    FILES.contains(&extension(url).as_str())
}

/// Whether an address ends as web pages do.
pub(in crate::discover) fn is_page(url: &Url) -> bool {
    PAGES.contains(&extension(url).as_str())
}

/// Whether an address is one that no portal gives an article: a login, a feed, a search.
pub(in crate::discover) fn is_never_article(url: &Url) -> bool {
    segments(url).any(|segment| NEVER.contains(&segment.as_str()))
}

/// Whether an address looks like a list of articles or a page about the portal.
pub(in crate::discover) fn is_list_like(url: &Url) -> bool {
    let segments: Vec<String> = segments(url).collect();
    let last =
        segments.last().map(|last| last.split('.').next().unwrap_or_default().to_owned()).unwrap_or_default();
    let names_list =
        segments.iter().take(segments.len().saturating_sub(1)).any(|it| LISTS.contains(&it.as_str()));
    let lone_list = segments.len() == 1 && LISTS.contains(&last.as_str());
    let lists_by_query = has(url, LIST_PARAMETERS) && !has(url, ARTICLE_PARAMETERS);
    names_list || lone_list || lists_by_query && !is_page(url) || is_about(url)
}

fn has(url: &Url, parameters: &[&str]) -> bool {
    url.query_pairs().any(|(name, _)| parameters.contains(&name.to_lowercase().as_str()))
}

/// Whether an address looks like a list's by its folder, and all the same ends as articles do: in a long slug with a
/// number or the ending of a page. Portals keep articles below `/chuyen-de/` and the like.
pub(in crate::discover) fn ends_as_articles_do(url: &Url) -> bool {
    let last = segments(url).last().unwrap_or_default();
    let pieces = || last.split(['-', '_', '.']);
    let number = |piece: &str| piece.len() >= 4 && piece.bytes().all(|byte| byte.is_ascii_digit());
    pieces().filter(|piece| piece.chars().any(char::is_alphabetic)).count() >= 5
        && (is_page(url) || pieces().any(number))
}

/// Whether an address is of a page about the portal. Old ones answer everything at one path: `/Default.aspx?id=12` is an
/// article.
pub(in crate::discover) fn is_about(url: &Url) -> bool {
    let last = segments(url).last().map(|last| last.split('.').next().unwrap_or_default().to_owned());
    !has(url, ARTICLE_PARAMETERS)
        && last.is_some_and(|last| {
            ABOUT.contains(&last.as_str()) || ABOUT_STARTS.iter().any(|start| last.starts_with(start))
        })
}

/// Whether a piece of a page's title only says that it is the front page.
pub(in crate::discover) fn is_home_word(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "" | "trang chủ" | "home" | "trang nhất" | "index")
}

/// Whether a query parameter chooses a page of a list. Liferay prefixes it with the portlet's name: `_101_cur`.
pub(in crate::discover) fn is_pager(name: &str) -> bool {
    let name = name.to_lowercase();
    PAGERS.contains(&name.as_str())
        || name.ends_with("_cur")
        || name.ends_with("_page")
        || name.ends_with("_start")
}

/// Whether a link's text says nothing of where it leads.
pub(in crate::discover) fn is_generic(text: &str) -> bool {
    GENERIC.contains(&bare(text).as_str())
}

/// Whether a link's text says that it leads to the next page.
pub(in crate::discover) fn says_next(text: &str) -> bool {
    NEXT.contains(&bare(text).as_str())
}

/// Whether a link's text is a sign for the next page.
pub(in crate::discover) fn is_next_sign(text: &str) -> bool {
    NEXT_SIGNS.contains(&text.trim())
}

/// A text without the signs around it, lower case.
fn bare(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// The segments of a path, lower case.
pub(in crate::discover) fn segments(url: &Url) -> impl Iterator<Item = String> + '_ {
    url.path().split('/').filter(|segment| !segment.is_empty()).map(str::to_ascii_lowercase)
}

/// The words that a class or id is made of: `mainMenu-2 td_nav` gives `main menu td nav`.
pub(in crate::discover) fn name_words(name: &str) -> Vec<String> {
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
