//! HTML as every reader of it takes it: text → tree within bounds, which elements are hidden, what addresses are relative to. Pure.

mod base_url;
pub mod hidden;
mod parse;
mod strip;

pub use base_url::base_url;
pub use parse::{ParseError, parse, parse_fragment};
