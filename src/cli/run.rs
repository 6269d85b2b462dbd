//! `tinsach run`: the daemon.

use super::Outcome;
use crate::app;
use crate::config::Config;
use crate::ops::priority;

pub(super) fn run(config: Config) -> Outcome {
    runtime()?.block_on(app::run(config))?;
    Ok(())
}

/// One thread, since serving has its own and all the rest is waiting for portals and disks; what takes a core for a
/// while runs beside it, and stands back too.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().on_thread_start(priority::stand_back).build()
}
