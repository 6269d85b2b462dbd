//! Whether the latest articles lack what those before them had.

use crate::article::Shape;

/// Articles that are remembered.
pub(super) const MAX_SHAPES: usize = 60;
/// Articles of before from which it can be told what is usual.
const MIN_BEFORE: usize = 20;
/// Articles in a row that must lack something.
const MIN_RUN: usize = 3;
/// What is less likely by chance than this is no chance.
const CHANCE: f64 = 1e-5;
/// A text has collapsed if it is shorter than this part of nearly every text before.
const COLLAPSED: f64 = 1.0 / 3.0;
/// Nearly every text is longer than this quantile of them.
const SHORT_TEXT: f64 = 0.1;

/// Whether an article has a field.
type HasField = fn(&Shape) -> bool;

/// The fields of articles that can get lost.
pub(super) const FIELDS: [(&str, HasField); 3] = [
    ("dates", |shape| shape.has_date),
    ("authors", |shape| shape.has_author),
    ("pictures", |shape| shape.has_picture),
];

/// How many of the latest articles, in a row, lack what `has` asks for, if that cannot be chance; with the share of
/// those before that had it. Only articles of now count: those of a backfill were written in other times.
pub(super) fn lost(shapes: &[Shape], has: HasField) -> Option<(usize, f64)> {
    let run = shapes.iter().rev().take_while(|shape| shape.is_recent && !has(shape)).count();
    let before = &shapes[..shapes.len() - run];
    if run < MIN_RUN || before.len() < MIN_BEFORE {
        return None;
    }
    let had = before.iter().filter(|shape| has(shape)).count() as f64;
    // The rule of succession, halved (Jeffreys): twenty of twenty do not make it certain.
    let lacks = 1.0 - (had + 0.5) / (before.len() as f64 + 1.0);
    let exponent = i32::try_from(run).unwrap_or(i32::MAX);
    (lacks.powi(exponent) < CHANCE).then_some((run, had / before.len() as f64))
}

/// How many of the latest articles, in a row, are far shorter than nearly all before, if that cannot be chance; with
/// their longest and with what a short text was before, in characters.
pub(super) fn collapsed(shapes: &[Shape]) -> Option<(usize, u32, u32)> {
    let mut lengths: Vec<u32> = shapes.iter().map(|shape| shape.chars).collect();
    let latest = lengths.split_off(lengths.len().saturating_sub(MIN_RUN));
    lengths.sort_unstable();
    let is_recent = shapes.iter().rev().take(MIN_RUN).all(|shape| shape.is_recent);
    if lengths.len() < MIN_BEFORE || latest.len() < MIN_RUN || !is_recent {
        return None;
    }
    let short = lengths[(SHORT_TEXT * lengths.len() as f64) as usize];
    let longest = latest.iter().copied().max()?;
    (f64::from(longest) < COLLAPSED * f64::from(short)).then_some((MIN_RUN, longest, short))
}
