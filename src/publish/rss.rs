//! RSS 2.0 (Board's specification 2.0.11) with content:encoded, dc:creator, atom:link and Media RSS.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};

use super::atom::MEDIA;
use super::entry::{labels, writers};
use super::{Channel, Entry, Format, Gone, lead_text, mime_of_image, title_of, xml};
use crate::model::{Article, Image};

/// The namespace of Atom (RFC 4287 section 1.2).
const ATOM: &str = "http://www.w3.org/2005/Atom";
/// Characters of the summary, for readers that show one beside the whole text.
const SUMMARY_CHARS: usize = 300;

/// The feed as bytes. RSS has no word for what is gone.
pub(super) fn render(channel: &Channel<'_>, entries: &[Entry<'_>], gone: &[Gone]) -> Vec<u8> {
    let zone = channel.zone();
    let mut namespaces = BTreeMap::from([("atom".to_owned(), ATOM.to_owned())]);
    if entries.iter().any(|entry| !entry.article.images.is_empty()) {
        namespaces.insert("media".to_owned(), MEDIA.to_owned());
    }
    let feed = rss::Channel {
        title: xml::line(&channel.title),
        link: channel.page(),
        description: description(channel),
        language: Some(channel.language.clone()).filter(|language| !language.is_empty()),
        last_build_date: Some(date(Channel::updated(entries, gone), &zone)),
        generator: Some(concat!("tinsach ", env!("CARGO_PKG_VERSION")).to_owned()),
        extensions: links(channel),
        items: entries.iter().map(|entry| item(channel, entry)).collect(),
        namespaces,
        ..Default::default()
    };
    feed.write_to(Vec::new()).expect("a vector takes every byte it is given")
}

fn description(channel: &Channel<'_>) -> String {
    match &channel.home {
        Some(home) => format!("{} ({home})", xml::line(&channel.title)),
        None => xml::line(&channel.title),
    }
}

/// What RSS has no element for, in Atom's words: where the feed itself is, and its hubs.
fn links(channel: &Channel<'_>) -> ExtensionMap {
    let own = channel.address(Format::Rss);
    let mut links = vec![link([("rel", "self"), ("href", &own), ("type", Format::Rss.media_type())])];
    links.extend(channel.hubs().iter().map(|hub| link([("rel", "hub"), ("href", hub.as_str())])));
    ExtensionMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), links)]))])
}

fn link<const N: usize>(attributes: [(&str, &str); N]) -> Extension {
    let attrs = attributes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Extension { name: "atom:link".to_owned(), attrs, ..Default::default() }
}

fn item(channel: &Channel<'_>, entry: &Entry<'_>) -> rss::Item {
    let article = entry.article;
    let source = channel.feed_settings.source(&article.source);
    let zone = source.map_or(TimeZone::UTC, |source| source.time_zone.clone());
    let named = |name| rss::Category { name, domain: None };
    let from = source.filter(|_| channel.name.source().is_none()).map(|source| rss::Source {
        url: channel.feed_settings.at(&format!("{}.rss", source.id)),
        title: Some(xml::line(&source.title)),
    });
    rss::Item {
        title: Some(title_of(article)),
        link: Some(article.url.to_string()),
        description: Some(lead_text(article, SUMMARY_CHARS)).filter(|text| !text.is_empty()),
        categories: labels(article).map(named).collect(),
        enclosure: enclosure(article),
        guid: Some(rss::Guid { value: article.id.to_string(), permalink: false }),
        pub_date: Some(date(article.published, &zone)),
        source: from,
        content: Some(xml::safe(&article.html).into_owned()).filter(|html| !html.is_empty()),
        dublin_core_ext: Some(DublinCoreExtension { creators: writers(article), ..Default::default() }),
        extensions: article.images.first().map(pictures).unwrap_or_default(),
        ..Default::default()
    }
}

/// RSS allows one enclosure: the article's first file, else its lead picture. The length is demanded and often not
/// known; 0 is what is written then.
fn enclosure(article: &Article) -> Option<rss::Enclosure> {
    if let Some(file) = article.attachments.first() {
        let length = file.length.unwrap_or(0).to_string();
        return Some(rss::Enclosure { url: file.url.to_string(), length, mime_type: file.mime.clone() });
    }
    let image = article.images.first()?;
    let mime_type = mime_of_image(&image.url)?.to_owned();
    Some(rss::Enclosure { url: image.url.to_string(), length: "0".to_owned(), mime_type })
}

fn pictures(image: &Image) -> ExtensionMap {
    let size = |side: Option<u32>| side.map(|side| side.to_string());
    let mut attrs: BTreeMap<String, String> = BTreeMap::from([("url".to_owned(), image.url.to_string())]);
    attrs.extend(size(image.width).map(|width| ("width".to_owned(), width)));
    attrs.extend(size(image.height).map(|height| ("height".to_owned(), height)));
    let thumbnail =
        Extension { name: "media:thumbnail".to_owned(), attrs: attrs.clone(), ..Default::default() };
    attrs.insert("medium".to_owned(), "image".to_owned());
    attrs.extend(mime_of_image(&image.url).map(|mime| ("type".to_owned(), mime.to_owned())));
    let content = Extension { name: "media:content".to_owned(), attrs, ..Default::default() };
    let elements =
        BTreeMap::from([("content".to_owned(), vec![content]), ("thumbnail".to_owned(), vec![thumbnail])]);
    ExtensionMap::from([("media".to_owned(), elements)])
}

/// A date as RFC 822 with four-digit years wants it, in the source's zone.
fn date(at: Timestamp, zone: &TimeZone) -> String {
    let zoned = at.to_zoned_datetime(zone.clone());
    // Only years before 1 cannot be written; no article is that old.
    rfc2822::to_string(&zoned).unwrap_or_else(|_| "Thu, 01 Jan 1970 00:00:00 +0000".to_owned())
}
