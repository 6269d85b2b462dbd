//! The short name of a source, from its host. Pure.

use url::{Host, Url};

use crate::model::SourceId;

/// Longest name that configuration takes.
const MAX_LEN: usize = 40;
/// Names that our own URLs use; configuration refuses them.
const RESERVED: &[&str] = &["all", "health", "metrics", "sources", "static"];
/// Second-level domains that registries keep for kinds of holders (`gov.vn`, `co.uk`).
const KINDS: &[&str] = &[
    "gov", "com", "org", "net", "edu", "co", "ac", "or", "go", "ne", "gob", "gouv", "gv", "govt", "info",
    "biz", "name", "mil", "int",
];

/// `thanhphohaiphong` for `https://www.thanhphohaiphong.gov.vn/`, `portal-en` for `https://portal.vn/en/`.
pub(super) fn id(home: &Url) -> SourceId {
    let mut words = match home.host() {
        Some(Host::Domain(name)) => own_labels(name),
        Some(address) => vec![address.to_string()],
        None => Vec::new(),
    };
    // A portal in part of a host: another part may be followed as well.
    words.extend(
        home.path_segments()
            .into_iter()
            .flatten()
            .next()
            .map(|first| first.split('.').next().unwrap_or_default().to_owned()),
    );
    let mut name = String::new();
    for c in words.join("-").chars().flat_map(char::to_lowercase) {
        let plain = c.is_ascii_lowercase() || c.is_ascii_digit();
        if plain {
            name.push(c);
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    name.truncate(MAX_LEN);
    let name = name.trim_end_matches('-');
    match name {
        "" => SourceId::new("portal"),
        reserved if RESERVED.contains(&reserved) => SourceId::new(&format!("{reserved}-portal")),
        name => SourceId::new(name),
    }
}

/// The labels of a host name that are its holder's own: neither `www` nor what the registry adds.
fn own_labels(host: &str) -> Vec<String> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let mut labels: Vec<&str> = host.split('.').filter(|label| !label.is_empty()).collect();
    if labels.len() > 1 && labels[0] == "www" {
        labels.remove(0);
    }
    if labels.len() > 1 {
        labels.pop();
        if labels.len() > 1 && labels.last().is_some_and(|label| KINDS.contains(label)) {
            labels.pop();
        }
    }
    labels.into_iter().map(str::to_owned).collect()
}
