//! The HTTP clients: one that trusts the usual certificates, and one for each set of portals that need others besides.
//!
//! The system's certificates are the usual ones; where it has none, those of Mozilla that are compiled in. A
//! certificate that a source names besides is trusted for the hosts of that source alone, so that whoever holds its key
//! cannot pose as any other host. Verification is never off.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::{Certificate, Client, ClientBuilder};
use url::Url;

use super::error::SetupError;
use super::failure::deepest;
use super::guard::{Guard, GuardedResolver};
use crate::config::{FetchConfig, SiteTrust};
use crate::model::site_name;

/// Longest wait for a connection, a part of the whole deadline: a host that drops packets is told apart from a slow one.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an unused connection is kept. Longer than the usual gap, shorter than what servers keep.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

pub(super) struct Clients {
    usual: Client,
    /// Those of the sites that need other certificates besides.
    by_site: HashMap<String, Client>,
}

impl Clients {
    pub(super) fn new(config: &FetchConfig, guard: &Guard) -> Result<Self, SetupError> {
        if HeaderValue::from_str(&config.user_agent).is_err() {
            return Err(SetupError::UserAgent { value: config.user_agent.clone() });
        }
        let usual = builder(config, guard).build();
        let has_system = usual.is_ok();
        let usual = usual.or_else(|error| {
            tracing::warn!(cause = %deepest(&error), "no CA certificates on this system; using Mozilla's from inside the binary");
            client(config, guard, false, &BTreeSet::new())
        })?;
        let mut by_site = HashMap::new();
        for (certificates, sites) in by_certificates(&config.trust) {
            let trusting = client(config, guard, has_system, &certificates)?;
            by_site.extend(sites.into_iter().map(|site| (site.to_owned(), trusting.clone())));
        }
        Ok(Self { usual, by_site })
    }

    pub(super) fn of(&self, url: &Url) -> &Client {
        let its = site_name(url).and_then(|site| self.by_site.get(&site));
        its.unwrap_or(&self.usual)
    }
}

/// The sites that need a client of their own, by the certificates that they need. A site that several sources name is
/// trusted with what any of them names, since it is one site.
fn by_certificates(all: &[SiteTrust]) -> BTreeMap<BTreeSet<&[u8]>, Vec<&str>> {
    let mut by_site: BTreeMap<&str, BTreeSet<&[u8]>> = BTreeMap::new();
    for trust in all {
        for site in &trust.sites {
            by_site.entry(site).or_default().extend(trust.certificates.iter().map(Vec::as_slice));
        }
    }
    let mut sites: BTreeMap<BTreeSet<&[u8]>, Vec<&str>> = BTreeMap::new();
    for (site, certificates) in by_site {
        sites.entry(certificates).or_default().push(site);
    }
    sites
}

/// A client that trusts some certificates besides the usual ones.
fn client(
    config: &FetchConfig,
    guard: &Guard,
    has_system: bool,
    besides: &BTreeSet<&[u8]>,
) -> Result<Client, SetupError> {
    let setup = |error: reqwest::Error| SetupError::Client { why: deepest(&error) };
    let certificates = certificates(has_system, besides).map_err(setup)?;
    let builder = builder(config, guard);
    let builder =
        if has_system { builder.tls_certs_merge(certificates) } else { builder.tls_certs_only(certificates) };
    builder.build().map_err(setup)
}

/// What a client is given to trust: the certificates besides the usual ones, and the usual ones, too, where the system
/// has none.
pub(super) fn certificates(
    has_system: bool,
    besides: &BTreeSet<&[u8]>,
) -> Result<Vec<Certificate>, reqwest::Error> {
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter(|_| !has_system).map(AsRef::as_ref);
    besides.iter().copied().chain(roots).map(Certificate::from_der).collect()
}

/// The client as it is set up but for its certificates.
pub(super) fn builder(config: &FetchConfig, guard: &Guard) -> ClientBuilder {
    Client::builder()
        .user_agent(&config.user_agent)
        // A proxy would connect for us, behind the guard's back.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .dns_resolver(GuardedResolver::new(guard.clone()))
        .connect_timeout(CONNECT_TIMEOUT.min(config.timeout))
        .pool_max_idle_per_host(config.per_host)
        .pool_idle_timeout(IDLE_TIMEOUT)
}
