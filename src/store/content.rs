//! What an article row keeps packed: everything that needs no column of its own.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::codec::{Codec, to_json};
use super::error::Result;
use crate::model::{Article, Attachment, Image};

/// The part of an article that no query asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ArticleContent<'a> {
    pub(super) title: Cow<'a, str>,
    pub(super) authors: Cow<'a, [String]>,
    pub(super) credit: Option<Cow<'a, str>>,
    pub(super) categories: Cow<'a, [String]>,
    pub(super) tags: Cow<'a, [String]>,
    pub(super) language: Cow<'a, str>,
    pub(super) html: Cow<'a, str>,
    pub(super) text: Cow<'a, str>,
    pub(super) images: Cow<'a, [Image]>,
    pub(super) attachments: Cow<'a, [Attachment]>,
}

/// A content as text, with a digest that tells whether two are the same.
pub(super) struct EncodedContent {
    json: String,
    pub(super) digest: Vec<u8>,
}

impl EncodedContent {
    /// Packs it for the database.
    pub(super) fn pack(&self, codec: &mut Codec) -> Result<Vec<u8>> {
        codec.pack_text(&self.json)
    }
}

impl<'a> ArticleContent<'a> {
    /// The content of an article.
    pub(super) fn of(article: &'a Article) -> Self {
        Self {
            title: Cow::Borrowed(&article.title),
            authors: Cow::Borrowed(&article.authors),
            credit: article.credit.as_deref().map(Cow::Borrowed),
            categories: Cow::Borrowed(&article.categories),
            tags: Cow::Borrowed(&article.tags),
            language: Cow::Borrowed(&article.language),
            html: Cow::Borrowed(&article.html),
            text: Cow::Borrowed(&article.text),
            images: Cow::Borrowed(&article.images),
            attachments: Cow::Borrowed(&article.attachments),
        }
    }

    pub(super) fn write(&self) -> Result<EncodedContent> {
        let json = to_json(self)?;
        let digest = Sha256::digest(json.as_bytes())[..16].to_vec();
        Ok(EncodedContent { json, digest })
    }

    /// Takes it out of the database.
    pub(super) fn unpack(codec: &mut Codec, blob: &[u8]) -> Result<ArticleContent<'static>> {
        codec.unpack_json(blob)
    }
}
