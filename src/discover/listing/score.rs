//! Which places are articles: the evidence of each, weighed; then the agreement of the doubtful with the plain.

use std::collections::HashMap;

use super::links::Links;
use super::shape::Shape;
use super::teaser::{Teaser, Teasers};
use crate::discover::dom::Flat;
use crate::discover::hints;

/// A place with at least so many points is a candidate. The points below were set so that on listings of WordPress, Drupal,
/// ASP.NET and Liferay portals no teaser stays under it.
const MIN_CANDIDATE_POINTS: i32 = 4;
/// A place with at least so many points is an article without looking at the page's other places.
const MIN_PLAIN_POINTS: i32 = 5;
/// A text of at least so many words is a title rather than the name of a section or service, which seldom has more than
/// six.
const MIN_TITLE_WORDS: usize = 7;
/// How many levels over a link its place in the tree is taken from.
const MAX_LEVELS: usize = 6;

/// For each place whether it is a candidate.
pub(super) fn articles(
    tree: &Flat<'_>,
    links: &Links,
    teasers: &Teasers,
    pager: &[bool],
    shapes: &[Shape],
) -> Vec<bool> {
    let count = links.places.len();
    let own: Vec<i32> =
        (0..count).map(|place| alone(links, teasers.get(place), &shapes[place], place)).collect();
    let reads = |place: usize| reads_as_title(links, teasers.get(place), place);
    let plain: Vec<bool> =
        (0..count).map(|place| !pager[place] && (own[place] >= MIN_PLAIN_POINTS || reads(place))).collect();
    let makes = Agreement::of((0..count).map(|place| (shapes[place].skeleton.clone(), place)), &plain);
    let literals = Agreement::of((0..count).map(|place| (shapes[place].literal.clone(), place)), &plain);
    let groups = Agreement::of((0..count).map(|place| (standing(tree, links, place), place)), &plain);
    let dated: Vec<bool> =
        (0..count).map(|place| teasers.get(place).dated && !teasers.get(place).only_frame).collect();
    let outside = (0..count).filter(|place| !teasers.get(*place).only_frame);
    let dates = Agreement::of(outside.map(|place| (standing(tree, links, place), place)), &dated);
    let together = |place: usize| {
        let standing = standing(tree, links, place);
        let listed = literals.of_list(&shapes[place].literal) + groups.of_group(&standing);
        let dated = dates.of_dated(&standing);
        // Where every line has its date, that titles are short says nothing against it.
        own[place]
            + makes.of_make(&shapes[place].skeleton)
            + dated
            + if dated > 0 { listed.max(0) } else { listed }
    };
    (0..count).map(|place| !pager[place] && together(place) >= MIN_CANDIDATE_POINTS).collect()
}

/// Whether a link is as long as only titles are, and stands where titles do.
fn reads_as_title(links: &Links, teaser: &Teaser, place: usize) -> bool {
    teaser.words >= MIN_TITLE_WORDS && !teaser.only_frame && !hints::is_list_like(&links.places[place].url)
}

/// The points a place has by itself.
fn alone(links: &Links, teaser: &Teaser, shape: &Shape, place: usize) -> i32 {
    let url = &links.places[place].url;
    let title = match teaser.words {
        0 => 0,
        1..=2 => -1,
        3 => 0,
        4 => 1,
        5..=7 => 2,
        _ => 3,
    };
    let slug = match shape.slug {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    };
    let is_titled = teaser.words >= MIN_TITLE_WORDS && shape.slug + 1 >= MIN_TITLE_WORDS;
    let points = [
        (teaser.heading, 2),
        (teaser.dated, 2),
        (teaser.picture, 1),
        (teaser.excerpt, 1),
        (teaser.article, 1),
        (shape.id, 1),
        (shape.dated, 1),
        (hints::is_page(url) && shape.slug >= 2, 1),
        (hints::is_list_like(url), -4),
        (teaser.section, -5),
        // Menus of large portals hold news as well, under their whole titles; heads and feet do not.
        (teaser.only_frame, if is_titled && !teaser.only_edge { -2 } else { -4 }),
    ];
    title + slug + points.iter().filter(|(is, _)| *is).map(|(_, points)| points).sum::<i32>()
}

/// Where a place's first link stands: the names and classes over it, numbers masked.
fn standing(tree: &Flat<'_>, links: &Links, place: usize) -> String {
    let Some(link) = links.places[place].links.first().map(|link| &links.links[*link]) else {
        return String::new();
    };
    let over = std::iter::once(link.spot).chain(tree.above(link.spot).take(MAX_LEVELS));
    let mut path = String::new();
    for element in over.filter_map(|at| tree.element(at)) {
        path.push_str(element.name());
        for class in element.classes().take(4) {
            path.push('.');
            path.extend(class.chars().take(40).filter(|c| !c.is_ascii_digit()));
        }
        path.push('<');
    }
    path
}

/// How many of the places that have something in common are plainly articles, or have a date.
struct Agreement {
    counts: HashMap<String, (usize, usize)>,
    most: usize,
}

impl Agreement {
    fn of(places: impl Iterator<Item = (String, usize)>, plain: &[bool]) -> Self {
        let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
        for (name, place) in places {
            let count = counts.entry(name).or_default();
            count.0 += usize::from(plain[place]);
            count.1 += 1;
        }
        let most = counts.values().map(|(plain, _)| *plain).max().unwrap_or_default();
        Self { counts, most }
    }

    fn count(&self, name: &str) -> (usize, usize) {
        self.counts.get(name).copied().unwrap_or_default()
    }

    /// An address made as those of articles speaks for a place, one made as no article's is against it.
    fn of_make(&self, name: &str) -> i32 {
        match self.count(name) {
            (plain, all) if plain >= 2 && plain * 3 >= all => 2,
            (0, _) if self.most >= 4 => -2,
            _ => 0,
        }
    }

    /// A folder of the portal with many links and hardly an article holds lists: `/tag/*`.
    fn of_list(&self, name: &str) -> i32 {
        match self.count(name) {
            (plain, all) if all >= 4 && plain * 5 < all => -1,
            _ => 0,
        }
    }

    /// A list whose every line has a date is one of articles, however short their titles are.
    fn of_dated(&self, name: &str) -> i32 {
        match self.count(name) {
            (dated, all) if dated >= 3 && dated * 10 >= all * 9 => 2,
            _ => 0,
        }
    }

    /// A place that stands as articles do, in one list with them.
    fn of_group(&self, name: &str) -> i32 {
        match self.count(name) {
            (plain, all) if all >= 3 && plain * 2 >= all => 1,
            (0, all) if all >= 5 => -1,
            _ => 0,
        }
    }
}
