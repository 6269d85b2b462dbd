//! What probabilities are worth in the benchmark's own measure.

use std::collections::{BTreeMap, HashMap};

use crate::Doc;
use crate::align::words;
use crate::fold;

type Bag<'a> = HashMap<Vec<&'a str>, u32>;

fn bag<'a>(words: &[&'a str]) -> Bag<'a> {
    let mut bag = HashMap::new();
    if words.len() < 4 && !words.is_empty() {
        bag.insert(words.to_vec(), 1);
    }
    for window in words.windows(4) {
        *bag.entry(window.to_vec()).or_insert(0) += 1;
    }
    bag
}

/// Precision and recall of one page.
fn page(doc: &Doc, likely: &[f32], threshold: f32) -> (Option<f64>, f64) {
    let texts = doc.page.texts();
    let kept: Vec<&str> = texts
        .iter()
        .zip(likely)
        .filter(|(_, p)| **p >= threshold)
        .flat_map(|(text, _)| words(text))
        .collect();
    let (gold, kept) = (bag(&words(&doc.gold)), bag(&kept));
    let both: u32 = gold.iter().map(|(key, n)| (*n).min(kept.get(key).copied().unwrap_or(0))).sum();
    let (all_gold, all_kept): (u32, u32) = (gold.values().sum(), kept.values().sum());
    let p = (all_kept > 0).then(|| f64::from(both) / f64::from(all_kept));
    (p, f64::from(both) / f64::from(all_gold.max(1)))
}

/// Counts snippets that were found, that were wanted, that were absent as they should be, and that should.
fn snippets(doc: &Doc, likely: &[f32], threshold: f32, found: &mut [u32; 4]) {
    let texts = doc.page.texts();
    let kept: Vec<&str> =
        texts.iter().zip(likely).filter(|(_, p)| **p >= threshold).map(|(text, _)| *text).collect();
    let kept = kept.join(" ");
    for snippet in &doc.segments.with {
        found[0] += u32::from(kept.contains(&fold(snippet)));
        found[1] += 1;
    }
    for snippet in &doc.segments.without {
        found[2] += u32::from(!kept.contains(&fold(snippet)));
        found[3] += 1;
    }
}

/// Precision and recall of each set, and of all snippets together.
fn score<'a>(docs: &'a [Doc], likely: &[Vec<f32>], threshold: f32) -> Vec<(&'a str, f64, f64)> {
    let mut found = [0_u32; 4];
    let mut sets: BTreeMap<&str, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for (doc, likely) in docs.iter().zip(likely) {
        if doc.gold.is_empty() {
            snippets(doc, likely, threshold, &mut found);
            continue;
        }
        let (p, r) = page(doc, likely, threshold);
        let entry = sets.entry(&doc.set).or_default();
        entry.0.extend(p);
        entry.1.push(r);
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let mut scores: Vec<_> = sets.iter().map(|(set, (p, r))| (*set, mean(p), mean(r))).collect();
    let [with, wanted, absent, unwanted] = found.map(f64::from);
    scores.push(("snippets", with / (with + unwanted - absent).max(1.0), with / wanted.max(1.0)));
    scores
}

fn f1(p: f64, r: f64) -> f64 {
    2.0 * p * r / (p + r)
}

/// The F1 of each set, for the header of the model.
pub fn f1_of_sets(docs: &[Doc], likely: &[Vec<f32>], threshold: f32) -> String {
    let scores = score(docs, likely, threshold);
    scores.iter().map(|(set, p, r)| format!("{set} {:.4}", f1(*p, *r))).collect::<Vec<_>>().join(", ")
}

/// Prints precision, recall and F1 of each set at several thresholds.
pub fn print(name: &str, docs: &[Doc], likely: &[Vec<f32>]) {
    for threshold in [0.35, 0.4, 0.45, 0.5, 0.55, 0.6] {
        let scores = score(docs, likely, threshold);
        let line = scores.iter().map(|(set, p, r)| format!("{set} {p:.4}/{r:.4}/{:.4}", f1(*p, *r)));
        println!("{name} at {threshold}: {}", line.collect::<Vec<_>>().join("  "));
    }
}

/// Prints what goes most wrong, for reading by eye.
pub fn worst(docs: &[Doc], likely: &[Vec<f32>]) {
    let mut scored: Vec<(f64, usize)> = docs
        .iter()
        .enumerate()
        .filter(|(_, doc)| !doc.gold.is_empty())
        .map(|(at, doc)| {
            let (p, r) = page(doc, &likely[at], 0.45);
            (p.unwrap_or(0.0) + r, at)
        })
        .collect();
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, at) in scored {
        let doc = &docs[at];
        let (p, r) = page(doc, &likely[at], 0.45);
        println!("==== {} {} P {:.3} R {:.3}", doc.set, doc.id, p.unwrap_or(0.0), r);
        for (index, text) in doc.page.texts().iter().enumerate() {
            let (verdict, label) = (likely[at][index], doc.labels[index]);
            if (verdict >= 0.45) != (label >= 0.5) {
                let text: String = text.chars().take(130).collect();
                println!(
                    "  {} {verdict:.2} label {label:.2} [{}] {text}",
                    if verdict >= 0.45 { "FALSE" } else { "MISS " },
                    doc.page.element(index)
                );
            }
        }
    }
}
