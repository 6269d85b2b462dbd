//! `tinsach backup` and `tinsach restore`: copies of the database.

use std::path::PathBuf;

use super::{Outcome, print, runtime, style};
use crate::app;
use crate::config::Config;

/// Which file.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file
    file: PathBuf,
}

pub(super) fn backup(config: Config, args: &Args) -> Outcome {
    runtime()?.block_on(app::backup(config, &args.file))?;
    print::say(format_args!("{} {}", style::good("written"), args.file.display()));
    Ok(())
}

pub(super) fn restore(config: Config, args: &Args) -> Outcome {
    let folder = config.state_dir.display().to_string();
    runtime()?.block_on(app::restore(config, &args.file))?;
    print::say(format_args!("{} {} in {folder}", style::good("restored"), args.file.display()));
    Ok(())
}
