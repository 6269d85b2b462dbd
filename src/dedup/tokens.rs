//! Text → words, folded for comparing, each with what it means to two texts that look alike.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{figures, fold, sketch};

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

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Lower case; the tone mark stands at the end, so that uỷ = ủy; dashes and digits in one form.
    pub(super) text: String,
    /// Its hash, the same on every machine and for ever.
    pub(super) hash: u64,
    /// What a difference in it means.
    pub(super) class: Class,
    /// Written in capitals only, two letters or more: "UBND".
    pub(super) capitals: bool,
    /// What stands before: a word that makes a number one of a series, "kỳ" 2.
    pub(super) series: bool,
}

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
    /// Asked for every word, and so few that comparing is quicker than hashing.
    before_spelled: Vec<String>,
    spelled: HashSet<String>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let folded = |list: &str| read(list).into_iter().map(|token| token.text);
    Lists {
        markers: folded(MARKERS).collect(),
        series: folded(SERIES).collect(),
        before_spelled: folded(BEFORE_SPELLED).collect(),
        spelled: folded(SPELLED).collect(),
    }
});

/// The words of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = figures::merged(read(text));
    classify(&mut tokens);
    for token in &mut tokens {
        token.hash = sketch::hash(0, std::iter::once(token.text.as_bytes()));
    }
    tokens
}

fn read(text: &str) -> Vec<Token> {
    let mut reader = Reader::default();
    let apart = fold::apart(text);
    let mut letters = apart.chars().peekable();
    while let Some(letter) = letters.next() {
        reader.take(letter, letters.peek().copied());
    }
    reader.end_word();
    reader.tokens
}

#[derive(Default)]
struct Reader {
    tokens: Vec<Token>,
    word: String,
    tones: String,
    letters: usize,
    upper: usize,
    first_upper: bool,
    digits: bool,
    /// A sentence has begun and no word of it was read.
    inside: bool,
}

impl Reader {
    fn take(&mut self, letter: char, next: Option<char>) {
        if fold::is_tone(letter) {
            self.tones.push(letter);
        } else if fold::is_mark(letter) {
            self.word.push(letter);
        } else if letter.is_alphanumeric() {
            self.add(letter);
        } else if self.joins(letter, next) {
            self.word.push(if is_dash(letter) { '-' } else { letter });
        } else {
            self.end_word();
            if matches!(letter, '.' | '!' | '?' | ':' | '…' | '\n' | '"' | '“' | '(' | '•' | ';') {
                self.inside = false;
            }
        }
    }

    fn add(&mut self, letter: char) {
        if letter.is_uppercase() {
            self.first_upper |= self.letters == 0;
            self.upper += 1;
        }
        self.digits |= letter.is_numeric();
        self.letters += 1;
        // Nearly every letter of a decomposed text is one of these.
        if letter.is_ascii() {
            self.word.push(letter.to_ascii_lowercase());
        } else {
            self.word.extend(letter.to_lowercase());
        }
    }

    /// Punctuation inside a number or a document's sign: 3,5 · 16:55 · 35-NQ/TW.
    fn joins(&self, letter: char, next: Option<char>) -> bool {
        let Some(next) = next else { return false };
        let joint = matches!(letter, '.' | ',' | '/' | ':') || is_dash(letter);
        let digits = if matches!(letter, '/') || is_dash(letter) {
            self.digits || next.is_numeric()
        } else {
            self.digits && next.is_numeric()
        };
        joint && !self.word.is_empty() && next.is_alphanumeric() && digits
    }

    fn end_word(&mut self) {
        if self.letters > 0 {
            let word = std::mem::take(&mut self.word);
            if self.digits {
                self.end_number(&word);
            } else {
                self.push(word);
            }
            self.inside = true;
        }
        self.word.clear();
        self.tones.clear();
        (self.letters, self.upper, self.first_upper, self.digits) = (0, 0, false, false);
    }

    /// "2024-2025" is two years, as "2024 – 2025" is.
    fn end_number(&mut self, word: &str) {
        let years = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        if word.contains('-') && word.split('-').all(years) {
            for year in word.split('-') {
                self.push(year.to_owned());
            }
        } else {
            self.push(figures::plain(word));
        }
    }

    fn push(&mut self, mut text: String) {
        text.push_str(&self.tones);
        let capitals = self.upper >= 2 && self.upper == self.letters;
        let class = match (self.digits, self.first_upper && (self.inside || capitals)) {
            (true, _) => Class::Quantity,
            (false, true) => Class::Name,
            (false, false) => Class::Common,
        };
        self.tokens.push(Token { text, hash: 0, class, capitals, series: false });
    }
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}')
}

/// Tells numbers that mark an issue from amounts, and capitals that are numerals from names.
fn classify(tokens: &mut [Token]) {
    let shouted = tokens.iter().filter(|token| token.capitals).count() * 2 > tokens.len().max(4);
    for place in 0..tokens.len() {
        let (done, rest) = tokens.split_at_mut(place);
        let token = &mut rest[0];
        let before = done.last().map_or("", |token| token.text.as_str());
        let numeral = (token.capitals || token.class == Class::Name) && is_roman(&token.text);
        let is_announced = LISTS.before_spelled.iter().any(|word| word == before);
        let spelled = is_announced && LISTS.spelled.contains(&token.text);
        if token.class == Class::Quantity || numeral || spelled {
            let dated = token.text.contains('/') || figures::is_clock(&token.text);
            let marked = dated || numeral || spelled || LISTS.markers.contains(before);
            token.class = if marked { Class::Mark } else { Class::Quantity };
            token.series = LISTS.series.contains(before);
        } else if shouted {
            // A headline in capitals has names nowhere and everywhere.
            token.class = Class::Common;
        }
    }
}

fn is_roman(text: &str) -> bool {
    !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'))
}
