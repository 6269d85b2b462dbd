//! The learned template: what the pages of one source have in common.

use serde::{Deserialize, Serialize};

/// What the pages of one source have in common, learned from the pages themselves. How it is learned and used is the
/// affair of `extract/template`; the store keeps it as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Template {}
