//! In which form events are written, and where to.

use std::fmt;
use std::io::IsTerminal;
use std::os::fd::AsFd;
use std::str::FromStr;

use super::journal::Journal;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines for people, on stderr.
    Text,
    /// A JSON object a line, on stderr.
    Json,
    /// Entries of the journal with their fields; as text where there is no journal.
    Journal,
    /// The journal if stderr leads there, else text.
    Auto,
}

impl Format {
    pub const NAMES: [&str; 4] = ["text", "json", "journal", "auto"];
}

/// A word that names no form.
#[derive(Debug, PartialEq, Eq)]
pub struct Unknown;

impl std::error::Error for Unknown {}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no such form of the log; there are {}", Format::NAMES.join(", "))
    }
}

impl FromStr for Format {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        match word {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            "journal" => Ok(Self::Journal),
            "auto" => Ok(Self::Auto),
            _ => Err(Unknown),
        }
    }
}

pub(super) enum Output {
    /// Lines on stderr, with or without colour.
    Text {
        colour: bool,
    },
    /// JSON lines on stderr.
    Json,
    Journal(Journal),
}

/// Chooses by what was asked for and what this process has.
pub(super) fn output(format: Format) -> Output {
    let stderr = std::io::stderr();
    let text = Output::Text { colour: stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none() };
    let is_wanted = match format {
        Format::Text => false,
        Format::Json => return Output::Json,
        Format::Journal => true,
        Format::Auto => std::env::var("JOURNAL_STREAM").is_ok_and(|stream| leads_to(stderr.as_fd(), &stream)),
    };
    match Journal::open().filter(|_| is_wanted) {
        Some(journal) => Output::Journal(journal),
        None => text,
    }
}

/// Whether a file is the one that systemd connected to the journal. It says which by device and inode, since a process
/// may inherit the variable and have its stderr elsewhere (systemd.exec(5), `$JOURNAL_STREAM`).
pub(super) fn leads_to(file: impl AsFd, journal_stream: &str) -> bool {
    rustix::fs::fstat(file).is_ok_and(|stat| format!("{}:{}", stat.st_dev, stat.st_ino) == journal_stream)
}
