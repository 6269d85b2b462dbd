//! `tinsach export`: the whole site as static files.

use std::path::{Path, PathBuf};

use super::{Outcome, print, runtime, style};
use crate::app::AppContext;
use crate::config::Config;
use crate::export::{self, Exported};

/// Where to.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that becomes a copy of the site; it is made if it is not there
    folder: PathBuf,
}

pub(super) fn run(config: Config, args: &Args) -> Outcome {
    let done = runtime()?.block_on(write_copy(config, &args.folder))?;
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

/// Makes `folder` a static copy of the whole site, as it is in the store.
async fn write_copy(config: Config, folder: &Path) -> anyhow::Result<Exported> {
    let context = AppContext::beside(config).await?;
    let done = export::all(&context.config, &context.pipeline.store, folder).await;
    context.close().await?;
    Ok(done?)
}
