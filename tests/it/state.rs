//! Commands typed into a shell, and the state folder they work on: none makes an empty one, and what root does leaves the
//! service able to work.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A configured tinsach whose source nobody answers for.
struct Place {
    folder: TempDir,
    config: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("tinsach.toml");
        let text = format!(
            "listen = \"127.0.0.1:0\"\nstate_dir = {:?}\n[[sources]]\nid = \"haiphong\"\ntitle = \"Hải Phòng\"\n\
             home = \"http://127.0.0.1:1/\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n",
            folder.path().join("state")
        );
        std::fs::write(&config, text).expect("a file");
        Self { folder, config }
    }

    /// The same with a database of no article.
    fn polled() -> Self {
        let place = Self::new();
        let output = place.run(&["poll"]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tinsach"));
        command.env_clear().arg("-c").arg(&self.config).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the binary runs")
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn no_command_that_needs_a_database_makes_one() {
    let place = Place::new();
    let backup = place.text("copy.db.zst");
    let export = place.text("copy");
    for args in [
        vec!["backup", &backup],
        vec!["backup"],
        vec!["explain", "http://127.0.0.1:1/a"],
        vec!["replay"],
        vec!["replay", "--diff"],
        vec!["export", &export],
        vec!["check", "--deep"],
    ] {
        let output = place.run(&args);
        let told = said(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {told}");
        for word in [place.text("state").as_str(), "`state_dir` in ", "-c FILE"] {
            assert!(told.contains(word), "{args:?}: {word} is not in {told}");
        }
        assert!(
            !place.path("state").exists() && !Path::new(&backup).exists() && !Path::new(&export).exists()
        );
    }
}

#[test]
fn a_backup_says_what_it_holds_and_a_restore_what_it_kept() {
    let place = Place::polled();
    let backup = place.text("copy.db.zst");
    let told = said(&place.run(&["backup", &backup]));
    assert!(told.contains("written") && told.contains("copy.db.zst: 0 articles of 1 source, "), "{told}");
    let told = said(&place.run(&["backup", &place.text("copy.db")]));
    assert!(told.contains("a name that ends in .zst makes a smaller file"), "{told}");
    let told = said(&place.run(&["backup"]));
    assert!(told.contains("state/backups/tinsach-"), "{told}");
    let kept = place.text("kept");
    let told = said(&place.run(&["backup", &kept, "--keep", "2"]));
    assert!(told.contains("kept/tinsach-"), "{told}");
    let output = place.run(&["backup", &backup, "--keep", "2"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(place.run(&["backup", &kept, "--keep", "0"]).status.code(), Some(2));
    let output = place.run(&["restore", &backup]);
    let told = said(&output);
    assert!(output.status.success() && told.contains("0 articles of 1 source"), "{told}");
    assert!(told.contains("tinsach.db.before-restore"), "{told}");
    let output = place.run(&["restore", &place.text("tinsach.toml")]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(place.run(&["check", "--deep"]).status.success());
}

#[test]
fn a_deep_check_tells_what_is_damaged() {
    let place = Place::polled();
    let output = place.run(&["check", "--deep"]);
    assert!(output.status.success() && said(&output).contains("is whole"), "{}", said(&output));
    std::fs::write(place.path("state/editions/haiphong.atom.edition"), "cut").expect("written");
    let database = rusqlite::Connection::open(place.path("state/tinsach.db")).expect("opened");
    database.execute("UPDATE source SET entries = 5", []).expect("spoilt");
    drop(database);
    let output = place.run(&["check", "--deep"]);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for word in ["haiphong.atom", "5 are counted, 0 are there", "2 found"] {
        assert!(told.contains(word), "{word} is not in {told}");
    }
}

#[test]
fn who_polls_beside_another_hears_whose_the_state_is() {
    let place = Place::polled();
    let lock = std::fs::File::options().write(true).open(place.path("state/lock")).expect("a lock");
    lock.lock().expect("locked");
    std::fs::write(place.path("state/lock"), "4711\n").expect("signed");
    for args in [vec!["poll"], vec!["replay"], vec!["restore", "x"]] {
        let told = said(&place.run(&args));
        assert!(told.contains("another tinsach (process 4711)"), "{args:?}: {told}");
    }
    for args in [vec!["export", &place.text("copy")], vec!["backup"], vec!["replay", "--diff"]] {
        let output = place.run(&args);
        assert!(output.status.success(), "{args:?} goes beside it: {}", said(&output));
    }
}

/// Says that a test could not be made, past the capture of what tests print.
fn not_tested(why: &str) {
    use std::io::Write;
    writeln!(std::io::stderr(), "NOT TESTED: {why}").expect("stderr is there");
}

/// Gives everything below a folder to another user.
fn give(folder: &Path, user: u32) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            give(&path, user)?;
        }
        chown(&path, Some(user), Some(user))?;
    }
    chown(folder, Some(user), Some(user))
}

/// What below a folder belongs to somebody else than `user`.
fn foreign(folder: &Path, user: u32) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if std::fs::metadata(&path).expect("there").uid() != user {
            found.push(path.clone());
        }
        if path.is_dir() {
            found.extend(foreign(&path, user));
        }
    }
    found
}

#[test]
fn what_root_does_leaves_the_state_to_the_user_of_the_service() {
    const USER: u32 = 12_345;
    let place = Place::polled();
    let backup = place.text("copy.db.zst");
    assert!(place.run(&["backup", &backup]).status.success());
    if give(place.folder.path(), USER).is_err() {
        not_tested("this user may not give files away");
        return;
    }
    let state = place.path("state");
    std::fs::remove_file(state.join("lock")).expect("removed");
    std::fs::remove_dir_all(state.join("editions")).expect("removed");
    let export = place.text("copy");
    for args in [
        vec!["export", &export],
        vec!["explain", "http://127.0.0.1:1/a"],
        vec!["replay"],
        vec!["backup"],
        vec!["poll"],
        vec!["restore", &backup],
        vec!["check", "--deep"],
    ] {
        place.run(&args);
        assert_eq!(foreign(&state, USER), Vec::<PathBuf>::new(), "after {args:?}");
    }
    // The user of the service can go on from there, also as the one that writes.
    let mut poll = place.command(&["poll"]);
    poll.uid(USER).gid(USER);
    let told = said(&poll.output().expect("the binary runs"));
    assert!(told.contains("haiphong: failed") && !told.contains("database"), "{told}");
}

#[test]
fn a_state_that_root_alone_may_read_is_said_to_need_root() {
    const USER: u32 = 12_345;
    let place = Place::polled();
    let state = place.path("state");
    if chown(&state, Some(0), Some(0)).is_err() {
        not_tested("this user may not give files away");
        return;
    }
    let closed: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&state, closed).expect("closed");
    let open: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(place.folder.path(), open).expect("opened");
    let mut explain = place.command(&["explain", "http://127.0.0.1:1/a"]);
    explain.uid(USER).gid(USER);
    let output = explain.output().expect("the binary runs");
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("and by root"), "{told}");
}
