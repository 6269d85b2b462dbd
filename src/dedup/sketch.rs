//! Keys for an index of near-duplicates: minhash in bands.
//!
//! Of all runs of three words the smallest under each of some hash functions is kept (Broder, "On the resemblance and
//! containment of documents", 1997); two texts agree in one with the probability of their Jaccard similarity. Three to a
//! band, twelve bands: texts alike to 0.8 share a band with probability 0.9998, to 0.6 with 0.95, unrelated ones (below
//! 0.03) with 0.0003. The same least hashes, shortened, make a sketch: how alike two texts are can be told from their
//! sketches well enough to leave most of those unread that share a band by chance. Every constant here is stored in
//! databases and must stay as it is.

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

/// An article from afar: the least hashes of its text and the hashes of its title's words, shortened to 16 bits. Two
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
const SAME_WORDING: usize = 16;
/// Places in which a text agrees with one that has as much added: at a similarity of 0.42 it is fewer once in 600.
const EXTENDED: usize = 7;

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
        agree >= SAME_WORDING || (agree >= EXTENDED && titles_agree)
    }
}

/// The keys of an article (its bands, its title, its numbers), and the sketch of its text.
pub(super) fn keys(title: &[Token], text: &[Token]) -> (Vec<i64>, Sketch) {
    let mut keys = Vec::with_capacity(BANDS + 2);
    let least = least(&shingles(text));
    keys.extend(least.chunks_exact(ROWS).enumerate().map(|(band, rows)| band_key(band, rows)));
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
    let mut words: Vec<u16> = title.iter().map(|token| short(token.hash)).collect();
    words.sort_unstable();
    words.dedup();
    let sketch = Sketch { least: least.into_iter().map(short).collect(), title: words };
    (keys.into_iter().map(u64::cast_signed).collect(), sketch)
}

/// The lowest 16 bits.
fn short(hash: u64) -> u16 {
    (hash & 0xffff) as u16
}

/// The least hash of all shingles under each function.
fn least(shingles: &[u64]) -> Vec<u64> {
    let under = |function: usize| {
        let seed = mixed(function as u64 + 1);
        shingles.iter().map(|shingle| mixed(shingle ^ seed)).min()
    };
    (0..BANDS * ROWS).filter_map(under).collect()
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
