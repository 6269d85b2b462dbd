//! The inference, as pure functions.
