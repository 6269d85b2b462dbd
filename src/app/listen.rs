//! Where the server listens: systemd's sockets if it hands some over, else the configured address or path.

use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use anyhow::{Context, bail};
use listenfd::ListenFd;

use crate::config::Listen;
use crate::serve::Listener;

/// Who may connect to a Unix socket: its owner and its group, such as that of a proxy.
const SOCKET_MODE: u32 = 0o660;

#[derive(Debug)]
pub(super) struct Listeners {
    /// What a server is started on.
    pub(super) sockets: Vec<Listener>,
    /// Whether systemd handed them over, so that the configured address does not count.
    pub(super) are_handed_over: bool,
}

impl Listeners {
    /// Where they listen, for people.
    pub(super) fn places(&self) -> String {
        self.sockets.iter().map(place).collect::<Vec<_>>().join(", ")
    }
}

fn place(listener: &Listener) -> String {
    match listener {
        Listener::Tcp(tcp) => tcp.local_addr().map_or_else(|fault| fault.to_string(), |at| at.to_string()),
        Listener::Unix(unix) => {
            let address = unix.local_addr().ok();
            let path = address.as_ref().and_then(|address| address.as_pathname());
            path.map_or_else(|| "unix:(without a path)".to_owned(), |path| format!("unix:{}", path.display()))
        }
    }
}

/// The listeners, bound.
///
/// # Errors
/// If the address is taken or not ours, with what to do about it.
pub(super) fn listeners(configured: &Listen) -> anyhow::Result<Listeners> {
    let sockets = handed_over(ListenFd::from_env())?;
    if !sockets.is_empty() {
        return Ok(Listeners { sockets, are_handed_over: true });
    }
    let socket = match configured {
        Listen::Tcp(address) => bind(*address)?.into(),
        Listen::Unix(path) => bind_path(path)?.into(),
    };
    Ok(Listeners { sockets: vec![socket], are_handed_over: false })
}

fn handed_over(mut handed: ListenFd) -> anyhow::Result<Vec<Listener>> {
    let mut sockets = Vec::new();
    for index in 0..handed.len() {
        // A socket of another kind is left in its place.
        if let Ok(Some(tcp)) = handed.take_tcp_listener(index) {
            sockets.push(tcp.into());
            continue;
        }
        let unix = handed.take_unix_listener(index).with_context(|| {
            format!(
                "socket {} from systemd is no stream socket; use ListenStream= in the socket unit",
                index + 1
            )
        })?;
        sockets.extend(unix.map(Listener::from));
    }
    Ok(sockets)
}

fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    use ErrorKind::{AddrInUse, AddrNotAvailable, PermissionDenied};
    TcpListener::bind(address).or_else(|fault| match fault.kind() {
        AddrInUse => {
            refuse(address, "something listens there already; stop it, or change `listen` in tinsach.toml")
        }
        AddrNotAvailable => {
            refuse(address, "this machine has no such address; change `listen` in tinsach.toml")
        }
        PermissionDenied => {
            refuse(address, "ports below 1024 need a privilege; change `listen` in tinsach.toml")
        }
        _ => refuse(address, fault),
    })
}

fn refuse<T>(place: impl Display, why: impl Display) -> anyhow::Result<T> {
    bail!("cannot listen on {place}: {why}")
}

/// A Unix socket that its owner and group may connect to. A socket that a process left behind when it ended is replaced;
/// one that somebody answers on is not.
fn bind_path(path: &Path) -> anyhow::Result<UnixListener> {
    let place = format!("unix:{}", path.display());
    let bound = match UnixListener::bind(path) {
        Err(fault) if fault.kind() == ErrorKind::AddrInUse => {
            if !fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket()) {
                return refuse(
                    place,
                    "a file that is no socket is there; remove it, or change `listen` in tinsach.toml",
                );
            }
            if !is_left_behind(path) {
                return refuse(
                    place,
                    "something listens there already; stop it, or change `listen` in tinsach.toml",
                );
            }
            fs::remove_file(path).and_then(|()| UnixListener::bind(path))
        }
        done => done,
    };
    let listener = bound.or_else(|fault| match fault.kind() {
        ErrorKind::NotFound => {
            refuse(&place, "its folder is not there; make it, or let systemd do so with RuntimeDirectory=")
        }
        ErrorKind::PermissionDenied => {
            refuse(&place, "its folder may not be written; change its owner, or `listen` in tinsach.toml")
        }
        _ => refuse(&place, fault),
    })?;
    fs::set_permissions(path, fs::Permissions::from_mode(SOCKET_MODE))
        .with_context(|| format!("cannot set the mode of {place}"))?;
    Ok(listener)
}

/// Whether nobody accepts connections on a socket any more. Any other trouble than that leaves it alone.
fn is_left_behind(path: &Path) -> bool {
    UnixStream::connect(path).is_err_and(|fault: io::Error| fault.kind() == ErrorKind::ConnectionRefused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(configured: &Listen) -> String {
        format!("{:#}", listeners(configured).expect_err("a refusal"))
    }

    #[test]
    fn a_path_is_listened_on_by_owner_and_group() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("http.sock");
        let listeners = listeners(&Listen::Unix(path.clone())).expect("a socket");
        UnixStream::connect(&path).expect("somebody listens");
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o660);
        assert_eq!(listeners.places(), format!("unix:{}", path.display()));
        assert!(!listeners.are_handed_over);
    }

    #[test]
    fn a_socket_that_was_left_behind_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("http.sock");
        drop(UnixListener::bind(&path).expect("a socket"));
        listeners(&Listen::Unix(path.clone())).expect("a new socket");
    }

    #[test]
    fn a_socket_that_somebody_answers_on_and_a_file_are_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("http.sock");
        let other = UnixListener::bind(&path).expect("a socket");
        assert!(told(&Listen::Unix(path.clone())).contains("something listens there already"));
        UnixStream::connect(&path).expect("the other still listens");
        drop(other);
        let file = folder.path().join("file");
        fs::write(&file, "kept").expect("a file");
        assert!(told(&Listen::Unix(file.clone())).contains("no socket"));
        assert_eq!(fs::read_to_string(&file).expect("still there"), "kept");
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let told = told(&Listen::Unix(folder.path().join("none/http.sock")));
        assert!(told.contains("its folder is not there") && told.contains("RuntimeDirectory="), "{told}");
    }
}
