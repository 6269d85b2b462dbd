//! Deduplication: an article and what is known → New, Edit, Same or Duplicate, with the reason (pure).

/// The words of an article, folded and hashed: what "the same text" means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {}

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
