//! Articles → feeds (pure): Atom, RSS, JSON Feed, OPML, archives, and the finished bytes that the server hands out.
//!
//! A feed is a [`Channel`] (what it is and where it lives) and [`Entry`]s (what it holds); [`Format::render`] turns
//! the two into bytes. Nothing here reads a clock, so the same articles give the same bytes, and nothing of our own
//! address goes into an id, so a server that moves keeps its readers.

mod atom;
mod channel;
mod edition;
mod entry;
mod json_feed;
mod notices;
mod opml;
mod rss;
mod xml;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use channel::Archive;
pub use channel::{Channel, FeedName, FeedSettings};
pub use edition::Edition;
pub(crate) use edition::{Body, Coding, media};
pub use entry::Entry;
pub(crate) use entry::{Gone, lead_text, mime_of_image, title_of};
pub(crate) use notices::{Notice, notices};
pub(crate) use opml::opml;

/// A feed format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// Every format, the one we recommend first.
    pub const ALL: [Self; 3] = [Self::Atom, Self::Rss, Self::Json];

    /// What stands after the dot in the feed's URL.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Atom => "atom",
            Self::Rss => "rss",
            Self::Json => "json",
        }
    }

    pub(crate) fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == extension)
    }

    /// The registered media type, without parameters: what `type` attributes hold.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// `Content-Type` as it is sent.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
        }
    }

    /// The name for people.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Atom => "Atom",
            Self::Rss => "RSS",
            Self::Json => "JSON Feed",
        }
    }

    /// The feed as bytes.
    pub fn render(self, channel: &Channel<'_>, entries: &[Entry<'_>], gone: &[Gone]) -> Vec<u8> {
        match self {
            Self::Atom => atom::render(channel, entries, gone),
            Self::Rss => rss::render(channel, entries, gone),
            Self::Json => json_feed::render(channel, entries),
        }
    }
}
