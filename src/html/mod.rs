//! HTML as every reader of it takes it: which elements are hidden, what addresses are relative to. Pure.

mod base_url;
pub mod hidden;

pub use base_url::base_url;
