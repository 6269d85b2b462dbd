//! What the operator wrote: a TOML table with its places, handed out key by key.
//!
//! A key is named once, where it is read. From what was asked for follows which keys are unknown and what the nearest
//! known name is, so there is no second list of names. A fault is noted and reading goes on, which brings all of them
//! at once; whoever started the reading looks at the notes at the end.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, Document};
use super::notes::{Notes, Origin, Unknown};
use super::value_error::{Value, ValueError, expected};
use super::variables::{Setting, Settings, variable_of};

/// A table that is being read.
pub(super) struct Table<'d, 'n> {
    document: &'d Document,
    /// `None` for a table that was not written: every key of it is absent.
    entries: Option<&'d DeTable<'d>>,
    /// Dotted name with a trailing dot, as it stands in the origins.
    prefix: String,
    /// How much of the prefix messages leave out, since it is not in the file.
    hidden: usize,
    /// Variables that stand above what is written here; `None` where the environment has no say.
    settings: Option<&'d Settings<'d>>,
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
        settings: Option<&'d Settings<'d>>,
        notes: &'n mut Notes,
    ) -> Self {
        let hidden = prefix.len();
        Self {
            document,
            entries: Some(entries),
            prefix,
            hidden,
            settings,
            span: None,
            asked: Vec::new(),
            notes,
        }
    }

    /// The value of a key as it stands, for what a plain reader cannot do.
    pub fn value(&mut self, key: &'static str) -> Option<&'d Value<'d>> {
        // What the file says is read in any case, so that the key counts as known.
        let written = self.written(key);
        if self.settings.is_some() {
            self.notes.variables.insert(variable_of(&self.name(key)));
        }
        let Some(setting) = self.setting(key) else { return written };
        self.trace(key, Origin::Environment(variable_of(&self.name(key)).into()));
        Some(&setting.value)
    }

    /// What the environment says of a key.
    pub fn setting(&self, key: &str) -> Option<&'d Setting<'d>> {
        self.settings?.get(variable_of(&self.name(key)).as_str())
    }

    /// What the file says of a key.
    fn written(&mut self, key: &'static str) -> Option<&'d Value<'d>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
            self.notes.known.insert(self.name(key));
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
        parse: impl Fn(&Value<'_>) -> Result<T, ValueError>,
    ) -> Option<T> {
        let value = self.value(key)?;
        let read = match self.setting(key).and_then(|setting| setting.plain.as_ref()) {
            // A variable has no type: what reads as a number may be meant as a text.
            Some(plain) => {
                parse(value).or_else(|wrong| if wrong.other_type { parse(plain) } else { Err(wrong) })
            }
            None => parse(value),
        };
        self.note(key, value.span(), read)
    }

    /// Reads a key that has to be there.
    pub fn need<T>(
        &mut self,
        key: &'static str,
        example: &str,
        parse: impl Fn(&Value<'_>) -> Result<T, ValueError>,
    ) -> Option<T> {
        if self.value(key).is_none() {
            let wrong = ValueError::new("is missing").hint(format!("write it, such as: {key} = {example}"));
            self.refuse(key, self.span.clone(), wrong);
        }
        self.read(key, parse)
    }

    /// Reads an optional list, noting every wrong item of it.
    pub fn list<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&Value<'_>) -> Result<T, ValueError>,
    ) -> Option<Vec<T>> {
        let value = self.value(key)?;
        let items = match self.setting(key) {
            Some(setting) if value.get_ref().is_str() => setting.items.iter().collect(),
            _ => self.note(key, value.span(), array(value, "\"first\", \"second\""))?,
        };
        Some(items.iter().filter_map(|item| self.note(key, item.span(), parse(item))).collect())
    }

    /// Reads a table; one that was not written reads as an empty one. `example` shows how it is written.
    pub fn section<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(&mut Table<'d, '_>) -> T,
    ) -> T {
        let entries = self
            .written(key)
            .and_then(|value| self.note(key, value.span(), table(value, example)).map(|t| (t, value)));
        let mut inner = Table {
            document: self.document,
            entries: entries.map(|(entries, _)| entries),
            prefix: format!("{}{key}.", self.prefix),
            hidden: self.hidden,
            settings: self.settings,
            span: entries.map(|(_, value)| value.span()),
            asked: Vec::new(),
            notes: self.notes,
        };
        let read = read(&mut inner);
        inner.finish();
        read
    }

    /// Reads a list of tables, each of which reads as one value or, where that is wrong, as none.
    pub fn tables<T>(
        &mut self,
        key: &'static str,
        example: &str,
        mut read: impl FnMut(&mut Table<'d, '_>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let document = self.setting(key).map_or(self.document, |setting| setting.document);
        let items = self.note(key, value.span(), array(value, example)).unwrap_or_default();
        let mut all = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let Some(entries) = self.note(key, item.span(), table(item, example)) else { continue };
            let mut inner = Table {
                document,
                entries: Some(entries),
                prefix: format!("{}{key}.{index}.", self.prefix),
                hidden: self.hidden,
                settings: None,
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
    pub fn refuse(&mut self, key: &str, span: Option<Range<usize>>, wrong: ValueError) {
        let (document, name) = match self.setting(key) {
            Some(setting) => (setting.document, variable_of(&self.name(key))),
            None => (self.document, self.name(key)),
        };
        let message = format!("`{name}` {}", wrong.message);
        self.notes.faults.push(Diagnostic::at(document, span, message).hint(wrong.hint));
    }

    /// Notes that the value of a key is wrong.
    pub fn refuse_value(&mut self, key: &'static str, wrong: ValueError) {
        let span = self.value(key).map(Spanned::span);
        self.refuse(key, span, wrong);
    }

    /// Notes where a setting comes from that stands in no file.
    pub fn trace(&mut self, key: &str, origin: Origin) {
        self.notes.origins.insert(format!("{}{key}", self.prefix), origin);
    }

    pub fn document(&self) -> &'d Document {
        self.document
    }

    fn note<T>(&mut self, key: &str, span: Range<usize>, read: Result<T, ValueError>) -> Option<T> {
        read.map_err(|wrong| self.refuse(key, Some(span), wrong)).ok()
    }

    /// The name of a key as messages give it.
    fn name(&self, key: &str) -> String {
        format!("{}{key}", &self.prefix[self.hidden..])
    }

    /// Ends the reading: what nobody asked for is unknown.
    pub fn finish(self) {
        let Some(entries) = self.entries else { return };
        let table = self.name("");
        for name in entries.keys().filter(|name| !self.asked.contains(&name.get_ref().as_ref())) {
            let (name, span) = (name.get_ref().to_string(), name.span());
            let unknown = Unknown { table: table.clone(), name, span, here: self.asked.clone() };
            self.notes.unknown.push(unknown);
        }
    }
}

/// The items of a list.
fn array<'v, 'd>(value: &'v Value<'d>, example: &str) -> Result<Vec<&'v Value<'d>>, ValueError> {
    let wrong = expected("a list", value);
    match value.get_ref() {
        DeValue::Array(items) => Ok(items.iter().collect()),
        DeValue::String(text) if example.starts_with('"') => {
            Err(wrong.hint(format!("put it in brackets: [\"{}\"]", text.escape_debug())))
        }
        _ => Err(wrong.hint(format!("write it in brackets, such as [{example}]"))),
    }
}

fn table<'v, 'd>(value: &'v Value<'d>, example: &str) -> Result<&'v DeTable<'d>, ValueError> {
    let wrong = || expected("a table", value).hint(format!("write it in braces, such as {example}"));
    value.get_ref().as_table().ok_or_else(wrong)
}
