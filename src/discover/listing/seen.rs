//! Recognising a pagination that never ends.

use std::collections::HashSet;

use url::Url;

use crate::article::{Candidate, UrlKey};

/// What a walk over the pages of one listing has met. Some portals answer every page number, with the last page or with
/// the first, and sidebars come again on every page; so a walk goes on only while pages bring places it has not met.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pages: HashSet<UrlKey>,
    places: HashSet<UrlKey>,
}

impl Seen {
    /// Notes a page about to be asked for; false if it was asked for before, and the walk goes in a circle.
    pub fn enter(&mut self, page: &Url) -> bool {
        self.pages.insert(UrlKey::of(page))
    }

    /// Notes what a page named, and gives how many places were not met before; 0 says that the walk is at its end.
    pub fn news(&mut self, candidates: &[Candidate]) -> usize {
        candidates.iter().filter(|candidate| self.places.insert(UrlKey::of(&candidate.url))).count()
    }
}
