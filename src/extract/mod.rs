//! Page → draft: metadata, dates, main content, learned template. Pure.

pub mod body;
pub(crate) mod byline;
mod captions;
mod explain;
pub mod main_content;
pub mod meta;
pub mod page;
mod render;
pub(crate) mod sanity;
pub(crate) mod template;
#[cfg(test)]
mod tests;
pub mod text;
pub(crate) mod unparsed;

use std::time::Duration;

use jiff::tz::TimeZone;

use self::main_content::{ContentRequest, MainContent};
use self::meta::Meta;
use self::template::Learned;
use crate::config::ArticleRules;
use crate::html;
use crate::model::{Candidate, Draft, Found, NotArticle, Origin, Page, Template};

/// What extraction may know besides the page.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Rules of the source file; empty if it has none.
    pub rules: &'a ArticleRules,
    /// The zone that dates without one are read in.
    pub time_zone: &'a TimeZone,
    /// The language to assume where the page names none, BCP 47.
    pub language: &'a str,
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

pub use template::Observation;

/// Reads a page as an article whatever it is, and says beside it why it is none, if so: what is held back can be shown
/// with what it would have published.
///
/// # Errors
/// [`NotArticle::Unreadable`] if there is nothing that could be read at all.
fn judged(
    page: &Page,
    context: &Context<'_>,
) -> Result<(Draft, Observation, Option<NotArticle>), NotArticle> {
    let document = html::parse(&page.html)?;
    let meta = meta::read(&document, page, context);
    let request = ContentRequest {
        rules: context.rules,
        title: meta.places.title,
        published: meta.places.published,
        author: meta.places.author,
        explain: context.explain,
        learned: context.template.map(|template| Learned {
            template,
            title: meta.title.as_ref().map(|title| title.value.as_str()),
            page,
        }),
    };
    let mut body = main_content::find(&document, &request);
    let observation = std::mem::take(&mut body.observation);
    let reason = sanity::reject_reason(page, &meta, &body.measure, &body.content);
    Ok((assemble(meta, body, context), observation, reason))
}

/// Puts a draft together. A byline under the text is the portal's own word on who wrote it: it stands over what a
/// template or plug-in put into metadata, but not over a rule.
fn assemble(meta: Meta, body: MainContent, context: &Context<'_>) -> Draft {
    let (mut authors, mut credit) = (meta.authors, meta.credit);
    if let Some(byline) = body.byline {
        let is_ruled = authors.as_ref().is_some_and(|authors| authors.origin == Origin::Rule);
        if !byline.authors.is_empty() && !is_ruled {
            authors = Some(Found::new(byline.authors, Origin::Visible));
        }
        credit = byline.credit.or(credit);
    }
    Draft {
        title: meta.title,
        published: meta.published,
        updated: meta.updated,
        authors,
        credit,
        categories: meta.categories,
        tags: meta.tags,
        image: meta.image,
        language: Some(meta.language.unwrap_or_else(|| context.language.to_owned())),
        canonical: meta.canonical,
        post_id: meta.post_id,
        next_page: meta.next_page,
        base_url: meta.base_url,
        body: body.content,
        decisions: body.decisions,
    }
}
