//! The words of a text: their letters in one piece of memory, so that reading a text asks for memory a few times and not
//! for every word.

use std::ops::Range;

/// What it means when two texts differ in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// Part of the wording: a correction may change it.
    Common,
    /// A capitalised word inside a sentence: another name makes another article.
    Name,
    /// An amount.
    Quantity,
    /// A number, date or time that tells one issue of a series from the next: "số 12/TB", "ngày 3/7", "quý II".
    Mark,
}

/// A word of [`Words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// Lower case; the tone mark stands at the end, so that uỷ = ủy; dashes and digits in one form. UTF-8.
    pub(super) letters: &'a [u8],
    pub(super) hash: u64,
    pub(super) class: Class,
    /// Written in capitals only, two letters or more: "UBND".
    pub(super) capitals: bool,
    /// What stands before: a word that makes a number one of a series, "kỳ" 2.
    pub(super) series: bool,
}

impl<'a> Token<'a> {
    pub(super) fn text(&self) -> &'a str {
        text(self.letters)
    }
}

/// The text that some letters are, which is only asked for of few words and so not kept as such.
pub(super) fn text(letters: &[u8]) -> &str {
    std::str::from_utf8(letters).expect("made of whole letters")
}

/// The words of a text, their letters in one piece of memory.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) letters: Vec<u8>,
    pub(super) places: Vec<WordSpan>,
    pub(super) hashes: Vec<u64>,
}

/// Where in the letters a word stands, and what is known of it.
#[derive(Clone, Debug)]
pub(super) struct WordSpan {
    pub(super) letters: Range<usize>,
    pub(super) class: Class,
    pub(super) capitals: bool,
    pub(super) series: bool,
}

impl Words {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub(super) fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    pub(super) fn hash(&mut self, hash: impl Fn(&[u8]) -> u64) {
        self.hashes = self.places.iter().map(|place| hash(&self.letters[place.letters.clone()])).collect();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Token<'_>> + Clone {
        self.places.iter().zip(&self.hashes).map(|(place, hash)| Token {
            letters: &self.letters[place.letters.clone()],
            hash: *hash,
            class: place.class,
            capitals: place.capitals,
            series: place.series,
        })
    }

    /// The text of one; nothing beyond the last.
    pub(super) fn text(&self, place: usize) -> &str {
        self.places.get(place).map_or("", |place| text(&self.letters[place.letters.clone()]))
    }

    /// Adds a word whose letters stand at the end from a place on.
    pub(super) fn end(&mut self, from: usize, class: Class, capitals: bool) {
        self.places.push(WordSpan { letters: from..self.letters.len(), class, capitals, series: false });
    }

    /// Puts one number in the place of all runs of words that `number` finds at a number, given its place: what it
    /// reads, and how many words it stands for.
    pub(super) fn merge(&mut self, number: impl Fn(&Self, usize) -> Option<(String, usize)>) {
        let (mut kept, mut place) = (0, 0);
        while place < self.places.len() {
            let is_number = self.places[place].class == Class::Quantity;
            let found = if is_number { number(self, place) } else { None };
            let used = found.as_ref().map_or(1, |(_, used)| *used);
            if let Some((text, _)) = found {
                let from = self.letters.len();
                self.letters.extend_from_slice(text.as_bytes());
                self.places[place].letters = from..self.letters.len();
            }
            self.places.swap(kept, place);
            kept += 1;
            place += used;
        }
        self.places.truncate(kept);
    }
}
