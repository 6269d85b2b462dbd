//! The address guard: what is fetched stands on the public internet, or in a network that the operator named.
//!
//! A portal, or whoever has taken it over, may name any address: a cloud's metadata service, a router, a database on
//! this machine. Three layers keep such requests in: the URL is looked at before it is used (scheme, port, credentials,
//! literal addresses: HTTP clients never ask a resolver about those), every address that a name resolves to is filtered
//! where the connection is made, so that no second lookup can differ from the first, and each redirect is a new request
//! to both.

mod ports;
mod resolver;

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, LazyLock};

use ipnet::IpNet;
use url::{Host, Url};

use super::trouble::Trouble;
use crate::model::Cause;
pub(super) use resolver::GuardedResolver;

/// IPv4 networks that are not the public internet: the IANA IPv4 Special-Purpose Address Registry, with multicast
/// (RFC 5771) and the reserved block (RFC 1112 section 4).
const SPECIAL_V4: &[(&str, &str)] = &[
    ("0.0.0.0/8", "unspecified"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade NAT"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved for protocols"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "reserved for AS112"),
    ("192.52.193.0/24", "reserved for AMT"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "reserved for AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
];

/// IPv6: the networks inside global unicast (2000::/3) that are not for hosts, by the IANA IPv6 Special-Purpose
/// Address Registry. Everything outside 2000::/3 is refused without a list: loopback, unique local, link-local,
/// multicast, and what is not assigned.
const SPECIAL_V6: &[(&str, &str)] = &[
    ("2001::/23", "reserved for protocols"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "documentation"),
];

/// Names for the kinds of IPv6 address that people meet, for messages only.
const NAMED_V6: &[(&str, &str)] = &[
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("64:ff9b:1::/48", "local NAT64"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
];

/// The well-known NAT64 prefix (RFC 6052): on a network without IPv4 every IPv4 host is reached through it, so the
/// address inside is what counts.
const NAT64: [u16; 6] = [0x64, 0xff9b, 0, 0, 0, 0];

type Table = Vec<(IpNet, &'static str)>;

static V4: LazyLock<Table> = LazyLock::new(|| table(SPECIAL_V4));
static V6: LazyLock<Table> = LazyLock::new(|| table(SPECIAL_V6));
static V6_NAMES: LazyLock<Table> = LazyLock::new(|| table(NAMED_V6));

fn table(rows: &[(&str, &'static str)]) -> Table {
    rows.iter().map(|(net, name)| (net.parse().expect("a network of a constant table"), *name)).collect()
}

fn kind_in(table: &Table, address: IpAddr) -> Option<&'static str> {
    table.iter().find(|(net, _)| net.contains(&address)).map(|(_, name)| *name)
}

/// An address that is off limits, and what kind it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Forbidden {
    address: IpAddr,
    kind: &'static str,
    /// The name that led to it, if it was not a literal.
    name: Option<String>,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name} has the address {}, ", self.address)?;
        } else {
            write!(f, "{} is ", self.address)?;
        }
        write!(f, "{} and not on the public internet; fetch.allow_private may name its network", self.kind)
    }
}

impl std::error::Error for Forbidden {}

/// The rules, cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    allowed: Arc<[IpNet]>,
}

impl Guard {
    pub(super) fn new(allowed: &[IpNet]) -> Self {
        Self { allowed: allowed.into() }
    }

    /// Looks at a URL before anything is done with it.
    pub(super) fn check_url(&self, url: &Url) -> Result<(), Trouble> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Trouble::refused(
                Cause::Forbidden,
                format!("the scheme {} is neither http nor https", url.scheme()),
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Trouble::refused(Cause::Forbidden, "credentials in a URL are not sent"));
        }
        if let Some(port) = url.port().filter(|port| ports::is_blocked(*port)) {
            return Err(Trouble::refused(
                Cause::Forbidden,
                format!("port {port} belongs to another protocol than HTTP"),
            ));
        }
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(Trouble::refused(Cause::Forbidden, "it names no host")),
        };
        self.check(literal).map_err(|forbidden| Trouble::refused(Cause::Forbidden, forbidden.to_string()))
    }

    /// Whether an address may be connected to.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), Forbidden> {
        let inner = unwrapped(address);
        if self.allowed.iter().any(|net| net.contains(&inner) || net.contains(&address)) {
            return Ok(());
        }
        match special(inner) {
            Some(kind) => Err(Forbidden { address, kind, name: None }),
            None => Ok(()),
        }
    }
}

/// The IPv4 address inside an IPv4-mapped or NAT64 one, which is where the packets go.
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return IpAddr::V4(v4);
    }
    match v6.segments() {
        [a, b, c, d, e, f, high, low] if [a, b, c, d, e, f] == NAT64 => IpAddr::V4(embedded(high, low)),
        _ => address,
    }
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

/// What kind of special address this is, or `None` for one on the public internet.
fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(_) => kind_in(&V4, address),
        IpAddr::V6(v6) if is_global_unicast(v6) => kind_in(&V6, address),
        IpAddr::V6(_) => Some(kind_in(&V6_NAMES, address).unwrap_or("not global unicast")),
    }
}

/// 2000::/3 (RFC 4291 section 2.4 and the IANA registry of IPv6 address space).
fn is_global_unicast(address: Ipv6Addr) -> bool {
    address.segments()[0] & 0xe000 == 0x2000
}
