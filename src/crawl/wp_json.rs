//! Asking the WordPress API: the whole archive at the first discovery, later only what changed.

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Discovery, Frontier, Reach, WpJsonError};
use crate::config::Setting;
use crate::discover::wp_json::{self, MAX_PER_PAGE, Names, Posts};
use crate::model::{Candidate, DiscoveryMethod};

/// Pages of the API that one discovery asks for: a million posts.
const MAX_PAGES: u32 = 10_000;
/// How far `modified_after` reaches back before the latest change known, for posts saved in the same second.
const OVERLAP: SignedDuration = SignedDuration::from_secs(1);

impl<F: Frontier> Discovery<'_, F> {
    pub(super) async fn ask_wp_json(&mut self, stop: &CancellationToken) -> Result<Reach, F::Error> {
        // A portal that was just looked at, and that is WordPress or is said to have the API, may have it at the usual
        // place without saying so; one that has none is not asked at every visit.
        let is_just_looked_at = self.state.looked == Some(self.now);
        let may_guess = match self.source.discover.wp_json {
            Setting::Forbidden => return Ok(Reach::Nothing),
            Setting::Use(()) => is_just_looked_at,
            Setting::Find => is_just_looked_at && self.state.wordpress,
        };
        let roots = match &self.state.wp_api {
            Some(root) => vec![root.clone()],
            None if may_guess => wp_json::roots(&self.source.home),
            None => Vec::new(),
        };
        for root in roots {
            let reach = self.follow_wp_json(&root, stop).await?;
            if reach != Reach::Nothing {
                self.state.wp_api = Some(root);
                return Ok(reach);
            }
        }
        Ok(Reach::Nothing)
    }

    async fn follow_wp_json(&mut self, root: &Url, stop: &CancellationToken) -> Result<Reach, F::Error> {
        let since = self.state.modified.filter(|_| !self.is_first);
        let first_page = wp_json::Request::first_page(root, MAX_PER_PAGE);
        let request = since.map_or(first_page.clone(), |at| first_page.modified_after(at - OVERLAP));
        let mut names = Names::new();
        let mut page = self.state.resume.filter(|_| self.is_first).unwrap_or(1);
        let mut latest = self.state.modified;
        let mut reach = Reach::Nothing;
        while page <= MAX_PAGES && !stop.is_cancelled() {
            let url = request.clone().page(page).url();
            let posts = match self.ask_posts(&url, root, &mut names).await {
                Ok(posts) => posts,
                Err(WpJsonError::PastEnd) => return Ok(Reach::Everything),
                Err(error) => {
                    self.failed_wp_json(&url, &error);
                    return Ok(reach);
                }
            };
            self.report.answered(DiscoveryMethod::WpJson, &url, Some(posts.candidates.len()));
            self.report.notes.extend(posts.skipped.iter().map(|skipped| format!("{url}: {skipped}")));
            latest =
                posts.candidates.iter().filter_map(|post| post.updated.or(post.published)).max().max(latest);
            reach = Reach::Newest;
            let is_last = posts.total_pages.is_some_and(|total| page >= total)
                || posts.candidates.len() < MAX_PER_PAGE as usize;
            let is_full = self.is_full(&posts.candidates);
            let offered = self.offer(without_bodies(posts.candidates)).await?;
            // A portal that leaves `modified_after` unheeded tells all it has: the rest is known.
            let is_stale = since.is_some() && offered.new + offered.changed == 0;
            if is_last || is_full || is_stale {
                reach = Reach::Everything;
                break;
            }
            page += 1;
            self.state.resume = self.is_first.then_some(page);
        }
        if reach == Reach::Everything {
            self.state.modified = latest.filter(|at| *at <= self.now).or(self.state.modified);
        }
        Ok(reach)
    }

    async fn ask_posts(&self, url: &Url, root: &Url, names: &mut Names) -> Result<Posts, WpJsonError> {
        let (document, posts) = self.asker.posts(url, names).await?;
        let has_nameless = posts.candidates.iter().any(|post| post.categories.is_empty());
        if !has_nameless || !names.is_empty() {
            return Ok(posts);
        }
        // A portal that does not embed its terms gives their names apart.
        match self.asker.category_names(root).await {
            Ok(given) => *names = given,
            Err(_) => return Ok(posts),
        }
        self.asker.read_posts(&document, names)
    }

    fn failed_wp_json(&mut self, url: &Url, error: &WpJsonError) {
        match error {
            WpJsonError::PastEnd => {}
            WpJsonError::Closed(error) => {
                self.state.wp_api = None;
                self.failed(DiscoveryMethod::WpJson, url, error, false);
            }
            WpJsonError::Other(error) => {
                self.failed(DiscoveryMethod::WpJson, url, error, error.is_fetch());
            }
        }
    }
}

/// The article's own page is read anyway: its byline, captions and attachments are not in the API's answer alike.
fn without_bodies(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    for candidate in &mut candidates {
        candidate.content = None;
    }
    candidates
}
