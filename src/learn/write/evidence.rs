//! What each method held when it was tried, in the words of the file's comments.

use jiff::Timestamp;

use super::{Findings, MAX_SHOWN, WHOLE_TEXT_SHARE, comment};
use crate::clean;
use crate::learn::portal_sample::{MethodSample, PortalSample, Section};
use crate::learn::sample::Reading;
use crate::model::{Candidate, UrlKey};

pub(super) fn api_says(findings: &Findings<'_>, api: &MethodSample) -> String {
    let pages = api.total_pages.map(|pages| format!("{pages} answers of ")).unwrap_or_default();
    format!("{}: {pages}{}", api.url, holds(findings, &api.candidates, "posts"))
}

pub(super) fn feed_says(findings: &Findings<'_>, feed: &MethodSample) -> String {
    format!("{}: {}", feed.url, holds(findings, &feed.candidates, "items"))
}

/// "10 items, newest 2024-07-05 16:22, excerpts".
fn holds(findings: &Findings<'_>, candidates: &[Candidate], what: &str) -> String {
    let newest = candidates.iter().filter_map(|candidate| candidate.published).max();
    let newest = newest.map(|at| format!(", newest {}", local(findings, at))).unwrap_or_default();
    format!("{} {what}{newest}, {}", candidates.len(), extent(findings, candidates))
}

/// Whether whole texts come with them: told from the articles that were read as well, else from the letters alone.
fn extent(findings: &Findings<'_>, candidates: &[Candidate]) -> &'static str {
    if candidates.iter().all(|candidate| candidate.content.is_none()) {
        return "titles or excerpts";
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let share = |reading: &Reading<'_>| {
        let key = UrlKey::of(&reading.page_sample.candidate.url);
        let same = candidates.iter().find(|candidate| UrlKey::of(&candidate.url) == key)?;
        let given = clean::clean_html(same.content.as_deref()?, &same.url, &clean::Options::default());
        Some(letters(&given.text) as f64 / letters(&reading.article.cleaned.text).max(1) as f64)
    };
    let shares: Vec<f64> = findings.readings.iter().filter_map(share).collect();
    let whole = shares.iter().filter(|share| **share >= WHOLE_TEXT_SHARE).count();
    if shares.is_empty() {
        "with texts"
    } else if whole * 2 > shares.len() {
        "whole texts"
    } else {
        "excerpts"
    }
}

pub(super) fn sitemap_says(findings: &Findings<'_>) -> String {
    let says = |sitemap: &MethodSample| {
        let newest =
            sitemap.candidates.iter().filter_map(|candidate| candidate.updated.or(candidate.published)).max();
        let newest = newest.map(|at| format!(", newest {}", local(findings, at))).unwrap_or_default();
        match sitemap.total_pages.filter(|files| *files > 0 && sitemap.candidates.is_empty()) {
            Some(files) => comment(&format!("{}: an index of {files}", sitemap.url)),
            None => comment(&format!("{}: {} pages{newest}", sitemap.url, sitemap.candidates.len())),
        }
    };
    findings.portal.sitemaps.iter().map(says).collect()
}

fn local(findings: &Findings<'_>, at: Timestamp) -> String {
    findings.source.time_zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

pub(super) fn section_says(section: &Section) -> String {
    let next = section.next.as_ref().map_or_else(
        || "no further page".to_owned(),
        |next| format!("goes on at {}", &next[url::Position::BeforePath..]),
    );
    format!("{} articles, {next}", section.own.len())
}

pub(super) fn missing(portal: &PortalSample, key: &str, of: &[url::Url]) -> String {
    let failures: Vec<String> = portal
        .failures(of)
        .take(MAX_SHOWN)
        .map(|tried| format!("{} {}", &tried.url[url::Position::BeforePath..], tried.outcome))
        .collect();
    let all = portal.failures(of).count();
    let more = if all > MAX_SHOWN { format!(" and {} more", all - MAX_SHOWN) } else { String::new() };
    comment(&format!("{key}: none answered ({}{more})", failures.join("; ")))
}

pub(super) fn backfill(findings: &Findings<'_>) -> String {
    let api = findings.portal.api.as_ref();
    let posts = api.and_then(|api| Some(u64::from(api.total_pages?) * api.candidates.len() as u64));
    let sitemaps = &findings.portal.sitemaps;
    let listed = sitemaps.iter().map(|sitemap| sitemap.candidates.len() as u64).sum::<u64>();
    let all = posts.or((listed > 0).then_some(listed));
    let known =
        all.map(|all| format!(" The portal has about {all}: \"all\" takes every one.")).unwrap_or_default();
    comment(&format!("Articles that the first visit takes, newest first.{known}"))
}
