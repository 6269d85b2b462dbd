//! Sources as they are named on the command line.

use super::Failure;
use crate::config::{Config, Source};

/// The source with this name.
///
/// # Errors
/// Wrong usage if the configuration has none, with the names that it has.
pub(super) fn named<'a>(config: &'a Config, name: &str) -> Result<&'a Source, Failure> {
    let found = config.sources.iter().find(|source| source.id.as_str() == name);
    found.ok_or_else(|| {
        let known: Vec<&str> = config.sources.iter().map(|source| source.id.as_str()).collect();
        let file = config.file.as_ref().map_or_else(
            || "the built-in configuration (give yours with -c FILE)".to_owned(),
            |file| file.display().to_string(),
        );
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Failure::Usage(format!("no source has the id {name:?}; sources of {file}: {known}"))
    })
}
