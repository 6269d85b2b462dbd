//! `tinsach run`: the daemon.

use std::time::Duration;

use super::Outcome;
use crate::app;
use crate::config::Config;
use crate::ops::priority;

/// How long work on disks may go on when everything else has ended.
const RUNTIME_GRACE: Duration = Duration::from_secs(3);

pub(super) fn run(config: Config) -> Outcome {
    let runtime = runtime()?;
    let ended = runtime.block_on(app::run(config));
    // Everything was ended in order. What still waits for a disk that does not answer must not hold up the stop.
    runtime.shutdown_timeout(RUNTIME_GRACE);
    ended?;
    Ok(())
}

/// One thread, since serving has its own and all the rest is waiting for portals and disks; what takes a core for a
/// while runs beside it, and stands back too.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().on_thread_start(priority::stand_back).build()
}
