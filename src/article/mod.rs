//! The values that travel through the house: candidate, page, draft, article, and the names they go by.
//!
//! Nothing here reads a clock, a socket or a disk; nothing here knows another module. Every stage takes some of these
//! values and returns others, so this file's re-exports are the vocabulary of the whole program.

mod address;
mod candidate;
mod draft;
mod finished;
mod fragment;
pub mod held;
mod ids;
mod page;
mod template;

pub use address::{UrlKey, is_tracking, stripped, without_tracking};
pub use candidate::{Candidate, Rung};
pub use draft::{Decision, Draft, Found, NotArticle, Origin};
pub use finished::{Article, Attachment, DateOrigin, Image, Media};
pub use fragment::{Element, Fragment, Piece};
pub use held::{Held, HeldBrief, HeldPage};
pub use ids::{ArticleId, Key, SourceId};
pub use page::{Document, Page, Validators};
pub use template::{Home, Place, Recurrence, Sketch, Template};
