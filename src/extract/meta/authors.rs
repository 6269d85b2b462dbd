//! Authors: JSON-LD, meta tags, microdata, `rel=author`, elements whose class says so.

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::collected::{Collected, Spot};
use super::json_ld::{Author, Ld};
use super::site::{Site, key};
use super::vocabulary::{self, ElementRole};
use crate::extract::byline::{self, Byline};
use crate::extract::{Context, text};
use crate::model::{Found, Origin};

/// What the page says of its authors.
#[derive(Default)]
pub(super) struct Named {
    pub authors: Option<Found<Vec<String>>>,
    pub credit: Option<String>,
    /// The innermost element that shows them.
    pub place: Option<NodeId>,
}

/// Decides the authors: the first origin that names persons wins; organisations met on the way are the credit.
pub(super) fn decide(
    document: &Html,
    collected: &Collected<'_>,
    ld: &Ld,
    site: &Site,
    anchor: Option<u32>,
    context: &Context<'_>,
) -> Named {
    let mut named = Named::default();
    if let Some(rule) = &context.rules.author {
        let found = document.select(&rule.selector).map(|element| claim(&shown(element), site));
        take(&mut named, merged(found), Origin::Rule);
    }
    for told in [&ld.article.authors, &ld.article.creators] {
        take(&mut named, merged(told.iter().map(|author| told_by_ld(author, site))), Origin::JsonLd);
    }
    let metas = collected.metas(vocabulary::AUTHORS).map(|(_, content)| claim(content, site));
    take(&mut named, merged_first(metas), Origin::MetaTag);
    let properties =
        collected.properties(&["author", "creator"]).filter(|spot| !spot.chrome && !of_picture(spot));
    let of_properties = merged(properties.map(|spot| claim(&name_of(spot.element), site)));
    take(&mut named, Byline { credit: None, ..of_properties }, Origin::Microdata);
    let near =
        |spot: &Spot<'_>| anchor.is_none_or(|anchor| spot.at + 40 >= anchor && spot.at <= anchor + 160);
    let far = |spot: &Spot<'_>| named.authors.is_none() && !near(spot);
    if let Some((byline, place)) = visible(collected, site, near).or_else(|| visible(collected, site, far)) {
        let same = named.authors.as_ref().is_none_or(|found| {
            found.value.iter().any(|name| byline.authors.iter().any(|other| key(other) == key(name)))
        });
        if same {
            named.place = Some(place);
        }
        take(&mut named, Byline { credit: None, ..byline }, Origin::Visible);
    }
    named
}

fn take(named: &mut Named, byline: Byline, origin: Origin) {
    if named.credit.is_none() {
        named.credit = byline.credit;
    }
    if named.authors.is_none() && !byline.authors.is_empty() {
        named.authors = Some(Found::new(byline.authors, origin));
    }
}

fn told_by_ld(author: &Author, site: &Site) -> Byline {
    if author.organisation || site.is(&author.name) {
        let credit = (!site.is(&author.name)).then(|| author.name.clone());
        return Byline { authors: Vec::new(), credit };
    }
    claim(&author.name, site)
}

fn claim(content: &str, site: &Site) -> Byline {
    let mut byline = byline::names(&text::decoded(content));
    byline.authors.retain(|name| !site.is(name) && !site.is_house(name));
    byline.credit = byline.credit.filter(|credit| !site.is(credit));
    byline
}

fn merged(bylines: impl Iterator<Item = Byline>) -> Byline {
    bylines.take(12).fold(Byline::default(), |mut all, byline| {
        for name in byline.authors {
            if !all.authors.iter().any(|other| key(other) == key(&name)) {
                all.authors.push(name);
            }
        }
        all.credit = all.credit.or(byline.credit);
        all
    })
}

/// Of several meta names only the best is read, as they repeat each other in other spellings.
fn merged_first(bylines: impl Iterator<Item = Byline>) -> Byline {
    let mut credit = None;
    for byline in bylines {
        if !byline.authors.is_empty() {
            return byline;
        }
        credit = credit.or(byline.credit);
    }
    Byline { authors: Vec::new(), credit }
}

fn shown(element: ElementRef<'_>) -> String {
    element.attr("content").map_or_else(|| text::visible_within(element, 300), str::to_owned)
}

/// The `name` within an author's item, else its text.
fn name_of(element: ElementRef<'_>) -> String {
    let inner = element.descendent_elements().take(40).find(|inner| {
        inner
            .attr("itemprop")
            .is_some_and(|property| property.split_ascii_whitespace().any(|word| word == "name"))
    });
    shown(inner.unwrap_or(element))
}

/// Whether it belongs to a picture, whose author is the photographer.
fn of_picture(spot: &Spot<'_>) -> bool {
    let within = spot.element.ancestors().take(6).filter_map(ElementRef::wrap).any(|element| {
        matches!(element.value().name(), "figure" | "figcaption")
            || element.attr("itemtype").is_some_and(|kind| kind.contains("ImageObject"))
    });
    let class = spot.element.attr("class").unwrap_or_default().to_ascii_lowercase();
    let own = spot.element.attr("rel").is_some_and(|rel| rel.contains("author"));
    !own && (within || vocabulary::PICTURE_WORDS.iter().any(|word| class.contains(word)))
}

/// The first element whose class says that it holds the author, and which holds names and little else.
fn visible(
    collected: &Collected<'_>,
    site: &Site,
    fits: impl Fn(&Spot<'_>) -> bool,
) -> Option<(Byline, NodeId)> {
    let hinted = collected
        .hinted
        .iter()
        .filter(|(role, spot)| *role == ElementRole::Author && !spot.chrome && fits(spot));
    hinted.take(12).filter(|(_, spot)| !of_picture(spot)).find_map(|(_, spot)| {
        let line = text::labelled_within(spot.element, 240);
        if line.len() > 160 {
            return None;
        }
        let byline = claim(&line, site);
        (!byline.authors.is_empty() && fills(&byline, &line)).then(|| (byline, spot.element.id()))
    })
}

/// Whether a line is little else than names, and these no single words, which may be anything.
fn fills(byline: &Byline, line: &str) -> bool {
    let names: usize = byline.authors.iter().map(String::len).sum();
    let full = byline.authors.iter().all(|name| name.contains(' ') || byline::is_eastern(name));
    full && names * 4 >= line.len()
}
