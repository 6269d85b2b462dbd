//! Joining what several methods said of the same articles.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::model::{Candidate, UrlKey};

/// Joins candidates that have a post id or a place ([`UrlKey`]) in common, also through a third. Of several values the
/// best informed method's wins, field by field; categories are united, the best method's first. What comes out is ordered
/// as it is to be committed: oldest first by what is known of the date, then what has none, in the reverse of the
/// order in which listings, which begin with the newest, named it.
///
/// An id that its methods give to places they name apart still joins them: WordPress answers one article under several.
pub fn merge(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut groups = Groups::new(candidates.len());
    let mut by_id: HashMap<u64, usize> = HashMap::new();
    let mut by_place: HashMap<UrlKey, usize> = HashMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        if let Some(id) = candidate.post_id {
            groups.join(index, *by_id.entry(id).or_insert(index));
        }
        groups.join(index, *by_place.entry(UrlKey::of(&candidate.url)).or_insert(index));
    }
    let mut members: Vec<Vec<(usize, Candidate)>> = Vec::new();
    let mut place_of: HashMap<usize, usize> = HashMap::new();
    for (index, candidate) in candidates.into_iter().enumerate() {
        let place = *place_of.entry(groups.root(index)).or_insert_with(|| {
            members.push(Vec::new());
            members.len() - 1
        });
        members[place].push((index, candidate));
    }
    let mut merged: Vec<Candidate> = members.into_iter().filter_map(join).collect();
    merged.reverse();
    merged.sort_by_key(|candidate| known_date(candidate).unwrap_or(Timestamp::MAX));
    merged
}

fn known_date(candidate: &Candidate) -> Option<Timestamp> {
    candidate.published.or(candidate.updated)
}

/// One candidate out of all that are the same, the best informed first.
fn join(mut same: Vec<(usize, Candidate)>) -> Option<Candidate> {
    same.sort_by_key(|(index, candidate)| (candidate.method, *index));
    let mut same = same.into_iter().map(|(_, candidate)| candidate);
    let mut best = same.next()?;
    for other in same {
        best.post_id = best.post_id.or(other.post_id);
        best.title = best.title.or(other.title);
        best.published = best.published.or(other.published);
        best.updated = best.updated.or(other.updated);
        best.content = best.content.or(other.content);
        if best.authors.is_empty() {
            best.authors = other.authors;
        }
        for category in other.categories {
            if !best.categories.contains(&category) {
                best.categories.push(category);
            }
        }
    }
    Some(best)
}

/// Sets that are joined two by two (union-find with path halving).
struct Groups(Vec<usize>);

impl Groups {
    fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
