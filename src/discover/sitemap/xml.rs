//! The XML of sitemaps, read as a stream.

use quick_xml::encoding::DecodingReader;
use quick_xml::events::{BytesRef, Event};
use quick_xml::{Reader, escape};

/// Longest text of one element that is kept, in bytes; the protocol ends an address at 2,048 characters.
const MAX_TEXT: usize = 16 * 1024;
/// Deepest nesting that is followed; sitemaps need four levels.
const MAX_DEPTH: usize = 64;

/// One `<url>` or `<sitemap>`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) loc: String,
    pub(super) lastmod: Option<String>,
    /// `news:publication_date`.
    pub(super) published: Option<String>,
    /// `news:title`.
    pub(super) title: Option<String>,
}

/// What a file held.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) urls: Vec<Entry>,
    pub(super) children: Vec<Entry>,
    /// Whether reading stopped at the limit.
    pub(super) over_limit: bool,
    /// Where reading had to stop.
    pub(super) broken: Option<String>,
}

/// Reads an index or a list of URLs, up to `limit` entries.
///
/// # Errors
/// If there is no root that sitemaps have.
pub(super) fn read(bytes: &[u8], limit: usize) -> Result<Parsed, String> {
    let mut reader = Reader::from_reader(DecodingReader::new(bytes));
    reader.config_mut().check_end_names = false;
    // Portals write addresses with parameters as they are.
    reader.config_mut().allow_dangling_amp = true;
    let mut walk = Walk::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(fault) => {
                walk.parsed.broken = Some(format!("{fault} at byte {}", reader.error_position()));
                break;
            }
        };
        let encoding = if let Event::Decl(decl) = &event { decl.encoder() } else { None };
        let at_end = matches!(event, Event::Eof);
        walk.step(&event)?;
        if let Some(encoding) = encoding {
            reader.get_mut().set_encoding(encoding);
        }
        if at_end || walk.parsed.urls.len() + walk.parsed.children.len() > limit {
            break;
        }
    }
    walk.finish(limit)
}

/// Where in the file the reader is.
#[derive(Default)]
struct Walk {
    open: Vec<String>,
    text: String,
    entry: Entry,
    has_root: bool,
    parsed: Parsed,
}

impl Walk {
    fn step(&mut self, event: &Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(tag) => self.enter(tag.local_name().as_ref())?,
            Event::Text(text) => self.note(text),
            Event::CData(text) => self.note(text),
            Event::GeneralRef(reference) => self.note(&resolved(reference)),
            Event::End(_) => self.leave(),
            Event::Eof if !self.open.is_empty() => self.parsed.broken = Some("the end is missing".to_owned()),
            _ => {}
        }
        Ok(())
    }

    fn enter(&mut self, name: &str) -> Result<(), String> {
        if self.open.is_empty() {
            self.has_root = true;
            if !matches!(name, "urlset" | "sitemapindex") {
                return Err(format!("its root is <{name}>"));
            }
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("it is nested deeper than {MAX_DEPTH}"));
        }
        self.open.push(name.chars().take(64).collect());
        self.text.clear();
        Ok(())
    }

    fn note(&mut self, piece: &str) {
        if self.open.len() > 2 && self.text.len() + piece.len() <= MAX_TEXT {
            self.text.push_str(piece);
        }
    }

    fn leave(&mut self) {
        let names: Vec<&str> = self.open.iter().skip(1).map(String::as_str).collect();
        let text = || Some(self.text.trim().to_owned()).filter(|text| !text.is_empty());
        match names.as_slice() {
            ["url" | "sitemap", "loc"] => self.entry.loc = text().unwrap_or_default(),
            ["url" | "sitemap", "lastmod"] => self.entry.lastmod = text(),
            ["url", "news", "publication_date"] => self.entry.published = text(),
            ["url", "news", "title"] => self.entry.title = text(),
            ["url"] => self.parsed.urls.extend(Some(std::mem::take(&mut self.entry)).filter(Entry::is_whole)),
            ["sitemap"] => {
                self.parsed.children.extend(Some(std::mem::take(&mut self.entry)).filter(Entry::is_whole))
            }
            _ => {}
        }
        self.open.pop();
        self.text.clear();
    }

    fn finish(mut self, limit: usize) -> Result<Parsed, String> {
        if !self.has_root {
            return Err(self.parsed.broken.unwrap_or_else(|| "there is no element in it".to_owned()));
        }
        let over = self.parsed.urls.len() + self.parsed.children.len() > limit;
        self.parsed.over_limit = over;
        self.parsed.urls.truncate(limit);
        self.parsed.children.truncate(limit);
        if over {
            self.parsed.broken = None;
        }
        Ok(self.parsed)
    }
}

impl Entry {
    fn is_whole(&self) -> bool {
        !self.loc.is_empty()
    }
}

/// The text that `&amp;`, `&#38;` and their like stand for; what is unknown stays as it is.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(sign)) = reference.resolve_char_ref() {
        return sign.to_string();
    }
    let name: &str = reference;
    escape::resolve_predefined_entity(name).map_or_else(|| format!("&{name};"), str::to_owned)
}
