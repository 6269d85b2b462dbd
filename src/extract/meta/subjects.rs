//! What the article is about: categories, section, tags, lead picture.

use url::Url;

use super::harvest::Harvest;
use super::hints::{self, Hint};
use super::json_ld::Ld;
use super::links::absolute;
use super::site::{Site, key};
use crate::extract::text;
use crate::model::{Found, Origin};

/// Longer texts are no names of categories or tags.
const LONGEST_NAME: usize = 80;

/// More than a page's own tags.
const MOST_TAGS: usize = 40;

/// Names of front pages in breadcrumbs, folded.
const HOME: &[&str] = &[
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
    let name = text::fold(name);
    let is_known = || {
        let known = key(&name);
        names.iter().any(|other| key(other) == known)
    };
    if !name.is_empty() && name.len() <= LONGEST_NAME && (names.is_empty() || !is_known()) {
        names.push(name);
    }
}

fn shown<'h>(harvest: &'h Harvest<'_>, wanted: Hint) -> impl Iterator<Item = String> + 'h {
    harvest
        .trails
        .iter()
        .filter(move |(hint, spot)| *hint == wanted && !spot.chrome)
        .map(|(_, spot)| text::visible_within(spot.element, 200))
}

/// The article's categories, the main one first, and the section as metadata has it.
pub(super) fn categories(
    harvest: &Harvest<'_>,
    ld: &Ld,
    site: &Site,
    title: Option<&str>,
) -> (Vec<String>, Option<String>) {
    let mut names = Vec::new();
    shown(harvest, Hint::Category).for_each(|name| push(&mut names, &name));
    let mut section = ld.article.sections.first().cloned();
    section = section.or_else(|| harvest.meta(hints::SECTIONS).map(text::fold));
    ld.article.sections.iter().for_each(|name| push(&mut names, name));
    harvest.metas(hints::SECTIONS).for_each(|(_, name)| push(&mut names, name));
    if names.is_empty() {
        trail(harvest, ld).iter().for_each(|name| push(&mut names, name));
        by_class(harvest).iter().for_each(|name| push(&mut names, name));
    }
    let title = title.map(key);
    names.retain(|name| {
        let name_key = key(name);
        let is_title = title.as_ref().is_some_and(|title| *title == name_key);
        !is_title
            && !site.has_key(&name_key)
            && !HOME.contains(&name_key.as_str())
            && !name.starts_with("www.")
    });
    (names, section.filter(|section| !section.is_empty()))
}

/// WordPress marks an article with `category-{slug}` for each of its categories; the menus know their names.
fn by_class(harvest: &Harvest<'_>) -> Vec<String> {
    let classes = harvest.article_class.unwrap_or_default().split_ascii_whitespace();
    let slugs = classes.filter_map(|class| class.strip_prefix("category-"));
    let named = |slug: &str| {
        harvest.menu.iter().find_map(|(href, element)| {
            let last = href.trim_end_matches('/').rsplit('/').next()?;
            (last == slug).then(|| text::visible_within(*element, 200))
        })
    };
    slugs.filter_map(named).collect()
}

/// The breadcrumb without the article itself, the nearest category first.
fn trail(harvest: &Harvest<'_>, ld: &Ld) -> Vec<String> {
    let mut trail: Vec<String> = harvest
        .trails
        .iter()
        .filter(|(hint, _)| *hint == Hint::Breadcrumb)
        .map(|(_, spot)| text::visible_within(spot.element, 200))
        .collect();
    if trail.is_empty() {
        trail.clone_from(&ld.breadcrumbs);
        let headline = ld.article.headline.as_deref().map(key);
        trail.retain(|name| Some(key(name)) != headline);
    }
    trail.reverse();
    trail.retain(|name| !HOME.contains(&key(name).as_str()));
    trail
}

/// The article's tags.
pub(super) fn tags(harvest: &Harvest<'_>, ld: &Ld) -> Vec<String> {
    let mut names = Vec::new();
    shown(harvest, Hint::Tags).for_each(|name| push(&mut names, name.trim_start_matches('#')));
    let lists = ld
        .article
        .keywords
        .iter()
        .map(String::as_str)
        .chain(harvest.metas(hints::TAGS).map(|(_, list)| list));
    for list in lists {
        list.split([',', ';', '、']).for_each(|name| push(&mut names, name.trim()));
    }
    names.retain(|name| !is_machine_name(name));
    names.truncate(MOST_TAGS);
    names
}

/// Names that CMSs keep for themselves: ids, paths, "NLP Category: …", `stats-reach-team`.
fn is_machine_name(name: &str) -> bool {
    let spaced = name.contains(' ');
    let id = !spaced && name.len() >= 16 && name.bytes().filter(u8::is_ascii_digit).count() * 3 > name.len();
    let slug = !spaced && name.matches(['-', '_']).count() >= 3;
    id || slug || name.contains(": ") || name.contains('/') || name.starts_with('_')
}

/// The lead picture.
pub(super) fn image(harvest: &Harvest<'_>, ld: &Ld, base: &Url) -> Option<Found<Url>> {
    let of_meta = harvest.metas(hints::IMAGES).map(|(name, href)| {
        let origin = if name.starts_with("og:") { Origin::OpenGraph } else { Origin::MetaTag };
        (href, origin)
    });
    let of_ld = ld.article.images.iter().map(|href| (href.as_str(), Origin::JsonLd));
    of_meta.chain(of_ld).find_map(|(href, origin)| Some(Found::new(absolute(base, href)?, origin)))
}
