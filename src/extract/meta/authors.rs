//! Authors: JSON-LD, meta tags, microdata, `rel=author`, elements whose class says so.

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::harvest::{Harvest, Spot};
use super::hints::{self, Hint};
use super::json_ld::Ld;
use super::title::{is_site, key};
use crate::article::{Found, Origin};
use crate::extract::byline::{self, Byline};
use crate::extract::{Context, text};

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
    harvest: &Harvest<'_>,
    ld: &Ld,
    site: &[String],
    anchor: Option<u32>,
    context: &Context<'_>,
) -> Named {
    let mut named = Named::default();
    if let Some(rule) = &context.rules.author {
        let found = document.select(&rule.selector).map(|element| claim(&shown(element), site));
        take(&mut named, merged(found), Origin::Rule);
    }
    let of_ld = ld.article.authors.iter().map(|author| {
        if author.organisation || is_site(&author.name, site) {
            return Byline {
                authors: Vec::new(),
                credit: (!is_site(&author.name, site)).then(|| author.name.clone()),
            };
        }
        claim(&author.name, site)
    });
    take(&mut named, merged(of_ld), Origin::JsonLd);
    let metas = harvest.metas(hints::AUTHORS).map(|(_, content)| claim(content, site));
    take(&mut named, merged_first(metas), Origin::MetaTag);
    let properties = harvest.properties(&["author", "creator"]).filter(|spot| !spot.chrome);
    take(&mut named, merged(properties.map(|spot| claim(&name_of(spot.element), site))), Origin::Microdata);
    let visible = visible(harvest, anchor, site);
    if let Some((byline, place)) = visible {
        let same = named.authors.as_ref().is_none_or(|found| {
            found.value.iter().any(|name| byline.authors.iter().any(|other| key(other) == key(name)))
        });
        if same {
            named.place = Some(place);
        }
        take(&mut named, byline, Origin::Visible);
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

fn claim(content: &str, site: &[String]) -> Byline {
    let mut byline = byline::names(&text::decoded(content));
    byline.authors.retain(|name| !is_site(name, site));
    byline.credit = byline.credit.filter(|credit| !is_site(credit, site));
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

/// The element near the title whose class says that it holds the author.
fn visible(harvest: &Harvest<'_>, anchor: Option<u32>, site: &[String]) -> Option<(Byline, NodeId)> {
    let near = |spot: &Spot<'_>| match anchor {
        Some(anchor) => spot.at + 40 >= anchor && spot.at <= anchor + 160,
        None => true,
    };
    let hinted =
        harvest.hinted.iter().filter(|(hint, spot)| *hint == Hint::Author && !spot.chrome && near(spot));
    hinted.take(12).find_map(|(_, spot)| {
        let line = text::visible_within(spot.element, 240);
        if line.len() > 160 {
            return None;
        }
        let byline = claim(&line, site);
        (!byline.authors.is_empty()).then(|| (byline, spot.element.id()))
    })
}
