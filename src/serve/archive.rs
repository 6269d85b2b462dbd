//! `/{source}/archive/{YYYY-MM}.atom`: the whole history, a month a document (RFC 5005 section 4).

use std::sync::Arc;

use axum::http::HeaderMap;
use jiff::Timestamp;

use super::Site;
use super::cache::CacheKey;
use super::editions::{FEED_VARY, blocking};
use super::feeds::{Trouble, in_time, refuse};
use super::respond::{ARCHIVE_CACHE, FEED_CACHE, Prepared};
use super::routes::Ready;
use super::site::entries;
use crate::model::SourceId;
use crate::publish::{Archive, Channel, Edition, FeedName, Format};
use crate::store::Month;

/// Reads a month as it stands in URLs: `2024-07`, four digits and two.
pub fn month_of(text: &str) -> Option<Month> {
    let (year, month) = text.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
        return None;
    }
    let month = Month { year: year.parse().ok()?, month: month.parse().ok()? };
    (1..=12).contains(&month.month).then_some(month)
}

/// A month as it stands in URLs.
pub fn month_label(month: Month) -> String {
    format!("{:04}-{:02}", month.year, month.month)
}

pub async fn answer(site: &Arc<Site>, source: &SourceId, month: Month, headers: &HeaderMap) -> Ready {
    match prepared(site, source, month).await {
        Ok(prepared) => prepared.answer(headers),
        Err(trouble) => refuse(site, &trouble, headers),
    }
}

async fn prepared(site: &Arc<Site>, source: &SourceId, month: Month) -> Result<Arc<Prepared>, Trouble> {
    let key = format!("archive {source} {}", month_label(month));
    site.get_or_make(CacheKey { key, source: Some(source), fresh_for: None }, make(site, source, month)).await
}

async fn make(site: &Site, source: &SourceId, month: Month) -> Result<Prepared, Trouble> {
    let archive = place(&in_time(site.store.months(source)).await?, month).ok_or(Trouble::Unknown)?;
    let stored = in_time(site.store.month(source, month)).await?;
    let (feed_settings, name) = (Arc::clone(&site.feed_settings), FeedName::Source(source.clone()));
    let edition = blocking(move || {
        Ok(Channel::new(&feed_settings, name, None).map(|mut channel| {
            channel.archive = archive;
            let entries = entries(&stored);
            let bytes = Format::Atom.render(&channel, &entries, &[]);
            let changed = Channel::changed(&entries, &[]);
            Edition::on_demand(Format::Atom.content_type(), channel.link_header(Format::Atom), changed, bytes)
        }))
    })
    .await?;
    let zone = site.feed_settings.source(source).map(|source| &source.time_zone);
    let is_over = zone.is_some_and(|zone| month < Month::of(Timestamp::now(), zone));
    let cache = if is_over { ARCHIVE_CACHE } else { FEED_CACHE };
    Ok(Prepared::new(edition.ok_or(Trouble::Unknown)?, cache, FEED_VARY))
}

/// Where a month stands among those that have articles, newest first; `None` if it has none.
fn place(months: &[Month], month: Month) -> Option<Archive> {
    let here = months.iter().position(|one| *one == month)?;
    let label = |place: Option<usize>| place.and_then(|place| months.get(place)).map(|one| month_label(*one));
    Some(Archive {
        month: Some(month_label(month)),
        previous: label(Some(here + 1)),
        next: label(here.checked_sub(1)),
    })
}
