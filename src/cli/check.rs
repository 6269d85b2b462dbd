//! `tinsach check`: the configuration, all faults at once. That it loads is the check; what is left is to say so. With
//! `--deep` also everything that is stored.

use super::{Failure, Outcome, runtime, style};
use crate::app;
use crate::config::Config;
use crate::ops::logging;

/// What is checked.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Also look at everything that is stored: the whole database, its counters, every text and page, the finished feeds
    #[arg(long)]
    pub(super) deep: bool,
}

pub(super) fn run(config: &Config, args: &Args) -> Outcome {
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
    if args.deep { deep(config) } else { Ok(()) }
}

fn deep(config: &Config) -> Outcome {
    logging::init("error")?;
    let found = runtime()?.block_on(app::deep(config))?;
    let folder = config.state_dir.display();
    if found.is_empty() {
        anstream::eprintln!("{} {folder}: everything that is stored is whole", style::good("ok"));
        return Ok(());
    }
    for one in &found {
        anstream::println!("{} {one}", style::error("wrong"));
    }
    anstream::eprintln!(
        "{} {folder}: {} found; a restart sets a damaged file aside and takes the newest backup, `tinsach restore FILE` \
         takes another",
        style::error("damaged"),
        found.len()
    );
    Err(Failure::Told)
}
