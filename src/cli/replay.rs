//! `tinsach replay`: the kept pages read again, without the portal.

use super::print::{self, Out, PrintError};
use super::{Outcome, runtime, style};
use crate::app::{self, Replayed};
use crate::config::Config;

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
    let done = runtime()?.block_on(app::replay(config, args.diff))?;
    if args.json {
        return Ok(print::json(&done)?);
    }
    print::stdout(|out| show(out, &done))?;
    let what = if args.diff { "would read otherwise" } else { "read otherwise" };
    print::say(format_args!(
        "{} pages read again, {} {what}, {} held back",
        done.pages,
        done.changes.len(),
        done.refused.len()
    ));
    Ok(())
}

fn show(out: &mut Out, done: &Replayed) -> Result<(), PrintError> {
    for change in &done.changes {
        writeln!(out, "{}", style::strong(&change.url))?;
        for line in &change.lines {
            let shown = if line.starts_with('+') { style::good(line) } else { style::error(line) };
            writeln!(out, "  {shown}")?;
        }
    }
    for (url, why) in &done.refused {
        writeln!(out, "{} {url}: {why}; the stored article stays", style::warning("held"))?;
    }
    Ok(())
}
