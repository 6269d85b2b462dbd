//! What reading a configuration notes beside its values: faults, where settings come from, which keys are known.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Document};
use super::value_error::nearest;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was taken from this environment variable.
    Environment(Cow<'static, str>),
    /// It stands in this file, on this line.
    File(Arc<str>, usize),
}

/// Where each setting comes from, by its dotted key (`fetch.timeout`, `sources.0.every`). What is not in it is a
/// default.
pub type Origins = BTreeMap<String, Origin>;

/// What reading found beside the values.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub faults: Vec<Diagnostic>,
    pub origins: Origins,
    /// The variables of all keys that were asked for.
    pub variables: BTreeSet<String>,
    /// Variables that no key asked for and that look like none.
    pub strays: Vec<String>,
    /// Dotted names of every key that was asked for.
    pub known: BTreeSet<String>,
    /// Keys that nobody asked for, until the whole file is read and [`Notes::refuse_unknown`] can say where they belong.
    pub unknown: Vec<Unknown>,
}

#[derive(Debug)]
pub(super) struct Unknown {
    /// Dotted name of its table, with a trailing dot; empty at the top of the file.
    pub table: String,
    pub name: String,
    pub span: Range<usize>,
    /// What is known in that table.
    pub here: Vec<&'static str>,
}

impl Notes {
    /// Refuses the keys that nobody asked for, now that the whole file is read.
    pub fn refuse_unknown(&mut self, document: &Document) {
        for unknown in std::mem::take(&mut self.unknown) {
            let name = unknown.name.escape_debug();
            let message = format!("`{}{name}` is not a key that tinsach knows", unknown.table);
            let hint = self.where_it_belongs(&unknown);
            self.faults.push(Diagnostic::at(document, Some(unknown.span), message).hint(Some(hint)));
        }
    }

    fn where_it_belongs(&self, unknown: &Unknown) -> String {
        // A key after the header of a table belongs to that table, which is the usual slip in TOML.
        let elsewhere = self
            .known
            .iter()
            .map(|known| known.rsplit_once('.').map_or((known.as_str(), ""), |(table, key)| (key, table)))
            .filter(|(key, table)| *key == unknown.name && !table.contains(|c: char| c.is_ascii_digit()))
            .min_by_key(|(_, table)| table.len());
        match elsewhere {
            Some((key, "")) => format!("`{key}` belongs at the top of the file, before the first [table]"),
            Some((key, table)) => format!("`{key}` belongs in [{table}]"),
            None => match nearest(&unknown.name, unknown.here.iter().copied()).first() {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("known here: {}", unknown.here.join(", ")),
            },
        }
    }
}
