//! What the README shows is what there is.

use std::fs;
use std::path::Path;

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_readme_shows_the_configuration_as_it_is() {
    let readme = text("README.md");
    for file in ["config/tinsach.toml", "config/sources/haiphong.toml"] {
        let shown = format!("```toml\n{}```\n", text(file));
        assert!(readme.contains(&shown), "README.md does not show {file} as it is");
    }
}

#[test]
fn every_command_is_in_the_readme() {
    let readme = text("README.md");
    let help = assert_cmd::Command::new(env!("CARGO_BIN_EXE_tinsach"))
        .arg("--help")
        .output()
        .expect("the binary runs");
    let help: &'static str = String::from_utf8(help.stdout).expect("UTF-8").leak();
    let commands =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A line that goes on stands further in.
    let first = |line: &'static str| line.strip_prefix("  ").filter(|line| !line.starts_with(' '));
    let names: Vec<&str> = commands
        .filter_map(first)
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.len() > 6, "{help}");
    for name in names {
        assert!(readme.contains(&format!("`tinsach {name}")), "README.md does not tell of `tinsach {name}`");
    }
}
