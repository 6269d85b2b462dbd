//! Fetching what there is to learn from: front page, doors, sections, article pages. The only part with effects, all of
//! them through the [`Fetcher`], which keeps to robots.txt and pace. Everything is bounded by number.

mod articles;
mod front;
mod menu;
mod methods;
mod sections;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use super::LearnError;
use super::material::{Answer, Material, Section, Specimen, Tried};
use crate::discover::{Context, ReadDate, autodiscovery};
use crate::extract::date;
use crate::fetch::{Accept, FetchError, Fetched, Fetcher, Request};
use crate::model::{Document, Page};

/// Hears what is being looked at.
pub type Watch<'a> = &'a (dyn Fn(&str) + Sync);

/// One look at a portal.
pub(super) struct Gatherer<'a> {
    fetcher: &'a Fetcher,
    watch: Watch<'a>,
    /// The zone that dates are read in until the portal's own is known: learning compares them with each other only.
    zone: TimeZone,
    home: Url,
    tried: Vec<Tried>,
}

/// Fetches everything, at most `pages` article pages.
pub(super) async fn gather(
    fetcher: &Fetcher,
    asked: &Url,
    pages: usize,
    watch: Watch<'_>,
) -> Result<Material, LearnError> {
    let (home, front) = front::fetch(fetcher, asked, watch).await?;
    let mut gatherer = Gatherer { fetcher, watch, zone: TimeZone::UTC, home, tried: Vec::new() };
    let advertised = match gatherer.read(|context| autodiscovery::find(&front, context)) {
        Ok(advertised) => advertised,
        Err(error) => {
            gatherer.note(&front.url, error.why());
            return Err(gatherer.nothing());
        }
    };
    gatherer.zone = super::place::presumed(&gatherer.home, advertised.language.as_deref());
    let api = gatherer.api(&advertised).await;
    let feeds = gatherer.feeds(&advertised).await;
    let sitemaps = gatherer.sitemaps(&advertised).await;
    let sections = gatherer.sections(&front, &advertised).await;
    let specimens = gatherer.articles(&api, &feeds, &sitemaps, &sections, pages).await;
    if specimens.is_empty() {
        return Err(gatherer.nothing());
    }
    let Gatherer { home, zone, tried, .. } = gatherer;
    Ok(Material {
        asked: asked.clone(),
        home,
        zone,
        front,
        advertised,
        api,
        feeds,
        sitemaps,
        sections,
        specimens,
        tried,
    })
}

impl Gatherer<'_> {
    fn nothing(self) -> LearnError {
        LearnError::NoArticle { home: Box::new(self.home), tried: self.tried, advice: super::ADVICE }
    }

    fn note(&mut self, url: &Url, outcome: impl Into<String>) {
        let outcome = outcome.into();
        // Messages begin with the address, which stands beside them anyway.
        let told = outcome.split_once(' ').filter(|(first, _)| first.starts_with("http"));
        let outcome = told.map_or(outcome.as_str(), |(_, rest)| rest).to_owned();
        self.tried.push(Tried { url: url.clone(), outcome });
    }

    /// Reads something with the dates of a portal in the presumed zone.
    fn read<T>(&self, read: impl FnOnce(&Context<'_>) -> T) -> T {
        let dates = date_reader(&self.zone);
        read(&context(&self.home, &self.zone, &dates))
    }

    /// Fetches a document; a failure is noted of `root`, below which `url` is.
    async fn document(&mut self, root: &Url, url: Url, accept: Accept) -> Option<Document> {
        (self.watch)(url.as_str());
        match self.fetcher.document(&Request::new(url, accept)).await {
            Ok(fetched) => fetched.into_new(),
            Err(error) => {
                self.failed(root, &error);
                None
            }
        }
    }

    async fn page(&mut self, url: &Url) -> Option<Page> {
        (self.watch)(url.as_str());
        match self.fetcher.page(&Request::page(url.clone())).await {
            Ok(Fetched::New(page)) => Some(page),
            Ok(Fetched::NotModified(_)) => None,
            Err(error) => {
                self.failed(url, &error);
                None
            }
        }
    }

    fn failed(&mut self, url: &Url, error: &FetchError) {
        let outcome = match error {
            FetchError::Gone { status, .. } => format!("not there ({status})"),
            _ => error.why(),
        };
        self.note(url, outcome);
    }
}

/// Reads dates as extraction reads them in pages.
pub(super) fn date_reader(zone: &TimeZone) -> impl Fn(&str, Timestamp) -> Option<Timestamp> + Sync + '_ {
    move |text, fetched| {
        let context = date::DateContext { zone, fetched, language: "", max_future: super::MAX_FUTURE };
        date::read(text, &context).map(|read| read.at)
    }
}

/// The context of discovery, for a mixed listing.
pub(super) fn context<'a>(home: &'a Url, zone: &'a TimeZone, read_date: ReadDate<'a>) -> Context<'a> {
    Context { home, time_zone: zone, read_date, category: None }
}
