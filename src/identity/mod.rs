//! Identity: an article and what is known → New, Edit, Same or Duplicate, with the reason; and articles → the entry that
//! readers see (pure).
//!
//! Three questions, cheapest first. Where the portal's key or address names a known article: are the published words the
//! same, letter for letter ([`Fingerprint::words`])? Else, which stored articles may share the wording
//! ([`Fingerprint::bands`], looked up in an index by the store)? And of those whose [`Fingerprint::sketch`] is alike, read
//! whole: is one the same release ([`same_release`])?

mod compare;
mod differences;
pub(crate) mod entry;
mod names;
mod numbers;
mod reread;
mod sketch;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

pub(crate) use compare::{ComparedArticle, TokenizedArticle, drifted_apart, same_release};
pub(crate) use entry::{ArticleRow, EntryRow};
pub(crate) use names::{ArticleNames, has_other_post_id};
pub(crate) use reread::{ArticleState, first_updated, reread};
pub use sketch::Sketch;

use sha2::{Digest, Sha256};

use crate::text::normalize_to;

/// The words of an article, hashed: what "the same text" means, and what similar ones are looked up by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// Title and text in normal form: two with the same are word for word the same. Case and tone marks
    /// count, since readers see them.
    pub words: [u8; 16],
    /// Keys that texts with much in common are likely to share.
    pub bands: Vec<i64>,
    /// An estimate of likeness, which rules out most of those that share a key by chance without reading them.
    pub sketch: Sketch,
}

impl Fingerprint {
    /// The fingerprint of a title and a body text.
    pub fn of(title: &str, text: &str) -> Self {
        let mut hash = Sha256::new();
        normalize_to(title, |piece| hash.update(piece));
        hash.update([0]);
        normalize_to(text, |piece| hash.update(piece));
        let mut words = [0; 16];
        words.copy_from_slice(&hash.finalize()[..16]);
        let (bands, sketch) = sketch::keys(&tokens::tokens(title), &tokens::tokens(text));
        Self { words, bands, sketch }
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
