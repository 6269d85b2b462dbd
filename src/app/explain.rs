//! What is known of an address, and why: for `tinsach explain`.

use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use url::Url;

use super::AppContext;
use crate::config::{Config, Source};
use crate::model::{DateOrigin, Decision, Draft, Found, Held, SourceId};
use crate::pipeline::{Pipeline, pages};
use crate::store::Explained;

/// A fact with where it came from.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// What: `title`, `published`.
    pub name: &'static str,
    pub value: String,
    pub origin: String,
}

/// Everything that is known of an address.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    pub source: String,
    /// The address as it was named.
    pub url: String,
    /// The method that named it, and the listing.
    pub method: String,
    pub listing: String,
    pub first_seen: String,
    pub due: Option<String>,
    /// How often it was read, and how often in vain of late.
    pub visits: u32,
    pub failures: u32,
    /// What the last read was found to be, with the reason.
    pub verdict: Option<String>,
    pub trouble: Option<String>,
    /// Why it is held back and since when, with what it would have published, if it is.
    pub held: Option<Held>,
    /// The same in one line, for people, its time in the source's zone.
    #[serde(skip)]
    pub held_line: Option<String>,
    pub id: Option<String>,
    /// Every address it answers to.
    pub aliases: Vec<String>,
    /// Title, dates, authors with their origins, as the kept page gives them.
    pub facts: Vec<Fact>,
    /// What of the page was kept and dropped, and why; their sum is the text of the page.
    pub decisions: Vec<Decision>,
}

/// Explains an address.
///
/// # Errors
/// If it is unknown, or the store cannot be read.
pub async fn explain(config: Config, url: &Url) -> anyhow::Result<Explanation> {
    let context = AppContext::beside(config).await?;
    let explained = explain_in(&context, url).await;
    context.close().await?;
    explained
}

async fn explain_in(context: &AppContext, url: &Url) -> anyhow::Result<Explanation> {
    let unknown =
        || format!("{url} is not known: no listing has named it, and it is no other address of an article");
    let known = context.pipeline.store.explain(url).await?.with_context(unknown)?;
    let source = source_of(context, &known).context("its source is not in the configuration any more")?;
    let (facts, decisions) = read_again(&context.pipeline, source, &known).await?;
    let zone = &source.time_zone;
    let local =
        |at: Timestamp| at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%:z").to_string();
    let entry = &known.entry;
    Ok(Explanation {
        source: source.id.to_string(),
        url: entry.candidate.url.to_string(),
        method: entry.candidate.method.to_string(),
        listing: entry.candidate.listing.to_string(),
        first_seen: local(entry.first_seen),
        due: known.due.map(local),
        visits: entry.visits,
        failures: entry.failures,
        verdict: known.verdict.clone(),
        trouble: known.trouble.clone(),
        held_line: known.held.as_ref().map(|held| in_a_line(held, local(held.since))),
        held: known.held.clone(),
        id: known.article.as_ref().map(|stored| stored.article.id.to_string()),
        aliases: known.aliases.iter().map(ToString::to_string).collect(),
        facts: stored_facts(&known, zone).into_iter().chain(facts).collect(),
        decisions,
    })
}

/// The reason for which an address is held back, since when, and the title that it would have had.
fn in_a_line(held: &Held, since: String) -> String {
    let title = held.page.as_ref().and_then(|page| page.title.as_deref());
    let title = title.map(|title| format!("; would have been “{title}”")).unwrap_or_default();
    let stays = if held.is_published { "; the earlier text stays published" } else { "" };
    format!("since {since}, {} times: {}{title}{stays}", held.times, held.why)
}

fn source_of<'a>(context: &'a AppContext, known: &Explained) -> Option<&'a Source> {
    let by_article: Option<&SourceId> = known.article.as_ref().map(|stored| &stored.article.source);
    let url = &known.entry.candidate.url;
    context.config.sources.iter().find(|source| match by_article {
        Some(id) => source.id == *id,
        None => crate::discover::site::is_within(url, &source.home),
    })
}

fn stored_facts(known: &Explained, zone: &TimeZone) -> Vec<Fact> {
    let Some(stored) = &known.article else { return Vec::new() };
    let origin = match stored.article.published_origin {
        DateOrigin::Given(origin) => origin.to_string(),
        DateOrigin::FirstSeen => "first seen: the page gives no credible date".to_owned(),
    };
    let local =
        |at: Timestamp| at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%:z").to_string();
    vec![
        Fact { name: "stored published", value: local(stored.article.published), origin },
        Fact {
            name: "stored updated",
            value: local(stored.article.updated),
            origin: format!("{} earlier texts", stored.revisions),
        },
    ]
}

async fn read_again(
    pipeline: &Pipeline,
    source: &Source,
    known: &Explained,
) -> anyhow::Result<(Vec<Fact>, Vec<Decision>)> {
    let Some((url, text, fetched)) = pipeline.store.raw_page(known.entry.row).await? else {
        return Ok(Default::default());
    };
    let template = pipeline.store.template(&source.id).await?;
    let kept = pages::unpack(url, &text, fetched);
    let Ok(read) = pages::read_kept(source, &known.entry.candidate, kept, &template, true) else {
        return Ok(Default::default());
    };
    let facts = facts(&read.article.draft, &source.time_zone);
    Ok((facts, read.article.draft.decisions))
}

fn facts(draft: &Draft, zone: &TimeZone) -> Vec<Fact> {
    let local =
        |at: &Timestamp| at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%:z").to_string();
    let title = draft.title.as_ref().map(|found| fact("title", found, String::clone));
    let published = draft.published.as_ref().map(|found| fact("published", found, local));
    let updated = draft.updated.as_ref().map(|found| fact("updated", found, local));
    let authors = draft.authors.as_ref().map(|found| fact("authors", found, |names| names.join(", ")));
    let image = draft.image.as_ref().map(|found| fact("image", found, Url::to_string));
    [title, published, updated, authors, image].into_iter().flatten().collect()
}

fn fact<T>(name: &'static str, found: &Found<T>, shown: impl Fn(&T) -> String) -> Fact {
    Fact { name, value: shown(&found.value), origin: found.origin.to_string() }
}
