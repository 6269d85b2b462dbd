//! The source file: settings as configuration writes them, with the evidence for each in comments. Pure.

mod evidence;

use std::fmt::Write as _;

use super::portal_sample::{PortalSample, Section};
use super::sample::Reading;
use crate::config::{Discover, Listing, Setting, Source, source_toml};
use crate::discover::{autodiscovery, wp_json};
use crate::extract::text;

/// Makes of addresses and failed attempts that are shown.
const MAX_SHOWN: usize = 3;
/// Longest comment, in letters: what a page says goes into some.
const MAX_COMMENT: usize = 300;
/// A feed or API whose texts have at least this share of the article's letters carries it whole.
const WHOLE_TEXT_SHARE: f64 = 0.7;

/// Everything that the file tells.
pub(super) struct Findings<'a> {
    pub portal: &'a PortalSample,
    pub source: &'a Source,
    pub language: &'a str,
    pub zone: &'a str,
    pub patterns: &'a [(String, usize)],
    /// Listings that were found and are not followed.
    pub unfollowed: &'a [Section],
    pub readings: &'a [Reading<'a>],
    /// Pages that read as articles, of so many.
    pub pages: (usize, usize),
    pub score: u32,
}

/// The portal's name: what it calls itself, else its host.
pub(super) fn title(portal: &PortalSample) -> String {
    let host = || portal.home.host_str().unwrap_or("portal").to_owned();
    let named = portal.advertised.site_name.as_deref().map(text::normalize).filter(|name| !name.is_empty());
    named.map_or_else(host, |name| name.chars().take(200).collect())
}

/// Writes the file.
pub(super) fn file(findings: &Findings<'_>) -> String {
    let settings = source_toml(findings.source);
    let mut out = head(findings);
    for line in settings.lines() {
        let key = line.split_once(" = ").map_or(line, |(key, _)| key);
        match key {
            "[discover]" => out.push_str(&discover_head()),
            "[article]" => {
                out.push_str(&listings_comment(findings));
                out.push_str(&article(findings));
                continue;
            }
            "max_future" => continue,
            "remove" | "cut_at" if line.ends_with("= []") => continue,
            "listings" => {
                out.push_str(&listings(findings));
                continue;
            }
            _ => out.push_str(&why(findings, key)),
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// One comment line; what a page says can neither end it nor grow without bound.
fn comment(text: &str) -> String {
    format!("# {}\n", short(text))
}

fn short(text: &str) -> String {
    let folded = text::normalize(text);
    match folded.char_indices().nth(MAX_COMMENT) {
        Some((end, _)) => format!("{}…", &folded[..end]),
        None => folded,
    }
}

fn head(findings: &Findings<'_>) -> String {
    let Findings { portal, source, pages: (read, fetched), score, .. } = findings;
    let day = source.time_zone.to_datetime(portal.front.fetched).date();
    let mut out = comment(&format!("{}: learned from {} on {day}.", source.title, portal.asked));
    out.push_str(&comment(&format!(
        "{read} of {fetched} article pages read as articles; score {score} of 100."
    )));
    if portal.front.url != portal.asked {
        out.push_str(&comment(&format!("{} leads to {}.", portal.asked, portal.front.url)));
    }
    if let Some(software) = &portal.advertised.generator {
        out.push_str(&comment(&format!("The portal says that it runs {software}.")));
    }
    out.push_str("#\n# Every URL below is relative to `home`. What was found out stands behind a \"#\".\n\n");
    out
}

/// The comment above a key.
fn why(findings: &Findings<'_>, key: &str) -> String {
    let portal = findings.portal;
    match key {
        "id" => "# Short name, from the host: it stands in addresses and in the id of every article. Change it now or never.\n".to_owned(),
        "language" => comment(findings.language),
        "timezone" => comment(findings.zone),
        "backfill" => evidence::backfill(findings),
        "wp_json" => portal.api.iter().map(|api| comment(&evidence::api_says(findings, api))).collect(),
        "feeds" => portal.feeds.iter().map(|feed| comment(&evidence::feed_says(findings, feed))).collect(),
        "sitemap" => evidence::sitemap_says(findings),
        _ => String::new(),
    }
}

fn discover_head() -> String {
    "# Where articles are found. Each discovery method was tried; a key that is missing is looked for again, `false` forbids it.\n".to_owned()
}

/// The listings one a line, each as configuration writes it, with what it holds.
fn listings(findings: &Findings<'_>) -> String {
    let Setting::Use(listings) = &findings.source.discover.listings else { return String::new() };
    let mut out =
        "# Pages that list articles, with their category; the menu leads to them.\nlistings = [\n".to_owned();
    for (listing, section) in listings.iter().zip(&findings.portal.sections) {
        let one = format!("  {},", one(findings.source, listing));
        // A String takes everything that is written to it; the text goes on either way.
        writeln!(out, "{one:<60}  # {}", short(&evidence::section_says(section))).unwrap_or_default();
    }
    out.push_str("]\n");
    out
}

/// One listing as configuration writes it.
fn one(source: &Source, listing: &Listing) -> String {
    let alone = Discover { listings: Setting::Use(vec![listing.clone()]), ..Discover::default() };
    let written = source_toml(&Source { discover: alone, ..source.clone() });
    let line = written.lines().find_map(|line| line.strip_prefix("listings = [")).unwrap_or_default();
    line.strip_suffix(']').unwrap_or_default().to_owned()
}

/// Which discovery methods did not answer, and which listings are left out.
fn listings_comment(findings: &Findings<'_>) -> String {
    let Findings { portal, unfollowed, .. } = findings;
    let mut out = String::new();
    if portal.api.is_none() {
        let mut roots = wp_json::roots(&portal.home);
        roots.extend(portal.advertised.wp_api.clone());
        out.push_str(&evidence::missing(portal, "wp_json", &roots));
    }
    if portal.feeds.is_empty() {
        out.push_str(&evidence::missing(
            portal,
            "feeds",
            &[portal.advertised.feeds.clone(), autodiscovery::usual_feeds(&portal.home)].concat(),
        ));
    }
    if portal.sitemaps.is_empty() {
        out.push_str(&evidence::missing(portal, "sitemap", &autodiscovery::usual_sitemaps(&portal.home)));
    }
    if !unfollowed.is_empty() {
        out.push_str("# These list articles as well; they are left out because API or feed name every new article already:\n");
        for section in *unfollowed {
            let listing = Listing { url: section.url.clone(), category: section.name.clone() };
            out.push_str(&comment(&format!("  {}", one(findings.source, &listing))));
        }
    }
    out
}

fn article(findings: &Findings<'_>) -> String {
    let mut out = "\n# How an article page is read. The extractor finds title, text, date and author by itself.\n[article]\n".to_owned();
    for (pattern, count) in findings.patterns.iter().take(MAX_SHOWN) {
        out.push_str(&comment(&format!("addresses: {pattern}  ({count} of {})", findings.pages.0)));
    }
    if findings.source.article.title.is_some() {
        out.push_str(
            "# Nothing marks the title on these pages; this was told by the titles in the listings:\n",
        );
    }
    if !findings.source.article.cut_at.is_empty() {
        out.push_str("# The extractor takes this line of the portal and what follows for text:\n");
    }
    out
}
