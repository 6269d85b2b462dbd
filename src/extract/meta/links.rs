//! Addresses and numbers: canonical URL, next page, post id, language, what the page claims to be.

use url::Url;

use super::collected::Collected;
use super::json_ld::Ld;
use crate::extract::text;
use crate::model::{Page, UrlKey};

/// An address of the page, made absolute; only the web's schemes.
pub(super) fn absolute(base: &Url, href: &str) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    base.join(href).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn has_word(rel: &str, word: &str) -> bool {
    rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case(word))
}

/// `rel=canonical` of the page or its `Link` header, else `og:url`.
pub(super) fn canonical(collected: &Collected<'_>, page: &Page, base: &Url) -> Option<Url> {
    let link = collected.rels.iter().find(|(rel, _)| has_word(rel, "canonical"));
    link.and_then(|(_, href)| absolute(base, href))
        .or_else(|| page.links.iter().find(|(rel, _)| has_word(rel, "canonical")).map(|(_, url)| url.clone()))
        .or_else(|| collected.meta(&["og:url"]).and_then(|href| absolute(base, href)))
}

/// WordPress' post id: the class `postid-…` of the body, the id `post-…` of the article, a shortlink or a link to the API.
pub(super) fn post_id(collected: &Collected<'_>, page: &Page, base: &Url) -> Option<u64> {
    let of_class = |classes: &str| {
        classes
            .split_ascii_whitespace()
            .find_map(|class| class.strip_prefix("postid-").or_else(|| class.strip_prefix("page-id-")))
            .and_then(|digits| digits.parse().ok())
    };
    let of_query = |url: &Url| {
        url.query_pairs()
            .find(|(name, _)| name == "p" || name == "page_id")
            .and_then(|(_, id)| id.parse().ok())
    };
    let of_api = |url: &Url| {
        let (_, id) = url.path().split_once("/wp/v2/posts/")?;
        id.trim_end_matches('/').parse().ok()
    };
    let header = page.links.iter().filter(|(rel, _)| has_word(rel, "shortlink")).map(|(_, url)| url.clone());
    let shortlinks = collected.rels.iter().filter(|(rel, _)| has_word(rel, "shortlink"));
    let alternates = collected.rels.iter().filter(|(rel, _)| has_word(rel, "alternate"));
    collected
        .body_class
        .and_then(of_class)
        .or_else(|| {
            header
                .chain(shortlinks.filter_map(|(_, href)| absolute(base, href)))
                .find_map(|url| of_query(&url))
        })
        .or_else(|| alternates.filter_map(|(_, href)| absolute(base, href)).find_map(|url| of_api(&url)))
        .or_else(|| {
            collected.article_id.and_then(|id| id.strip_prefix("post-")).and_then(|id| id.parse().ok())
        })
}

/// The page after this one of the same article: `rel=next` or a numbered link whose address continues this article's
/// own. A "next" that leads to another article (WordPress' `prev`/`next` of a blog) is not taken.
pub(super) fn next_page(
    collected: &Collected<'_>,
    page: &Page,
    base: &Url,
    canonical: Option<&Url>,
) -> Option<Url> {
    let rels = collected.rels.iter().filter(|(rel, _)| has_word(rel, "next")).map(|(_, href)| *href);
    let pagers = collected.pagers.iter().copied();
    let mut links = rels.chain(pagers).filter_map(|href| absolute(base, href)).peekable();
    links.peek()?;
    let (own, here) = stem(&page.url);
    let article = canonical.map_or(own, |url| stem(url).0);
    links.find(|url| {
        let (root, number) = stem(url);
        root == article && number == here.max(1) + 1
    })
}

/// What the pages of one article have in common, and the number of this one (0 if it has none): `/slug.html/2/`,
/// `/slug/2`, `/slug/page/2`, `?page=2`, `/slug-2.html` is another article.
fn stem(url: &Url) -> (String, u32) {
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| (1..200).contains(number));
    let mut query: Vec<String> = Vec::new();
    let mut found = 0;
    for (name, value) in url.query_pairs() {
        match (matches!(name.as_ref(), "page" | "paged" | "pg" | "seite" | "trang"), number(&value)) {
            (true, Some(page)) => found = page,
            _ => query.push(format!("{name}={value}")),
        }
    }
    let path = url.path().trim_end_matches('/');
    let (path, found) = match path.rsplit_once('/') {
        Some((head, tail)) if found == 0 && !head.is_empty() => match number(tail) {
            Some(page) => (head.strip_suffix("/page").unwrap_or(head), page),
            None => (path, 0),
        },
        _ => (path, found),
    };
    let mut bare = url.clone();
    bare.set_path(path);
    bare.set_query(if query.is_empty() { None } else { Some(query.join("&")) }.as_deref());
    (UrlKey::of(&bare).as_str().to_owned(), found)
}

/// The page's language: `lang`, `content-language`, JSON-LD, `og:locale`.
pub(super) fn language(collected: &Collected<'_>, ld: &Ld) -> Option<String> {
    let claims = [
        collected.language,
        collected.meta(&["content-language"]),
        ld.article.language.as_deref(),
        collected.meta(&["og:locale", "dc.language", "dcterms.language"]),
    ];
    claims.into_iter().flatten().find_map(tag)
}

/// A BCP 47 tag in its usual letters: `vi`, `vi-VN`.
fn tag(claim: &str) -> Option<String> {
    let claim = claim.split(',').next().unwrap_or_default().trim().replace('_', "-");
    let mut parts = claim.split('-');
    let primary = parts.next().filter(|part| matches!(part.len(), 2 | 3))?;
    if !primary.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let mut tag = primary.to_ascii_lowercase();
    for part in
        parts.take(2).filter(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !part.is_empty())
    {
        tag.push('-');
        tag.push_str(&if part.len() == 2 { part.to_ascii_uppercase() } else { part.to_owned() });
    }
    Some(tag)
}

/// What the page claims to be.
pub(super) fn kinds(collected: &Collected<'_>, ld: &Ld) -> Vec<String> {
    let mut kinds = ld.kinds.clone();
    kinds.extend(collected.meta(&["og:type"]).map(|kind| text::normalize(kind).to_lowercase()));
    kinds
}
