//! What a feed is and where it lives.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use super::{Entry, Format, Gone};
use crate::config::{Config, Source};
use crate::model::{Article, ArticleId, SourceId};

const ALL: &str = "all";
/// The name of the house, for people: title of what holds every source.
pub(super) const HOUSE: &str = "tin sạch";

/// Which feed, in words that stay the same wherever it is served: its id is minted from this.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FeedName {
    /// Every source together.
    All,
    /// One source.
    Source(SourceId),
    /// One category of a source, by its slug.
    Category(SourceId, String),
}

impl FeedName {
    /// The path of the feed without leading slash and extension: `haiphong`, `haiphong/c/y-te`, `all`.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::All => ALL.to_owned(),
            Self::Source(source) => source.to_string(),
            Self::Category(source, slug) => format!("{source}/c/{slug}"),
        }
    }

    /// The source it is of, unless it is of all.
    pub(crate) fn source(&self) -> Option<&SourceId> {
        match self {
            Self::All => None,
            Self::Source(source) | Self::Category(source, _) => Some(source),
        }
    }
}

/// What all feeds of one house have in common.
#[derive(Clone, Debug)]
pub struct FeedSettings {
    /// How readers reach us; ends with a slash.
    pub(crate) public_url: Url,
    pub(crate) hubs: Vec<Url>,
    sources: HashMap<SourceId, Source>,
    order: Vec<SourceId>,
}

impl FeedSettings {
    /// Takes what is needed from the configuration.
    pub fn new(config: &Config) -> Self {
        Self {
            public_url: config.public_url.clone(),
            hubs: config.publish.hubs.clone(),
            order: config.sources.iter().map(|source| source.id.clone()).collect(),
            sources: config.sources.iter().map(|source| (source.id.clone(), source.clone())).collect(),
        }
    }

    pub(crate) fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.get(id)
    }

    /// The sources, in the order of the configuration.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.order.iter().filter_map(|id| self.sources.get(id))
    }

    /// An address of ours; `path` without leading slash.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// The page for people of an article.
    pub(crate) fn page_of(&self, article: &Article) -> String {
        self.at(&format!("{}/{}", article.source, article.key.slug()))
    }
}

/// The place of a feed among the archives of its source (RFC 5005 section 4). Months are as in URLs: `2024-07`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    /// The month that this document holds; `None` for the feed that people subscribe to.
    pub month: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// A feed: its name, and everything about it that its entries do not say.
#[derive(Clone, Debug)]
pub struct Channel<'a> {
    /// Our address, hubs, and the sources by id.
    pub(crate) feed_settings: &'a FeedSettings,
    pub(crate) name: FeedName,
    pub(crate) title: String,
    /// BCP 47 tag; empty where the entries differ and say it themselves.
    pub(crate) language: String,
    /// What it is filtered by, as [`Channel::id`] and the URL have it.
    pub(crate) query: Option<String>,
    /// How many entries were asked for, where that is not the default.
    pub(crate) limit: Option<usize>,
    /// The portal's front page, for the feed of a source.
    pub(crate) home: Option<Url>,
    /// Where it stands among the archives.
    pub(crate) archive: Archive,
}

impl<'a> Channel<'a> {
    /// The channel of a feed; `None` if there is no such source. `category` is the name for people of a category feed.
    pub fn new(feed_settings: &'a FeedSettings, name: FeedName, category: Option<&str>) -> Option<Self> {
        let channel = |title: String, language: &str, home| Self {
            feed_settings,
            name: name.clone(),
            title,
            language: language.to_owned(),
            query: None,
            limit: None,
            home,
            archive: Archive::default(),
        };
        let Some(id) = name.source() else {
            let mut languages: Vec<&str> =
                feed_settings.sources().map(|source| source.language.as_str()).collect();
            languages.dedup();
            let language = if let [one] = languages[..] { one } else { "" };
            return Some(channel(HOUSE.to_owned(), language, None));
        };
        let source = feed_settings.source(id)?;
        let title = match &name {
            FeedName::Category(_, slug) => format!("{} – {}", source.title, category.unwrap_or(slug)),
            _ => source.title.clone(),
        };
        Some(channel(title, &source.language, Some(source.home.clone())))
    }

    /// The same feed, filtered. The query is folded to one spelling of its white space, so that it has one id.
    #[must_use]
    pub(crate) fn filtered(mut self, query: &str, limit: Option<usize>) -> Self {
        let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
        if !query.is_empty() {
            self.title = format!("{}: {query}", self.title);
            self.query = Some(query);
        }
        self.limit = limit;
        self
    }

    /// The feed that people subscribe to, with the way into the archives: the month of its newest entry is the first.
    #[must_use]
    pub fn with_history(mut self, entries: &[Entry<'_>]) -> Self {
        let newest = entries.iter().map(|entry| entry.article.published).max();
        self.archive.previous = newest.map(|newest| {
            let day = newest.to_zoned_datetime(self.zone()).date();
            format!("{:04}-{:02}", day.year(), day.month())
        });
        self
    }

    /// The feed's Atom id: of its name and query alone, never of our address.
    pub(crate) fn id(&self) -> ArticleId {
        let name = self.name.path();
        ArticleId::of_feed(&match &self.query {
            Some(query) => format!("{name}?q={query}"),
            None => name,
        })
    }

    /// The zone in which the feed's own times are told.
    pub(crate) fn zone(&self) -> TimeZone {
        let source = self.name.source().and_then(|id| self.feed_settings.source(id));
        source.map_or(TimeZone::UTC, |source| source.time_zone.clone())
    }

    /// Where an archive of the feed is served.
    pub(crate) fn archive_address(&self, month: &str) -> String {
        self.feed_settings.at(&format!("{}/archive/{month}.atom", self.name.path()))
    }

    /// Where the feed is served in a format.
    pub(crate) fn address(&self, format: Format) -> String {
        let mut url = self.feed_settings.public_url.clone();
        url.set_path(&format!("{}{}.{}", url.path(), self.name.path(), format.extension()));
        self.with_query(url)
    }

    /// The page for people that shows the same articles.
    pub(crate) fn page(&self) -> String {
        let mut url = self.feed_settings.public_url.clone();
        let path = match &self.name {
            FeedName::All => String::new(),
            name => format!("{}/", name.path()),
        };
        url.set_path(&format!("{}{path}", url.path()));
        let mut page = self.clone();
        page.limit = None;
        page.with_query(url)
    }

    /// Where this very document is: the feed in a format, or the archive.
    pub(crate) fn own_address(&self, format: Format) -> String {
        match &self.archive.month {
            Some(month) => self.archive_address(month),
            None => self.address(format),
        }
    }

    /// The WebSub hubs that hear of changes of this feed: those of a source and of all are announced, the countless ones
    /// that are made on demand are not, and so must not promise it.
    pub(crate) fn hubs(&self) -> &[Url] {
        let is_announced = !matches!(self.name, FeedName::Category(..))
            && self.query.is_none()
            && self.limit.is_none()
            && self.archive.month.is_none();
        if is_announced { &self.feed_settings.hubs } else { &[] }
    }

    /// The `Link` header (RFC 8288) of the feed in a format: itself, its hubs, its other formats, its page. An archive
    /// has none but itself.
    pub(crate) fn link_header(&self, format: Format) -> String {
        let mut links = vec![format!("<{}>; rel=\"self\"", self.own_address(format))];
        links.extend(self.hubs().iter().map(|hub| format!("<{hub}>; rel=\"hub\"")));
        if self.archive.month.is_none() {
            for other in Format::ALL.into_iter().filter(|other| *other != format) {
                let (address, kind) = (self.address(other), other.media_type());
                links.push(format!("<{address}>; rel=\"alternate\"; type=\"{kind}\""));
            }
            links.push(format!("<{}>; rel=\"alternate\"; type=\"text/html\"", self.page()));
        }
        links.join(", ")
    }

    fn with_query(&self, mut url: Url) -> String {
        if self.query.is_some() || self.limit.is_some() {
            let mut pairs = url.query_pairs_mut();
            if let Some(query) = &self.query {
                pairs.append_pair("q", query);
            }
            if let Some(limit) = self.limit {
                pairs.append_pair("limit", &limit.to_string());
            }
        }
        url.into()
    }

    /// When the feed last changed in a way that matters: the newest `updated` of its entries, or the newest removal.
    /// An empty feed has changed at the beginning of time, since anything else would be invented.
    pub(crate) fn updated(entries: &[Entry<'_>], gone: &[Gone]) -> Timestamp {
        let edits = entries.iter().map(|entry| entry.article.updated);
        edits.chain(gone.iter().map(|gone| gone.at)).max().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// When any byte of the feed last changed, for `Last-Modified`.
    pub(crate) fn changed(entries: &[Entry<'_>], gone: &[Gone]) -> Option<Timestamp> {
        entries.iter().map(|entry| entry.changed).chain(gone.iter().map(|gone| gone.at)).max()
    }
}
