//! `tinsach export`: the whole site as static files.

use std::path::PathBuf;

use super::{Outcome, print, runtime, style};
use crate::app;
use crate::config::Config;

/// Where to.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that becomes a copy of the site; it is made if it is not there
    folder: PathBuf,
}

pub(super) fn run(config: Config, args: &Args) -> Outcome {
    let done = runtime()?.block_on(app::export(config, &args.folder))?;
    let folder = args.folder.display();
    print::say(format_args!(
        "{} {folder}: {} files, {} written, {} removed",
        style::good("ok"),
        done.seen,
        done.written,
        done.removed
    ));
    Ok(())
}
