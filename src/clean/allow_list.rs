//! The allow-list, applied last to everything that is published by a sanitiser that knows nothing of how the body was
//! made. The passes before it should leave nothing that it would take out; it stands for the case that one of them fails.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use url::Url;

use super::embeds::service;

/// Elements that may be published. Neither `svg` nor `math`: attacks on sanitizers
/// use the way in which they change how a parser reads.
pub(super) const TAGS: &[&str] = &[
    "a",
    "abbr",
    "audio",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "iframe",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "source",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "video",
];

/// Attributes that may be published on any element.
const GLOBAL_ATTRIBUTES: &[&str] = &["lang", "dir"];

/// Attributes that may be published on one element.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "title"]),
    ("abbr", &["title"]),
    ("audio", &["controls"]),
    ("blockquote", &["cite"]),
    ("del", &["cite", "datetime"]),
    ("dfn", &["title"]),
    ("iframe", &["src", "width", "height", "title", "allowfullscreen"]),
    ("img", &["src", "srcset", "alt", "title", "width", "height"]),
    ("ins", &["cite", "datetime"]),
    ("ol", &["start", "reversed", "type"]),
    ("q", &["cite"]),
    ("source", &["src", "type"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan"]),
    ("time", &["datetime"]),
    ("video", &["controls", "poster", "width", "height"]),
];

/// Schemes of what may be linked to.
const LINK_SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let attributes = ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect()));
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.iter().copied().collect())
        .generic_attributes(GLOBAL_ATTRIBUTES.iter().copied().collect())
        .tag_attributes(attributes.collect::<HashMap<_, HashSet<_>>>())
        .clean_content_tags(HashSet::from([
            "script", "style", "svg", "math", "template", "title", "textarea",
        ]))
        .url_schemes(LINK_SCHEMES.iter().copied().collect())
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(|element, attribute, value| {
            is_allowed(element, attribute, value).then_some(Cow::Borrowed(value))
        });
    builder
});

/// The fragment without anything that is not on the list.
pub(super) fn sanitize(html: &str) -> String {
    SANITIZER.clean(html).to_string()
}

/// Checks what ammonia does not: the addresses in `srcset` and `cite`, and which hosts a frame may show.
fn is_allowed(element: &str, attribute: &str, value: &str) -> bool {
    let is_web = |value: &str| Url::parse(value).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    match (element, attribute) {
        ("img", "srcset") => is_srcset(value, is_web),
        ("iframe", "src") => {
            Url::parse(value).is_ok_and(|url| url.scheme() == "https" && service(&url).is_some())
        }
        ("img" | "source", "src") | ("video", "poster") => is_web(value),
        (_, "cite") => Url::parse(value).is_ok_and(|url| LINK_SCHEMES.contains(&url.scheme())),
        _ => true,
    }
}

/// Whether a `srcset` is written as [`super::write`] does: addresses with their widths, parted by a comma and a space,
/// and neither commas nor white space where a browser would find another address (HTML Standard section 4.8.4.3.10).
fn is_srcset(value: &str, is_web: impl Fn(&str) -> bool) -> bool {
    value.split(", ").all(|entry| {
        entry.split_once(' ').is_some_and(|(address, width)| {
            let digits = width.strip_suffix('w').unwrap_or_default();
            let is_width = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let is_one = address.bytes().all(|byte| byte.is_ascii_graphic()) && !address.ends_with(',');
            is_width && is_one && is_web(address)
        })
    })
}
