//! The pages of one article: extracted and joined, and kept for reading them again without the portal.

use jiff::Timestamp;
use url::Url;

use crate::config::Source;
use crate::extract::Context;
use crate::extract::page::{self, ExtractedArticle};
use crate::model::{Candidate, NotArticle, Page, Template};

/// Parts a kept text into its pages. HTML has no such character (HTML Standard, section 13.1.4): one that a page holds
/// all the same is left out.
const PART: char = '\0';

/// What the pages of an article were read as.
#[derive(Debug)]
pub struct Read {
    /// The first page.
    pub page: Page,
    /// What all pages together were read as.
    pub article: ExtractedArticle,
    /// The pages after the first.
    pub more: Vec<Page>,
}

/// A page that is no article, with what was made of it all the same.
#[derive(Debug)]
pub struct Refusal {
    /// Why it is no article.
    pub why: NotArticle,
    /// What it was read as; the page itself, if it could not be read at all.
    pub read: Result<Box<Read>, Box<Page>>,
}

impl From<Refusal> for NotArticle {
    fn from(refusal: Refusal) -> Self {
        refusal.why
    }
}

/// Reads one page. Pure, but processor work: not for a runtime's worker.
///
/// # Errors
/// Says why it is no article, and what it would have been.
pub fn read_page(
    source: &Source,
    candidate: &Candidate,
    page: Page,
    template: &Template,
    explain: bool,
) -> Result<Read, Refusal> {
    let context = Context {
        template: Some(template),
        candidate: Some(candidate),
        explain,
        ..Context::of_source(source)
    };
    match page::read(&page, &context) {
        Ok(article) => Ok(Read { page, article, more: Vec::new() }),
        Err(page::Refusal { why, article: Some(article) }) => {
            Err(Refusal { why, read: Ok(Box::new(Read { page, article: *article, more: Vec::new() })) })
        }
        Err(page::Refusal { why, article: None }) => Err(Refusal { why, read: Err(Box::new(page)) }),
    }
}

/// Joins the next page of an article to what was read so far.
pub fn append(read: &mut Read, next: Read) {
    read.article.append(next.article);
    read.more.push(next.page);
}

/// All pages as one text for the store.
pub fn pack(read: &Read) -> String {
    let clean = |html: &str| html.replace(PART, "");
    let more = read.more.iter().map(|page| format!("{PART}{}{PART}{}", page.url, clean(&page.html)));
    clean(&read.page.html) + &more.collect::<String>()
}

/// The pages that [`pack`] made a text of.
pub fn unpack(url: Url, text: &str, fetched: Timestamp) -> Vec<Page> {
    let mut parts = text.split(PART);
    let mut pages = vec![Page::offline(url, parts.next().unwrap_or_default().to_owned(), fetched)];
    while let (Some(url), Some(html)) = (parts.next(), parts.next()) {
        pages.extend(Url::parse(url).map(|url| Page::offline(url, html.to_owned(), fetched)));
    }
    pages
}

/// Reads kept pages again, as one article.
///
/// # Errors
/// Says why they are none.
pub fn read_kept(
    source: &Source,
    candidate: &Candidate,
    pages: Vec<Page>,
    template: &Template,
    explain: bool,
) -> Result<Read, NotArticle> {
    let mut pages = pages.into_iter();
    let first = pages.next().ok_or(NotArticle::Empty)?;
    let mut read = read_page(source, candidate, first, template, explain)?;
    for page in pages {
        append(&mut read, read_page(source, candidate, page, template, explain)?);
    }
    Ok(read)
}
