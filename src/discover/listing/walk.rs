//! Recognising a pagination that never ends.

use std::collections::HashSet;

use jiff::Timestamp;
use url::Url;

use crate::model::{Candidate, UrlKey};

/// So many pages in a row whose titles were all met before are the end, even if their addresses are new: past their end
/// some listings show what they have in another order, under addresses that tell where the reader came from.
const STALE_PAGES: usize = 3;

/// What a walk over the pages of one listing has met. Some portals answer every page number, with the last page or with
/// the first, and sidebars come again on every page; so a walk goes on only while pages bring places it has not met.
#[derive(Clone, Debug, Default)]
pub struct ListingWalk {
    pages: HashSet<UrlKey>,
    places: HashSet<UrlKey>,
    titles: HashSet<(String, Option<Timestamp>)>,
    stale: usize,
}

impl ListingWalk {
    /// Notes a page about to be asked for; false if it was asked for before, and the walk goes in a circle.
    pub fn enter(&mut self, page: &Url) -> bool {
        self.pages.insert(UrlKey::of(page))
    }

    /// Notes what a page named, and gives how many places were not met before; 0 says that the walk is at its end.
    pub fn count_unseen(&mut self, candidates: &[Candidate]) -> usize {
        let unseen = candidates.iter().filter(|candidate| self.is_unseen(candidate)).count();
        self.stale = if unseen == 0 { self.stale + 1 } else { 0 };
        let new =
            candidates.iter().filter(|candidate| self.places.insert(UrlKey::of(&candidate.url))).count();
        if self.stale < STALE_PAGES { new } else { 0 }
    }

    /// Whether neither place nor title and date were met before. Without a title only the place can tell.
    fn is_unseen(&mut self, candidate: &Candidate) -> bool {
        let place = !self.places.contains(&UrlKey::of(&candidate.url));
        match &candidate.title {
            Some(title) => self.titles.insert((title.clone(), candidate.published)) && place,
            None => place,
        }
    }
}
