//! Name lookup through the guard.

use std::net::SocketAddr;

use dns_lookup::{AddrInfoHints, LookupError, SockType};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Forbidden, Guard};

/// Asks the system's resolver and hands on only addresses that may be connected to. The connection is made to what this
/// returns, so a name that resolves otherwise a moment later gains nothing.
pub(crate) struct GuardedResolver {
    guard: Guard,
}

impl GuardedResolver {
    pub(crate) fn new(guard: Guard) -> Self {
        Self { guard }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard.clone();
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let asked = name.clone();
            let found = tokio::task::spawn_blocking(move || look_up(&asked)).await??;
            let allowed = allowed(&guard, &name, found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Asks the system's resolver. The standard library asks it, too, but keeps no more of a failure than its text, from
/// which "there is no such name" cannot be told from "no answer for now".
fn look_up(name: &str) -> Result<Vec<SocketAddr>, LookupError> {
    let stream = AddrInfoHints { socktype: SockType::Stream.into(), ..AddrInfoHints::default() };
    let found = dns_lookup::getaddrinfo(Some(name), None, Some(stream))?;
    // An address of a family that is unknown here is no address for us.
    Ok(found.filter_map(|address| Some(address.ok()?.sockaddr)).collect())
}

/// The addresses that pass; an error only if none does, so that a portal with one stray private address still answers.
pub(super) fn allowed(
    guard: &Guard,
    name: &str,
    found: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, Forbidden> {
    let mut refused = None;
    let mut allowed = Vec::with_capacity(found.len());
    for socket in found {
        match guard.check(socket.ip()) {
            Ok(()) => allowed.push(socket),
            Err(forbidden) => refused = Some(Forbidden { name: Some(name.to_owned()), ..forbidden }),
        }
    }
    match refused {
        Some(forbidden) if allowed.is_empty() => Err(forbidden),
        _ => Ok(allowed),
    }
}
