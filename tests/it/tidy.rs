//! Rules about the code, kept by a test so that the plan in `src/lib.rs` cannot drift from it: who may import whom,
//! which crate has which home, how long files and functions may be, and that every module says what it is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may import whom. Order and wording follow the table in `src/lib.rs`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("text", &[]),
    ("dates", &["text"]),
    ("html", &[]),
    ("config", &[]),
    ("discover", &["html", "config"]),
    ("fetch", &["config"]),
    ("extract", &["html", "config", "clean"]),
    ("clean", &["html", "config"]),
    ("identity", &[]),
    ("store", &["config", "identity"]),
    ("crawl", &["config", "discover", "fetch", "extract"]),
    ("pipeline", &["config", "discover", "fetch", "extract", "clean", "identity", "store", "crawl"]),
    ("schedule", &["config", "store", "pipeline", "health"]),
    ("learn", &["html", "config", "discover", "fetch", "crawl", "extract", "clean"]),
    ("publish", &["config"]),
    ("health", &["config"]),
    ("announce", &["config", "fetch", "store", "health"]),
    ("export", &["config", "store", "publish", "serve"]),
    ("serve", &["config", "store", "publish", "health", "ops"]),
    ("ops", &["config"]),
];

/// The ground floor: every module may import these, besides those that [`MAY_IMPORT`] gives it.
const GROUND_FLOOR: &[&str] = &["model", "text", "dates"];

/// Modules that may import everything below them.
const ROOTS: &[&str] = &["app", "cli", "lib", "main"];

/// Crates with one home: nobody else may name them.
const HOMES: &[(&str, &[&str])] = &[
    ("icu_normalizer", &["text"]),
    ("toml", &["config"]),
    ("annotate_snippets", &["config"]),
    ("feed_rs", &["discover"]),
    ("robotxt", &["fetch"]),
    ("reqwest", &["fetch"]),
    ("rustls", &["fetch", "config"]),
    ("dns_lookup", &["fetch"]),
    ("encoding_rs", &["fetch"]),
    ("chardetng", &["fetch"]),
    ("scraper", &["html", "extract", "discover", "config", "clean", "learn"]),
    ("ammonia", &["clean"]),
    ("rusqlite", &["store"]),
    ("zstd", &["store", "publish"]),
    ("atom_syndication", &["publish"]),
    ("rss", &["publish"]),
    ("axum", &["serve", "app"]),
    ("hyper", &["serve", "fetch"]),
    ("askama", &["publish", "serve"]),
    ("prometheus_client", &["ops"]),
    ("sd_notify", &["ops"]),
    ("tracing_subscriber", &["ops"]),
    ("listenfd", &["app"]),
    ("libc", &["ops"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
];

const FILE_LINES: usize = 400;
const TEST_FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 40;

struct Source {
    path: PathBuf,
    module: String,
    text: String,
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    rust_files(&root, &mut paths);
    paths.sort();
    assert!(paths.len() > 40, "only {} files found under {}", paths.len(), root.display());
    let read = |path: PathBuf| {
        let inside = path.strip_prefix(&root).expect("found under src").to_path_buf();
        let first = inside.iter().next().expect("a file has a name").to_string_lossy();
        let module = first.strip_suffix(".rs").unwrap_or(&first).to_owned();
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Source { path: inside, module, text }
    };
    paths.into_iter().map(read).collect()
}

fn is_test_file(path: &Path) -> bool {
    path.iter().any(|part| part == "tests" || part == "tests.rs")
}

/// The lines that are code and not tests: an inline `#[cfg(test)] mod tests {` runs to the end of its file.
fn code_lines(source: &Source) -> Vec<(usize, &str)> {
    if is_test_file(&source.path) {
        return Vec::new();
    }
    let lines: Vec<&str> = source.text.lines().collect();
    let inline_tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].ends_with('{'));
    let end = inline_tests.unwrap_or(lines.len());
    let is_code = |line: &str| !line.is_empty() && !line.starts_with("//");
    (1..).zip(lines[..end].iter().copied()).filter(|(_, line)| is_code(line.trim())).collect()
}

fn fail_if_any(faults: &[String], rule: &str) {
    assert!(faults.is_empty(), "{rule}:\n  {}", faults.join("\n  "));
}

/// The word that follows `prefix` at each of its places in `line`.
fn words_after<'a>(line: &'a str, prefix: &str) -> Vec<&'a str> {
    let starts = line.match_indices(prefix).map(|(at, _)| &line[at + prefix.len()..]);
    starts
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
        .collect()
}

#[test]
fn modules_import_only_what_the_plan_allows() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut faults = Vec::new();
    for source in sources() {
        if ROOTS.contains(&source.module.as_str()) {
            continue;
        }
        let Some(may) = allowed.get(source.module.as_str()) else {
            faults.push(format!("{}: module `{}` is not in the plan", source.path.display(), source.module));
            continue;
        };
        for (number, line) in code_lines(&source) {
            for word in words_after(line, "crate::") {
                let on_ground =
                    GROUND_FLOOR.contains(&word) && !GROUND_FLOOR.contains(&source.module.as_str());
                if word != source.module && !word.is_empty() && !may.contains(&word) && !on_ground {
                    faults.push(format!(
                        "{}:{number}: {} may not import {word}",
                        source.path.display(),
                        source.module
                    ));
                }
            }
            assert!(
                !line.contains("use crate::{"),
                "{}:{number}: one `use crate::x` a line",
                source.path.display()
            );
        }
    }
    fail_if_any(&faults, "the import table is broken");
}

#[test]
fn every_planned_module_is_in_the_map() {
    let map =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("src/lib.rs");
    let named: Vec<&str> = MAY_IMPORT.iter().map(|(name, _)| *name).chain(["app", "cli"]).collect();
    let missing = |name: &&&str| !map.contains(&format!("[`{name}`]"));
    let faults: Vec<String> =
        named.iter().filter(missing).map(|name| format!("`{name}` is missing")).collect();
    fail_if_any(&faults, "src/lib.rs does not tell of every module");
}

#[test]
fn crates_stay_in_their_homes() {
    let mut faults = Vec::new();
    for source in sources() {
        for (number, line) in code_lines(&source) {
            for (name, homes) in HOMES {
                let named = line.contains(&format!("use {name}::")) || line.contains(&format!(" {name}::"));
                if named && !homes.contains(&source.module.as_str()) {
                    faults.push(format!("{}:{number}: {name} lives in {homes:?}", source.path.display()));
                }
            }
        }
    }
    fail_if_any(&faults, "a crate is used away from home");
}

#[test]
fn files_are_short() {
    let mut faults = Vec::new();
    for source in sources() {
        let limit = if is_test_file(&source.path) { TEST_FILE_LINES } else { FILE_LINES };
        let lines = source.text.lines().count();
        if lines > limit {
            faults.push(format!("{}: {lines} lines, {limit} allowed", source.path.display()));
        }
    }
    fail_if_any(&faults, "a file is too long");
}

/// rustfmt closes a function at the indentation it opened at, which makes its end exact.
fn function_lengths(lines: &[(usize, &str)]) -> Vec<(usize, String, usize)> {
    let mut found = Vec::new();
    for (index, (number, line)) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let words: Vec<&str> = line.split_whitespace().take_while(|word| *word != "fn").collect();
        let opens = line.contains("fn ")
            && words.iter().all(|word| ["pub", "pub(crate)", "pub(super)", "async", "const"].contains(word));
        if !opens || line.trim_end().ends_with(['}', ';']) {
            continue;
        }
        let closing = format!("{}}}", " ".repeat(indent));
        let body = lines[index..].iter().position(|(_, line)| *line == closing);
        if let Some(length) = body {
            found.push((*number, line.trim().to_owned(), length + 1));
        }
    }
    found
}

#[test]
fn functions_are_short() {
    let mut faults = Vec::new();
    let mut seen = 0;
    for source in sources() {
        for (number, head, length) in function_lengths(&code_lines(&source)) {
            seen += 1;
            if length > FUNCTION_LINES {
                faults.push(format!("{}:{number}: {length} lines: {head}", source.path.display()));
            }
        }
    }
    assert!(seen > 200, "only {seen} functions recognised");
    fail_if_any(&faults, "a function is too long");
}

#[test]
fn every_file_says_what_it_is() {
    let silent = |source: &Source| !source.text.starts_with("//! ");
    let faults: Vec<String> = sources()
        .iter()
        .filter(|source| silent(source) && !is_test_file(&source.path))
        .map(|s| s.path.display().to_string())
        .collect();
    fail_if_any(&faults, "a file has no module doc");
}

/// Printing through the macros ends in a panic when whoever reads has gone.
#[test]
fn commands_print_through_the_one_writer() {
    let macros = ["println!", "print!"];
    let mut faults = Vec::new();
    for source in sources() {
        for (number, line) in code_lines(&source) {
            if macros.iter().any(|name| line.contains(name)) {
                faults.push(format!("{}:{number}: use cli::print", source.path.display()));
            }
        }
    }
    fail_if_any(&faults, "something prints past cli/print.rs");
}
