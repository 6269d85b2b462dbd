//! `tinsach config --show`: what is in force, and from where.

use super::Outcome;
use crate::config::Config;

/// What to do with the configuration.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print what is in force, and from where, as TOML that can be used as a file
    #[arg(long, required = true)]
    show: bool,
}

pub(super) fn run(config: &Config, _args: &Args) -> Outcome {
    anstream::print!("{}", crate::config::show(config));
    Ok(())
}
