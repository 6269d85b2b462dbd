//! The cheap methods: API, feeds, sitemaps. Each is tried, and only what really names articles counts.

use url::Url;

use super::{Gatherer, MethodSample};
use crate::crawl::{self, WpJsonError};
use crate::discover::autodiscovery::{self, Advertised};
use crate::discover::feed::FeedRead;
use crate::discover::sitemap::Sitemap;
use crate::discover::wp_json::{self, Posts};
use crate::model::{Document, UrlKey, Validators};

/// Posts of the API that are looked at.
const POSTS_PER_REQUEST: u32 = 20;
/// Feeds that are kept; portals with a feed for each tag advertise hundreds.
const MAX_FEEDS: usize = 5;
/// Files below a sitemap index that are looked at.
const MAX_SITEMAP_FILES: usize = 3;

impl Gatherer<'_> {
    /// The WordPress API, where the portal says that it has one, else where it usually is.
    pub(super) async fn api(&mut self, advertised: &Advertised) -> Option<MethodSample> {
        let advertised = advertised.wp_api.clone();
        let mut roots: Vec<Url> = advertised.into_iter().chain(wp_json::roots(&self.home)).collect();
        let mut seen = Vec::new();
        roots.retain(|root| {
            let key = UrlKey::of(root);
            let new = !seen.contains(&key);
            seen.push(key);
            new
        });
        for root in roots {
            let url = wp_json::Request::first_page(&root, POSTS_PER_REQUEST).url();
            (self.watch)(url.as_str());
            let answer = self.asker().posts(&url, &wp_json::Names::new()).await;
            let answer = match answer {
                Err(WpJsonError::Closed(error) | WpJsonError::Other(error)) => Err(error),
                Err(WpJsonError::PastEnd) => Ok(None),
                Ok(read) => Ok(Some(read).filter(|(_, posts)| !posts.candidates.is_empty())),
            };
            let Some(read) = self.noted(&root, answer) else { continue };
            let Some((document, Posts { candidates, total_pages, .. })) = read else {
                self.note(&root, "an API without posts");
                continue;
            };
            self.note(&root, format!("{} posts", candidates.len()));
            return Some(MethodSample { url: root, document, candidates, total_pages });
        }
        None
    }

    /// The feeds that the front page names; if none of them answers, the first of those that are usual.
    pub(super) async fn feeds(&mut self, advertised: &Advertised) -> Vec<MethodSample> {
        let mut answers = Vec::new();
        for url in advertised.feeds.iter().take(MAX_FEEDS) {
            answers.extend(self.feed(url).await);
        }
        if !answers.is_empty() {
            return answers;
        }
        for url in autodiscovery::usual_feeds(&self.home).iter().filter(|url| !advertised.feeds.contains(url))
        {
            if let Some(answer) = self.feed(url).await {
                return vec![answer];
            }
        }
        answers
    }

    async fn feed(&mut self, url: &Url) -> Option<MethodSample> {
        (self.watch)(url.as_str());
        let answer = self.asker().feed(url, Validators::default()).await.and_then(crawl::Answer::into_read);
        let (document, FeedRead { candidates, .. }) = self.noted(url, answer)?;
        if candidates.is_empty() {
            self.note(url, "a feed without articles of the portal");
            return None;
        }
        self.note(url, format!("a feed of {} items", candidates.len()));
        Some(MethodSample { url: url.clone(), document, candidates, total_pages: None })
    }

    /// The sitemaps that robots.txt or the front page name, else the first of those that are usual.
    pub(super) async fn sitemaps(&mut self, advertised: &Advertised) -> Vec<MethodSample> {
        let mut named = self.asker().named_sitemaps().await;
        named.extend(advertised.sitemaps.iter().cloned());
        let usual = autodiscovery::usual_sitemaps(&self.home);
        for url in named.iter().chain(usual.iter().filter(|url| !named.contains(url))) {
            let answers = self.walk_sitemap(url).await;
            if !answers.is_empty() {
                return answers;
            }
        }
        Vec::new()
    }

    /// A sitemap, and of an index the files that changed last.
    async fn walk_sitemap(&mut self, root: &Url) -> Vec<MethodSample> {
        let Some((document, read)) = self.sitemap(root).await else { return Vec::new() };
        let mut answers =
            vec![MethodSample { url: root.clone(), document, candidates: read.urls, total_pages: None }];
        let mut children = read.children;
        children.sort_by_key(|(_, changed)| std::cmp::Reverse(*changed));
        answers[0].total_pages = u32::try_from(children.len()).ok();
        for (child, _) in children.into_iter().take(MAX_SITEMAP_FILES) {
            if let Some((document, read)) = self.sitemap(&child).await {
                answers.push(MethodSample { url: child, document, candidates: read.urls, total_pages: None });
            }
        }
        if answers.iter().all(|answer| answer.candidates.is_empty()) { Vec::new() } else { answers }
    }

    async fn sitemap(&mut self, url: &Url) -> Option<(Document, Sitemap)> {
        (self.watch)(url.as_str());
        let answer = self.asker().sitemap(url, Validators::default()).await;
        let (document, read) = self.noted(url, answer.and_then(crawl::Answer::into_read))?;
        let (urls, children) = (read.urls.len(), read.children.len());
        self.note(url, format!("a sitemap of {urls} pages and {children} files"));
        Some((document, read))
    }
}
