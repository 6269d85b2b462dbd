//! What the store costs with few and with many articles: commits, visits with nothing new, reading, searching.
//!
//! `cargo bench --bench store -- 100000` prints microseconds of CPU (this process, all threads) and wall time; figures
//! of one run are to be compared with each other, not with another machine's.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tinsach::article::{Article, ArticleId, Candidate, DateOrigin, Key, Origin, Rung, SourceId, Validators};
use tinsach::dedup::Fingerprint;
use tinsach::store::{Commit, Month, Occasion, Scope, Store};
use url::Url;

/// Syllables that the words of the texts are made of; the first two are in every article.
const SYLLABLES: &str = "thành phố cảng biển đường quận huyện phát triển kinh tế xã hội công nghiệp đầu tư dự án nhân \
    dân ủy ban chủ tịch hội nghị đại biểu kiểm tra giám sát môi trường giáo dục y học văn hóa du lịch thể thao nông \
    thôn an ninh trật tự giao thông xây dựng tài chính ngân sách doanh nghiệp lao động việc làm thanh niên phụ nữ";

fn article(n: u64) -> Article {
    let syllables: Vec<&str> = SYLLABLES.split_whitespace().collect();
    let mut random = fastrand::Rng::with_seed(n);
    let mut text = "Thành phố".to_owned();
    for _ in 0..200 {
        text.push(' ');
        text.push_str(syllables[random.usize(2..syllables.len())]);
        if random.u8(..10) == 0 {
            text.push_str(&format!(" {}", random.u32(..10_000)));
        }
    }
    let source = SourceId::new("bench");
    let published = Timestamp::from_second(1_500_000_000 + i64::try_from(n).unwrap_or(0) * 600)
        .unwrap_or(Timestamp::UNIX_EPOCH);
    Article {
        id: ArticleId::mint(&source, &Key::Post(n)),
        source,
        key: Key::Post(n),
        url: page(n),
        title: format!("Tin số {n} của thành phố"),
        published,
        published_origin: DateOrigin::Given(Origin::JsonLd),
        updated: published,
        authors: vec![],
        credit: None,
        categories: vec![format!("Mục {}", n % 12)],
        tags: vec![],
        language: "vi".into(),
        html: format!("<p>{text}</p>"),
        text,
        images: vec![],
        attachments: vec![],
    }
}

fn page(n: u64) -> Url {
    Url::parse(&format!("https://portal.example/tin-{n}.html")).expect("a URL by construction")
}

fn candidate(n: u64) -> Candidate {
    Candidate::new(page(n), Rung::Feed, page(0))
}

/// Microseconds of CPU of this process so far (proc_pid_stat(5), clock ticks of 10 ms).
fn cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    (ticks(11) + ticks(12)) * 10_000
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0)
}

async fn fill(store: &Store, from: u64, to: u64) {
    let source = SourceId::new("bench");
    let mut next = from;
    while next < to {
        let end = to.min(next + 64);
        let now = Timestamp::from_second(1_790_000_000).unwrap_or(Timestamp::UNIX_EPOCH);
        store.offer(&source, (next..end).map(candidate).collect(), now).await.expect("offered");
        let due = store.due(&source, now, 64).await.expect("due");
        let commits = due.into_iter().map(|entry| {
            let slug = entry.candidate.url.path().trim_start_matches("/tin-").trim_end_matches(".html");
            let article = article(slug.parse().expect("a number by construction"));
            let commit = Commit {
                frontier: entry.row,
                fingerprint: Fingerprint::of(&article.title, &article.text),
                month: Month::of(article.published, &TimeZone::UTC),
                aliases: vec![],
                rung: Rung::Feed,
                validators: Validators::default(),
                raw_html: None,
                fetched: now,
                due: None,
                occasion: Occasion::Fetched,
                read_by: 0,
                article,
            };
            let store = store.clone();
            tokio::spawn(async move { store.commit(commit).await.expect("committed") })
        });
        for commit in commits.collect::<Vec<_>>() {
            commit.await.expect("a commit");
        }
        next = end;
    }
}

async fn measure(store: &Store, articles: u64) {
    let source = SourceId::new("bench");
    let later = Timestamp::from_second(1_790_100_000).unwrap_or(Timestamp::UNIX_EPOCH);
    let (start, began) = (cpu(), Instant::now());
    for _ in 0..200 {
        store.source_state(&source).await.expect("state");
        store
            .offer(&source, (articles - 20..articles).map(candidate).collect(), later)
            .await
            .expect("offered");
        store.due(&source, later, 50).await.expect("due");
    }
    println!(
        "{articles}: a visit with nothing new: {} µs CPU, {:?}",
        (cpu() - start) / 200,
        began.elapsed() / 200
    );
    let (start, began) = (cpu(), Instant::now());
    for _ in 0..100 {
        store.newest(&Scope::Source(source.clone()), 50).await.expect("newest");
    }
    println!("{articles}: the newest 50: {} µs CPU, {:?}", (cpu() - start) / 100, began.elapsed() / 100);
    for query in [
        "thành phố",
        "\"thành phố\"",
        "cang bien",
        "\"biển thành\"",
        "\"phụ nữ thể thao ngân\"",
        "9999",
        "khôngcó",
    ] {
        let mut times: Vec<Duration> = Vec::new();
        let mut found = 0;
        for _ in 0..200 {
            let began = Instant::now();
            found = store
                .search(&Scope::Source(source.clone()), query, 50)
                .await
                .map_or(usize::MAX, |found| found.len());
            times.push(began.elapsed());
        }
        times.sort();
        println!("{articles}: search {query}: {found} found, median {:?}, p99 {:?}", times[100], times[197]);
    }
}

fn main() {
    let most = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let store = Store::open(folder.path()).await.expect("a store");
        let mut filled = 0;
        for step in [1_000, most] {
            let (start, began, articles) = (cpu(), Instant::now(), step - filled);
            fill(&store, filled, step).await;
            println!(
                "{step}: a commit: {} µs CPU, {:?}",
                (cpu() - start) / articles,
                began.elapsed() / u32::try_from(articles).unwrap_or(1)
            );
            filled = step;
            measure(&store, step).await;
        }
        store.close().await.expect("closed");
        let store = Store::open(folder.path()).await.expect("a store");
        store.newest(&Scope::All, 50).await.expect("newest");
        let size = std::fs::metadata(folder.path().join(tinsach::store::FILE)).map_or(0, |file| file.len());
        println!("{most}: resident {} KiB after a restart, file {} KiB", resident_kib(), size / 1024);
    });
}
