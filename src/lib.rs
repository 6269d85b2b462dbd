//! tinsach
pub mod article;
pub mod clean;
pub mod cli;
pub mod config;
pub mod dedup;
pub mod discover;
pub mod extract;
pub mod fetch;
pub mod learn;
pub mod ops;
pub mod publish;
pub mod serve;
pub mod store;
