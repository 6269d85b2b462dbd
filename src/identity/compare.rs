//! Whether two articles are one release: the same or nearly the same words, and no number or name exchanged.
//!
//! What tells look-alikes from corrections is what was *exchanged*: a notice "số 13/TB" has other numbers in the place
//! of those of "số 12/TB", the list of another district other names. A correction rewords, adds, leaves out. So: numbers
//! or names that only one of the two has are an extension; if each has some that the other lacks, they were exchanged.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::differences::Differences;
use super::sketch;
use super::tokens::tokens;
use super::words::{Token, Words};

/// Below this many words a text says too little: attachments and dates must agree too.
const MIN_COMPARED_WORDS: usize = 25;
/// From this many words on, the wording itself is evidence.
const MIN_TELLING_WORDS: usize = 60;
/// Two texts with this much in common are the same wording.
const MIN_SAME_WORDING: f64 = 0.72;
/// With titles that belong together, one text may be the other with as much added.
const MIN_EXTENDED_WORDING: f64 = 0.42;
/// … if this much of the shorter is in the longer.
const MIN_CONTAINED: f64 = 0.85;
/// One amount may be corrected in a text that is this much the same.
const MIN_CORRECTED_WORDING: f64 = 0.9;
/// Short texts without attachments are one release only within this many seconds.
const MAX_SHORT_GAP_SECONDS: i64 = 7 * 86_400;

/// Texts with less in common than this are two matters …
const MAX_DRIFTED_WORDING: f64 = 0.2;
/// … if no more than this of the shorter is in the longer.
const MAX_DRIFTED_CONTAINED: f64 = 0.4;

/// What is compared of an article.
#[derive(Clone, Debug)]
pub(crate) struct ComparedArticle<'a> {
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    pub(crate) published: Timestamp,
    pub(crate) files: Vec<&'a str>,
    pub(crate) images: Vec<&'a str>,
}

/// The words of an article, read once and compared with several others.
#[derive(Debug)]
pub(crate) struct TokenizedArticle {
    title: Words,
    text: Words,
    shingles: Vec<u64>,
    /// The hashes of the words of the text, sorted.
    known: Vec<u64>,
    published: i64,
    files: BTreeSet<String>,
    images: BTreeSet<String>,
}

impl TokenizedArticle {
    pub(crate) fn of(text: &ComparedArticle<'_>) -> Self {
        let names = |addresses: &[&str]| addresses.iter().map(|address| file_name(address)).collect();
        let words = tokens(text.text);
        Self {
            title: tokens(text.title),
            shingles: sketch::shingles(&words),
            known: sorted(words.hashes()),
            text: words,
            published: text.published.as_second(),
            files: names(&text.files),
            images: names(&text.images),
        }
    }

    fn knows(&self, word: u64) -> bool {
        self.known.binary_search(&word).is_ok()
    }

    fn same_words(&self, other: &Self) -> bool {
        self.text.hashes() == other.text.hashes()
    }

    fn same_title(&self, other: &Self) -> bool {
        self.title.hashes() == other.title.hashes()
    }
}

fn sorted(words: &[u64]) -> Vec<u64> {
    let mut words = words.to_vec();
    words.sort_unstable();
    words
}

/// The last part of an address: a picture may come from another host of the same portal.
fn file_name(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    path.rsplit('/').next().unwrap_or(path).to_lowercase()
}

/// Whether two articles are one release, with the reason for people; symmetrical.
pub(crate) fn same_release(one: &TokenizedArticle, other: &TokenizedArticle) -> Option<String> {
    if disjoint(&one.files, &other.files) {
        return None;
    }
    if one.text.len().min(other.text.len()) < MIN_COMPARED_WORDS {
        return same_short(one, other);
    }
    let (alike, contained) = sketch::likeness(&one.shingles, &other.shingles);
    let extended = alike >= MIN_EXTENDED_WORDING && contained >= MIN_CONTAINED && titles_agree(one, other);
    if alike < MIN_SAME_WORDING && !extended {
        return None;
    }
    let in_both = |token: &Token<'_>| one.knows(token.hash) && other.knows(token.hash);
    let title = Differences::between(&one.title, &other.title, in_both);
    let same_words = one.same_words(other);
    let length = one.text.len().min(other.text.len());
    if title.marks || title.quantities > 0 || (title.series && !same_words) {
        return None;
    }
    if same_words {
        let generic = length < MIN_TELLING_WORDS && title.names > 0;
        return (!generic).then(|| "the same words".to_owned());
    }
    let text = Differences::between(&one.text, &other.text, |_| false);
    if text.marks || (title.names > 0 && length < 2 * MIN_TELLING_WORDS) || other_theme(one, other) {
        return None;
    }
    let exchanged = text.quantities > 0 || text.names > 0;
    if exchanged && !(alike >= MIN_CORRECTED_WORDING && one.same_title(other) && text.may_correct(length)) {
        return None;
    }
    let percent = (if alike < MIN_SAME_WORDING { contained } else { alike } * 100.0).round();
    Some(format!("{percent} % of the wording, the same numbers and names"))
}

/// Whether two texts that were one release have next to nothing in common any more. Corrections of numbers and names
/// leave most of the wording; what says little may be anything.
pub(crate) fn drifted_apart(one: &TokenizedArticle, other: &TokenizedArticle) -> bool {
    let (alike, contained) = sketch::likeness(&one.shingles, &other.shingles);
    one.text.len() >= MIN_COMPARED_WORDS
        && alike < MAX_DRIFTED_WORDING
        && contained < MAX_DRIFTED_CONTAINED
        && !titles_agree(one, other)
}

/// Whether each title has words that its own text repeats and the other article has nowhere: "giáo viên mầm non" here,
/// "giáo viên tiểu học" there.
fn other_theme(one: &TokenizedArticle, other: &TokenizedArticle) -> bool {
    let themes = |of: &TokenizedArticle, than: &TokenizedArticle| {
        let has = |word: &u64| than.knows(*word) || than.title.hashes().contains(word);
        of.title.hashes().iter().any(|word| of.knows(*word) && !has(word))
    };
    themes(one, other) && themes(other, one)
}

/// Half of the words of two titles in common.
fn titles_agree(one: &TokenizedArticle, other: &TokenizedArticle) -> bool {
    let words = |words: &Words| -> BTreeSet<u64> { words.hashes().iter().copied().collect() };
    let (one, other) = (words(&one.title), words(&other.title));
    one.intersection(&other).count() * 2 >= one.union(&other).count()
}

fn disjoint(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
}

/// Little text: the title, the text and what hangs on it must be the same.
fn same_short(one: &TokenizedArticle, other: &TokenizedArticle) -> Option<String> {
    let same = one.same_title(other)
        && one.same_words(other)
        && one.files == other.files
        && one.images == other.images;
    if !same {
        return None;
    }
    let attached = !one.files.is_empty() || !one.images.is_empty();
    let near = (one.published - other.published).abs() <= MAX_SHORT_GAP_SECONDS;
    let worded = !one.text.is_empty() && near;
    (attached || worded).then(|| "the same title, text and attachments".to_owned())
}
