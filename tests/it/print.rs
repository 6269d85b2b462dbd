//! Where output goes when nobody reads it, or when it cannot be written: no command panics at either.

use std::fs::File;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/article-7301.html");

/// Every command that prints a result, with a configuration whose one source cannot be reached.
fn commands(folder: &TempDir) -> Vec<Vec<String>> {
    let file = folder.path().join("tinsach.toml").display().to_string();
    let pages = folder.path().join("man").display().to_string();
    let lists = [
        vec!["--help"],
        vec!["poll", "--help"],
        vec!["--version"],
        vec!["completions", "bash"],
        vec!["completions", "zsh"],
        vec!["man", &pages],
        vec!["extract", PAGE],
        vec!["extract", "--json", PAGE],
        vec!["extract", "--jsonl"],
        vec!["-c", &file, "check"],
        vec!["-c", &file, "config", "--show"],
        vec!["-c", &file, "poll"],
        vec!["-c", &file, "poll", "--json"],
        vec!["-c", &file, "explain", "http://127.0.0.1:1/x"],
        vec!["-c", &file, "replay", "--diff"],
        vec!["-c", &file, "replay", "--json"],
        vec!["demo", "--once"],
    ];
    lists.map(|list| list.into_iter().map(str::to_owned).collect()).into()
}

fn configured() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let state = folder.path().join("state");
    let main = format!(
        "listen = \"127.0.0.1:0\"\nstate_dir = {state:?}\n[[sources]]\nid = \"a\"\ntitle = \"A\"\nhome = \"http://127.0.0.1:1/\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n"
    );
    std::fs::write(folder.path().join("tinsach.toml"), main).expect("a file");
    let lines = format!("{}\n", serde_json::json!({"id": "1", "url": "https://a.vn/x", "html": "<p>x</p>"}));
    std::fs::write(folder.path().join("lines"), lines.repeat(2000)).expect("a file");
    folder
}

fn run(folder: &TempDir, args: &[String], stdout: impl Into<Stdio>, stderr: impl Into<Stdio>) -> Output {
    let child = Command::new(env!("CARGO_BIN_EXE_tinsach"))
        .args(args)
        .env_clear()
        .env("STATE_DIRECTORY", folder.path().join("own"))
        .stdin(File::open(folder.path().join("lines")).expect("a file"))
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .expect("the binary");
    child.wait_with_output().expect("an end")
}

/// The end of a pipe that nobody reads.
fn closed() -> std::io::PipeWriter {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer
}

/// Whether a command gave a result on stdout, and how it ends when everything is read.
fn undisturbed(folder: &TempDir, args: &[String]) -> (bool, Option<i32>) {
    let whole = run(folder, args, Stdio::piped(), Stdio::null());
    (!whole.stdout.is_empty(), whole.status.code())
}

#[test]
fn a_reader_that_has_gone_ends_a_command_quietly() {
    let folder = configured();
    for args in commands(&folder) {
        let (prints, code) = undisturbed(&folder, &args);
        let output = run(&folder, &args, closed(), Stdio::piped());
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!told.contains("panicked") && !told.contains("pipe"), "{args:?}: {told}");
        assert!(!told.contains("nobody reads"), "{args:?}: {told}");
        // Visits that failed have failed, whoever reads of them.
        let is_poll = args.iter().any(|arg| arg == "poll");
        let expected = if prints && !is_poll { Some(0) } else { code };
        let ended = output.status.code();
        assert!(ended == expected, "{args:?}: ended with {ended:?}, expected {expected:?}: {told}");
    }
}

#[test]
fn a_full_device_is_an_error_that_is_told() {
    let folder = configured();
    for args in commands(&folder) {
        let (prints, code) = undisturbed(&folder, &args);
        let full = File::options().write(true).open("/dev/full").expect("a device");
        let output = run(&folder, &args, full, Stdio::piped());
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!told.contains("panicked"), "{args:?}: {told}");
        if prints {
            assert_eq!(output.status.code(), Some(1), "{args:?}: {told}");
            assert!(told.contains("stdout cannot be written: No space left"), "{args:?}: {told}");
        } else {
            assert_eq!(output.status.code(), code, "{args:?}: {told}");
        }
    }
}

#[test]
fn nobody_to_hear_messages_is_no_panic() {
    let folder = configured();
    for args in commands(&folder) {
        let (_, code) = undisturbed(&folder, &args);
        let output = run(&folder, &args, Stdio::null(), closed());
        // A panic would end with 101.
        assert_eq!(output.status.code(), code, "{args:?}");
    }
}

#[test]
fn closed_descriptors_are_no_panic() {
    let folder = configured();
    for args in commands(&folder) {
        let shell = format!("exec \"$@\" >&- 2>{0}", folder.path().join("told").display());
        let mut words =
            vec!["-c".to_owned(), shell, "sh".to_owned(), env!("CARGO_BIN_EXE_tinsach").to_owned()];
        words.extend(args.iter().cloned());
        let status = Command::new("sh")
            .args(words)
            .env("STATE_DIRECTORY", folder.path().join("own"))
            .stdin(File::open(folder.path().join("lines")).expect("a file"))
            .status()
            .expect("a shell");
        let told = std::fs::read_to_string(folder.path().join("told")).expect("a file");
        assert!(!told.contains("panicked") && status.code().is_some_and(|code| code < 2), "{args:?}: {told}");
    }
}

fn logged(folder: &TempDir, variables: &[(&str, &str)], args: &[&str]) -> (Option<i32>, String) {
    let file = folder.path().join("tinsach.toml");
    let output = Command::new(env!("CARGO_BIN_EXE_tinsach"))
        .arg("-c")
        .arg(file)
        .args(args)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("the binary");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_word_that_is_no_level_stops_the_start() {
    let folder = configured();
    for wrong in ["verbose", "tinsach", "tinsach::fetsh=debug", "info,all"] {
        let (code, told) = logged(&folder, &[("TINSACH_LOG", wrong)], &["poll"]);
        assert_eq!(code, Some(2), "{wrong}: {told}");
        assert!(told.contains("TINSACH_LOG") && told.contains(wrong), "{told}");
    }
    let (_, told) = logged(&folder, &[("TINSACH_LOG", "verbose")], &["check"]);
    assert!(["error", "warn", "info", "debug", "trace"].iter().all(|level| told.contains(level)), "{told}");
    for right in ["", "debug", "warn,tinsach::fetch=debug"] {
        let (code, told) = logged(&folder, &[("TINSACH_LOG", right)], &["check"]);
        assert_eq!(code, Some(0), "{right}: {told}");
    }
}

#[test]
fn the_form_of_the_log_is_chosen_by_option_then_by_variable() {
    let folder = configured();
    let debug = ("TINSACH_LOG", "debug");
    let is_json =
        |told: &str| told.lines().any(|line| line.starts_with('{') && line.contains("\"message\":"));
    let (_, told) = logged(&folder, &[debug], &["--log", "json", "poll"]);
    assert!(is_json(&told), "{told}");
    let (_, told) = logged(&folder, &[debug, ("TINSACH_LOG_FORMAT", "json")], &["poll"]);
    assert!(is_json(&told), "{told}");
    let (_, told) = logged(&folder, &[debug, ("TINSACH_LOG_FORMAT", "json")], &["poll", "--log", "text"]);
    assert!(!is_json(&told) && told.contains("DEBUG"), "{told}");
    let (code, told) = logged(&folder, &[("TINSACH_LOG_FORMAT", "xml")], &["check"]);
    assert!(code == Some(2) && told.contains("TINSACH_LOG_FORMAT") && told.contains("json"), "{told}");
    let (code, told) = logged(&folder, &[("TINSACH_LOG_FORMAT", "")], &["check"]);
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = logged(&folder, &[], &["--log", "xml", "check"]);
    assert!(code == Some(2) && told.contains("json"), "{told}");
}
