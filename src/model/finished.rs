//! An article: the clean result, the thing that is stored and published.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ArticleId, Key, Origin, SourceId};

/// A picture of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Absolute URL of the best rendition.
    pub url: Url,
    /// Alternative text; empty if the page gave none.
    pub alt: String,
    /// Width in CSS pixels, where known.
    pub width: Option<u32>,
    /// Height in CSS pixels, where known.
    pub height: Option<u32>,
    /// What the page writes below it.
    pub caption: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Media {
    /// PDF, office files and the like.
    Document,
    Audio,
    Video,
}

/// A file that belongs to an article: published as an enclosure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Absolute URL.
    pub url: Url,
    pub title: String,
    /// Media type guessed from the name: `application/pdf`.
    pub mime: String,
    pub media: Media,
    /// Size in bytes, where known.
    pub length: Option<u64>,
}

/// Whether a date was given or had to be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrigin {
    /// The page or a listing gave it.
    Given(Origin),
    /// Nothing gave a credible date: the time at which we first saw the article stands in.
    FirstSeen,
}

/// A clean article as the store keeps it and as every format publishes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// The Atom id, for ever.
    pub id: ArticleId,
    /// The source it comes from.
    pub source: SourceId,
    /// The portal's own key.
    pub key: Key,
    /// The article at the portal, canonical.
    pub url: Url,
    /// Title, plain text, NFC.
    pub title: String,
    /// When it was published.
    pub published: Timestamp,
    /// How that is known.
    pub published_origin: DateOrigin,
    /// When its words last changed; equal to `published` until the first edit.
    pub updated: Timestamp,
    /// Authors, plain text, NFC.
    pub authors: Vec<String>,
    /// Whom the text is credited to, when that is no person.
    pub credit: Option<String>,
    /// Category names, main one first.
    pub categories: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// BCP 47 language tag.
    pub language: String,
    /// The body: an HTML fragment that has passed the allow-list, all links absolute.
    pub html: String,
    /// The body as text: blocks in reading order with one blank line between, NFC, without captions.
    pub text: String,
    /// The article's pictures, the lead picture first.
    pub images: Vec<Image>,
    /// The article's files.
    pub attachments: Vec<Attachment>,
}

impl Article {
    /// Whether both show a reader the same: title, text, pictures, names, files. When they came out, and what they are
    /// called in the store, does not count.
    pub(crate) fn reads_as(&self, other: &Self) -> bool {
        self.title == other.title
            && self.html == other.html
            && self.text == other.text
            && (&self.authors, &self.credit, &self.tags) == (&other.authors, &other.credit, &other.tags)
            && (&self.images, &self.attachments) == (&other.images, &other.attachments)
            && (&self.language, &self.url) == (&other.language, &other.url)
    }
}
