//! The learned template: what the pages of one source have in common.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

/// What the pages of one source have in common, learned from the pages themselves. How it is learned and used is the
/// affair of `extract/template`; the store keeps it as it is.
///
/// Texts, places and addresses are kept as hashes alone, so its size is bounded whatever the pages hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    /// Pages learned from: the clock of places and homes.
    pub pages: u32,
    /// Different stories among them: the clock of texts.
    pub stories: u32,
    /// Texts of blocks, by hash.
    pub blocks: HashMap<u64, Recurrence>,
    /// Places that text stands at, by the hash of their path.
    pub places: HashMap<u64, Place>,
    /// Elements that held the text of an article, by the hash of their path.
    pub homes: BTreeMap<u64, Home>,
    /// What the last pages read like, oldest first.
    pub recent: VecDeque<Sketch>,
    /// Addresses of the last pages learned from, as hashes, oldest first.
    pub known: VecDeque<u64>,
    /// [`Template::pages`] when the design began that the portal has now.
    pub born: u32,
    /// Whether the last pages had none of the trusted homes, one bit each, the last page lowest.
    pub misses: u8,
}

/// A text that stood on pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurrence {
    /// On how many different stories.
    pub pages: u32,
    /// On how many days these were read.
    pub days: u16,
    /// The last of these days, counted from 1970.
    pub day: i32,
    /// [`Template::stories`] when it was first seen.
    pub first: u32,
    /// [`Template::stories`] when it was last seen.
    pub last: u32,
    /// The path of where it stood last.
    pub place: u64,
    /// On how many stories in a row it stood there.
    pub here: u32,
}

/// What stood at a place. All counts fade with the pages that come after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub pages: f32,
    pub blocks: f32,
    /// Blocks there that the general evidence took for content.
    pub kept: f32,
    /// Blocks there whose text had been on another page.
    pub repeated: f32,
    pub words: f32,
    /// Words there that are links.
    pub linked: f32,
    /// Pages on which the title stood there.
    pub titled: f32,
    /// [`Template::pages`] when it was last seen.
    pub last: u32,
}

/// An element that held the text of articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// Articles whose text it held; fades.
    pub votes: f32,
    /// [`Template::pages`] when it last did.
    pub last: u32,
}

/// What a page reads like, by a sample of its runs of words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// The least hashes of all runs, ascending.
    pub runs: Vec<u32>,
    /// Whether it told what a page before it had told.
    pub told: bool,
}
