//! `tinsach backup` and `tinsach restore`: copies of the database.

use std::path::PathBuf;

use super::{Outcome, runtime, style};
use crate::app;
use crate::config::Config;
use crate::ops::logging;

/// Which file.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file
    file: PathBuf,
}

pub(super) fn backup(config: Config, args: &Args) -> Outcome {
    logging::init("warn")?;
    runtime()?.block_on(app::backup(config, &args.file))?;
    anstream::eprintln!("{} {}", style::good("written"), args.file.display());
    Ok(())
}

pub(super) fn restore(config: Config, args: &Args) -> Outcome {
    logging::init("warn")?;
    let folder = config.state_dir.display().to_string();
    runtime()?.block_on(app::restore(config, &args.file))?;
    anstream::eprintln!("{} {} in {folder}", style::good("restored"), args.file.display());
    Ok(())
}
