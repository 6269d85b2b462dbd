//! What one walk over the document collects: everything that may say something about the article, in the order of the
//! page.

use std::borrow::Cow;

use scraper::ElementRef;

use super::vocabulary::ElementRole;

#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub element: ElementRef<'a>,
    /// Its number in the order of the page.
    pub at: u32,
    /// Whether it stands among navigation, comments or other articles.
    pub chrome: bool,
    /// Whether it stands in a link, list item or figure, as the dates of other articles and of pictures do.
    pub listed: bool,
}

/// Names are lower case; values are as the parser gave them.
#[derive(Default)]
pub(super) struct Collected<'a> {
    /// The `lang` of `<html>`.
    pub language: Option<&'a str>,
    /// `<title>`, the first outside pictures.
    pub title_tag: Option<String>,
    /// Meta tags: name or property, content.
    pub metas: Vec<(Cow<'a, str>, &'a str)>,
    /// `<link>` and `<a>` with a `rel`: the rel, the address.
    pub rels: Vec<(&'a str, &'a str)>,
    /// Scripts of type `application/ld+json`.
    pub json_ld: Vec<String>,
    /// Headings of the first level.
    pub headings: Vec<Spot<'a>>,
    /// Headings of the second and third level.
    pub lesser: Vec<Spot<'a>>,
    /// Elements whose text is a part of `<title>`, from its start or to its end.
    pub titled: Vec<Spot<'a>>,
    /// `<time>` elements.
    pub times: Vec<Spot<'a>>,
    /// Microdata and RDFa: property, element.
    pub properties: Vec<(&'a str, Spot<'a>)>,
    /// Elements whose class or id says what they hold.
    pub hinted: Vec<(ElementRole, Spot<'a>)>,
    /// Elements with short text in which digits stand.
    pub dated: Vec<Spot<'a>>,
    /// Where texts as long as a paragraph stand.
    pub paragraphs: Vec<u32>,
    /// Links that carry `rel=tag` or stand in a box of tags, categories or a breadcrumb: what they are, element.
    pub trails: Vec<(ElementRole, Spot<'a>)>,
    /// Addresses of links between the pages of the article.
    pub pagers: Vec<&'a str>,
    /// Classes of `<body>`.
    pub body_class: Option<&'a str>,
    /// Whether there is an `<article>`.
    pub has_article: bool,
    /// The `id` of the only `<article>` that has one.
    pub article_id: Option<&'a str>,
    /// The classes of the first `<article>`.
    pub article_class: Option<&'a str>,
    /// Links of menus: address, element.
    pub menu: Vec<(&'a str, ElementRef<'a>)>,
}

impl<'a> Collected<'a> {
    /// Contents of the meta tags of these names, best name first.
    pub fn metas<'h>(&'h self, names: &'h [&str]) -> impl Iterator<Item = (&'h str, &'a str)> {
        names.iter().flat_map(move |name| {
            self.metas.iter().filter(move |(key, _)| key == name).map(|(key, value)| (&**key, *value))
        })
    }

    /// The first meta tag of these names.
    pub fn meta(&self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| self.metas.iter().find(|(key, _)| key == name).map(|(_, value)| *value))
    }

    /// Elements with one of these properties, whatever their vocabulary's prefix.
    pub fn properties<'h>(&'h self, names: &'h [&str]) -> impl Iterator<Item = Spot<'a>> {
        self.properties
            .iter()
            .filter(move |(property, _)| {
                property.split_ascii_whitespace().any(|property| {
                    let local = property.rsplit([':', '/']).next().unwrap_or(property);
                    names.iter().any(|name| name.eq_ignore_ascii_case(local))
                })
            })
            .map(|(_, spot)| *spot)
    }

    /// Forgets what stood among navigation and other articles: the title does so too, and the page's class names mean
    /// something else than ours.
    pub fn forget_chrome(&mut self) {
        let lists =
            [&mut self.headings, &mut self.lesser, &mut self.titled, &mut self.times, &mut self.dated];
        let plain = lists.into_iter().flatten();
        let named = self.properties.iter_mut().map(|(_, spot)| spot);
        let hinted = self.hinted.iter_mut().chain(&mut self.trails).map(|(_, spot)| spot);
        plain.chain(named).chain(hinted).for_each(|spot| spot.chrome = false);
    }
}
