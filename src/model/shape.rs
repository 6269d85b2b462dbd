//! What an article has, in few words: what health compares over time.

use std::hash::Hasher;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

use super::{Article, DateOrigin};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    #[serde(rename = "c")]
    pub chars: u32,
    #[serde(rename = "d")]
    pub has_date: bool,
    #[serde(rename = "a")]
    pub has_author: bool,
    #[serde(rename = "p")]
    pub has_picture: bool,
    /// Whether it was published shortly before it was read: the old articles of a backfill were written in other times.
    #[serde(rename = "r")]
    pub is_recent: bool,
    /// When it was published, or first seen where it does not say that.
    #[serde(rename = "at")]
    pub published: Timestamp,
    /// What tells its text from others, if it has any: a checksum.
    #[serde(rename = "t", default)]
    pub text: Option<u32>,
}

/// An article this old when it is read belongs to a backfill, in hours.
const RECENT_HOURS: i64 = 72;

impl Shape {
    /// What `article` has, read at `now`.
    pub fn of(article: &Article, now: Timestamp) -> Self {
        let age = now.duration_since(article.published);
        Self {
            chars: u32::try_from(article.text.chars().count()).unwrap_or(u32::MAX),
            has_date: article.published_origin != DateOrigin::FirstSeen,
            has_author: !article.authors.is_empty() || article.credit.is_some(),
            has_picture: !article.images.is_empty(),
            is_recent: age.as_hours() < RECENT_HOURS,
            published: article.published,
            text: (!article.text.is_empty()).then(|| checksum(&article.text)),
        }
    }
}

/// The same for the same text, whatever the version of this program or of the compiler: it is stored.
fn checksum(text: &str) -> u32 {
    let mut hasher = SipHasher13::new();
    hasher.write(text.as_bytes());
    hasher.finish() as u32
}
