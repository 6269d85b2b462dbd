//! What folding makes of the letters that nearly all text here is written in, told once by the normaliser and looked
//! up from then on: ASCII, the Latin letters that Vietnamese and its neighbours use, and general punctuation.
//!
//! Normalising may only be done piece by piece where no mark can move from one piece to the next (Unicode Standard Annex
//! 15, section 9): before a letter whose decomposition begins with a starter. All letters of the table's blocks are such. So
//! a line that has no others, as most have none, is read letter by letter. Of another line this is done with the words
//! that have no others, and what is left is normalised in the general way: no mark moves past a space either.

use std::ops::Range;
use std::sync::LazyLock;

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

use super::fold;

/// The blocks of the table, in its order: Basic Latin to Latin Extended-B, Latin Extended Additional, General
/// Punctuation.
const BLOCKS: [Range<u32>; 3] = [0..0x250, 0x1e00..0x1f00, 0x2000..0x2070];

/// A letter, or whatever else stands in its place, taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter {
    /// The letter that its decomposition begins with, lower case, with a mark that makes another letter of it: circumflex,
    /// breve, horn.
    pub folded: Piece<5>,
    /// Its tone, if any.
    pub tone: Piece<2>,
    /// What search makes of it.
    pub bare: char,
    /// Whether it belongs into a word by itself.
    pub is_alphanumeric: bool,
    /// Whether it is a digit or the like.
    pub is_numeric: bool,
    /// Whether it is a capital.
    pub is_upper: bool,
}

/// Text of a few bytes, laid out so that its length decides nothing about how it is copied.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<const ROOM: usize> {
    bytes: [u8; ROOM],
    length: u8,
}

impl<const ROOM: usize> Piece<ROOM> {
    /// Nothing if there is no room.
    fn of(letters: impl IntoIterator<Item = char>) -> Option<Self> {
        let text: String = letters.into_iter().collect();
        let mut bytes = [0; ROOM];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { bytes, length: u8::try_from(text.len()).ok()? })
    }

    /// Writes it at the end.
    #[inline]
    pub fn write(&self, out: &mut Vec<u8>) {
        let end = out.len() + usize::from(self.length);
        out.extend_from_slice(&self.bytes);
        out.truncate(end);
    }
}

static LETTERS: LazyLock<Letters> = LazyLock::new(|| {
    Letters(BLOCKS.into_iter().flatten().map(|code| char::from_u32(code).and_then(Letter::of)).collect())
});

/// The table.
pub(crate) struct Letters(Vec<Option<Letter>>);

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
    fn get(&self, letter: char) -> Option<&Letter> {
        let code = u32::from(letter);
        let place = match code {
            0..0x250 => code,
            0x1e00..0x1f00 => code - 0x1e00 + 0x250,
            0x2000..0x2070 => code - 0x2000 + 0x350,
            _ => return None,
        };
        self.0.get(place as usize)?.as_ref()
    }

    /// Hands a text over piece by piece.
    #[inline]
    pub fn read(&self, text: &str, reader: &mut impl Read) {
        let is_known = !self.0.is_empty();
        for line in text.split_inclusive('\n') {
            let is_whole = !is_known || is_plain(line);
            for words in line.split_inclusive(if is_whole { '\n' } else { ' ' }) {
                if is_known && (is_whole || is_plain(words)) {
                    self.read_plain(words, reader);
                } else {
                    reader.stretch(words, "");
                }
            }
        }
    }

    #[inline]
    fn read_plain(&self, words: &str, reader: &mut impl Read) {
        let mut letters = words.chars();
        while let Some(letter) = letters.next() {
            let after = letters.as_str();
            if letter.is_ascii() {
                reader.ascii(letter as u8, after);
            } else if let Some(known) = self.get(letter) {
                reader.letter(known, letter, after);
            } else {
                reader.stretch(letter.encode_utf8(&mut [0; 4]), after);
            }
        }
    }
}

/// Takes a text piece by piece; each comes with what stands after it in its line.
pub(crate) trait Read {
    /// A letter of ASCII, or what else stands in its place.
    fn ascii(&mut self, letter: u8, after: &str);

    /// Another that the table knows.
    fn letter(&mut self, known: &Letter, letter: char, after: &str);

    /// What is to be normalised in the general way. It must come to the same for two stretches as for both together
    /// wherever the first ends a line or in a space, or no mark begins the second.
    fn stretch(&mut self, text: &str, after: &str);
}

/// Whether all letters of a line are of the blocks of the table without those of marks: U+0000 to U+023F, U+1E00 to
/// U+1EFF, U+2000 to U+203F.
fn is_plain(line: &str) -> bool {
    all_bytes(line, |[byte, second, _]| {
        (byte < 0xc0)
            | is_within(byte, 0xc2, 0xc8)
            | ((byte == 0xe1) & is_within(second, 0xb8, 0xbb))
            | ((byte == 0xe2) & (second == 0x80))
    })
}

/// Whether something holds for each byte, given with the two after it, zero beyond the end. All are asked about, so that
/// the compiler can have many of them asked about together.
#[inline]
pub(crate) fn all_bytes(text: &str, holds: impl Fn([u8; 3]) -> bool) -> bool {
    let bytes = text.as_bytes();
    let at = |place: usize| bytes.get(place).copied().unwrap_or_default();
    let last = bytes.len().saturating_sub(2);
    (last..bytes.len()).all(|place| holds([at(place), at(place + 1), 0]))
        && bytes.windows(3).fold(true, |all, run| all & holds([run[0], run[1], run[2]]))
}

/// Whether a byte is between two, asked without branching.
#[inline]
pub(crate) fn is_within(byte: u8, least: u8, most: u8) -> bool {
    (byte >= least) & (byte <= most)
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
            folded: Piece::of(std::iter::once(base).chain(marks))?,
            tone: Piece::of(tones)?,
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
