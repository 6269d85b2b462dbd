//! The command line: one file a command, with its work.
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
mod help;
mod learn;
mod man;
mod poll;
mod print;
mod replay;
mod run;
mod sources;
mod style;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};

use crate::app;
use crate::config::{Config, Diagnostics, Environment, load_traced};
use crate::ops::logging::Format;
use crate::ops::{heap, logging};

/// Clean feeds from news portals that have none.
#[derive(Debug, Parser)]
#[command(name = "tinsach", version, about, max_term_width = 100, arg_required_else_help = true)]
#[command(mut_subcommands(help::documented), after_help = help::PROGRAM.shown(), long_about = help::PROGRAM.long())]
pub struct Cli {
    /// The configuration file [default: /etc/tinsach/tinsach.toml if it is there, else the one inside the binary]
    #[arg(short, long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// The form of the log on stderr: text, json (one object a line), journal (with its fields), or auto, which is the
    /// journal where stderr leads there [default: $TINSACH_LOG_FORMAT, else auto]
    #[arg(long, value_name = "FORMAT", global = true, hide_possible_values = true, value_parser = log_format())]
    log: Option<Format>,
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
    /// Check the configuration, all faults at once; --deep checks what is stored as well
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
    Backup(backup::BackupArgs),
    /// Put a copy in place of the database
    Restore(backup::RestoreArgs),
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
    let outcome = match Cli::try_parse() {
        Ok(cli) => dispatch(cli),
        Err(told) => answer(&told),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Told) => ExitCode::from(1),
        // Whoever read has what he wanted: `tinsach … | head` went well.
        Err(Failure::Failed(error)) if print::is_closed(&error) => ExitCode::SUCCESS,
        Err(Failure::Failed(error)) => {
            print::say(format_args!("{}: {error:#}", style::error("error")));
            ExitCode::from(1)
        }
        Err(Failure::Usage(text)) => {
            print::say(text.trim_end());
            ExitCode::from(2)
        }
    }
}

/// What the parser of the command line says by itself: help and version are results, all else is wrong usage.
fn answer(told: &clap::Error) -> Outcome {
    let text = told.render();
    if told.use_stderr() {
        let shown = if style::stderr_has_colour() { text.ansi().to_string() } else { text.to_string() };
        return Err(Failure::Usage(shown));
    }
    print::stdout(|out| Ok(write!(out, "{}", text.ansi())?))
}

fn log_format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::NAMES).try_map(|name| name.parse::<Format>())
}

fn dispatch(cli: Cli) -> Outcome {
    // The daemon tells what it does; a command that a person waits for tells troubles only.
    let level = if matches!(cli.command, Command::Run) { "info" } else { "warn" };
    logging::init(cli.log, level).map_err(|refused| Failure::Usage(refused.to_string()))?;
    let file = cli.config;
    let config = || load(file.clone());
    if matches!(cli.command, Command::Run | Command::Check(_)) {
        note_stray_variables();
    }
    match cli.command {
        Command::Run => run::run(config()?),
        Command::Poll(args) => poll::run(chosen(file)?, &args),
        Command::Extract(args) => extract::run(&config()?, &args),
        Command::Learn(args) => learn::run(file.as_deref(), &args),
        Command::Check(args) if args.deep => check::run(&existing(file)?, &args),
        Command::Check(args) if args.live => check::run(&chosen(file)?, &args),
        Command::Check(args) => check::run(&config()?, &args),
        Command::Held(args) => held::run(existing(file)?, &args),
        Command::Demo(args) => demo::run(&args),
        Command::Config(args) => config::run(file, &args),
        Command::Explain(args) => explain::run(existing(file)?, &args),
        Command::Replay(args) => replay::run(existing(file)?, &args),
        Command::Backup(args) => backup::backup(&existing(file)?, &args),
        Command::Restore(args) => backup::restore(&chosen(file)?, &args),
        Command::Export(args) => export::run(existing(file)?, &args),
        Command::Completions(args) => docs::completions(&args),
        Command::Man(args) => docs::man(&args),
    }
}

fn load(file: Option<PathBuf>) -> Result<Config, Failure> {
    crate::config::load(file.as_deref(), &Environment::from_process()).map_err(faulty)
}

/// The configuration of a command that works on the state of the service where nobody says otherwise.
fn chosen(file: Option<PathBuf>) -> Result<Config, Failure> {
    let environment = Environment::from_process();
    let (mut config, origins) = load_traced(file.as_deref(), &environment).map_err(faulty)?;
    tell(app::choose(&mut config, &origins, &environment));
    Ok(config)
}

/// The same of one that only works on what is there.
fn existing(file: Option<PathBuf>) -> Result<Config, Failure> {
    let environment = Environment::from_process();
    let (mut config, origins) = load_traced(file.as_deref(), &environment).map_err(faulty)?;
    tell(app::choose_existing(&mut config, &origins, &environment)?);
    Ok(config)
}

/// Tells of variables that look like settings by their prefix and are none: somebody may rely on them.
fn note_stray_variables() {
    for variable in crate::config::stray_variables(&Environment::from_process()) {
        tell(Some(format!("{variable} is set and no setting of tinsach; see tinsach.toml(5)")));
    }
}

fn tell(note: Option<String>) {
    if let Some(note) = note {
        print::say(format_args!("{}: {note}", style::warning("note")));
    }
}

fn faulty(faults: Diagnostics) -> Failure {
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
