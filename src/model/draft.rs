//! A draft: what extraction read out of a page, before cleaning, each value with where it came from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use url::Url;

use super::Fragment;

/// Where a value was found, best first: the order is the rank in which contradictions are resolved, unless a rule of
/// `extract/meta` says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A selector in the source file.
    Rule,
    /// schema.org in JSON-LD.
    JsonLd,
    /// A WordPress convention: body class, shortlink, post meta.
    WordPress,
    /// OpenGraph or `article:` meta tags.
    OpenGraph,
    /// Dublin Core and other meta tags.
    MetaTag,
    /// Microdata or RDFa in the page.
    Microdata,
    /// A `<time>` element.
    TimeElement,
    /// A heading.
    Heading,
    /// Text that people see, such as the line "Thứ Tư, 03/07/2024 16:55".
    Visible,
    /// `<title>`.
    TitleTag,
    /// The article's own URL.
    Url,
    /// What the learned template says stands at that place.
    Template,
    /// What the listing, feed or API said of the candidate.
    Listing,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rule => "rule",
            Self::JsonLd => "json-ld",
            Self::WordPress => "wordpress",
            Self::OpenGraph => "opengraph",
            Self::MetaTag => "meta tag",
            Self::Microdata => "microdata",
            Self::TimeElement => "time element",
            Self::Heading => "heading",
            Self::Visible => "visible text",
            Self::TitleTag => "title tag",
            Self::Url => "url",
            Self::Template => "template",
            Self::Listing => "listing",
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    pub value: T,
    pub origin: Origin,
}

impl<T> Found<T> {
    /// Pairs a value with where it stood.
    pub fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }
}

/// One thing extraction decided, for `tinsach explain`: what was kept or dropped, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Where in the page: a short CSS-like path.
    pub place: String,
    pub kept: bool,
    /// The reason, a few words: `cut_at "Tiện ích thông tin"`, `learned: on 14 of 15 pages`.
    pub why: String,
    /// The text, whole: the sum of all decisions is the text of the page.
    pub text: String,
}

/// What extraction read out of a page.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Title without the site's name.
    pub title: Option<Found<String>>,
    pub(crate) published: Option<Found<Timestamp>>,
    /// Time of the last change, where the page states one.
    pub(crate) updated: Option<Found<Timestamp>>,
    /// Authors, in the page's order and its own letters ("CAO MINH").
    pub(crate) authors: Option<Found<Vec<String>>>,
    /// Whom the text is credited to, when that is no person: "Báo Hải Phòng".
    pub(crate) credit: Option<String>,
    /// Names of the article's categories, the main one first.
    pub(crate) categories: Vec<String>,
    /// Tags, as for people.
    pub(crate) tags: Vec<String>,
    /// The lead picture.
    pub(crate) image: Option<Found<Url>>,
    /// BCP 47 language tag.
    pub(crate) language: Option<String>,
    /// `<link rel=canonical>` or `og:url`, unchecked: whether it is believed is the pipeline's affair.
    pub(crate) canonical: Option<Url>,
    pub(crate) post_id: Option<u64>,
    /// The next page of the same article.
    pub(crate) next_page: Option<Url>,
    /// What the addresses in the body are relative to: the address that answered, unless the page says otherwise.
    pub(crate) base_url: Option<Url>,
    /// The content: boilerplate, byline and header line are gone, captions stand in `figcaption`, everything else is as
    /// the page had it and not yet safe.
    pub body: Fragment,
    /// What was decided; empty unless asked for.
    pub(crate) decisions: Vec<Decision>,
}

/// Why a page is no article. The caller holds it back and reports it; nothing of it is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotArticle {
    /// Nothing readable: no text, no picture, no attachment.
    #[error("the page is empty")]
    Empty,
    #[error("the page is a listing")]
    Listing,
    /// An error page with a good status, or a maintenance notice.
    #[error("the page is an error or maintenance notice")]
    ErrorPage,
    /// A bot check or captcha.
    #[error("the page is a challenge for browsers")]
    Challenge,
    /// A login form or paywall without text.
    #[error("the page is a login wall")]
    LoginWall,
    /// Little text, and none of the words of the title that its listing gave: an error page of a kind not known.
    #[error("the page does not speak of what was named")]
    Stranger,
    /// The beginning of a known article and nothing of the rest: half a page, or a wall in front of the text.
    #[error("the page breaks off within the known text")]
    Cut,
    /// Not HTML, or nested or large beyond all bounds.
    #[error("the page is not readable HTML")]
    Unreadable,
}
