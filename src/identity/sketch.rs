//! Keys for an index of near-duplicates: minhash in bands.
//!
//! The hashes of all runs of three words are parted into bins, and the smallest of each bin is kept (one permutation
//! hashing: Li, Owen, Zhang 2012); two texts agree in one with the probability of their Jaccard similarity, as they do
//! under as many hash functions (Broder, "On the resemblance and containment of documents", 1997). Three to a
//! band, twelve bands: texts alike to 0.8 share a band with probability 0.9998, to 0.6 with 0.95, unrelated ones (below
//! 0.03) with 0.0003. The same least hashes, shortened, make a sketch: how alike two texts are can be told from their
//! sketches well enough to leave most of those unread that share a band by chance. Every constant here is stored in
//! databases and must stay as it is.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::words::{Class, Token, Words};

const SHINGLE: usize = 3;
/// Bands of an article's text.
const BANDS: usize = 12;
/// Least hashes in a band.
const ROWS: usize = 3;
const BINS: usize = BANDS * ROWS;
/// Fewer numbers say too little to be looked up by.
const MIN_NUMBERS: usize = 3;

/// What [`hash`] is keyed with.
const KEYS: (u64, u64) = (0x7469_6e73_6163_6831, 0x6465_6475_7031_0000);

/// A hash that is the same on every machine and for ever.
pub(super) fn hash<'a>(kind: u8, parts: impl Iterator<Item = &'a [u8]>) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(KEYS.0, KEYS.1);
    hasher.write_u8(kind);
    for part in parts {
        hasher.write(part);
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

/// The hash of a word: that of one part of kind 0.
pub(super) fn word(letters: &[u8]) -> u64 {
    const ROOM: usize = 48;
    let (length, mut bytes) = (letters.len(), [0; ROOM]);
    if length + 2 > ROOM {
        return hash(0, std::iter::once(letters));
    }
    // What is hashed piece by piece elsewhere is put together first, which takes half the time for so little.
    bytes[1..=length].copy_from_slice(letters);
    bytes[length + 1] = 0xff;
    SipHasher13::new_with_keys(KEYS.0, KEYS.1).hash(&bytes[..length + 2])
}

/// The shingles of a text in its order. A text shorter than a shingle is one.
fn runs(words: &Words) -> Vec<u64> {
    let hashes = words.hashes();
    if hashes.is_empty() {
        return Vec::new();
    }
    let shingle = |run: &[u64]| run.iter().fold(1, |shingle, word| mixed(shingle ^ word));
    hashes.windows(SHINGLE.min(hashes.len())).map(shingle).collect()
}

/// The shingles of a text, sorted, each once.
pub(super) fn shingles(words: &Words) -> Vec<u64> {
    let mut shingles = runs(words);
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// The least hashes of an article's text and the hashes of its title's words, shortened to 16 bits. Two
/// texts agree in one place of 36 with the probability of their Jaccard similarity (b-bit minwise hashing, Li and König,
/// 2010).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    least: Vec<u16>,
    /// Sorted, each once.
    title: Vec<u16>,
}

/// Places of a sketch in which the same wording agrees: at a similarity of 0.72 (26 on average) it is fewer once in
/// 5,000.
const MIN_SAME_WORDING_PLACES: usize = 16;
/// Places in which a text agrees with one that has as much added: at a similarity of 0.42 it is fewer once in 600.
const MIN_EXTENDED_PLACES: usize = 7;

impl Sketch {
    /// For the database: how many places, the places, the title.
    pub fn to_bytes(&self) -> Vec<u8> {
        let places = u16::try_from(self.least.len()).unwrap_or_default();
        [places].iter().chain(&self.least).chain(&self.title).flat_map(|value| value.to_le_bytes()).collect()
    }

    /// Reads what [`Sketch::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut values = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let places = usize::from(values.next().unwrap_or_default());
        let least = values.by_ref().take(places).collect();
        Self { least, title: values.collect() }
    }

    /// Whether the two may be one release, as far as [`super::same_release`] asks for likeness of texts and titles; an
    /// article without text excludes nothing.
    pub fn may_be_release_of(&self, other: &Self) -> bool {
        if self.least.is_empty() || other.least.is_empty() {
            return true;
        }
        let agree = self.least.iter().zip(&other.least).filter(|(one, other)| one == other).count();
        let in_both = self.title.iter().filter(|word| other.title.binary_search(word).is_ok()).count();
        let titles_agree = in_both * 3 >= self.title.len() + other.title.len();
        agree >= MIN_SAME_WORDING_PLACES || (agree >= MIN_EXTENDED_PLACES && titles_agree)
    }
}

/// The keys of an article (its bands, its title, its numbers), and the sketch of its text.
pub(super) fn keys(title: &Words, text: &Words) -> (Vec<i64>, Sketch) {
    let mut keys = Vec::with_capacity(BANDS + 2);
    let least = least(&runs(text));
    keys.extend(least.chunks_exact(ROWS).enumerate().map(|(band, rows)| band_key(band, rows)));
    if !title.is_empty() {
        keys.push(hash(2, title.iter().map(|token| token.letters)));
    }
    let mut numbers: Vec<&[u8]> = title
        .iter()
        .chain(text.iter())
        .filter(|token| matches!(token.class, Class::Quantity | Class::Mark))
        .map(|token: Token<'_>| token.letters)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.len() >= MIN_NUMBERS {
        keys.push(hash(3, numbers.into_iter()));
    }
    let mut words: Vec<u16> = title.hashes().iter().copied().map(short).collect();
    words.sort_unstable();
    words.dedup();
    let sketch = Sketch { least: least.into_iter().map(short).collect(), title: words };
    (keys.into_iter().map(u64::cast_signed).collect(), sketch)
}

fn short(hash: u64) -> u16 {
    (hash & 0xffff) as u16
}

/// The least hash of all shingles in each bin. What few shingles leave empty is filled by further rounds, each with another
/// hash function, so that two short texts too agree in each place with the probability of their similarity (Dahlgaard,
/// Knudsen, Thorup, "Fast similarity sketching", 2017).
pub(super) fn least(shingles: &[u64]) -> Vec<u64> {
    let mut least = [None; BINS];
    let mut round = 0;
    while !shingles.is_empty() && least.contains(&None) {
        let is_empty = least.map(|kept| kept.is_none());
        for shingle in shingles {
            let hash = rehashed(*shingle, round);
            let bin = bin_of(hash);
            if is_empty[bin] {
                least[bin] = Some(least[bin].map_or(hash, |kept: u64| kept.min(hash)));
            }
        }
        round += 1;
    }
    least.into_iter().flatten().collect()
}

/// The hash of a shingle in a round; in the first it is its own.
pub(super) fn rehashed(shingle: u64, round: u64) -> u64 {
    if round == 0 { shingle } else { mixed(shingle ^ mixed(round)) }
}

/// The bin that a hash lies in.
fn bin_of(hash: u64) -> usize {
    ((u128::from(hash) * BINS as u128) >> 64) as usize
}

fn band_key(band: usize, least: &[u64]) -> u64 {
    let mut key = SipHasher13::new_with_keys(0x7469_6e73_6163_6831, 0x6465_6475_7031_0001);
    key.write_u64(band as u64);
    for least in least {
        key.write_u64(*least);
    }
    key.finish()
}

/// The finaliser of splitmix64 (Steele, Lea, Flood 2014): a permutation of 64 bits.
#[inline]
pub(super) fn mixed(value: u64) -> u64 {
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
