//! What each discovery method of a source answers now, without a store: nothing is entered anywhere. One request each, so
//! that a look costs the portal little; a visit follows the same methods further ([`super::ladder`]).

use url::Url;

use super::discovery_state::DiscoveryState;
use super::ladder::{context, date_reader};
use super::{Pipeline, Report};
use crate::config::{Listing, Setting, Source};
use crate::discover::autodiscovery::{self, Advertised};
use crate::discover::{Context, feed, listing, merge, site, sitemap, wp_json};
use crate::fetch::{Accept, FetchError, Fetched, Request};
use crate::model::{Candidate, Cause, DiscoveryMethod, Document, Page};

/// Posts of the WordPress API that are asked for.
const POSTS: u32 = 20;
/// Feeds of one portal that are asked without having been named.
const MAX_FEEDS: usize = 5;
/// Usual addresses of a feed or sitemap that are tried where none is advertised.
const MAX_GUESSES: usize = 3;
/// Why a document has nothing to say to an unconditional request.
const UNEXPECTED_304: &str = "the server says that nothing has changed, though nothing was known";

/// What the discovery methods of a source answered.
pub struct Probe {
    /// Each address that was asked, with what came; its outcome is that of a visit.
    pub report: Report,
    /// The articles that were named, the newest first.
    pub candidates: Vec<Candidate>,
    /// Addresses that could not be fetched now and may answer another time.
    pub may_pass: Vec<Url>,
}

impl Pipeline {
    /// Asks each discovery method of a source once. `memory` is what earlier visits found out ([`DiscoveryState`] as text).
    pub async fn probe(&self, source: &Source, memory: Option<&str>) -> Probe {
        let report = Report::begin(&source.id, self.clock.now());
        let memory = DiscoveryState::from_text(memory);
        let mut prober = Prober {
            pipeline: self,
            source,
            memory,
            report,
            advertised: None,
            front: None,
            named: Vec::new(),
            may_pass: Vec::new(),
        };
        prober.autodiscover().await;
        prober.wp_json().await;
        prober.feeds().await;
        prober.sitemaps().await;
        prober.listings().await;
        let mut candidates = merge::merge(prober.named);
        candidates.reverse();
        // What has no date stands last in the order of commits, and yet is not news.
        candidates.sort_by_key(|candidate| candidate.published.or(candidate.updated).is_none());
        let may_pass = prober.may_pass;
        Probe { report: prober.report.finish(self.clock.now()), candidates, may_pass }
    }
}

struct Prober<'a> {
    pipeline: &'a Pipeline,
    source: &'a Source,
    memory: DiscoveryState,
    report: Report,
    advertised: Option<Advertised>,
    front: Option<Page>,
    named: Vec<Candidate>,
    may_pass: Vec<Url>,
}

impl Prober<'_> {
    /// Reads something with the dates of the source.
    fn read<T>(&self, category: Option<&str>, read: impl FnOnce(&Context<'_>) -> T) -> T {
        let dates = date_reader(self.source);
        read(&context(self.source, category, &dates))
    }

    fn answered(&mut self, method: DiscoveryMethod, url: &Url, candidates: Vec<Candidate>) -> bool {
        self.report.answered(method, url, Some(candidates.len()));
        self.named.extend(candidates);
        true
    }

    fn refused(&mut self, method: DiscoveryMethod, url: &Url, why: &impl ToString, wanted: bool) -> bool {
        // Who can mend it is not asked here: the words are shown.
        self.report.refused(method, url, (Cause::Broken, why.to_string()), wanted);
        false
    }

    fn failed(&mut self, url: &Url, error: &FetchError) -> String {
        if matches!(error, FetchError::Later { .. }) {
            self.may_pass.push(url.clone());
        }
        error.why_of(url)
    }

    async fn document(&mut self, url: &Url, accept: Accept) -> Result<Document, String> {
        self.report.requests += 1;
        match self.pipeline.fetcher.document(&Request::new(url.clone(), accept)).await {
            Ok(Fetched::New(document)) => Ok(document),
            Ok(Fetched::NotModified(_)) => Err(UNEXPECTED_304.to_owned()),
            Err(error) => Err(self.failed(url, &error)),
        }
    }

    async fn page(&mut self, url: &Url) -> Result<Page, String> {
        self.report.requests += 1;
        match self.pipeline.fetcher.page(&Request::page(url.clone())).await {
            Ok(Fetched::New(page)) => Ok(page),
            Ok(Fetched::NotModified(_)) => Err(UNEXPECTED_304.to_owned()),
            Err(error) => Err(self.failed(url, &error)),
        }
    }

    /// Fetches the front page, if a method is to be found out or `[discover]` says nothing that could be asked.
    async fn autodiscover(&mut self) {
        let discover = &self.source.discover;
        let is_settled = matches!(discover.feeds, Setting::Use(_) | Setting::Forbidden)
            && matches!(discover.wp_json, Setting::Forbidden)
            && matches!(discover.listings, Setting::Use(_) | Setting::Forbidden);
        if is_settled {
            return;
        }
        let home = self.source.home.clone();
        match self.page(&home).await {
            Ok(page) => match self.read(None, |context| autodiscovery::find(&page, context)) {
                Ok(advertised) => (self.advertised, self.front) = (Some(advertised), Some(page)),
                Err(error) => _ = self.refused(DiscoveryMethod::Listing, &home, &error, false),
            },
            Err(why) => _ = self.refused(DiscoveryMethod::Listing, &home, &why, false),
        }
    }

    async fn wp_json(&mut self) {
        let wanted = match self.source.discover.wp_json {
            Setting::Forbidden => return,
            Setting::Use(()) => true,
            Setting::Find => false,
        };
        let advertised = self.advertised.as_ref().and_then(|advertised| advertised.wp_api.clone());
        let generator = self.advertised.as_ref().and_then(|advertised| advertised.generator.as_deref());
        let is_wordpress = generator.is_some_and(|name| name.starts_with("WordPress"));
        let roots = match advertised.or(self.memory.wp_api.clone()) {
            Some(root) => vec![root],
            None if wanted || is_wordpress => wp_json::roots(&self.source.home),
            None => return,
        };
        for root in roots {
            let url = wp_json::Request::first_page(&root, POSTS).url();
            let read = match self.document(&url, Accept::Json).await {
                Ok(document) => self
                    .read(None, |context| wp_json::posts(&document, context, &wp_json::Names::new()))
                    .map_err(|error| error.to_string()),
                Err(why) => Err(why),
            };
            let answers = match read {
                Ok(posts) => self.answered(DiscoveryMethod::WpJson, &url, posts.candidates),
                Err(why) => self.refused(DiscoveryMethod::WpJson, &url, &why, false),
            };
            if answers {
                return;
            }
        }
    }

    async fn feeds(&mut self) {
        let found = self.advertised.as_ref().map(|advertised| advertised.feeds.clone()).unwrap_or_default();
        let (feeds, wanted) = match &self.source.discover.feeds {
            Setting::Forbidden => return,
            Setting::Use(feeds) => (feeds.clone(), true),
            Setting::Find if !found.is_empty() => (found.into_iter().take(MAX_FEEDS).collect(), true),
            Setting::Find if !self.memory.feeds.is_empty() => (self.memory.feeds.clone(), true),
            Setting::Find => {
                (autodiscovery::usual_feeds(&self.source.home).into_iter().take(MAX_GUESSES).collect(), false)
            }
        };
        for url in feeds {
            let read = match self.document(&url, Accept::Feed).await {
                Ok(document) => self
                    .read(None, |context| feed::read(&document, context))
                    .map_err(|error| error.to_string()),
                Err(why) => Err(why),
            };
            let answers = match read {
                Ok(read) => self.answered(DiscoveryMethod::Feed, &url, read.candidates),
                Err(why) => self.refused(DiscoveryMethod::Feed, &url, &why, wanted),
            };
            if answers && !wanted {
                return;
            }
        }
    }

    /// The first sitemap that answers, and of an index the file that changed last.
    async fn sitemaps(&mut self) {
        if self.source.discover.sitemap == Setting::Forbidden {
            return;
        }
        let home = &self.source.home;
        let rules = self.pipeline.fetcher.robots(home).await;
        let named = rules.map(|rules| rules.sitemaps()).unwrap_or_default();
        let mut roots: Vec<Url> = named.into_iter().filter(|url| site::is_within(url, home)).collect();
        if roots.is_empty() {
            roots.clone_from(&self.memory.sitemaps);
        }
        let is_named = !roots.is_empty();
        if !is_named {
            roots = autodiscovery::usual_sitemaps(home).into_iter().take(MAX_GUESSES).collect();
        }
        for root in roots {
            if let Some(children) = self.sitemap(&root, is_named).await {
                let newest = children.into_iter().max_by_key(|(_, changed)| *changed);
                if let Some((child, _)) = newest {
                    self.sitemap(&child, true).await;
                }
                return;
            }
        }
    }

    async fn sitemap(&mut self, url: &Url, wanted: bool) -> Option<Vec<(Url, Option<jiff::Timestamp>)>> {
        let read = match self.document(url, Accept::Sitemap).await {
            Ok(document) => self
                .read(None, |context| sitemap::read(&document, context))
                .map_err(|error| error.to_string()),
            Err(why) => Err(why),
        };
        match read {
            Ok(read) => {
                self.answered(DiscoveryMethod::Sitemap, url, read.urls);
                Some(read.children)
            }
            Err(why) => {
                self.refused(DiscoveryMethod::Sitemap, url, &why, wanted);
                None
            }
        }
    }

    /// The listings that the source file names; without any, the front page where nothing else has answered.
    async fn listings(&mut self) {
        let listings = match &self.source.discover.listings {
            Setting::Forbidden => return,
            Setting::Use(listings) => listings.clone(),
            Setting::Find if self.named.is_empty() => {
                vec![Listing { url: self.source.home.clone(), category: None }]
            }
            Setting::Find => return,
        };
        for listing in listings {
            let page = match self.front.take_if(|front| front.requested == listing.url) {
                Some(front) => Ok(front),
                None => self.page(&listing.url).await,
            };
            let category = listing.category.as_deref();
            let read = page.and_then(|page| {
                self.read(category, |context| listing::read(&page, context))
                    .map_err(|error| error.to_string())
            });
            match read {
                Ok(read) => self.answered(DiscoveryMethod::Listing, &listing.url, read.candidates),
                Err(why) => self.refused(DiscoveryMethod::Listing, &listing.url, &why, true),
            };
        }
    }
}
