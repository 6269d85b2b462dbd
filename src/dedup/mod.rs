//! Deduplication: an article and what is known → New, Edit, Same or Duplicate, with the reason (pure).

pub mod fold;

use sha2::{Digest, Sha256};

/// The words of an article, folded and hashed: what "the same text" means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// Title and text, NFC, white space collapsed: two with the same are word for word the same. Case and tone marks
    /// count, since readers see them.
    pub words: [u8; 16],
    /// Keys that texts with much in common are likely to share: what near-duplicates are looked up by.
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
        let mut band = [0; 8];
        band.copy_from_slice(&words[..8]);
        Self { words, bands: vec![i64::from_le_bytes(band)] }
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
    /// The same text as another article.
    Duplicate(String),
}
