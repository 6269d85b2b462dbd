//! What an entry is: a function of its articles, whatever the order they were met in. Its id, key and `published` are
//! those of its primary article: the one published first (then the one that was named at an earlier visit, so that an
//! article which moves keeps its id; then the one with the lower key). Its words are those of the article published last
//! that is still there, its categories the union.

use crate::model::{ArticleId, Key, SourceId};

/// A portal that is being moved answers 404 for hours: an article is gone after 404 or 410 at this many visits …
const MIN_GONE_VISITS: i64 = 3;
/// … over at least this many seconds.
const MIN_GONE_SECONDS: i64 = 86_400;

/// What of an article its entry is made of. Times are seconds since 1970.
#[derive(Clone, Debug)]
pub(crate) struct ArticleRow {
    pub(crate) row: i64,
    pub(crate) key: Key,
    pub(crate) url: String,
    pub(crate) published: i64,
    /// Where that date came from, as the store writes it.
    pub(crate) origin: String,
    /// The month of that date in the source's own calendar, as a number.
    pub(crate) month: i64,
    pub(crate) updated: i64,
    /// [`super::Fingerprint::words`].
    pub(crate) words: Vec<u8>,
    /// A hash of its whole content.
    pub(crate) digest: Vec<u8>,
    pub(crate) gone: bool,
    /// When it was first named; it counts only where there are several.
    pub(crate) named: i64,
}

/// What readers see under one id. Times are seconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EntryRow {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) published: i64,
    pub(crate) month: i64,
    pub(crate) updated: i64,
    pub(crate) categories: Vec<String>,
    /// The row of the article whose words, and digest, it carries.
    pub(crate) shows: i64,
    pub(crate) words: Vec<u8>,
    pub(crate) digest: Vec<u8>,
    /// When its last article was taken down.
    pub(crate) gone: Option<i64>,
}

impl EntryRow {
    /// The entry of an article that joins no other: what [`compose`] makes of one article.
    pub(crate) fn of_one(article: &ArticleRow, source: &SourceId, categories: &[String]) -> Self {
        Self {
            id: ArticleId::mint(source, &article.key).as_str().to_owned(),
            url: article.url.clone(),
            published: article.published,
            month: article.month,
            updated: article.updated.max(article.published),
            categories: union([categories]),
            shows: article.row,
            words: article.words.clone(),
            digest: article.digest.clone(),
            gone: None,
        }
    }

    /// Where lists show an entry, and whether they do.
    pub(crate) fn list_position(&self) -> (i64, Option<i64>, &[String]) {
        (self.published, self.gone, &self.categories)
    }

    /// Whether the text that `old` shows has to be kept as a revision: the portal replaced it by other words.
    pub(crate) fn replaces_text_of(&self, old: &Self, is_ours: bool) -> bool {
        !is_ours && !old.words.is_empty() && self.words != old.words
    }
}

/// Puts the articles of an entry in order, the primary one first.
pub(crate) fn sort_articles(articles: &mut [ArticleRow]) {
    articles.sort_by(|a, b| (a.published, a.named, &a.key).cmp(&(b.published, b.named, &b.key)));
}

/// The article whose words the entry of these sorted articles carries.
pub(crate) fn shown(articles: &[ArticleRow]) -> Option<&ArticleRow> {
    articles.iter().rfind(|article| !article.gone).or(articles.last())
}

/// The articles whose categories the entry has, in the order they were published; `None` if it has those of before.
pub(crate) fn categorised<'a>(articles: &'a [ArticleRow], old: &EntryRow) -> Option<Vec<&'a ArticleRow>> {
    if let [only] = articles
        && only.row == old.shows
        && only.digest == old.digest
    {
        return None;
    }
    let shown = shown(articles)?.row;
    Some(articles.iter().filter(|article| !article.gone || article.row == shown).collect())
}

/// The categories of several articles, each once.
pub(crate) fn union<'a>(lists: impl IntoIterator<Item = &'a [String]>) -> Vec<String> {
    let mut union: Vec<String> = Vec::new();
    for category in lists.into_iter().flatten() {
        if !union.contains(category) {
            union.push(category.clone());
        }
    }
    union
}

/// The entry of sorted articles; `old` is what it was. `now` is when it is taken down, if it is. Where `is_ours`, other
/// words are our reading and no edit of the portal's. There is no entry without an article.
pub(crate) fn compose(
    source: &SourceId,
    articles: &[ArticleRow],
    categories: Vec<String>,
    old: &EntryRow,
    now: i64,
    is_ours: bool,
) -> Option<EntryRow> {
    let (primary, shown) = (articles.first()?, shown(articles)?);
    let present = articles.iter().find(|article| !article.gone);
    let id = ArticleId::mint(source, &primary.key).as_str().to_owned();
    let is_unedited = id == old.id && (shown.words == old.words || (is_ours && !old.words.is_empty()));
    Some(EntryRow {
        url: present.unwrap_or(primary).url.clone(),
        published: primary.published,
        month: primary.month,
        updated: if is_unedited { old.updated } else { updated(articles, primary, shown) },
        categories,
        shows: shown.row,
        words: shown.words.clone(),
        digest: shown.digest.clone(),
        gone: if present.is_some() { None } else { old.gone.or(Some(now)) },
        id,
    })
}

/// When the shown words came to be: at their own edit, else when they were first published in this form.
fn updated(articles: &[ArticleRow], primary: &ArticleRow, shown: &ArticleRow) -> i64 {
    if shown.updated > shown.published {
        return shown.updated;
    }
    let origin = articles.iter().find(|article| article.words == shown.words).unwrap_or(shown);
    origin.updated.max(primary.published)
}

/// Whether an address that answered 404 or 410 at so many visits, first at `since`, is gone for good.
pub(crate) fn is_gone(visits: i64, since: i64, now: i64) -> bool {
    visits >= MIN_GONE_VISITS && now - since >= MIN_GONE_SECONDS
}
