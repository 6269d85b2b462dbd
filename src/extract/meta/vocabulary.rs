//! What names of meta tags, classes and properties mean: data, in one place.
//!
//! Names are those that publishers' pages carry (OpenGraph, Dublin Core, parse.ly, Sailthru, cXense, Highwire), classes
//! those counted over the 264 Vietnamese site files of docbao and those of the stock themes of WordPress and Drupal.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::model::Origin;

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

/// OpenGraph's own names and those of its `article` vocabulary; the rest are plain meta tags.
pub(super) fn origin_of(name: &str) -> Origin {
    if name.starts_with("og:") || name.starts_with("article:") { Origin::OpenGraph } else { Origin::MetaTag }
}

/// What an element's class, id or `data-` name says it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ElementRole {
    Author,
    Date,
    /// The way from the front page to here.
    Breadcrumb,
    Tags,
    Category,
    /// Links between the pages of one article.
    Pager,
    /// Not the article: other articles, comments, navigation.
    Chrome,
}

/// Words that may stand in a class or id name. Where several do, the first of this list counts: chrome outranks all,
/// since a date in a box of other articles is not the article's.
const WORDS: &[(&str, ElementRole)] = &[
    ("related", ElementRole::Chrome),
    ("sidebar", ElementRole::Chrome),
    ("comment", ElementRole::Chrome),
    ("recommend", ElementRole::Chrome),
    ("teaser", ElementRole::Chrome),
    ("mostread", ElementRole::Chrome),
    ("most-read", ElementRole::Chrome),
    ("most-popular", ElementRole::Chrome),
    ("trending", ElementRole::Chrome),
    ("newsletter", ElementRole::Chrome),
    ("colophon", ElementRole::Chrome),
    ("tinkhac", ElementRole::Chrome),
    ("other-news", ElementRole::Chrome),
    ("lienquan", ElementRole::Chrome),
    ("page-links", ElementRole::Pager),
    ("post-page-numbers", ElementRole::Pager),
    ("breadcrumb", ElementRole::Breadcrumb),
    ("byline", ElementRole::Author),
    ("author", ElementRole::Author),
    ("autor", ElementRole::Author),
    ("auteur", ElementRole::Author),
    ("tacgia", ElementRole::Author),
    ("tac-gia", ElementRole::Author),
    ("writer", ElementRole::Author),
    ("reporter", ElementRole::Author),
    ("contributor", ElementRole::Author),
    ("creator", ElementRole::Author),
    ("signature", ElementRole::Author),
    ("username", ElementRole::Author),
    ("field--name-uid", ElementRole::Author),
    ("publish", ElementRole::Date),
    ("pubdate", ElementRole::Date),
    ("date", ElementRole::Date),
    ("datum", ElementRole::Date),
    ("fecha", ElementRole::Date),
    ("time", ElementRole::Date),
    ("ngaydang", ElementRole::Date),
    ("thoigian", ElementRole::Date),
    ("submitted", ElementRole::Date),
    ("posted", ElementRole::Date),
    ("entry-meta", ElementRole::Date),
    ("post-meta", ElementRole::Date),
    ("article-meta", ElementRole::Date),
    ("article__meta", ElementRole::Date),
    ("tags", ElementRole::Tags),
    ("keyword", ElementRole::Tags),
    ("post-categor", ElementRole::Category),
    ("cat-links", ElementRole::Category),
];

/// The words of [`WORDS`], in their order.
static WORD_PATTERNS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = WORDS.iter().map(|(word, _)| word);
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("the words are few and short")
});

/// Longer names are not read.
const MAX_CLASS_BYTES: usize = 300;

/// What a class or id name says.
pub(super) fn role_of(name: &str) -> Option<ElementRole> {
    if name.len() > MAX_CLASS_BYTES {
        return None;
    }
    let first = WORD_PATTERNS.find_overlapping_iter(name).map(|found| found.pattern()).min()?;
    WORDS.get(first.as_usize()).map(|(_, role)| *role)
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
