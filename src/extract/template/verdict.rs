//! What a template can say of a block, and in which words.

use std::fmt;

/// What the template has to say against the general evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// It is boilerplate.
    Drop(Reason),
    /// It is content.
    Keep(Reason),
}

/// What was seen on other pages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// The same text.
    Recurs {
        /// On how many other articles.
        on: u32,
        /// Of how many that came since the first.
        of: u32,
    },
    /// Changing links, at the same place.
    Links {
        /// On how many pages.
        on: u32,
    },
    /// The title, repeated at the same place.
    Title {
        /// On how many pages.
        on: u32,
    },
    /// Texts that come and go, at the same place.
    Rotates {
        /// On how many pages.
        on: u32,
    },
    /// The content, elsewhere, and next to nothing at this place.
    Outside,
    /// The content, at this place.
    Content {
        /// On how many pages.
        on: u32,
    },
}

impl fmt::Display for Reason {
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

/// What the template says of a page.
#[derive(Debug, Default)]
pub struct Judgement {
    /// For each block, what it says against the general evidence.
    pub verdicts: Vec<Option<Verdict>>,
    /// The element where other pages have their text.
    pub home: Option<u32>,
}

/// Where a text was seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Past {
    /// On how many other stories.
    pub on: u32,
    /// Of how many since the first.
    pub of: u32,
    /// On how many days.
    pub days: u16,
    /// At the same place, on the last pages that had it.
    pub here: bool,
}

impl Past {
    /// The share of the stories since the first that had it.
    pub fn share(&self) -> f32 {
        self.on as f32 / self.of.max(1) as f32
    }
}
