//! From files to the checked configuration: which files, what they say, and every fault of all of them.

use std::path::Path;

use toml::de::DeTable;

use super::checked::{Config, Source};
use super::defaults;
use super::diagnostic::{Diagnostic, Diagnostics, Document};
use super::environment::Environment;
use super::main_file::{self, Place, Sources};
use super::notes::{Notes, Origins};
use super::source::{self, Taken};
use super::table::Table;
use super::variables::{self, Settings};

/// Reads the configuration from `path`; without one from the system's file if it is there, else from the defaults
/// inside the binary.
///
/// # Errors
/// Everything that is wrong in any of the files.
pub fn load(path: Option<&Path>, environment: &Environment) -> Result<Config, Diagnostics> {
    load_traced(path, environment).map(|(config, _)| config)
}

/// As [`load`], and says where each setting comes from.
///
/// # Errors
/// Everything that is wrong in any of the files.
pub fn load_traced(path: Option<&Path>, environment: &Environment) -> Result<(Config, Origins), Diagnostics> {
    let mut notes = Notes::default();
    let system = environment.system_file.as_deref().filter(|file| {
        // A file that may not be looked at is there, and its fault is worth saying.
        file.try_exists().unwrap_or(true)
    });
    let config = match path.or(system) {
        Some(file) => read_text(file, &mut notes)
            .map(|document| read_all(&document, &Place { file: Some(file), environment }, &mut notes)),
        None => {
            let document = Document::embedded("tinsach.toml", defaults::MAIN);
            Some(read_all(&document, &Place { file: None, environment }, &mut notes))
        }
    };
    match config {
        Some(config) if notes.faults.is_empty() => Ok((config, notes.origins)),
        _ => Err(Diagnostics::sorted(notes.faults)),
    }
}

/// Reads one source file from its text; `name` is what faults call it.
///
/// # Errors
/// Everything that is wrong in it.
pub fn read_source(name: &Path, text: &str) -> Result<Source, Diagnostics> {
    let mut notes = Notes::default();
    let document = Document::file(name, text);
    let source =
        read_document(&document, String::new(), None, &mut notes, |t| source::read(t, &mut Taken::new()));
    source.filter(|_| notes.faults.is_empty()).ok_or_else(|| Diagnostics::sorted(notes.faults))
}

/// The variables of the environment that begin with `TINSACH_` and are no setting, nor like one; they may be meant for
/// something else. One that is like a setting is a fault of [`load`].
pub fn stray_variables(environment: &Environment) -> Vec<String> {
    let mut notes = Notes::default();
    read_all(
        &Document::embedded("tinsach.toml", defaults::MAIN),
        &Place { file: None, environment },
        &mut notes,
    );
    notes.strays
}

/// Reads the main file and the sources it names. What it gives is of use only if no fault was noted.
pub(super) fn read_all(document: &Document, place: &Place<'_>, notes: &mut Notes) -> Config {
    let mut taken = Taken::new();
    let written = variables::documents(&place.environment.settings);
    let settings = variables::read(&written);
    let (mut config, sources) = read_document(document, String::new(), Some(&settings), notes, |t| {
        main_file::read(t, place, &mut taken)
    });
    let mut strays = variables::strays(&settings, &notes.variables);
    notes.faults.append(&mut strays.faults);
    notes.strays = strays.others;
    let documents: Vec<Document> = match sources {
        Sources::Inline => Vec::new(),
        Sources::Files(files) => files.iter().filter_map(|file| read_text(file, notes)).collect(),
        Sources::Embedded => {
            defaults::SOURCES.iter().map(|(name, text)| Document::embedded(name, text)).collect()
        }
    };
    for document in &documents {
        let prefix = format!("sources.{}.", config.sources.len());
        let source = read_document(document, prefix, None, notes, |t| source::read(t, &mut taken));
        config.sources.extend(source);
    }
    config.fetch.trust = config.sources.iter().filter_map(Source::site_trust).collect();
    config
}

/// Parses a document and hands its table to `read`, noting syntax errors and unknown keys beside what `read` notes.
fn read_document<'d, T>(
    document: &'d Document,
    prefix: String,
    settings: Option<&'d Settings<'d>>,
    notes: &mut Notes,
    read: impl FnOnce(&mut Table<'_, '_>) -> T,
) -> T {
    let (root, errors) = DeTable::parse_recoverable(&document.text);
    let mut found = Notes::default();
    let mut table = Table::of(document, root.get_ref(), prefix, settings, &mut found);
    let value = read(&mut table);
    table.finish();
    found.refuse_unknown(document);
    if !errors.is_empty() {
        forgive(document, &errors, &mut found.faults);
        found.faults.extend(errors.iter().map(|error| syntax(document, error)));
    }
    notes.faults.append(&mut found.faults);
    notes.origins.append(&mut found.origins);
    notes.variables.append(&mut found.variables);
    notes.known.append(&mut found.known);
    value
}

/// Drops the faults that may only be there because the file does not parse: the rest of it is read all the same, but a
/// broken line is not blamed twice, a key that seems to be missing may stand on one, and what follows a broken header
/// is in the wrong table.
fn forgive(document: &Document, errors: &[toml::de::Error], faults: &mut Vec<Diagnostic>) {
    let line_of = |error: &toml::de::Error| error.span().map(|span| document.position(span.start).0);
    let broken: Vec<usize> = errors.iter().filter_map(line_of).collect();
    let is_header = |line: &usize| {
        document.text.lines().nth(line - 1).is_some_and(|text| text.trim_start().starts_with('['))
    };
    let header = broken.iter().copied().filter(is_header).min().unwrap_or(usize::MAX);
    faults.retain(|fault| {
        let (line, _) = fault.position();
        fault.has_place() && line < header && !broken.contains(&line)
    });
}

fn syntax(document: &Document, error: &toml::de::Error) -> Diagnostic {
    let message = error.message().trim_end_matches(", expected nothing");
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let hint = if says(&["duplicate key"]) {
        "a key may stand once in its table; take one of them out"
    } else if says(&["string, expected"]) {
        "close the quotes on the same line"
    } else if says(&["quoted", "float", "integer", "date"]) {
        "write texts in quotes: \"…\""
    } else {
        "a line is `key = value`: texts in \"quotes\", lists in [brackets], tables in { braces }"
    };
    Diagnostic::at(document, error.span(), format!("this is not TOML: {message}")).hint(Some(hint.to_owned()))
}

/// Reads a file; `None`, and a fault, if it cannot be read or is not UTF-8.
fn read_text(file: &Path, notes: &mut Notes) -> Option<Document> {
    let bytes = std::fs::read(file)
        .map_err(|error| {
            let fault =
                Diagnostic::at(&Document::file(file, ""), None, format!("this file cannot be read: {error}"));
            notes.faults.push(fault.hint(Some("check the path and who may read it".to_owned())));
        })
        .ok()?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Some(Document::file(file, text)),
        Err(error) => {
            // What cannot be decoded shows as one U+FFFD, three bytes long.
            let start = error.valid_up_to();
            let document = Document::file(file, &String::from_utf8_lossy(&bytes));
            let fault = Diagnostic::at(&document, Some(start..start + 3), "this is not UTF-8".to_owned());
            notes.faults.push(fault.hint(Some("save the file as UTF-8".to_owned())));
            None
        }
    }
}
