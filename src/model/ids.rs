//! Who an article is: its source, the portal's own key for it, and the Atom id minted from the two.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The namespace of every Atom id this program mints (RFC 9562 section 5.5). A constant for ever: another value would
/// bring every article of every reader back as unread.
const NAMESPACE: Uuid = Uuid::from_u128(0x7469_6e73_6163_5f6e_8f3a_5b1c_0d2e_4f60);

/// The short name of a source, as its file in `config/sources/` gives it: `haiphong`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(Arc<str>);

impl SourceId {
    /// Takes a name that configuration has already checked.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The portal's own key for an article: the WordPress post id, else path and query of the canonical URL without scheme
/// and host, so that a portal which moves from http to https or to another host keeps its articles.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A post id that the portal's software gave (`?p=7301`, `postid-7301`, the API's `id`).
    Post(u64),
    /// Path and query of the canonical URL, tracking parameters stripped.
    Path(String),
}

impl Key {
    /// The key as one string, unambiguous between the two kinds: `p7301` or `/slug.html`.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Post(id) => format!("p{id}"),
            Self::Path(path) => path.clone(),
        }
    }

    /// Reads what [`Key::to_text`] wrote.
    pub(crate) fn from_text(text: &str) -> Self {
        match text.strip_prefix('p').and_then(|digits| digits.parse().ok()) {
            Some(id) => Self::Post(id),
            None => Self::Path(text.to_owned()),
        }
    }

    /// What stands for the article in our own URLs: the post id, else twelve hex digits of the key's SHA-256.
    pub(crate) fn slug(&self) -> String {
        match self {
            Self::Post(id) => id.to_string(),
            Self::Path(path) => {
                let digest = Sha256::digest(path.as_bytes());
                let hex: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
                // A hash of digits alone would read as a post id.
                format!("x{hex}")
            }
        }
    }
}

/// The Atom id of an article: `urn:uuid:…`, a name-based UUID (version 5, RFC 9562) over source id and key. It holds
/// nothing of our host, the request, the title or chance, so a rebuilt database gives the same ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleId(String);

impl ArticleId {
    /// Mints the id of the article that `source` knows by `key`.
    pub fn mint(source: &SourceId, key: &Key) -> Self {
        Self::named(&format!("{source}\n{}", key.to_text()))
    }

    /// Mints the id of a feed from a name that describes what it holds (`haiphong`, `haiphong/c/y-te`, `all?q=cang`).
    pub(crate) fn of_feed(name: &str) -> Self {
        Self::named(&format!("feed\n{name}"))
    }

    fn named(name: &str) -> Self {
        Self(Uuid::new_v5(&NAMESPACE, name.as_bytes()).urn().to_string())
    }

    /// Takes back an id that was minted before and stored.
    pub(crate) fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The id as it stands in feeds.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_pinned_for_ever() {
        let source = SourceId::new("haiphong");
        assert_eq!(
            ArticleId::mint(&source, &Key::Post(7301)),
            ArticleId::mint(&source, &Key::from_text("p7301"))
        );
        assert_eq!(
            ArticleId::mint(&source, &Key::Post(7301)).as_str(),
            "urn:uuid:07691603-b2bf-5c64-b8f7-10de3a074db9"
        );
        assert_ne!(
            ArticleId::mint(&source, &Key::Post(1)),
            ArticleId::mint(&SourceId::new("x"), &Key::Post(1))
        );
    }

    #[test]
    fn a_key_survives_its_text() {
        for key in [Key::Post(9), Key::Path("/chua-ve.html".into()), Key::Path("/?id=p9".into())] {
            assert_eq!(Key::from_text(&key.to_text()), key);
        }
    }
}
