//! The daemon as its keepers see it: what it tells systemd, what signals do, which sockets it serves on.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A running daemon, and what it says. It is killed at the end of the test.
struct Daemon {
    child: Child,
    told: BufReader<ChildStderr>,
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Daemon {
    /// The first line from here on that holds `word`.
    fn line_with(&mut self, word: &str) -> String {
        let mut all = String::new();
        loop {
            let mut line = String::new();
            let length = self.told.read_line(&mut line).expect("stderr");
            assert!(length > 0, "{word:?} was not told; the daemon ended and said\n{all}");
            if line.contains(word) {
                return line;
            }
            all.push_str(&line);
        }
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).expect("a process");
    }

    /// The exit code, and what was said until then.
    fn ended(&mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        self.told.read_to_string(&mut rest).expect("stderr");
        (self.child.wait().expect("an end").code(), rest)
    }

    /// Where it listens, from the line of its start.
    fn address(&mut self) -> String {
        let line = self.line_with("listening on ");
        let place = line.split("listening on ").nth(1).expect("a place");
        place.split([',', ' ']).next().expect("an address").to_owned()
    }
}

/// A configuration with one source; its portal is at `home`.
fn configured(listen: &str, home: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut main = format!("listen = \"{listen}\"\nstate_dir = {:?}\n", folder.path().join("state"));
    write!(
        main,
        "[fetch]\nallow_private = [\"127.0.0.0/8\"]\n[[sources]]\nid = \"a\"\ntitle = \"A\"\nhome = \"{home}\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n"
    )
    .expect("a text");
    std::fs::write(folder.path().join("tinsach.toml"), main).expect("a file");
    folder
}

/// A portal at a port where nobody listens.
const GONE: &str = "http://127.0.0.1:1/";

/// A shell that becomes the daemon after `before`.
fn shell(folder: &TempDir, before: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("{before}; exec \"$0\" -c \"$1\" run"))
        .arg(env!("CARGO_BIN_EXE_tinsach"))
        .arg(folder.path().join("tinsach.toml"))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

fn start(command: &mut Command) -> Daemon {
    let mut child = command.spawn().expect("the binary");
    let told = BufReader::new(child.stderr.take().expect("stderr"));
    Daemon { child, told }
}

/// Hears what is said to systemd.
fn notified(folder: &TempDir) -> (UnixDatagram, String) {
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
    (socket, path.display().to_string())
}

fn until(socket: &UnixDatagram, wanted: &str) -> Vec<String> {
    let mut heard: Vec<String> = Vec::new();
    let mut buffer = [0; 4096];
    while heard.last().is_none_or(|last| !last.contains(wanted)) {
        let length =
            socket.recv(&mut buffer).unwrap_or_else(|fault| panic!("{wanted}: {fault}, after {heard:?}"));
        heard.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
    }
    heard
}

fn answer(mut stream: impl Read + Write) -> String {
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn systemd_is_told_of_start_life_and_stop() {
    let folder = configured("127.0.0.1:0", GONE);
    let (socket, path) = notified(&folder);
    let mut daemon = start(shell(&folder, ":").env("NOTIFY_SOCKET", path));
    let address = daemon.address();
    until(&socket, "READY=1");
    assert!(answer(TcpStream::connect(&address).expect("ready means served")).starts_with("HTTP/1.1 200"));
    until(&socket, "WATCHDOG=1");
    daemon.signal(Signal::TERM);
    until(&socket, "STOPPING=1");
    let (code, told) = daemon.ended();
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn a_hang_up_does_not_end_the_daemon() {
    let folder = configured("127.0.0.1:0", GONE);
    let (socket, path) = notified(&folder);
    let mut daemon = start(shell(&folder, ":").env("NOTIFY_SOCKET", path));
    let address = daemon.address();
    until(&socket, "READY=1");
    daemon.signal(Signal::HUP);
    assert!(answer(TcpStream::connect(&address).expect("still there")).starts_with("HTTP/1.1 200"));
    daemon.signal(Signal::TERM);
    let (code, told) = daemon.ended();
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn a_second_term_ends_at_once_and_says_so() {
    // The portal takes connections and never answers, which keeps the first visit from ending.
    let portal = TcpListener::bind("127.0.0.1:0").expect("a port");
    let folder = configured("127.0.0.1:0", &format!("http://{}/", portal.local_addr().expect("an address")));
    let (socket, path) = notified(&folder);
    let mut daemon = start(shell(&folder, ":").env("NOTIFY_SOCKET", path));
    until(&socket, "READY=1");
    let (visit, _) = portal.accept().expect("a visit");
    daemon.signal(Signal::TERM);
    daemon.line_with("stopping");
    daemon.signal(Signal::TERM);
    let (code, told) = daemon.ended();
    assert_eq!(code, Some(143), "{told}");
    assert!(told.contains("TERM again: ending at once"), "{told}");
    drop(visit);
}

#[test]
fn the_start_says_version_configuration_state_listener_and_sources() {
    let folder = configured("127.0.0.1:0", GONE);
    let mut daemon = start(&mut shell(&folder, ":"));
    let line = daemon.line_with("listening on 127.0.0.1:");
    let file = folder.path().join("tinsach.toml").display().to_string();
    let state = folder.path().join("state").display().to_string();
    for word in [env!("CARGO_PKG_VERSION"), &file, &state, "1 source", " INFO "] {
        assert!(line.contains(word), "{word} is not in {line}");
    }
}

#[test]
fn sockets_that_systemd_hands_over_are_served_and_the_configured_address_is_not() {
    let folder = configured("127.0.0.1:1", GONE);
    let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = tcp.local_addr().expect("an address");
    let path = folder.path().join("handed.sock");
    let unix = UnixListener::bind(&path).expect("a socket");
    let (socket, notify) = notified(&folder);
    // A process is given its sockets from descriptor 3 on (sd_listen_fds(3)).
    let mut command =
        shell(&folder, "exec 3<&0 4<&1 </dev/null >/dev/null; export LISTEN_PID=$$ LISTEN_FDS=2");
    command.env("NOTIFY_SOCKET", notify).stdin(OwnedFd::from(tcp)).stdout(OwnedFd::from(unix));
    let mut daemon = start(&mut command);
    let line = daemon.line_with("listening on ");
    drop(command);
    let both = format!("listening on {address}, unix:{} (systemd's; `listen` is ignored)", path.display());
    assert!(line.contains(&both), "{line}");
    until(&socket, "READY=1");
    assert!(answer(TcpStream::connect(address).expect("served")).starts_with("HTTP/1.1 200"));
    assert!(answer(UnixStream::connect(&path).expect("served")).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_handed_over_descriptor_that_is_no_stream_socket_is_refused() {
    let folder = configured("127.0.0.1:0", GONE);
    let datagrams = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    let mut command = shell(&folder, "exec 3<&0 </dev/null; export LISTEN_PID=$$ LISTEN_FDS=1");
    command.stdin(OwnedFd::from(datagrams));
    let (code, told) = start(&mut command).ended();
    assert!(code == Some(1) && told.contains("ListenStream="), "{told}");
}

#[test]
fn a_configured_path_is_served() {
    let folder = configured("unix:/missing", GONE);
    let path = folder.path().join("http.sock");
    let file = folder.path().join("tinsach.toml");
    let text =
        std::fs::read_to_string(&file).expect("a file").replace("/missing", &path.display().to_string());
    std::fs::write(&file, text).expect("a file");
    let (socket, notify) = notified(&folder);
    let mut daemon = start(shell(&folder, ":").env("NOTIFY_SOCKET", notify));
    assert_eq!(daemon.address(), format!("unix:{}", path.display()));
    until(&socket, "READY=1");
    assert!(answer(UnixStream::connect(&path).expect("served")).starts_with("HTTP/1.1 200"));
}

#[test]
fn running_out_of_descriptors_is_told_once_and_outlived() {
    let folder = configured("127.0.0.1:0", GONE);
    let (socket, notify) = notified(&folder);
    let mut daemon = start(shell(&folder, "ulimit -n 64").env("NOTIFY_SOCKET", notify));
    let address = daemon.address();
    until(&socket, "READY=1");
    let crowd: Vec<TcpStream> =
        (0..100).map(|_| TcpStream::connect(&address).expect("the system keeps it waiting")).collect();
    let line = daemon.line_with("cannot be accepted");
    assert!(line.contains("Too many open files"), "{line}");
    drop(crowd);
    assert!(answer(TcpStream::connect(&address).expect("served again")).starts_with("HTTP/1.1 200"));
    daemon.signal(Signal::TERM);
    let (code, told) = daemon.ended();
    assert_eq!(code, Some(0), "{told}");
    // Each of the threads that accept may say it, and again when it happens anew.
    assert!(told.matches("cannot be accepted").count() < 12, "{told}");
}

#[test]
fn nobody_to_hear_the_log_does_not_end_the_daemon() {
    let folder = configured("127.0.0.1:0", GONE);
    let (socket, notify) = notified(&folder);
    let mut daemon = start(shell(&folder, ":").env("NOTIFY_SOCKET", notify).env("TINSACH_LOG", "debug"));
    let address = daemon.address();
    let (reader, _) = std::io::pipe().expect("a pipe");
    // Closes the pipe that the daemon writes its log into.
    let daemon_told = std::mem::replace(&mut daemon.told, BufReader::new(OwnedFd::from(reader).into()));
    drop(daemon_told);
    until(&socket, "READY=1");
    for _ in 0..3 {
        assert!(answer(TcpStream::connect(&address).expect("still there")).starts_with("HTTP/1.1 200"));
    }
    daemon.signal(Signal::TERM);
    until(&socket, "STOPPING=1");
    assert_eq!(daemon.child.wait().expect("an end").code(), Some(0));
}
