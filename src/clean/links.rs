//! Links: absolute, of a scheme that a reader may follow, without trackers; and the files that they lead to.

use url::Url;

use crate::model::{Attachment, Media, stripped, without_tracking};

use super::web_data::FILES;

/// Where a link leads, or `None` if it must not be one: other schemes than http, https, mailto and tel, places on the
/// page itself (their anchors are gone), addresses that do not parse, share links (`mailto:` without an address).
pub(super) fn target(href: &str, base: &Url) -> Option<String> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    let url = base.join(href).ok()?;
    match url.scheme() {
        "http" | "https" => web(&url, base),
        "mailto" => url.path().contains('@').then(|| url.into()),
        "tel" => url.path().contains(|c: char| c.is_ascii_digit()).then(|| url.into()),
        _ => None,
    }
}

fn web(url: &Url, base: &Url) -> Option<String> {
    let host = url.host_str().unwrap_or_default();
    let mut clean = without_tracking(url);
    // A fragment can be the address itself (`#page=3`, `#/route`), unlike trackers and quoted text.
    if let Some(fragment) = url.fragment().filter(|text| !text.is_empty()) {
        if without_fragment(url) == without_fragment(base) {
            return None;
        }
        let tracks =
            fragment.starts_with("utm_") || fragment.starts_with(":~:") || fragment.starts_with("xtor=");
        clean.set_fragment((!tracks).then_some(fragment));
    }
    (!host.is_empty()).then(|| clean.into())
}

fn without_fragment(url: &Url) -> &str {
    url.as_str().split('#').next().unwrap_or_default()
}

/// An http(s) address of something embedded, without trackers.
pub(super) fn resource(value: &str, base: &Url) -> Option<Url> {
    let value = value.trim();
    if value.is_empty() || value.starts_with('#') {
        return None;
    }
    let url = base.join(value).ok()?;
    let is_web =
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    is_web.then(|| stripped(url))
}

/// The type of file that an address names, by its ending.
pub(super) fn file_type(url: &Url) -> Option<(&'static str, Media)> {
    let name = url.path().rsplit('/').next()?;
    let (_, ending) = name.rsplit_once('.')?;
    let known = FILES.iter().find(|(known, _, _)| ending.eq_ignore_ascii_case(known))?;
    Some((known.1, known.2))
}

/// The attachment behind an address, if it is a file; its name stands in for an empty title.
pub(super) fn attachment(url: &Url, title: &str) -> Option<Attachment> {
    let (mime, media) = file_type(url)?;
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let title = if title.is_empty() { name.to_owned() } else { title.to_owned() };
    Some(Attachment { url: url.clone(), title, mime: mime.to_owned(), media, length: None })
}
