//! Folding of letters, on its way to a room of its own.

pub mod fold;
pub(crate) mod letters;
