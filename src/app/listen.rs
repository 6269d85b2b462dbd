//! Where the server listens: systemd's sockets if it hands some over, else the configured address.

use std::net::{SocketAddr, TcpListener};

use anyhow::{Context, bail};
use listenfd::ListenFd;

/// The listeners, bound.
///
/// # Errors
/// If the address is taken or not ours, with what to do about it.
pub(super) fn listeners(address: SocketAddr) -> anyhow::Result<Vec<TcpListener>> {
    let mut handed = ListenFd::from_env();
    let mut sockets = Vec::new();
    for index in 0..handed.len() {
        let socket = handed
            .take_tcp_listener(index)
            .with_context(|| format!("socket {index} from systemd is no TCP listener"))?;
        sockets.extend(socket);
    }
    if sockets.is_empty() {
        sockets.push(bind(address)?);
    }
    Ok(sockets)
}

fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    use std::io::ErrorKind::{AddrInUse, AddrNotAvailable, PermissionDenied};
    TcpListener::bind(address).or_else(|fault| match fault.kind() {
        AddrInUse => bail!("cannot listen on {address}: something listens there already; stop it, or change `listen` in tinsach.toml"),
        AddrNotAvailable => bail!("cannot listen on {address}: this machine has no such address; change `listen` in tinsach.toml"),
        PermissionDenied => bail!("cannot listen on {address}: ports below 1024 need a privilege; change `listen` in tinsach.toml"),
        _ => bail!("cannot listen on {address}: {fault}"),
    })
}
