//! The command line: one file a command, wiring and printing only.
//!
//! Results go to stdout, everything for people to stderr. Exit codes: 0 well, 1 something failed, 2 wrong usage or
//! configuration.

mod backup;
mod check;
mod check_live;
mod config;
mod demo;
mod docs;
mod explain;
mod export;
mod extract;
mod held;
mod learn;
mod poll;
mod replay;
mod run;
mod sources;
mod style;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, Environment, Faults};
use crate::ops::heap;

/// Clean feeds from news portals that have none.
#[derive(Debug, Parser)]
#[command(name = "tinsach", version, about, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// The configuration file [default: /etc/tinsach/tinsach.toml if it is there, else the one inside the binary]
    #[arg(short, long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Follow every source on its schedule and serve feeds and pages: the daemon
    Run,
    /// Visit every source now, due or not, until its backfill is through, and report
    Poll(poll::Args),
    /// Read article pages (files, .gz files, URLs) and print the articles
    Extract(extract::Args),
    /// Look at a portal and write a source file for it
    Learn(learn::Args),
    /// Check the configuration; all faults at once
    Check(check::Args),
    /// Show what is held back, why, and what it would have published
    Held(held::Args),
    /// Show the whole thing offline, against a small portal inside the binary
    Demo(demo::Args),
    /// Show the configuration that is in force
    Config(config::Args),
    /// Tell what is known of an address, and why
    Explain(explain::Args),
    /// Read the kept pages again, without the portal; ids and dates stay
    Replay(replay::Args),
    /// Write the whole site as static files, for a web server or CDN
    Export(export::Args),
    /// Write a consistent copy of the database, also while the daemon runs
    Backup(backup::Args),
    /// Put a copy in place of the database
    Restore(backup::Args),
    /// Print a completion script for a shell
    Completions(docs::Completions),
    /// Write the manual pages into a folder
    Man(docs::Man),
}

/// Why a command ended without success.
enum Failure {
    /// Wrong usage or configuration: exit 2. The text is complete.
    Usage(String),
    /// Something failed: exit 1.
    Failed(anyhow::Error),
    /// Something failed and was already told.
    Told,
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

type Outcome = Result<(), Failure>;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    heap::bound();
    let cli = Cli::parse();
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Told) => ExitCode::from(1),
        Err(Failure::Failed(error)) => {
            anstream::eprintln!("{}: {error:#}", style::error("error"));
            ExitCode::from(1)
        }
        Err(Failure::Usage(text)) => {
            anstream::eprintln!("{}", text.trim_end());
            ExitCode::from(2)
        }
    }
}

fn dispatch(cli: Cli) -> Outcome {
    let file = cli.config;
    let config = || load(file.clone());
    match cli.command {
        Command::Run => run::run(config()?),
        Command::Poll(args) => poll::run(config()?, &args),
        Command::Extract(args) => extract::run(&config()?, &args),
        Command::Learn(args) => learn::run(file.as_deref(), &args),
        Command::Check(args) => check::run(&config()?, &args),
        Command::Held(args) => held::run(config()?, &args),
        Command::Demo(args) => demo::run(&args),
        Command::Config(args) => config::run(file, &args),
        Command::Explain(args) => explain::run(config()?, &args),
        Command::Replay(args) => replay::run(config()?, &args),
        Command::Backup(args) => backup::backup(config()?, &args),
        Command::Restore(args) => backup::restore(config()?, &args),
        Command::Export(args) => export::run(config()?, &args),
        Command::Completions(args) => docs::completions(&args),
        Command::Man(args) => docs::man(&args),
    }
}

fn load(file: Option<PathBuf>) -> Result<Config, Failure> {
    crate::config::load(file.as_deref(), &Environment::from_process()).map_err(faulty)
}

fn faulty(faults: Faults) -> Failure {
    Failure::Usage(faults.render(style::stderr_has_colour()))
}

/// The runtime of the commands that serve nobody. What waits for portals and the store shares one thread, so that an answer
/// need not wake another; pages are read beside it, by so many threads that it and the store have a core left: more would
/// spend their time on waking each other.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let readers = cores.saturating_sub(1).max(1);
    tokio::runtime::Builder::new_current_thread().max_blocking_threads(readers).enable_all().build()
}
