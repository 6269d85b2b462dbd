//! Days: numeric, by month name, in Vietnamese and East Asian wording, relative.

use super::grammar::{Day, Line};
use super::lex::{Kind, Unit};
use super::words;

impl Line<'_> {
    /// A day at a token.
    pub fn day_at(&self, at: usize) -> Option<(Day, usize)> {
        match self.kind(at) {
            Kind::RelativeDay(days) => Some((Day::Relative(days), at + 1)),
            Kind::Now => Some((Day::Now, at + 1)),
            Kind::AgoBefore => self.ago_after(at + 1),
            Kind::Month(_) | Kind::Unit(Unit::Month) => self.month_first(at),
            Kind::Number(_, 4) if self.starts_here(at) => self.year_first(at).or_else(|| self.ago_before(at)),
            Kind::Number(_, 1 | 2) if self.starts_here(at) => {
                self.day_first(at).or_else(|| self.numeric(at)).or_else(|| self.ago_before(at))
            }
            Kind::Number(..) | Kind::One | Kind::Filler | Kind::Unit(_) => self.ago_before(at),
            _ => None,
        }
    }

    /// Whether the number here is not the tail of a longer one ("217/03", "192.168").
    fn starts_here(&self, at: usize) -> bool {
        let joined = self.glued(at)
            && matches!(
                self.kind(at.wrapping_sub(1)),
                Kind::Mark('/' | '-' | '.' | '+' | '_' | '#' | '$' | '€' | '=')
            )
            && self.glued(at - 1);
        // "16:55-03/07/2024" is a time and a date.
        let clock_before =
            at >= 3 && self.kind(at - 1) == Kind::Mark('-') && self.kind(at - 3) == Kind::Mark(':');
        let number_before =
            at >= 2 && !clock_before && matches!(self.kind(at - 2), Kind::Number(..) | Kind::Word);
        !(joined && number_before)
    }

    /// Whether the number before `at` goes on ("1.2.3.4", "03/07/2024/5").
    fn goes_on(&self, at: usize, mark: char) -> bool {
        self.kind(at) == Kind::Mark(mark)
            && self.glued(at)
            && self.glued(at + 1)
            && matches!(self.kind(at + 1), Kind::Number(..))
    }

    fn day_number(&self, at: usize) -> Option<i8> {
        self.number(at, 1..=2).filter(|day| (1..=31).contains(day)).and_then(|day| i8::try_from(day).ok())
    }

    fn month_number(&self, at: usize) -> Option<i8> {
        self.number(at, 1..=2)
            .filter(|month| (1..=12).contains(month))
            .and_then(|month| i8::try_from(month).ok())
    }

    fn year(&self, at: usize) -> Option<(u64, bool, usize)> {
        if self.kind(at) == Kind::Mark('\'')
            && let Some(year) = self.number(at + 1, 2..=2)
        {
            return Some((year, true, at + 2));
        }
        if let Some(year) = self.number(at, 4..=4).filter(|year| (1000..3000).contains(year)) {
            return Some((year, false, at + 1));
        }
        let year = self.number(at, 2..=2)?;
        // "3 July 16:55": the number is an hour.
        let is_clock =
            matches!(self.kind(at + 1), Kind::Mark(':')) || self.kind(at + 1) == Kind::Unit(Unit::Hour);
        (!is_clock).then_some((year, true, at + 1))
    }

    /// A month by name, or as Vietnamese numbers it: "July", "tháng 7", "thg 7", "Th7".
    fn month(&self, at: usize) -> Option<(i8, usize)> {
        match self.kind(at) {
            Kind::Month(month) => {
                let stop = self.kind(at + 1) == Kind::Mark('.') && self.glued(at + 1);
                Some((month, at + 1 + usize::from(stop)))
            }
            // Spanish and Italian for August.
            Kind::AgoAfter if self.written(at).eq_ignore_ascii_case("ago") => Some((8, at + 1)),
            Kind::Unit(Unit::Month) | Kind::Th => self.month_number(at + 1).map(|month| (month, at + 2)),
            _ => None,
        }
    }

    /// Steps over what joins the parts of a worded date: "of", "de", ",", "-", ".", "/", ordinal endings, "năm".
    fn joint(&self, mut at: usize, max: usize) -> usize {
        for _ in 0..max {
            match self.kind(at) {
                Kind::Filler | Kind::Ordinal | Kind::Unit(Unit::Year) => at += 1,
                Kind::Th if self.glued(at) => at += 1,
                Kind::Mark(',' | '-' | '.' | '/' | ')') => at += 1,
                _ => break,
            }
        }
        at
    }

    /// "3 July 2024", "3. Juli 2024", "ngày 3 tháng 7 năm 2024", "1er juillet 2024", "03-Jul-24".
    fn day_first(&self, at: usize) -> Option<(Day, usize)> {
        let day = self.day_number(at)?;
        let next = self.kind(at + 1);
        // "03Th7" has no space, "3th" no month: only the ending of an ordinal is glued and followed by a month.
        let at_month = if matches!(next, Kind::Th) && self.month(at + 1).is_some() && !self.glued(at + 1) {
            at + 1
        } else {
            self.joint(at + 1, 3)
        };
        let (month, end) = self.month(at_month)?;
        let (year, short_year, end) = self.year(self.joint(end, 3))?;
        let end = if self.kind(end) == Kind::Unit(Unit::Year) { end + 1 } else { end };
        Some((Day::Civil { year, short_year, month, day, swappable: false }, end))
    }

    /// "July 3, 2024", "Jul 3rd 2024", "Tháng Bảy 3, 2024", and with the year behind the time as C's `asctime` has it.
    fn month_first(&self, at: usize) -> Option<(Day, usize)> {
        let (month, end) = self.month(at)?;
        let at_day = self.joint(end, 2);
        let day = self.day_number(at_day)?;
        let end = self.joint(at_day + 1, 3);
        let (year, short_year, end) = self.year(end)?;
        if short_year && self.kind(end) == Kind::Mark(':') {
            return None;
        }
        Some((Day::Civil { year, short_year, month, day, swappable: false }, end))
    }

    /// "2024-07-03", "2024/7/3", "2024.07.03", "2024年7月3日", "2024년 7월 3일", "2024 July 3".
    fn year_first(&self, at: usize) -> Option<(Day, usize)> {
        let year = self.number(at, 4..=4).filter(|year| (1000..3000).contains(year))?;
        let civil = |month, day| Day::Civil { year, short_year: false, month, day, swappable: false };
        if self.kind(at + 1) == Kind::Unit(Unit::Year) {
            let month = self.month_number(at + 2)?;
            let day = self.day_number(at + 4)?;
            let marked =
                self.kind(at + 3) == Kind::Unit(Unit::Month) && self.kind(at + 5) == Kind::Unit(Unit::Day);
            return marked.then_some((civil(month, day), at + 6));
        }
        let after = self.joint(at + 1, 1);
        if let Some((month, end)) = self.month(after) {
            let at_day = self.joint(end, 1);
            return Some((civil(month, self.day_number(at_day)?), at_day + 1));
        }
        let Kind::Mark(mark @ ('-' | '/' | '.')) = self.kind(at + 1) else { return None };
        let month = self.month_number(at + 2)?;
        let day = self.day_number(at + 4)?;
        let ends = self.kind(at + 3) == Kind::Mark(mark) && !self.goes_on(at + 5, mark);
        let end = if self.kind(at + 5) == Kind::Mark('.') && mark == '.' { at + 6 } else { at + 5 };
        ends.then_some((civil(month, day), end))
    }

    /// "03/07/2024", "3-7-2024", "03.07.24": day first unless it cannot be.
    fn numeric(&self, at: usize) -> Option<(Day, usize)> {
        let Kind::Mark(mark @ ('/' | '-' | '.')) = self.kind(at + 1) else { return None };
        let (first, second) = (self.day_number(at)?, self.day_number(at + 2)?);
        if self.kind(at + 3) != Kind::Mark(mark) {
            return self.worded_year(at, first, second);
        }
        let (year, short_year, end) = self.year(at + 4)?;
        if self.goes_on(end, mark) || (short_year && !self.is_short_date(at)) {
            return None;
        }
        self.ordered(first, second, year, short_year).map(|day| (day, end))
    }

    /// "3/7 năm 2024".
    fn worded_year(&self, at: usize, first: i8, second: i8) -> Option<(Day, usize)> {
        let (year, short_year, end) = self.year(at + 4)?;
        let worded = self.kind(at + 3) == Kind::Unit(Unit::Year) && !short_year;
        if worded { self.ordered(first, second, year, short_year).map(|day| (day, end)) } else { None }
    }

    fn ordered(&self, first: i8, second: i8, year: u64, short_year: bool) -> Option<Day> {
        let civil = |month, day, swappable| Day::Civil { year, short_year, month, day, swappable };
        match (first, second) {
            (day, month @ ..=12) => Some(civil(month, day, day <= 12 && day != month)),
            (month @ ..=12, day) => Some(civil(month, day, false)),
            _ => None,
        }
    }

    /// With a year of two digits only full or slashed forms are dates: "1.2.24" may be a version, "02-03-04" a number.
    fn is_short_date(&self, at: usize) -> bool {
        let full = self.number(at, 2..=2).is_some() && self.number(at + 2, 2..=2).is_some();
        let glued = (1..5).all(|step| self.glued(at + step));
        glued && (full || self.kind(at + 1) == Kind::Mark('/'))
    }

    /// "2 giờ trước", "an hour ago", "3天前", "vài phút trước".
    fn ago_before(&self, at: usize) -> Option<(Day, usize)> {
        let (count, unit, end) = self.counted(at)?;
        (self.kind(end) == Kind::AgoAfter).then_some((Day::Ago(count, unit), end + 1))
    }

    /// "vor 2 Stunden", "il y a une heure", "hace 3 días".
    fn ago_after(&self, at: usize) -> Option<(Day, usize)> {
        let (count, unit, end) = self.counted(at)?;
        Some((Day::Ago(count, unit), end))
    }

    fn counted(&self, at: usize) -> Option<(u64, Unit, usize)> {
        let count = match self.kind(at) {
            Kind::Number(value, 1..=3) => value,
            Kind::One => 1,
            Kind::Filler | Kind::Unit(_) if words::is_one(&self.written(at).to_lowercase()) => 1,
            _ => return None,
        };
        match self.kind(at + 1) {
            Kind::Unit(unit) => Some((count, unit, at + 2)),
            _ => None,
        }
    }
}
