//! Notices to those who run the program, as an Atom feed: what is wrong, since when, what to do.

use atom_syndication as atom;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::atom::{DECLARATION, IN_MEMORY, generator, link, moment, person};
use super::channel::HOUSE;
use super::{FeedSettings, Format, xml};

/// A notice. Readers tell notices apart by `id`, and show one again when `updated` moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about, when it began: stays for as long as it lasts, and after it is over.
    pub id: String,
    pub title: String,
    /// The text, plain, a paragraph a line.
    pub text: String,
    pub published: Timestamp,
    /// When it began, or ended.
    pub updated: Timestamp,
    /// Where it shows.
    pub url: Option<String>,
}

/// The feed of notices at `path` of the site, newest first; `id` names it for ever.
pub fn notices(feed_settings: &FeedSettings, id: &str, path: &str, notices: &[Notice]) -> Vec<u8> {
    let updated = notices.iter().map(|notice| notice.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let feed = atom::Feed {
        title: format!("{HOUSE}: health").into(),
        id: id.to_owned(),
        updated: moment(updated, &TimeZone::UTC),
        authors: vec![person(HOUSE)],
        generator: Some(generator()),
        links: vec![link("self", feed_settings.at(path), Some(Format::Atom.media_type()))],
        entries: notices.iter().map(entry_of).collect(),
        lang: Some("en".to_owned()),
        ..Default::default()
    };
    let config = atom::WriteConfig { write_document_declaration: false, indent_size: None };
    feed.write_with_config(DECLARATION.to_vec(), config).expect(IN_MEMORY)
}

fn entry_of(notice: &Notice) -> atom::Entry {
    atom::Entry {
        title: xml::line(&notice.title).into(),
        id: notice.id.clone(),
        published: Some(moment(notice.published, &TimeZone::UTC)),
        updated: moment(notice.updated, &TimeZone::UTC),
        links: notice.url.iter().map(|url| link("related", url.clone(), Some("text/html"))).collect(),
        content: Some(atom::Content {
            value: Some(xml::safe(&notice.text).into_owned()),
            content_type: Some("text".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    }
}
