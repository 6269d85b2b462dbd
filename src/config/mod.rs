//! Configuration: what the operator wrote, checked once, all faults at once.

mod checked;

pub use checked::{
    ArticleRules, Backfill, Config, Css, Discover, Every, FetchConfig, Keep, KeepConfig, Listing,
    PublishConfig, Setting, Source,
};
