//! A menu that nothing marks as one, told by what a menu is: the same links on the front page and beside articles.

use std::collections::HashSet;
use std::sync::LazyLock;

use scraper::{Html, Selector};

use super::Gatherer;
use crate::discover::autodiscovery::Section;
use crate::discover::site;
use crate::extract::text;
use crate::html::{base_url, parse};
use crate::model::{Candidate, Page, UrlKey};

/// Article pages that are held against the front page.
const COMPARED_PAGES: usize = 2;
/// Words that the name of a section has at most.
const MAX_SECTION_WORDS: usize = 7;
/// Links of one page that are looked at.
const MAX_LINKS: usize = 2_000;

static LINK: LazyLock<Selector> = LazyLock::new(|| Selector::parse("a[href]").expect("a constant selector"));

impl Gatherer<'_> {
    /// The links that stand on the front page and on pages of its articles alike, in the front page's order.
    pub(super) async fn menu(&mut self, front: &Page, articles: &[Candidate]) -> Vec<Section> {
        let mut common = self.links(front);
        let mut compared = 0;
        for candidate in articles.iter().take(COMPARED_PAGES) {
            let Some(page) = self.page(&candidate.url).await else { continue };
            let also: HashSet<UrlKey> = self.links(&page).iter().map(|link| UrlKey::of(&link.url)).collect();
            common.retain(|link| also.contains(&UrlKey::of(&link.url)));
            compared += 1;
        }
        let listed: HashSet<UrlKey> = articles.iter().map(|candidate| UrlKey::of(&candidate.url)).collect();
        common.retain(|link| !listed.contains(&UrlKey::of(&link.url)));
        if compared == 0 { Vec::new() } else { common }
    }

    /// The links of a page within the site that read as the name of a section does, each place once.
    fn links(&self, page: &Page) -> Vec<Section> {
        let Ok(html): Result<Html, _> = parse(&page.html) else { return Vec::new() };
        let base = base_url(&html, &page.url);
        let mut seen = HashSet::from([UrlKey::of(&self.home), UrlKey::of(&page.url)]);
        let link = |element: scraper::ElementRef<'_>| {
            let url = base.join(element.value().attr("href")?.trim()).ok()?;
            let name = text::visible_within(element, 200);
            let words = name.split_whitespace().count();
            let fits = (1..=MAX_SECTION_WORDS).contains(&words) && name.chars().any(char::is_alphabetic);
            let inside = fits && site::is_within(&url, &self.home) && url.fragment().is_none();
            inside.then(|| Section { name, url: site::settle(&url, &page.url) })
        };
        let links = html.select(&LINK).take(MAX_LINKS).filter_map(link);
        links.filter(|section| seen.insert(UrlKey::of(&section.url))).collect()
    }
}
