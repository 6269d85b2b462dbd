//! The values that travel through the house: candidate, page, draft, article, and the names they go by.
//!
//! Nothing here reads a socket or a disk, or a clock but the one that it is ([`Clock`]); nothing here knows another module. Every stage takes some of these
//! values and returns others, so this file's re-exports are the vocabulary of the whole program.

mod address;
mod candidate;
mod cause;
mod clock;
mod draft;
mod finished;
mod fragment;
pub mod held;
mod ids;
mod page;
mod shape;
mod short_url;
mod template;

pub use address::{UrlKey, is_tracking, site_name, stripped, without_tracking};
pub use candidate::{Candidate, DiscoveryMethod};
pub use cause::Cause;
pub use clock::{Clock, SimulatedTime};
pub use draft::{Decision, Draft, Found, NotArticle, Origin};
pub use finished::{Article, Attachment, DateOrigin, Image, Media};
pub use fragment::{Element, Fragment, Piece};
pub use held::{Held, HeldBrief, HeldPage};
pub use ids::{ArticleId, Key, SourceId};
pub use page::{Document, Page, Validators};
pub use shape::Shape;
pub use short_url::short_url;
pub use template::{Home, Place, Recurrence, Sketch, Template};
