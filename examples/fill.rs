//! Fills a state folder with made-up articles: what a daemon, a search or a backup costs beside a large archive can then
//! be measured as often as one likes. More can be added later.
//!
//! `cargo run --release --example fill -- FOLDER ARTICLES [SOURCE]`

#[path = "../benches/filler/mod.rs"]
mod filler;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use tinsach::model::SourceId;
use tinsach::store::Store;

/// Articles between two lines of progress.
const STEP: u64 = 20_000;

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let usage = "usage: fill FOLDER ARTICLES [SOURCE]";
    let folder: PathBuf = words.next().context(usage)?.into();
    let articles: u64 = words.next().context(usage)?.parse().context(usage)?;
    let source = SourceId::new(&words.next().unwrap_or_else(|| "haiphong".to_owned()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&folder).await?;
        let mut filled = store.source_state(&source).await?.articles;
        let began = Instant::now();
        while filled < articles {
            let next = articles.min(filled + STEP);
            filler::fill(&store, &source, filled, next).await;
            filled = next;
            eprintln!("{filled} articles after {:?}", began.elapsed());
        }
        store.close().await?;
        Ok(())
    })
}
