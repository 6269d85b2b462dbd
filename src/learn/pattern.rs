//! How the addresses of articles are made. Pure.

use std::collections::BTreeMap;

use url::Url;

/// The makes of addresses with how many are made so, the commonest first: `/{slug}.html`, `/tin-tuc/{slug}-{number}`,
/// `/Detail.aspx?ContentID={number}`.
pub(super) fn patterns<'a>(urls: impl Iterator<Item = &'a Url>) -> Vec<(String, usize)> {
    let urls: Vec<&Url> = urls.collect();
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for folder in urls.iter().filter_map(|url| folder(url)) {
        *folders.entry(folder).or_default() += 1;
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for url in &urls {
        // A folder is named where most articles are in it.
        let shared =
            folder(url).is_some_and(|folder| folders.get(folder).is_some_and(|count| count * 2 > urls.len()));
        *counts.entry(pattern(url, shared)).or_default() += 1;
    }
    let mut patterns: Vec<(String, usize)> = counts.into_iter().collect();
    patterns.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    patterns
}

/// The first segment of a path with several, unless it is a number, as the year is.
fn folder(url: &Url) -> Option<&str> {
    let mut segments = url.path_segments()?.filter(|segment| !segment.is_empty());
    let first = segments.next().filter(|first| first.bytes().any(|byte| !byte.is_ascii_digit()))?;
    segments.next().map(|_| first)
}

fn pattern(url: &Url, keep_folder: bool) -> String {
    let segments: Vec<&str> =
        url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty()).collect();
    let has_query = url.query().is_some_and(|query| !query.is_empty());
    let mut masked = String::new();
    for (index, segment) in segments.iter().enumerate() {
        masked.push('/');
        let literal = (index == 0 && keep_folder && segments.len() > 1) || has_query;
        masked.push_str(&if literal {
            (*segment).to_owned()
        } else {
            mask(segment, index + 1 == segments.len())
        });
    }
    if url.path().ends_with('/') {
        masked.push('/');
    }
    let parameters: Vec<String> =
        url.query_pairs().map(|(name, value)| format!("{name}={}", mask(&value, false))).collect();
    if parameters.is_empty() { masked } else { format!("{masked}?{}", parameters.join("&")) }
}

fn mask(segment: &str, last: bool) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (stem, ending) =
        match segment.rsplit_once('.').filter(|(_, ending)| last && (1..=5).contains(&ending.len())) {
            Some((stem, ending)) => (stem, format!(".{ending}")),
            None => (segment, String::new()),
        };
    if is_number(stem) {
        return format!("{{number}}{ending}");
    }
    match stem.rsplit_once(['-', '_', '.']).filter(|(_, tail)| is_number(tail) && tail.len() >= 4) {
        Some((head, tail)) => {
            let joint = &stem[head.len()..stem.len() - tail.len()];
            format!("{{slug}}{joint}{{number}}{ending}")
        }
        None => format!("{{slug}}{ending}"),
    }
}
