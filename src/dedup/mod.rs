//! Deduplication: an article and what is known → New, Edit, Same or Duplicate, with the reason (pure).
//!
//! Three questions, cheapest first. Are the published words the same, letter for letter ([`Fingerprint::words`])? Which
//! stored articles may share the wording ([`Fingerprint::bands`], looked up in an index)? And of those few, read whole:
//! is one the same release ([`same_release`])?

mod compare;
mod exchange;
mod figures;
pub mod fold;
mod sketch;
#[cfg(test)]
mod tests;
mod tokens;

pub use compare::{Reading, Text, same_release};

use sha2::{Digest, Sha256};

/// The words of an article, hashed: what "the same text" means, and what similar ones are looked up by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// Title and text, NFC, white space collapsed: two with the same are word for word the same. Case and tone marks
    /// count, since readers see them.
    pub words: [u8; 16],
    /// Keys that texts with much in common are likely to share.
    pub bands: Vec<i64>,
}

impl Fingerprint {
    /// The fingerprint of a title and a body text.
    pub fn of(title: &str, text: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(fold::written(title));
        hash.update([0]);
        hash.update(fold::written(text));
        let mut words = [0; 16];
        words.copy_from_slice(&hash.finalize()[..16]);
        Self { words, bands: sketch::keys(&tokens::tokens(title), &tokens::tokens(text)) }
    }
}

/// What an article was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not known before.
    New,
    /// Known, with the same words.
    Same,
    /// Known, with other words.
    Edit,
    /// The same release as another article, with the reason.
    Duplicate(String),
}

/// Judges an article. `known` says, where the portal's own key or address names a known article, whether its words are
/// the same; otherwise `others` are the articles that may be the same release, likeliest first.
///
/// Answers which of `others` it is, if it is one.
pub fn decide(new: &Text<'_>, known: Option<bool>, others: &[Text<'_>]) -> (Verdict, Option<usize>) {
    match known {
        Some(true) => return (Verdict::Same, None),
        Some(false) => return (Verdict::Edit, None),
        None => {}
    }
    let reading = Reading::of(new);
    let found = others
        .iter()
        .enumerate()
        .find_map(|(place, other)| same_release(&reading, &Reading::of(other)).map(|why| (place, why)));
    match found {
        Some((place, why)) => (Verdict::Duplicate(why), Some(place)),
        None => (Verdict::New, None),
    }
}
