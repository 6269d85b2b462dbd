//! The pages of one article: extracted and joined, and kept for reading them again without the portal.

use jiff::Timestamp;
use url::Url;

use crate::clean::{self, Cleaned};
use crate::config::Source;
use crate::extract::{self, Observation};
use crate::model::{Candidate, Draft, NotArticle, Page, Template};

/// Parts a kept text into its pages. HTML has no such character (HTML Standard, section 13.1.4): one that a page holds
/// all the same is left out.
const PART: char = '\0';

/// What the pages of an article were read as.
#[derive(Debug)]
pub struct Read {
    /// The first page.
    pub page: Page,
    /// The draft of all pages.
    pub draft: Draft,
    /// The clean body of all pages.
    pub cleaned: Cleaned,
    /// What its pages teach of the template.
    pub observation: Observation,
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
    let context = extract::Context {
        rules: &source.article,
        time_zone: &source.time_zone,
        language: &source.language,
        site_name: Some(&source.title),
        template: Some(template),
        candidate: Some(candidate),
        max_future: source.article.max_future,
        explain,
    };
    let (extracted, doubt) = match extract::judged(&page, &context) {
        Ok(judged) => judged,
        Err(why) => return Err(Refusal { why, read: Err(Box::new(page)) }),
    };
    let pictures: Vec<Url> = extracted.draft.image.iter().map(|image| image.value.clone()).collect();
    let base = extracted.draft.base_url.as_ref().unwrap_or(&page.url);
    let cleaned = clean::clean(&extracted.draft.body, base, &clean::Options { pictures: &pictures });
    let (draft, observation) = (extracted.draft, extracted.observation);
    let read = Read { page, draft, cleaned, observation, more: Vec::new() };
    match doubt {
        None => Ok(read),
        Some(why) => Err(Refusal { why, read: Ok(Box::new(read)) }),
    }
}

/// Joins the next page of an article to what was read so far.
pub fn append(read: &mut Read, next: Read) {
    let (body, rest) = (&mut read.cleaned, next.cleaned);
    body.html.push_str(&rest.html);
    body.text = format!("{}\n\n{}", body.text, rest.text).trim().to_owned();
    body.images.extend(rest.images);
    body.attachments.extend(rest.attachments);
    body.words += rest.words;
    // The byline stands on the last page.
    read.draft.authors = next.draft.authors.or(read.draft.authors.take());
    read.draft.credit = next.draft.credit.or(read.draft.credit.take());
    read.draft.decisions.extend(next.draft.decisions);
    read.observation.join(next.observation);
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
