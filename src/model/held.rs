//! What is held back: an address that a listing named and that is not published, why, and what it would have published.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::{Article, DateOrigin, NotArticle};

/// Characters of text that are kept of a page that is held back.
pub const MAX_HELD_TEXT: usize = 4_000;
/// Characters of its title, and of each author's name.
const MAX_LINE: usize = 500;
/// Authors that are kept.
const MAX_AUTHORS: usize = 20;

/// The code of a page that came and is no page: too large, another kind of content, a coding that cannot be undone.
pub const NOT_A_PAGE: &str = "not-a-page";
/// The code of an address that must not be fetched: robots.txt, another host, a status that refuses.
pub const REFUSED: &str = "refused";

/// What a page would have published, had it not been held back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HeldPage {
    /// Title: that of the would-be article, else what the title tag says.
    pub title: Option<String>,
    /// Publication time, if the page or its listing gave one.
    pub published: Option<Timestamp>,
    pub authors: Vec<String>,
    /// The beginning of the text, at most [`MAX_HELD_TEXT`] characters.
    pub text: String,
    /// Pictures of the would-be article.
    pub pictures: usize,
    /// Whether it was read as an article all the same. If not, title and text are no more than what stands first on the
    /// page.
    pub is_draft: bool,
}

impl HeldPage {
    /// What an article that is not believed would have published.
    pub fn of(article: &Article) -> Self {
        let is_given = matches!(article.published_origin, DateOrigin::Given(_));
        Self {
            title: Some(beginning(&article.title, MAX_LINE)),
            published: is_given.then_some(article.published),
            authors: article.authors.iter().take(MAX_AUTHORS).map(|name| beginning(name, MAX_LINE)).collect(),
            text: beginning(&article.text, MAX_HELD_TEXT),
            pictures: article.images.len(),
            is_draft: true,
        }
    }

    /// What can be said of a page that could not be read: what its title tag says, and the text that stands first.
    pub fn glimpsed(title: Option<&str>, text: &str) -> Self {
        Self {
            title: title.map(|title| beginning(title, MAX_LINE)),
            text: beginning(text, MAX_HELD_TEXT),
            ..Self::default()
        }
    }
}

fn beginning(text: &str, characters: usize) -> String {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(end, _)| end);
    text[..end].to_owned()
}

/// An address that is held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    pub(crate) source: String,
    /// The address, as a listing named it.
    pub url: Url,
    /// The reason as a stable code: that of [`NotArticle::code`], [`NOT_A_PAGE`] or [`REFUSED`].
    pub code: String,
    pub(crate) why: String,
    /// When it was first held back; it was not read as an article since.
    pub since: Timestamp,
    /// When it was last held back.
    pub last: Timestamp,
    /// How often it was held back since then.
    pub times: u32,
    /// When it is looked at again; `None` for never, unless it was read once and a listing says that it has changed.
    pub(crate) due: Option<Timestamp>,
    /// Whether an earlier text of it is published, and stays so.
    pub is_published: bool,
    /// What it would have published; `None` if no page came, or if so many were held back later that it was let go.
    pub page: Option<HeldPage>,
}

/// The same in short, for a list of troubles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldBrief {
    pub url: Url,
    /// The reason as a stable code.
    pub code: String,
    pub why: String,
    /// When it was first held back.
    pub since: Timestamp,
    /// The title that it would have had.
    pub title: Option<String>,
}

impl From<Held> for HeldBrief {
    fn from(held: Held) -> Self {
        let title = held.page.and_then(|page| page.title);
        Self { url: held.url, code: held.code, why: held.why, since: held.since, title }
    }
}

impl NotArticle {
    /// A stable code for scripts; the same word as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Listing => "listing",
            Self::ErrorPage => "error-page",
            Self::Challenge => "challenge",
            Self::LoginWall => "login-wall",
            Self::Stranger => "stranger",
            Self::Cut => "cut",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What an operator can do about a page that is held back for the reason with this code.
pub fn mend(code: &str) -> &'static str {
    match code {
        "empty" => {
            "if a browser shows text there, scripts fill the page: name a feed, the API or another listing under [discover]"
        }
        "listing" => {
            "if a browser shows an article there, say with `body` under [article] where its text stands; else all is well"
        }
        "error-page" => {
            "if a browser shows an article there, say with `body` under [article] where its text stands; else wait for the portal"
        }
        "challenge" => {
            "the portal keeps programs out: ask whoever runs it to let this User-Agent in (fetch.user_agent)"
        }
        "login-wall" => "only readers with an account see it: ask whoever runs the portal, or do without",
        "stranger" => {
            "compare page and listing in a browser; if the page is right, say with `title` and `body` under [article] where things stand"
        }
        "cut" => "if the portal has shortened the article, that is believed after the third reading",
        "unreadable" => {
            "open it in a browser and keep the page for a report: it is nested or large beyond all bounds"
        }
        NOT_A_PAGE => {
            "if it is an article, raise fetch.max_body; a file in the place of a page cannot be read"
        }
        REFUSED => "ask whoever runs the portal for leave, or name another listing under [discover]",
        _ => "open it in a browser",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_words_of_json_and_each_has_its_mend() {
        use NotArticle::{Challenge, Cut, Empty, ErrorPage, Listing, LoginWall, Stranger, Unreadable};
        for why in [Empty, Listing, ErrorPage, Challenge, LoginWall, Stranger, Cut, Unreadable] {
            assert_eq!(serde_json::to_string(&why).expect("JSON"), format!("{:?}", why.code()));
            assert_ne!(mend(why.code()), mend("no such code"), "{}", why.code());
        }
        assert_ne!(mend(NOT_A_PAGE), mend("no such code"));
        assert_ne!(mend(REFUSED), mend("no such code"));
    }

    #[test]
    fn what_is_kept_of_a_page_is_bounded_in_letters() {
        let page = HeldPage::glimpsed(Some(&"ậ".repeat(9_000)), &"ộ".repeat(9_000));
        assert_eq!(page.title.map(|title| title.chars().count()), Some(MAX_LINE));
        assert_eq!(page.text.chars().count(), MAX_HELD_TEXT);
    }
}
