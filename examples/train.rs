//! Learns the classifier of `extract/body` from annotated pages and measures it on sites that were held back.
//!
//! `cargo run --release --example train -- DIR [--out FILE]`: DIR holds sets as for `evaluate`; blocks are labelled by
//! aligning the words of the page with those of the gold text, or by the snippets where there is no gold text. Pages are
//! dealt into five parts by site; what is printed was predicted by models that had not seen the site. With `--out` the
//! model learned from all pages is written to the file, its sets, seed and scores in the header. The run is
//! deterministic.

#[path = "train/align.rs"]
mod align;
#[path = "train/boost.rs"]
mod boost;
#[path = "train/measure.rs"]
mod measure;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flate2::read::GzDecoder;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tinsach::extract::body::labelled_page::{self, LabelledPage};

const PARTS: usize = 5;

/// The threshold that the header's scores are taken at, nearest to that of `extract/body/decide.rs`.
const SCORED_AT: f32 = 0.5;

#[derive(Deserialize)]
struct Meta {
    site: String,
}

/// Snippets that must and must not appear.
#[derive(Deserialize, Default, Clone)]
pub struct Segments {
    /// Those that must.
    #[serde(default)]
    pub with: Vec<String>,
    /// Those that must not.
    #[serde(default)]
    pub without: Vec<String>,
}

/// A page with labels.
pub struct Doc {
    /// The set it is of.
    pub set: String,
    /// Its name there.
    pub id: String,
    /// The part of the cross-validation that its site is in.
    pub part: usize,
    /// Its blocks with their features.
    pub page: LabelledPage,
    /// The text by hand; empty where only snippets are known.
    pub gold: String,
    /// The snippets.
    pub segments: Segments,
    /// For each block, the share of its words that the gold text has.
    pub labels: Vec<f32>,
    /// For each block, how much its label counts.
    pub weights: Vec<f32>,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = PathBuf::from(arguments.first().context("usage: train DIR [--out FILE]")?);
    let out = arguments.iter().position(|argument| argument == "--out").and_then(|at| arguments.get(at + 1));
    let docs = read(&folder)?;
    println!("{} pages, {} blocks", docs.len(), docs.iter().map(|doc| doc.labels.len()).sum::<usize>());
    ceiling(&docs);

    let rows: Vec<Vec<Vec<f32>>> =
        docs.iter().map(|doc| doc.page.rows().map(<[f32]>::to_vec).collect()).collect();
    let (held_back, model) = boost::cross(&docs, &rows, &boost::Settings::from_env());
    measure::print("held back", &docs, &held_back);
    let fit: Vec<Vec<f32>> =
        rows.iter().map(|rows| rows.iter().map(|row| boost::predict(&model, row)).collect()).collect();
    measure::print("seen", &docs, &fit);
    let smoothed: Vec<Vec<f32>> =
        docs.iter().zip(&held_back).map(|(doc, held_back)| doc.page.smoothed(held_back)).collect();
    measure::print("held back, smoothed", &docs, &smoothed);
    boost::importance(&model, &labelled_page::columns());

    if arguments.iter().any(|argument| argument == "--worst") {
        measure::worst(&docs, &held_back);
    }
    if let Some(out) = out {
        let text = format!("{}\n{}", header(&docs, &smoothed), boost::write(&model));
        labelled_page::check_model(&text).map_err(anyhow::Error::msg)?;
        std::fs::write(out, text)?;
    }
    Ok(())
}

/// The header of the model file.
fn header(docs: &[Doc], smoothed: &[Vec<f32>]) -> String {
    let mut sets: Vec<&str> = docs.iter().map(|doc| doc.set.as_str()).collect();
    sets.sort_unstable();
    sets.dedup();
    format!(
        "about: Boosted trees on the features of a block, as src/extract/body/classifier.rs reads them.\n\
         columns: {}\nsets: {}, {} pages\nseed: {:#x}\nscores: F1 of sites held back, title taken out: {}\n",
        labelled_page::columns().join(" "),
        sets.join(" "),
        docs.len(),
        boost::SEED,
        measure::f1_of_sets(docs, smoothed, SCORED_AT)
    )
}

/// What a perfect verdict on every block would give: the labels themselves.
fn ceiling(docs: &[Doc]) {
    let perfect: Vec<Vec<f32>> = docs.iter().map(|doc| doc.labels.clone()).collect();
    measure::print("ceiling", docs, &perfect);
}

fn read(folder: &Path) -> anyhow::Result<Vec<Doc>> {
    let mut docs = Vec::new();
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    folders.sort();
    for path in folders.into_iter().filter(|path| path.join("meta.json").is_file()) {
        let set = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let meta: BTreeMap<String, Meta> = json(&path.join("meta.json"))?;
        let gold: BTreeMap<String, Option<String>> = json(&path.join("gold.json"))?;
        let mut segments: BTreeMap<String, Segments> = json(&path.join("segments.json"))?;
        for (id, meta) in meta {
            let mut bytes = Vec::new();
            let file = path.join("html").join(format!("{id}.html.gz"));
            GzDecoder::new(std::fs::File::open(file)?).read_to_end(&mut bytes)?;
            let part = usize::from(Sha256::digest(format!("part {}", meta.site).as_bytes())[0]) % PARTS;
            let Ok(page) = LabelledPage::of(&String::from_utf8_lossy(&bytes)) else { continue };
            let gold = gold.get(&id).cloned().flatten().unwrap_or_default();
            let segments = segments.remove(&id).unwrap_or_default();
            let (labels, weights) =
                if gold.trim().is_empty() { by_segments(&page, &segments) } else { by_gold(&page, &gold) };
            let weights = thin_out(&page, &labels, weights);
            docs.push(Doc { set: set.clone(), id, part, page, gold, segments, labels, weights });
        }
    }
    Ok(docs)
}

/// Reads a file; nothing if there is none.
fn json<T: for<'a> Deserialize<'a> + Default>(path: &Path) -> anyhow::Result<T> {
    if !path.is_file() {
        return Ok(T::default());
    }
    Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
}

/// Labels by a whole text. A block weighs what the metric loses by a wrong verdict, an unsure label less.
fn by_gold(page: &LabelledPage, gold: &str) -> (Vec<f32>, Vec<f32>) {
    let labels = align::label(page, gold);
    let words = align::words(gold).len() as f32;
    let weigh = |(text, label): (&&str, &f32)| {
        let own = align::words(text).len() as f32;
        (100.0 * (own + 3.0) / (words + 60.0)).min(60.0) * (0.2 + 0.8 * (2.0 * label - 1.0).abs())
    };
    let weights = page.texts().iter().zip(&labels).map(weigh).collect();
    (labels, weights)
}

/// Labels by snippets: what holds one is known, the rest of the page is not and weighs nothing.
fn by_segments(page: &LabelledPage, segments: &Segments) -> (Vec<f32>, Vec<f32>) {
    let holds =
        |text: &str, snippets: &[String]| snippets.iter().any(|snippet| text.contains(&fold(snippet)));
    page.texts()
        .iter()
        .map(|text| {
            let own = (align::words(text).len() as f32 + 3.0).min(120.0);
            match (holds(text, &segments.with), holds(text, &segments.without)) {
                (true, false) => (1.0, own / 6.0),
                (false, true) => (0.0, own / 6.0),
                _ => (0.5, 0.0),
            }
        })
        .unzip()
}

/// White space made single.
pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Of the blocks that are plainly links of a menu or list, every fourth stands for four.
fn thin_out(page: &LabelledPage, labels: &[f32], weights: Vec<f32>) -> Vec<f32> {
    let mut seen = 0_u32;
    weights
        .into_iter()
        .enumerate()
        .map(|(index, weight)| {
            if labels[index] > 0.0 || !page.is_plain_link(index) {
                return weight;
            }
            seen += 1;
            if seen.is_multiple_of(4) { weight * 4.0 } else { 0.0 }
        })
        .collect()
}
