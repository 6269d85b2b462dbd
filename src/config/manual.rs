//! The keys with their descriptions, for the manual page: taken from the shipped files, whose comments describe every key.

use super::defaults;
use super::diagnostic::Document;
use super::environment::Environment;
use super::load::read_all;
use super::main_file::Place;
use super::notes::Notes;
use super::variables::variable_of;

/// What one of the shipped files says.
#[derive(Debug, Default)]
pub struct Chapter {
    /// What stands at the head of the file, by paragraphs.
    pub head: Vec<String>,
    /// The keys, in the order of the file.
    pub entries: Vec<Entry>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// The beginning of a table.
    Table {
        name: String,
        /// What is said before its header; may be empty.
        text: String,
    },
    /// One key, or several that share a description.
    Keys { lines: Vec<KeyLine>, text: String },
}

/// A key as it stands in the file.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyLine {
    /// Its name without its table.
    pub name: String,
    /// The value that stands behind it, as TOML.
    pub value: String,
    /// Whether the line is in force; else it is an example behind a `#`.
    pub in_force: bool,
}

pub fn main_chapter() -> Chapter {
    read(defaults::MAIN)
}

pub fn source_chapter() -> Chapter {
    read(defaults::SOURCES[0].1)
}

/// The variables that stand above the main file, each with the dotted name of its key.
pub fn setting_variables() -> Vec<(String, String)> {
    let mut notes = Notes::default();
    let document = Document::embedded("", "");
    let environment = Environment::default();
    read_all(&document, &Place { file: None, environment: &environment }, &mut notes);
    let keys = notes.known.iter().map(|key| (variable_of(key), key.clone()));
    keys.filter(|(variable, _)| notes.variables.contains(variable)).collect()
}

fn read(text: &str) -> Chapter {
    let mut chapter = Chapter::default();
    let mut comment: Vec<&str> = Vec::new();
    for line in text.lines() {
        let taken = || comment.join(" ");
        if let Some(key) = key_line(line) {
            match chapter.entries.last_mut() {
                Some(Entry::Keys { lines, .. }) if comment.is_empty() => lines.push(key),
                _ => chapter.entries.push(Entry::Keys { lines: vec![key], text: taken() }),
            }
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            chapter.entries.push(Entry::Table { name: name.to_owned(), text: taken() });
        } else if let Some(words) = line.strip_prefix('#').map(str::trim).filter(|words| !words.is_empty()) {
            comment.push(words);
            continue;
        } else if chapter.entries.is_empty() && !comment.is_empty() {
            chapter.head.push(taken());
        }
        comment.clear();
    }
    chapter
}

/// `key = value`, in force or behind a `#`.
fn key_line(line: &str) -> Option<KeyLine> {
    let (written, in_force) = line.strip_prefix("# ").map_or((line, true), |written| (written, false));
    let (name, value) = written.split_once(" = ")?;
    let is_key = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    is_key.then(|| KeyLine { name: name.to_owned(), value: value.to_owned(), in_force })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every key that reading the shipped files asks for, without numbers of list items.
    fn asked() -> BTreeSet<String> {
        let mut notes = Notes::default();
        let document = Document::embedded("", defaults::MAIN);
        let environment =
            Environment { state_directory: Some("/var/lib/tinsach".into()), ..Environment::default() };
        read_all(&document, &Place { file: None, environment: &environment }, &mut notes);
        assert!(notes.faults.is_empty(), "{:?}", notes.faults);
        let without_numbers = |key: &String| {
            let parts = key.split('.').filter(|part| part.parse::<usize>().is_err());
            parts.collect::<Vec<_>>().join(".")
        };
        notes.known.iter().map(without_numbers).collect()
    }

    /// Every key that is described, with the keys inside of inline tables.
    fn described() -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for chapter in [main_chapter(), source_chapter()] {
            let mut table = String::new();
            for entry in chapter.entries {
                match entry {
                    Entry::Table { name, .. } => {
                        all.insert(name.clone());
                        table = format!("{name}.");
                    }
                    Entry::Keys { lines, text } => {
                        assert!(!text.is_empty(), "{lines:?} are not described");
                        for line in lines {
                            let key = format!("{table}{}", line.name);
                            let inner =
                                line.value.split(['{', ',', '[']).filter_map(|part| part.split_once(" = "));
                            all.extend(inner.map(|(inner, _)| format!("{key}.{}", inner.trim())));
                            all.insert(key);
                        }
                    }
                }
            }
        }
        all
    }

    #[test]
    fn every_key_that_is_read_is_described_and_every_key_described_is_read() {
        let (asked, described) = (asked(), described());
        assert!(asked.len() > 35, "{asked:?}");
        assert_eq!(asked, described);
    }

    #[test]
    fn every_key_of_the_main_file_has_a_variable() {
        let variables = setting_variables();
        let key =
            |variable: &str| variables.iter().find(|(name, _)| name == variable).map(|(_, key)| key.as_str());
        assert_eq!(key("TINSACH_LISTEN"), Some("listen"));
        assert_eq!(key("TINSACH_FETCH_USER_AGENT"), Some("fetch.user_agent"));
        assert_eq!(key("TINSACH_FETCH"), None, "a table is no setting");
        for entry in main_chapter().entries {
            let Entry::Keys { lines, .. } = entry else { continue };
            for line in lines {
                assert!(
                    variables.iter().any(|(_, key)| key.rsplit('.').next() == Some(&line.name)),
                    "{line:?} has no variable"
                );
            }
        }
    }
}
