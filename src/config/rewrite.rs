//! A source file with some of its keys changed, and everything else as the operator wrote it: order, comments, white space.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::checked::Source;
use super::load::read_source;
use super::notes::{Origin, Origins};
use super::show::source_toml;

/// The file that a source stands in alone, by its place in the configuration; `None` if it is inside the binary or a table
/// of the main file.
pub fn file_of(origins: &Origins, index: usize, main: Option<&Path>) -> Option<PathBuf> {
    match origins.get(&format!("sources.{index}.id")) {
        Some(Origin::File(name, _)) => {
            let file = PathBuf::from(&**name);
            (main != Some(file.as_path())).then_some(file)
        }
        _ => None,
    }
}

/// The text of a source's file with what is different in `new` changed; keys that are gone become comments. Where that
/// cannot be done in place the whole file is written anew.
pub fn rewrite(text: &str, old: &Source, new: &Source) -> String {
    let (before, after) = (keys(&source_toml(old)), keys(&source_toml(new)));
    let mut edited = text.to_owned();
    for key in before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))) {
        if before.get(key) == after.get(key) {
            continue;
        }
        let change = after.get(key).filter(|value| !is_default(key, value));
        match edit(&edited, key, change.map(String::as_str)) {
            Some(text) => edited = text,
            None => return source_toml(new),
        }
    }
    let reads_back = read_source(Path::new("mended.toml"), &edited).is_ok_and(|source| source == *new);
    if reads_back { edited } else { source_toml(new) }
}

/// Table and key.
type Key = (String, String);

/// What [`source_toml`] wrote: one key a line.
fn keys(canonical: &str) -> BTreeMap<Key, String> {
    let mut keys = BTreeMap::new();
    let mut table = String::new();
    for line in canonical.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut table);
        } else if let Some((key, value)) = line.split_once(" = ") {
            keys.insert((table.clone(), key.to_owned()), value.to_owned());
        }
    }
    keys
}

fn is_default((table, key): &Key, value: &str) -> bool {
    table == "article" && matches!(key.as_str(), "remove" | "cut_at") && value == "[]"
}

/// Sets a key, or makes it a comment. `None` if the file has it in a way that cannot be changed in place.
fn edit(text: &str, (table, key): &Key, value: Option<&str>) -> Option<String> {
    let root = DeTable::parse(text).ok()?;
    let entries = match table.as_str() {
        "" => Some(root.get_ref()),
        name => root
            .get_ref()
            .get(name)
            .map(|value| value.get_ref().as_table())
            .map(|table| table.ok_or(()))
            .transpose()
            .ok()?,
    };
    let found = entries.and_then(|entries| entries.iter().find(|(name, _)| name.get_ref() == key));
    match (found, value) {
        (None, None) => Some(text.to_owned()),
        (Some((_, old)), Some(value)) => {
            let span = old.span();
            let value = if text[span.clone()].contains('\n') { many_lines(value) } else { value.to_owned() };
            Some(format!("{}{value}{}", &text[..span.start], &text[span.end..]))
        }
        (Some((name, old)), None) => comment_out(text, name.span().start..old.span().end),
        (None, Some(value)) => insert(text, table, &format!("{key} = {value}\n"), entries.is_some()),
    }
}

/// A list with an item a line.
fn many_lines(list: &str) -> String {
    let whole = format!("list = {list}");
    let items = DeTable::parse(&whole).ok().and_then(|table| {
        let DeValue::Array(items) = table.get_ref().get("list")?.get_ref() else { return None };
        Some(items.iter().map(|item| format!("  {},\n", &whole[item.span()])).collect::<String>())
    });
    items.map_or_else(|| list.to_owned(), |items| format!("[\n{items}]"))
}

/// Makes the lines of a key comments, if it begins a line.
fn comment_out(text: &str, span: Range<usize>) -> Option<String> {
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    if !text[start..span.start].trim().is_empty() {
        return None;
    }
    let end = text[span.end..].find('\n').map_or(text.len(), |newline| span.end + newline);
    let lines: Vec<String> = text[start..end].lines().map(|line| format!("# {line}")).collect();
    Some(format!("{}{}{}", &text[..start], lines.join("\n"), &text[end..]))
}

/// Adds a line behind the header of its table; a table that the file does not have comes last.
fn insert(text: &str, table: &str, line: &str, is_there: bool) -> Option<String> {
    if !is_there {
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        return Some(format!("{text}{end}\n[{table}]\n{line}"));
    }
    let is_header = |line: &str| {
        let line = line.split('#').next().unwrap_or_default().trim();
        line.strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
            .is_some_and(|name| name.trim() == table)
    };
    let mut at = 0;
    for existing in text.split_inclusive('\n') {
        at += existing.len();
        if is_header(existing) {
            let end = if existing.ends_with('\n') { "" } else { "\n" };
            return Some(format!("{}{end}{line}{}", &text[..at], &text[at..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Setting;

    const HEAD: &str = "id = \"x\" # mine\ntitle = \"X\"\nhome = \"https://x.example/\"\nlanguage = \"vi\"\ntimezone = \"UTC\"\n";

    fn source(text: &str) -> Source {
        read_source(Path::new("x.toml"), text).unwrap_or_else(|faults| panic!("{faults}"))
    }

    fn changed(text: &str, change: impl Fn(&mut Source)) -> String {
        let old = source(text);
        let mut new = old.clone();
        change(&mut new);
        let text = rewrite(text, &old, &new);
        assert_eq!(source(&text), new, "{text}");
        text
    }

    #[test]
    fn what_stays_keeps_its_comments_and_a_missing_key_or_table_is_added() {
        let with = |source: &mut Source| source.discover.sitemap = Setting::Forbidden;
        assert_eq!(changed(HEAD, with), format!("{HEAD}\n[discover]\nsitemap = false\n"));
        assert_eq!(
            changed(&format!("{HEAD}[ discover ] # here\nwp_json = true"), with),
            format!("{HEAD}[ discover ] # here\nsitemap = false\nwp_json = true")
        );
        let without = |source: &mut Source| source.discover.feeds = Setting::Find;
        assert_eq!(
            changed(&format!("{HEAD}[discover]\nfeeds = [ # all\n  \"/a\",\n]\nsitemap = false\n"), without),
            format!("{HEAD}[discover]\n# feeds = [ # all\n#   \"/a\",\n# ]\nsitemap = false\n")
        );
        assert_eq!(changed(HEAD, |_| {}), HEAD);
    }

    #[test]
    fn what_cannot_be_changed_in_place_is_written_anew() {
        let text = format!("{HEAD}discover = {{ feeds = [\"/a\"], sitemap = false }}\n");
        for change in
            [(|source: &mut Source| source.discover.feeds = Setting::Find) as fn(&mut Source), |source| {
                source.discover.wp_json = Setting::Forbidden
            }]
        {
            assert!(changed(&text, change).contains("[discover]\n"));
        }
        let dotted = format!("{HEAD}discover.feeds = [\"/a\"]\n");
        changed(&dotted, |source| source.discover.feeds = Setting::Find);
        changed(&dotted, |source| source.discover.sitemap = Setting::Use(()));
    }
}
