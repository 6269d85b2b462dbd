//! How long extraction and cleaning take beside html5ever's parse of the same page alone.
//!
//! `cargo bench --bench extract [-- DIR]`: DIR holds sets of pages as for `examples/evaluate.rs`; without it the page that
//! the tests use is read. Prints the time of each stage per page, and what the whole is to the parse.

use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use scraper::Html;
use tinsach::config::ArticleRules;
use tinsach::extract::main_content::{self, ContentRequest};
use tinsach::extract::{Context, meta, page};
use tinsach::html;
use tinsach::model::Page;
use url::Url;

/// Rounds over all pages; the fastest of each stage counts.
const ROUNDS: usize = 3;

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let pages = folder.map_or_else(
        || vec![include_str!("../tests/data/extract/seed.html").to_owned()],
        |folder| read(Path::new(&folder)),
    );
    let (rules, zone) = (ArticleRules::default(), TimeZone::UTC);
    let context = Context { language: "vi", ..Context::new(&rules, &zone) };
    let url = Url::parse("https://portal.vn/bai.html").expect("a constant URL");
    let pages: Vec<Page> =
        pages.into_iter().map(|html| Page::offline(url.clone(), html, Timestamp::UNIX_EPOCH)).collect();
    let mut best = [Duration::MAX; 5];
    for _ in 0..ROUNDS {
        for (slot, time) in best.iter_mut().zip(round(&pages, &context)) {
            *slot = time.min(*slot);
        }
    }
    let names = ["html5ever alone", "our parse", "metadata", "body", "whole article"];
    for (name, time) in names.iter().zip(best) {
        println!("{name:>16}: {:>9.1?} a page", time / pages.len() as u32);
    }
    let ratio = best[4].as_secs_f64() / best[0].as_secs_f64();
    println!("the whole article is {ratio:.2} x html5ever's parse, {} pages", pages.len());
}

/// Times of each stage over all pages.
fn round(pages: &[Page], context: &Context<'_>) -> [Duration; 5] {
    let mut times = [Duration::ZERO; 5];
    for page in pages {
        let mut start = Instant::now();
        let mut lap = |slot: usize| {
            times[slot] += start.elapsed();
            start = Instant::now();
        };
        black_box(Html::parse_document(&page.html));
        lap(0);
        let Ok(document) = html::parse(&page.html) else { continue };
        lap(1);
        let found = meta::read(&document, page, context);
        lap(2);
        let request = ContentRequest {
            rules: context.rules,
            title: found.places.title,
            published: found.places.published,
            author: found.places.author,
            explain: false,
            learned: None,
        };
        black_box(main_content::find(&document, &request));
        lap(3);
        drop(document);
        lap(1);
        _ = black_box(page::read(page, context));
        lap(4);
    }
    times
}

/// The pages of a folder and those below it, by name.
fn read(folder: &Path) -> Vec<String> {
    let mut pages = Vec::new();
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            pages.extend(read(&path));
        } else if path.extension().is_some_and(|end| end == "gz") {
            let mut bytes = Vec::new();
            let opened = std::fs::File::open(&path).expect("a readable file");
            GzDecoder::new(opened).read_to_end(&mut bytes).expect("a whole gzip file");
            pages.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    pages
}
