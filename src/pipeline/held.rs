//! What a page that is held back would have published (pure).

use super::assemble::Assembled;
use super::outcome::assembled;
use super::pages::Refusal;
use crate::config::Source;
use crate::extract::unparsed;
use crate::model::held::MAX_HELD_TEXT;
use crate::model::{HeldPage, Page};
use crate::store::FrontierEntry;

/// What a page that is no article would have published.
pub(super) fn would_publish(source: &Source, entry: &FrontierEntry, refusal: Refusal) -> HeldPage {
    match refusal.read {
        Ok(read) => {
            let (Assembled { article, .. }, _) = assembled(source, entry, *read);
            HeldPage::of(&article)
        }
        Err(page) => glimpsed(&page),
    }
}

/// What can be said of a page that was not read.
pub(super) fn glimpsed(page: &Page) -> HeldPage {
    HeldPage::glimpsed(unparsed::title(&page.html).as_deref(), &unparsed::text(&page.html, MAX_HELD_TEXT))
}
