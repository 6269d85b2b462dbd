//! Tokens → what a date says: day, clock time, zone, weekday, each as written and not yet placed in time.

use jiff::civil::Weekday;

use super::lex::{self, Kind, Token, Unit};
use super::words;

/// A day as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Day {
    /// Year, month, day; whether the order of day and month is a guess that a weekday may correct.
    Civil { year: u64, short_year: bool, month: i8, day: i8, swappable: bool },
    /// Days from today.
    Relative(i8),
    /// So many units before the fetch.
    Ago(u64, Unit),
    /// The moment of the fetch.
    Now,
}

/// A clock time as written, 24 hours; 24:00:00 is allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clock {
    pub hour: i8,
    pub minute: i8,
    pub second: i8,
    pub nanosecond: i32,
}

/// An offset as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Offset {
    /// Seconds east of Greenwich.
    Fixed(i32),
    /// Index for [`words::season`].
    Season(usize),
}

/// A date as written: all that the text says of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct WrittenDate {
    pub day: Day,
    pub clock: Option<Clock>,
    pub offset: Option<Offset>,
    pub weekday: Option<Weekday>,
    /// Bytes from … to.
    pub span: (usize, usize),
}

/// Tokens with the text they came from.
pub(super) struct Line<'t> {
    pub text: &'t str,
    pub tokens: Vec<Token>,
}

impl<'t> Line<'t> {
    /// Takes a text apart.
    pub fn new(text: &'t str) -> Self {
        Self { text, tokens: lex::tokens(text) }
    }
}

impl Line<'_> {
    /// The kind at a place; behind the end a mark that no text has.
    pub fn kind(&self, at: usize) -> Kind {
        self.tokens.get(at).map_or(Kind::Mark('\0'), |token| token.kind)
    }

    /// The token at a place as it is written.
    pub fn written(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &self.text[token.start..token.end])
    }

    /// Whether the token at a place follows without a space.
    pub fn glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.glued)
    }

    /// The number at a place if it has so many digits.
    pub fn number(&self, at: usize, digits: std::ops::RangeInclusive<u8>) -> Option<u64> {
        match self.kind(at) {
            Kind::Number(value, count) if digits.contains(&count) => Some(value),
            _ => None,
        }
    }

    /// The number of one or two digits at a place if it is no greater than `max`.
    pub fn small(&self, at: usize, max: u64) -> Option<i8> {
        self.number(at, 1..=2).filter(|value| *value <= max).and_then(|value| i8::try_from(value).ok())
    }

    /// The first place from `at` on, or the one `max` places behind it, that holds nothing unwanted.
    fn skip(&self, mut at: usize, max: usize, unwanted: impl Fn(Kind) -> bool) -> usize {
        for _ in 0..max {
            if !unwanted(self.kind(at)) {
                break;
            }
            at += 1;
        }
        at
    }

    /// Reads the date that begins at a token, in either order of day and time.
    pub fn date_at(&self, at: usize) -> Option<WrittenDate> {
        if let Some(written_date) = self.asctime_at(at) {
            return Some(written_date);
        }
        match self.clock_at(at) {
            Some((clock, after)) => self.time_first(at, clock, after),
            None => self.day_then_time(at),
        }
    }

    /// "16:55, 03/07/2024": the clock time stands at `at` and ends before `after`.
    fn time_first(&self, at: usize, clock: Clock, after: usize) -> Option<WrittenDate> {
        let (offset, after) = self.offset_at(after, false);
        let (gap, weekday) = self.gap(after);
        let (day, end) = self.day_at(gap)?;
        if !matches!(day, Day::Civil { .. } | Day::Relative(_)) {
            return None;
        }
        let (offset, end) = if offset.is_none() { self.offset_at(end, false) } else { (offset, end) };
        let weekday = weekday.or_else(|| self.weekday_before(at)).or_else(|| self.weekday_after(end));
        Some(WrittenDate { day, clock: Some(clock), offset, weekday, span: self.span(at, end) })
    }

    /// "03/07/2024 16:55", "2024-07-03T16:55+07:00", or a day alone.
    fn day_then_time(&self, at: usize) -> Option<WrittenDate> {
        let (day, end) = self.day_at(at)?;
        let day_alone =
            |weekday| Some(WrittenDate { day, clock: None, offset: None, weekday, span: self.span(at, end) });
        if !matches!(day, Day::Civil { .. } | Day::Relative(_)) {
            return day_alone(None);
        }
        let iso = matches!(self.kind(end), Kind::T) && self.glued(end);
        let (gap, weekday) = if iso { (end + 1, None) } else { self.gap(end) };
        let weekday = self.weekday_before(at).or(weekday).or_else(|| self.weekday_after(end));
        let Some((clock, after)) = self.clock_after(gap) else { return day_alone(weekday) };
        let (offset, end) = self.offset_at(after, iso);
        Some(WrittenDate { day, clock: Some(clock), offset, weekday, span: self.span(at, end) })
    }

    /// "Jul  3 16:55:00 ICT 2024": C's `asctime` and Java's `Date` put the time between day and year.
    fn asctime_at(&self, at: usize) -> Option<WrittenDate> {
        let Kind::Month(month) = self.kind(at) else { return None };
        let day = self.small(at + 1, 31)?;
        let (clock, end) = self.clock_at(at + 2)?;
        let (offset, end) = self.offset_at(end, false);
        let year = self.number(end, 4..=4)?;
        let day = Day::Civil { year, short_year: false, month, day, swappable: false };
        let span = self.span(at, end + 1);
        Some(WrittenDate { day, clock: Some(clock), offset, weekday: self.weekday_before(at), span })
    }

    /// The bytes of the tokens from `at` up to `end`.
    fn span(&self, at: usize, end: usize) -> (usize, usize) {
        let start = self.tokens[at].start;
        (start, end.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end))
    }

    /// What may stand between day and time: marks, "lúc", "ngày", a weekday.
    fn gap(&self, mut at: usize) -> (usize, Option<Weekday>) {
        let mut weekday = None;
        for _ in 0..6 {
            at = match self.kind(at) {
                Kind::Weekday(day) => {
                    weekday = Some(day);
                    at + 1
                }
                Kind::Mark('(') if self.bracketed(at).is_some() => {
                    weekday = self.bracketed(at);
                    at + 3
                }
                Kind::Mark(
                    ',' | '-' | '|' | '/' | '\'' | '•' | '·' | '(' | ')' | ':' | ';' | '.' | '@' | '⋅' | '>',
                ) => at + 1,
                Kind::Filler | Kind::Unit(Unit::Day) | Kind::DayPart(_) => at + 1,
                // German "am 3. Juli" after a time, where it is no half of the day.
                Kind::Meridiem(false) if matches!(self.kind(at + 1), Kind::Number(..)) => at + 1,
                _ => match self.short_weekday(at) {
                    Some((day, next)) => {
                        weekday = Some(day);
                        next
                    }
                    None => break,
                },
            };
        }
        (at, weekday)
    }

    /// "T4", "th 4": Vietnamese weekdays by number.
    fn short_weekday(&self, at: usize) -> Option<(Weekday, usize)> {
        if self.glued(at) && matches!(self.kind(at.wrapping_sub(1)), Kind::Number(..)) {
            return None;
        }
        let day = match self.kind(at) {
            Kind::T if self.glued(at + 1) => self.small(at + 1, 7)?,
            Kind::Th => self.small(at + 1, 7)?,
            _ => return None,
        };
        let index = usize::try_from(day - 2).ok()?;
        Some((words::WEEK[index], at + 2))
    }

    /// "(水)".
    fn bracketed(&self, at: usize) -> Option<Weekday> {
        let closed = self.kind(at) == Kind::Mark('(') && self.kind(at + 2) == Kind::Mark(')');
        if closed { words::letter_weekday(self.written(at + 1)) } else { None }
    }

    /// A weekday just before a place.
    fn weekday_before(&self, at: usize) -> Option<Weekday> {
        let mut left = at;
        for _ in 0..5 {
            left = left.checked_sub(1)?;
            match self.kind(left) {
                Kind::Weekday(day) => return Some(day),
                Kind::Mark(',' | '.' | '-' | '|' | '(' | ')' | '/' | ':')
                | Kind::Filler
                | Kind::Unit(Unit::Day) => {}
                Kind::Number(..) => {
                    return left
                        .checked_sub(1)
                        .and_then(|first| self.short_weekday(first))
                        .map(|(day, _)| day);
                }
                Kind::Meridiem(_) | Kind::Word => return self.german_weekday(left),
                _ => return None,
            }
        }
        None
    }

    fn german_weekday(&self, at: usize) -> Option<Weekday> {
        let stopped = matches!(self.kind(at + 1), Kind::Mark('.' | ','));
        if stopped { words::german_weekday(&self.written(at).to_lowercase()) } else { None }
    }

    /// A weekday behind a date: "2024年7月3日(水)", "03/07/2024 (Thứ Tư)".
    fn weekday_after(&self, at: usize) -> Option<Weekday> {
        if let Some(day) = self.bracketed(at) {
            return Some(day);
        }
        let at = self.skip(at, 2, |kind| matches!(kind, Kind::Mark('(' | ',' | '-')));
        match self.kind(at) {
            Kind::Weekday(day) => Some(day),
            _ => self.short_weekday(at).map(|(day, _)| day),
        }
    }

    /// A time behind a date: also "16.55", which alone would be a number.
    fn clock_after(&self, at: usize) -> Option<(Clock, usize)> {
        self.clock_at(at).or_else(|| {
            let (hour, minute) = (self.small(at, 23)?, self.small(at + 2, 59)?);
            let two = self.number(at + 2, 2..=2).is_some() && self.number(at, 2..=2).is_some();
            let joined = self.kind(at + 1) == Kind::Mark('.') && self.glued(at + 1) && self.glued(at + 2);
            let ends = !(self.kind(at + 3) == Kind::Mark('.') && self.glued(at + 4));
            (two && joined && ends).then_some((Clock { hour, minute, second: 0, nanosecond: 0 }, at + 3))
        })
    }
}
