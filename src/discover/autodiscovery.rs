//! What a front page says of the ways into its portal.

use url::Url;

use super::dom::{self, Flat};
use super::listing::sections;
use super::{Context, DiscoverError, hints, site, text};
use crate::model::{Page, UrlKey};

/// Where feeds usually are, when the portal does not say: WordPress, then what others use.
const USUAL_FEEDS: &[&str] =
    &["feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "?feed=rss2"];
/// Where sitemaps usually are, when robots.txt does not say: the protocol's example, Yoast, WordPress core.
const USUAL_SITEMAPS: &[&str] = &[
    "sitemap.xml",
    "sitemap_index.xml",
    "wp-sitemap.xml",
    "sitemap-index.xml",
    "sitemap.xml.gz",
    "sitemap.txt",
];
/// Links of one kind that are kept.
const MAX_LINKS_OF_A_KIND: usize = 200;

/// A section of the portal, as its menu names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name, as for people.
    pub name: String,
    /// Its first page.
    pub url: Url,
}

/// What a front page advertises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advertised {
    /// Feeds (`<link rel=alternate>`), of articles only; comments' feeds are left out.
    pub feeds: Vec<Url>,
    /// The root of the WordPress API (`https://api.w.org/`, in the page or its `Link` header).
    pub wp_api: Option<Url>,
    /// Sitemaps that the page links to.
    pub sitemaps: Vec<Url>,
    /// What its menus lead to, in their order; not every one holds articles.
    pub sections: Vec<Section>,
    /// The page's language (`<html lang>`, `og:locale`), as a BCP 47 tag.
    pub language: Option<String>,
    /// The portal's name (`og:site_name`, `application-name`, a feed's title, or the page's own title).
    pub site_name: Option<String>,
    /// The portal's software, as it names itself: `WordPress 6.4.5`.
    pub generator: Option<String>,
}

impl Advertised {
    /// Whether the portal names WordPress as its software.
    pub fn is_wordpress(&self) -> bool {
        self.generator.as_deref().is_some_and(|name| name.starts_with("WordPress"))
    }
}

/// Reads what a front page advertises.
///
/// # Errors
/// If the page is empty, or nested or large beyond what is parsed.
pub fn find(page: &Page, context: &Context<'_>) -> Result<Advertised, DiscoverError> {
    let html = dom::parse(&page.url, &page.html)?;
    let tree = Flat::of(&html);
    let head = Head { tree: &tree, page, context };
    let mut sections = sections(&tree, page, context);
    sections.truncate(MAX_LINKS_OF_A_KIND);
    Ok(Advertised {
        feeds: head.feeds(),
        wp_api: head.wp_api(),
        sitemaps: head.sitemaps(),
        sections: sections.into_iter().map(|(name, url)| Section { name, url }).collect(),
        language: head.language(),
        site_name: head.site_name(),
        generator: head.meta("generator"),
    })
}

/// Where feeds usually are.
pub fn usual_feeds(home: &Url) -> Vec<Url> {
    USUAL_FEEDS.iter().filter_map(|path| home.join(path).ok()).collect()
}

/// Where sitemaps usually are: at the root of the host, whatever the path of `home`.
pub fn usual_sitemaps(home: &Url) -> Vec<Url> {
    USUAL_SITEMAPS.iter().filter_map(|path| home.join(&format!("/{path}")).ok()).collect()
}

struct Head<'a> {
    tree: &'a Flat<'a>,
    page: &'a Page,
    context: &'a Context<'a>,
}

impl Head<'_> {
    /// `<link>`s of a `rel`: their type, title and address, resolved.
    fn linked<'b>(&'b self, rel: &'b str) -> impl Iterator<Item = (String, String, Url)> + 'b {
        let base = self.tree.base_url(&self.page.url);
        self.tree.all("link").filter_map(move |(_, link)| {
            let rels = link.attr("rel")?;
            if !rels.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(rel)) {
                return None;
            }
            let attr = |name: &str| link.attr(name).unwrap_or_default().trim().to_ascii_lowercase();
            Some((attr("type"), attr("title"), base.join(link.attr("href")?.trim()).ok()?))
        })
    }

    fn feeds(&self) -> Vec<Url> {
        let mut feeds: Vec<Url> = Vec::new();
        for (kind, title, url) in self.linked("alternate").take(MAX_LINKS_OF_A_KIND) {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            let is_feed =
                matches!(kind, "application/rss+xml" | "application/atom+xml" | "application/feed+json")
                    || matches!(kind, "application/json" | "text/xml" | "application/xml")
                        && !url.path().contains("wp-json")
                        && ["feed", "rss", "atom"].iter().any(|word| url.as_str().contains(word));
            let of_comments =
                ["comments/feed", "feed=comments"].iter().any(|mark| url.as_str().contains(mark))
                    || ["comments feed", "phản hồi", "bình luận"].iter().any(|mark| title.contains(mark));
            if is_feed && !of_comments && site::is_web(&url) && !feeds.contains(&url) {
                feeds.push(site::settle(&url, &self.page.url));
            }
        }
        feeds
    }

    fn wp_api(&self) -> Option<Url> {
        const REL: &str = "https://api.w.org/";
        let header = self.page.links.iter().filter(|(rel, _)| rel == REL).map(|(_, url)| url.clone());
        let linked = self.linked(REL).map(|(_, _, url)| url);
        let root = header.chain(linked).find(|url| site::is_within(url, self.context.home))?;
        Some(site::settle(&root, &self.page.url))
    }

    fn sitemaps(&self) -> Vec<Url> {
        let linked = self.linked("sitemap").map(|(_, _, url)| url);
        let mut sitemaps: Vec<Url> = Vec::new();
        for url in linked.filter(|url| site::is_within(url, self.context.home)).take(MAX_LINKS_OF_A_KIND) {
            let url = site::settle(&url, &self.page.url);
            if !sitemaps.iter().any(|known| UrlKey::of(known) == UrlKey::of(&url)) {
                sitemaps.push(url);
            }
        }
        sitemaps
    }

    fn meta(&self, name: &str) -> Option<String> {
        self.tree.all("meta").find_map(|(_, meta)| {
            let is_it = ["name", "property"]
                .iter()
                .any(|key| meta.attr(key).is_some_and(|it| it.eq_ignore_ascii_case(name)));
            is_it.then(|| meta.attr("content")).flatten().and_then(text::title)
        })
    }

    fn language(&self) -> Option<String> {
        let html =
            self.tree.all("html").find_map(|(_, html)| html.attr("lang").or_else(|| html.attr("xml:lang")));
        let tag = html
            .map(str::to_owned)
            .or_else(|| self.meta("og:locale"))
            .or_else(|| self.meta("content-language"))?;
        let tag = tag.trim().replace('_', "-");
        let is_tag =
            (2..=35).contains(&tag.len()) && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        is_tag.then_some(tag)
    }

    fn site_name(&self) -> Option<String> {
        let named = self.meta("og:site_name").or_else(|| self.meta("application-name"));
        let title = || {
            let title = self.tree.all("title").next().and_then(|(at, _)| text::title(&self.tree.text(at)))?;
            // "Trang chủ – Cổng tin tức …": the longest part is the name.
            let bare = title.replace(" - ", "|").replace(" :: ", "|");
            let parts = bare
                .split(['|', '–', '—', '»', '•'])
                .map(str::trim)
                .filter(|part| !hints::is_home_word(part));
            parts.max_by_key(|part| part.len()).map(str::to_owned)
        };
        named.or_else(title)
    }
}
