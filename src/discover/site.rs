//! What belongs to a portal: whether an address is on its site, and which of two spellings of it to ask for.

use url::Url;

use crate::config::Source;
use crate::model::{Candidate, UrlKey, site_name, without_tracking};

/// Whether `url` is a web address on the site of `home`, by [`site_name`]. A path in `home` restricts nothing: portals
/// keep articles beside the section that is followed.
pub fn is_within(url: &Url, home: &Url) -> bool {
    is_web(url) && is_web(home) && site_name(url).is_some() && site_name(url) == site_name(home)
}

/// Whether `url` is known to be no article's: the front page, a listing that the operator named, or the one that a
/// candidate was found in.
pub fn is_listing(url: &Url, source: &Source, candidate: &Candidate) -> bool {
    let place = UrlKey::of(url);
    let named = source.discover.named_listings().iter().map(|listing| &listing.url);
    named.chain([&source.home, &candidate.listing]).any(|listing| UrlKey::of(listing) == place)
}

/// `url` without fragment, trackers and credentials, and, where it is on the site that `answered`, with the scheme,
/// host and port that did: portals write `http://` links on `https://` pages and the other way round, and the spelling
/// that has just answered is the one that costs no redirect.
pub fn settle(url: &Url, answered: &Url) -> Url {
    let clean = without_tracking(url);
    if !is_within(&clean, answered) {
        return clean;
    }
    let mut settled = answered.clone();
    settled.set_path(clean.path());
    settled.set_query(clean.query());
    settled.set_fragment(None);
    // Both can only fail on addresses that have no host, which is_within has refused.
    if settled.set_username("").is_err() || settled.set_password(None).is_err() {
        return clean;
    }
    settled
}

/// Whether a URL is one that a web page can have.
pub(super) fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// The post id in WordPress' short address of an article, `…/?p=ID`. With other parameters beside it, `p` is something
/// else: a page of a list, as often as not.
pub(super) fn post_id(url: &Url) -> Option<u64> {
    let is_companion = |name: &str| matches!(name, "p" | "post_type" | "preview" | "lang");
    if !url.query_pairs().all(|(name, _)| is_companion(&name)) {
        return None;
    }
    let id = url.query_pairs().find(|(name, _)| name == "p").and_then(|(_, id)| id.parse().ok());
    id.filter(|id| *id > 0)
}
