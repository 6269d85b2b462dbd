//! Articles → feeds (pure): Atom, RSS, JSON Feed, OPML, archives, and the finished bytes that the server hands out.
//!
//! A feed is a [`Channel`] (what it is and where it lives) and [`Entry`]s (what it holds); [`Format::render`] turns
//! the two into bytes. Nothing here reads a clock, so the same articles give the same bytes, and nothing of our own
//! address goes into an id, so a server that moves keeps its readers.

mod atom;
mod channel;
mod edition;
mod entry;
mod xml;

#[cfg(test)]
mod tests;

pub use channel::{Channel, FeedName, Press};
pub use edition::{Body, Coding, Edition, media};
pub use entry::{Entry, Gone, lead_text, mime_of_image, title_of};

/// A feed format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Atom 1.0 (RFC 4287).
    Atom,
}

impl Format {
    /// Every format, the one we recommend first.
    pub const ALL: [Self; 1] = [Self::Atom];

    /// What stands after the dot in the feed's URL.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Atom => "atom",
        }
    }

    /// The format with this extension.
    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == extension)
    }

    /// The registered media type, without parameters: what `type` attributes hold.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
        }
    }

    /// `Content-Type` as it is sent.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml; charset=utf-8",
        }
    }

    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Atom => "Atom",
        }
    }

    /// The feed as bytes.
    pub fn render(self, channel: &Channel<'_>, entries: &[Entry<'_>], gone: &[Gone]) -> Vec<u8> {
        match self {
            Self::Atom => atom::render(channel, entries, gone),
        }
    }
}
