//! Frames, players and embedded objects: what may play in a reader, and a link for what may not.

use url::Url;

use super::links::{file_type, resource};
use super::model::{Attrs, FigureItem};
use super::pictures::pixels;
use super::web_data::{EMBEDS, FRAMES_OUTSIDE_ARTICLES, LAZY_FRAME_SRC};
use crate::model::Element;
use crate::text::normalize;

/// What an `<iframe>` becomes: a frame for the hosts of [`EMBEDS`], always https; nothing for advertisements, buttons
/// and frames without an address of their own (`srcdoc`, `javascript:`); a link for everything else.
pub(super) fn frame(element: Element<'_>, base: &Url) -> Option<FigureItem> {
    let url = LAZY_FRAME_SRC
        .iter()
        .filter_map(|name| element.attr(name))
        .find_map(|value| resource(value, base))?;
    frame_at(&url, element)
}

/// The same for a custom element that names only the id of a video.
pub(super) fn named_frame(prefix: &str, id: &str, element: Element<'_>) -> Option<FigureItem> {
    let is_id =
        !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    frame_at(&Url::parse(&format!("{prefix}{id}")).ok().filter(|_| is_id)?, element)
}

fn frame_at(url: &Url, element: Element<'_>) -> Option<FigureItem> {
    let host = url.host_str().unwrap_or_default();
    let is_chrome = FRAMES_OUTSIDE_ARTICLES.iter().any(|(known, path)| {
        host.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.'))
            && url.path().starts_with(path)
    });
    if is_chrome || pixels(element.attr("width")) == Some(0) || pixels(element.attr("height")) == Some(0) {
        return None;
    }
    let title = normalize(element.attr("title").unwrap_or_default());
    let Some(service) = service(url) else {
        let label =
            if title.is_empty() { format!("{host}{}", url.path().trim_end_matches('/')) } else { title };
        return Some(FigureItem::Link { href: url.as_str().to_owned(), label });
    };
    let mut attrs: Attrs = vec![("src", playing_on_request(url)?.into())];
    let size =
        |name| pixels(element.attr(name)).filter(|pixels| *pixels > 0).map(|pixels| pixels.to_string());
    attrs.extend(size("width").map(|width| ("width", width)));
    attrs.extend(size("height").map(|height| ("height", height)));
    attrs.push(("title", if title.is_empty() { service.to_owned() } else { title }));
    attrs.push(("allowfullscreen", String::new()));
    Some(FigureItem::Frame { attrs })
}

/// The name of the service whose embed this is, on its usual port.
pub(super) fn service(url: &Url) -> Option<&'static str> {
    let host = url.host_str().filter(|_| url.port().is_none())?;
    let is_it = |(known, path, _): &&(&str, &str, &str)| host == *known && url.path().starts_with(path);
    EMBEDS.iter().find(is_it).map(|(_, _, name)| *name)
}

/// The address over https and without the parameters that make a video start by itself.
fn playing_on_request(url: &Url) -> Option<Url> {
    let mut quiet = url.clone();
    quiet.set_scheme("https").ok()?;
    let starts =
        |pair: &str| matches!(pair.split('=').next(), Some("autoplay" | "auto_play" | "mute" | "muted"));
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !starts(pair)).collect();
        quiet.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
    Some(quiet)
}

/// No player offers more sources; the rest is noise or an attack.
const MAX_PLAYER_SOURCES: usize = 16;

/// Addresses and types that a `<video>` or `<audio>` plays: its own and those of its `<source>` elements, given as
/// pairs of address and declared type.
pub(super) fn player<'a>(
    tag: &'static str,
    element: Element<'a>,
    sources: impl Iterator<Item = Element<'a>>,
    base: &Url,
) -> Option<FigureItem> {
    let mut found: Vec<(Url, String)> = Vec::new();
    for source in std::iter::once(element).chain(sources.take(MAX_PLAYER_SOURCES)) {
        let address = ["src", "data-src", "data-lazy-src"].iter().filter_map(|name| source.attr(name));
        let Some(url) = address.filter_map(|value| resource(value, base)).next() else { continue };
        if found.iter().all(|(known, _)| *known != url) {
            let mime =
                file_type(&url).map(|(mime, _)| mime).or_else(|| declared_type(source)).unwrap_or_default();
            found.push((url, mime.to_owned()));
        }
    }
    if found.is_empty() {
        return None;
    }
    let mut attrs: Attrs = vec![("controls", String::new())];
    if tag == "video" {
        let size =
            |name| pixels(element.attr(name)).filter(|pixels| *pixels > 0).map(|pixels| pixels.to_string());
        attrs.extend(size("width").map(|width| ("width", width)));
        attrs.extend(size("height").map(|height| ("height", height)));
        attrs.extend(
            element.attr("poster").and_then(|value| resource(value, base)).map(|url| ("poster", url.into())),
        );
    }
    Some(FigureItem::Player { tag, attrs, sources: found })
}

/// A media type that has the shape of one (RFC 6838 section 4.2), parameters left out.
fn declared_type(element: Element<'_>) -> Option<&str> {
    let mime = element.attr("type")?.split(';').next()?.trim();
    let (kind, rest) = mime.split_once('/')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-');
    (matches!(kind, "video" | "audio" | "application") && !rest.is_empty() && rest.chars().all(is_name))
        .then_some(mime)
}

/// The document that an `<object>` or `<embed>` shows (`PDF` viewers), as a link.
pub(super) fn document(element: Element<'_>, base: &Url) -> Option<FigureItem> {
    let url = resource(element.attr("data").or_else(|| element.attr("src"))?, base)?;
    file_type(&url)?;
    let label = ["title", "aria-label"]
        .iter()
        .filter_map(|name| element.attr(name))
        .map(normalize)
        .find(|l| !l.is_empty());
    let name = url.path().rsplit('/').next().unwrap_or_default().to_owned();
    Some(FigureItem::Link { href: url.into(), label: label.unwrap_or(name) })
}
