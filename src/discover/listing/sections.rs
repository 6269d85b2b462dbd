//! The sections of a portal, as the menus of a page name them.

use url::Url;

use super::links::Links;
use super::next;
use super::region::{MAX_SECTION_WORDS, Regions};
use crate::discover::dom::Flat;
use crate::discover::{Context, hints};
use crate::model::Page;

/// What the menus of a page lead to on its site: names and addresses, in the page's order, each place once. Pages about
/// the portal, further pages of a list and links without a name are left out.
pub(in crate::discover) fn sections(
    tree: &Flat<'_>,
    page: &Page,
    context: &Context<'_>,
) -> Vec<(String, Url)> {
    let links = Links::of(tree, page, context);
    let regions = Regions::of(tree, &links);
    let pager = next::pager(&links, &page.url);
    let mut sections = Vec::new();
    for (index, place) in links.places.iter().enumerate() {
        let mut own = place.links.iter().map(|link| &links.links[*link]);
        let named =
            own.find(|link| regions.is_frame(link.spot) && (1..=MAX_SECTION_WORDS).contains(&link.words));
        let Some(link) = named.filter(|_| !pager[index] && !hints::is_about(&place.url)) else { continue };
        sections.push((link.text.clone(), place.url.clone()));
    }
    sections
}
