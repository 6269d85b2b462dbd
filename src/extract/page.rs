//! Page → article content: the only way to read a page. Everybody who reads one goes through here (the daemon, `extract`,
//! `learn`, replay, tests), so that a page is published in one form only.

use std::slice;

use jiff::tz::TimeZone;

use super::{Context, Observation, judged};
use crate::clean::{self, Cleaned};
use crate::config::{ArticleRules, Source};
use crate::model::{Draft, Image, NotArticle, Page};

/// Titles are cut at a word where they are longer. The longest seen on such portals are near 300 characters.
const MAX_TITLE_CHARS: usize = 500;

/// What a page was read as, before it has an identity.
#[derive(Debug)]
pub struct ExtractedArticle {
    /// Metadata, and the body before cleaning.
    pub draft: Draft,
    /// The body as it is published, with its own pictures only.
    pub cleaned: Cleaned,
    /// What the page teaches of its source's template.
    pub observation: Observation,
}

/// A page that is no article, with what it would have been read as.
#[derive(Debug)]
pub struct Refusal {
    /// Why it is no article.
    pub why: NotArticle,
    /// `None` if the page could not be read at all.
    pub article: Option<Box<ExtractedArticle>>,
}

impl From<Refusal> for NotArticle {
    fn from(refusal: Refusal) -> Self {
        refusal.why
    }
}

/// Reads an article page: extracts it and cleans the body.
///
/// # Errors
/// Says why the page is no article, and what it would have been.
pub fn read(page: &Page, context: &Context<'_>) -> Result<ExtractedArticle, Refusal> {
    let (mut draft, observation, reason) =
        judged(page, context).map_err(|why| Refusal { why, article: None })?;
    if let Some(title) = &mut draft.title {
        title.value = shorten_title(&title.value);
    }
    // The lead picture proves that the original exists of which the body may show a small rendition.
    let pictures = draft.image.as_ref().map_or(&[][..], |image| slice::from_ref(&image.value));
    let base = draft.base_url.as_ref().unwrap_or(&page.url);
    let cleaned = clean::clean(&draft.body, base, &clean::Options { pictures });
    let reason = reason.or(cleaned.html.is_empty().then_some(NotArticle::Empty));
    let article = ExtractedArticle { draft, cleaned, observation };
    match reason {
        None => Ok(article),
        Some(why) => Err(Refusal { why, article: Some(Box::new(article)) }),
    }
}

impl ExtractedArticle {
    /// Joins the next page of the same article.
    pub fn append(&mut self, next: Self) {
        let (body, rest) = (&mut self.cleaned, next.cleaned);
        body.html.push_str(&rest.html);
        body.text = format!("{}\n\n{}", body.text, rest.text).trim().to_owned();
        body.images.extend(rest.images);
        body.attachments.extend(rest.attachments);
        body.words += rest.words;
        // The byline stands on the last page.
        self.draft.authors = next.draft.authors.or(self.draft.authors.take());
        self.draft.credit = next.draft.credit.or(self.draft.credit.take());
        self.draft.decisions.extend(next.draft.decisions);
        self.observation.join(next.observation);
    }

    /// The pictures that are published with it: the lead picture first; where the body has none, a lead picture that only
    /// the page's head names stands for them.
    pub fn images(&self) -> Vec<Image> {
        let mut images = self.cleaned.images.clone();
        if let Some(lead) = &self.draft.image {
            let (url, alt) = (lead.value.clone(), String::new());
            match images.iter().position(|image| image.url == url) {
                Some(at) => images[..=at].rotate_right(1),
                None if images.is_empty() => {
                    images.push(Image { url, alt, width: None, height: None, caption: None })
                }
                None => {}
            }
        }
        images
    }

    /// Draft and body as they are published.
    pub fn into_published(self) -> (Draft, Cleaned) {
        let images = self.images();
        (self.draft, Cleaned { images, ..self.cleaned })
    }
}

/// Cuts a title that is too long at a word.
pub fn shorten_title(title: &str) -> String {
    let title = title.trim();
    let Some((end, _)) = title.char_indices().nth(MAX_TITLE_CHARS) else { return title.to_owned() };
    let cut = title[..end].rfind(' ').unwrap_or(end);
    format!("{} …", &title[..cut])
}

impl<'a> Context<'a> {
    /// What is known of every page of a source.
    pub fn of_source(source: &'a Source) -> Self {
        Self {
            language: &source.language,
            site_name: Some(&source.title),
            ..Self::new(&source.article, &source.time_zone)
        }
    }

    /// What is known of a page whose source is not.
    pub fn new(rules: &'a ArticleRules, time_zone: &'a TimeZone) -> Self {
        Self {
            rules,
            time_zone,
            language: "",
            site_name: None,
            template: None,
            candidate: None,
            max_future: rules.max_future,
            explain: false,
        }
    }
}
