//! What each discovery method of a source answers now. One request each, so that a look costs the portal little; a visit
//! follows the same methods further ([`super::Discovery`]).

use url::Url;

use super::{
    Answer, AskError, Asker, CrawlReport, DiscoveryState, MAX_FEEDS, MAX_GUESSED_FEEDS, WpJsonError,
    autodiscovery,
};
use crate::config::{Listing, Setting, Source};
use crate::discover::autodiscovery::{Advertised, find, usual_feeds, usual_sitemaps};
use crate::discover::{merge, wp_json};
use crate::fetch::{Fetched, Fetcher};
use crate::model::{Candidate, DiscoveryMethod, Page, Validators};

/// Posts of the WordPress API that are asked for.
const POSTS_PER_REQUEST: u32 = 20;
/// Usual addresses of a sitemap that are tried where none is named.
const MAX_GUESSED_SITEMAPS: usize = 3;

/// What the discovery methods of a source answered.
pub struct Probe {
    /// Each address that was asked, with what came.
    pub report: CrawlReport,
    /// The articles that were named, the newest first.
    pub candidates: Vec<Candidate>,
}

/// Asks each discovery method of a source once. `state` is what earlier visits found out.
pub async fn probe(fetcher: &Fetcher, source: &Source, state: DiscoveryState) -> Probe {
    let mut prober = Prober {
        asker: Asker::of(fetcher, source),
        source,
        state,
        report: CrawlReport::default(),
        advertised: Advertised::default(),
        front: None,
        named: Vec::new(),
    };
    prober.autodiscover().await;
    prober.wp_json().await;
    prober.feeds().await;
    prober.sitemaps().await;
    prober.listings().await;
    prober.report.requests = prober.asker.requests();
    let mut candidates = merge::merge(prober.named);
    candidates.reverse();
    // What has no date stands last in the order of commits, and yet is not news.
    candidates.sort_by_key(|candidate| candidate.published.or(candidate.updated).is_none());
    Probe { report: prober.report, candidates }
}

struct Prober<'a> {
    asker: Asker<'a>,
    source: &'a Source,
    state: DiscoveryState,
    report: CrawlReport,
    advertised: Advertised,
    front: Option<Page>,
    named: Vec<Candidate>,
}

impl Prober<'_> {
    /// Notes what an address answered; gives whether it named anything at all.
    fn note(
        &mut self,
        method: DiscoveryMethod,
        url: &Url,
        answer: Result<Vec<Candidate>, AskError>,
        is_wanted: bool,
    ) -> bool {
        match answer {
            Ok(candidates) => {
                self.report.answered(method, url, Some(candidates.len()));
                self.named.extend(candidates);
                true
            }
            Err(error) => {
                self.report.failed(method, url, &error, is_wanted);
                false
            }
        }
    }

    /// Fetches the front page, if a method is to be found out.
    async fn autodiscover(&mut self) {
        if !autodiscovery::is_wanted(&self.source.discover) {
            return;
        }
        let home = &self.source.home;
        let error = match self.asker.page(home, Validators::default()).await {
            Ok(Fetched::New(page)) => match self.asker.read(None, |context| find(&page, context)) {
                Ok(advertised) => {
                    (self.advertised, self.front) = (advertised, Some(page));
                    return;
                }
                Err(error) => error.into(),
            },
            Ok(Fetched::NotModified(_)) => AskError::unexpected_304(),
            Err(error) => error.into(),
        };
        self.report.failed(DiscoveryMethod::Listing, home, &error, false);
    }

    async fn wp_json(&mut self) {
        let may_guess = match self.source.discover.wp_json {
            Setting::Forbidden => return,
            Setting::Use(()) => true,
            Setting::Find => self.advertised.is_wordpress(),
        };
        let roots = match self.advertised.wp_api.take().or(self.state.wp_api.take()) {
            Some(root) => vec![root],
            None if may_guess => wp_json::roots(&self.source.home),
            None => return,
        };
        for root in roots {
            let url = wp_json::Request::first_page(&root, POSTS_PER_REQUEST).url();
            let answer = match self.asker.posts(&url, &wp_json::Names::new()).await {
                Ok((_, posts)) => Ok(posts.candidates),
                Err(WpJsonError::PastEnd) => Ok(Vec::new()),
                Err(WpJsonError::Closed(error) | WpJsonError::Other(error)) => Err(error),
            };
            if self.note(DiscoveryMethod::WpJson, &url, answer, false) {
                return;
            }
        }
    }

    async fn feeds(&mut self) {
        let found = std::mem::take(&mut self.advertised.feeds);
        let (feeds, is_wanted): (Vec<Url>, bool) = match &self.source.discover.feeds {
            Setting::Forbidden => return,
            Setting::Use(feeds) => (feeds.clone(), true),
            Setting::Find if !found.is_empty() => (found.into_iter().take(MAX_FEEDS).collect(), true),
            Setting::Find if !self.state.feeds.is_empty() => (self.state.feeds.clone(), true),
            Setting::Find => {
                (usual_feeds(&self.source.home).into_iter().take(MAX_GUESSED_FEEDS).collect(), false)
            }
        };
        for url in feeds {
            let answer = self.asker.feed(&url, Validators::default()).await.and_then(Answer::into_read);
            let answer = answer.map(|(_, read)| read.candidates);
            if self.note(DiscoveryMethod::Feed, &url, answer, is_wanted) && !is_wanted {
                return;
            }
        }
    }

    /// The first sitemap that answers, and of an index the file that changed last.
    async fn sitemaps(&mut self) {
        if self.source.discover.sitemap == Setting::Forbidden {
            return;
        }
        let mut roots = self.asker.named_sitemaps().await;
        if roots.is_empty() {
            roots.clone_from(&self.state.sitemaps);
        }
        let is_named = !roots.is_empty();
        if !is_named {
            roots = usual_sitemaps(&self.source.home).into_iter().take(MAX_GUESSED_SITEMAPS).collect();
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

    async fn sitemap(&mut self, url: &Url, is_wanted: bool) -> Option<Vec<(Url, Option<jiff::Timestamp>)>> {
        let answer = self.asker.sitemap(url, Validators::default()).await.and_then(Answer::into_read);
        let (children, answer) = match answer {
            Ok((_, read)) => (Some(read.children), Ok(read.urls)),
            Err(error) => (None, Err(error)),
        };
        self.note(DiscoveryMethod::Sitemap, url, answer, is_wanted);
        children
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
        for Listing { url, category } in listings {
            let category = category.as_deref();
            let answer = match self.front.take_if(|front| front.requested == url) {
                Some(front) => self.asker.read_listing(&front, category),
                None => {
                    let answer = self.asker.listing(&url, category, Validators::default()).await;
                    answer.and_then(Answer::into_read).map(|(_, read)| read)
                }
            };
            self.note(DiscoveryMethod::Listing, &url, answer.map(|read| read.candidates), true);
        }
    }
}
