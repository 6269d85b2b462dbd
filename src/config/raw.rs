//! What the operator wrote: a TOML table with its places, handed out key by key.
//!
//! A key is named once, where it is read. From what was asked for follows which keys are unknown and what the nearest
//! known name is, so there is no second list of names. A fault is noted and reading goes on, which brings all of them
//! at once; whoever started the reading looks at the notes at the end.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Document, Fault};

/// A value with its place.
pub(super) type Value<'d> = Spanned<DeValue<'d>>;

/// Why a value is refused.
#[derive(Debug)]
pub(super) struct Wrong {
    /// What is wrong, following the name of the key: `must be …`.
    pub message: String,
    /// What to write.
    pub hint: Option<String>,
}

impl Wrong {
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// It was taken from this environment variable.
    Environment(&'static str),
    /// It stands in this file, on this line.
    File(Arc<str>, usize),
}

/// Where each setting comes from, by its dotted key (`fetch.timeout`, `sources.0.every`). What is not in it is a
/// default.
pub type Origins = BTreeMap<String, Origin>;

/// What reading found beside the values.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub faults: Vec<Fault>,
    pub origins: Origins,
}

/// A table that is being read.
pub(super) struct Table<'d, 'n> {
    document: &'d Document,
    /// `None` for a table that was not written: every key of it is absent.
    entries: Option<&'d DeTable<'d>>,
    /// Dotted name with a trailing dot, empty for the whole file.
    prefix: String,
    /// The table's own place; `None` for the whole file.
    span: Option<Range<usize>>,
    asked: Vec<&'static str>,
    notes: &'n mut Notes,
}

impl<'d, 'n> Table<'d, 'n> {
    /// The whole of a document. `prefix` goes before its keys in the origins.
    pub fn of(
        document: &'d Document,
        entries: &'d DeTable<'d>,
        prefix: String,
        notes: &'n mut Notes,
    ) -> Self {
        Self { document, entries: Some(entries), prefix, span: None, asked: Vec::new(), notes }
    }

    /// The value of a key as it stands, for what a plain reader cannot do.
    pub fn value(&mut self, key: &'static str) -> Option<&'d Value<'d>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        let (_, value) = self.entries?.iter().find(|(name, _)| name.get_ref() == key)?;
        let (line, _) = self.document.position(value.span().start);
        if !self.document.embedded {
            let origin = Origin::File(self.document.name.clone(), line);
            self.notes.origins.insert(format!("{}{key}", self.prefix), origin);
        }
        Some(value)
    }

    /// Reads an optional key; `None` if it is absent or wrong.
    pub fn read<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&Value<'_>) -> Result<T, Wrong>,
    ) -> Option<T> {
        let value = self.value(key)?;
        self.note(key, value.span(), parse(value))
    }

    /// Reads a key that has to be there.
    pub fn need<T>(
        &mut self,
        key: &'static str,
        example: &str,
        parse: impl FnOnce(&Value<'_>) -> Result<T, Wrong>,
    ) -> Option<T> {
        if self.value(key).is_none() {
            let wrong = Wrong::new("is missing").hint(format!("write it, such as: {key} = {example}"));
            self.refuse(key, self.span.clone(), wrong);
        }
        self.read(key, parse)
    }

    /// Reads an optional list, noting every wrong item of it.
    pub fn list<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&Value<'_>) -> Result<T, Wrong>,
    ) -> Option<Vec<T>> {
        let value = self.value(key)?;
        let items = self.note(key, value.span(), array(value))?;
        Some(items.iter().filter_map(|item| self.note(key, item.span(), parse(item))).collect())
    }

    /// Reads a table; one that was not written reads as an empty one.
    pub fn section<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'d, '_>) -> T) -> T {
        let entries =
            self.value(key).and_then(|value| self.note(key, value.span(), table(value)).map(|t| (t, value)));
        let mut inner = Table {
            document: self.document,
            entries: entries.map(|(entries, _)| entries),
            prefix: format!("{}{key}.", self.prefix),
            span: entries.map(|(_, value)| value.span()),
            asked: Vec::new(),
            notes: self.notes,
        };
        let read = read(&mut inner);
        inner.finish();
        read
    }

    /// Reads a list of tables, `key` in messages.
    pub fn tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Table<'d, '_>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let items = self.note(key, value.span(), array(value)).unwrap_or_default();
        let mut all = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let Some(entries) = self.note(key, item.span(), table(item)) else { continue };
            let mut inner = Table {
                document: self.document,
                entries: Some(entries),
                prefix: format!("{}{key}.{index}.", self.prefix),
                span: Some(item.span()),
                asked: Vec::new(),
                notes: self.notes,
            };
            all.extend(read(&mut inner));
            inner.finish();
        }
        all
    }

    /// Notes that what stands at `span`, or the value of the key, is wrong.
    pub fn refuse(&mut self, key: &str, span: Option<Range<usize>>, wrong: Wrong) {
        let message = format!("`{}{key}` {}", self.prefix, wrong.message);
        self.notes.faults.push(Fault::at(self.document, span, message).hint(wrong.hint));
    }

    /// Notes that the value of a key is wrong.
    pub fn refuse_value(&mut self, key: &'static str, wrong: Wrong) {
        let span = self.value(key).map(Spanned::span);
        self.refuse(key, span, wrong);
    }

    /// Notes where a setting comes from that stands in no file.
    pub fn trace(&mut self, key: &str, origin: Origin) {
        self.notes.origins.insert(format!("{}{key}", self.prefix), origin);
    }

    /// The file that is being read.
    pub fn document(&self) -> &'d Document {
        self.document
    }

    fn note<T>(&mut self, key: &str, span: Range<usize>, read: Result<T, Wrong>) -> Option<T> {
        read.map_err(|wrong| self.refuse(key, Some(span), wrong)).ok()
    }

    /// Refuses every key that nobody asked for.
    pub fn finish(self) {
        let Some(entries) = self.entries else { return };
        for name in entries.keys().filter(|name| !self.asked.contains(&name.get_ref().as_ref())) {
            let message = format!("`{}{}` is not a key that tinsach knows", self.prefix, name.get_ref());
            let hint = match nearest(name.get_ref(), self.asked.iter().copied()).first() {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("known here: {}", self.asked.join(", ")),
            };
            self.notes.faults.push(Fault::at(self.document, Some(name.span()), message).hint(Some(hint)));
        }
    }
}

/// The items of a list.
pub(super) fn array<'v, 'd>(value: &'v Value<'d>) -> Result<Vec<&'v Value<'d>>, Wrong> {
    match value.get_ref() {
        DeValue::Array(items) => Ok(items.iter().collect()),
        _ => Err(expected("a list in brackets", value)),
    }
}

fn table<'v, 'd>(value: &'v Value<'d>) -> Result<&'v DeTable<'d>, Wrong> {
    value.get_ref().as_table().ok_or_else(|| expected("a table", value))
}

/// The fault of a value of the wrong type.
pub(super) fn expected(what: &str, value: &Value<'_>) -> Wrong {
    let found = match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    Wrong::new(format!("must be {what}, not {found}"))
}

/// The known names that a misspelt one may stand for, the nearest first. 0.8 of Jaro-Winkler lets one slip in a short
/// name pass and no two names of ours for each other.
pub(super) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wrong = wrong.to_lowercase();
    let mut near: Vec<(f64, &str)> = known
        .map(|name| (strsim::jaro_winkler(&wrong, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.into_iter().map(|(_, name)| name).collect()
}
