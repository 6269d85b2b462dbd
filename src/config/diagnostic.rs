//! What is wrong with a configuration: every fault with its file, line, column, the line itself and how to mend it.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// A configuration file as it was read, or one of the defaults inside the binary.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// What messages call it: its path as the operator gave it.
    pub name: Arc<str>,
    /// Its text; empty if it could not be read.
    pub text: Arc<str>,
    /// Whether it is one of the defaults inside the binary.
    pub embedded: bool,
    /// Where each line begins, once somebody asked: every key of a long file is asked for.
    lines: Arc<OnceLock<Vec<usize>>>,
}

impl Document {
    /// A file of the operator's.
    pub fn file(path: &Path, text: &str) -> Self {
        let name = path.display().to_string().into();
        Self { name, text: text.into(), embedded: false, lines: Arc::default() }
    }

    /// A default inside the binary.
    pub fn embedded(name: &str, text: &str) -> Self {
        let name = format!("{name} (inside the binary)").into();
        Self { name, text: text.into(), embedded: true, lines: Arc::default() }
    }

    /// Line and column of a byte offset, both counted from 1, the column in characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let newlines = || self.text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = self.lines.get_or_init(|| std::iter::once(0).chain(newlines()).collect());
        let line = starts.partition_point(|start| *start <= end);
        let start = starts.get(line - 1).copied().unwrap_or_default();
        (line, self.text[start..end].chars().count() + 1)
    }
}

#[derive(Clone, Debug)]
pub struct Diagnostic {
    document: Document,
    /// The bytes at fault; `None` where a file as a whole is meant (it cannot be read, it lacks a key).
    span: Option<Range<usize>>,
    message: String,
    hint: Option<String>,
}

impl Diagnostic {
    pub(super) fn at(document: &Document, span: Option<Range<usize>>, message: String) -> Self {
        // What runs to the end of the file is shown behind its last letter: behind its last line there is nothing to show.
        let end = document.text.trim_end().len();
        let span = span.map(|span| if span.start >= end { end..end } else { span });
        Self { document: document.clone(), span, message, hint: None }
    }

    pub(super) fn hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// The file, as messages name it.
    pub fn file(&self) -> &str {
        &self.document.name
    }

    /// Line and column, both counted from 1. A fault of the whole file stands at its beginning.
    pub fn position(&self) -> (usize, usize) {
        self.document.position(self.start())
    }

    /// Whether it is about something that was written, not about something that is missing.
    pub(super) fn has_place(&self) -> bool {
        self.span.is_some()
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    pub fn help(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    fn start(&self) -> usize {
        self.span.as_ref().map_or(0, |span| span.start)
    }

    fn group(&self) -> Group<'_> {
        let group = Level::ERROR.primary_title(self.message.as_str());
        let group = match &self.span {
            Some(span) => group.element(
                Snippet::source(&*self.document.text)
                    .path(&*self.document.name)
                    .annotation(AnnotationKind::Primary.span(span.clone())),
            ),
            None if self.document.text.is_empty() => group.element(Origin::path(&*self.document.name)),
            None => group.element(Origin::path(&*self.document.name).line(1).char_column(1)),
        };
        match &self.hint {
            Some(hint) => group.element(Level::HELP.message(hint.as_str())),
            None => group,
        }
    }
}

/// Everything that is wrong with a configuration, in the order of files and lines. Never empty.
#[derive(Clone, Debug)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Orders the faults of several files: files in the order they were first named, then by place.
    pub(super) fn sorted(mut faults: Vec<Diagnostic>) -> Self {
        let mut files: Vec<Arc<str>> = Vec::new();
        for fault in &faults {
            if !files.contains(&fault.document.name) {
                files.push(fault.document.name.clone());
            }
        }
        faults
            .sort_by_key(|fault| (files.iter().position(|file| *file == fault.document.name), fault.start()));
        Self(faults)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Everything for a terminal, `color` by ANSI codes; ends with the count and a newline.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut out = String::new();
        for fault in &self.0 {
            out.push_str(&renderer.render(&[fault.group()]));
            out.push_str("\n\n");
        }
        out.push_str(&self.count());
        out.push('\n');
        out
    }

    fn count(&self) -> String {
        let mut files: Vec<&str> = self.0.iter().map(Diagnostic::file).collect();
        files.sort_unstable();
        files.dedup();
        let plural =
            |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        match files.as_slice() {
            [file] => format!("{} in {file}", plural(self.0.len(), "fault")),
            _ => format!("{} in {}", plural(self.0.len(), "fault"), plural(files.len(), "file")),
        }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for Diagnostics {}
