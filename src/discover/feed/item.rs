//! One item of a feed → a candidate, or the reason why not.

use std::collections::{HashMap, HashSet};

use feed_rs::model::{Category, Entry, Feed, FeedType, Text};
use url::Url;

use super::{MAX_ITEMS, moment};
use crate::discover::{Context, site, text};
use crate::model::{Candidate, DiscoveryMethod, Document, UrlKey};

/// Most reasons that are kept: a feed all of whose items are bad says so once more, not ten thousand times.
const MAX_REASONS: usize = 50;
/// How long a `description` must be, in bytes, to be taken for a whole article; excerpts have some hundred.
const MIN_WHOLE_DESCRIPTION_BYTES: usize = 1_500;

/// The items of a feed, read.
#[derive(Default)]
pub(super) struct Items {
    pub(super) candidates: Vec<Candidate>,
    pub(super) skipped: Vec<String>,
}

impl Items {
    pub(super) fn read(feed: &Feed, document: &Document, context: &Context<'_>) -> Self {
        let mut items = Self::default();
        let mut seen: HashSet<UrlKey> = HashSet::new();
        for (index, entry) in feed.entries.iter().take(MAX_ITEMS).enumerate() {
            let item = Item { feed, entry, document, context };
            match item.candidate() {
                Ok(candidate) if seen.insert(UrlKey::of(&candidate.url)) => items.candidates.push(candidate),
                Ok(candidate) => {
                    items.skip(format!("item {}: {} stands there twice", index + 1, candidate.url))
                }
                Err(reason) => items.skip(format!("item {}: {reason}", index + 1)),
            }
        }
        if feed.entries.len() > MAX_ITEMS {
            items.skip(format!("{} items over the limit of {MAX_ITEMS}", feed.entries.len() - MAX_ITEMS));
        }
        items.disbelieve_shared_ids();
        items
    }

    fn skip(&mut self, reason: String) {
        if self.skipped.len() < MAX_REASONS {
            self.skipped.push(reason);
        }
    }

    /// A post id that two places share is a fault of the feed: joining articles by it would lose one.
    fn disbelieve_shared_ids(&mut self) {
        let mut count: HashMap<u64, usize> = HashMap::new();
        for id in self.candidates.iter().filter_map(|candidate| candidate.post_id) {
            *count.entry(id).or_default() += 1;
        }
        let mut shared: Vec<u64> =
            count.into_iter().filter(|(_, count)| *count > 1).map(|(id, _)| id).collect();
        shared.sort_unstable();
        for candidate in &mut self.candidates {
            candidate.post_id = candidate.post_id.filter(|id| shared.binary_search(id).is_err());
        }
        for id in shared {
            self.skip(format!("guid ?p={id} names several articles and was not believed"));
        }
    }
}

struct Item<'a> {
    feed: &'a Feed,
    entry: &'a Entry,
    document: &'a Document,
    context: &'a Context<'a>,
}

impl Item<'_> {
    fn candidate(&self) -> Result<Candidate, String> {
        let url = self.url()?;
        let mut candidate = Candidate::new(url, DiscoveryMethod::Feed, self.document.url.clone());
        candidate.post_id = self.post_id(&candidate.url);
        candidate.title = self.entry.title.as_ref().and_then(|title| self.text(title));
        candidate.published = self.entry.published.and_then(moment);
        // `feed-rs` copies the date of publication where RSS gives no other.
        candidate.updated = self.entry.updated.and_then(moment).filter(|at| Some(*at) != candidate.published);
        candidate.authors = self.authors();
        candidate.categories = self.categories();
        candidate.content = self.content();
        Ok(candidate)
    }

    /// The item's place on the portal: its link, else a `guid` that is an address.
    fn url(&self) -> Result<Url, String> {
        let links = self.entry.links.iter().filter(|link| link.target.is_none());
        let links = links.filter(|link| matches!(link.rel.as_deref(), None | Some("" | "alternate")));
        let hrefs: Vec<&str> = links.map(|link| link.href.as_str()).chain([self.entry.id.as_str()]).collect();
        let within = |href: &&str| !href.trim().is_empty() && self.absolute(href).is_some();
        if let Some(href) = hrefs.iter().find(|href| within(href)) {
            return self.absolute(href).ok_or_else(|| "no link".to_owned());
        }
        let title = self.entry.title.as_ref().and_then(|title| self.text(title)).unwrap_or_default();
        match hrefs.iter().find(|href| Url::parse(href).is_ok_and(|url| site::is_web(&url))) {
            Some(elsewhere) => Err(format!("“{title}” is on another site: {elsewhere}")),
            None => Err(format!("“{title}” has no link")),
        }
    }

    /// A guid counts as an address only where it is absolute: a bare `123` would resolve to a page of that name.
    fn absolute(&self, href: &str) -> Option<Url> {
        let is_guid = href == self.entry.id && !self.entry.links.iter().any(|link| link.href == href);
        if is_guid && Url::parse(href.trim()).is_err() {
            return None;
        }
        let url = self.context.within(href, &self.document.url, &self.document.url)?;
        let is_front = url.path() == self.context.home.path() && url.query().is_none();
        (!is_front).then_some(url)
    }

    /// WordPress' guid is `…/?p=ID`. One of another host came with an imported article, whose id here is another.
    fn post_id(&self, url: &Url) -> Option<u64> {
        let guid = Url::parse(self.entry.id.trim()).ok();
        let guid = guid.filter(|guid| site::is_within(guid, self.context.home));
        guid.as_ref().and_then(site::post_id).or_else(|| site::post_id(url))
    }

    fn text(&self, text: &Text) -> Option<String> {
        // Atom says what is markup; RSS and JSON Feed do not, and portals put entities into both.
        let is_text = self.feed.feed_type == FeedType::Atom && text.content_type.subty() == "plain";
        if is_text { text::title(&text.content) } else { text::title_from_html(&text.content) }
    }

    fn authors(&self) -> Vec<String> {
        let people = self.entry.authors.iter().chain(if self.entry.authors.is_empty() {
            self.feed.authors.iter()
        } else {
            [].iter()
        });
        unique(people.filter_map(|person| text::title_from_html(person.name.as_deref()?)))
    }

    fn categories(&self) -> Vec<String> {
        let name = |category: &Category| {
            text::title_from_html(
                category.label.as_deref().filter(|label| !label.is_empty()).unwrap_or(&category.term),
            )
        };
        unique(self.context.categories().into_iter().chain(self.entry.categories.iter().filter_map(name)))
    }

    /// The article's HTML, if the feed has it whole. An excerpt is none: publishing half an article is worse than
    /// fetching its page.
    fn content(&self) -> Option<String> {
        let summary = self.entry.summary.as_ref().map(|summary| summary.content.as_str());
        if let Some(content) = &self.entry.content {
            let body = content.body.as_deref().filter(|body| !body.trim().is_empty())?;
            let is_text = content.content_type.subty() == "plain";
            let is_summary = summary.is_some_and(|summary| summary.trim() == body.trim());
            let whole = !is_summary && !is_cut(body);
            return whole.then(|| if is_text { text::to_html(body) } else { body.to_owned() });
        }
        let body = summary
            .filter(|body| body.len() >= MIN_WHOLE_DESCRIPTION_BYTES && body.matches("<p").count() >= 3)?;
        (!is_cut(body)).then(|| body.to_owned())
    }
}

/// How excerpts end, once brackets and arrows are off.
const CUT_ENDS: &[&str] =
    &["…", "...", "xem thêm", "đọc tiếp", "xem tiếp", "chi tiết", "read more", "continue reading"];

/// Whether a text ends as excerpts do. Only its end is looked at: "[…]" also marks a gap in a quotation.
fn is_cut(html: &str) -> bool {
    let tail = &html[html.ceil_char_boundary(html.len().saturating_sub(400))..];
    // The cut may have gone through a tag.
    let tail =
        if tail.len() < html.len() { tail.split_once('>').map_or(tail, |(_, tail)| tail) } else { tail };
    let tail = text::title_from_html(tail).unwrap_or_default().to_lowercase();
    let tail = tail.trim_end_matches([' ', '»', '→', '>', ']', ')']);
    CUT_ENDS.iter().any(|end| tail.ends_with(end))
}

/// The values once each, in order.
fn unique(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for value in values {
        if !once.contains(&value) {
            once.push(value);
        }
    }
    once
}
