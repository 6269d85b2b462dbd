//! The one way to stdout and stderr. A reader that has enough (`tinsach … | head`) ends a command quietly, and a stdout
//! that cannot take a result (a full disk) is an error; `println!` would panic at both.

use std::fmt;
use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::AutoStream;

/// Why a result could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// Whoever read stdout has gone. Nobody is left who wants the rest.
    #[error("nobody reads stdout any more")]
    Closed,
    /// The result is not where it should be.
    #[error("stdout cannot be written: {0}")]
    Failed(io::Error),
}

impl From<io::Error> for PrintError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Failed(error),
        }
    }
}

/// Stdout, for `write!` and `writeln!`. Colours are dropped where it is no terminal.
pub struct Out {
    to: BufWriter<AutoStream<StdoutLock<'static>>>,
}

impl Out {
    /// What `write!` calls.
    ///
    /// # Errors
    /// As [`stdout`].
    pub fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> Result<(), PrintError> {
        Ok(self.to.write_fmt(text)?)
    }

    /// Writes bytes as they are.
    ///
    /// # Errors
    /// As [`stdout`].
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), PrintError> {
        Ok(self.to.write_all(bytes)?)
    }
}

/// Prints a result, and sees to it that all of it has left.
///
/// # Errors
/// If stdout is closed or cannot be written, and whatever `write` fails with.
pub fn stdout<E: From<PrintError>>(write: impl FnOnce(&mut Out) -> Result<(), E>) -> Result<(), E> {
    let to = BufWriter::new(AutoStream::auto(io::stdout().lock()));
    let mut out = Out { to };
    let written = write(&mut out);
    // What was printed before a failure is a result, too.
    let flushed = out.to.flush().map_err(|error| E::from(PrintError::from(error)));
    // Else the buffer would be written once more when it is dropped.
    let (_, _rest) = out.to.into_parts();
    written.and(flushed)
}

/// Prints one value as JSON for people and scripts.
///
/// # Errors
/// As [`stdout`].
pub fn json<T: serde::Serialize + ?Sized>(value: &T) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    stdout(|out| Ok(writeln!(out, "{text}")?))
}

/// Whether printing failed because whoever read has gone.
pub fn is_closed(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(PrintError::Closed))
}

/// A line for people on stderr. That nobody reads it is no reason to end.
pub fn say(text: impl fmt::Display) {
    writeln!(anstream::stderr().lock(), "{text}").ok();
}
