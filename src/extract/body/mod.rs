//! A page taken apart into blocks of text, and which of them are content.
//!
//! 1. [`arena`]: the DOM becomes a flat list of nodes and text blocks.
//! 2. [`readability`]: elements are scored, and one is found to hold the article.
//! 3. [`features`] and [`classifier`]: what is known of each block, and how likely that makes it content.
//! 4. [`decide`]: the two become one [`choice`]; [`content_root`] helps articles of next to no text; [`rules`] of the
//!    source file win.

pub(crate) mod arena;
pub(crate) mod choice;
pub(crate) mod class_hints;
pub(crate) mod classifier;
pub(crate) mod content_root;
pub(crate) mod decide;
pub(crate) mod features;
pub mod labelled_page;
pub(crate) mod page_head;
pub(crate) mod prefix_sums;
pub(crate) mod readability;
pub(crate) mod rules;
pub(crate) mod stats;
pub(crate) mod tag;
mod whitespace;
