//! Page → draft: metadata, dates, main content, learned template. Pure.

pub mod body;
pub mod byline;
pub mod date;
pub mod meta;
pub mod parse;
pub mod text;

use std::time::Duration;

use jiff::tz::TimeZone;
use url::Url;

use crate::article::{Candidate, Draft, NotArticle, Page, Template};
use crate::config::ArticleRules;

/// What extraction may know besides the page.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Rules of the source file; empty if it has none.
    pub rules: &'a ArticleRules,
    /// The zone that dates without one are read in.
    pub time_zone: &'a TimeZone,
    /// The language to assume where the page names none, BCP 47.
    pub language: &'a str,
    /// The portal's front page.
    pub home: Option<&'a Url>,
    /// The portal's name, to take off titles.
    pub site_name: Option<&'a str>,
    /// What was learned of the source so far.
    pub template: Option<&'a Template>,
    /// What the listing said.
    pub candidate: Option<&'a Candidate>,
    /// How far ahead of the fetch a date may lie and still be believed.
    pub max_future: Duration,
    /// Whether to keep every decision, for `explain`.
    pub explain: bool,
}

/// What one page gives: a draft, and what it teaches of its source's template.
#[derive(Debug)]
pub struct Extracted {
    /// The draft.
    pub draft: Draft,
    /// What `Template::learn` takes.
    pub observation: Observation,
    /// The content as text blocks with a blank line between, captions left out; what the cleaned body reads as.
    pub text: String,
}

/// What a page shows of its source's template.
#[derive(Clone, Debug, Default)]
pub struct Observation {}

/// Reads an article page.
///
/// # Errors
/// Says why the page is no article.
pub fn extract(page: &Page, context: &Context<'_>) -> Result<Extracted, NotArticle> {
    let document = parse::parse(&page.html)?;
    let body = body::find(&document);
    if body.text.is_empty() && !body.html.contains("<img") {
        return Err(NotArticle::Empty);
    }
    let language = Some(context.language.to_owned());
    let draft = Draft { body: body.html, language, ..Draft::default() };
    Ok(Extracted { draft, observation: Observation {}, text: body.text })
}

/// The draft alone.
pub fn draft(page: &Page, context: &Context<'_>) -> Result<Draft, NotArticle> {
    extract(page, context).map(|extracted| extracted.draft)
}
