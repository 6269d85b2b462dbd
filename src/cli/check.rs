//! `tinsach check`: the configuration, all faults at once. That it loads is the check; what is left is to say so.

use super::{Outcome, style};
use crate::config::Config;

pub(super) fn run(config: &Config) -> Outcome {
    let file = config
        .file
        .as_ref()
        .map_or_else(|| "the built-in configuration".to_owned(), |file| file.display().to_string());
    anstream::eprintln!("{} {file}: no faults", style::good("ok"));
    for source in &config.sources {
        anstream::eprintln!(
            "   {} {} {}",
            style::strong(&source.id),
            source.title,
            style::faint(&source.home)
        );
    }
    Ok(())
}
