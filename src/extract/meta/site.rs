//! The names a site goes by, and how they are taken off titles.

use super::collected::Collected;
use super::json_ld::Ld;
use crate::extract::{Context, text};
use crate::model::Page;

/// What sites put between an article's title and their own name.
pub(super) const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " • ", " · ", " / ", " // ", " ~ ", "|", "｜", "：",
    "－",
];

/// The marks without which there is no separator: most titles have none of them.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '|' | '-' | ':' | '/' | '~' | '«' | '»' | '·' | '–' | '—' | '•' | '｜' | '：' | '－')
}

/// The names the site goes by.
pub(super) struct Site {
    /// The [`key`] of each name.
    keys: Vec<String>,
}

impl Site {
    /// Collects them from metadata, configuration and the host's name.
    pub fn of(collected: &Collected<'_>, ld: &Ld, page: &Page, context: &Context<'_>) -> Self {
        let metas = collected.metas(&["og:site_name", "application-name", "apple-mobile-web-app-title"]);
        let mut names: Vec<String> = metas.map(|(_, name)| text::normalize(name)).collect();
        names.extend(ld.site.clone());
        names.extend(context.site_name.map(text::normalize));
        let host = page.url.host_str().unwrap_or_default();
        let host = host.strip_prefix("www.").unwrap_or(host);
        names.push(host.to_owned());
        names.extend(host.split('.').rev().nth(1).map(str::to_owned));
        names.extend(host.split('.').next().map(str::to_owned));
        names.retain(|name| !name.is_empty());
        Self { keys: names.iter().map(|name| key(name)).collect() }
    }

    /// Whether a name begins with the site's own, written as an acronym: "MDR THÜRINGEN" at mdr.de.
    pub fn is_house(&self, name: &str) -> bool {
        let Some((first, _)) = name.trim().split_once([' ', '-']) else { return false };
        let is_acronym = (2..=5).contains(&first.chars().count()) && first.chars().all(char::is_uppercase);
        is_acronym && self.is(first)
    }

    /// Takes the site's name off either end of a title.
    pub fn taken_off<'t>(&self, title: &'t str) -> &'t str {
        let mut title = title.trim();
        for _ in 0..3 {
            if !title.contains(is_mark) {
                break;
            }
            let held = SEPARATORS.iter().filter(|separator| title.contains(**separator));
            let Some(shorter) = held.filter_map(|separator| one_side(title, separator, self)).next() else {
                break;
            };
            title = shorter;
        }
        title
    }

    /// Whether a text is one of the names.
    pub fn is(&self, name: &str) -> bool {
        self.has_key(&key(name))
    }

    /// As [`Site::is`], of a text's [`key`].
    pub fn has_key(&self, key: &str) -> bool {
        !key.is_empty() && self.keys.iter().any(|known| known == key)
    }
}

/// Letters and digits alone, for comparing names.
pub(super) fn key(text: &str) -> String {
    let mut bare = text::strip_diacritics(text);
    bare.retain(text::is_letter_or_digit);
    bare
}

fn one_side<'t>(title: &'t str, separator: &str, site: &Site) -> Option<&'t str> {
    if let Some((head, tail)) = title.rsplit_once(separator)
        && site.is(tail)
        && !head.trim().is_empty()
    {
        return Some(head.trim());
    }
    let (head, tail) = title.split_once(separator)?;
    (site.is(head) && !tail.trim().is_empty()).then(|| tail.trim())
}
