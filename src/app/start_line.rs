//! What a daemon says of itself when it starts: one line, with all that a person asks first.

use super::listen::Listeners;
use crate::config::Config;

/// Logs version, configuration, state folder, listeners and the number of sources.
pub(super) fn log(config: &Config, listeners: &Listeners) {
    let file = config.file.as_ref();
    let file = file.map_or_else(|| "built in".to_owned(), |file| file.display().to_string());
    let handed = if listeners.are_handed_over { " (systemd's; `listen` is ignored)" } else { "" };
    let sources = config.sources.len();
    tracing::info!(
        "tinsach {} starts: configuration {file}, state in {}, listening on {}{handed}, public address {}, {sources} {}",
        env!("CARGO_PKG_VERSION"),
        config.state_dir.display(),
        listeners.places(),
        config.public_url,
        if sources == 1 { "source" } else { "sources" },
    );
}
