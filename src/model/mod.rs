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
pub(crate) mod held;
mod ids;
mod page;
mod shape;
mod short_url;
mod template;

pub(crate) use address::{UrlKey, site_name, stripped, without_tracking};
pub use candidate::{Candidate, DiscoveryMethod, Offered};
pub use cause::Cause;
pub use clock::{Clock, SimulatedTime};
pub(crate) use draft::{Decision, Found, NotArticle};
pub use draft::{Draft, Origin};
pub use finished::{Article, DateOrigin, Image};
pub(crate) use finished::{Attachment, Media};
pub use fragment::Fragment;
pub(crate) use fragment::{Element, Piece};
pub use held::Held;
pub(crate) use held::{HeldBrief, HeldPage};
pub use ids::{ArticleId, Key, SourceId};
pub use page::Page;
pub(crate) use page::{Document, Validators};
pub(crate) use shape::Shape;
pub(crate) use short_url::{short_text, short_url};
pub(crate) use template::{Home, Place, Recurrence, Sketch, Template};
