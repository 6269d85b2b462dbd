//! Atom 1.0 (RFC 4287), with Media RSS for pictures and tombstones (RFC 6721) for what is gone.

use std::collections::BTreeMap;

use atom_syndication as atom;
use atom_syndication::extension::{Extension, ExtensionMap};
use chrono::{DateTime, FixedOffset, Offset};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::entry::{labels, writers};
use super::{Channel, Entry, FeedName, Format, Gone, mime_of_image, title_of, xml};
use crate::config::Source;
use crate::model::{Article, DateOrigin};

/// The namespace of Media RSS 1.5.1.
pub(super) const MEDIA: &str = "http://search.yahoo.com/mrss/";
/// The namespace of tombstones (RFC 6721 section 2).
const TOMBSTONES: &str = "http://purl.org/atompub/tombstones/1.0";
/// The namespace of feed history (RFC 5005 section 1).
const HISTORY: &str = "http://purl.org/syndication/history/1.0";
/// The declaration with its encoding, which the library leaves out.
pub(super) const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

pub(super) const IN_MEMORY: &str = "a vector takes every byte it is given";

/// The feed as bytes.
pub(super) fn render(channel: &Channel<'_>, entries: &[Entry<'_>], gone: &[Gone]) -> Vec<u8> {
    let zone = channel.zone();
    let feed = atom::Feed {
        title: xml::line(&channel.title).into(),
        id: channel.id().to_string(),
        updated: moment(Channel::updated(entries, gone), &zone),
        authors: vec![person(&channel.title)],
        generator: Some(generator()),
        icon: Some(channel.feed_settings.at("static/icon.png")),
        links: feed_links(channel),
        entries: entries.iter().map(|entry| entry_of(channel, entry)).collect(),
        namespaces: namespaces(channel, entries, gone),
        lang: Some(channel.language.clone()).filter(|language| !language.is_empty()),
        ..Default::default()
    };
    let config = atom::WriteConfig { write_document_declaration: false, indent_size: None };
    let feed = feed.write_with_config(DECLARATION.to_vec(), config).expect(IN_MEMORY);
    with_extensions(feed, &extensions(channel, gone).expect(IN_MEMORY))
}

/// The feed with its extension elements before its entries, where the schema of RFC 4287 (appendix B) wants them; the
/// library would write them after. No text and no attribute holds a bare `<`, so the first `<entry` is an entry.
fn with_extensions(mut feed: Vec<u8>, extensions: &[u8]) -> Vec<u8> {
    if extensions.is_empty() {
        return feed;
    }
    let starts = |mark: &[u8]| feed.windows(mark.len()).position(|window| window == mark);
    let place = starts(b"<entry>").or_else(|| starts(b"</feed>")).unwrap_or(feed.len());
    feed.splice(place..place, extensions.iter().copied());
    feed
}

fn extensions(channel: &Channel<'_>, gone: &[Gone]) -> std::io::Result<Vec<u8>> {
    let mut writer = quick_xml::Writer::new(Vec::new());
    if channel.archive.month.is_some() {
        writer.create_element("fh:archive").write_empty()?;
    }
    for gone in gone {
        let when = moment(gone.at, &gone.zone).to_rfc3339();
        let attributes = [("ref", gone.id.as_str()), ("when", when.as_str())];
        writer.create_element("at:deleted-entry").with_attributes(attributes).write_empty()?;
    }
    Ok(writer.into_inner())
}

fn namespaces(channel: &Channel<'_>, entries: &[Entry<'_>], gone: &[Gone]) -> BTreeMap<String, String> {
    let mut used = BTreeMap::new();
    if entries.iter().any(|entry| !entry.article.images.is_empty()) {
        used.insert("media".to_owned(), MEDIA.to_owned());
    }
    if !gone.is_empty() {
        used.insert("at".to_owned(), TOMBSTONES.to_owned());
    }
    if channel.archive.month.is_some() {
        used.insert("fh".to_owned(), HISTORY.to_owned());
    }
    used
}

fn feed_links(channel: &Channel<'_>) -> Vec<atom::Link> {
    let live = channel.address(Format::Atom);
    let archive = &channel.archive;
    let mut links = vec![
        link("self", channel.own_address(Format::Atom), Some(Format::Atom.media_type())),
        link("alternate", channel.page(), Some("text/html")),
    ];
    links.extend(archive.month.iter().map(|_| link("current", live.clone(), None)));
    let neighbours = [("prev-archive", &archive.previous), ("next-archive", &archive.next)];
    for (rel, month) in neighbours {
        links.extend(month.iter().map(|month| link(rel, channel.archive_address(month), None)));
    }
    if archive.month.is_some() {
        return links;
    }
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Atom) {
        links.push(link("alternate", channel.address(format), Some(format.media_type())));
    }
    links.extend(channel.home.iter().map(|home| link("via", home.to_string(), Some("text/html"))));
    links.extend(channel.hubs().iter().map(|hub| link("hub", hub.to_string(), None)));
    links
}

fn entry_of(channel: &Channel<'_>, entry: &Entry<'_>) -> atom::Entry {
    let article = entry.article;
    let source = channel.feed_settings.source(&article.source);
    let zone = source.map_or(TimeZone::UTC, |source| source.time_zone.clone());
    let given = article.published_origin != DateOrigin::FirstSeen;
    atom::Entry {
        title: title_of(article).into(),
        id: article.id.to_string(),
        updated: moment(article.updated, &zone),
        published: given.then(|| moment(article.published, &zone)),
        authors: authors(article, source),
        categories: labels(article)
            .map(|name| atom::Category { term: name.clone(), scheme: None, label: Some(name) })
            .collect(),
        links: entry_links(entry),
        source: source
            .filter(|_| channel.name.source().is_none())
            .map(|source| origin(channel, source, article)),
        content: Some(atom::Content {
            lang: Some(article.language.clone()).filter(|language| *language != channel.language),
            value: Some(xml::safe(&article.html).into_owned()),
            content_type: Some("html".to_owned()),
            ..Default::default()
        }),
        extensions: pictures(article),
        ..Default::default()
    }
}

/// RFC 4287 demands an author of every entry or its feed: who wrote it, else whom it is credited to, else the portal.
fn authors(article: &Article, source: Option<&Source>) -> Vec<atom::Person> {
    let named: Vec<_> = writers(article).iter().map(|name| person(name)).collect();
    if named.is_empty() { source.map(|source| person(&source.title)).into_iter().collect() } else { named }
}

fn entry_links(entry: &Entry<'_>) -> Vec<atom::Link> {
    let article = entry.article;
    let mut links = vec![link("alternate", article.url.to_string(), Some("text/html"))];
    links.extend(entry.related.iter().map(|url| link("related", url.to_string(), None)));
    for file in &article.attachments {
        links.push(atom::Link {
            title: Some(xml::line(&file.title)).filter(|title| !title.is_empty()),
            length: file.length.map(|length| length.to_string()),
            ..link("enclosure", file.url.to_string(), Some(&file.mime))
        });
    }
    links
}

/// Where an entry of a mixed feed comes from (RFC 4287 section 4.2.11). Its `updated` is the entry's own: that of the
/// feed would change entries that did not change.
fn origin(channel: &Channel<'_>, source: &Source, article: &Article) -> atom::Source {
    let name = FeedName::Source(source.id.clone());
    let own = Channel { name, query: None, limit: None, ..channel.clone() };
    atom::Source {
        title: xml::line(&source.title).into(),
        id: own.id().to_string(),
        updated: moment(article.updated, &source.time_zone),
        links: vec![
            link("self", own.address(Format::Atom), Some(Format::Atom.media_type())),
            link("alternate", source.home.to_string(), Some("text/html")),
        ],
        ..Default::default()
    }
}

/// The lead picture as Media RSS: a thumbnail for lists, and the picture itself.
fn pictures(article: &Article) -> ExtensionMap {
    let Some(image) = article.images.first() else { return ExtensionMap::new() };
    let size = |side: Option<u32>| side.map(|side| side.to_string());
    let shared =
        [("url", Some(image.url.to_string())), ("width", size(image.width)), ("height", size(image.height))];
    let kind = [("medium", Some("image".to_owned())), ("type", mime_of_image(&image.url).map(str::to_owned))];
    let mut content = element("media:content", shared.clone().into_iter().chain(kind));
    let alt = xml::line(&image.alt);
    if !alt.is_empty() {
        let mut description = element("media:description", [("type", Some("plain".to_owned()))]);
        description.value = Some(alt);
        content.children.insert("description".to_owned(), vec![description]);
    }
    let elements = BTreeMap::from([
        ("content".to_owned(), vec![content]),
        ("thumbnail".to_owned(), vec![element("media:thumbnail", shared)]),
    ]);
    ExtensionMap::from([("media".to_owned(), elements)])
}

/// An extension element. The library writes the attributes of these, and of these alone, as they are: an unescaped `&`
/// in a picture's address would break the feed, so they are escaped here (until it does so itself, which the tests
/// would show as a doubled escape).
fn element(name: &str, attributes: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Extension {
    let escaped = |value: String| quick_xml::escape::escape(xml::line(&value)).into_owned();
    Extension {
        name: name.to_owned(),
        attrs: attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), escaped(value?))))
            .collect(),
        ..Default::default()
    }
}

pub(super) fn generator() -> atom::Generator {
    atom::Generator {
        value: "tinsach".to_owned(),
        uri: None,
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
    }
}

pub(super) fn person(name: &str) -> atom::Person {
    atom::Person { name: xml::line(name), ..Default::default() }
}

pub(super) fn link(rel: &str, href: String, mime: Option<&str>) -> atom::Link {
    atom::Link { href, rel: rel.to_owned(), mime_type: mime.map(str::to_owned), ..Default::default() }
}

/// A time with the offset its zone had then, to the second.
pub(super) fn moment(at: Timestamp, zone: &TimeZone) -> DateTime<FixedOffset> {
    // jiff knows offsets beyond a day, which no zone on Earth has.
    let seconds = zone.to_offset(at).seconds();
    let offset = FixedOffset::east_opt(seconds).unwrap_or(chrono::Utc.fix());
    DateTime::from_timestamp(at.as_second(), 0)
        .expect("chrono's years hold all of jiff's")
        .with_timezone(&offset)
}
