//! Text → DOM, once: what nobody reads is left out ([`lean`]), the rest goes to html5ever, most tags by a short cut
//! ([`drive`]).

mod drive;
mod lean;
mod refs;
mod tag;
#[cfg(test)]
mod tests;

use scraper::Html;

use crate::model::NotArticle;

/// The deepest nesting that is parsed, of what the scan before does not see nest. Measured with html5ever 0.40: 10,000 open
/// `<div>`s take 0.4 s.
pub const MAX_DEPTH: usize = 10_000;

/// The longest page that is parsed, in bytes. A page of 10 MB is still read; the fetcher's own limit is below.
pub const MAX_BYTES: usize = 16 << 20;

/// Parses a page with scripting disabled, so that `<noscript>` holds elements.
///
/// # Errors
/// [`NotArticle::Unreadable`] for a page that is larger or nested deeper than [`MAX_BYTES`] and [`MAX_DEPTH`], has a tag of
/// endless attributes, or is no text at all.
pub fn parse(html: &str) -> Result<Html, NotArticle> {
    if html.len() > MAX_BYTES || is_binary(html) {
        return Err(NotArticle::Unreadable);
    }
    drive::document(&lean::lean(html)?)
}

/// Whether the first bytes are those of a picture, an archive or text in an encoding that was not recognised: more than
/// one in ten is a control or replacement character.
fn is_binary(html: &str) -> bool {
    let (mut odd, mut all) = (0_usize, 0_usize);
    for c in html.chars().take(4_000) {
        all += 1;
        odd += usize::from(c == '\u{fffd}' || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')));
    }
    odd * 10 > all
}
