//! Keys for an index of near-duplicates: minhash in bands.
//!
//! Of all runs of three words the smallest under each of some hash functions is kept (Broder, "On the resemblance and
//! containment of documents", 1997); two texts agree in one with the probability of their Jaccard similarity. Three to a
//! band, twelve bands: texts alike to 0.8 share a band with probability 0.9998, to 0.6 with 0.95, unrelated ones (below
//! 0.03) with 0.0003. Every constant here is stored in databases and must stay as it is.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::tokens::{Class, Token};

/// Words in a shingle.
const SHINGLE: usize = 3;
/// Bands of an article's text.
const BANDS: usize = 12;
/// Hash functions in a band.
const ROWS: usize = 3;
/// Fewer numbers say too little to be looked up by.
const FIGURES: usize = 3;

/// A hash that is the same on every machine and for ever.
pub(super) fn hash<'a>(kind: u8, parts: impl Iterator<Item = &'a [u8]>) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0x7469_6e73_6163_6831, 0x6465_6475_7031_0000);
    hasher.write_u8(kind);
    for part in parts {
        hasher.write(part);
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

/// The shingles of a text, sorted, each once. A text shorter than a shingle is one.
pub(super) fn shingles(tokens: &[Token]) -> Vec<u64> {
    let mut shingles: Vec<u64> = if tokens.is_empty() {
        Vec::new()
    } else {
        tokens
            .windows(SHINGLE.min(tokens.len()))
            .map(|words| words.iter().fold(1, |shingle, word| mixed(shingle ^ word.hash)))
            .collect()
    };
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// The keys of an article: its bands, its title, its numbers.
pub(super) fn keys(title: &[Token], text: &[Token]) -> Vec<i64> {
    let mut keys = Vec::with_capacity(BANDS + 2);
    let shingles = shingles(text);
    if !shingles.is_empty() {
        keys.extend((0..BANDS).map(|band| band_key(band, &shingles)));
    }
    if !title.is_empty() {
        keys.push(hash(2, title.iter().map(|token| token.text.as_bytes())));
    }
    let mut figures: Vec<&str> = title
        .iter()
        .chain(text)
        .filter(|token| matches!(token.class, Class::Quantity | Class::Mark))
        .map(|token| token.text.as_str())
        .collect();
    figures.sort_unstable();
    figures.dedup();
    if figures.len() >= FIGURES {
        keys.push(hash(3, figures.into_iter().map(str::as_bytes)));
    }
    keys.into_iter().map(u64::cast_signed).collect()
}

fn band_key(band: usize, shingles: &[u64]) -> u64 {
    let mut key = SipHasher13::new_with_keys(0x7469_6e73_6163_6831, 0x6465_6475_7031_0001);
    key.write_u64(band as u64);
    for row in 0..ROWS {
        let seed = mixed((band * ROWS + row) as u64 + 1);
        let smallest = shingles.iter().map(|shingle| mixed(shingle ^ seed)).min();
        key.write_u64(smallest.unwrap_or_default());
    }
    key.finish()
}

/// The finaliser of splitmix64 (Steele, Lea, Flood 2014): a permutation of 64 bits.
fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// How alike two sets are: shared over all, and shared over the smaller.
pub(super) fn likeness(one: &[u64], other: &[u64]) -> (f64, f64) {
    let (mut left, mut right, mut shared) = (0, 0, 0_u32);
    while left < one.len() && right < other.len() {
        match one[left].cmp(&other[right]) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => (left, right, shared) = (left + 1, right + 1, shared + 1),
        }
    }
    let shared = f64::from(shared);
    let count = |set: &[u64]| f64::from(u32::try_from(set.len()).unwrap_or(u32::MAX));
    let smaller = count(one).min(count(other));
    let all = count(one) + count(other) - shared;
    if smaller == 0.0 { (0.0, 0.0) } else { (shared / all, shared / smaller) }
}
