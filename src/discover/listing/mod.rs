//! A listing page for people → candidate articles, by evidence and without configuration.
//!
//! What tells a teaser from a menu is not known in advance, so it is weighed: how a link reads (a title has many
//! words), where it stands (a heading, a list of its like, a date or picture beside it; not a menu or footer), how its
//! address is made, and, once the plain cases are decided, how far the rest agrees with them, in address and in place.
//! A missed teaser is worse than a wrong one, which is later found to be no article, so the bar is low.

mod caption;
mod links;
mod next;
mod region;
mod score;
mod sections;
mod shape;
mod teaser;
#[cfg(test)]
mod tests;
mod walk;

use url::Url;

use super::dom::{self, Flat};
use super::{Context, DiscoverError, site};
use crate::model::{Candidate, DiscoveryMethod, Page, UrlKey};
use links::Links;
use region::Regions;
use shape::Shape;
use teaser::Teasers;

pub(super) use sections::sections;
pub use walk::ListingWalk;

/// Most links of one page that are looked at; what comes after is counted and left.
pub const MAX_LINKS: usize = 20_000;

/// What a listing page named.
#[derive(Clone, Debug, PartialEq)]
pub struct ListingRead {
    /// The articles, in the page's order, each place once.
    pub candidates: Vec<Candidate>,
    /// The next page of the listing.
    pub next: Option<Url>,
    /// How many links left the site, and were dropped.
    pub off_site: usize,
    /// How many links came after the first [`MAX_LINKS`], and were not looked at.
    pub over_limit: usize,
}

/// Reads a listing page.
///
/// # Errors
/// If the page is empty, or nested or large beyond what is parsed.
pub fn read(page: &Page, context: &Context<'_>) -> Result<ListingRead, DiscoverError> {
    let html = dom::parse(&page.url, &page.html)?;
    let tree = Flat::of(&html);
    let links = Links::of(&tree, page, context);
    let regions = Regions::of(&tree, &links);
    let next = next::find(&tree, &links, page);
    let pager = next::pager(&links, &page.url);
    let shapes: Vec<Shape> = links.places.iter().map(|place| Shape::of(&place.url)).collect();
    let teasers = Teasers::of(&tree, &links, &regions, &pager, &shapes);
    let articles = score::articles(&tree, &links, &teasers, &pager, &shapes);
    let mut candidates = Vec::new();
    for place in (0..links.places.len()).filter(|place| articles[*place]) {
        let mut candidate =
            Candidate::new(links.places[place].url.clone(), DiscoveryMethod::Listing, page.url.clone());
        candidate.post_id = site::post_id(&candidate.url);
        candidate.title = teasers.get(place).title.clone();
        candidate.published = teasers.get(place).published(&context.dates(page.said));
        candidate.categories = context.categories();
        candidates.push(candidate);
    }
    Ok(ListingRead { candidates, next, off_site: links.off_site, over_limit: links.over_limit })
}

/// Whether two addresses are one place.
fn same_place(a: &Url, b: &Url) -> bool {
    UrlKey::of(a) == UrlKey::of(b)
}
