//! Configuration: what the operator wrote, checked once, all faults at once.
//!
//! `raw` hands out a TOML table key by key and notes what is wrong; `values`, `units` and `web` say what may stand behind
//! a key; `main_file` and `source` name the keys; `load` finds the files; `show` writes what is in force back as TOML.

mod checked;
mod defaults;
mod environment;
mod fault;
mod load;
mod main_file;
mod raw;
mod rewrite;
mod show;
mod source;
mod units;
mod values;
mod web;
mod wrong;

pub use checked::{
    ArticleRules, Backfill, Config, Css, Discover, Every, FetchConfig, Keep, KeepConfig, Listing,
    PublishConfig, Setting, Source,
};
pub use defaults::public_url_of;
pub use environment::Environment;
pub use fault::{Fault, Faults};
pub use load::{load, load_traced, read_source};
pub use raw::{Origin, Origins};
pub use rewrite::{file_of, rewrite};
pub use show::{show, source_toml};

#[cfg(test)]
mod tests;
