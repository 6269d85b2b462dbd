//! `tinsach check`: the configuration, all faults at once. That it loads is the check; what is left is to say so.

use super::{Outcome, print, style};
use crate::config::Config;

pub(super) fn run(config: &Config) -> Outcome {
    let file = config
        .file
        .as_ref()
        .map_or_else(|| "the built-in configuration".to_owned(), |file| file.display().to_string());
    print::say(format_args!("{} {file}: no faults", style::good("ok")));
    for source in &config.sources {
        print::say(format_args!(
            "   {} {} {}",
            style::strong(&source.id),
            source.title,
            style::faint(&source.home)
        ));
    }
    Ok(())
}
