//! Which pages of the menu really list articles, and whether their second page brings more.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::{Gatherer, Section};
use crate::discover::autodiscovery::{self, Advertised};
use crate::discover::listing::ListingRead;
use crate::discover::site;
use crate::model::{Candidate, Page, UrlKey};

/// Menu entries that are looked at.
const MAX_SECTIONS: usize = 24;
/// Fewer sections than this in the menus are looked for by another way as well.
const MIN_MENU_SECTIONS: usize = 2;
/// Articles of its own that a page must name to be a listing, unless it has a second page.
const MIN_OWN: usize = 3;

/// A page of the menu as it was read.
struct ReadSection {
    section: autodiscovery::Section,
    read: ListingRead,
}

impl Gatherer<'_> {
    /// The front page, and the sections of its menu that list articles of their own.
    pub(super) async fn sections(&mut self, front: &Page, advertised: &Advertised) -> Vec<Section> {
        let home = self.home.clone();
        let mut looks = Vec::new();
        if let Some(read) = self.listing(front, &home) {
            looks.push(ReadSection {
                section: autodiscovery::Section { name: String::new(), url: home.clone() },
                read,
            });
        }
        let mut seen = HashSet::from([UrlKey::of(&home), UrlKey::of(&front.url)]);
        let unmarked = if advertised.sections.len() < MIN_MENU_SECTIONS {
            let listed = looks.first().map(|look| look.read.candidates.clone()).unwrap_or_default();
            self.menu(front, &listed).await
        } else {
            Vec::new()
        };
        let sections = advertised
            .sections
            .iter()
            .chain(&unmarked)
            .filter(|section| site::is_within(&section.url, &home));
        for section in sections.filter(|section| seen.insert(UrlKey::of(&section.url))).take(MAX_SECTIONS) {
            let Some(page) = self.page(&section.url).await else { continue };
            if let Some(read) = self.listing(&page, &section.url) {
                looks.push(ReadSection { section: section.clone(), read });
            }
        }
        self.choose(looks).await
    }

    fn listing(&mut self, page: &Page, url: &Url) -> Option<ListingRead> {
        let read = self.asker().read_listing(page, None);
        self.noted(url, read)
    }

    async fn choose(&mut self, looks: Vec<ReadSection>) -> Vec<Section> {
        let beside = beside_everything(&looks);
        let menu: HashSet<UrlKey> = looks.iter().map(|look| UrlKey::of(&look.section.url)).collect();
        let mut chosen: Vec<Section> = Vec::new();
        for (index, look) in looks.into_iter().enumerate() {
            // What stands beside every page belongs to the front page.
            let is_own = |candidate: &Candidate| {
                let key = UrlKey::of(&candidate.url);
                !menu.contains(&key) && (index == 0 || !beside.contains(&key))
            };
            let own: Vec<Candidate> = look.read.candidates.into_iter().filter(is_own).collect();
            let url = look.section.url;
            let twin = chosen.iter().find(|other| is_same(&other.own, &own));
            if let Some(twin) = twin.filter(|_| !own.is_empty()) {
                let outcome = format!("lists the same as {}", twin.url);
                self.note(&url, outcome);
                continue;
            }
            let next = if own.is_empty() { None } else { self.second_page(look.read.next, &own).await };
            if own.len() < MIN_OWN && next.is_none() {
                self.note(&url, format!("{} articles of its own, not taken for a listing", own.len()));
                continue;
            }
            self.note(&url, format!("a listing of {} articles", own.len()));
            let name = Some(look.section.name).filter(|name| !name.is_empty());
            chosen.push(Section { name, url, own, next });
        }
        chosen
    }

    /// The second page, if it brings articles that the first does not have.
    async fn second_page(&mut self, next: Option<Url>, first: &[Candidate]) -> Option<Url> {
        let next = next?;
        let page = self.page(&next).await?;
        let read = self.listing(&page, &next)?;
        let known: HashSet<UrlKey> = first.iter().map(|candidate| UrlKey::of(&candidate.url)).collect();
        let fresh =
            read.candidates.iter().filter(|candidate| !known.contains(&UrlKey::of(&candidate.url))).count();
        (fresh > 0).then_some(next)
    }
}

/// The articles that more than half of the pages name: the "latest news" beside every page. Fewer than four pages do
/// not tell.
fn beside_everything(looks: &[ReadSection]) -> HashSet<UrlKey> {
    let mut counts: HashMap<UrlKey, usize> = HashMap::new();
    for look in looks {
        for candidate in &look.read.candidates {
            *counts.entry(UrlKey::of(&candidate.url)).or_default() += 1;
        }
    }
    let enough = |count: usize| looks.len() >= 4 && count * 2 > looks.len();
    counts.into_iter().filter(|(_, count)| enough(*count)).map(|(key, _)| key).collect()
}

/// Whether two listings name the same articles, nine in ten of them.
fn is_same(a: &[Candidate], b: &[Candidate]) -> bool {
    let keys: HashSet<UrlKey> = a.iter().map(|candidate| UrlKey::of(&candidate.url)).collect();
    let shared = b.iter().filter(|candidate| keys.contains(&UrlKey::of(&candidate.url))).count();
    shared * 10 >= a.len().max(b.len()) * 9
}
