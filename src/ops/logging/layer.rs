//! The layer under `tracing`: turns an event into a sentence and writes it in the chosen form.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::format::Output;
use super::sentence::EventFields;

/// Names of a JSON line that are not those of fields.
const OWN_NAMES: &[&str] = &["time", "level", "target", "message"];

/// An event, ready to be written.
pub(super) struct Entry<'a> {
    pub(super) time: Timestamp,
    pub(super) level: Level,
    pub(super) target: &'a str,
    pub(super) file: Option<&'a str>,
    pub(super) line: Option<u32>,
    pub(super) sentence: String,
    pub(super) fields: &'a [(&'static str, Value)],
}

impl Entry<'_> {
    /// One line for people, without its end.
    pub(super) fn text(&self, colour: bool) -> String {
        let level = format!("{:>5}", self.level);
        let level = if colour { coloured(self.level, &level) } else { level };
        format!("{:.0} {level} {}", self.time, self.sentence)
    }

    /// One JSON object, without the end of the line.
    pub(super) fn json(&self) -> String {
        let mut object = Map::new();
        object.insert("time".to_owned(), format!("{:.3}", self.time).into());
        object.insert("level".to_owned(), self.level.as_str().to_ascii_lowercase().into());
        object.insert("message".to_owned(), self.sentence.as_str().into());
        object.insert("target".to_owned(), self.target.into());
        for (name, value) in self.fields {
            let name = if OWN_NAMES.contains(name) { format!("field_{name}") } else { (*name).to_owned() };
            object.insert(name, value.clone());
        }
        Value::Object(object).to_string()
    }
}

fn coloured(level: Level, text: &str) -> String {
    use anstyle::AnsiColor::{Blue, Green, Magenta, Red, Yellow};
    let colour = match level {
        Level::ERROR => Red,
        Level::WARN => Yellow,
        Level::INFO => Green,
        Level::DEBUG => Blue,
        Level::TRACE => Magenta,
    };
    let style = colour.on_default();
    format!("{style}{text}{style:#}")
}

/// Writes every event as a sentence.
pub(super) struct SentenceLayer {
    output: Output,
}

impl SentenceLayer {
    pub(super) fn new(output: Output) -> Self {
        Self { output }
    }
}

impl<S: Subscriber> Layer<S> for SentenceLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut said = EventFields::default();
        event.record(&mut said);
        let from = event.metadata();
        let entry = Entry {
            time: Timestamp::now(),
            level: *from.level(),
            target: from.target(),
            file: from.file(),
            line: from.line(),
            sentence: said.sentence(),
            fields: &said.fields,
        };
        let written = match &self.output {
            Output::Text { colour } => write_line(&entry.text(*colour)),
            Output::Json => write_line(&entry.json()),
            Output::Journal(journal) => journal.send(&entry).or_else(|_| write_line(&entry.text(false))),
        };
        // Nobody is left to be told that the log cannot be written.
        written.ok();
    }
}

/// A line in one call, so that lines of threads do not mix.
fn write_line(text: &str) -> io::Result<()> {
    io::stderr().lock().write_all(format!("{text}\n").as_bytes())
}
