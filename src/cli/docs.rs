//! `tinsach completions` and `tinsach man`: made from the command line's own definition.

use std::path::PathBuf;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Outcome, man, print};

/// Which shell.
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell the script is for
    shell: Shell,
}

/// Which folder.
#[derive(Debug, clap::Args)]
pub struct Man {
    /// The folder the pages are written into; it is made if it is not there
    folder: PathBuf,
}

pub(super) fn completions(args: &Completions) -> Outcome {
    // clap_complete panics where it cannot write; a Vec takes everything.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "tinsach", &mut script);
    print::stdout(|out| Ok(out.bytes(&script)?))
}

pub(super) fn man(args: &Man) -> Outcome {
    let folder = args.folder.display();
    std::fs::create_dir_all(&args.folder).with_context(|| format!("cannot make {folder}"))?;
    for (name, text) in man::pages(Cli::command())? {
        let file = args.folder.join(name);
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}
