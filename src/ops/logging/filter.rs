//! What is logged: a level for everything, or one for a part of the program.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

/// Every level there is, and what switches a part off.
const LEVELS: &[(&str, LevelFilter)] = &[
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
    ("off", LevelFilter::OFF),
];

/// The parts of this program that can have a level of their own.
pub(super) const MODULES: &[&str] = &[
    "announce", "app", "clean", "cli", "config", "crawl", "dates", "discover", "export", "extract", "fetch",
    "health", "html", "identity", "learn", "model", "ops", "pipeline", "publish", "schedule", "serve",
    "store", "text",
];

const HINT: &str =
    "write a level (error, warn, info, debug, trace), or levels of parts, such as warn,tinsach::fetch=debug";

/// Reads directives, such as `info` or `warn,tinsach::fetch=debug`. What is said of a part holds for its own parts too.
pub(super) fn parse(text: &str) -> Result<Targets, String> {
    let mut targets = Targets::new();
    for directive in text.split(',').map(str::trim).filter(|directive| !directive.is_empty()) {
        targets = match directive.split_once('=') {
            Some((part, level)) => targets.with_target(known_part(part.trim())?, level_of(level.trim())?),
            None => targets.with_default(level_of(directive)?),
        };
    }
    Ok(targets)
}

fn level_of(word: &str) -> Result<LevelFilter, String> {
    let is_named = |(name, _): &&(&str, LevelFilter)| name.eq_ignore_ascii_case(word);
    let found = LEVELS.iter().find(is_named);
    found.map(|(_, level)| *level).ok_or_else(|| format!("{word:?} is no level; {HINT}"))
}

/// A part of this program, or any other crate: which of those log is not known here.
fn known_part(part: &str) -> Result<&str, String> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    if part.is_empty() || !part.chars().all(is_path) {
        return Err(format!("{part:?} is no part of a program; {HINT}"));
    }
    match part.strip_prefix("tinsach::").and_then(|inside| inside.split("::").next()) {
        Some(module) if !MODULES.contains(&module) => {
            Err(format!("tinsach has no part {module:?}; it has {}", MODULES.join(", ")))
        }
        _ => Ok(part),
    }
}
