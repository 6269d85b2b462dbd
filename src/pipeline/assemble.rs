//! Draft and cleaned body → article: which key, which date, which address (pure).

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::canonical::names_this;
use crate::clean::Cleaned;
use crate::config::Source;
use crate::discover::site;
use crate::extract::page::shorten_title;
use crate::model::{
    Article, ArticleId, Candidate, DateOrigin, Draft, Key, Origin, Page, SourceId, UrlKey, without_tracking,
};

/// How much of the text stands in for a title that the page does not give.
const STAND_IN_TITLE_WORDS: usize = 14;

/// What one article page was read as, before it has an identity.
pub struct ExtractedPage<'a> {
    /// Its source.
    pub source: &'a Source,
    /// What the listing said.
    pub candidate: &'a Candidate,
    /// The page as fetched.
    pub page: &'a Page,
    /// What extraction read.
    pub draft: Draft,
    /// The clean body.
    pub cleaned: Cleaned,
    /// When its address was first named: the date of last resort.
    pub first_seen: Timestamp,
}

/// An article and every address it answers to.
pub struct Assembled {
    /// The article.
    pub article: Article,
    /// Requested, final, canonical and short addresses.
    pub aliases: Vec<Url>,
}

/// Puts an article together. Nothing is invented: a missing date is the first-seen time and marked as such.
pub fn assemble(reading: ExtractedPage<'_>) -> Assembled {
    let url = address(&reading);
    let key = key(&reading, &url);
    let (published, published_origin) = published(&reading);
    let updated = updated(&reading, published);
    let aliases = aliases(&reading, &url);
    let title = title(reading.candidate, &reading.draft, &reading.cleaned, reading.page);
    let categories = categories(&reading);
    let ExtractedPage { source, draft, cleaned, .. } = reading;
    let article = Article {
        id: ArticleId::mint(&source.id, &key),
        source: SourceId::clone(&source.id),
        key,
        url,
        title,
        published,
        published_origin,
        updated,
        authors: draft.authors.map(|found| found.value).unwrap_or_default(),
        credit: draft.credit,
        categories,
        tags: draft.tags,
        language: draft.language.unwrap_or_else(|| source.language.clone()),
        html: cleaned.html,
        text: cleaned.text,
        images: cleaned.images,
        attachments: cleaned.attachments,
    };
    Assembled { article, aliases }
}

/// The canonical address, if the page may be believed, else the one that answered. A canonical link is believed only
/// within the source and only where it names this article: many portals point all pages at their front page, at the
/// section, or at another article.
fn address(reading: &ExtractedPage<'_>) -> Url {
    let home = &reading.source.home;
    let own = [&reading.candidate.url, &reading.page.requested, &reading.page.url];
    let title = reading.draft.title.as_ref().map(|found| found.value.as_str());
    let credible = |url: &Url| {
        site::is_within(url, home)
            && !site::is_listing(url, reading.source, reading.candidate)
            && names_this(url, &own, title.or(reading.candidate.title.as_deref()))
    };
    let canonical = reading.draft.canonical.as_ref().map(without_tracking).filter(credible);
    canonical.unwrap_or_else(|| without_tracking(&reading.page.url))
}

fn key(reading: &ExtractedPage<'_>, url: &Url) -> Key {
    let id = reading.draft.post_id.or(reading.candidate.post_id);
    id.map_or_else(|| Key::Path(UrlKey::path_of(url)), Key::Post)
}

fn published(reading: &ExtractedPage<'_>) -> (Timestamp, DateOrigin) {
    let horizon = SignedDuration::try_from(reading.source.article.max_future).unwrap_or_default();
    let credible = |at: &Timestamp| *at <= reading.page.fetched + horizon && *at >= EARLIEST_PUBLICATION;
    let listed = reading.candidate.published.filter(credible).map(|at| (at, Origin::Listing));
    let given = reading
        .draft
        .published
        .as_ref()
        .map(|found| (found.value, found.origin))
        .filter(|(at, _)| credible(at));
    match given.or(listed) {
        Some((at, origin)) => (at, DateOrigin::Given(origin)),
        None => (reading.first_seen, DateOrigin::FirstSeen),
    }
}

/// 1990: no portal is older than the web, and 1970 is what broken clocks say.
const EARLIEST_PUBLICATION: Timestamp = Timestamp::constant(631_152_000, 0);

/// The time of the last change as page or listing state it, where that is credible; else that of publication.
fn updated(reading: &ExtractedPage<'_>, published: Timestamp) -> Timestamp {
    let stated = reading.draft.updated.as_ref().map(|found| found.value).or(reading.candidate.updated);
    stated.filter(|at| *at > published && *at <= reading.page.fetched).unwrap_or(published)
}

fn aliases(reading: &ExtractedPage<'_>, url: &Url) -> Vec<Url> {
    let short =
        reading.page.links.iter().filter(|(relation, _)| relation == "shortlink").map(|(_, url)| url.clone());
    let named = [
        reading.candidate.url.clone(),
        reading.page.requested.clone(),
        reading.page.url.clone(),
        url.clone(),
    ];
    let mut aliases: Vec<Url> =
        named.into_iter().chain(short).filter(|url| site::is_within(url, &reading.source.home)).collect();
    aliases.sort();
    aliases.dedup();
    aliases
}

/// The article's title: the page's, else the listing's, else the first words of the text, else the end of its address.
fn title(candidate: &Candidate, draft: &Draft, cleaned: &Cleaned, page: &Page) -> String {
    let given = draft.title.as_ref().map(|found| found.value.as_str());
    let given = given.or(candidate.title.as_deref()).map(str::trim).filter(|title| !title.is_empty());
    if let Some(title) = given {
        return shorten_title(title);
    }
    let words: Vec<&str> = cleaned.text.split_whitespace().take(STAND_IN_TITLE_WORDS + 1).collect();
    match words.len() {
        // Only pictures or files: the last part of its address is all that names it.
        0 => page.url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or("/").to_owned(),
        n if n > STAND_IN_TITLE_WORDS => format!("{} …", words[..STAND_IN_TITLE_WORDS].join(" ")),
        _ => words.join(" "),
    }
}

/// The page's categories first, then what the listings add.
fn categories(reading: &ExtractedPage<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in reading.draft.categories.iter().chain(&reading.candidate.categories) {
        if !name.is_empty() && !all.iter().any(|known| known.to_lowercase() == name.to_lowercase()) {
            all.push(name.clone());
        }
    }
    all
}
