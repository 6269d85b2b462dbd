//! Whether a read page is what is expected under its address (pure).
//!
//! Portals send with status 200 what is no article: a login form, a notice, half a page. Each reads like a short article,
//! and no list of phrases knows them all; but none of them speaks of what the listing named or the store knows.

use std::collections::BTreeSet;

use crate::extract::sanity;
use crate::model::NotArticle;
use crate::text::{normalize, strip_diacritics};

/// Titles of fewer words say too little to be compared.
const MIN_TITLE_WORDS: usize = 4;
/// At least one in so many of a title's words must appear in the page, however the title was reworded.
const TITLE_WORD_SHARE: usize = 3;

/// Whether a page with this title and text shares next to no word with the title that was `named`.
pub(super) fn is_unrelated(named: &str, title: &str, text: &str) -> bool {
    if text.chars().count() >= sanity::MIN_ARTICLE_CHARS as usize {
        return false;
    }
    let named = words(named);
    let found = words(&format!("{title}\n{text}"));
    named.len() >= MIN_TITLE_WORDS && named.intersection(&found).count() * TITLE_WORD_SHARE < named.len()
}

/// Says why a known article is not what its address gives now, or `None` if it may have been edited.
pub(super) fn implausible_edit(known: (&str, &str), now: (&str, &str)) -> Option<NotArticle> {
    if is_cut(known.1, now.1) {
        return Some(NotArticle::Cut);
    }
    let shrunk = now.1.chars().count() * 2 < known.1.chars().count();
    (shrunk && is_unrelated(known.0, now.0, now.1)).then_some(NotArticle::Stranger)
}

/// Whether a text begins as another does and lacks the better part of it. What follows the beginning may be a note that
/// one has to log in.
fn is_cut(whole: &str, part: &str) -> bool {
    let beginning = normalize(part.split("\n\n").next().unwrap_or_default());
    let beginning = beginning.trim_end_matches(['.', '…', ' ']);
    let (whole, part) = (normalize(whole), normalize(part));
    !beginning.is_empty() && part.len() * 5 < whole.len() * 3 && whole.starts_with(beginning)
}

fn words(text: &str) -> BTreeSet<String> {
    let text = strip_diacritics(text);
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1).map(str::to_owned).collect()
}
