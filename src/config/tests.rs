//! Tests of reading the configuration: the defaults, every kind of fault, and what no input may do.

use std::path::{Path, PathBuf};

use super::*;

/// A machine with a state folder and no system file.
fn machine() -> Environment {
    Environment { state_directory: Some("/var/lib/tinsach".into()), ..Environment::default() }
}

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/tinsach.toml")
}

#[test]
fn the_shipped_files_say_what_holds_without_them() {
    let mut none = load(None, &machine()).expect("the default inside the binary");
    let mut files = load(Some(&shipped()), &machine()).expect("the shipped files");
    assert_eq!(none.file.take(), None);
    assert_eq!(files.file.take(), Some(shipped()));
    assert_eq!(none, files);
}

#[test]
fn state_goes_where_the_machine_says() {
    let place = |state: Option<&str>, xdg: Option<&str>, home: Option<&str>| {
        let environment = Environment {
            state_directory: state.map(Into::into),
            xdg_state_home: xdg.map(Into::into),
            home: home.map(Into::into),
            system_file: None,
        };
        load(None, &environment).map(|config| config.state_dir.display().to_string()).ok()
    };
    assert_eq!(place(Some("/a:/b"), Some("/x"), Some("/h")).as_deref(), Some("/a"));
    assert_eq!(place(None, Some("/x"), Some("/h")).as_deref(), Some("/x/tinsach"));
    assert_eq!(place(Some(""), Some("x"), Some("/h")).as_deref(), Some("/h/.local/state/tinsach"));
    assert_eq!(place(None, None, None), None);
}
