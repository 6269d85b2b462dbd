//! The names that an article answers to, and when one of them is enough to know it by.

use url::Url;

use crate::model::{Article, Key, UrlKey};

/// The names of an article.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ArticleNames {
    /// Its key, its canonical address, and path and query of that: nobody else's.
    pub(crate) own: Vec<String>,
    /// The other addresses that it answers to.
    pub(crate) other: Vec<String>,
}

impl ArticleNames {
    /// The names of a read page.
    pub(crate) fn of(article: &Article, aliases: &[Url]) -> Self {
        let mut own = vec![article.key.to_text()];
        push(&mut own, &article.url, true);
        let mut other = Vec::new();
        for url in aliases {
            // Without the host, so that a portal which moves keeps its articles.
            push(&mut other, url, url.host_str() == article.url.host_str());
        }
        other.retain(|name| !own.contains(name));
        other.sort();
        other.dedup();
        Self { own, other }
    }

    /// All of them, surest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.own.iter().chain(&self.other).map(String::as_str)
    }
}

/// Adds an address with and without its host. The front page answers for many a dead address: it is no article's name.
fn push(names: &mut Vec<String>, url: &Url, with_path: bool) {
    let path = UrlKey::path_of(url);
    if path == "/" {
        return;
    }
    names.push(UrlKey::of(url).as_str().to_owned());
    if with_path && !names.contains(&path) {
        names.push(path);
    }
}

/// Whether a page with `key` is another article than the one with these names: a portal reuses a slug, but not a post id.
pub(crate) fn has_other_post_id<'a>(key: &Key, names: impl IntoIterator<Item = &'a str>) -> bool {
    matches!(key, Key::Post(_)) && names.into_iter().any(|name| matches!(Key::from_text(name), Key::Post(_)))
}
