//! What folding makes of the letters that nearly all text here is written in, told once by the normaliser and looked
//! up from then on: ASCII, the Latin letters that Vietnamese and its neighbours use, and general punctuation.
//!
//! Normalising may only be done piece by piece where no mark can move from one piece to the next (Unicode Standard Annex
//! 15, section 9): before a letter whose decomposition begins with a starter. All that the table holds are such. So a
//! text is read letter by letter as long as the table knows the letters, and a stretch that it does not know, together
//! with the letter before it, is normalised in the general way.

use std::borrow::Cow;
use std::ops::Range;
use std::str::CharIndices;
use std::sync::LazyLock;

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

use super::fold;

/// The blocks of the table, in its order: Basic Latin to Latin Extended-B, Latin Extended Additional, General
/// Punctuation.
const BLOCKS: [Range<u32>; 3] = [0..0x250, 0x1e00..0x1f00, 0x2000..0x2070];

/// A letter, or whatever else stands in its place, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    /// The letter that its decomposition begins with, lower case.
    pub base: char,
    /// A mark that makes another letter of it: circumflex, breve, horn.
    pub mark: Option<char>,
    /// Its tone.
    pub tone: Option<char>,
    /// What search makes of it.
    pub bare: char,
    /// Whether it belongs into a word by itself.
    pub is_alphanumeric: bool,
    /// Whether it is a digit or the like.
    pub is_numeric: bool,
    /// Whether it is a capital.
    pub is_upper: bool,
}

static LETTERS: LazyLock<Letters> = LazyLock::new(|| {
    Letters(BLOCKS.into_iter().flatten().map(|code| char::from_u32(code).and_then(Letter::of)).collect())
});

/// The table.
pub(super) struct Letters(Vec<Option<Letter>>);

impl Letters {
    /// The one table.
    pub fn table() -> &'static Self {
        &LETTERS
    }

    /// A table that knows nothing: everything goes the general way.
    #[cfg(test)]
    pub fn none() -> &'static Self {
        static NONE: Letters = Letters(Vec::new());
        &NONE
    }

    /// What is known of a letter, if anything.
    #[inline]
    pub fn get(&self, letter: char) -> Option<&Letter> {
        let code = u32::from(letter);
        let place = match code {
            0..0x250 => code,
            0x1e00..0x1f00 => code - 0x1e00 + 0x250,
            0x2000..0x2070 => code - 0x2000 + 0x350,
            _ => return None,
        };
        self.0.get(place as usize)?.as_ref()
    }

    /// Takes a text apart. `change` is what the general way makes of a stretch that the table does not know; it must
    /// give the same for two pieces as for both together wherever the second begins with a letter of the table.
    pub fn apart<'a, F: Fn(&'a str) -> Cow<'a, str>>(
        &'static self,
        text: &'a str,
        change: F,
    ) -> Parts<'a, F> {
        let mut parts = Parts { letters: self, text, rest: text.char_indices(), ahead: None, change };
        parts.advance();
        parts
    }
}

/// A piece of a text.
pub(super) enum Part<'a> {
    /// A letter that the table knows.
    Known(&'static Letter),
    /// A stretch that was taken apart in the general way.
    General(Cow<'a, str>),
}

/// A text, taken apart piece by piece.
pub(super) struct Parts<'a, F> {
    letters: &'static Letters,
    text: &'a str,
    rest: CharIndices<'a>,
    /// Where the next letter stands, and what is known of it.
    ahead: Option<(usize, Option<&'static Letter>)>,
    change: F,
}

impl<'a, F: Fn(&'a str) -> Cow<'a, str>> Iterator for Parts<'a, F> {
    type Item = Part<'a>;

    #[inline]
    fn next(&mut self) -> Option<Part<'a>> {
        let (from, known) = self.ahead?;
        self.advance();
        match (known, self.ahead) {
            (Some(letter), None | Some((_, Some(_)))) => Some(Part::Known(letter)),
            _ => Some(self.general(from)),
        }
    }
}

impl<'a, F: Fn(&'a str) -> Cow<'a, str>> Parts<'a, F> {
    #[inline]
    fn advance(&mut self) {
        self.ahead = self.rest.next().map(|(place, letter)| (place, self.letters.get(letter)));
    }

    /// The stretch from a place to the next letter that the table knows.
    #[cold]
    fn general(&mut self, from: usize) -> Part<'a> {
        while matches!(self.ahead, Some((_, None))) {
            self.advance();
        }
        let to = self.ahead.map_or(self.text.len(), |(place, _)| place);
        Part::General((self.change)(&self.text[from..to]))
    }

    /// The letter that the next piece begins with, if there is one; after a piece it is always one that is known.
    #[inline]
    pub fn peek(&self) -> Option<&'static Letter> {
        self.ahead.and_then(|(_, known)| known)
    }
}

impl Letter {
    /// Asks the normaliser and Unicode's tables; nothing where the answer does not fit, or where a mark of it could
    /// belong to what stands before.
    fn of(letter: char) -> Option<Self> {
        let written = letter.to_string();
        let apart = fold::apart(&written);
        let mut letters = apart.chars();
        let upper = letters.next()?;
        let base = single(upper.to_lowercase())?;
        let (tones, marks): (Vec<char>, Vec<char>) = letters.partition(|mark| fold::is_tone(*mark));
        let is_alphanumeric = upper.is_alphanumeric();
        let is_alike = base.is_alphanumeric() == is_alphanumeric && base.is_numeric() == upper.is_numeric();
        let fits = tones.len() <= 1
            && marks.len() <= 1
            && marks.iter().all(|mark| fold::is_mark(*mark))
            && (is_alphanumeric || (tones.is_empty() && marks.is_empty() && base == upper))
            && is_alike;
        let lower = written.to_lowercase();
        let begins = |text: &str| text.chars().next().is_some_and(is_starter);
        let bare = single(fold::bare(&lower).chars())?;
        (fits && begins(&apart) && begins(&fold::apart(&lower))).then_some(Self {
            base,
            mark: marks.first().copied(),
            tone: tones.first().copied(),
            bare,
            is_alphanumeric,
            is_numeric: upper.is_numeric(),
            is_upper: upper.is_uppercase(),
        })
    }
}

/// Whether no mark ever moves past it.
fn is_starter(letter: char) -> bool {
    CanonicalCombiningClassMapBorrowed::new().get_u8(letter) == 0
}

fn single(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}
