//! Unit tests.

use std::net::SocketAddr;

use super::resolver::allowed;
use super::*;

fn guard(allow: &[&str]) -> Guard {
    let nets: Vec<IpNet> = allow.iter().map(|net| net.parse().expect("a network")).collect();
    Guard::new(&nets)
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// The first and the last address of every special network, and forms that hide them.
#[test]
fn special_addresses_are_off_limits() {
    let guard = guard(&[]);
    for (net, _) in SPECIAL_V4.iter().chain(SPECIAL_V6).chain(NAMED_V6) {
        let net: IpNet = net.parse().expect("a network");
        for address in [net.network(), net.broadcast()] {
            assert!(guard.check(address).is_err(), "{address}");
        }
    }
    for hidden in [
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fd00::1",
        "4000::1",
        "255.255.255.255",
    ] {
        assert!(guard.check(ip(hidden)).is_err(), "{hidden}");
    }
}

#[test]
fn the_public_internet_is_open() {
    let guard = guard(&[]);
    for public in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "223.255.255.255",
        "2001:4860:4860::8888",
        "2400:cb00::1",
        "64:ff9b::1.1.1.1",
        "::ffff:1.1.1.1",
    ] {
        assert_eq!(guard.check(ip(public)), Ok(()), "{public}");
    }
}

#[test]
fn a_network_may_be_allowed_by_name() {
    let guard = guard(&["127.0.0.0/8", "fd00:1::/32"]);
    for allowed in ["127.0.0.1", "::ffff:127.1.2.3", "fd00:1::9"] {
        assert_eq!(guard.check(ip(allowed)), Ok(()), "{allowed}");
    }
    for forbidden in ["10.0.0.1", "::1", "fd00:2::9"] {
        assert!(guard.check(ip(forbidden)).is_err(), "{forbidden}");
    }
}

#[test]
fn a_name_is_reached_by_its_public_addresses_only() {
    let sockets = |all: &[&str]| -> Vec<SocketAddr> { all.iter().map(|one| (ip(one), 0).into()).collect() };
    let guard = guard(&[]);
    let mixed = allowed(&guard, "a.vn", sockets(&["10.0.0.1", "1.1.1.1", "::1"]));
    assert_eq!(mixed, Ok(sockets(&["1.1.1.1"])));
    let none = allowed(&guard, "a.vn", sockets(&["192.168.1.1"])).expect_err("all are private");
    assert_eq!(
        none.to_string(),
        "a.vn has the address 192.168.1.1, private and not on the public internet; \
         fetch.allow_private may name its network"
    );
    assert_eq!(allowed(&guard, "a.vn", Vec::new()), Ok(Vec::new()));
}

#[test]
fn a_url_is_looked_at_before_it_is_used() {
    let guard = guard(&[]);
    let check = |text: &str| guard.check_url(&Url::parse(text).expect("a URL"));
    for good in ["https://a.vn/", "http://a.vn:8080/x?y", "http://1.1.1.1/", "http://localhost.a.vn/"] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
    for bad in [
        "http://0x7f.1/",
        "http://017700000001/",
        "http://[::ffff:7f00:1]/",
        "https://a.vn:25/",
        "https://x@a.vn/",
        "https://:y@a.vn/",
        "ftp://a.vn/",
        "file:///etc/passwd",
        "data:text/html,x",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}
