//! OPML 2.0 (<http://opml.org/spec2.opml>): every source's feed, for import into a reader.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::channel::HOUSE;
use super::{Channel, FeedName, FeedSettings, Format, xml};

/// The list as bytes: one feed per source, so that an import brings every article once.
pub fn opml(feed_settings: &FeedSettings) -> Vec<u8> {
    write(feed_settings).expect("a vector takes every byte it is given")
}

fn write(feed_settings: &FeedSettings) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0")])))?;
    writer.create_element("head").write_inner_content(|head| {
        head.create_element("title").write_text_content(BytesText::new(HOUSE)).map(drop)
    })?;
    writer.write_event(Event::Start(BytesStart::new("body")))?;
    for source in feed_settings.sources() {
        let Some(channel) = Channel::new(feed_settings, FeedName::Source(source.id.clone()), None) else {
            continue;
        };
        let (title, feed, page) = (xml::line(&channel.title), channel.address(Format::Atom), channel.page());
        writer
            .create_element("outline")
            .with_attributes([
                ("type", "rss"),
                ("text", title.as_str()),
                ("title", title.as_str()),
                ("language", source.language.as_str()),
                ("htmlUrl", page.as_str()),
                ("xmlUrl", feed.as_str()),
            ])
            .write_empty()?;
    }
    writer.write_event(Event::End(BytesEnd::new("body")))?;
    writer.write_event(Event::End(BytesEnd::new("opml")))?;
    Ok(writer.into_inner())
}
