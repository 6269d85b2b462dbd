//! The configuration the program runs by: checked, complete, with every default filled in.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use url::Url;

use crate::model::{SourceId, site_name};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    Tcp(SocketAddr),
    /// On a Unix socket at this path, for a proxy on the same machine.
    Unix(PathBuf),
}

impl Listen {
    /// How readers on this machine reach a server that listens here: an address that means "everywhere" is none to link
    /// to, so the loopback address of its family stands for it. Of a path nobody but a proxy can make an address.
    pub(super) fn default_public_url(&self) -> Url {
        let url = match self {
            Self::Tcp(address) => format!("http://{}/", reachable(*address)),
            Self::Unix(_) => "http://localhost/".to_owned(),
        };
        Url::parse(&url).expect("an IP address with a port makes a URL")
    }
}

fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        // A zone ("%eth0") has no place in a URL; an address alone carries none.
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// The `User-Agent` of a reader at `public_url`: what we are, and where whoever runs us can be found.
pub(super) fn default_user_agent(public_url: &Url) -> String {
    format!("tinsach/{} (+{public_url})", env!("CARGO_PKG_VERSION"))
}

/// Everything an operator can say, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where the server listens, unless systemd hands over a socket.
    pub(crate) listen: Listen,
    /// How readers reach us; ends with a slash. It stands in links, never in ids.
    pub(crate) public_url: Url,
    /// The folder of database and editions.
    pub state_dir: PathBuf,
    /// How we fetch.
    pub fetch: FetchConfig,
    pub(crate) publish: PublishConfig,
    /// What is kept, and for how long.
    pub keep: KeepConfig,
    /// The sources, in the order of their files' names.
    pub sources: Vec<Source>,
    /// The main file, or `None` for the default inside the binary.
    pub(crate) file: Option<PathBuf>,
}

impl Config {
    /// Keeps listening where it does, whatever was configured since; what follows from the address where nobody says
    /// otherwise follows from that one.
    pub(crate) fn keep_listening(&mut self, listen: &Listen) {
        let derived = self.listen.default_public_url();
        self.listen.clone_from(listen);
        if self.public_url == derived {
            let named = default_user_agent(&derived);
            self.public_url = listen.default_public_url();
            if self.fetch.user_agent == named {
                self.fetch.user_agent = default_user_agent(&self.public_url);
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct FetchConfig {
    /// `User-Agent`, complete.
    pub user_agent: String,
    /// For one request, from connecting to the last byte.
    pub timeout: Duration,
    /// Largest body after decompression, in bytes.
    pub max_body: u64,
    /// Connections to one host at a time.
    pub per_host: usize,
    /// Pause between two requests to a host; a robots.txt Crawl-delay can only lengthen it.
    pub gap: Duration,
    /// Private networks that may be reached all the same.
    pub allow_private: Vec<IpNet>,
    /// Certificates that are trusted besides the usual ones, from the `extra_ca` of the sources.
    pub trust: Vec<SiteTrust>,
}

/// Certificates that are trusted for some sites besides the usual ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteTrust {
    /// The sites, by [`site_name`].
    pub sites: Vec<String>,
    /// The certificates, each in DER: roots or intermediates.
    pub certificates: Vec<Vec<u8>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PublishConfig {
    /// Entries in a feed, 1 to 200.
    pub entries: usize,
    /// WebSub hubs to ping after a change.
    pub hubs: Vec<Url>,
    /// A folder that is kept a static copy of the site.
    pub export: Option<PathBuf>,
}

/// How long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// For ever.
    All,
    /// This long.
    For(Duration),
}

/// What is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeepConfig {
    /// Fetched pages, compressed, for `tinsach replay`.
    pub raw_pages: Keep,
    /// Earlier texts of edited articles.
    pub revisions: Keep,
    /// Articles.
    pub articles: Keep,
}

/// What a source says of keeping, where it differs from the main file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeepRules {
    pub raw_pages: Option<Keep>,
    /// Earlier texts of edited articles.
    pub revisions: Option<Keep>,
    pub articles: Option<Keep>,
}

impl KeepRules {
    /// What holds for the source.
    pub fn over(&self, main: &KeepConfig) -> KeepConfig {
        KeepConfig {
            raw_pages: self.raw_pages.unwrap_or(main.raw_pages),
            revisions: self.revisions.unwrap_or(main.revisions),
            articles: self.articles.unwrap_or(main.articles),
        }
    }
}

/// A portal that is followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its short name, part of every id.
    pub id: SourceId,
    /// Its name for people.
    pub title: String,
    /// Its front page; ends with a slash where the portal is a whole host.
    pub home: Url,
    /// BCP 47 tag of its language.
    pub language: String,
    /// The zone its dates are in.
    pub time_zone: TimeZone,
    /// Bounds of the adaptive rhythm.
    pub every: Every,
    /// How far back the first visit and a gap reach.
    pub backfill: Backfill,
    /// Certificates that are trusted for its hosts besides the usual ones.
    pub extra_ca: Option<ExtraCa>,
    /// Where articles are found.
    pub discover: Discover,
    /// How article pages are read where that is known.
    pub article: ArticleRules,
    /// What is kept of it, and for how long, where it differs.
    pub keep: KeepRules,
}

impl Source {
    /// What its hosts, those of its front page and of the feeds and listings that the operator named, are trusted with
    /// besides the usual certificates.
    pub(super) fn site_trust(&self) -> Option<SiteTrust> {
        let certificates = self.extra_ca.as_ref()?.certificates.clone();
        let feeds = match &self.discover.feeds {
            Setting::Use(feeds) => feeds.as_slice(),
            Setting::Find | Setting::Forbidden => &[],
        };
        let listings = self.discover.named_listings().iter().map(|listing| &listing.url);
        let named = feeds.iter().chain(listings).chain([&self.home]);
        let mut sites: Vec<String> = named.filter_map(site_name).collect();
        sites.sort();
        sites.dedup();
        Some(SiteTrust { sites, certificates })
    }
}

/// Certificates from a file of the operator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraCa {
    /// The file, absolute.
    pub file: PathBuf,
    /// Its certificates, each in DER; at least one.
    pub certificates: Vec<Vec<u8>>,
}

/// Bounds of the time between two visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Every {
    /// Never more often.
    pub min: Duration,
    /// Never more seldom.
    pub max: Duration,
}

/// How far back a backfill reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backfill {
    /// To the portal's first article.
    All,
    /// This many articles, newest first.
    Articles(u32),
    /// Articles published within this time.
    Within(Duration),
}

/// A setting for each discovery method.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Discover {
    pub wp_json: Setting<()>,
    pub feeds: Setting<Vec<Url>>,
    /// XML sitemaps; found through robots.txt and the usual names.
    pub sitemap: Setting<()>,
    pub listings: Setting<Vec<Listing>>,
}

impl Discover {
    /// The listings that the operator named.
    pub fn named_listings(&self) -> &[Listing] {
        match &self.listings {
            Setting::Use(listings) => listings,
            Setting::Find | Setting::Forbidden => &[],
        }
    }
}

/// What the operator said of a discovery method.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Setting<T> {
    /// Nothing: find out.
    #[default]
    Find,
    /// Use it, thus.
    Use(T),
    /// Leave it alone.
    Forbidden,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// Its first page, absolute.
    pub url: Url,
    /// The category its articles belong to; `None` for a mixed listing.
    pub category: Option<String>,
}

/// A CSS selector, compiled, with its text for messages.
#[derive(Clone, Debug, PartialEq)]
pub struct Css {
    pub text: String,
    pub selector: scraper::Selector,
}

/// How far after the present a date on a page may lie.
pub(super) const DEFAULT_MAX_FUTURE: Duration = Duration::from_secs(24 * 60 * 60);

/// Rules for article pages; what is not said here is found.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleRules {
    /// Where the title stands.
    pub title: Option<Css>,
    /// Where the content stands.
    pub body: Option<Css>,
    /// Where the publication time stands.
    pub(crate) published: Option<Css>,
    pub(crate) author: Option<Css>,
    /// What goes out of the content.
    pub(crate) remove: Vec<Css>,
    /// From the block that reads so to the end of the body goes.
    pub(crate) cut_at: Vec<String>,
    /// How far ahead of the clock a publication date may lie before it is taken for a mistake.
    pub(crate) max_future: Duration,
}

impl Default for ArticleRules {
    fn default() -> Self {
        Self {
            title: None,
            body: None,
            published: None,
            author: None,
            remove: Vec::new(),
            cut_at: Vec::new(),
            max_future: DEFAULT_MAX_FUTURE,
        }
    }
}
