//! Draft → article: ordered passes over text, links, images, allow-list. Pure.
//!
//! The draft's fragment is read in one walk (`walk`, `builder`) into a small model of what articles
//! are made of (`model`); each block is brought into normal form as it closes (`inline`, `flow`, `normalize`),
//! pictures and links are mended on the way (`pictures`, `renditions`, `links`, `embeds`). The model is written
//! as HTML (`write`), read as text (`plain_text`), and what is written passes the `allow_list`.
//!
//! Because output exists in one normal form only, cleaning is idempotent: `clean(clean(x).html).html` is
//! `clean(x).html`. What is knowledge about the web rather than logic stands in `web_data` and `roles`.

mod allow_list;
mod builder;
mod chars;
mod dom;
mod embeds;
mod flow;
mod inline;
mod links;
mod marks;
mod model;
mod normalize;
mod pictures;
mod plain_text;
mod renditions;
mod roles;
#[cfg(test)]
mod tests;
mod walk;
mod web_data;
mod write;

use url::Url;

use crate::model::{Attachment, Fragment, Image};

/// What is known of the page besides the body.
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
    /// Its text, NFC: blocks in reading order with one blank line between, without captions. Each list item is a
    /// block, each table row is one with its cells joined by a space. A line break within a block is a line end, as in
    /// browsers' `innerText`: a poem or an address keeps its lines, and whoever compares words folds white space.
    pub text: String,
    /// The pictures in reading order, each once.
    pub images: Vec<Image>,
    /// The files that the body links or plays, each once.
    pub attachments: Vec<Attachment>,
    /// How many words `text` has.
    pub words: usize,
}

/// Cleans HTML that did not come out of extraction, as [`clean()`] does.
pub fn clean_html(html: &str, base: &Url, options: &Options<'_>) -> Cleaned {
    clean(&dom::parse(html), base, options)
}

/// Cleans the body of a draft. `base` is what its addresses are relative to: the page's final URL, or its
/// `<base href>` resolved. Time and memory are proportional to the body, however it is nested.
pub fn clean(body: &Fragment, base: &Url, options: &Options<'_>) -> Cleaned {
    let mut builder = builder::BodyBuilder::new(base, options.pictures);
    walk::read(body, &mut builder);
    let (mut blocks, marks) = builder.finish();
    normalize::renumber_headings(&mut blocks);
    let cleaned = plain_text::collect(&blocks, &marks, body.text().len());
    // Tags and addresses make a body about half as long again.
    let written = write::html(&blocks, &marks, cleaned.text.len() * 3 / 2);
    Cleaned { html: allow_list::sanitize(&written), ..cleaned }
}
