//! Text → tokens: numbers, words that mean something in a date, punctuation.

use jiff::civil::Weekday;

use super::{phrases, words};
use crate::text;

/// A unit of time; also the mark after (or in Vietnamese before) a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// "giây".
    Second,
    /// "phút", "分".
    Minute,
    /// "giờ", "h", "Uhr", "时".
    Hour,
    /// "ngày", "日".
    Day,
    /// "tuần".
    Week,
    /// "tháng", "月".
    Month,
    /// "năm", "年".
    Year,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Digits: value and how many.
    Number(u64, u8),
    /// A month by name.
    Month(i8),
    /// A weekday by name.
    Weekday(Weekday),
    /// AM (false) or PM (true).
    Meridiem(bool),
    /// A part of the day: morning (false), afternoon or evening (true).
    DayPart(bool),
    /// A unit or mark.
    Unit(Unit),
    /// "ago" after the number.
    AgoAfter,
    /// "ago" before the number.
    AgoBefore,
    /// Today (0), yesterday (-1) …
    RelativeDay(i8),
    /// "vừa xong".
    Now,
    /// A number word for one.
    One,
    /// A zone by name, in seconds east of Greenwich.
    Zone(i32),
    /// A zone whose offset changes with the season: index for [`words::season`].
    Season(usize),
    /// Nothing ("of", "de", "lúc").
    Filler,
    /// An ending of an ordinal number.
    Ordinal,
    /// "th": an English ordinal's ending, or "thứ" or "tháng" cut short.
    Th,
    /// "t": ISO 8601's separator, or "thứ" cut short.
    T,
    /// A mark.
    Mark(char),
    /// Any other word.
    Word,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// What it is.
    pub kind: Kind,
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
    /// Whether it follows the token before it without a space.
    pub glued: bool,
    /// Whether it is written in capitals alone.
    pub capitals: bool,
}

/// More tokens than any line with a date in it has: what is longer is cut.
const MAX_TOKENS: usize = 96;

/// About as many tokens as a line with a date in it has.
const USUAL_TOKENS: usize = 16;

/// The decimal digit of a character, ASCII or full width (as Chinese and Japanese pages have it).
fn digit(c: char) -> Option<u64> {
    match c {
        '0'..='9' => Some(u64::from(c) - u64::from('0')),
        '０'..='９' => Some(u64::from(c) - u64::from('０')),
        _ => None,
    }
}

/// Whether a character is of a script that writes words without spaces between them.
fn is_eastern(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Whether a character continues a word.
fn is_letter(c: char) -> bool {
    (c.is_alphabetic() && !is_eastern(c)) || matches!(c, '\u{300}'..='\u{36f}' | 'º' | 'ª')
}

/// Takes a text apart.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { source, at: 0, spaced: true, out: Vec::with_capacity(USUAL_TOKENS) };
    while lexer.out.len() < MAX_TOKENS && lexer.step() {}
    lexer.out
}

struct Lexer<'t> {
    source: &'t str,
    at: usize,
    spaced: bool,
    out: Vec<Token>,
}

impl Lexer<'_> {
    fn step(&mut self) -> bool {
        let rest = &self.source[self.at..];
        let Some(c) = rest.chars().next() else { return false };
        if c.is_whitespace() || text::is_invisible(c) || matches!(c, '\u{200c}'..='\u{200f}') {
            self.at += c.len_utf8();
            self.spaced = true;
        } else if digit(c).is_some() {
            self.number();
        } else if is_letter(c) {
            self.word();
        } else if is_eastern(c) {
            self.eastern();
        } else {
            let mark = match c {
                '−' | '‐' | '‑' | '–' | '—' | '－' => '-',
                '：' => ':',
                '／' => '/',
                '，' => ',',
                '．' => '.',
                '（' => '(',
                '）' => ')',
                '’' | '‘' | '′' => '\'',
                '｜' => '|',
                c => c,
            };
            self.push(Kind::Mark(mark), c.len_utf8(), false);
        }
        true
    }

    fn push(&mut self, kind: Kind, length: usize, capitals: bool) {
        let (start, end) = (self.at, self.at + length);
        self.out.push(Token { kind, start, end, glued: !self.spaced, capitals });
        self.at = end;
        self.spaced = false;
    }

    fn number(&mut self) {
        let (mut value, mut digits, mut length) = (0u64, 0u8, 0);
        for c in self.source[self.at..].chars() {
            let Some(digit) = digit(c) else { break };
            value = value.saturating_mul(10).saturating_add(digit);
            digits = digits.saturating_add(1);
            length += c.len_utf8();
        }
        self.push(Kind::Number(value, digits), length, false);
    }

    fn word(&mut self) {
        let length = word_length(&self.source[self.at..]);
        let written = &self.source[self.at..self.at + length];
        let folded = text::strip_diacritics(written);
        if let Some((kind, length)) = self.phrase(&folded, length) {
            return self.push(kind, length, false);
        }
        if let Some(length) = self.dotted_meridiem(&folded, length) {
            return self.push(Kind::Meridiem(folded == "p"), length, false);
        }
        let capitals = !written.chars().any(char::is_lowercase);
        self.push(words::word(&folded).unwrap_or(Kind::Word), length, capitals);
    }

    /// The longest phrase that begins here, with its length in bytes.
    fn phrase(&self, first: &str, length: usize) -> Option<(Kind, usize)> {
        phrases::phrases(first).iter().find_map(|(others, kind)| {
            let mut end = self.at + length;
            for expected in others.split(' ') {
                let rest = self.source[end..].trim_start_matches(|c: char| c.is_whitespace() || c == '-');
                let start = self.source.len() - rest.len();
                let length = word_length(rest);
                if start == end || text::strip_diacritics(&rest[..length]) != expected {
                    return None;
                }
                end = start + length;
            }
            Some((*kind, end - self.at))
        })
    }

    /// The length of "a.m." and its sisters ("p. m.").
    fn dotted_meridiem(&self, first: &str, length: usize) -> Option<usize> {
        if first != "a" && first != "p" {
            return None;
        }
        let rest = self.source[self.at + length..].strip_prefix('.')?.trim_start();
        let rest = rest.strip_prefix(['m', 'M'])?;
        if rest.starts_with(is_letter) {
            return None;
        }
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        Some(self.source.len() - rest.len() - self.at)
    }

    fn eastern(&mut self) {
        let rest = &self.source[self.at..];
        let mut best = None;
        let mut end = 0;
        for c in rest.chars().take(4).take_while(|c| is_eastern(*c)) {
            end += c.len_utf8();
            if let Some(kind) = words::word(&rest[..end]) {
                best = Some((kind, end));
            }
        }
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let (kind, length) = best.unwrap_or((Kind::Word, first));
        self.push(kind, length, false);
    }
}

/// How many bytes the word at the start has; an apostrophe between letters belongs to it.
fn word_length(text: &str) -> usize {
    let mut length = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let joins =
            matches!(c, '\'' | '’') && length > 0 && chars.peek().is_some_and(|next| is_letter(*next));
        if !is_letter(c) && !joins {
            break;
        }
        length += c.len_utf8();
    }
    length
}
