//! A page's metadata: title, dates, authors, categories, tags, lead picture, language, addresses.
//!
//! One walk over the document (`walk`, `harvest`) collects everything that may say something; then each value is decided on
//! its own (`title`, `dates`, `authors`, `subjects`, `links`) by rank of origin and, where origins contradict
//! each other, by rules that stand in those files. What classes and names mean is data in `hints`.

mod authors;
mod bits;
mod dates;
mod harvest;
mod heading;
mod hints;
mod json_ld;
mod lenient;
mod links;
mod seen;
mod site;
mod subjects;
#[cfg(test)]
mod tests;
mod title;
mod walk;

use ego_tree::NodeId;
use jiff::Timestamp;
use scraper::Html;
use url::Url;

use super::Context;
use super::date::DateContext;
use crate::html::base_url;
use crate::model::{Found, Page};

/// What a page says of its article. Every text is NFC, its entities decoded once, its white space folded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    /// Title without the site's name.
    pub title: Option<Found<String>>,
    /// Publication time.
    pub published: Option<Found<Timestamp>>,
    /// Whether `published` names a clock time, not a day alone.
    pub published_has_time: bool,
    /// Time of the last change, where the page states one that is later than `published`.
    pub updated: Option<Found<Timestamp>>,
    /// Authors, in the page's order.
    pub authors: Option<Found<Vec<String>>>,
    /// Whom the page credits when that is no person.
    pub credit: Option<String>,
    /// Names of categories, the main one first.
    pub categories: Vec<String>,
    /// The section, as metadata calls it; the first of `categories` where there is one.
    pub section: Option<String>,
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
    /// The site's name.
    pub site_name: Option<String>,
    /// The article's text as schema.org metadata carries it; not to be published, but good evidence of where it stands.
    pub article_body: Option<String>,
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
    let mut harvest = walk::walk(document, context.candidate.and_then(|listed| listed.title.as_deref()));
    let ld = json_ld::read(&harvest.json_ld);
    let site = site::Site::of(&harvest, &ld, page, context);
    let title = title::decide(document, &harvest, &ld, &site, context);
    let language = links::language(&harvest, &ld);
    if title.as_ref().is_some_and(|title| title.chrome) {
        harvest.forget_chrome();
    }
    let anchor = title.as_ref().and_then(|title| title.at);
    let dating = dating(page, context, language.as_deref());
    let dates = dates::decide(document, &harvest, &ld, anchor, &dating, page, context);
    let named = authors::decide(document, &harvest, &ld, &site, anchor, context);
    let base = base_url(document, &page.url);
    let canonical = links::canonical(&harvest, page, &base);
    let (categories, section) =
        subjects::categories(&harvest, &ld, &site, title.as_ref().map(|title| title.found.value.as_str()));
    let heading = title.as_ref().and_then(|title| title.node);
    Meta {
        published: dates.published,
        published_has_time: dates.has_time,
        updated: dates.updated,
        authors: named.authors,
        credit: named.credit,
        categories,
        section,
        tags: subjects::tags(&harvest, &ld),
        image: subjects::image(&harvest, &ld, &base),
        post_id: links::post_id(&harvest, page, &base),
        next_page: links::next_page(&harvest, page, &base, canonical.as_ref()),
        site_name: site.names.first().cloned(),
        kinds: links::kinds(&harvest, &ld),
        title: title.map(|title| title.found),
        article_body: ld.article.body,
        language,
        canonical,
        base_url: Some(base),
        places: Places { title: heading, published: dates.place, author: named.place },
    }
}
