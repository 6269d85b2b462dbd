//! The real binary: what it prints, how it ends, and what it says when something is wrong.

use std::net::TcpListener;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// The binary with nothing of this machine's environment.
fn tinsach() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tinsach"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

fn stderr(command: &mut Command, code: i32) -> String {
    let output = command.assert().code(code).get_output().clone();
    String::from_utf8(output.stderr).expect("messages are UTF-8")
}

fn configured(folder: &TempDir, main: &str, source: &str) -> String {
    let sources = folder.path().join("sources");
    std::fs::create_dir_all(&sources).expect("a folder");
    std::fs::write(sources.join("haiphong.toml"), source).expect("a file");
    let file = folder.path().join("tinsach.toml");
    std::fs::write(&file, main).expect("a file");
    file.display().to_string()
}

const SOURCE: &str = "id = \"haiphong\"\ntitle = \"Hải Phòng\"\nhome = \"http://127.0.0.1:1/\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n";

fn state(folder: &TempDir) -> String {
    format!("state_dir = {:?}\n", folder.path().join("state"))
}

#[test]
fn every_fault_of_the_configuration_is_told_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = SOURCE.replace("http://127.0.0.1:1/", "ftp://x").replace("Asia/Ho_Chi_Minh", "Asia/Saigonn")
        + "[article]\ntitle = \"h1[\"\n";
    let main = format!("listn = \"127.0.0.1:1\"\n{}[fetch]\ntimeout = \"soon\"\n", state(&folder));
    let file = configured(&folder, &main, &source);
    let told = stderr(tinsach().args(["-c", &file, "check"]), 2);
    for word in [
        "listn",
        "`listen`",
        "timeout",
        "home",
        "timezone",
        "title",
        "tinsach.toml:1",
        "haiphong.toml:3",
        "5 faults in 2 files",
    ] {
        assert!(told.contains(word), "{word} is not in\n{told}");
    }
}

#[test]
fn the_built_in_configuration_is_right_and_shown() {
    stderr(tinsach().args(["check"]).env("STATE_DIRECTORY", "/tmp/nowhere"), 0);
    let shown =
        tinsach().args(["config", "--show"]).env("STATE_DIRECTORY", "/tmp/nowhere").assert().success();
    let text = String::from_utf8(shown.get_output().stdout.clone()).expect("UTF-8");
    assert!(text.contains("https://thanhphohaiphong.gov.vn/") && text.contains("$STATE_DIRECTORY"), "{text}");
}

#[test]
fn a_port_in_use_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address");
    let file = configured(&folder, &format!("listen = \"{address}\"\n{}", state(&folder)), SOURCE);
    let told = stderr(tinsach().args(["-c", &file, "run"]), 1);
    assert!(told.contains(&address.to_string()) && told.contains("`listen`"), "{told}");
}

#[test]
fn a_state_folder_that_cannot_be_made_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    // A file where a folder should be cannot be written into, whoever asks.
    std::fs::write(folder.path().join("file"), "").expect("a file");
    let state = folder.path().join("file/state");
    let file = configured(&folder, &format!("listen = \"127.0.0.1:0\"\nstate_dir = {state:?}\n"), SOURCE);
    for command in ["run", "poll"] {
        let told = stderr(tinsach().args(["-c", &file, command]), 1);
        assert!(told.contains(&state.display().to_string()) && told.contains("`state_dir`"), "{told}");
    }
}

#[test]
fn a_database_of_a_newer_version_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let main = format!("listen = \"127.0.0.1:0\"\n{}", state(&folder));
    let file = configured(&folder, &main, SOURCE);
    tinsach().args(["-c", &file, "poll"]).assert().code(1);
    let database = database_in(&folder.path().join("state"));
    let newer = rusqlite::Connection::open(&database).expect("a database");
    newer.pragma_update(None, "user_version", 9999).expect("a writable database");
    drop(newer);
    let told = stderr(tinsach().args(["-c", &file, "run"]), 1);
    assert!(told.contains("9999") && told.contains("newer"), "{told}");
    let after = rusqlite::Connection::open(&database).expect("a database");
    let version: i64 = after.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version");
    assert_eq!(version, 9999, "the newer database was left as it was");
}

fn database_in(folder: &Path) -> std::path::PathBuf {
    let files =
        std::fs::read_dir(folder).expect("a state folder").map(|entry| entry.expect("readable").path());
    let is_database = |path: &std::path::PathBuf| {
        path.is_file() && std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3"))
    };
    files.into_iter().find(is_database).expect("a database in the state folder")
}

#[test]
fn a_source_that_cannot_be_reached_is_told_and_is_exit_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = configured(&folder, &state(&folder), SOURCE);
    let output = tinsach().args(["-c", &file, "poll"]).assert().code(1).get_output().clone();
    let told = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(told.contains("haiphong: failed") && told.contains("http://127.0.0.1:1/"), "{told}");
}

#[test]
fn pages_are_read_from_files_and_from_lines() {
    let seed = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/article-7301.html");
    let output =
        tinsach().args(["extract", "--json", seed]).env("STATE_DIRECTORY", "/tmp/nowhere").assert().success();
    let record: serde_json::Value = serde_json::from_slice(&output.get_output().stdout).expect("JSON");
    assert!(
        record["title"].as_str().is_some_and(|title| title.starts_with("Thường trực Thành ủy giao ban")),
        "{record}"
    );
    let html = std::fs::read_to_string(seed).expect("a page");
    let line =
        serde_json::json!({ "id": "a", "url": "https://thanhphohaiphong.gov.vn/a.html", "html": html })
            .to_string();
    let lines = format!("{line}\n{}\n", serde_json::json!({ "id": "b", "url": null, "html": "" }));
    let output = tinsach()
        .args(["extract", "--jsonl"])
        .env("STATE_DIRECTORY", "/tmp/nowhere")
        .write_stdin(lines)
        .assert()
        .success();
    let text = String::from_utf8(output.get_output().stdout.clone()).expect("UTF-8");
    let records: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON lines")).collect();
    assert_eq!(records.len(), 2);
    assert_eq!((records[0]["id"].as_str(), records[0]["author"].as_str()), (Some("a"), Some("Hoàng Tùng")));
    assert_eq!(records[0]["published"], "2024-07-03T16:55:00+07:00");
    assert_eq!((records[1]["text"].as_str(), records[1]["not_article"].is_string()), (Some(""), true));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let told =
        stderr(tinsach().args(["extract", "no-such-page.html"]).env("STATE_DIRECTORY", "/tmp/nowhere"), 1);
    assert!(told.contains("no-such-page.html"), "{told}");
}

#[test]
fn the_demonstration_shows_the_seed_article() {
    let output = tinsach().args(["demo", "--once"]).assert().success().get_output().clone();
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.starts_with("Thường trực Thành ủy giao ban với Mặt trận Tổ quốc"), "{text}");
    assert!(text.contains("03/07/2024 16:55 · Hoàng Tùng"), "{text}");
    assert!(!text.contains("Tiện ích thông tin"), "{text}");
}
