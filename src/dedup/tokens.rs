//! Text → words, folded for comparing, each with what it means to two texts that look alike.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::letters::{Letter, Letters, Part};
use super::words::{Class, Words};
use super::{figures, fold, sketch};

/// Words that make the number after them tell issues apart.
const MARKERS: &str = "số ngày tháng năm đợt kỳ kì lần tuần quý khóa phiên thứ lúc bài phần vòng tập bản lượt hồi mùng \
     giờ khu tổ đội lô gói bảng trận";
/// Of those, the ones that number the parts of a series.
const SERIES: &str = "số đợt kỳ kì lần tuần khóa phiên bài phần vòng tập lượt gói bảng trận lô";
/// After these a numeral may be spelled: "tháng Ba", "lần thứ hai", "quý một".
const BEFORE_SPELLED: &str = "tháng thứ quý lần đợt kỳ";
/// Numerals as words.
const SPELLED: &str = "một hai ba bốn tư năm sáu bảy tám chín mười nhất nhì giêng chạp đầu cuối";

/// The lists above, folded as tokens are.
struct Lists {
    markers: HashSet<String>,
    series: HashSet<String>,
    /// Asked for every word: with their hashes, which tell most others apart.
    before_spelled: Vec<(u64, String)>,
    spelled: HashSet<String>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    fn folded<C: FromIterator<String>>(list: &str) -> C {
        let words = read(list, Letters::table());
        (0..words.len()).map(|place| words.text(place).to_owned()).collect()
    }
    Lists {
        markers: folded(MARKERS),
        series: folded(SERIES),
        before_spelled: folded::<Vec<String>>(BEFORE_SPELLED)
            .into_iter()
            .map(|word| (sketch::word(&word), word))
            .collect(),
        spelled: folded(SPELLED),
    }
});

/// The words of a text.
pub(super) fn tokens(text: &str) -> Words {
    tokens_by(text, Letters::table())
}

/// The words of a text, read with a table.
pub(super) fn tokens_by(text: &str, letters: &'static Letters) -> Words {
    let mut words = read(text, letters);
    words.merge(figures::spoken);
    words.hashes = (0..words.len()).map(|place| sketch::word(words.text(place))).collect();
    classify(&mut words);
    words
}

fn read(text: &str, letters: &'static Letters) -> Words {
    let mut reader = Reader::default();
    // Most words are four letters and more with the space after them; what the marks need is made up by the spaces.
    reader.words.letters.reserve(text.len());
    reader.words.places.reserve(text.len() / 5);
    let mut parts = letters.apart(text, fold::apart);
    while let Some(part) = parts.next() {
        let next = || parts.peek().map(|letter| letter.base);
        match part {
            Part::Known(letter) if letter.is_alphanumeric => reader.add(letter),
            Part::Known(letter) => reader.punctuate(letter.base, next),
            Part::General(apart) => {
                let mut letters = apart.chars().peekable();
                while let Some(letter) = letters.next() {
                    reader.take(letter, || letters.peek().copied().or_else(next));
                }
            }
        }
    }
    reader.end_word();
    reader.words
}

#[derive(Default)]
struct Reader {
    words: Words,
    /// Where the letters of the word begin that is being read.
    from: usize,
    tones: String,
    letters: usize,
    upper: usize,
    first_upper: bool,
    digits: bool,
    /// A sentence has begun and no word of it was read.
    inside: bool,
}

impl Reader {
    /// Takes a letter of a text whose marks stand apart; `next` gives the one after it.
    fn take(&mut self, letter: char, next: impl FnOnce() -> Option<char>) {
        if fold::is_tone(letter) {
            self.tones.push(letter);
        } else if fold::is_mark(letter) {
            self.words.letters.push(letter);
        } else if letter.is_alphanumeric() {
            self.count(letter.is_uppercase(), letter.is_numeric());
            self.words.letters.extend(letter.to_lowercase());
        } else {
            self.punctuate(letter, next);
        }
    }

    #[inline]
    fn punctuate(&mut self, letter: char, next: impl FnOnce() -> Option<char>) {
        if self.joins(letter, next) {
            self.words.letters.push(if is_dash(letter) { '-' } else { letter });
        } else {
            self.end_word();
            if matches!(letter, '.' | '!' | '?' | ':' | '…' | '\n' | '"' | '“' | '(' | '•' | ';') {
                self.inside = false;
            }
        }
    }

    /// Takes a letter with its marks.
    #[inline]
    fn add(&mut self, letter: &Letter) {
        self.count(letter.is_upper, letter.is_numeric);
        self.words.letters.push(letter.base);
        if let Some(mark) = letter.mark {
            self.words.letters.push(mark);
        }
        if let Some(tone) = letter.tone {
            self.tones.push(tone);
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
        let word = self.words.letters.split_off(self.from);
        let is_year = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        if word.contains('-') && word.split('-').all(is_year) {
            for year in word.split('-') {
                self.words.letters.push_str(year);
                self.push();
            }
        } else {
            self.words.letters.push_str(&figures::plain(&word));
            self.push();
        }
    }

    fn push(&mut self) {
        self.words.letters.push_str(&self.tones);
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

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}')
}

/// Tells numbers that mark an issue from amounts, and capitals that are numerals from names.
fn classify(words: &mut Words) {
    let lists = &*LISTS;
    let capitals = words.places.iter().filter(|word| word.capitals).count();
    let shouted = capitals * 2 > words.places.len().max(4);
    let (mut before, mut hash_before) = ("", 0);
    for (word, hash) in words.places.iter_mut().zip(&words.hashes) {
        let text = &words.letters[word.letters.clone()];
        let numeral = (word.capitals || word.class == Class::Name) && is_roman(text);
        let announces = |(hash, word): &(u64, String)| *hash == hash_before && word == before;
        let spelled = lists.before_spelled.iter().any(announces) && lists.spelled.contains(text);
        if word.class == Class::Quantity || numeral || spelled {
            let dated = text.contains('/') || figures::is_clock(text);
            let marked = dated || numeral || spelled || lists.markers.contains(before);
            word.class = if marked { Class::Mark } else { Class::Quantity };
            word.series = lists.series.contains(before);
        } else if shouted {
            // A headline in capitals has names nowhere and everywhere.
            word.class = Class::Common;
        }
        (before, hash_before) = (text, *hash);
    }
}

fn is_roman(text: &str) -> bool {
    !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'))
}
