//! Configuration: what the operator wrote, checked once, all faults at once.
//!
//! `table` hands out a TOML table key by key, `notes` takes what is wrong; `values`, `units`, `web` and `trust` say what may
//! stand behind a key; `main_file` and `source` name the keys; `load` finds the files; `variables` is what the
//! environment says instead; `show` writes what is in force back as TOML; `manual` gives the keys with their descriptions.

mod checked;
mod defaults;
mod diagnostic;
mod environment;
mod load;
mod main_file;
mod manual;
mod notes;
mod rewrite;
mod show;
mod source;
mod table;
mod trust;
mod units;
mod value_error;
mod values;
mod variables;
mod web;

#[cfg(test)]
pub(crate) use checked::PublishConfig;
pub use checked::{ArticleRules, Backfill, Config, Every, Keep, KeepConfig, Setting, Source};
pub(crate) use checked::{Css, Discover, FetchConfig, KeepRules, Listen, Listing, SiteTrust};
pub(crate) use diagnostic::Diagnostics;
pub use environment::Environment;
pub use load::{load, read_source};
pub(crate) use load::{load_traced, stray_variables};
pub use manual::setting_variables;
pub(crate) use manual::{Chapter, Entry, main_chapter, source_chapter};
pub(crate) use notes::{Origin, Origins};
pub(crate) use rewrite::{file_of, rewrite};
pub(crate) use show::show;
pub use show::source_toml;

#[cfg(test)]
mod tests;
