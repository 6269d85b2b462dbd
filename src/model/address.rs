//! Addresses of articles: what may be dropped from a URL, and when two URLs are the same place.

use std::fmt;

use url::{Host, Url};

/// Query parameters that say where a reader came from, or who it is, and never which article it is. `utm_*` is matched
/// by prefix. The last ones are the sessions of PHP, Java, ASP and ColdFusion.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "yclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "zarsrc",
    "_ga",
    "_gl",
    "gclsrc",
    "wbraid",
    "gbraid",
    "ref_src",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "spm",
    "share_from",
    "phpsessid",
    "jsessionid",
    "sessionid",
    "session_id",
    "cfid",
    "cftoken",
];

/// Whether a query parameter is a tracker.
pub fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("utm_") || TRACKING.contains(&name.as_str())
}

/// The same URL without fragment, tracking parameters and session. Other parameters keep their order and spelling, since
/// some portals name their articles by them.
pub fn without_tracking(url: &Url) -> Url {
    stripped(url.clone())
}

/// The same of a URL that is not needed any more.
pub fn stripped(url: Url) -> Url {
    let mut clean = url;
    clean.set_fragment(None);
    if let Some(path) = without_session(clean.path()) {
        clean.set_path(&path);
    }
    let Some(query) = clean.query() else { return clean };
    let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(&name(pair))).collect();
    let kept = (!kept.is_empty()).then(|| kept.join("&"));
    clean.set_query(kept.as_deref());
    clean
}

/// A path without the session that servers write into it where they set no cookie: `;jsessionid=…` (Java Servlet
/// Specification, section 7.1.3) and a segment `(S(…))` (ASP.NET). `None` if it holds none.
fn without_session(path: &str) -> Option<String> {
    const JAVA: &str = ";jsessionid=";
    if !path.contains(JAVA) && !path.contains("/(S(") {
        return None;
    }
    let bare = |segment: &'_ str| segment.split(JAVA).next().unwrap_or_default().to_owned();
    let kept = path.split('/').filter(|segment| !(segment.starts_with("(S(") && segment.ends_with("))")));
    Some(kept.map(bare).collect::<Vec<String>>().join("/"))
}

/// The name of the site that a URL is on, without scheme: `http` and `https`, `www.` or not, and the default ports (80,
/// 443, or none) are one. Any other port is another site, since another server answers there; so are subdomains. `None`
/// if it names no host.
pub fn site_name(url: &Url) -> Option<String> {
    let host = match url.host()? {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name.strip_prefix("www.").unwrap_or(&name).to_owned()
        }
        address => address.to_string(),
    };
    if host.is_empty() {
        return None;
    }
    let port = url.port().filter(|port| !matches!(port, 80 | 443));
    Some(port.map_or(host.clone(), |port| format!("{host}:{port}")))
}

/// What two URLs of one article have in common: host without `www.`, path without trailing slash, query without
/// trackers and views (`print`, `amp`), neither scheme nor fragment. Two URLs with one key are one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UrlKey(String);

/// Query parameters that choose a view of the same article. Each is a documented switch of WordPress plug-ins or AMP.
const VIEWS: &[&str] = &["print", "amp", "nonamp", "noamp", "outputtype", "share", "replytocom", "fontsize"];

impl UrlKey {
    pub fn of(url: &Url) -> Self {
        let clean = without_tracking(url);
        let host = clean.host_str().unwrap_or_default();
        let port = clean.port().map(|port| format!(":{port}")).unwrap_or_default();
        Self(format!("{}{port}{}", host.strip_prefix("www.").unwrap_or(host), Self::path_of(&clean)))
    }

    /// The part of the key that is independent of the host: path and query, which is what an article is known by when
    /// the portal has no post ids.
    pub fn path_of(url: &Url) -> String {
        let clean = without_tracking(url);
        let path = clean.path().trim_end_matches('/');
        let path = path.strip_suffix("/amp").unwrap_or(path);
        let is_view = |pair: &str| {
            VIEWS.contains(&pair.split('=').next().unwrap_or_default().to_ascii_lowercase().as_str())
        };
        let query: Vec<&str> = clean
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && !is_view(pair))
            .collect();
        let path = if path.is_empty() { "/" } else { path };
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UrlKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(url: &str) -> UrlKey {
        UrlKey::of(&Url::parse(url).expect("a test URL"))
    }

    #[test]
    fn one_place_has_one_key() {
        let plain = key("https://portal.vn/chua-ve.html");
        for other in [
            "http://portal.vn/chua-ve.html",
            "https://www.portal.vn/chua-ve.html",
            "https://portal.vn/chua-ve.html/",
            "https://portal.vn/chua-ve.html/amp",
            "https://portal.vn/chua-ve.html?amp=1",
            "https://portal.vn/chua-ve.html?print=print",
            "https://portal.vn/chua-ve.html?utm_source=facebook&utm_medium=social&fbclid=IwAR0",
            "https://portal.vn/chua-ve.html#comments",
        ] {
            assert_eq!(key(other), plain, "{other}");
        }
    }

    #[test]
    fn a_session_names_no_article() {
        let plain = key("https://portal.vn/tin/bai?id=7");
        for other in [
            "https://portal.vn/tin/bai?PHPSESSID=8d1f&id=7",
            "https://portal.vn/tin/bai;jsessionid=0A1B2C?id=7",
            "https://portal.vn/(S(lit3py55t21z5v55vlm25s55))/tin/bai?id=7",
        ] {
            assert_eq!(key(other), plain, "{other}");
        }
    }

    #[test]
    fn different_articles_have_different_keys() {
        assert_ne!(key("https://portal.vn/?p=77"), key("https://portal.vn/?p=78"));
        assert_ne!(key("https://portal.vn/tin?id=1&cat=2"), key("https://portal.vn/tin?id=2&cat=2"));
        assert_ne!(key("https://portal.vn:8080/a"), key("https://portal.vn/a"));
    }

    #[test]
    fn tracking_goes_and_the_rest_keeps_its_order() {
        let url = Url::parse("https://a.vn/x?b=2&utm_source=z&a=%C4%91#top").expect("a test URL");
        assert_eq!(without_tracking(&url).as_str(), "https://a.vn/x?b=2&a=%C4%91");
    }
}
