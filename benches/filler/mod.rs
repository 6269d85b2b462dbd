//! A store of any size, filled through its own commits: for benches, and for measuring a daemon beside a large archive.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tinsach::model::{Article, ArticleId, Candidate, DateOrigin, DiscoveryMethod, Key, Origin, SourceId};
use tinsach::store::{Commit, Store};
use url::Url;

/// Syllables that the words of the texts are made of; the first two are in every article.
const SYLLABLES: &str = "thành phố cảng biển đường quận huyện phát triển kinh tế xã hội công nghiệp đầu tư dự án nhân \
    dân ủy ban chủ tịch hội nghị đại biểu kiểm tra giám sát môi trường giáo dục y học văn hóa du lịch thể thao nông \
    thôn an ninh trật tự giao thông xây dựng tài chính ngân sách doanh nghiệp lao động việc làm thanh niên phụ nữ";

/// Post ids begin here: a real portal beside it has none of them.
const POSTS: u64 = 10_000_000;
/// Nothing was read too early, as in an archive that has grown.
const READ_BY: u32 = 1_000;

/// The `n`th article of a source: every ten minutes one, in one of twelve categories.
pub fn article(source: &SourceId, n: u64) -> Article {
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
    let published = Timestamp::from_second(1_500_000_000 + i64::try_from(n).unwrap_or(0) * 600)
        .unwrap_or(Timestamp::UNIX_EPOCH);
    Article {
        id: ArticleId::mint(source, &Key::Post(POSTS + n)),
        source: source.clone(),
        key: Key::Post(POSTS + n),
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

/// Where the `n`th article stands.
pub fn page(n: u64) -> Url {
    Url::parse(&format!("https://portal.example/tin-{n}.html")).expect("a URL by construction")
}

/// How a listing names it.
pub fn candidate(n: u64) -> Candidate {
    Candidate::new(page(n), DiscoveryMethod::Feed, page(0))
}

/// Commits the articles from `from` up to `to`, as a visit would, many in one transaction.
pub async fn fill(store: &Store, source: &SourceId, from: u64, to: u64) {
    fill_with(store, source, from, to, |_| ()).await;
}

/// The same with articles that are changed on their way.
pub async fn fill_with(store: &Store, source: &SourceId, from: u64, to: u64, change: impl Fn(&mut Article)) {
    let mut next = from;
    while next < to {
        let end = to.min(next + 64);
        let now = Timestamp::from_second(1_790_000_000).unwrap_or(Timestamp::UNIX_EPOCH);
        store.offer(source, (next..end).map(candidate).collect(), now).await.expect("offered");
        let due = store.due(source, now, 64).await.expect("due");
        let commits = due.into_iter().map(|entry| {
            let slug = entry.candidate.url.path().trim_start_matches("/tin-").trim_end_matches(".html");
            let mut article = article(source, slug.parse().expect("a number by construction"));
            change(&mut article);
            let commit = Commit::of(entry.row, article, DiscoveryMethod::Feed, now, &TimeZone::UTC);
            store.commit(Commit { read_by: READ_BY, ..commit })
        });
        for commit in commits.collect::<Vec<_>>() {
            commit.await.expect("a commit");
        }
        next = end;
    }
}
