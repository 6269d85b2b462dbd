//! Which blocks stay, and why.

use std::fmt;

use super::arena::Arena;

/// Why a block was kept or dropped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Why {
    /// The probability that it is content.
    Weighed(f32),
    /// Little was found; the best container was taken.
    Container,
    Title,
    /// It shows the date or the author, above the text.
    Header,
    /// It names the author, below the text.
    Byline,
    Caption,
    /// It stands outside of the [content root](super::content_root), which has little text or none.
    Outside,
    /// It is a link to a document, among content.
    Attachment,
    /// It stands in what the body rule selects.
    BodyRule,
    /// It stands outside of what the body rule selects.
    OutsideRule,
    /// The remove rule of this number took it.
    Remove(usize),
    /// It stands at or after the text of the cut rule of this number.
    CutAt(usize),
    /// Other pages of the source say so.
    Learned(TemplateReason),
}

#[derive(Clone, Debug, Default)]
pub struct Choice {
    pub keep: Vec<bool>,
    pub why: Vec<Why>,
}

impl Choice {
    pub fn keep(&mut self, index: usize, why: Why) {
        self.keep[index] = true;
        self.why[index] = why;
    }

    pub fn drop(&mut self, index: usize, why: Why) {
        self.keep[index] = false;
        self.why[index] = why;
    }

    /// How many characters stay.
    pub fn chars(&self, arena: &Arena) -> u32 {
        arena.chars(&self.keep)
    }
}

/// What a template saw on other pages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TemplateReason {
    /// The same text, on so many other articles of all that came since the first.
    Recurs { on: u32, of: u32 },
    /// Changing links, at the same place.
    Links { on: u32 },
    /// The title, repeated at the same place.
    Title { on: u32 },
    /// Texts that come and go, at the same place.
    Rotates { on: u32 },
    /// The content, elsewhere, and next to nothing at this place.
    Outside,
    /// The content, at this place.
    Content { on: u32 },
}

impl fmt::Display for TemplateReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recurs { on, of } => write!(f, "learned: on {on} of {of} pages"),
            Self::Links { on } => write!(f, "learned: on {on} pages only links stand here"),
            Self::Title { on } => write!(f, "learned: on {on} pages the title is repeated here"),
            Self::Rotates { on } => write!(f, "learned: on {on} pages boilerplate stands here"),
            Self::Outside => f.write_str("learned: outside of where other pages have their text"),
            Self::Content { on } => write!(f, "learned: on {on} pages the text stands here"),
        }
    }
}
