//! Fetching what there is to learn from: front page, discovery methods, sections, article pages. The only part with effects, all of
//! them through the [`Fetcher`], which keeps to robots.txt and pace. Everything is bounded by number.

mod articles;
mod front;
mod menu;
mod methods;
mod sections;

use jiff::tz::TimeZone;
use url::Url;

use super::LearnError;
use super::portal_sample::{MethodSample, PageSample, PortalSample, Section, Tried};
use crate::config::ArticleRules;
use crate::crawl::{AskError, Asker};
use crate::discover::autodiscovery;
use crate::fetch::{FetchError, Fetcher};
use crate::model::{Page, Validators};

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
) -> Result<PortalSample, LearnError> {
    let (home, front) = front::fetch(fetcher, asked, watch).await?;
    let mut gatherer = Gatherer { fetcher, watch, zone: TimeZone::UTC, home, tried: Vec::new() };
    let advertised = match gatherer.asker().read(None, |context| autodiscovery::find(&front, context)) {
        Ok(advertised) => advertised,
        Err(error) => {
            gatherer.note(&front.url, error.why());
            return Err(gatherer.nothing());
        }
    };
    gatherer.zone = super::locale::presumed(&gatherer.home, advertised.language.as_deref());
    let api = gatherer.api(&advertised).await;
    let feeds = gatherer.feeds(&advertised).await;
    let sitemaps = gatherer.sitemaps(&advertised).await;
    let sections = gatherer.sections(&front, &advertised).await;
    let page_samples = gatherer.articles(&api, &feeds, &sitemaps, &sections, pages).await;
    if page_samples.is_empty() {
        return Err(gatherer.nothing());
    }
    let Gatherer { home, zone, tried, .. } = gatherer;
    Ok(PortalSample {
        asked: asked.clone(),
        home,
        zone,
        front,
        advertised,
        api,
        feeds,
        sitemaps,
        sections,
        page_samples,
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

    /// Asks the portal with its dates read in the presumed zone.
    fn asker(&self) -> Asker<'_> {
        Asker::new(self.fetcher, &self.home, &self.zone, ArticleRules::default().max_future)
    }

    async fn page(&mut self, url: &Url) -> Option<Page> {
        (self.watch)(url.as_str());
        let answer = self.asker().page(url, Validators::default()).await;
        self.noted(url, answer.map_err(AskError::from))?.into_new()
    }

    /// What came, or nothing with a note of why.
    fn noted<T>(&mut self, url: &Url, answer: Result<T, AskError>) -> Option<T> {
        let outcome = match answer {
            Ok(answer) => return Some(answer),
            Err(AskError::Fetch(FetchError::Gone { status, .. })) => format!("not there ({status})"),
            Err(AskError::Fetch(error)) => error.why(),
            Err(AskError::Content(_, why)) => why,
        };
        self.note(url, outcome);
        None
    }
}
