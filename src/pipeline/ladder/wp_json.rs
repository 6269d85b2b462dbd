//! The method of the WordPress API: the whole archive at the first climb, later only what changed.

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Answered, Ladder, context, date_reader, in_place};
use crate::config::Setting;
use crate::discover::wp_json::{self, ApiError, MAX_PER_PAGE, Names, Posts};
use crate::fetch::{Accept, FetchError, Fetched, Request};
use crate::model::{Candidate, Cause, DiscoveryMethod, Document};
use crate::store::StoreError;

/// Pages of the API that one climb asks for: a million posts.
const MAX_PAGES: u32 = 10_000;
/// How far `modified_after` reaches back before the latest change known, for posts saved in the same second.
const OVERLAP: SignedDuration = SignedDuration::from_secs(1);

/// Why a page of the API brought nothing.
enum Miss {
    /// The walk is at its end.
    End,
    /// There is no API here.
    Closed(String),
    /// The address is not to be had.
    Fetch(FetchError),
    /// Something else came: by who can mend it, and what it is.
    Broken(Cause, String),
}

impl Ladder<'_> {
    pub(super) async fn climb_wp_json(&mut self, stop: &CancellationToken) -> Result<Answered, StoreError> {
        // A portal that was just looked at, and that is WordPress or is said to have the API, may have it at the usual
        // place without saying so; one that has none is not asked at every visit.
        let just_looked = self.memory.looked == Some(self.now);
        let roots = match (&self.memory.wp_api, &self.source.discover.wp_json) {
            (_, Setting::Forbidden) => Vec::new(),
            (Some(root), _) => vec![root.clone()],
            (None, Setting::Use(())) if just_looked => wp_json::roots(&self.source.home),
            (None, Setting::Find) if just_looked && self.memory.wordpress => {
                wp_json::roots(&self.source.home)
            }
            (None, Setting::Use(()) | Setting::Find) => Vec::new(),
        };
        for root in roots {
            match self.walk_wp_json(&root, stop).await? {
                Answered::Nothing => {}
                answered => {
                    self.memory.wp_api = Some(root);
                    return Ok(answered);
                }
            }
        }
        Ok(Answered::Nothing)
    }

    async fn walk_wp_json(&mut self, root: &Url, stop: &CancellationToken) -> Result<Answered, StoreError> {
        let since = self.memory.modified.filter(|_| !self.first);
        let first_page = wp_json::Request::first_page(root, MAX_PER_PAGE);
        let request = since.map_or(first_page.clone(), |at| first_page.modified_after(at - OVERLAP));
        let mut names = Names::new();
        let mut page = self.memory.resume.filter(|_| self.first).unwrap_or(1);
        let mut latest = self.memory.modified;
        let mut answered = Answered::Nothing;
        while page <= MAX_PAGES && !stop.is_cancelled() {
            let url = request.clone().page(page).url();
            let posts = match self.ask_wp_json(&url, root, &mut names).await {
                Ok(posts) => posts,
                Err(miss) => {
                    let ended = matches!(miss, Miss::End);
                    self.missed_wp_json(&url, miss);
                    return Ok(if ended { Answered::Everything } else { answered });
                }
            };
            self.report.answered(DiscoveryMethod::WpJson, &url, Some(posts.candidates.len()));
            self.report.notes.extend(posts.skipped.iter().map(|skipped| format!("{url}: {skipped}")));
            latest =
                posts.candidates.iter().filter_map(|post| post.updated.or(post.published)).max().max(latest);
            answered = Answered::Newest;
            let last = posts.total_pages.is_some_and(|total| page >= total)
                || posts.candidates.len() < MAX_PER_PAGE as usize;
            let full = self.is_full(&posts.candidates);
            let offered = self.offer(without_bodies(posts.candidates)).await?;
            // A portal that leaves `modified_after` unheeded tells all it has: the rest is known.
            let stale = since.is_some() && offered.new + offered.changed == 0;
            if last || full || stale {
                answered = Answered::Everything;
                break;
            }
            page += 1;
            self.memory.resume = self.first.then_some(page);
        }
        if answered == Answered::Everything {
            self.memory.modified = latest.filter(|at| *at <= self.now).or(self.memory.modified);
        }
        Ok(answered)
    }

    async fn ask_wp_json(&mut self, url: &Url, root: &Url, names: &mut Names) -> Result<Posts, Miss> {
        let document = self.wp_document(url).await?;
        let read_date = date_reader(self.source);
        let context = context(self.source, None, &read_date);
        let posts = wp_json::posts(&document, &context, names).map_err(|error| {
            // A page in the place of the API's answer often says itself what it is.
            let instead = in_place(&String::from_utf8_lossy(&document.bytes));
            instead.map_or_else(|| error.into(), |(cause, why)| Miss::Broken(cause, why))
        })?;
        let nameless = posts.candidates.iter().any(|post| post.categories.is_empty());
        if !nameless || !names.is_empty() {
            return Ok(posts);
        }
        // A portal that does not embed its terms gives their names apart.
        match self.wp_document(&wp_json::Request::categories(root, 1)).await {
            Ok(answer) => *names = wp_json::categories(&answer).unwrap_or_default(),
            Err(_) => return Ok(posts),
        }
        Ok(wp_json::posts(&document, &context, names)?)
    }

    async fn wp_document(&mut self, url: &Url) -> Result<Document, Miss> {
        self.report.requests += 1;
        match self.pipeline.fetcher.document(&Request::new(url.clone(), Accept::Json)).await {
            Ok(Fetched::New(document)) => Ok(document),
            Ok(Fetched::NotModified(_)) => {
                Err(Miss::Broken(Cause::Broken, "not modified, though nothing was known".to_owned()))
            }
            Err(error) => Err(Miss::Fetch(error)),
        }
    }

    fn missed_wp_json(&mut self, url: &Url, miss: Miss) {
        match miss {
            Miss::End => {}
            Miss::Closed(why) => {
                self.memory.wp_api = None;
                self.refused(DiscoveryMethod::WpJson, url, (Cause::OtherStatus, why), false);
            }
            // 401, 403 and 404 are how a closed API answers (rest_forbidden, rest_no_route).
            Miss::Fetch(error @ (FetchError::Gone { .. } | FetchError::Refused { .. })) => {
                self.memory.wp_api = None;
                self.failed(DiscoveryMethod::WpJson, url, &error, false);
            }
            Miss::Fetch(error) => self.failed(DiscoveryMethod::WpJson, url, &error, true),
            Miss::Broken(cause, why) => self.refused(DiscoveryMethod::WpJson, url, (cause, why), false),
        }
    }
}

impl From<ApiError> for Miss {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::PastEnd { .. } => Self::End,
            ApiError::Closed { .. } => Self::Closed(error.why()),
            ApiError::Refused { .. } | ApiError::Unreadable(_) => Self::Broken(Cause::Broken, error.why()),
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
