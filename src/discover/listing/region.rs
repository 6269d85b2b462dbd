//! Where on a page a spot is: in the middle, or in a menu, a footer and the like.

use super::links::{Links, Words};
use crate::discover::dom::Flat;
use crate::discover::hints;

/// Words in classes and ids of menus, trails, page numbers, tag clouds and share boxes.
const MENU_WORDS: &[&str] = &[
    "nav",
    "navbar",
    "navigation",
    "menu",
    "submenu",
    "megamenu",
    "topmenu",
    "mainmenu",
    "breadcrumb",
    "breadcrumbs",
    "crumb",
    "crumbs",
    "pagination",
    "pager",
    "paging",
    "pagenavi",
    "pagenav",
    "tagcloud",
    "tags",
    "share",
    "sharing",
    "social",
    "socials",
    "topbar",
    "toolbar",
    "login",
    "langs",
    "language",
    "languages",
];
/// Whole classes and ids of the page's own head and foot. The bare words also name the head and foot of a teaser.
const EDGE_WORDS: &[&str] = &[
    "footer",
    "foot",
    "site-footer",
    "page-footer",
    "main-footer",
    "footer-widget",
    "footer-widgets",
    "footer-menu",
    "footer-links",
    "colophon",
    "masthead",
    "site-header",
    "header-top",
    "top-header",
    "copyright",
    "bottom-menu",
];
/// How long a link in a menu may be, in words, to be taken for the name of a section.
pub(super) const MAX_SECTION_WORDS: usize = 6;

/// For each spot of a tree, whether it stands in a menu, head, foot or the like.
pub(super) struct Regions {
    frame: Vec<bool>,
    edge: Vec<bool>,
}

impl Regions {
    pub(super) fn of(tree: &Flat<'_>, links: &Links) -> Self {
        let mut frame = vec![false; tree.spots.len()];
        let mut edge = vec![false; tree.spots.len()];
        let mut content = vec![false; tree.spots.len()];
        let words = Words::of(tree);
        let total = links.below(0, tree).max(1);
        for at in 1..tree.spots.len() {
            let spot = &tree.spots[at];
            let small = links.below(at, tree) * 2 <= total;
            let inner = content[spot.parent];
            content[at] = inner || matches!(tree.name(at), "article" | "main" | "section" | "li" | "a");
            edge[at] = edge[spot.parent] || is_edge(tree, at, small, inner);
            frame[at] = frame[spot.parent]
                || edge[at]
                || is_menu_by_name(tree, at, small)
                || is_menu_by_look(tree, links, &words, at);
        }
        Self { frame, edge }
    }

    /// Whether a spot stands in a menu, head, foot or the like.
    pub(super) fn is_frame(&self, spot: usize) -> bool {
        self.frame[spot]
    }

    /// Whether a spot stands in the page's head or foot.
    pub(super) fn is_edge(&self, spot: usize) -> bool {
        self.edge[spot]
    }
}

/// By element, role, class or id. A class that would make most of the page a menu ("has-menu") says nothing.
fn is_menu_by_name(tree: &Flat<'_>, at: usize, small: bool) -> bool {
    let Some(element) = tree.element(at) else { return false };
    if element.name() == "nav" {
        return true;
    }
    let role = element.attr("role").unwrap_or_default();
    if matches!(role, "navigation" | "menu" | "menubar" | "toolbar") {
        return true;
    }
    if !small || matches!(element.name(), "html" | "body" | "main" | "article" | "a") {
        return false;
    }
    let names = element.classes().chain(element.id());
    names.flat_map(hints::name_words).any(|word| MENU_WORDS.contains(&word.as_str()))
}

/// The page's own head or foot, not a teaser's, which stands `inner`.
fn is_edge(tree: &Flat<'_>, at: usize, small: bool, inner: bool) -> bool {
    let Some(element) = tree.element(at) else { return false };
    let role = element.attr("role").unwrap_or_default();
    if matches!(role, "contentinfo" | "banner") {
        return true;
    }
    match element.name() {
        "footer" => !inner,
        "header" => !inner && small,
        "html" | "body" | "main" | "article" => false,
        _ => {
            small
                && element
                    .classes()
                    .chain(element.id())
                    .any(|name| EDGE_WORDS.contains(&name.to_lowercase().as_str()))
        }
    }
}

/// A list of at least four short links with hardly any text and no date beside: what a menu looks like when its classes say
/// nothing. Titles have about ten words, names of sections two or three and seldom more than six.
fn is_menu_by_look(tree: &Flat<'_>, links: &Links, words: &Words, at: usize) -> bool {
    if !matches!(tree.name(at), "ul" | "ol" | "tr" | "p" | "div" | "dl" | "td" | "section") {
        return false;
    }
    let below = links.below(at, tree);
    let range = at..tree.spots[at].end;
    let linked = Words::within(&words.linked, &range);
    below >= 4
        && linked > 0
        && Words::within(&words.long_links, &range) == 0
        && Words::within(&words.dates, &range) == 0
        && f64::from(linked) <= 4.5 * below as f64
        && f64::from(linked) >= 0.9 * f64::from(Words::within(&words.all, &range))
        && (matches!(tree.name(at), "ul" | "ol") || each_child_is_one_link(tree, links, at))
}

fn each_child_is_one_link(tree: &Flat<'_>, links: &Links, at: usize) -> bool {
    let mut child = at + 1;
    while child < tree.spots[at].end {
        if links.below(child, tree) > 1 {
            return false;
        }
        child = tree.spots[child].end;
    }
    true
}
