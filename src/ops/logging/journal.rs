//! The journal's native protocol: a datagram of fields for each entry (systemd.io/JOURNAL_NATIVE_PROTOCOL).

use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

use super::layer::Entry;
use super::sentence::plain;

const SOCKET: &str = "/run/systemd/journal/socket";
/// What the journal accepts as a field's name, in bytes.
const MAX_NAME_BYTES: usize = 64;

pub(super) struct Journal {
    socket: UnixDatagram,
    path: PathBuf,
}

impl Journal {
    /// The system's journal, if there is one.
    pub(super) fn open() -> Option<Self> {
        Self::at(Path::new(SOCKET))
    }

    /// The journal that listens at `path`.
    pub(super) fn at(path: &Path) -> Option<Self> {
        let socket = UnixDatagram::unbound().ok().filter(|_| path.exists())?;
        Some(Self { socket, path: path.to_owned() })
    }

    /// Sends an entry. The socket is not connected, so that a journal that was started anew hears it too.
    pub(super) fn send(&self, entry: &Entry<'_>) -> io::Result<()> {
        self.socket.send_to(&datagram(entry), &self.path).map(|_| ())
    }
}

fn datagram(entry: &Entry<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    write_field(&mut out, "PRIORITY", priority(entry.level));
    write_field(&mut out, "SYSLOG_IDENTIFIER", "tinsach");
    write_field(&mut out, "MESSAGE", &entry.sentence);
    write_field(&mut out, "TARGET", entry.target);
    if let (Some(file), Some(line)) = (entry.file, entry.line) {
        write_field(&mut out, "CODE_FILE", file);
        write_field(&mut out, "CODE_LINE", &line.to_string());
    }
    for (name, value) in entry.fields {
        write_field(&mut out, &field_name(name), &plain(value));
    }
    out
}

/// The levels of syslog (sd-daemon(3)).
fn priority(level: tracing::Level) -> &'static str {
    match level {
        tracing::Level::ERROR => "3",
        tracing::Level::WARN => "4",
        tracing::Level::INFO => "6",
        _ => "7",
    }
}

/// Names are capitals, digits and low lines; ours have a beginning of their own, so that they meet none of the journal's.
fn field_name(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let mut full = String::from("TINSACH_");
    full.extend(name.chars().map(allowed));
    full.truncate(MAX_NAME_BYTES);
    full
}

/// A value with its length before it may hold line breaks.
fn write_field(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(name.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(&(value.len() as u64).to_le_bytes());
    out.extend_from_slice(value.as_bytes());
    out.push(b'\n');
}
