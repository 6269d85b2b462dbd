//! Extraction without state: a page in, an article out. What `tinsach extract` runs.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::{ArticleRules, Config, Source};
use crate::discover::site;
use crate::extract::Context;
use crate::extract::page::{self, ExtractedArticle};
use crate::fetch::{Fetched, Fetcher, Request, charset};
use crate::model::{Attachment, Image, NotArticle, Page, Template};

/// A page to read.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// The caller's name for it.
    pub id: String,
    /// Where it stood; relative links are left out of the result if it is not known.
    #[serde(default)]
    pub url: Option<String>,
    /// The page.
    pub html: String,
}

/// What was read.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Record {
    /// The caller's name for the page.
    pub(crate) id: String,
    /// The canonical address.
    pub(crate) url: Option<String>,
    /// Title without the site's name.
    pub title: Option<String>,
    /// Publication time, RFC 3339 in the source's zone.
    pub(crate) published: Option<String>,
    /// Time of the last change.
    pub(crate) updated: Option<String>,
    /// Authors, joined by commas; whom the text is credited to where nobody is named.
    pub(crate) author: Option<String>,
    pub(crate) category: Option<String>,
    /// The blocks in reading order with one blank line between.
    pub(crate) text: String,
    /// The cleaned body with its figures.
    pub html: String,
    /// The pictures that are published with it, the lead picture first.
    pub images: Vec<Image>,
    pub(crate) attachments: Vec<Attachment>,
    /// Why there is no article, if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_article: Option<String>,
}

/// Reads pages by what the configuration knows of their sources, and by evidence alone elsewhere.
pub struct Reader<'a> {
    config: &'a Config,
    template: Option<Template>,
    no_rules: ArticleRules,
    no_zone: TimeZone,
    now: Timestamp,
}

impl<'a> Reader<'a> {
    /// A reader that has learned nothing yet. `now` is what relative dates count from.
    pub fn new(config: &'a Config, now: Timestamp) -> Self {
        Self { config, template: None, no_rules: ArticleRules::default(), no_zone: TimeZone::UTC, now }
    }

    /// Opens a file, a .gz file or a URL.
    ///
    /// # Errors
    /// If it cannot be read, with its name.
    pub(crate) async fn open(&self, name: &str) -> anyhow::Result<Input> {
        if name.starts_with("http://") || name.starts_with("https://") {
            let url = Url::parse(name).with_context(|| format!("{name} is no URL"))?;
            let fetched = Fetcher::new(&self.config.fetch)?.page(&Request::page(url)).await?;
            let Fetched::New(page) = fetched else {
                bail!("the server says that nothing has changed since a visit we never made")
            };
            return Ok(Input { id: name.to_owned(), url: Some(page.url.to_string()), html: page.html });
        }
        let bytes = std::fs::read(name).with_context(|| format!("cannot read {name}"))?;
        let bytes = if Path::new(name).extension().is_some_and(|extension| extension == "gz") {
            self.unpack(&bytes)?
        } else {
            bytes
        };
        Ok(Input { id: name.to_owned(), url: None, html: charset::decode(&bytes, None, None).text })
    }

    fn unpack(&self, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
        let limit = self.config.fetch.max_body;
        let mut plain = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes)
            .take(limit + 1)
            .read_to_end(&mut plain)
            .context("the gzip file is broken")?;
        if plain.len() as u64 > limit {
            bail!("unpacked it is larger than fetch.max_body ({limit} bytes)");
        }
        Ok(plain)
    }

    /// Learns the template of the site that the page belongs to.
    pub(crate) fn learn(&mut self, input: &Input) {
        self.template.get_or_insert_default();
        if let Ok((_, article)) = self.extract(input)
            && let Some(template) = &mut self.template
        {
            template.learn(&article.observation);
        }
    }

    /// Reads a page.
    ///
    /// # Errors
    /// Says why it is no article.
    pub fn read(&self, input: &Input) -> Result<Record, NotArticle> {
        let (page, article) = self.extract(input)?;
        let (draft, cleaned) = article.into_published();
        let zone = self.source_of(&page).map_or(self.no_zone.clone(), |source| source.time_zone.clone());
        let local =
            |at: Timestamp| at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        Ok(Record {
            id: input.id.clone(),
            url: draft.canonical.map(String::from).or_else(|| input.url.clone()),
            title: draft.title.map(|found| found.value),
            published: draft.published.map(|found| local(found.value)),
            updated: draft.updated.map(|found| local(found.value)),
            author: draft.authors.map(|found| found.value.join(", ")).or(draft.credit),
            category: draft.categories.into_iter().next(),
            text: cleaned.text,
            html: cleaned.html,
            images: cleaned.images,
            attachments: cleaned.attachments,
            not_article: None,
        })
    }

    /// The same, with an empty record that says why where there is no article.
    pub fn read_or_say_why(&self, input: &Input) -> Record {
        self.read(input).unwrap_or_else(|why| Record {
            id: input.id.clone(),
            url: input.url.clone(),
            not_article: Some(why.to_string()),
            ..Record::default()
        })
    }

    fn extract(&self, input: &Input) -> Result<(Page, ExtractedArticle), NotArticle> {
        let nowhere = || Url::parse("http://localhost/").expect("a constant URL");
        let url = input.url.as_deref().and_then(|url| Url::parse(url).ok()).unwrap_or_else(nowhere);
        let page = Page::offline(url, input.html.clone(), self.now);
        let source = self.source_of(&page);
        let known = source.map_or_else(|| Context::new(&self.no_rules, &self.no_zone), Context::of_source);
        let article = page::read(&page, &Context { template: self.template.as_ref(), ..known })?;
        Ok((page, article))
    }

    fn source_of(&self, page: &Page) -> Option<&'a Source> {
        self.config.sources.iter().find(|source| site::is_within(&page.url, &source.home))
    }
}
