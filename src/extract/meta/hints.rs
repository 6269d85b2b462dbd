//! What names of meta tags, classes and properties mean: data, in one place.
//!
//! Names are those that publishers' pages carry (OpenGraph, Dublin Core, parse.ly, Sailthru, cXense, Highwire), classes
//! those counted over the 264 Vietnamese site files of docbao and those of the stock themes of WordPress and Drupal.

use std::sync::LazyLock;

use crate::extract::body::trie::Trie;

/// Meta tags with the publication time, best first.
pub(super) const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "cxenseparse:recs:articlefirstpublished",
    "publish-date",
    "publishdate",
    "published-date",
    "published_time",
    "published_at",
    "publish_date",
    "publication_date",
    "publicationdate",
    "pubdate",
    "pub_date",
    "article_date_original",
    "article.published",
    "article:create",
    "og:pubdate",
    "rnews:datepublished",
    "displaydate",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "citation_date",
    "firstpublished",
    "originalpublicationdate",
    "vr:published_time",
    "bt:pubdate",
    "created",
    "date",
];

/// Meta tags with the time of the last change.
pub(super) const UPDATED: &[&str] = &[
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "article:modified",
    "cxenseparse:modified-time",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "modified",
    "updated",
    "revised",
];

/// Meta tags with authors, best first.
pub(super) const AUTHORS: &[&str] = &[
    "author",
    "article:author",
    "article:author_name",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "cxenseparse:author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "byl",
    "byline",
    "citation_author",
    "rnews:author",
    "article.author",
    "twitter:data1",
];

/// Meta tags with the title, best first.
pub(super) const TITLES: &[&str] = &[
    "og:title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "dcterms.title",
    "title",
    "citation_title",
];

/// Meta tags with the section.
pub(super) const SECTIONS: &[&str] = &[
    "article:section",
    "og:article:section",
    "parsely-section",
    "cxenseparse:category",
    "section",
    "category",
    "dc.subject.section",
];

/// Meta tags with tags.
pub(super) const TAGS: &[&str] = &[
    "article:tag",
    "og:article:tag",
    "parsely-tags",
    "sailthru.tags",
    "news_keywords",
    "keywords",
    "dc.subject",
];

/// Meta tags with the lead picture, best first.
pub(super) const IMAGES: &[&str] = &[
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "parsely-image-url",
    "sailthru.image.full",
    "thumbnail",
];

/// What an element's class, id or `data-` name says it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// A name.
    Author,
    /// A date.
    Date,
    /// The way from the front page to here.
    Breadcrumb,
    /// Tags.
    Tags,
    /// The category.
    Category,
    /// Links between the pages of one article.
    Pager,
    /// Not the article: other articles, comments, navigation.
    Chrome,
}

/// Words that may stand in a class or id name. The order decides where several fit: chrome outranks all, since a date
/// in a box of other articles is not ours.
const WORDS: &[(&str, Hint)] = &[
    ("related", Hint::Chrome),
    ("sidebar", Hint::Chrome),
    ("comment", Hint::Chrome),
    ("recommend", Hint::Chrome),
    ("teaser", Hint::Chrome),
    ("mostread", Hint::Chrome),
    ("most-read", Hint::Chrome),
    ("most-popular", Hint::Chrome),
    ("trending", Hint::Chrome),
    ("newsletter", Hint::Chrome),
    ("colophon", Hint::Chrome),
    ("tinkhac", Hint::Chrome),
    ("other-news", Hint::Chrome),
    ("lienquan", Hint::Chrome),
    ("page-links", Hint::Pager),
    ("post-page-numbers", Hint::Pager),
    ("breadcrumb", Hint::Breadcrumb),
    ("byline", Hint::Author),
    ("author", Hint::Author),
    ("autor", Hint::Author),
    ("auteur", Hint::Author),
    ("tacgia", Hint::Author),
    ("tac-gia", Hint::Author),
    ("writer", Hint::Author),
    ("reporter", Hint::Author),
    ("contributor", Hint::Author),
    ("creator", Hint::Author),
    ("signature", Hint::Author),
    ("username", Hint::Author),
    ("field--name-uid", Hint::Author),
    ("publish", Hint::Date),
    ("pubdate", Hint::Date),
    ("date", Hint::Date),
    ("datum", Hint::Date),
    ("fecha", Hint::Date),
    ("time", Hint::Date),
    ("ngaydang", Hint::Date),
    ("thoigian", Hint::Date),
    ("submitted", Hint::Date),
    ("posted", Hint::Date),
    ("entry-meta", Hint::Date),
    ("post-meta", Hint::Date),
    ("article-meta", Hint::Date),
    ("article__meta", Hint::Date),
    ("tags", Hint::Tags),
    ("keyword", Hint::Tags),
    ("post-categor", Hint::Category),
    ("cat-links", Hint::Category),
];

/// The words, a bit for each hint, the lowest for the one that outranks all.
static NAMES: LazyLock<(Trie, Vec<Hint>)> = LazyLock::new(|| {
    let mut ranks: Vec<Hint> = WORDS.iter().map(|(_, hint)| *hint).collect();
    ranks.dedup();
    let rank = |hint: &Hint| ranks.iter().position(|known| known == hint).unwrap_or_default();
    let words: Vec<(&[u8], u32)> =
        WORDS.iter().map(|(word, hint)| (word.as_bytes(), 1 << rank(hint))).collect();
    (Trie::new(&words), ranks)
});

/// What a class or id name says.
pub(super) fn hint(name: &str) -> Option<Hint> {
    if name.len() > 300 {
        return None;
    }
    let (words, ranks) = &*NAMES;
    ranks.get(words.anywhere(name.as_bytes()).trailing_zeros() as usize).copied()
}

/// Words in a class that say an element belongs to a picture.
pub(super) const PICTURE_WORDS: &[&str] = &[
    "caption",
    "bildautor",
    "photo",
    "picture",
    "image",
    "credit",
    "copyright",
    "bildunterschrift",
    "thumb",
    "avatar",
];

/// Words at a date that say it is the time of a change, folded without diacritics.
pub(super) const UPDATED_WORDS: &[&str] = &[
    "cap nhat",
    "update",
    "modified",
    "edited",
    "aktualisiert",
    "guncelle",
    "geandert",
    "stand:",
    "mis a jour",
    "maj",
    "modifie",
    "actualiza",
    "aggiornat",
    "atualiza",
    "bijgewerkt",
    "zaktualizowan",
    "oppdatert",
    "uppdaterad",
    "opdateret",
    "更新",
    "修改",
    "수정",
    "sua ",
];

/// Words in a class that say an element within a heading is not part of the title: what newspapers call the line above
/// it.
pub(super) const KICKERS: &[&str] = &[
    "kicker",
    "overline",
    "overtitle",
    "topline",
    "top-line",
    "eyebrow",
    "roofline",
    "dachzeile",
    "spitzmarke",
    "surtitre",
    "surtitle",
    "supertitle",
    "pretitle",
    "pre-title",
    "antetitulo",
    "occhiello",
    "flyline",
    "headline-prefix",
];
