//! Configuration: what the operator wrote, checked once, all faults at once.
//!
//! `raw` hands out a TOML table key by key, `notes` takes what is wrong; `values`, `units`, `web` and `trust` say what may
//! stand behind a key; `main_file` and `source` name the keys; `load` finds the files; `variables` is what the
//! environment says instead; `show` writes what is in force back as TOML; `manual` gives the keys with their descriptions.

mod checked;
mod defaults;
mod environment;
mod fault;
mod load;
mod main_file;
mod manual;
mod notes;
mod raw;
mod rewrite;
mod show;
mod source;
mod trust;
mod units;
mod values;
mod variables;
mod web;
mod wrong;

pub use checked::{
    ArticleRules, Backfill, Config, Css, Discover, Every, ExtraCa, FetchConfig, Keep, KeepConfig, KeepRules,
    Listen, Listing, PublishConfig, Setting, SiteTrust, Source,
};
pub use defaults::public_url_of;
pub use environment::Environment;
pub use fault::{Fault, Faults};
pub use load::{load, load_traced, read_source, stray_variables};
pub use manual::{Chapter, Entry, KeyLine, main_chapter, setting_variables, source_chapter};
pub use notes::{Origin, Origins};
pub use rewrite::{file_of, rewrite};
pub use show::{show, source_toml};

#[cfg(test)]
mod tests;
