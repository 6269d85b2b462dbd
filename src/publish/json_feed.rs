//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::entry::{labels, writers};
use super::{Channel, Entry, Format, lead_text, title_of, xml};
use crate::model::DateOrigin;

/// Characters of the summary.
const SUMMARY_CHARS: usize = 300;

#[derive(Serialize)]
struct Feed<'a> {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    icon: String,
    favicon: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: String,
    content_html: Cow<'a, str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

/// The feed as bytes. JSON Feed has no word for what is gone.
pub(super) fn render(channel: &Channel<'_>, entries: &[Entry<'_>]) -> Vec<u8> {
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: xml::line(&channel.title),
        home_page_url: channel.page(),
        feed_url: channel.address(Format::Json),
        description: channel.home.as_ref().map(|home| format!("{} ({home})", xml::line(&channel.title))),
        icon: channel.feed_settings.at("static/icon.png"),
        favicon: channel.feed_settings.at("static/icon.png"),
        language: &channel.language,
        hubs: hubs(channel),
        items: entries.iter().map(|entry| item(channel, entry)).collect(),
    };
    serde_json::to_vec(&feed).expect("strings and numbers can always be written")
}

fn hubs<'a>(channel: &'a Channel<'_>) -> Vec<Hub<'a>> {
    channel.hubs().iter().map(|hub| Hub { r#type: "WebSub", url: hub.as_str() }).collect()
}

fn item<'a>(channel: &Channel<'_>, entry: &Entry<'a>) -> Item<'a> {
    let article = entry.article;
    let zone = channel
        .feed_settings
        .source(&article.source)
        .map_or(TimeZone::UTC, |source| source.time_zone.clone());
    let given = article.published_origin != DateOrigin::FirstSeen;
    Item {
        id: article.id.as_str(),
        url: article.url.as_str(),
        title: title_of(article),
        content_html: xml::safe(&article.html),
        summary: lead_text(article, SUMMARY_CHARS),
        image: article.images.first().map(|image| image.url.as_str()),
        date_published: given.then(|| date(article.published, &zone)),
        date_modified: date(article.updated, &zone),
        authors: writers(article).into_iter().map(|name| Author { name }).collect(),
        tags: labels(article).collect(),
        language: &article.language,
        attachments: article.attachments.iter().map(file).collect(),
    }
}

fn file(file: &crate::model::Attachment) -> File<'_> {
    File {
        url: file.url.as_str(),
        mime_type: &file.mime,
        title: Some(xml::line(&file.title)).filter(|title| !title.is_empty()),
        size_in_bytes: file.length,
    }
}

/// RFC 3339 with the offset its zone had then, to the second.
fn date(at: Timestamp, zone: &TimeZone) -> String {
    let offset = zone.to_offset(at);
    let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
    whole.display_with_offset(offset).to_string()
}
