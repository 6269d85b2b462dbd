//! Logs: one line an event, with the cause first and the address once, in the same words on a terminal, in the journal
//! and as JSON. The parts that the line is made of stay as fields where the form has fields.

mod address;
mod filter;
mod format;
mod journal;
mod layer;
mod sentence;
#[cfg(test)]
mod tests;

pub use format::Format;

use std::ffi::OsString;

use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The variable that chooses what is logged.
pub const FILTER_VARIABLE: &str = "TINSACH_LOG";
/// The variable that chooses the form, where the command line says nothing.
pub const FORMAT_VARIABLE: &str = "TINSACH_LOG_FORMAT";

/// Why logging could not be set up: the operator's wish cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}={value:?} is refused: {why}")]
pub struct Refused {
    variable: &'static str,
    value: String,
    why: String,
}

/// Sets up logging for the whole process. `asked` is the form that the command line asks for, `default` the level where
/// `TINSACH_LOG` says nothing. Where logging is set up already, that stays.
///
/// # Errors
/// Fails if `TINSACH_LOG` or `TINSACH_LOG_FORMAT` cannot be read.
pub fn init(asked: Option<Format>, default: &str) -> Result<(), Refused> {
    let said = variable(FILTER_VARIABLE);
    let targets = filter::parse(said.as_deref().unwrap_or(default)).map_err(|why| Refused {
        variable: FILTER_VARIABLE,
        value: said.unwrap_or_default(),
        why,
    })?;
    let format = match (asked, variable(FORMAT_VARIABLE)) {
        (Some(format), _) => format,
        (None, None) => Format::Auto,
        (None, Some(value)) => value.parse().map_err(|why: format::Unknown| Refused {
            variable: FORMAT_VARIABLE,
            value,
            why: why.to_string(),
        })?,
    };
    let layer = layer::SentenceLayer::new(format::output(format)).with_filter(targets);
    // Only a second call in one process can fail here.
    tracing_subscriber::registry().with(layer).try_init().ok();
    Ok(())
}

/// What a variable of the environment says; an empty one says nothing.
fn variable(name: &str) -> Option<String> {
    let text = |value: OsString| value.to_string_lossy().into_owned();
    std::env::var_os(name).map(text).filter(|value| !value.is_empty())
}
