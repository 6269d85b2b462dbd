//! An event as one sentence for people: which source, the cause, what follows from it, where.

use std::error::Error;
use std::fmt::{self, Write};

use serde_json::Value;
use tracing::field::{Field, Visit};

use super::address::{mentions, short_url, shorten_urls, split_leading_url};

/// Fields that hold a cause.
const CAUSES: &[&str] = &["cause", "error", "fault", "trouble", "why"];
/// Fields that hold the address an event is about.
const ADDRESSES: &[&str] = &["url", "hub", "origin"];
/// The longest value of a field, in bytes: a datagram of the journal's socket holds a dozen of such fields.
const MAX_VALUE_BYTES: usize = 16 * 1024;
/// The longest sentence, in characters.
const MAX_SENTENCE_CHARS: usize = 2000;

#[derive(Debug, Default)]
pub(super) struct EventFields {
    message: String,
    /// Everything else, in the order it was given.
    pub(super) fields: Vec<(&'static str, Value)>,
}

impl EventFields {
    /// The whole sentence, one line: `source: cause; message (address) name=value`.
    pub(super) fn sentence(&self) -> String {
        let (mut source, mut address) = (None, None);
        let (mut parts, mut facts) = (Vec::new(), String::new());
        for (name, value) in &self.fields {
            let text = plain(value);
            if text.is_empty() {
                continue;
            } else if *name == "source" {
                source = Some(text);
            } else if CAUSES.contains(name) {
                parts.push(text);
            } else if ADDRESSES.contains(name) && address.is_none() {
                address = Some(text);
            } else {
                let text = shorten_urls(&text);
                // Writing to a String cannot fail.
                write!(facts, " {name}={}", if text.contains(' ') { format!("{text:?}") } else { text }).ok();
            }
        }
        parts.push(self.message.clone());
        let head = source.map(|source| format!("{source}: ")).unwrap_or_default();
        let line = join_parts(&head, &parts, address);
        one_line(&(head + &line + &facts))
    }

    fn push(&mut self, field: &Field, value: Value) {
        match field.name() {
            "message" => self.message = plain(&value),
            // Raw identifiers (`r#type`) are named without their mark.
            name => self.fields.push((name.strip_prefix("r#").unwrap_or(name), value)),
        }
    }
}

impl Visit for EventFields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.push(field, Value::from(bounded(format!("{value:?}"))));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.push(field, Value::from(bounded(value.to_owned())));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.push(field, Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.push(field, Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.push(field, Value::from(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.push(field, Value::from(value));
    }

    /// An error with the errors behind it; one that its successor repeats is not said twice.
    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut text = value.to_string();
        let mut behind = value.source();
        while let Some(error) = behind {
            let cause = error.to_string();
            if !text.ends_with(&cause) {
                write!(text, ": {cause}").ok();
            }
            behind = error.source();
        }
        self.push(field, Value::from(bounded(text)));
    }
}

/// The parts one after the other, each without what stands before or behind all of them: the head, and the address.
fn join_parts(head: &str, parts: &[String], mut address: Option<String>) -> String {
    let mut rest = Vec::new();
    for part in parts {
        let part = part.strip_prefix(head).unwrap_or(part);
        let part = match split_leading_url(part) {
            (Some(url), behind) if address.as_deref().is_none_or(|address| address == url) => {
                address = Some(url.to_owned());
                behind
            }
            _ => part,
        };
        if !part.is_empty() {
            rest.push(part);
        }
    }
    let mut line = shorten_urls(&rest.join("; "));
    if let Some(address) = address.filter(|address| !rest.iter().any(|part| mentions(part, address))) {
        write!(line, " ({})", short_url(&address)).ok();
    }
    line
}

/// A value as people write it.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn bounded(mut text: String) -> String {
    if text.len() > MAX_VALUE_BYTES {
        text.truncate(text.floor_char_boundary(MAX_VALUE_BYTES));
        text.push('…');
    }
    text
}

/// What a portal wrote may hold line breaks and a terminal's commands; in a log they would be lines and commands of ours.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_control() || c.is_whitespace() || is_reordering(c)) {
        if !word.is_empty() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    if let Some((end, _)) = line.char_indices().nth(MAX_SENTENCE_CHARS) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// Characters that let a terminal show a text in another order (Unicode Standard Annex 9).
fn is_reordering(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}')
}
