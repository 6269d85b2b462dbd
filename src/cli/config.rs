//! `tinsach config --show`: what is in force, and from where.

use std::path::PathBuf;

use super::{Outcome, faulty, print};
use crate::config::{Environment, load_traced, show};

/// What to do with the configuration.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print what is in force, and from where, as TOML that can be used as a file
    #[arg(long, required = true)]
    show: bool,
}

pub(super) fn run(file: Option<PathBuf>, _args: &Args) -> Outcome {
    let (config, origins) = load_traced(file.as_deref(), &Environment::from_process()).map_err(faulty)?;
    print::stdout(|out| Ok(write!(out, "{}", show(&config, &origins))?))
}
