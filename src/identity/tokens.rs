//! Text → words, folded for comparing, each with what it means to two texts that look alike.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::words::{Class, Words, text};
use super::{numbers, sketch};
use crate::text::{CharTable, Letter, Visitor, decomposed, is_mark, is_tone};

/// Words that make the number after them tell issues apart.
const MARKERS: &str = "số ngày tháng năm đợt kỳ kì lần tuần quý khóa phiên thứ lúc bài phần vòng tập bản lượt hồi mùng \
     giờ khu tổ đội lô gói bảng trận";
/// Of those, the ones that number the parts of a series.
const SERIES: &str = "số đợt kỳ kì lần tuần khóa phiên bài phần vòng tập lượt gói bảng trận lô";
/// After these a numeral may be spelled: "tháng Ba", "lần thứ hai", "quý một".
const BEFORE_SPELLED: &str = "tháng thứ quý lần đợt kỳ";
const SPELLED: &str = "một hai ba bốn tư năm sáu bảy tám chín mười nhất nhì giêng chạp đầu cuối";

/// The lists above, folded as tokens are.
struct Lists {
    markers: HashSet<Vec<u8>>,
    series: HashSet<Vec<u8>>,
    /// Asked for every word, so by their hashes.
    before_spelled: Vec<u64>,
    spelled: HashSet<Vec<u8>>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    fn folded<C: FromIterator<Vec<u8>>>(list: &str) -> C {
        let words = read(list, CharTable::shared());
        words.places.iter().map(|word| words.letters[word.letters.clone()].to_vec()).collect()
    }
    Lists {
        markers: folded(MARKERS),
        series: folded(SERIES),
        before_spelled: folded::<Vec<Vec<u8>>>(BEFORE_SPELLED)
            .iter()
            .map(|word| sketch::word(word))
            .collect(),
        spelled: folded(SPELLED),
    }
});

pub(super) fn tokens(text: &str) -> Words {
    tokens_by(text, CharTable::shared())
}

/// The words of a text, read with a table.
pub(super) fn tokens_by(text: &str, letters: &'static CharTable) -> Words {
    let mut words = read(text, letters);
    words.merge(numbers::spoken);
    words.hash(sketch::word);
    classify(&mut words);
    words
}

fn read(text: &str, letters: &'static CharTable) -> Words {
    let mut reader = Reader::default();
    // Most words are four letters and more with the space after them; what the marks need is made up by the spaces.
    reader.words.letters.reserve(text.len());
    reader.words.places.reserve(text.len() / 5);
    letters.read(text, &mut reader);
    reader.end_word();
    reader.words
}

#[derive(Default)]
struct Reader {
    words: Words,
    /// Where the letters of the word begin that is being read.
    from: usize,
    tones: Vec<u8>,
    letters: usize,
    upper: usize,
    first_upper: bool,
    digits: bool,
    /// A sentence has begun and no word of it was read.
    inside: bool,
}

impl Visitor for Reader {
    #[inline]
    fn ascii(&mut self, letter: u8, after: &str) {
        if letter.is_ascii_alphanumeric() {
            self.count(letter.is_ascii_uppercase(), letter.is_ascii_digit());
            self.words.letters.push(letter.to_ascii_lowercase());
        } else {
            self.punctuate(char::from(letter), || after.chars().next());
        }
    }

    #[inline]
    fn letter(&mut self, known: &Letter, letter: char, after: &str) {
        if known.is_alphanumeric {
            self.count(known.is_upper, known.is_numeric);
            known.folded.write(&mut self.words.letters);
            known.tone.write(&mut self.tones);
        } else {
            self.punctuate(letter, || after.chars().next());
        }
    }

    fn stretch(&mut self, text: &str, after: &str) {
        let apart = decomposed(text);
        let mut letters = apart.chars().peekable();
        while let Some(letter) = letters.next() {
            self.take(letter, || letters.peek().copied().or_else(|| after.chars().next()));
        }
    }
}

impl Reader {
    /// Takes a letter of a text whose marks stand apart; `next` gives the one after it.
    fn take(&mut self, letter: char, next: impl FnOnce() -> Option<char>) {
        if is_tone(letter) {
            push(&mut self.tones, letter);
        } else if is_mark(letter) {
            push(&mut self.words.letters, letter);
        } else if letter.is_alphanumeric() {
            self.count(letter.is_uppercase(), letter.is_numeric());
            letter.to_lowercase().for_each(|lower| push(&mut self.words.letters, lower));
        } else {
            self.punctuate(letter, next);
        }
    }

    #[inline]
    fn punctuate(&mut self, letter: char, next: impl FnOnce() -> Option<char>) {
        if self.joins(letter, next) {
            push(&mut self.words.letters, if is_dash(letter) { '-' } else { letter });
        } else {
            self.end_word();
            if matches!(letter, '.' | '!' | '?' | ':' | '…' | '\n' | '"' | '“' | '(' | '•' | ';') {
                self.inside = false;
            }
        }
    }

    #[inline]
    fn count(&mut self, is_upper: bool, is_numeric: bool) {
        self.first_upper |= is_upper && self.letters == 0;
        self.upper += usize::from(is_upper);
        self.digits |= is_numeric;
        self.letters += 1;
    }

    /// Whether nothing of a word was read but perhaps tones.
    fn is_empty(&self) -> bool {
        self.from == self.words.letters.len()
    }

    /// Punctuation inside a number or a document's sign: 3,5 · 16:55 · 35-NQ/TW.
    fn joins(&self, letter: char, next: impl FnOnce() -> Option<char>) -> bool {
        let is_sign = matches!(letter, '/') || is_dash(letter);
        if self.is_empty() || !(is_sign || matches!(letter, '.' | ',' | ':')) {
            return false;
        }
        next().is_some_and(|next| {
            let digits =
                if is_sign { self.digits || next.is_numeric() } else { self.digits && next.is_numeric() };
            digits && next.is_alphanumeric()
        })
    }

    fn end_word(&mut self) {
        if self.letters > 0 {
            if self.digits {
                self.end_number();
            } else {
                self.push();
            }
            self.inside = true;
        } else {
            self.words.letters.truncate(self.from);
        }
        self.tones.clear();
        self.from = self.words.letters.len();
        (self.letters, self.upper, self.first_upper, self.digits) = (0, 0, false, false);
    }

    /// "2024-2025" is two years, as "2024 – 2025" is.
    fn end_number(&mut self) {
        let letters = self.words.letters.split_off(self.from);
        let word = text(&letters);
        let is_year = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        if word.contains('-') && word.split('-').all(is_year) {
            for year in word.split('-') {
                self.words.letters.extend_from_slice(year.as_bytes());
                self.push();
            }
        } else {
            self.words.letters.extend_from_slice(numbers::plain(word).as_bytes());
            self.push();
        }
    }

    fn push(&mut self) {
        // Two bytes a tone, and seldom more than one: written as such, no call is needed.
        for tone in self.tones.as_chunks::<2>().0 {
            self.words.letters.extend_from_slice(tone);
        }
        let capitals = self.upper >= 2 && self.upper == self.letters;
        let class = match (self.digits, self.first_upper && (self.inside || capitals)) {
            (true, _) => Class::Quantity,
            (false, true) => Class::Name,
            (false, false) => Class::Common,
        };
        self.words.end(self.from, class, capitals);
        self.from = self.words.letters.len();
    }
}

fn push(letters: &mut Vec<u8>, letter: char) {
    letters.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}')
}

/// Tells numbers that mark an issue from amounts, and capitals that are numerals from names.
fn classify(words: &mut Words) {
    let lists = &*LISTS;
    let capitals = words.places.iter().filter(|word| word.capitals).count();
    let shouted = capitals * 2 > words.places.len().max(4);
    let (mut before, mut hash_before): (&[u8], u64) = (&[], 0);
    for (word, hash) in words.places.iter_mut().zip(&words.hashes) {
        let letters = &words.letters[word.letters.clone()];
        let numeral = (word.capitals || word.class == Class::Name) && is_roman(letters);
        let spelled = lists.before_spelled.contains(&hash_before) && lists.spelled.contains(letters);
        if word.class == Class::Quantity || numeral || spelled {
            let dated = letters.contains(&b'/') || numbers::is_clock(text(letters));
            let marked = dated || numeral || spelled || lists.markers.contains(before);
            word.class = if marked { Class::Mark } else { Class::Quantity };
            word.series = lists.series.contains(before);
        } else if shouted {
            // A headline in capitals has names nowhere and everywhere.
            word.class = Class::Common;
        }
        (before, hash_before) = (letters, *hash);
    }
}

fn is_roman(letters: &[u8]) -> bool {
    !letters.is_empty() && letters.len() <= 5 && letters.iter().all(|byte| matches!(byte, b'i' | b'v' | b'x'))
}
