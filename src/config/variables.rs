//! Settings from the environment: `TINSACH_FETCH_TIMEOUT` stands for `timeout` of `[fetch]` in the main file.
//!
//! A variable is looked up by the name of the key that is being read, so there is no list of variables beside the keys.
//! Each is a document of its own, which is why a fault shows the variable as it was written.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, Document};
use super::value_error::{Value, nearest};

/// What the names of all variables of tinsach begin with.
pub(super) const PREFIX: &str = "TINSACH_";

/// Variables with the prefix that are no settings of the main file: `ops::logging` reads them.
const LOGGING: [&str; 2] = ["TINSACH_LOG", "TINSACH_LOG_FORMAT"];

/// The variable of a key, given by its dotted name in the main file.
pub(super) fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "_"))
}

/// Whether a variable may be a setting. One that is set to nothing counts as not set, which is how compose files and
/// units pass on what they do not have themselves.
pub(super) fn may_be_setting(name: &str, value: &OsString) -> bool {
    name.starts_with(PREFIX)
        && !value.is_empty()
        && !LOGGING.contains(&name)
        && !comes_from_an_orchestrator(name, value)
}

/// Kubernetes and container links tell every container of the services beside it: a service of the name "tinsach" puts
/// TINSACH_SERVICE_HOST, TINSACH_PORT=tcp://… and TINSACH_PORT_8480_TCP into the environment.
fn comes_from_an_orchestrator(name: &str, value: &OsString) -> bool {
    let after_port = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    name.contains("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || name.split_once("_PORT_").is_some_and(|(_, rest)| after_port(rest))
        || name.ends_with("_PORT") && value.to_string_lossy().contains("://")
}

/// The variables as documents, which what is read from them borrows from.
pub(super) fn documents(settings: &[(String, OsString)]) -> Vec<(String, Document)> {
    let written = settings.iter().filter(|(name, value)| may_be_setting(name, value));
    written
        .map(|(name, value)| {
            let text = format!("{name}={}", value.to_string_lossy());
            (name.clone(), Document::file(Path::new("the environment"), &text))
        })
        .collect()
}

pub(super) struct Setting<'d> {
    /// The variable as it was written.
    pub document: &'d Document,
    /// The value: the text as it stands, or what is written in quotes, brackets or braces.
    pub value: Value<'d>,
    /// The same as a number or truth value, for keys that want one.
    pub plain: Option<Value<'d>>,
    /// The items of a text with commas, for keys that want a list.
    pub items: Vec<Value<'d>>,
}

pub(super) type Settings<'d> = BTreeMap<&'d str, Setting<'d>>;

/// Reads what the variables say.
pub(super) fn read(documents: &[(String, Document)]) -> Settings<'_> {
    documents.iter().map(|(name, document)| (name.as_str(), setting(name, document))).collect()
}

fn setting<'d>(name: &str, document: &'d Document) -> Setting<'d> {
    let start = name.len() + 1;
    let text = &document.text[start..];
    let piece = |from: usize, piece: &'d str| {
        let blank = piece.len() - piece.trim_start().len();
        let (from, piece) = (from + blank, piece.trim());
        Spanned::new(from..from + piece.len(), DeValue::String(piece.into()))
    };
    let mut from = start;
    let items = text.split(',').map(|item| {
        let value = piece(from, item);
        from += item.len() + 1;
        value
    });
    let items = items.filter(|item| item.get_ref().as_str() != Some("")).collect();
    // `NAME=value` is a line of TOML where the value is written in TOML's own way.
    let table = DeTable::parse(&document.text).map(Spanned::into_inner).unwrap_or_default();
    let parsed = if table.len() == 1 { table.into_iter().next().map(|(_, value)| value) } else { None };
    let as_written = piece(start, text);
    let (value, plain) = match parsed {
        Some(value) if matches!(value.get_ref(), DeValue::Integer(_) | DeValue::Boolean(_)) => {
            (as_written, Some(value))
        }
        Some(value)
            if matches!(value.get_ref(), DeValue::String(_) | DeValue::Array(_) | DeValue::Table(_)) =>
        {
            (value, None)
        }
        _ => (as_written, None),
    };
    Setting { document, value, plain, items }
}

/// What is to be said of the variables that no key has asked for.
#[derive(Debug, Default)]
pub(super) struct Strays {
    /// Those that look like the variable of a key: somebody means a setting that would not be in force.
    pub faults: Vec<Diagnostic>,
    /// All others. They may belong to something else, and are only worth a word.
    pub others: Vec<String>,
}

/// Sorts the variables that none of the keys `asked` for.
pub(super) fn strays(settings: &Settings<'_>, asked: &BTreeSet<String>) -> Strays {
    let mut strays = Strays::default();
    for (name, setting) in settings.iter().filter(|(_, setting)| setting.document.text.contains('\u{fffd}')) {
        let fault = Diagnostic::at(setting.document, Some(0..name.len()), format!("`{name}` is not UTF-8"));
        strays.faults.push(fault.hint(Some("write it in UTF-8".to_owned())));
    }
    let bare = |name: &str| name.strip_prefix(PREFIX).unwrap_or(name).to_owned();
    let known: Vec<String> = asked.iter().map(|name| bare(name)).collect();
    for (name, setting) in settings.iter().filter(|(name, _)| !asked.contains(**name)) {
        let stray = bare(name);
        let lacks_table = |known: &&String| known.ends_with(&format!("_{stray}"));
        let near = nearest(&stray, known.iter().map(String::as_str)).first().map(|name| (*name).to_owned());
        match known.iter().find(lacks_table).cloned().or(near) {
            Some(meant) => {
                let message = format!("`{name}` is not a variable that tinsach knows");
                let fault = Diagnostic::at(setting.document, Some(0..name.len()), message);
                strays.faults.push(fault.hint(Some(format!("did you mean `{PREFIX}{meant}`?"))));
            }
            None => strays.others.push((*name).to_owned()),
        }
    }
    strays
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::super::checked::Config;
    use super::super::diagnostic::Diagnostics;
    use super::super::{Environment, Origin, load, load_traced, show, stray_variables};

    fn machine(settings: &[(&str, &str)]) -> Environment {
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), value.into())).collect();
        Environment { state_directory: Some("/var/lib/tinsach".into()), settings, ..Environment::default() }
    }

    fn with(settings: &[(&str, &str)]) -> Result<Config, Diagnostics> {
        load(None, &machine(settings))
    }

    /// The only fault, as it is shown.
    fn fault(settings: &[(&str, &str)]) -> String {
        let faults = with(settings).expect_err("a fault");
        assert_eq!(faults.iter().count(), 1, "{faults}");
        assert!(faults.iter().all(|fault| fault.help().is_some()), "{faults}");
        faults.to_string()
    }

    #[test]
    fn variables_stand_above_file_and_default() {
        let config = with(&[
            ("TINSACH_LISTEN", "0.0.0.0:8480"),
            ("TINSACH_PUBLIC_URL", "https://news.example.org/tin"),
            ("TINSACH_STATE_DIR", "/srv/state"),
            ("TINSACH_FETCH_USER_AGENT", "42"),
            ("TINSACH_FETCH_TIMEOUT", "90s"),
            ("TINSACH_FETCH_PER_HOST", "3"),
            ("TINSACH_PUBLISH_ENTRIES", "\t7 "),
            ("TINSACH_KEEP_RAW_PAGES", "\"14d\""),
        ])
        .expect("no fault");
        assert_eq!(config.listen.to_string(), "0.0.0.0:8480");
        assert_eq!(config.public_url.as_str(), "https://news.example.org/tin/");
        assert_eq!(config.state_dir, Path::new("/srv/state"));
        assert_eq!((config.fetch.user_agent.as_str(), config.fetch.per_host), ("42", 3));
        assert_eq!((config.fetch.timeout, config.publish.entries), (Duration::from_secs(90), 7));
        let rich = Path::new("tests/data/config/rich/tinsach.toml");
        let config = load(Some(rich), &machine(&[("TINSACH_PUBLISH_ENTRIES", "9")])).expect("no fault");
        assert_eq!((config.publish.entries, config.fetch.max_body), (9, 1_500_000));
    }

    #[test]
    fn lists_are_written_with_commas_or_as_toml() {
        let networks = |text: &str| {
            let config = with(&[("TINSACH_FETCH_ALLOW_PRIVATE", text)]).expect(text);
            config.fetch.allow_private.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        for text in ["10.0.0.0/8,fd00::/8", " 10.0.0.0/8 , fd00::/8,", "[\"10.0.0.0/8\", \"fd00::/8\"]"] {
            assert_eq!(networks(text), ["10.0.0.0/8", "fd00::/8"], "{text}");
        }
        assert_eq!(networks("127.0.0.1"), ["127.0.0.1/32"]);
    }

    #[test]
    fn sources_are_found_from_the_working_folder_also_without_a_file() {
        let config = with(&[("TINSACH_SOURCES", "tests/data/config/main/sources/*.toml")]).expect("no fault");
        assert_ne!(config.sources[0].id.as_str(), "haiphong");
        let rich = Path::new("tests/data/config/rich/tinsach.toml");
        let config = load(Some(rich), &machine(&[("TINSACH_SOURCES", "config/sources/*.toml")]));
        assert_eq!(config.expect("no fault").sources[0].id.as_str(), "haiphong");
    }

    #[test]
    fn where_a_setting_comes_from_is_shown() {
        let (config, origins) =
            load_traced(None, &machine(&[("TINSACH_FETCH_GAP", "5s")])).expect("no fault");
        assert_eq!(origins["fetch.gap"], Origin::Environment("TINSACH_FETCH_GAP".into()));
        let shown = show(&config, &origins);
        assert!(shown.contains("gap = \"5s\"") && shown.contains("# $TINSACH_FETCH_GAP\n"), "{shown}");
    }

    #[test]
    fn a_fault_names_the_variable_and_shows_what_it_says() {
        let told = fault(&[("TINSACH_LISTEN", "8480")]);
        for piece in ["`TINSACH_LISTEN` is not an address", "TINSACH_LISTEN=8480", "the environment:1:16"] {
            assert!(told.contains(piece), "{piece} is not in\n{told}");
        }
        assert!(fault(&[("TINSACH_PUBLISH_ENTRIES", "500")]).contains("out of bounds: 500"));
        assert!(fault(&[("TINSACH_PUBLISH_ENTRIES", "many")]).contains("`TINSACH_PUBLISH_ENTRIES` must be"));
        assert!(fault(&[("TINSACH_FETCH_ALLOW_PRIVATE", "10.0.0.0/8,x")]).contains("not a network: \"x\""));
        assert!(fault(&[("TINSACH_SOURCES", "nowhere/*.toml")]).contains("`TINSACH_SOURCES`"));
        assert!(fault(&[("TINSACH_LISTEN", "a\nb=c")]).contains("`TINSACH_LISTEN`"));
    }

    #[test]
    fn a_variable_like_a_setting_is_a_fault_and_any_other_is_told() {
        assert!(fault(&[("TINSACH_LISTN", "x")]).contains("did you mean `TINSACH_LISTEN`?"));
        assert!(fault(&[("TINSACH_USER_AGENT", "x")]).contains("did you mean `TINSACH_FETCH_USER_AGENT`?"));
        for name in ["TINSACH_BINARY", "TINSACH_SHARED", "TINSACH_RENEW"] {
            assert!(with(&[(name, "x")]).is_ok(), "{name}");
            assert_eq!(stray_variables(&machine(&[(name, "x")])), [name]);
        }
    }

    #[test]
    fn what_is_empty_or_comes_from_an_orchestrator_or_is_for_the_log_is_passed_over() {
        let settings = [
            ("TINSACH_LISTEN", ""),
            ("TINSACH_LOG", "debug"),
            ("TINSACH_LOG_FORMAT", "json"),
            ("TINSACH_SERVICE_HOST", "10.0.0.1"),
            ("TINSACH_SERVICE_PORT_HTTP", "8480"),
            ("TINSACH_PORT", "tcp://10.0.0.1:8480"),
            ("TINSACH_PORT_8480_TCP_ADDR", "10.0.0.1"),
        ];
        assert_eq!(with(&settings).expect("no fault"), with(&[]).expect("no fault"));
        assert_eq!(stray_variables(&machine(&settings)), [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_utf_8_is_refused() {
        use std::os::unix::ffi::OsStringExt;
        let mut environment = machine(&[]);
        let value = std::ffi::OsString::from_vec(b"/srv/\xff".to_vec());
        environment.settings.push(("TINSACH_STATE_DIR".to_owned(), value));
        let faults = load(None, &environment).expect_err("a fault").to_string();
        assert!(faults.contains("`TINSACH_STATE_DIR` is not UTF-8"), "{faults}");
    }
}
