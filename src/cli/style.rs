//! The few styles of terminal output. `anstream` drops them where stderr is no terminal or `NO_COLOR` is set.

use std::fmt::Display;
use std::io::IsTerminal;

use anstyle::{AnsiColor, Style};

/// Whether colour is wanted on stderr.
pub fn stderr_has_colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

fn styled(text: impl Display, style: Style) -> String {
    format!("{style}{text}{style:#}")
}

pub fn error(text: impl Display) -> String {
    styled(text, AnsiColor::Red.on_default().bold())
}

pub fn good(text: impl Display) -> String {
    styled(text, AnsiColor::Green.on_default().bold())
}

/// What stands out: an address, a title.
pub fn strong(text: impl Display) -> String {
    styled(text, Style::new().bold())
}

/// What stands back.
pub fn faint(text: impl Display) -> String {
    styled(text, Style::new().dimmed())
}

/// Neither good nor bad.
pub fn warning(text: impl Display) -> String {
    styled(text, AnsiColor::Yellow.on_default().bold())
}
