//! Teasers: what stands with the links to one place, and what of it is the article's title and date.

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;
use url::Url;

use super::caption;
use super::links::{Link, Links};
use super::region::{MAX_SECTION_WORDS, Regions};
use super::shape::Shape;
use crate::dates::{self, DateContext};
use crate::discover::dom::{self, Flat, Kind};
use crate::discover::{hints, text};
use crate::text::normalize;

/// How many links to one place are looked at: a teaser has a picture, a title and a "Xem thêm".
const MAX_LINKS_EACH: usize = 8;
/// How far up a teaser may reach over its link.
const MAX_LEVELS: usize = 8;
/// How many short texts near a link are tried as its date.
const MAX_DATE_TRIES: usize = 6;
/// Longest text, in characters, that may be a date; longer ones are sentences that mention one.
const MAX_DATE_CHARS: usize = 60;
/// A text beside a link with at least so many characters is an excerpt.
const MIN_EXCERPT_CHARS: usize = 60;

/// What looks like the date of a teaser.
pub(super) static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\d{1,2}\s*[/.-]\s*\d{1,2}(\s*[/.-]\s*\d{2,4})?|\d{4}-\d{2}-\d{2}|\d{1,2}\s*(:|h|giờ)\s*\d{2}|tháng\s+\d|thg\s+\d|\d+\s*(giây|phút|giờ|ngày|tuần|tháng|năm)\s+trước|\d+\s*(second|minute|hour|day|week|month|year)s?\s+ago|vừa xong|hôm nay|hôm qua|just now|yesterday|\d{1,2}\s+[a-z]{3,9}\.?,?\s+\d{4}|[a-z]{3,9}\.?\s+\d{1,2},?\s+\d{4}",
    )
    .expect("a constant pattern")
});

/// What is known of one place from where its links stand.
#[derive(Default)]
pub(super) struct Teaser {
    /// The article's title, as well as it can be told.
    pub(super) title: Option<String>,
    /// Words in it.
    pub(super) words: usize,
    /// Whether a link stands in a heading, or a heading beside a link that says nothing.
    pub(super) heading: bool,
    /// Whether there is a picture.
    pub(super) picture: bool,
    /// Whether there is something like a date.
    pub(super) dated: bool,
    /// Whether there is text beside the link.
    pub(super) excerpt: bool,
    /// Whether it is an `<article>`.
    pub(super) article: bool,
    /// Whether every link stands in a menu or the like.
    pub(super) only_frame: bool,
    /// Whether every link stands in the page's head or foot.
    pub(super) only_edge: bool,
    /// Whether a menu names it in few words, as it does sections.
    pub(super) section: bool,
    /// `datetime` of a `<time>`.
    stamp: Option<String>,
    /// Short texts that may be the date, nearest first.
    dates: Vec<String>,
}

/// The teasers of a page, one for each place.
pub(super) struct Teasers {
    all: Vec<Teaser>,
}

impl Teasers {
    pub(super) fn of(
        tree: &Flat<'_>,
        links: &Links,
        regions: &Regions,
        pager: &[bool],
        shapes: &[Shape],
    ) -> Self {
        let mut all: Vec<Teaser> = links.places.iter().map(|_| Teaser::default()).collect();
        for (place, teaser) in all.iter_mut().enumerate() {
            let own = || links.places[place].links.iter().map(|link| &links.links[*link]);
            teaser.only_frame = own().all(|link| regions.is_frame(link.spot));
            teaser.only_edge = own().all(|link| regions.is_edge(link.spot));
            // The address of a section is as short as its name; a menu may also hold an article under a short label.
            let longest = own().map(|link| link.words).max().unwrap_or_default();
            teaser.section = longest <= MAX_SECTION_WORDS
                && own().any(|link| regions.is_frame(link.spot) && link.words > 0)
                && shapes[place].slug <= longest + 1;
        }
        let may_be: Vec<bool> =
            (0..all.len()).map(|place| may_be_article(place, links, &all, pager, shapes)).collect();
        let bounds = Bounds::of(tree, links, &may_be, pager);
        for (place, teaser) in all.iter_mut().enumerate() {
            let own = links.places[place].links.iter().map(|link| &links.links[*link]);
            let mut own: Vec<&Link> =
                own.filter(|link| teaser.only_frame || !regions.is_frame(link.spot)).collect();
            own.truncate(MAX_LINKS_EACH);
            for link in &own {
                let around = if may_be[place] { bounds.around(tree, link) } else { link.spot };
                teaser.look(tree, link, around);
            }
            teaser.name(tree, &own, &links.places[place].url);
        }
        Self { all }
    }

    pub(super) fn get(&self, place: usize) -> &Teaser {
        &self.all[place]
    }
}

fn may_be_article(place: usize, links: &Links, teasers: &[Teaser], pager: &[bool], shapes: &[Shape]) -> bool {
    let words =
        links.places[place].links.iter().map(|link| links.links[*link].words).max().unwrap_or_default();
    let shape = &shapes[place];
    let is_list = pager[place] || teasers[place].section || hints::is_list_like(&links.places[place].url);
    // A label of three words that comes once is a short title, one that comes again is a category.
    let is_short_title = words == 3 && links.places[place].links.len() == 1;
    !is_list && (words >= 4 || words == 0 || is_short_title || shape.slug >= 3 || shape.id || shape.dated)
}

/// How far teasers reach: for each spot, which one place may be an article below it, if it is only one.
struct Bounds {
    sole: Vec<Sole>,
    shut: Vec<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sole {
    None,
    One(usize),
    Many,
}

impl Bounds {
    fn of(tree: &Flat<'_>, links: &Links, may_be: &[bool], pager: &[bool]) -> Self {
        let mut sole = vec![Sole::None; tree.spots.len()];
        let mut shut = vec![false; tree.spots.len()];
        for link in &links.links {
            if may_be[link.place] {
                sole[link.spot] = Sole::One(link.place);
            }
            shut[link.spot] |= pager[link.place];
        }
        for at in (1..tree.spots.len()).rev() {
            let parent = tree.spots[at].parent;
            sole[parent] = match (sole[parent], sole[at]) {
                (Sole::None, below) => below,
                (above, Sole::None) => above,
                (Sole::One(a), Sole::One(b)) if a == b => Sole::One(a),
                _ => Sole::Many,
            };
            shut[at] |=
                matches!(tree.name(at), "nav" | "form" | "footer" | "main" | "body" | "ul" | "ol" | "table");
            shut[parent] |= shut[at];
        }
        Self { sole, shut }
    }

    /// The largest spot around a link that belongs to its place alone and is no part of the page's own frame.
    fn around(&self, tree: &Flat<'_>, link: &Link) -> usize {
        let mut around = link.spot;
        for up in tree.above(link.spot).take(MAX_LEVELS) {
            if self.sole[up] != Sole::One(link.place) || self.shut[up] || tree.name(up) == "section" {
                break;
            }
            around = up;
            if matches!(tree.name(up), "article" | "li" | "tr") {
                break;
            }
        }
        around
    }
}

impl Teaser {
    /// Takes in what stands around a link.
    fn look(&mut self, tree: &Flat<'_>, link: &Link, around: usize) {
        self.article |=
            std::iter::once(around).chain(tree.above(around).take(1)).any(|at| tree.name(at) == "article");
        self.heading |= link.heading && link.words > 0;
        self.picture |= link.picture;
        let anchor = link.spot..tree.spots[link.spot].end;
        let mut texts: Vec<(usize, String)> = Vec::new();
        let mut beside = 0;
        for at in tree.below(around) {
            match &tree.spots[at].kind {
                Some(Kind::Element(element)) => {
                    self.picture |= matches!(element.name(), "img" | "picture" | "amp-img");
                    self.dated |= element.name() == "time";
                    self.stamp = self.stamp.take().or_else(|| element.attr("datetime").map(str::to_owned));
                }
                Some(Kind::Text(piece)) if !piece.trim().is_empty() => {
                    beside += if anchor.contains(&at) { 0 } else { piece.trim().chars().count() };
                    let text = date_text(tree, at, piece, anchor.start);
                    texts.extend(text.map(|text| (at.abs_diff(anchor.start), text)));
                }
                _ => {}
            }
        }
        self.excerpt |= beside >= MIN_EXCERPT_CHARS;
        self.note_dates(texts);
        if link.words == 0 && self.title.is_none() {
            let heading = tree.below(around).find(|at| dom::is_heading(tree.name(*at)));
            self.title =
                heading.and_then(|at| text::title(&tree.text(at))).filter(|it| !hints::is_generic(it));
            self.heading |= self.title.is_some();
        }
    }

    /// Keeps the nearest of the texts that may be dates.
    fn note_dates(&mut self, mut texts: Vec<(usize, String)>) {
        texts.sort_by_key(|(distance, _)| *distance);
        texts.dedup_by(|a, b| a.1 == b.1);
        texts.truncate(MAX_DATE_TRIES);
        self.dated |= !texts.is_empty();
        self.dates.extend(texts.into_iter().map(|(_, text)| text));
    }

    /// Chooses the title.
    fn name(&mut self, tree: &Flat<'_>, own: &[&Link], url: &Url) {
        let best = own.iter().filter(|link| link.words > 0).max_by_key(|link| (link.heading, link.words));
        let spoken = best.and_then(|link| text::title(&caption::of(tree, link, url)));
        let silent = || {
            let said = own.iter().flat_map(|link| caption::attributes(tree, link)).filter_map(text::title);
            said.filter(|it| !hints::is_generic(it)).max_by_key(|it| text::words(it))
        };
        let title = spoken.or_else(|| self.title.take()).or_else(silent);
        self.title = title.map(|title| caption::whole(title, tree, own));
        self.words = self.title.as_deref().map_or(0, text::words);
    }

    /// The date, if one of the texts is one.
    pub(super) fn published(&self, context: &DateContext<'_>) -> Option<Timestamp> {
        let mut texts = self.stamp.iter().chain(&self.dates);
        texts.find_map(|text| dates::read(text, context)).map(|read| read.at)
    }
}

/// The text of a spot, or of the element around it, if it is as short as dates are and looks like one. The link's own
/// text counts only where it stands in an element of its own, as in a card that is one link.
fn date_text(tree: &Flat<'_>, at: usize, piece: &str, anchor: usize) -> Option<String> {
    let parent = tree.spots[at].parent;
    if parent == anchor || tree.above(at).take(4).any(|up| dom::is_heading(tree.name(up))) {
        return None;
    }
    let around = parent..tree.spots[parent].end;
    let wide = (!around.contains(&anchor) && around.len() < 20).then(|| tree.text(parent));
    let wide = wide.map(|wide| normalize(&wide)).filter(|wide| wide.chars().count() <= MAX_DATE_CHARS);
    let text = wide.unwrap_or_else(|| normalize(piece));
    let text = text.trim_matches(|c: char| !c.is_alphanumeric() && c != '+').to_owned();
    (text.chars().count() <= MAX_DATE_CHARS && DATE.is_match(&text)).then_some(text)
}
