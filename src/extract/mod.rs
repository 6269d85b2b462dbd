//! Page → draft: metadata, dates, main content, learned template. Pure.

pub mod body;
pub mod byline;
pub mod date;
mod furnish;
pub mod meta;
pub mod parse;
pub mod template;
pub mod text;

use std::time::Duration;

use jiff::tz::TimeZone;
use url::Url;

use crate::article::{Candidate, Draft, NotArticle, Page, Template};
use crate::config::ArticleRules;
use body::Finding;
use furnish::Room;
use meta::Meta;
use scraper::Html;
use template::{General, Verdict};

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
    /// What did not go as the rules wanted.
    pub notes: Vec<String>,
}

pub use template::Observation;

/// Reads an article page.
///
/// # Errors
/// Says why the page is no article.
pub fn extract(page: &Page, context: &Context<'_>) -> Result<Extracted, NotArticle> {
    let document = parse::parse(&page.html)?;
    let meta = meta::read(&document, page, context);
    let mut found = body::find(&document);
    let observation = learned(&document, &mut found, &meta, page, context);
    let (arena, likely) = (&found.arena, &found.likely[..]);
    let mut room = Room { document: &document, arena, likely, meta: &meta, keep: found.keep, notes: Vec::new() };
    let byline = furnish::furnish(&mut room, context);
    let (keep, notes) = (room.keep, room.notes);
    let text = body::text(arena, &keep);
    let body = body::render::render(&document, arena, &keep);
    if body.is_empty() {
        return Err(NotArticle::Empty);
    }
    let draft = furnish::draft(meta, byline, body, context);
    Ok(Extracted { draft, observation, text, notes })
}

/// Lets the learned template have its say on what was found.
fn learned(document: &Html, found: &mut Finding, meta: &Meta, page: &Page, context: &Context<'_>) -> Observation {
    let Some(template) = context.template else { return Observation::default() };
    let title = meta.title.as_ref().map(|title| title.value.as_str());
    let general = General { kept: &found.keep.blocks, likely: &found.likely };
    let opinion = template::consult(template, document, &found.arena, general, title, page);
    for (block, verdict) in opinion.verdicts.iter().enumerate() {
        match verdict {
            Some(Verdict::Drop(_)) => found.keep.blocks[block] = false,
            Some(Verdict::Keep(_)) => found.keep.blocks[block] = true,
            None => {}
        }
    }
    opinion.observation
}

/// The draft alone.
pub fn draft(page: &Page, context: &Context<'_>) -> Result<Draft, NotArticle> {
    extract(page, context).map(|extracted| extracted.draft)
}
