//! Measures extraction on folders of annotated pages.
//!
//! `cargo run --release --example evaluate -- DIR [--out FILE]`: DIR holds one folder per set, each with `html/ID.html.gz`,
//! `meta.json` and `gold.json` (whole texts) or `segments.json` (snippets that must and must not appear). The metric is
//! that of the scrapinghub article-extraction benchmark: bags of 4-gram shingles, precision and recall averaged over
//! documents, F1 their harmonic mean. Where `meta.json` holds titles, ours are held against them, letters and digits
//! compared: on all pages, and on those where a main heading is the title that is wanted. Speed is measured against
//! dom_smoothie in the same run, parsing included.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use flate2::read::GzDecoder;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use scraper::{Html, Selector};
use serde::Deserialize;
use tinsach::config::ArticleRules;
use tinsach::extract::Context;
use tinsach::extract::page::{self, ExtractedArticle};
use tinsach::model::Page;
use url::Url;

#[derive(Deserialize)]
struct Meta {
    url: String,
    title: Option<String>,
}

#[derive(Deserialize, Default)]
struct Segments {
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

struct Doc {
    id: String,
    url: Url,
    title: Option<String>,
    html: String,
}

struct Set {
    name: String,
    docs: Vec<Doc>,
    gold: BTreeMap<String, Option<String>>,
    segments: BTreeMap<String, Segments>,
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().context("usage: evaluate DIR [--out FILE]")?);
    let out = arguments.skip_while(|argument| argument != "--out").nth(1);
    let sets = read_sets(&folder)?;
    let mut predictions: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    println!("{:<14} {:>5}  {:>6} {:>6} {:>6}  docF1  exact  <0.5", "set", "docs", "P", "R", "F1");
    for set in &sets {
        let articles: Vec<Option<ExtractedArticle>> =
            set.docs.iter().map(|doc| ours(&doc.url, &doc.html)).collect();
        let texts = set.docs.iter().zip(&articles).map(|(doc, article)| (doc.id.clone(), text(article)));
        let predicted: BTreeMap<String, String> = texts.collect();
        if !set.gold.is_empty() {
            report(set, &predicted);
        }
        if !set.segments.is_empty() {
            report_segments(set, &predicted);
        }
        report_titles(set, &articles);
        predictions.insert(set.name.clone(), predicted);
    }
    if let Some(out) = out {
        std::fs::write(&out, serde_json::to_string(&predictions)?)
            .with_context(|| format!("writing {out}"))?;
    }
    speed(&sets);
    Ok(())
}

/// What a page is read as; `None` if it is no article.
fn ours(url: &Url, html: &str) -> Option<ExtractedArticle> {
    let (rules, zone) = (ArticleRules::default(), TimeZone::UTC);
    let context = Context { language: "en", ..Context::new(&rules, &zone) };
    // Later than every page: none of their dates lies ahead.
    let fetched = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 60);
    page::read(&Page::offline(url.clone(), html.to_owned(), fetched), &context).ok()
}

fn text(article: &Option<ExtractedArticle>) -> String {
    article.as_ref().map(|article| article.cleaned.text.clone()).unwrap_or_default()
}

fn theirs(html: &str) -> usize {
    dom_smoothie::Readability::new(html, None, None)
        .and_then(|mut page| page.parse())
        .map_or(0, |article| article.text_content.len())
}

fn read_sets(folder: &Path) -> anyhow::Result<Vec<Set>> {
    let mut sets = Vec::new();
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    folders.sort();
    for path in folders.into_iter().filter(|path| path.join("meta.json").is_file()) {
        let meta: BTreeMap<String, Meta> = json(&path.join("meta.json"))?.unwrap_or_default();
        let mut docs = Vec::new();
        for (id, meta) in meta {
            let file = path.join("html").join(format!("{id}.html.gz"));
            let mut bytes = Vec::new();
            GzDecoder::new(std::fs::File::open(&file)?).read_to_end(&mut bytes)?;
            let html = String::from_utf8_lossy(&bytes).into_owned();
            let url = Url::parse(&meta.url).or_else(|_| Url::parse("https://example.org/"))?;
            docs.push(Doc { id, url, title: meta.title, html });
        }
        sets.push(Set {
            name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            docs,
            gold: json(&path.join("gold.json"))?.unwrap_or_default(),
            segments: json(&path.join("segments.json"))?.unwrap_or_default(),
        });
    }
    Ok(sets)
}

fn json<T: for<'a> Deserialize<'a>>(path: &Path) -> anyhow::Result<Option<T>> {
    if !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path)?;
    Ok(Some(serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))?))
}

/// Words as Python's `\w+` sees them.
fn tokens(text: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !is_word(c)).filter(|word| !word.is_empty()).collect()
}

fn shingles<'a>(words: &[&'a str]) -> HashMap<Vec<&'a str>, u32> {
    let mut bag = HashMap::new();
    if words.len() < 4 {
        if !words.is_empty() {
            bag.insert(words.to_vec(), 1);
        }
        return bag;
    }
    for window in words.windows(4) {
        *bag.entry(window.to_vec()).or_insert(0) += 1;
    }
    bag
}

/// Precision, recall and whether each counts; F1; whether the words are the same.
fn compare(gold: &str, predicted: &str) -> (Option<f64>, Option<f64>, f64, bool) {
    let (gold_words, words) = (tokens(gold), tokens(predicted));
    let (g, p) = (shingles(&gold_words), shingles(&words));
    let all_g: u32 = g.values().sum();
    let all_p: u32 = p.values().sum();
    let both: u32 = g.iter().map(|(key, n)| (*n).min(p.get(key).copied().unwrap_or(0))).sum();
    let share = |all: u32| if all == 0 { 0.0 } else { f64::from(both) / f64::from(all) };
    let (precision, recall) =
        if all_g == both && all_p == both { (1.0, 1.0) } else { (share(all_p), share(all_g)) };
    let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    ((all_p > 0).then_some(precision), (all_g > 0).then_some(recall), f1, gold_words == words)
}

fn report(set: &Set, predicted: &BTreeMap<String, String>) {
    let (mut p, mut r, mut f, mut exact, mut low) = (Vec::new(), Vec::new(), 0.0, 0_u32, 0_u32);
    for (id, gold) in &set.gold {
        let empty = String::new();
        let text = predicted.get(id).unwrap_or(&empty);
        let (precision, recall, f1, same) = compare(gold.as_deref().unwrap_or_default(), text);
        p.extend(precision);
        r.extend(recall);
        f += f1;
        exact += u32::from(same);
        low += u32::from(f1 < 0.5);
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (p, r, n) = (mean(&p), mean(&r), set.gold.len() as f64);
    println!(
        "{:<14} {:>5}  {p:.4} {r:.4} {:.4}  {:.4} {:.3}  {low}",
        set.name,
        set.gold.len(),
        2.0 * p * r / (p + r),
        f / n,
        f64::from(exact) / n
    );
}

fn report_segments(set: &Set, predicted: &BTreeMap<String, String>) {
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut found, mut wanted, mut absent, mut unwanted) = (0_u32, 0_u32, 0_u32, 0_u32);
    for (id, segments) in &set.segments {
        let text = fold(predicted.get(id).map_or("", String::as_str));
        for snippet in &segments.with {
            wanted += 1;
            found += u32::from(text.contains(&fold(snippet)));
        }
        for snippet in &segments.without {
            unwanted += 1;
            absent += u32::from(!text.contains(&fold(snippet)));
        }
    }
    let p = f64::from(found) / f64::from(found + unwanted - absent).max(1.0);
    let r = f64::from(found) / f64::from(wanted).max(1.0);
    println!(
        "{:<14} {:>5}  {p:.4} {r:.4} {:.4}  (segments)",
        set.name,
        set.segments.len(),
        2.0 * p * r / (p + r)
    );
}

/// The share of titles that are right: on all pages, and where a heading of the first level is the one that is wanted.
/// Publishers write several titles for one article, and which of them a set took is known only where it is shown.
fn report_titles(set: &Set, articles: &[Option<ExtractedArticle>]) {
    let key = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let heading = Selector::parse("h1").expect("a selector of one name");
    let (mut all, mut right, mut shown, mut right_shown) = (0_u32, 0_u32, 0_u32, 0_u32);
    for (doc, article) in set.docs.iter().zip(articles) {
        let Some(wanted) = doc.title.as_deref().map(key) else { continue };
        let title = article.as_ref().and_then(|article| article.draft.title.as_ref());
        let is_right = title.is_some_and(|title| key(&title.value) == wanted);
        let page = Html::parse_document(&doc.html);
        let is_shown = page.select(&heading).any(|h1| key(&h1.text().collect::<String>()) == wanted);
        all += 1;
        right += u32::from(is_right);
        shown += u32::from(is_shown);
        right_shown += u32::from(is_right && is_shown);
    }
    if all > 0 {
        let share = |part: u32, of: u32| f64::from(part) / f64::from(of.max(1));
        println!(
            "{:<14} {all:>5}  {:.4}  {:.4} of {shown} shown (titles)",
            set.name,
            share(right, all),
            share(right_shown, shown)
        );
    }
}

/// Documents a second, ours and dom_smoothie's, page by page in turn so that both meet the same load.
fn speed(sets: &[Set]) {
    let mut times = [Duration::ZERO; 2];
    let (mut docs, mut sink) = (0_u32, 0_usize);
    for doc in sets.iter().flat_map(|set| &set.docs) {
        let mut start = Instant::now();
        let mut lap = |slot: usize| {
            times[slot] += start.elapsed();
            start = Instant::now();
        };
        sink += text(&ours(&doc.url, &doc.html)).len();
        lap(0);
        sink += theirs(&doc.html);
        lap(1);
        docs += 1;
    }
    let [ours, theirs] = times;
    for (name, time) in [("tinsach", ours), ("dom_smoothie", theirs)] {
        let per_second = f64::from(docs) / time.as_secs_f64();
        let ratio = theirs.as_secs_f64() / time.as_secs_f64();
        println!("{name:>16}: {per_second:>5.0} docs/s, {ratio:.2} x dom_smoothie");
    }
    println!("({docs} documents, {sink} bytes of text)");
}
