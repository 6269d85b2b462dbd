//! Whether the latest articles lack what those before them had.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::Shape;

/// Articles that are remembered.
const MAX_SHAPES: usize = 60;
/// Of one visit so many at most are: a burst must not push out what was usual before it.
const MAX_OF_A_VISIT: usize = 20;
/// Articles of before from which it can be told what is usual.
const MIN_BEFORE: usize = 20;
/// Articles in a row that must lack something.
const MIN_RUN: usize = 3;
/// They must have been published over so long a time. Articles of one hour are often one event (an import, one author,
/// notices after a session), so that one of them says no more than all.
const MIN_SPREAD: SignedDuration = SignedDuration::from_mins(90);
/// What is less likely by chance than this is no chance.
const CHANCE: f64 = 1e-5;
/// A text has collapsed if it is shorter than this part of nearly every text before.
const COLLAPSED: f64 = 1.0 / 3.0;
/// Nearly every text is longer than this quantile of them.
const SHORT_TEXT: f64 = 0.1;

/// A new article, as it is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sample {
    /// The visit that read it.
    #[serde(rename = "read")]
    pub read_at: Timestamp,
    #[serde(flatten)]
    pub shape: Shape,
}

/// Several articles in a row that lack something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    pub length: usize,
    /// When the first was read.
    pub since: Timestamp,
    /// The share of those before that had it.
    pub share: f64,
}

/// A field of articles: its name, and whether an article has it.
type Field = (&'static str, fn(&Shape) -> bool);

/// The fields that can get lost.
pub(super) const FIELDS: [Field; 3] = [
    ("dates", |shape| shape.has_date),
    ("authors", |shape| shape.has_author),
    ("pictures", |shape| shape.has_picture),
];

/// Adds the new articles of a visit. While something `is_lacking`, what was usual before is kept, and the middle of what
/// lacks it goes: otherwise the trouble would seem to be over once it had lasted for some articles.
pub(super) fn remember(samples: &mut VecDeque<Sample>, new: &[Sample], is_lacking: bool) {
    let (count, most) = (new.len(), new.len().min(MAX_OF_A_VISIT));
    // Evenly from the whole visit, the last one among them.
    let chosen = (1..=most).filter_map(|n| new.get(n * count / most - 1));
    samples.extend(chosen);
    while samples.len() > MAX_SHAPES {
        let place = if is_lacking { samples.len() - 2 } else { 0 };
        samples.remove(place);
    }
}

/// How many of the latest articles, in a row, lack what `has` asks for, if that cannot be chance. Only articles of now
/// count: those of a backfill were written in other times.
pub(super) fn lost(samples: &[Sample], has: fn(&Shape) -> bool) -> Option<Run> {
    let lacks = |sample: &&Sample| sample.shape.is_recent && !has(&sample.shape);
    let length = samples.iter().rev().take_while(lacks).count();
    remarkable(samples, length, has)
}

/// How many of the latest articles, in a row, are far shorter than nearly all before, if that cannot be chance; with
/// their longest and with what a short text was before, in characters.
pub(super) fn collapsed(samples: &[Sample]) -> Option<(Run, u32, u32)> {
    let recent = samples.iter().rev().take_while(|sample| sample.shape.is_recent).count();
    let longest_run = recent.min(samples.len().saturating_sub(MIN_BEFORE));
    (MIN_RUN..=longest_run).rev().find_map(|length| {
        let (before, latest) = samples.split_at(samples.len() - length);
        let mut lengths: Vec<u32> = before.iter().map(|sample| sample.shape.chars).collect();
        lengths.sort_unstable();
        let short = lengths[(SHORT_TEXT * lengths.len() as f64) as usize];
        let is_long = |chars: u32| f64::from(chars) >= COLLAPSED * f64::from(short);
        let longest =
            latest.iter().map(|sample| sample.shape.chars).max().filter(|chars| !is_long(*chars))?;
        let run = remarkable(samples, length, |shape| is_long(shape.chars))?;
        Some((run, longest, short))
    })
}

/// How many of the latest articles, in a row, have the same text though each has an address of its own: the portal, or a
/// cache before it, gives one page for all. The same three times at one visit may be one text in three sections.
pub(super) fn same_text(samples: &[Sample]) -> Option<Run> {
    let last = samples.last()?.shape.text?;
    let length = samples.iter().rev().take_while(|sample| sample.shape.text == Some(last)).count();
    let since = samples[samples.len() - length].read_at;
    (length >= MIN_RUN && samples.last()?.read_at > since).then_some(Run { length, since, share: 0.0 })
}

/// The last `length` articles as a run without something, if those before had it so often that this is no chance.
fn remarkable(samples: &[Sample], length: usize, has: impl Fn(&Shape) -> bool) -> Option<Run> {
    let (before, latest) = samples.split_at(samples.len() - length);
    if length < MIN_RUN || before.len() < MIN_BEFORE {
        return None;
    }
    let times = || latest.iter().map(|sample| sample.shape.published);
    let spread = times().max()?.duration_since(times().min()?);
    let since = latest.first()?.read_at;
    let had = before.iter().filter(|sample| has(&sample.shape)).count() as f64;
    // The rule of succession, halved (Jeffreys): twenty of twenty do not make it certain.
    let lacks = 1.0 - (had + 0.5) / (before.len() as f64 + 1.0);
    let is_chance = lacks.powi(i32::try_from(length).unwrap_or(i32::MAX)) >= CHANCE;
    (!is_chance && spread >= MIN_SPREAD).then_some(Run { length, since, share: had / before.len() as f64 })
}
