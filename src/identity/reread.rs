//! What a page that was read is to the article that is known under its name.

use super::Verdict;

/// A known article, or what a page says of one. Times are seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ArticleState<'a> {
    /// [`super::Fingerprint::words`].
    pub(crate) words: &'a [u8],
    /// A hash of the whole content.
    pub(crate) digest: &'a [u8],
    pub(crate) url: &'a str,
    pub(crate) published: i64,
    pub(crate) updated: i64,
}

/// What reading a known article again leads to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reread {
    pub(crate) verdict: Verdict,
    pub(crate) updated: i64,
    pub(crate) is_unchanged: bool,
}

/// Judges a known article that was read again. Where `is_ours`, other words are our reading and no edit. An edit happened
/// when the page says, if that is news and not from the future; else when it was fetched.
pub(crate) fn reread(
    known: &ArticleState<'_>,
    read: &ArticleState<'_>,
    fetched: i64,
    is_ours: bool,
) -> Reread {
    let has_same_words = known.words == read.words;
    if has_same_words || is_ours {
        let is_unchanged = has_same_words && known.digest == read.digest && known.url == read.url;
        return Reread { verdict: Verdict::Same, updated: known.updated, is_unchanged };
    }
    let is_news = known.updated < read.updated && read.updated <= fetched;
    let updated = if is_news { read.updated } else { fetched };
    let updated = updated.max(known.published);
    Reread { verdict: Verdict::Edit, updated, is_unchanged: false }
}

/// When the words of a new article last changed: as the page says, but neither after it was fetched nor before it was
/// published.
pub(crate) fn first_updated(said: i64, published: i64, fetched: i64) -> i64 {
    if said <= fetched { said.max(published) } else { published }
}
