//! Clock times and offsets.

use super::grammar::{Clock, Line, Offset};
use super::lex::{Kind, Unit};

impl Line<'_> {
    /// A clock time at a token: "16:55", "16h55", "8 giờ 30 phút", "4:55 PM", "16 Uhr", "下午4:55".
    pub fn clock_at(&self, at: usize) -> Option<(Clock, usize)> {
        if self.glued(at) && matches!(self.kind(at.wrapping_sub(1)), Kind::Mark(':' | '/')) {
            return None;
        }
        let (early, at) = match self.kind(at) {
            Kind::Meridiem(late) if matches!(self.kind(at + 1), Kind::Number(..)) => (Some(late), at + 1),
            _ => (None, at),
        };
        if let Some(found) = self.compact(at) {
            return Some(found);
        }
        let hour = self.number(at, 1..=2).filter(|hour| *hour <= 24)?;
        let (mut clock, mut end, whole) = self.digits_at(at, hour)?;
        let said = match self.kind(end) {
            Kind::Meridiem(late) => Some((late, end + 1)),
            Kind::DayPart(late) => Some((late, end + 1)),
            _ => None,
        };
        let late = match (said, early) {
            (Some((late, next)), _) => {
                end = next;
                Some(late)
            }
            (None, early) => early,
        };
        if !whole && late.is_none() {
            return None;
        }
        clock.hour = to_24(clock.hour, late);
        // A mark for minutes that some sites put behind the time: 16:55'
        if self.kind(end) == Kind::Mark('\'') {
            end += 1;
        }
        Some((clock, end))
    }

    /// The digits of a time, and whether they read as a time without AM or PM.
    fn digits_at(&self, at: usize, hour: u64) -> Option<(Clock, usize, bool)> {
        let hour = i8::try_from(hour).ok()?;
        let mut clock = Clock { hour, minute: 0, second: 0, nanosecond: 0 };
        match self.kind(at + 1) {
            Kind::Mark(':') if self.glued(at + 1) || self.glued(at + 2) => {
                clock.minute = self.minute(at + 2)?;
                let mut end = at + 3;
                if self.kind(end) == Kind::Mark(':')
                    && let Some(second) = self.second(end + 1)
                {
                    clock.second = second;
                    end += 2;
                    (clock.nanosecond, end) = self.fraction(end);
                }
                if self.kind(end) == Kind::Unit(Unit::Hour) {
                    end += 1;
                }
                Some((clock, end, true))
            }
            Kind::Mark('.') if self.glued(at + 1) && self.glued(at + 2) => {
                clock.minute = self.minute(at + 2)?;
                let marked = self.kind(at + 3) == Kind::Unit(Unit::Hour);
                let said = matches!(self.kind(at + 3), Kind::Meridiem(_));
                (marked || said).then_some((clock, at + if marked { 4 } else { 3 }, marked))
            }
            Kind::Unit(Unit::Hour) => self.after_hour_mark(clock, at + 2),
            Kind::Meridiem(_) => Some((clock, at + 1, false)),
            _ => None,
        }
    }

    /// What follows an hour mark: "30 phút", "55", "55分30秒", nothing. "2 giờ trước" is no time.
    fn after_hour_mark(&self, mut clock: Clock, mut end: usize) -> Option<(Clock, usize, bool)> {
        if self.kind(end) == Kind::AgoAfter {
            return None;
        }
        if let Some(minute) = self.minute(end)
            && !matches!(self.kind(end + 1), Kind::Mark('/' | '-' | '.') | Kind::Month(_))
        {
            clock.minute = minute;
            end += 1;
            if self.kind(end) == Kind::Unit(Unit::Minute) {
                end += 1;
            }
            if let Some(second) = self.second(end)
                && self.kind(end + 1) == Kind::Unit(Unit::Second)
            {
                clock.second = second;
                end += 2;
            }
        }
        Some((clock, end, true))
    }

    /// "T165500", "T1655", "T16": digits without marks, only behind a T.
    fn compact(&self, at: usize) -> Option<(Clock, usize)> {
        let behind_t = self.glued(at) && self.kind(at.wrapping_sub(1)) == Kind::T;
        let marked = self.kind(at + 1) == Kind::Mark(':');
        let Kind::Number(value, digits @ (2 | 4 | 6)) = self.kind(at) else { return None };
        if !behind_t || marked {
            return None;
        }
        let full = value * 10u64.pow(u32::from(6 - digits));
        let part = |value: u64, max: u64| i8::try_from(value).ok().filter(|_| value <= max);
        let (hour, minute) = (part(full / 10_000, 24)?, part(full / 100 % 100, 59)?);
        let second = part(full % 100, 60)?.min(59);
        Some((Clock { hour, minute, second, nanosecond: 0 }, at + 1))
    }

    fn minute(&self, at: usize) -> Option<i8> {
        self.small(at, 59)
    }

    /// A leap second is read as the second before it.
    fn second(&self, at: usize) -> Option<i8> {
        self.small(at, 60).map(|second| second.min(59))
    }

    /// A fraction of a second, to the nanosecond.
    fn fraction(&self, at: usize) -> (i32, usize) {
        if matches!(self.kind(at), Kind::Mark('.' | ','))
            && self.glued(at + 1)
            && let Kind::Number(value, digits @ 1..=9) = self.kind(at + 1)
        {
            let scaled = value * 10u64.pow(u32::from(9 - digits));
            return (i32::try_from(scaled).unwrap_or(0), at + 2);
        }
        match (self.kind(at), self.kind(at + 1)) {
            (Kind::Mark('.'), Kind::Number(..)) if self.glued(at + 1) => (0, at + 2),
            _ => (0, at),
        }
    }

    /// An offset at a token: "Z", "+07:00", "GMT+7", "(UTC+07:00)", "EST". In ISO forms a plus sign that a URL decoder
    /// turned into a space is read as one.
    pub fn offset_at(&self, at: usize, iso: bool) -> (Option<Offset>, usize) {
        let open = self.kind(at) == Kind::Mark('(');
        let from = if open || self.kind(at) == Kind::Mark(',') { at + 1 } else { at };
        let close = |end: usize| if open && self.kind(end) == Kind::Mark(')') { end + 1 } else { end };
        let named = self.tokens.get(from);
        match self.kind(from) {
            Kind::Zone(seconds) => {
                let capitals = named.is_some_and(|token| token.capitals);
                let international = ["utc", "gmt", "z"].contains(&self.written(from).to_lowercase().as_str());
                if !capitals && !international {
                    return (None, at);
                }
                match self.signed(from + 1, false) {
                    Some((offset, end)) if seconds == 0 => (Some(Offset::Fixed(offset)), close(end)),
                    _ => (Some(Offset::Fixed(seconds)), close(from + 1)),
                }
            }
            Kind::Season(index) if named.is_some_and(|token| token.capitals) => {
                (Some(Offset::Season(index)), close(from + 1))
            }
            Kind::Mark('+' | '-') => match self.signed(from, true) {
                Some((offset, end)) => (Some(Offset::Fixed(offset)), close(end)),
                None => (None, at),
            },
            Kind::Number(..) if iso && !self.glued(from) => match self.hours_minutes(from, true) {
                Some((offset, end)) => (Some(Offset::Fixed(offset)), end),
                None => (None, at),
            },
            _ => (None, at),
        }
    }

    /// "+07:00", "+0700", "+7". POSIX would read "GMT+7" the other way round; people and portals never do.
    fn signed(&self, at: usize, strict: bool) -> Option<(i32, usize)> {
        let sign = match self.kind(at) {
            Kind::Mark('+') => 1,
            Kind::Mark('-') => -1,
            _ => return None,
        };
        if !self.glued(at + 1) {
            return None;
        }
        let (offset, end) = self.hours_minutes(at + 1, strict)?;
        Some((sign * offset, end))
    }

    fn hours_minutes(&self, at: usize, strict: bool) -> Option<(i32, usize)> {
        let (hours, minutes, end) = match self.kind(at) {
            Kind::Number(value, 3 | 4) => (value / 100, value % 100, at + 1),
            Kind::Number(value, 1 | 2) => match (self.kind(at + 1), self.number(at + 2, 2..=2)) {
                (Kind::Mark(':'), Some(minutes)) if self.glued(at + 1) => (value, minutes, at + 3),
                // "16:55 -03/07/2024" is no offset.
                (Kind::Mark('/' | '-' | '.'), Some(_)) => return None,
                _ if strict && self.number(at, 2..=2).is_none() => return None,
                _ => (value, 0, at + 1),
            },
            _ => return None,
        };
        if hours > 15 || minutes > 59 {
            return None;
        }
        i32::try_from(hours * 3600 + minutes * 60).ok().map(|seconds| (seconds, end))
    }
}

fn to_24(hour: i8, late: Option<bool>) -> i8 {
    match late {
        Some(true) if (1..12).contains(&hour) => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    }
}
