//! What the article is about: categories, tags, lead picture.

use url::Url;

use super::collected::Collected;
use super::json_ld::Ld;
use super::links::absolute;
use super::site::{Site, key};
use super::vocabulary::{self, ElementRole};
use crate::extract::text;
use crate::model::{Found, Origin};

/// Longer texts are no names of categories or tags.
const MAX_NAME_BYTES: usize = 80;

/// More than a page's own tags.
const MAX_TAGS: usize = 40;

/// Names of front pages in breadcrumbs, folded.
const FRONT_PAGE_NAMES: &[&str] = &[
    "trangchu",
    "home",
    "startseite",
    "accueil",
    "inicio",
    "portada",
    "首页",
    "首頁",
    "홈",
    "ホーム",
    "trangnhat",
    "homepage",
    "start",
    "hjem",
    "forsiden",
    "etusivu",
    "anasayfa",
];

fn push(names: &mut Vec<String>, name: &str) {
    let name = text::normalize(name);
    let is_known = || {
        let known = key(&name);
        names.iter().any(|other| key(other) == known)
    };
    if !name.is_empty() && name.len() <= MAX_NAME_BYTES && (names.is_empty() || !is_known()) {
        names.push(name);
    }
}

fn shown<'h>(collected: &'h Collected<'_>, wanted: ElementRole) -> impl Iterator<Item = String> + 'h {
    collected
        .trails
        .iter()
        .filter(move |(role, spot)| *role == wanted && !spot.chrome)
        .map(|(_, spot)| text::visible_within(spot.element, 200))
}

/// The article's categories, the main one first.
pub(super) fn categories(
    collected: &Collected<'_>,
    ld: &Ld,
    site: &Site,
    title: Option<&str>,
) -> Vec<String> {
    let mut names = Vec::new();
    shown(collected, ElementRole::Category).for_each(|name| push(&mut names, &name));
    ld.article.sections.iter().for_each(|name| push(&mut names, name));
    collected.metas(vocabulary::SECTIONS).for_each(|(_, name)| push(&mut names, name));
    if names.is_empty() {
        trail(collected, ld).iter().for_each(|name| push(&mut names, name));
        by_class(collected).iter().for_each(|name| push(&mut names, name));
    }
    let title = title.map(key);
    names.retain(|name| {
        let name_key = key(name);
        let is_title = title.as_ref().is_some_and(|title| *title == name_key);
        !is_title
            && !site.has_key(&name_key)
            && !FRONT_PAGE_NAMES.contains(&name_key.as_str())
            && !name.starts_with("www.")
    });
    names
}

/// WordPress marks an article with `category-{slug}` for each of its categories; the menus know their names.
fn by_class(collected: &Collected<'_>) -> Vec<String> {
    let classes = collected.article_class.unwrap_or_default().split_ascii_whitespace();
    let slugs = classes.filter_map(|class| class.strip_prefix("category-"));
    let named = |slug: &str| {
        collected.menu.iter().find_map(|(href, element)| {
            let last = href.trim_end_matches('/').rsplit('/').next()?;
            (last == slug).then(|| text::visible_within(*element, 200))
        })
    };
    slugs.filter_map(named).collect()
}

/// The breadcrumb without the article itself, the nearest category first.
fn trail(collected: &Collected<'_>, ld: &Ld) -> Vec<String> {
    let mut trail: Vec<String> = collected
        .trails
        .iter()
        .filter(|(role, _)| *role == ElementRole::Breadcrumb)
        .map(|(_, spot)| text::visible_within(spot.element, 200))
        .collect();
    if trail.is_empty() {
        trail.clone_from(&ld.breadcrumbs);
        let headline = ld.article.headline.as_deref().map(key);
        trail.retain(|name| Some(key(name)) != headline);
    }
    trail.reverse();
    trail.retain(|name| !FRONT_PAGE_NAMES.contains(&key(name).as_str()));
    trail
}

pub(super) fn tags(collected: &Collected<'_>, ld: &Ld) -> Vec<String> {
    let mut names = Vec::new();
    shown(collected, ElementRole::Tags).for_each(|name| push(&mut names, name.trim_start_matches('#')));
    let lists = ld
        .article
        .keywords
        .iter()
        .map(String::as_str)
        .chain(collected.metas(vocabulary::TAGS).map(|(_, list)| list));
    for list in lists {
        list.split([',', ';', '、']).for_each(|name| push(&mut names, name.trim()));
    }
    names.retain(|name| !is_machine_name(name));
    names.truncate(MAX_TAGS);
    names
}

/// Names that CMSs keep for themselves: ids, paths, "NLP Category: …", `stats-reach-team`.
fn is_machine_name(name: &str) -> bool {
    let spaced = name.contains(' ');
    let id = !spaced && name.len() >= 16 && name.bytes().filter(u8::is_ascii_digit).count() * 3 > name.len();
    let slug = !spaced && name.matches(['-', '_']).count() >= 3;
    id || slug || name.contains(": ") || name.contains('/') || name.starts_with('_')
}

pub(super) fn image(collected: &Collected<'_>, ld: &Ld, base: &Url) -> Option<Found<Url>> {
    let of_meta = collected.metas(vocabulary::IMAGES).map(|(name, href)| (href, vocabulary::origin_of(name)));
    let of_ld = ld.article.images.iter().map(|href| (href.as_str(), Origin::JsonLd));
    of_meta.chain(of_ld).find_map(|(href, origin)| Some(Found::new(absolute(base, href)?, origin)))
}
