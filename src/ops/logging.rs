//! Logs go to stderr, or to the journal with their fields when systemd listens there.

use std::io::IsTerminal;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// The variable that chooses what is logged, in `tracing`'s directive syntax.
pub const FILTER_VARIABLE: &str = "TINSACH_LOG";

/// Sets up logging for the whole process. `default` is the level where `TINSACH_LOG` says nothing.
///
/// # Errors
/// Fails if `TINSACH_LOG` cannot be read as directives, or if logging was set up before.
pub fn init(default: &str) -> anyhow::Result<()> {
    let directives = std::env::var(FILTER_VARIABLE).unwrap_or_else(|_| default.to_owned());
    let filter = EnvFilter::try_new(&directives).map_err(|error| {
        anyhow::anyhow!("{FILTER_VARIABLE}={directives}: {error} (try `info` or `tinsach=debug`)")
    })?;
    // systemd sets JOURNAL_STREAM for the services whose stderr is the journal (systemd.exec(5)).
    let journal = std::env::var_os("JOURNAL_STREAM").and_then(|_| tracing_journald::layer().ok());
    let layer = match journal {
        Some(journal) => journal.boxed(),
        None => fmt::layer()
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
            .with_target(false)
            .compact()
            .boxed(),
    };
    tracing_subscriber::registry().with(layer.with_filter(filter)).try_init()?;
    Ok(())
}
