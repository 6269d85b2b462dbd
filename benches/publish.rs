//! What it takes until one new article is in the feeds, with few and with many articles stored: reading, rendering and
//! compressing a source's own Atom, RSS and JSON.
//!
//! `cargo bench --bench publish -- 100000` fills a store of its own; `-- FOLDER` takes one that `--example fill` made.
//! Figures of one run are to be compared with each other. Milliseconds are those of this thread's work on a machine
//! that has nothing else to do.

mod filler;

use std::path::Path;
use std::time::{Duration, Instant};

use tinsach::config::{self, Config, Environment};
use tinsach::model::SourceId;
use tinsach::publish::{Channel, Edition, Entry, FeedName, FeedSettings, Format};
use tinsach::serve::Site;
use tinsach::store::{Scope, Store};

/// Rounds of which the median is told.
const ROUNDS: usize = 15;
/// Articles in a feed.
const ENTRIES: u64 = 50;

/// Articles as long as a portal's: eight kilobytes of text.
async fn add_long(store: &Store, source: &SourceId, from: u64, to: u64) {
    filler::fill_with(store, source, from, to, |article| {
        article.html = article.html.repeat(6);
        article.text = format!("{}\n\n", article.text).repeat(6);
    })
    .await;
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

async fn measure(config: &Config, store: &Store, articles: u64) {
    let source = SourceId::new("haiphong");
    let feed_settings = FeedSettings::new(config);
    let (mut reading, mut rendering, mut packing, mut whole) = (vec![], vec![], vec![], vec![]);
    let site = Site::new(std::sync::Arc::new(config.clone()), store.clone()).expect("a site");
    site.refresh(&source).await.expect("feeds");
    let mut bytes = 0;
    for round in 0..ROUNDS as u64 {
        add_long(store, &source, articles + ENTRIES + round, articles + ENTRIES + round + 1).await;
        let began = Instant::now();
        let stored = store.newest(&Scope::Source(source.clone()), 50).await.expect("articles");
        reading.push(began.elapsed());
        let began = Instant::now();
        let entries: Vec<Entry<'_>> = stored
            .iter()
            .map(|one| Entry { article: &one.article, changed: one.changed, related: &one.related })
            .collect();
        let channel = Channel::new(&feed_settings, FeedName::Source(source.clone()), None).expect("a source");
        let channel = channel.with_history(&entries);
        let feeds = Format::ALL.map(|format| format.render(&channel, &entries, &[]));
        rendering.push(began.elapsed());
        bytes = feeds[0].len();
        let began = Instant::now();
        let editions = feeds.map(|feed| Edition::new("application/atom+xml", String::new(), None, feed));
        packing.push(began.elapsed());
        assert_eq!(editions.len(), 3);
        let began = Instant::now();
        assert!(site.refresh(&source).await.expect("feeds"), "a new article is news");
        whole.push(began.elapsed());
    }
    println!(
        "{articles} articles, Atom of {} KB: read {:.1?}, rendered in three formats {:.1?}, compressed {:.1?}; refresh of \
         the source and of all {:.1?}",
        bytes / 1000,
        median(reading),
        median(rendering),
        median(packing),
        median(whole),
    );
}

fn configuration(state: &Path) -> Config {
    let environment = Environment { state_directory: Some(state.into()), ..Environment::default() };
    config::load(None, &environment).expect("the defaults are right")
}

fn main() {
    let word =
        std::env::args().skip(1).find(|word| !word.starts_with("--")).unwrap_or_else(|| "20000".to_owned());
    let own = tempfile::tempdir().expect("a folder");
    let source = SourceId::new("haiphong");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let few = own.path().join("few");
        let store = Store::open(&few).await.expect("a store");
        filler::fill(&store, &source, 0, 1000).await;
        add_long(&store, &source, 1000, 1000 + ENTRIES).await;
        measure(&configuration(&few), &store, 1000).await;
        store.close().await.expect("closed");
        let many = word.parse::<u64>().map_or_else(|_| word.clone().into(), |_| own.path().join("many"));
        let store = Store::open(&many).await.expect("a store");
        let articles = match word.parse() {
            Ok(articles) => {
                filler::fill(&store, &source, 0, articles).await;
                articles
            }
            Err(_) => store.source_state(&source).await.expect("a state").articles,
        };
        add_long(&store, &source, articles, articles + ENTRIES).await;
        measure(&configuration(&many), &store, articles).await;
        store.close().await.expect("closed");
    });
}
