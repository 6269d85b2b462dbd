//! The article pages to learn from: some of every listing, feed, API and sitemap, in turn.

use std::collections::{HashSet, VecDeque};

use super::{Gatherer, MethodSample, PageSample, Section};
use crate::discover::{merge, site};
use crate::model::{Candidate, UrlKey};

impl Gatherer<'_> {
    /// Fetches at most `pages` article pages.
    pub(super) async fn articles(
        &mut self,
        api: &Option<MethodSample>,
        feeds: &[MethodSample],
        sitemaps: &[MethodSample],
        sections: &[Section],
        pages: usize,
    ) -> Vec<PageSample> {
        let listed = sections.iter().map(|section| &section.own);
        let answered = api.iter().chain(feeds).chain(sitemaps).map(|answer| &answer.candidates);
        let all: Vec<Candidate> = listed.clone().chain(answered.clone()).flatten().cloned().collect();
        let merged = merge::merge(all);
        // Addresses off the listings are what people are shown; the sitemap is for portals without any.
        let queues = listed.chain(answered).map(|candidates| candidates.iter().collect()).collect();
        let not_articles: HashSet<UrlKey> = sections.iter().map(|section| UrlKey::of(&section.url)).collect();
        let mut page_samples = Vec::new();
        for candidate in in_turn(queues, pages, &not_articles) {
            let candidate = whole(candidate, &merged);
            let Some(page) = self.page(&candidate.url).await else { continue };
            if site::is_within(&page.url, &self.home) {
                page_samples.push(PageSample { page, candidate });
            } else {
                let outcome = format!("leads to {}, which is another site", page.url);
                self.note(&candidate.url, outcome);
            }
        }
        page_samples
    }
}

/// One of each queue, then the next of each, until there are enough; each place once.
fn in_turn<'a>(
    mut queues: Vec<VecDeque<&'a Candidate>>,
    most: usize,
    not: &HashSet<UrlKey>,
) -> Vec<&'a Candidate> {
    let mut seen = HashSet::new();
    let mut chosen = Vec::new();
    while chosen.len() < most && queues.iter().any(|queue| !queue.is_empty()) {
        for queue in &mut queues {
            let new = std::iter::from_fn(|| queue.pop_front()).find(|candidate| {
                let key = UrlKey::of(&candidate.url);
                let known_id = candidate.post_id.is_some_and(|id| !seen.insert(id.to_string()));
                !not.contains(&key) && seen.insert(key.to_string()) && !known_id
            });
            chosen.extend(new);
        }
    }
    chosen.truncate(most);
    chosen
}

/// Everything that was said of a candidate.
fn whole(candidate: &Candidate, merged: &[Candidate]) -> Candidate {
    let same = |other: &&Candidate| {
        UrlKey::of(&other.url) == UrlKey::of(&candidate.url)
            || (candidate.post_id.is_some() && other.post_id == candidate.post_id)
    };
    let said = merged.iter().find(same);
    said.map_or_else(|| candidate.clone(), |said| Candidate { url: candidate.url.clone(), ..said.clone() })
}
