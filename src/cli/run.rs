//! `tinsach run`: the daemon.

use super::{Outcome, runtime};
use crate::app;
use crate::config::Config;
use crate::ops::logging;

pub(super) fn run(config: Config) -> Outcome {
    logging::init("info")?;
    runtime()?.block_on(app::run(config))?;
    Ok(())
}
