//! `tinsach check`: the configuration, all faults at once. That it loads is the check; what is left is to say so.

use super::{Outcome, check_live, style};
use crate::config::Config;

/// What is checked besides the files.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Look at the portals as well: ask every discovery method, and read one article beside the stored one
    #[arg(long)]
    live: bool,
    /// With --live: the sources to look at, by id; without one, every source
    #[arg(value_name = "SOURCE", requires = "live")]
    sources: Vec<String>,
    /// With --live: print JSON, one array
    #[arg(long, requires = "live")]
    json: bool,
}

pub(super) fn run(config: &Config, args: &Args) -> Outcome {
    if args.live {
        return check_live::run(config, &args.sources, args.json);
    }
    let file = config
        .file
        .as_ref()
        .map_or_else(|| "the built-in configuration".to_owned(), |file| file.display().to_string());
    anstream::eprintln!("{} {file}: no faults", style::good("ok"));
    for source in &config.sources {
        anstream::eprintln!(
            "   {} {} {}",
            style::strong(&source.id),
            source.title,
            style::faint(&source.home)
        );
    }
    Ok(())
}
