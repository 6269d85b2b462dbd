//! `tinsach replay`: the kept pages read again, without the portal.

use super::{Outcome, runtime, style};
use crate::app;
use crate::config::Config;
use crate::ops::logging;

/// What to do with what reads otherwise.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only show what would change
    #[arg(long)]
    diff: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Config, args: &Args) -> Outcome {
    logging::init("warn")?;
    let done = runtime()?.block_on(app::replay(config, args.diff))?;
    if args.json {
        anstream::println!("{}", serde_json::to_string_pretty(&done)?);
        return Ok(());
    }
    for change in &done.changes {
        anstream::println!("{}", style::strong(&change.url));
        for line in &change.lines {
            let shown = if line.starts_with('+') { style::good(line) } else { style::error(line) };
            anstream::println!("  {shown}");
        }
    }
    for (url, why) in &done.refused {
        anstream::println!("{} {url}: {why}; the stored article stays", style::warning("held"));
    }
    let what = if args.diff { "would read otherwise" } else { "read otherwise" };
    anstream::eprintln!(
        "{} pages read again, {} {what}, {} held back",
        done.pages,
        done.changes.len(),
        done.refused.len()
    );
    Ok(())
}
