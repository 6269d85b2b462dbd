//! A page's metadata: title, dates, authors, categories, tags, lead picture, language, addresses.
//!
//! One walk over the document (`walk`, `collected`) collects everything that may say something; then each value is
//! decided on its own (`title`, `dates`, `authors`, `categories`, `links`) by rank of origin and, where origins contradict
//! each other, by rules in those files. What classes and names mean is data in `vocabulary`.

mod attributes;
mod authors;
mod categories;
mod collected;
mod dates;
mod json_ld;
mod json_repair;
mod links;
mod site;
#[cfg(test)]
mod tests;
mod title;
mod visible_dates;
mod vocabulary;
mod walk;

use ego_tree::NodeId;
use jiff::Timestamp;
use scraper::Html;
use url::Url;

use super::Context;
use crate::dates::DateContext;
use crate::html::base_url;
use crate::model::{Found, Page};

/// What a page says of its article. Every text is NFC, its entities decoded once, its white space folded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    /// Title without the site's name.
    pub title: Option<Found<String>>,
    /// Publication time.
    pub published: Option<Found<Timestamp>>,
    /// Time of the last change, where the page states one that is later than `published`.
    pub updated: Option<Found<Timestamp>>,
    /// Authors, in the page's order.
    pub authors: Option<Found<Vec<String>>>,
    /// Whom the page credits when that is no person.
    pub credit: Option<String>,
    /// Names of categories, the main one first.
    pub categories: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// The lead picture.
    pub image: Option<Found<Url>>,
    /// BCP 47 tag of the page's language, if it states one.
    pub language: Option<String>,
    /// `<link rel=canonical>`, else `og:url`; absolute, unchecked.
    pub canonical: Option<Url>,
    /// The portal's post id.
    pub post_id: Option<u64>,
    /// What the page's addresses are relative to.
    pub base_url: Option<Url>,
    /// The next page of the same article.
    pub next_page: Option<Url>,
    /// schema.org types the page claims to be, and OpenGraph's `og:type`, lower case.
    pub kinds: Vec<String>,
    /// Where in the document the visible values stand.
    pub places: Places,
}

/// Where visible metadata stands, so that who takes the body can leave it out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The heading, or other element, that shows the title.
    pub title: Option<NodeId>,
    /// The innermost element that shows the publication date.
    pub published: Option<NodeId>,
    /// The innermost element that shows the author.
    pub author: Option<NodeId>,
}

fn dating<'a>(page: &Page, context: &Context<'a>, language: Option<&'a str>) -> DateContext<'a> {
    let language = language.unwrap_or(context.language);
    DateContext { zone: context.time_zone, fetched: page.said, language, max_future: context.max_future }
}

/// Reads a page's metadata. Rules of the source file win; where one finds nothing, the page is read as if there were
/// none.
pub fn read(document: &Html, page: &Page, context: &Context<'_>) -> Meta {
    let listed = context.candidate.and_then(|candidate| candidate.title.as_deref());
    let mut collected = walk::walk(document, listed);
    let ld = json_ld::read(&collected.json_ld);
    let site = site::Site::of(&collected, &ld, page, context);
    let title = title::decide(document, &collected, &ld, &site, context);
    let language = links::language(&collected, &ld);
    if title.as_ref().is_some_and(|title| title.chrome) {
        collected.forget_chrome();
    }
    let anchor = title.as_ref().and_then(|title| title.at);
    let dating = dating(page, context, language.as_deref());
    let dates = dates::decide(document, &collected, &ld, anchor, &dating, page, context);
    let named = authors::decide(document, &collected, &ld, &site, anchor, context);
    let base = base_url(document, &page.url);
    let canonical = links::canonical(&collected, page, &base);
    let said = title.as_ref().map(|title| title.found.value.as_str());
    let categories = categories::categories(&collected, &ld, &site, said);
    let heading = title.as_ref().and_then(|title| title.node);
    Meta {
        published: dates.published,
        updated: dates.updated,
        authors: named.authors,
        credit: named.credit,
        categories,
        tags: categories::tags(&collected, &ld),
        image: categories::image(&collected, &ld, &base),
        post_id: links::post_id(&collected, page, &base),
        next_page: links::next_page(&collected, page, &base, canonical.as_ref()),
        kinds: links::kinds(&collected, &ld),
        title: title.map(|title| title.found),
        language,
        canonical,
        base_url: Some(base),
        places: Places { title: heading, published: dates.place, author: named.place },
    }
}
