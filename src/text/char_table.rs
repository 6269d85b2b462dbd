//! The one table of characters: what each is in lower case, without diacritics, with its tone apart. It holds the letters
//! that nearly all text here is written in: ASCII, the Latin letters that Vietnamese and its neighbours use, and general
//! punctuation. The normaliser is asked once for each; looking a letter up is many times quicker than normalising it.
//!
//! Text may be normalised piece by piece only where no mark can move from one piece to the next (Unicode Standard Annex
//! 15, section 9): before a letter whose decomposition begins with a starter. All letters of the table are such. So a line
//! that has no others, and most have none, is read letter by letter. In any other line the table serves the words that
//! have no others, and the normaliser takes the rest: no mark moves past a space either.

use std::ops::Range;
use std::sync::LazyLock;

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

use super::fold;

/// The blocks of the table, in its order: Basic Latin to Latin Extended-B, Latin Extended Additional, General
/// Punctuation.
const BLOCKS: [Range<u32>; 3] = [0..0x250, 0x1e00..0x1f00, 0x2000..0x2070];

/// What the table knows of a character.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter {
    /// The letter that its decomposition begins with, lower case, with a mark that makes another letter of it: circumflex,
    /// breve, horn.
    pub folded: Piece<5>,
    /// Its tone, if any.
    pub tone: Piece<2>,
    /// The letter in lower case without diacritics.
    pub bare: char,
    /// Whether it belongs into a word by itself.
    pub is_alphanumeric: bool,
    /// Whether it is a digit or the like.
    pub is_numeric: bool,
    /// Whether it is a capital.
    pub is_upper: bool,
}

/// Text of a few bytes in an array of fixed size, so that it is copied without a branch on its length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<const ROOM: usize> {
    bytes: [u8; ROOM],
    length: u8,
}

impl<const ROOM: usize> Piece<ROOM> {
    /// `None` if the letters need more room.
    fn of(letters: impl IntoIterator<Item = char>) -> Option<Self> {
        let text: String = letters.into_iter().collect();
        let mut bytes = [0; ROOM];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { bytes, length: u8::try_from(text.len()).ok()? })
    }

    /// Appends the text to `out`.
    #[inline]
    pub fn write(&self, out: &mut Vec<u8>) {
        let end = out.len() + usize::from(self.length);
        out.extend_from_slice(&self.bytes);
        out.truncate(end);
    }
}

static TABLE: LazyLock<CharTable> = LazyLock::new(|| {
    CharTable(BLOCKS.into_iter().flatten().map(|code| char::from_u32(code).and_then(Letter::of)).collect())
});

/// The characters of [`BLOCKS`] in their order; `None` where the normaliser has to be asked each time.
pub(crate) struct CharTable(Vec<Option<Letter>>);

impl CharTable {
    /// The table, filled at its first use.
    pub fn shared() -> &'static Self {
        &TABLE
    }

    /// A table that knows nothing: everything goes the general way.
    #[cfg(test)]
    pub fn empty() -> &'static Self {
        static NONE: CharTable = CharTable(Vec::new());
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

    /// Hands a text to a visitor piece by piece.
    #[inline]
    pub fn read(&self, text: &str, visitor: &mut impl Visitor) {
        let is_known = !self.0.is_empty();
        for line in text.split_inclusive('\n') {
            let is_whole = !is_known || is_plain(line);
            for words in line.split_inclusive(if is_whole { '\n' } else { ' ' }) {
                if is_known && (is_whole || is_plain(words)) {
                    self.read_plain(words, visitor);
                } else {
                    visitor.stretch(words, "");
                }
            }
        }
    }

    #[inline]
    fn read_plain(&self, words: &str, visitor: &mut impl Visitor) {
        let mut letters = words.chars();
        while let Some(letter) = letters.next() {
            let after = letters.as_str();
            if letter.is_ascii() {
                visitor.ascii(letter as u8, after);
            } else if let Some(known) = self.get(letter) {
                visitor.letter(known, letter, after);
            } else {
                visitor.stretch(letter.encode_utf8(&mut [0; 4]), after);
            }
        }
    }
}

/// Receives a text piece by piece; each comes with what stands after it in its line.
pub(crate) trait Visitor {
    /// Receives a character of ASCII.
    fn ascii(&mut self, letter: u8, after: &str);

    /// Receives another character that the table knows.
    fn letter(&mut self, known: &Letter, letter: char, after: &str);

    /// Receives a piece that the normaliser has to read. What is made of it must come to the same for two stretches as for both together
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
fn all_bytes(text: &str, holds: impl Fn([u8; 3]) -> bool) -> bool {
    let bytes = text.as_bytes();
    let at = |place: usize| bytes.get(place).copied().unwrap_or_default();
    let last = bytes.len().saturating_sub(2);
    (last..bytes.len()).all(|place| holds([at(place), at(place + 1), 0]))
        && bytes.windows(3).fold(true, |all, run| all & holds([run[0], run[1], run[2]]))
}

/// Whether a byte is between two, asked without branching.
#[inline]
fn is_within(byte: u8, least: u8, most: u8) -> bool {
    (byte >= least) & (byte <= most)
}

impl Letter {
    /// Asks the normaliser and Unicode's tables. `None` where the answer has no room here, or where a mark of it could
    /// belong to the letter before.
    fn of(letter: char) -> Option<Self> {
        let written = letter.to_string();
        let apart = fold::decomposed(&written);
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
        let bare = single(fold::strip_by_unicode(&written).chars())?;
        (fits && begins(&apart) && begins(&fold::decomposed(&lower))).then_some(Self {
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
